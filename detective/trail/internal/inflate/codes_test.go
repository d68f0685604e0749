package inflate

import (
	"math/rand/v2"
	"testing"
)

// TestMostSecondTables: as many prefixes as can be are longer than the root,
// one of them as long as a code may be; there is room for all their tables.
func TestMostSecondTables(t *testing.T) {
	var tab tables
	for _, k := range []struct {
		root          uint8
		symbols, size int
		table         []uint32
		entries       *[288]uint32
	}{{litRoot, maxLit, litSize, tab.lit[:], &litEntries}, {distRoot, maxDist, distSize, tab.dist[:], &distEntries}} {
		most := 0
		for seconds := 1; seconds < 1<<k.root; seconds++ {
			// One prefix has codes of all lengths, the others two of one bit more.
			var c code
			for n := k.root + 1; n < maxCode; n++ {
				c = append(c, n)
			}
			c = append(c, maxCode, maxCode)
			for range seconds - 1 {
				c = append(c, k.root+1, k.root+1)
			}
			for left, n := 1<<k.root-seconds, k.root; left > 0; left, n = left/2, n-1 {
				if left%2 == 1 {
					c = append(c, n)
				}
			}
			if len(c) > k.symbols {
				continue
			}
			most = seconds
			sub, ok := build(k.table, uint(k.root), c, k.entries)
			if !ok || sub != maxCode-uint(k.root) {
				t.Fatalf("root %d, %d second tables: %v, %d bits", k.root, seconds, ok, sub)
			}
		}
		if 1<<k.root+most<<(maxCode-k.root) > k.size || most < k.symbols/2-10 {
			t.Errorf("root %d: at most %d second tables", k.root, most)
		}
	}
}

// TestPairs: two literals whose codes are short are one entry, and each is the
// right one.
func TestPairs(t *testing.T) {
	var tab tables
	if !tab.set(plain(), code{1}) {
		t.Fatal("refused")
	}
	for _, text := range []string{"aa", "ab", "ba", "bb"} {
		var w writer
		plain().write(&w, int(text[0]))
		plain().write(&w, int(text[1]))
		e := tab.lit[w.rest]
		if e>>countAt&countMask != 2 || e&63 != 4 || e>>8&maxCode != 2 || string([]byte{byte(e >> 16), byte(e >> 24)}) != text {
			t.Errorf("%s: %x", text, e)
		}
	}
}

// TestLongestTurn: literals, a length and a distance that take all the bits
// that such can take, one after the other and at each place in a byte.
func TestLongestTurn(t *testing.T) {
	r := rand.New(rand.NewPCG(15, 16))
	lit, dist := make(code, maxLit), make(code, maxDist)
	for i := range 8 {
		lit['a'+i] = uint8(i + 1)
	}
	lit['x'], lit['y'], lit['z'] = litRoot, litRoot, litRoot
	for i := range 4 {
		lit['0'+i] = uint8(litRoot + 1 + i)
	}
	lit[endSymbol], lit[284] = maxCode, maxCode
	for i := range maxCode {
		dist[maxDist-2-i] = uint8(i + 1)
	}
	dist[maxDist-1] = maxCode
	var w writer
	w.dynamic(r, 1, lit, dist)
	for range 33_000 {
		s := 'a' + r.IntN(8)
		lit.write(&w, s)
		w.made = append(w.made, byte(s))
	}
	for range 1000 {
		for range r.IntN(6) {
			lit.write(&w, 'y')
			w.made = append(w.made, 'y')
		}
		if r.IntN(9) == 0 { // moves what follows within a byte
			lit.write(&w, 'a')
			w.made = append(w.made, 'a')
		}
		if !w.match(r, lit, dist, 284, maxDist-1) {
			t.Fatal("the distance reaches before the start")
		}
	}
	lit.write(&w, endSymbol)
	var c checker
	if got := c.same(t, w.file(), unlimited); got != "none" {
		t.Error(got)
	}
}

// TestRandomCodes inflates blocks with codes of all shapes, with long codes
// and single ones, and what remains when a bit of their headers is wrong.
func TestRandomCodes(t *testing.T) {
	var c checker
	r := rand.New(rand.NewPCG(7, 8))
	ends := map[string]int{}
	for range 200 {
		var w writer
		blocks := 1 + r.IntN(3)
		for i := range blocks {
			w.block(r, uint(1-min(1, blocks-1-i)), r.IntN(400))
		}
		src := w.file()
		if got := c.same(t, src, unlimited); got != "none" {
			t.Fatalf("%s: %s", show(src), got)
		}
		if got, _, err := c.d.member(nil, src, unlimited); err != nil || string(got) != string(w.made) {
			t.Fatalf("%s: %d bytes, want %d: %v", show(src), len(got), len(w.made), err)
		}
		for range 20 {
			bit := 8*10 + r.IntN(min(8*(len(src)-10), 1200))
			src[bit/8] ^= 1 << (bit % 8)
			ends[c.same(t, src, 1<<20)]++
			src[bit/8] ^= 1 << (bit % 8)
		}
		ends[c.same(t, src[:r.IntN(len(src))], unlimited)]++
	}
	if ends["corrupt"] < 500 {
		t.Errorf("the test says little: %v", ends)
	}
}
