package policy

import (
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// scalar reads a string, number, boolean or null.
func (r *reader) scalar() (v Value, null bool) {
	c := r.peek()
	v.Pos = r.here()
	if c == '"' {
		v.Text = r.str()
		return v, false
	}
	v.Bare = true
	start := r.pos
	for r.pos < len(r.src) && strings.IndexByte(" \t\r\n,:[]{}\"", r.src[r.pos]) < 0 {
		r.pos++
	}
	v.Text = r.src[start:r.pos]
	switch {
	case v.Text == "true", v.Text == "false", isNumber(v.Text):
		return v, false
	case v.Text == "null":
		return v, true
	}
	r.pos = start
	r.syntax("expected a value" + r.found())
	return v, true
}

// isNumber reports whether s is a number as JSON writes one.
func isNumber(s string) bool {
	digits := func() bool {
		n := 0
		for n < len(s) && s[n] >= '0' && s[n] <= '9' {
			n++
		}
		s = s[n:]
		return n > 0
	}
	s = strings.TrimPrefix(s, "-")
	if strings.HasPrefix(s, "0") {
		s = s[1:]
	} else if !digits() {
		return false
	}
	if strings.HasPrefix(s, ".") {
		if s = s[1:]; !digits() {
			return false
		}
	}
	if s != "" && (s[0] == 'e' || s[0] == 'E') {
		if s = s[1:]; s != "" && (s[0] == '+' || s[0] == '-') {
			s = s[1:]
		}
		if !digits() {
			return false
		}
	}
	return s == ""
}

// str reads a string. Without escapes it is a piece of the source, not a copy.
func (r *reader) str() string {
	r.pos++
	start := r.pos
	for r.pos < len(r.src) {
		switch c := r.src[r.pos]; {
		case c == '"':
			r.pos++
			return r.src[start : r.pos-1]
		case c == '\\':
			return r.escaped(start)
		case c < ' ':
			r.syntax("control character in a string must be escaped")
			return ""
		}
		r.pos++
	}
	r.syntax("string without closing quote")
	return ""
}

func (r *reader) escaped(start int) string {
	b := []byte(r.src[start:r.pos])
	for r.pos < len(r.src) {
		c := r.src[r.pos]
		switch {
		case c == '"':
			r.pos++
			return string(b)
		case c < ' ':
			r.syntax("control character in a string must be escaped")
			return ""
		case c != '\\':
			b = append(b, c)
			r.pos++
			continue
		}
		if r.pos+1 >= len(r.src) {
			break
		}
		e := r.src[r.pos+1]
		if e == 'u' {
			c, ok := r.unicode()
			if !ok {
				r.syntax(`\u needs four hexadecimal digits and whole surrogate pairs`)
				return ""
			}
			b = utf8.AppendRune(b, c)
			continue
		}
		i := strings.IndexByte(`"\/bfnrt`, e)
		if i < 0 {
			r.syntax("unknown escape in a string")
			return ""
		}
		b = append(b, "\"\\/\b\f\n\r\t"[i])
		r.pos += 2
	}
	r.syntax("string without closing quote")
	return ""
}

// unicode reads \uXXXX, or the two of a surrogate pair.
func (r *reader) unicode() (rune, bool) {
	unit := func() (rune, bool) {
		if r.pos+6 > len(r.src) || r.src[r.pos] != '\\' || r.src[r.pos+1] != 'u' {
			return 0, false
		}
		n, err := strconv.ParseUint(r.src[r.pos+2:r.pos+6], 16, 16)
		if err != nil {
			return 0, false
		}
		r.pos += 6
		return rune(n), true
	}
	c, ok := unit()
	if !ok || !utf16.IsSurrogate(c) {
		return c, ok
	}
	low, ok := unit()
	c = utf16.DecodeRune(c, low)
	return c, ok && c != utf8.RuneError
}
