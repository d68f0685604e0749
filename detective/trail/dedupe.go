package trail

import (
	"crypto/sha256"
	"encoding/hex"
	"hash/maphash"
	"time"
)

// Dedupe remembers which events were seen, in bounded memory. Trails deliver
// at least once, and two trails of an account deliver every event twice, so the
// key is the event id together with the account that received it. The zero
// value uses the defaults. It is not for concurrent use.
//
// Events without an id are never dropped. A record that is an addendum updates
// an earlier event under an id of its own and is not dropped either.
type Dedupe struct {
	Max    int           // entries kept; default 4 million, up to 43 bytes each
	Window time.Duration // of event time; default 36 h behind the newest event

	Evicted int64 // entries dropped because Max was reached: duplicates may pass
	Dropped int64 // events that had been seen

	seen   [2]*idSet // the older generation and the current one; nil before the first event
	seed   maphash.Seed
	newest int64
	start  int64
}

// Seen reports whether the event was seen before, and remembers it.
func (d *Dedupe) Seen(e *Event) bool {
	id := e.at(hEventID)
	if id.Kind() != KindString || len(id.raw) <= 2 {
		return false
	}
	limit, window := d.Max, d.Window
	if limit <= 0 {
		limit = 4 << 20
	}
	if window <= 0 {
		window = 36 * time.Hour
	}
	t := e.Time().Unix()
	if d.seen[1] == nil {
		d.begin(t)
	}
	key := dedupeKey(id.raw, e.at(hRecipient).raw)
	hash := maphash.Bytes(d.seed, key[:])
	for _, g := range d.seen {
		if g.has(&key, hash) {
			d.Dropped++
			return true
		}
	}
	// Two generations make a sliding window of event time without a queue:
	// each lives for the window or for half of the entries.
	if t > d.newest {
		d.newest = t
	}
	full := d.seen[1].n >= max(limit/2, 1)
	if full || d.newest-d.start > int64(window/time.Second) {
		if full {
			d.Evicted += int64(d.seen[0].n)
		}
		d.seen[0], d.seen[1] = d.seen[1], &idSet{}
		d.start = d.newest
	}
	d.seen[1].add(&key, hash, d.seed)
	return false
}

func (d *Dedupe) begin(t int64) {
	d.seen, d.seed, d.start = [2]*idSet{{}, {}}, maphash.MakeSeed(), t
}

// Len is how many events are remembered.
func (d *Dedupe) Len() int {
	if d.seen[1] == nil {
		return 0
	}
	return d.seen[0].n + d.seen[1].n
}

// dedupeKey packs a GUID into its sixteen bytes, mixed with the account;
// anything else is hashed.
func dedupeKey(id, account []byte) (key [16]byte) {
	var g [32]byte
	n := 0
	for _, c := range id[1 : len(id)-1] {
		if c == '-' {
			continue
		}
		if n == 32 {
			n = -1
			break
		}
		g[n] = c
		n++
	}
	if n == 32 {
		if _, err := hex.Decode(key[:], g[:]); err == nil {
			var a uint64
			for _, c := range account {
				if c >= '0' && c <= '9' {
					a = a*10 + uint64(c-'0')
				}
			}
			// The account changes the last eight bytes; a GUID keeps its
			// randomness in all of them.
			for i := range 8 {
				key[15-i] ^= byte(a >> (8 * i))
			}
			return key
		}
	}
	sum := sha256.Sum256(append(append([]byte{}, id...), account...))
	copy(key[:], sum[:])
	return key
}
