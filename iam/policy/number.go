package policy

import "strings"

// decimal is a number as its text gives it: 0.(whole)(part) times ten to the
// exp, without leading or trailing zeros. Nothing is rounded, so that two
// numbers beyond the precision of a float still compare as they are written.
type decimal struct {
	negative    bool
	whole, part string
	exp         int
}

// maxExponentDigits bounds exponents, so that their sum with a length cannot overflow.
const maxExponentDigits = 9

// parseDecimal reads a whole text: sign, digits, fraction, exponent.
func parseDecimal(s string) (d decimal, ok bool) {
	if s != "" && (s[0] == '-' || s[0] == '+') {
		d.negative = s[0] == '-'
		s = s[1:]
	}
	digits := func() (text string) {
		n := 0
		for n < len(s) && s[n] >= '0' && s[n] <= '9' {
			n++
		}
		text, s = s[:n], s[n:]
		return text
	}
	d.whole = digits()
	if strings.HasPrefix(s, ".") {
		s = s[1:]
		if d.part = digits(); d.part == "" {
			return d, false
		}
	}
	if d.whole == "" && d.part == "" {
		return d, false
	}
	if s != "" && (s[0] == 'e' || s[0] == 'E') {
		s = s[1:]
		minus := strings.HasPrefix(s, "-")
		if minus || strings.HasPrefix(s, "+") {
			s = s[1:]
		}
		text := digits()
		if text == "" || len(text) > maxExponentDigits {
			return d, false
		}
		for i := range len(text) {
			d.exp = d.exp*10 + int(text[i]-'0')
		}
		if minus {
			d.exp = -d.exp
		}
	}
	if s != "" {
		return d, false
	}
	d.normalize()
	return d, true
}

func (d *decimal) normalize() {
	d.whole = strings.TrimLeft(d.whole, "0")
	d.exp += len(d.whole)
	if d.whole == "" {
		trimmed := strings.TrimLeft(d.part, "0")
		d.exp -= len(d.part) - len(trimmed)
		d.part = trimmed
	}
	if d.part = strings.TrimRight(d.part, "0"); d.part == "" {
		d.whole = strings.TrimRight(d.whole, "0")
	}
	if d.whole == "" && d.part == "" {
		*d = decimal{}
	}
}

func (d decimal) zero() bool { return d.whole == "" && d.part == "" }

// digit returns the i-th digit, '0' beyond the last.
func (d decimal) digit(i int) byte {
	switch {
	case i < len(d.whole):
		return d.whole[i]
	case i < len(d.whole)+len(d.part):
		return d.part[i-len(d.whole)]
	}
	return '0'
}

// compareDecimals returns -1, 0 or 1.
func compareDecimals(a, b decimal) int {
	sign := func(d decimal) int {
		switch {
		case d.zero():
			return 0
		case d.negative:
			return -1
		}
		return 1
	}
	sa, sb := sign(a), sign(b)
	switch {
	case sa < sb:
		return -1
	case sa > sb:
		return 1
	case sa == 0:
		return 0
	case a.exp < b.exp:
		return -sa
	case a.exp > b.exp:
		return sa
	}
	for i := range max(len(a.whole)+len(a.part), len(b.whole)+len(b.part)) {
		if da, db := a.digit(i), b.digit(i); da != db {
			if da < db {
				return -sa
			}
			return sa
		}
	}
	return 0
}
