package rule

import (
	"bytes"
	"unicode"
	"unicode/utf8"
)

// appendFold maps every character to the smallest of those that differ from it
// only in case; for ASCII letters that is the capital.
func appendFold(dst, src []byte) []byte {
	n := len(dst)
	dst = append(dst, src...)
	b := dst[n:]
	for i, c := range b {
		if c >= utf8.RuneSelf {
			return appendFoldRunes(dst[:n+i], src[i:])
		}
		b[i] = upper[c]
	}
	return dst
}

var upper = func() (t [utf8.RuneSelf]byte) {
	for i := range t {
		t[i] = byte(i)
		if i >= 'a' && i <= 'z' {
			t[i] = byte(i) - 'a' + 'A'
		}
	}
	return t
}()

func appendFoldRunes(dst, src []byte) []byte {
	for len(src) > 0 {
		r, n := utf8.DecodeRune(src)
		if r == utf8.RuneError && n == 1 {
			dst = append(dst, src[0])
			src = src[1:]
			continue
		}
		least := r
		for f := unicode.SimpleFold(r); f != r; f = unicode.SimpleFold(f) {
			least = min(least, f)
		}
		dst = utf8.AppendRune(dst, least)
		src = src[n:]
	}
	return dst
}

const (
	globAny = -1
	globOne = -2
)

// parseGlob reads * and ?; a backslash is itself unless it precedes *, ? or \.
func parseGlob(s string) []rune {
	var g []rune
	rs := []rune(s)
	for i := 0; i < len(rs); i++ {
		switch r := rs[i]; {
		case r == '\\' && i+1 < len(rs) && (rs[i+1] == '*' || rs[i+1] == '?' || rs[i+1] == '\\'):
			i++
			g = append(g, rs[i])
		case r == '*':
			if len(g) == 0 || g[len(g)-1] != globAny {
				g = append(g, globAny)
			}
		case r == '?':
			g = append(g, globOne)
		default:
			g = append(g, r)
		}
	}
	return g
}

// glob is a pattern. Most are a literal text with * before it or behind it,
// which is compared as such.
type glob struct {
	rs          []rune
	text        []byte
	plain       bool // the rest says it all
	before, aft bool // *
}

func compileGlob(rs []rune) glob {
	g := glob{rs: rs, plain: true}
	for i, r := range rs {
		switch {
		case r == globAny && i == 0 && len(rs) > 1:
			g.before = true
		case r == globAny && i == len(rs)-1:
			g.aft = true
		case r < 0 || r == utf8.RuneError:
			g.plain = false
		default:
			g.text = utf8.AppendRune(g.text, r)
		}
	}
	return g
}

func (g *glob) match(text []byte) bool {
	switch {
	case !g.plain:
		return matchGlob(g.rs, text)
	case g.before && g.aft:
		return bytes.Contains(text, g.text)
	case g.before:
		return bytes.HasSuffix(text, g.text)
	case g.aft:
		return bytes.HasPrefix(text, g.text)
	}
	return bytes.Equal(text, g.text)
}

// matchGlob matches in time proportional to the product of the lengths at
// worst: only the last * is ever tried again.
func matchGlob(g []rune, text []byte) bool {
	star, mark := -1, 0
	i, j := 0, 0
	for j < len(text) {
		r, n := rune(text[j]), 1
		if r >= utf8.RuneSelf {
			r, n = utf8.DecodeRune(text[j:])
		}
		switch {
		case i < len(g) && g[i] == globAny:
			star, mark = i, j
			i++
		case i < len(g) && (g[i] == globOne || g[i] == r):
			i++
			j += n
		case star >= 0:
			_, n = utf8.DecodeRune(text[mark:])
			mark += n
			i, j = star+1, mark
		default:
			return false
		}
	}
	for i < len(g) && g[i] == globAny {
		i++
	}
	return i == len(g)
}
