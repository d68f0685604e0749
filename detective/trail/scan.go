package trail

import (
	"encoding/binary"
	"math/bits"
)

// The scanner checks what a record's boundaries depend on (strings, escapes,
// depth) and nothing more: a wrongly spelled number deep inside a parameter
// does not lose the record.

const (
	maxDepth = 512

	swarLow    = 0x0101010101010101
	swarHigh   = 0x8080808080808080
	swarLow7   = 0x7f * swarLow
	swarCase   = 0x20 * swarLow
	swarQuotes = 0x22 * swarLow
	swarSlash  = 0x5c * swarLow
)

// marks sets the high bit of each byte of x that is a quote or a backslash.
// The lowest one set is exact, borrows only disturb bytes above it; the other
// bits mean nothing.
func marks(x uint64) uint64 {
	return (((x ^ swarQuotes) - swarLow) | ((x ^ swarSlash) - swarLow)) ^ x
}

// stringEnd returns the index of the quote that closes the string whose first
// byte after the opening quote is b[i], or -1.
func stringEnd(b []byte, i int) int {
	for i >= 0 && i <= len(b)-8 {
		m := marks(binary.LittleEndian.Uint64(b[i:])) & swarHigh
		if m == 0 {
			i += 8
			continue
		}
		i += bits.TrailingZeros64(m) >> 3
		if b[i] == '"' {
			return i
		}
		i += 2 // a backslash and what it escapes
	}
	for i < len(b) {
		switch b[i] {
		case '"':
			return i
		case '\\':
			i++
		}
		i++
	}
	return -1
}

// containerEnd returns the index after the bracket that closes the container
// whose first byte after the opening bracket is b[i], or -1 when the input
// ends or nests too deep.
//
// It goes through sixteen bytes at a time and looks only at the words that hold
// a bracket or a backslash. Whether these are inside a string is told by the
// number of quotes before them, so that a string costs no branch.
func containerEnd(b []byte, i int) int {
	depth := 1
	var quotes uint64 // as many high bits, modulo two, as there were quotes
	for i >= 0 && i <= len(b)-16 {
		x, z := binary.LittleEndian.Uint64(b[i:]), binary.LittleEndian.Uint64(b[i+8:])
		y, w := brackets(x), brackets(z)
		q, r := (x^swarQuotes)+swarLow7, (z^swarQuotes)+swarLow7
		if (y|w|x|z)&swarHigh == 0 {
			// The high bits of all bytes but quotes: of eight, as many modulo
			// two as of the quotes.
			quotes ^= q ^ r
			i += 16
			continue
		}
		if (y|x)&swarHigh == 0 {
			quotes ^= q
			x, y, q = z, w, r
			i += 8
		}
		if x&swarHigh != 0 { // a byte above 0x7f has carried into the next
			q = (x^swarQuotes)&swarLow7 + swarLow7 | x
			y = brackets(x&swarLow7) &^ x
		}
		q = ^q & swarHigh // the high bit of each quote
		step := 8
		for y &= swarHigh; y != 0; y &= y - 1 {
			below := y&-y - 1
			n := bits.TrailingZeros64(y) >> 3
			inside := ((quotes^q&below)&swarHigh*swarLow)>>63 != 0
			c := b[i+n]
			if inside {
				if c == '\\' {
					// Go on behind what it escapes.
					q &= below
					step = n + 2
					break
				}
				continue
			}
			switch c | 0x20 {
			case '{':
				if depth++; depth > maxDepth {
					return -1
				}
			case '}':
				if depth--; depth == 0 {
					return i + n + 1
				}
			}
		}
		quotes ^= q
		i += step
	}
	inside := (quotes&swarHigh*swarLow)>>63 != 0
	for ; i < len(b); i++ {
		c := b[i]
		switch {
		case c == '"':
			inside = !inside
		case inside:
			if c == '\\' {
				i++
			}
		case c|0x20 == '{':
			if depth++; depth > maxDepth {
				return -1
			}
		case c|0x20 == '}':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return -1
}

// brackets sets the high bit of each byte of x, all below 0x80, that is a
// bracket or a backslash: with bit 5 set these are the bytes 0x7b to 0x7d.
func brackets(x uint64) uint64 {
	x |= swarCase
	return (x + (0x80-0x7b)*swarLow) ^ (x + (0x80-0x7e)*swarLow)
}

// valueEnd returns the index after the value that begins at b[i], or -1.
func valueEnd(b []byte, i int) int {
	if i >= len(b) {
		return -1
	}
	switch b[i] {
	case '"':
		if j := stringEnd(b, i+1); j >= 0 {
			return j + 1
		}
		return -1
	case '{', '[':
		return containerEnd(b, i+1)
	}
	return scalarEnd(b, i)
}

// scalarEnd returns the index after the number or word that begins at b[i],
// or -1.
func scalarEnd(b []byte, i int) int {
	j := i
	for j < len(b) && isScalar[b[j]] {
		j++
	}
	if j == i {
		return -1
	}
	return j
}

// isScalar holds the bytes that numbers, true, false and null are made of.
var isScalar = func() (t [256]bool) {
	for _, c := range []byte("+-.0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") {
		t[c] = true
	}
	return t
}()

// space returns the index of the first byte from b[i] that is no white space.
func space(b []byte, i int) int {
	if i < len(b) && b[i] > ' ' {
		return i
	}
	return spaces(b, i)
}

func spaces(b []byte, i int) int {
	for i < len(b) && (b[i] == ' ' || b[i] == '\n' || b[i] == '\r' || b[i] == '\t') {
		i++
	}
	return i
}

// member reads one member of an object from i, which may be at white space.
// It returns the spans of the key (without quotes) and of the value, and the
// index after the value and any comma. done is true at the closing brace, and
// next is then the index after it. ok is false when the text is no object.
func member(b []byte, i int) (key, val span, next int, done, ok bool) {
	if i = space(b, i); i >= len(b) {
		return
	}
	if b[i] == '}' {
		return key, val, i + 1, true, true
	}
	if b[i] != '"' {
		return
	}
	k := stringEnd(b, i+1)
	if k < 0 {
		return
	}
	key = span{uint32(i + 1), uint32(k)}
	if i = space(b, k+1); i >= len(b) || b[i] != ':' {
		return
	}
	i = space(b, i+1)
	j := valueEnd(b, i)
	if j < 0 {
		return
	}
	val = span{uint32(i), uint32(j)}
	if j+1 < len(b) && b[j] == ',' && b[j+1] == '"' {
		return key, val, j + 1, false, true
	}
	if j = space(b, j); j < len(b) && b[j] == ',' {
		// A comma must be followed by another member.
		if j = space(b, j+1); j >= len(b) || b[j] != '"' {
			return
		}
		return key, val, j, false, true
	}
	if j < len(b) && b[j] == '}' {
		return key, val, j, false, true
	}
	return
}

// span is a half-open range of a buffer; a zero end means absent.
type span struct{ off, end uint32 }
