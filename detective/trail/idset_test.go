package trail

import (
	"hash/maphash"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestIDSet compares the set with a map, with keys that differ in little, the one
// of zeros, and hashes that collide.
func TestIDSet(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for round := range 40 {
		seed := maphash.MakeSeed()
		hashOf := func(k [16]byte) uint64 { return maphash.Bytes(seed, k[:]) }
		s, want := &idSet{}, map[[16]byte]bool{}
		for range 2000 {
			var k [16]byte
			for range r.IntN(3) {
				k[r.IntN(16)] = byte(r.IntN(1 << (1 + round%8)))
			}
			if got := s.has(&k, hashOf(k)); got != want[k] {
				t.Fatalf("%x: %t", k, got)
			}
			if !want[k] {
				s.add(&k, hashOf(k), seed)
				want[k] = true
			}
			if s.n != len(want) {
				t.Fatalf("%d keys, not %d", s.n, len(want))
			}
		}
		keys := s.sorted()
		if len(keys) != len(want) || !slices.IsSortedFunc(keys, func(a, b [16]byte) int { return slices.Compare(a[:], b[:]) }) {
			t.Fatalf("%d of %d keys, or not in order", len(keys), len(want))
		}
		for _, k := range keys {
			if !want[k] {
				t.Fatalf("%x is not in the set", k)
			}
		}
	}
}

func BenchmarkDedupe(b *testing.B) {
	var d Dedupe
	var e Event
	text := []byte(rec(1))
	if err := e.Parse(text); err != nil {
		b.Fatal(err)
	}
	id := e.at(hEventID).raw
	for i := 0; b.Loop(); i++ {
		for k := range 8 {
			id[1+k] = "0123456789abcdef"[i>>(4*k)&15]
		}
		d.Seen(&e)
	}
}
