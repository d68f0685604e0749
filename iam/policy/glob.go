package policy

import (
	"math/bits"
	"strings"
	"unicode/utf8"
)

// glob reports whether s matches the whole pattern. The wildcards never take
// one of the colons among the first guard bytes of s: that is how the
// parts of an ARN are kept apart. Variables are looked up in ev, which may be
// nil for a pattern without any.
//
// Only the last star is ever tried again, so the time is at most the product
// of the length of s and of the longest piece between two stars. That is
// enough even with the guard: a piece that holds a colon fits in one place
// only, and one that holds none can move without passing a colon.
func glob(toks []token, s string, guard int, ev *evaluation) bool {
	ti, si := 0, 0
	starTok, starPos := -1, 0
	for {
		if ti == len(toks) {
			if si == len(s) {
				return true
			}
		} else {
			switch t := &toks[ti]; t.kind {
			case star:
				if ti++; ti == len(toks) {
					return si >= guard || strings.IndexByte(s[si:guard], ':') < 0
				}
				starTok, starPos = ti, si
				continue
			case question:
				if n := runeAt(s, si, guard); n > 0 {
					si += n
					ti++
					continue
				}
			default:
				if text := t.value(ev); strings.HasPrefix(s[si:], text) {
					si += len(text)
					ti++
					continue
				}
			}
		}
		if starTok < 0 {
			return false
		}
		// Let the star take one character more, or as many as are needed to
		// reach the next place where the literal after it occurs.
		n := runeAt(s, starPos, guard)
		if n == 0 {
			return false
		}
		next := starPos + n
		if t := &toks[starTok]; t.kind == literal {
			i := strings.Index(s[next:], t.text)
			if i < 0 || next < guard && strings.IndexByte(s[next:min(next+i, guard)], ':') >= 0 {
				return false
			}
			next += i
		}
		starPos, si, ti = next, next, starTok
	}
}

// runeAt returns the length of the character at s[i], 0 at the end and for a
// guarded colon.
func runeAt(s string, i, guard int) int {
	if i >= len(s) || s[i] == ':' && i < guard {
		return 0
	}
	if s[i] < utf8.RuneSelf {
		return 1
	}
	_, n := utf8.DecodeRuneInString(s[i:])
	return n
}

// value is the text a literal or variable stands for. The caller has made
// sure that the variable has one.
func (t *token) value(ev *evaluation) string {
	if t.kind == variable {
		if v, ok := ev.single(t.key); ok {
			return v
		}
	}
	return t.text
}

// globMixed is glob for patterns in which some wildcards may cross a colon and
// others may not. Trying the last star again is not enough there, so it keeps
// the set of all positions of s that the tokens so far can reach.
func globMixed(toks []token, s string, ev *evaluation) bool {
	var a, b [8]uint64
	words := len(s)/64 + 1
	now, next := a[:], b[:]
	if words > len(a) {
		now, next = make([]uint64, words), make([]uint64, words)
	}
	now[0] = 1
	for i := range toks {
		t := &toks[i]
		clear(next)
		text := ""
		if t.kind == literal || t.kind == variable {
			text = t.value(ev)
		}
		reached := -1 // end of the run the last star covers
		for w := range words {
			for set := now[w]; set != 0; set &= set - 1 {
				p := w*64 + bits.TrailingZeros64(set)
				switch t.kind {
				case literal, variable:
					if strings.HasPrefix(s[p:], text) {
						mark(next, p+len(text))
					}
				case question:
					if n := runeAt(s, p, 0); n > 0 {
						mark(next, p+n)
					}
				case shortQuestion:
					if n := runeAt(s, p, len(s)); n > 0 {
						mark(next, p+n)
					}
				default:
					if p <= reached {
						continue // an earlier position got as far
					}
					end := len(s)
					if t.kind == shortStar {
						if n := strings.IndexByte(s[p:], ':'); n >= 0 {
							end = p + n
						}
					}
					for q := p; q <= end; q++ {
						if q == len(s) || utf8.RuneStart(s[q]) {
							mark(next, q)
						}
					}
					reached = end
				}
			}
		}
		now, next = next, now
	}
	return now[len(s)/64]&(1<<(len(s)%64)) != 0
}

func mark(set []uint64, i int) { set[i/64] |= 1 << (i % 64) }
