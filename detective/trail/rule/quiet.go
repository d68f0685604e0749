package rule

import (
	"hash/maphash"
	"math"
	"slices"
)

// quiet holds the matches of groups that cannot have come to the threshold yet,
// which most never do. They stay in the order of arrival, where they cost
// little to keep and to forget; what tells that their groups are quiet are
// counts by time in a table of buckets, each for all keys of some hashes. When a
// bucket's counts reach the threshold its matches are woken: they move to their
// groups, where further ones follow them until none is left there.
type quiet struct {
	w       *window
	chunks  []*chunk
	base    uint64 // the number of the first item there is room for; 0 is none
	first   uint64 // items before it are forgotten
	next    uint64 // the number of the item to come
	live    int
	buckets []bucket
	spare   *chunk
}

type chunk [256]item

// item is a quiet match.
type item struct {
	at    int64
	note  *note  // nil once it was woken
	text  string // the key and the values
	prev  uint64 // the number of the one before it in its bucket
	hash  uint64 // of a single value
	rule  int32
	split int32 // where the values begin
}

func (it *item) key() string { return it.text[:it.split] }

func (it *item) entry() entry {
	en := entry{at: it.at, vals: it.text[it.split:], hash: it.hash, rule: it.rule}
	en.about(it.note)
	return en
}

// bucket counts matches, or values that Distinct has not counted in the same slot
// of time: a window lies in two slots, so that two neighbors bound what is in it.
type bucket struct {
	groups uint32 // of groups that are not quiet; while there are any matches go to them
	n      [slots]uint16
	newest int64  // slot
	last   uint64 // the number of its last item
	seen   [10]uint64
	near
}

const (
	slots      = 6
	mostQuiet  = 1 << 14 // the largest threshold, so that counts do not overflow
	mostWoken  = 1 << 12 // gaps, if there are not as many items as that
	minBuckets = 1 << 6
	maxBuckets = 1 << 16
)

func (q *quiet) bucket(hash uint64) *bucket {
	if q.buckets == nil {
		q.buckets = make([]bucket, minBuckets)
	}
	return &q.buckets[hash&uint64(len(q.buckets)-1)]
}

// add keeps a match, unless its group is awake or now to be woken: then it is
// false, and the match belongs in its group.
func (q *quiet) add(key []byte, where uint64, en entry, vals []byte) bool {
	b := q.bucket(where)
	if b.groups > 0 {
		return false
	}
	if !q.count(b, en.at, q.weight(en.hash, vals), en.hash) || q.live/8 >= q.w.g.opt.MaxGroups {
		q.wake(b)
		return false
	}
	g := q.w.g
	g.buf = append(append(g.buf[:0], key...), vals...)
	n, it := q.room()
	*it = item{
		at: en.at, note: en.note, text: g.keep(g.buf), prev: b.last,
		hash: en.hash, rule: en.rule, split: int32(len(key)),
	}
	b.last = n
	// Where the threshold is low few keys may share a bucket.
	if q.live++; q.live*4 > len(q.buckets)*min(q.w.need, 16) && len(q.buckets) < maxBuckets {
		q.spread(4 * len(q.buckets))
	} else if int(q.next-q.first) > 2*q.live+mostWoken {
		q.spread(len(q.buckets))
	}
	return true
}

func (q *quiet) item(n uint64) *item {
	return &q.chunks[(n-q.base)/uint64(len(chunk{}))][(n-q.base)%uint64(len(chunk{}))]
}

// room makes room for one more item.
func (q *quiet) room() (n uint64, it *item) {
	if q.base == 0 {
		q.base, q.first, q.next = 1, 1, 1
	}
	if int(q.next-q.base) == len(q.chunks)*len(chunk{}) {
		if q.spare == nil {
			q.spare = new(chunk)
		}
		q.chunks = append(q.chunks, q.spare)
		q.spare = nil
	}
	q.next++
	return q.next - 1, q.item(q.next - 1)
}

