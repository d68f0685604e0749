package rule

// group is the matches that agree in what a correlation groups by.
type group struct {
	key      string // packed texts
	hash     uint64
	due      place // in the calendar
	early    bool  // a window has been told of that is not closed yet
	poor     bool  // nothing can hold in it until there is more; it is looked at seldom
	gone     bool  // to be used again
	*matches       // nil for FirstSeen
	*sights        // only for FirstSeen
}

// matches are beside their group in memory, what a new one needs first.
type matches struct {
	base    []entry // those before off are forgotten
	off     int
	sorted  int       // how many are in order, so that arrival order is forgotten
	texts   int       // values of all entries
	grown   int       // matches since known was made
	heard   [8]uint64 // known ones by their last bits, to find most
	known   []uint64  // hashes of all values, and some that were, up to as many as matter; nil while there are few entries
	initial [1]entry
}

type sights struct {
	seen int64 // the last time that is settled
	runs []run
	idle place // in the calendar of what is remembered
}

func (gr *group) entries() []entry { return gr.base[gr.off:] }

func (gr *group) len() int { return len(gr.base) - gr.off }

// size is how many matches the group keeps.
func (gr *group) size() int {
	if gr.matches == nil {
		return len(gr.runs)
	}
	return gr.len()
}

// near is where a group was found last by the hash of its key.
type near struct {
	hash  uint64
	group *group
}

func (w *window) nearest(hash uint64) *near {
	if w.quiet != nil {
		return &w.quiet.bucket(hash).near // which was looked at already
	}
	if w.near == nil {
		w.near = make([]near, 1<<10)
	}
	return &w.near[hash&uint64(len(w.near)-1)]
}

// find finds the group of a key, nil when there is none.
func (w *window) find(key []byte, hash uint64) *group {
	n := w.nearest(hash)
	if gr := n.group; gr != nil && n.hash == hash && !gr.gone && gr.key == string(key) {
		return gr
	}
	gr := w.groups[string(key)]
	if gr != nil {
		*n = near{hash, gr}
	}
	return gr
}

// group makes a group.
func (w *window) group(key []byte, hash uint64) *group {
	if len(w.groups) >= w.g.opt.MaxGroups {
		w.evict()
	}
	var gr *group
	if n := len(w.free); n > 0 {
		gr, w.free = w.free[n-1], w.free[:n-1]
	} else if w.c.Kind == FirstSeen {
		both := &struct {
			group
			s sights
		}{}
		gr, both.sights = &both.group, &both.s
	} else {
		both := &struct {
			group
			m matches
		}{}
		gr, both.matches = &both.group, &both.m
		gr.base = gr.initial[:0]
	}
	gr.key, gr.hash, gr.gone = string(key), hash, false
	w.groups[gr.key] = gr
	if w.quiet != nil {
		w.quiet.bucket(hash).groups++
	}
	return gr
}

func (w *window) drop(gr *group) {
	delete(w.groups, gr.key)
	if w.quiet != nil {
		w.quiet.bucket(gr.hash).groups--
	}
	m, s := gr.matches, gr.sights
	if m != nil {
		w.reuse(gr)
		*m = matches{}
		m.base = m.initial[:0]
	} else {
		*s = sights{}
	}
	*gr = group{gone: true, matches: m, sights: s}
	if len(w.free) < 1<<14 {
		w.free = append(w.free, gr)
	}
}

// append adds a match, at first out of order.
func (w *window) append(gr *group, en entry) {
	gr.texts += en.values()
	w.lists = w.lists || en.hash == 0 && en.vals != ""
	if gr.known != nil {
		if gr.grown++; len(gr.known) < w.need {
			w.learn(gr, &en)
		}
	}
	if len(gr.base) == cap(gr.base) {
		w.grow(gr)
	}
	gr.base = append(gr.base, en)
	if gr.poor && !w.few(gr) {
		gr.poor = false
		w.expire(gr, w.closed)
		w.due.put(gr, w.closed)
	}
}

// forget drops the first n entries.
func (w *window) forget(gr *group, n int) {
	es := gr.entries()[:n]
	for i := range es {
		gr.texts -= es[i].values()
	}
	clear(es)
	gr.off += n
	gr.sorted = max(gr.sorted-n, 0)
	if gr.off*2 >= len(gr.base) {
		k := copy(gr.base, gr.base[gr.off:])
		clear(gr.base[k:])
		gr.base, gr.off = gr.base[:k], 0
	}
}

// expire drops the entries before a time.
func (w *window) expire(gr *group, t int64) {
	es, to, sorted := gr.entries(), 0, 0
	for i := range es {
		if es[i].at < t {
			gr.texts -= es[i].values()
			continue
		}
		if i < gr.sorted {
			sorted++
		}
		if to < i {
			es[to] = es[i]
		}
		to++
	}
	clear(es[to:])
	gr.base, gr.sorted = gr.base[:gr.off+to], sorted
}

// Slices of entries are used again by other groups. They hold 4, 8, 16 … entries;
// the largest of these sizes come and go with their groups.
const (
	sizes     = 10
	maxSpared = 2048 // entries of each size that are kept
)

func (w *window) grow(gr *group) {
	class := 0
	for 4<<class <= len(gr.base) {
		class++
	}
	var next []entry
	if class < sizes {
		if n := len(w.spare[class]); n > 0 {
			next = w.spare[class][n-1]
			w.spare[class] = w.spare[class][:n-1]
		}
	}
	if next == nil {
		next = make([]entry, 0, 4<<class)
	}
	next = append(next, gr.base...)
	w.reuse(gr)
	gr.base = next
}

// reuse keeps a group's slice for another.
func (w *window) reuse(gr *group) {
	b := gr.base
	clear(b)
	for class := range sizes {
		if cap(b) == 4<<class {
			if len(w.spare[class])<<(class+2) < maxSpared {
				w.spare[class] = append(w.spare[class], b[:0])
			}
			return
		}
	}
}
