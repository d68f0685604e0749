package trail

import (
	"math/rand/v2"
	"testing"
)

// TestContainerEndAgainstSlow compares the scanner that takes sixteen bytes at a
// time with one that takes them one by one, on texts made of all that matters
// to it and its neighbours in the code table.
func TestContainerEndAgainstSlow(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 9))
	const letters = `{}[]"\""|^~!#$%&z;<=@` + "\x00\x01\x7f\x80\xa2\xdc\xfb\xff\xdb\xdd"
	for range 200_000 {
		b := make([]byte, r.IntN(60))
		for i := range b {
			b[i] = letters[r.IntN(len(letters))]
			if r.IntN(3) == 0 {
				b[i] = 'a'
			}
		}
		if got, want := containerEnd(b, 0), slowContainerEnd(b, 0); got != want {
			t.Fatalf("%q: %d, want %d", b, got, want)
		}
	}
	deep := make([]byte, 0, 1200)
	for n := 505; n < 520; n++ {
		deep = deep[:0]
		for range n {
			deep = append(deep, '[')
		}
		for range n + 1 {
			deep = append(deep, ']')
		}
		if got, want := containerEnd(deep, 0), slowContainerEnd(deep, 0); got != want {
			t.Fatalf("%d deep: %d, want %d", n, got, want)
		}
	}
}