// weight is what a match adds to the number that must reach the threshold.
func (q *quiet) weight(hash uint64, vals []byte) int {
	if q.w.c.Kind == Count || hash != 0 {
		return 1
	}
	return count(vals)
}

// count counts a match of n values, or of the one value with a hash. It is true
// while no window with it can hold enough.
func (q *quiet) count(b *bucket, at int64, n int, hash uint64) bool {
	slot := at / int64(q.w.c.Within)
	switch {
	case slot > b.newest:
		for s := slot; s > b.newest && s > slot-slots; s-- {
			b.n[s%slots] = 0
		}
		b.newest = slot
	case slot <= b.newest-slots+1:
		return false // too late to tell
	}
	if hash != 0 && q.w.c.Kind == Distinct {
		// That the value was counted in this slot may have been forgotten, so
		// that it is counted once more; never too seldom.
		hash += uint64(slot) * 0x9e3779b97f4a7c15
		if s := &b.seen[(hash>>32)*uint64(len(b.seen))>>32]; *s == hash {
			n = 0
		} else {
			*s = hash
		}
	}
	i := slot % slots
	sum := int(b.n[i]) + n
	b.n[i] = uint16(min(sum, math.MaxUint16))
	most := sum + int(b.n[(i+slots-1)%slots])
	if slot < b.newest {
		most = max(most, sum+int(b.n[(i+1)%slots]))
	}
	return most < q.w.need
}

// wake moves a bucket's items to their groups.
func (q *quiet) wake(b *bucket) {
	n := uint64(0)
	for i := b.last; i >= q.first && i > 0; {
		it := q.item(i)
		i, it.prev, n = it.prev, n, i
	}
	b.n, b.seen, b.last = [slots]uint16{}, [10]uint64{}, 0
	// The links now lead the other way.
	for n != 0 {
		it := q.item(n)
		en, key := it.entry(), []byte(it.key())
		n, *it = it.prev, item{}
		q.live--
		q.w.insert(key, maphash.Bytes(q.w.g.seed, key), en)
	}
}

// forget drops the first items as far as they are before a time. One that came
// late stays until those before it go.
func (q *quiet) forget(t int64) {
	for ; q.first < q.next; q.first++ {
		it := q.item(q.first)
		if it.note != nil {
			if it.at >= t {
				break
			}
			q.live--
		}
		*it = item{}
	}
	for q.first-q.base >= uint64(len(chunk{})) {
		q.spare = q.chunks[0]
		q.chunks = slices.Delete(q.chunks, 0, 1)
		q.base += uint64(len(chunk{}))
	}
}

// spread makes so many buckets, more when many keys share each, and closes the
// gaps that items left which were woken.
func (q *quiet) spread(buckets int) {
	to := q.first
	for n := q.first; n < q.next; n++ {
		if it := q.item(n); it.note != nil {
			if to < n {
				*q.item(to), *it = *it, item{}
			}
			to++
		}
	}
	q.next = to
	q.chunks = slices.Delete(q.chunks, int((to-q.base+uint64(len(chunk{}))-1)/uint64(len(chunk{}))), len(q.chunks))
	q.buckets = make([]bucket, buckets)
	for _, gr := range q.w.groups {
		q.bucket(gr.hash).groups++
	}
	for n := q.first; n < q.next; n++ {
		it := q.item(n)
		b := q.bucket(maphash.String(q.w.g.seed, it.key()))
		// What it says was known: no more keys share the bucket than before.
		q.count(b, it.at, q.weight(it.hash, []byte(it.text[it.split:])), it.hash)
		it.prev, b.last = b.last, n
	}
}

// all are the items that are still of use, by the key of their group.
func (q *quiet) all() map[string][]entry {
	out := map[string][]entry{}
	for n := q.first; n < q.next; n++ {
		if it := q.item(n); it.note != nil && it.at >= q.w.closed {
			out[it.key()] = append(out[it.key()], it.entry())
		}
	}
	return out
}
