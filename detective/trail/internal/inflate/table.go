package inflate

import (
	"math/bits"
	"sync"
)

// The codes of RFC 1951, section 3.2.
const (
	maxCode   = 15  // bits of the longest code
	maxLit    = 286 // literals, end of block and lengths that may be sent
	maxDist   = 30  // distances that may be sent
	endSymbol = 256
)

// A table is looked up with the next root bits; codes longer than that lead to
// a second table, which all have the same size. A prefix of a complete code
// that is longer than root ends in two symbols or more, so there are at most
// half as many second tables as symbols.
const (
	litRoot  = 10
	distRoot = 8
	litSize  = 1<<litRoot + maxLit/2<<(maxCode-litRoot)
	distSize = 1<<distRoot + maxDist/2<<(maxCode-distRoot)
)

// An entry says at once what a code means and what it costs:
//
//	bits  0-5   the bits of the code and of the extra bits after it, for two
//	            literals the bits of both codes
//	bits  8-11  the bits of the code, for two literals of the first
//	bit  12     it is literals
//	bits 13-14  how many they are, or else the flags below
//	bit  15     it is odd: none of literal, length, distance
//	bits 16-31  the literals, the base of a length or distance, or where the
//	            second table begins
//
// An entry that no code leads to is odd and costs nothing.
const (
	literalAt = 12
	isLiteral = 1 << literalAt
	isEnd     = 1 << 13 // of the odd ones
	isSecond  = 1 << 14 // of the odd ones
	isOdd     = 1 << 15

	countAt    = 13 // of the literals
	countMask  = 3
	oneLiteral = isLiteral | 1<<countAt
	twoLiteral = isLiteral | 2<<countAt
)

type tables struct {
	lit     [litSize]uint32
	dist    [distSize]uint32
	litSub  uint // bits that index a second table
	distSub uint
	end     uint // bits of the end of block
}

// set makes both tables from the lengths of the codes. It refuses what is no
// complete code, but a single code of one bit and no code at all are allowed.
func (t *tables) set(lit, dist []uint8) bool {
	var ok bool
	if t.litSub, ok = build(t.lit[:], litRoot, lit, &litEntries); !ok {
		return false
	}
	pair((*[1 << litRoot]uint32)(t.lit[:]))
	t.distSub, ok = build(t.dist[:], distRoot, dist, &distEntries)
	t.end = uint(lit[endSymbol])
	return ok
}

// build fills a table. It returns the bits that index the second tables.
func build(table []uint32, root uint, lengths []uint8, entries *[288]uint32) (sub uint, ok bool) {
	var count [maxCode + 1]uint
	for _, n := range lengths {
		count[n&maxCode]++
	}
	longest := uint(maxCode)
	for longest > 0 && count[longest] == 0 {
		longest--
	}
	var next [maxCode + 1]uint
	code := uint(0)
	for n := uint(1); n <= longest; n++ {
		code <<= 1
		next[n] = code
		code += count[n]
	}
	if longest > 0 && code != 1<<longest && (longest != 1 || code != 1) {
		return 0, false
	}
	size := uint(1) << root
	if longest <= 1 && code != 2 {
		for i := range table[:size] {
			table[i] = isOdd
		}
	}
	end := size // of the second tables
	if longest > root {
		sub = longest - root
		for p := next[root+1] >> 1; p < size; p++ {
			at := reverse(p, root)
			table[at] = uint32(end<<16 | isOdd | isSecond)
			end += 1 << sub
		}
	}
	for sym, l := range lengths {
		n := uint(l)
		if n == 0 {
			continue
		}
		e := entries[sym] + uint32(n<<8|n)
		at := reverse(next[n], n)
		next[n]++
		if n <= root {
			for step := uint(1) << n; at < size; at += step {
				table[at] = e
			}
			continue
		}
		second := table[at&(size-1)] >> 16
		part := table[second:][:1<<sub]
		step := uint(1) << (n - root)
		for at >>= root; at < uint(len(part)); at += step {
			part[at] = e
		}
	}
	return sub, true
}

// pair makes one entry of two literals where the bits that look up the first
// are enough for the second too. It goes from the end, since what the second is
// looked up with is the smaller number. It has no branches: they would go
// either way at random.
func pair(root *[1 << litRoot]uint32) {
	for i := len(root) - 1; i >= 0; i-- {
		a := root[i]
		n := a & 63
		b := root[uint(i)>>n&(1<<litRoot-1)]
		both := n + b&63
		two := b<<8&0xff000000 | a&0xff0000 | twoLiteral | n<<8 | both
		// All ones where both are literals and fit.
		mask := uint32(int32((a&b)<<(31-literalAt)&^(litRoot-both)) >> 31)
		root[i] = a ^ (a^two)&mask
	}
}

// reverse turns n bits around: codes are sent from their first bit on.
func reverse(code, n uint) uint {
	return uint(bits.Reverse16(uint16(code)) >> (16 - n))
}

// The entries of symbols without the bits of their codes.
var (
	litEntries    = makeLitEntries()
	distEntries   = makeDistEntries()
	lengthEntries = makeLengthEntries()
)

func makeLitEntries() (es [288]uint32) {
	for i := range es {
		switch {
		case i < endSymbol:
			es[i] = oneLiteral | uint32(i)<<16
		case i == endSymbol:
			es[i] = isOdd | isEnd
		case i < 265:
			es[i] = uint32(i-257+3) << 16
		case i < 285:
			extra := uint(i-261) / 4
			es[i] = uint32(3+(4+(i-261)%4)<<extra)<<16 | uint32(extra)
		case i == 285:
			es[i] = 258 << 16
		default:
			es[i] = isOdd
		}
	}
	return es
}

func makeDistEntries() (es [288]uint32) {
	for i := range es {
		switch {
		case i < 4:
			es[i] = uint32(i+1) << 16
		case i < maxDist:
			extra := uint(i-2) / 2
			es[i] = uint32(1+(2+i%2)<<extra)<<16 | uint32(extra)
		default:
			es[i] = isOdd
		}
	}
	return es
}

func makeLengthEntries() (es [288]uint32) {
	for i := range es {
		es[i] = uint32(i) << 16
	}
	return es
}

// fixed are the tables of section 3.2.6.
var fixed = sync.OnceValue(func() *tables {
	var lit [288]uint8
	for i := range lit {
		switch {
		case i < 144:
			lit[i] = 8
		case i < 256:
			lit[i] = 9
		case i < 280:
			lit[i] = 7
		default:
			lit[i] = 8
		}
	}
	var dist [32]uint8
	for i := range dist {
		dist[i] = 5
	}
	t := new(tables)
	t.set(lit[:], dist[:]) // these are complete codes
	return t
})
