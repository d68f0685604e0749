package trail

import (
	"bytes"
	"hash/maphash"
	"slices"
)

// idSet is a set of keys of sixteen bytes. It takes less memory than a map and
// one look at memory for most keys that are not in it, as most events are new.
type idSet struct {
	slots [][16]byte // a power of two, a quarter of them free; those are zeros
	zero  bool       // the key that is all zeros is in the set
	n     int
}

// has reports whether the key is in the set; hash is any hash of it, the same
// one always.
func (s *idSet) has(key *[16]byte, hash uint64) bool {
	if *key == ([16]byte{}) {
		return s.zero
	}
	if len(s.slots) == 0 {
		return false
	}
	return *s.slot(key, hash) == *key
}

// slot is where the key is, or where it belongs.
func (s *idSet) slot(key *[16]byte, hash uint64) *[16]byte {
	for i := hash; ; i++ {
		at := &s.slots[i&uint64(len(s.slots)-1)]
		if *at == *key || *at == ([16]byte{}) {
			return at
		}
	}
}

// add puts a key that is not there into the set.
func (s *idSet) add(key *[16]byte, hash uint64, seed maphash.Seed) {
	s.n++
	if *key == ([16]byte{}) {
		s.zero = true
		return
	}
	if s.n*4 > len(s.slots)*3 {
		old := s.slots
		s.slots = make([][16]byte, max(64, 2*len(old)))
		for i := range old {
			if k := &old[i]; *k != ([16]byte{}) {
				*s.slot(k, maphash.Bytes(seed, k[:])) = *k
			}
		}
	}
	*s.slot(key, hash) = *key
}

// sorted are the keys in order.
func (s *idSet) sorted() [][16]byte {
	keys := make([][16]byte, 0, s.n)
	if s.zero {
		keys = append(keys, [16]byte{})
	}
	for _, k := range s.slots {
		if k != ([16]byte{}) {
			keys = append(keys, k)
		}
	}
	slices.SortFunc(keys, func(a, b [16]byte) int { return bytes.Compare(a[:], b[:]) })
	return keys
}
