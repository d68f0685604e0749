package inflate

import (
	"encoding/binary"
	"hash/crc32"
	"math/rand/v2"
	"slices"
)

// writer writes deflated data as a test wants it, also what no compressor would.
type writer struct {
	out  []byte
	rest uint64
	n    uint
	made []byte // what it inflates to
}

func (w *writer) bits(v, n uint) {
	w.rest |= uint64(v) << w.n
	for w.n += n; w.n >= 8; w.n -= 8 {
		w.out = append(w.out, byte(w.rest))
		w.rest >>= 8
	}
}

// file ends the data and makes a member of it.
func (w *writer) file() []byte {
	b := append([]byte{0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255}, w.out...)
	if w.n > 0 {
		b = append(b, byte(w.rest))
	}
	b = binary.LittleEndian.AppendUint32(b, crc32.ChecksumIEEE(w.made))
	return binary.LittleEndian.AppendUint32(b, uint32(len(w.made)))
}

// code is a Huffman code: the lengths of its symbols.
type code []uint8

// write writes a symbol.
func (c code) write(w *writer, sym int) {
	// The code of a symbol is how much room those before it take.
	var before uint
	for s, n := range c {
		if n > 0 && (n < c[sym] || n == c[sym] && s < sym) {
			before += 1 << (maxCode - n)
		}
	}
	n := uint(c[sym])
	w.bits(reverse(before>>(maxCode-n)&(1<<n-1), n), n)
}

func (c code) used() (syms []int) {
	for s, n := range c {
		if n > 0 {
			syms = append(syms, s)
		}
	}
	return syms
}

// randomCode is a complete code of some symbols out of size, those of must
// among them, that is no longer than most bits.
func randomCode(r *rand.Rand, size, count int, most uint8, must ...int) code {
	leaves := []uint8{0}
	deep := r.IntN(3)
	for len(leaves) < count {
		i := r.IntN(len(leaves))
		if deep > 0 {
			for k := range leaves { // prefer long codes
				if leaves[k] > leaves[i] && leaves[k] < most && r.IntN(deep) == 0 {
					i = k
				}
			}
		}
		if leaves[i] == most {
			if i = slices.IndexFunc(leaves, func(n uint8) bool { return n < most }); i < 0 {
				break
			}
		}
		leaves[i]++
		leaves = append(leaves, leaves[i])
	}
	if len(leaves) == 1 {
		leaves[0] = 1 // a single code
	}
	r.Shuffle(len(leaves), func(i, j int) { leaves[i], leaves[j] = leaves[j], leaves[i] })
	syms := slices.DeleteFunc(r.Perm(size), func(s int) bool { return slices.Contains(must, s) })
	c := make(code, size)
	for i, n := range leaves {
		if i < len(must) {
			c[must[i]] = n
		} else {
			c[syms[i-len(must)]] = n
		}
	}
	return c
}

// dynamic writes the header of a block with these codes. It says some of the
// lengths by repeating.
func (w *writer) dynamic(r *rand.Rand, final uint, lit, dist code) {
	lengths := randomCode(r, 19, 19, 7)
	w.bits(final, 1)
	w.bits(2, 2)
	w.bits(uint(len(lit)-257), 5)
	w.bits(uint(len(dist)-1), 5)
	w.bits(19-4, 4)
	for _, s := range order {
		w.bits(uint(lengths[s]), 3)
	}
	all := slices.Concat(lit, dist)
	for i := 0; i < len(all); {
		again := 1
		for i+again < len(all) && all[i+again] == all[i] && again < 138 {
			again++
		}
		again = 1 + r.IntN(again)
		switch {
		case all[i] == 0 && again >= 11:
			lengths.write(w, 18)
			w.bits(uint(again-11), 7)
		case all[i] == 0 && again >= 3:
			again = min(again, 10)
			lengths.write(w, 17)
			w.bits(uint(again-3), 3)
		case i > 0 && all[i-1] == all[i] && again >= 3:
			again = min(again, 6)
			lengths.write(w, 16)
			w.bits(uint(again-3), 2)
		default:
			again = 1
			lengths.write(w, int(all[i]))
		}
		i += again
	}
}

// match writes a match of any length and distance that these symbols can say,
// unless it would reach before the start.
func (w *writer) match(r *rand.Rand, lit, dist code, length, far int) bool {
	l, d := litEntries[length], distEntries[far]
	lx, dx := uint(r.Uint32())&(1<<(l&63)-1), uint(r.Uint32())&(1<<(d&63)-1)
	from := len(w.made) - int(d>>16) - int(dx)
	if from < 0 {
		return false
	}
	lit.write(w, length)
	w.bits(lx, uint(l&63))
	dist.write(w, far)
	w.bits(dx, uint(d&63))
	for range int(l>>16) + int(lx) {
		w.made = append(w.made, w.made[from])
		from++
	}
	return true
}

// block writes a block of random symbols in random codes.
func (w *writer) block(r *rand.Rand, final uint, symbols int) {
	literal := r.IntN(endSymbol)
	size := 257 + r.IntN(maxLit-257+1)
	lit := randomCode(r, size, 2+r.IntN(size-2), maxCode, endSymbol, literal)
	size = 1 + r.IntN(maxDist)
	dist := randomCode(r, size, 1+r.IntN(size), maxCode)
	if r.IntN(8) == 0 {
		clear(dist)
	}
	w.dynamic(r, final, lit, dist)
	syms, fars := lit.used(), dist.used()
	for range symbols {
		s := syms[r.IntN(len(syms))]
		if s > endSymbol && len(fars) > 0 && w.match(r, lit, dist, s, fars[r.IntN(len(fars))]) {
			continue
		}
		if s >= endSymbol {
			s = literal
		}
		lit.write(w, s)
		w.made = append(w.made, byte(s))
	}
	lit.write(w, endSymbol)
}
