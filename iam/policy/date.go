package policy

import (
	"cmp"
	"strings"
	"time"
)

// instant is a moment in UTC. Fractions are kept to the nanosecond.
type instant struct {
	seconds int64
	nanos   int
}

func compareInstants(a, b instant) int {
	if c := cmp.Compare(a.seconds, b.seconds); c != 0 {
		return c
	}
	return cmp.Compare(a.nanos, b.nanos)
}

// parseInstant reads a W3C form of ISO 8601 (year, year-month, day, minute,
// second, fraction; Z or an offset, UTC when there is none) or a run of
// digits, which are seconds since 1970. Four digits are a year unless
// fourDigitsAreEpoch.
//
// https://www.w3.org/TR/NOTE-datetime
func parseInstant(s string, fourDigitsAreEpoch bool) (instant, bool) {
	if n, ok := digitsOf(s, 1, 15); ok && (len(s) != 4 || fourDigitsAreEpoch) {
		return instant{seconds: int64(n)}, true
	}
	year, rest, ok := field(s, 4, 0, 9999)
	month, day, hour, minute, second, nanos, offset := 1, 1, 0, 0, 0, 0, 0
	if ok && rest != "" {
		month, rest, ok = separated(rest, '-', 1, 12)
	}
	if ok && rest != "" {
		day, rest, ok = separated(rest, '-', 1, 31)
	}
	if ok && rest != "" {
		hour, rest, ok = separated(rest, 'T', 0, 23)
		if ok {
			minute, rest, ok = separated(rest, ':', 0, 59)
		}
		if ok && strings.HasPrefix(rest, ":") {
			second, rest, ok = separated(rest, ':', 0, 59)
			if ok && strings.HasPrefix(rest, ".") {
				nanos, rest, ok = fraction(rest[1:])
			}
		}
		if ok {
			offset, ok = zone(rest)
		}
	}
	if !ok {
		return instant{}, false
	}
	t := time.Date(year, time.Month(month), day, hour, minute, second, 0, time.UTC)
	if t.Day() != day {
		return instant{}, false // such as 30 February
	}
	return instant{seconds: t.Unix() - int64(offset), nanos: nanos}, true
}

// digitsOf reads s when it is between least and most digits and nothing else.
func digitsOf(s string, least, most int) (n int, ok bool) {
	if len(s) < least || len(s) > most {
		return 0, false
	}
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
		n = n*10 + int(s[i]-'0')
	}
	return n, true
}

// field reads a number of exactly width digits within its bounds.
func field(s string, width, least, most int) (n int, rest string, ok bool) {
	if len(s) < width {
		return 0, s, false
	}
	n, ok = digitsOf(s[:width], width, width)
	return n, s[width:], ok && n >= least && n <= most
}

// separated reads a separator and a number of two digits.
func separated(s string, sep byte, least, most int) (n int, rest string, ok bool) {
	if s == "" || s[0] != sep {
		return 0, s, false
	}
	return field(s[1:], 2, least, most)
}

func fraction(s string) (nanos int, rest string, ok bool) {
	n, scale := 0, 100_000_000
	for n < len(s) && s[n] >= '0' && s[n] <= '9' {
		nanos += int(s[n]-'0') * scale
		scale /= 10
		n++
	}
	return nanos, s[n:], n > 0
}

// zone reads Z, an offset such as +02:00, or nothing, and returns seconds.
func zone(s string) (offset int, ok bool) {
	if s == "" || s == "Z" {
		return 0, true
	}
	if s[0] != '+' && s[0] != '-' {
		return 0, false
	}
	hours, rest, ok := field(s[1:], 2, 0, 23)
	if !ok {
		return 0, false
	}
	minutes, rest, ok := separated(rest, ':', 0, 59)
	offset = hours*3600 + minutes*60
	if s[0] == '-' {
		offset = -offset
	}
	return offset, ok && rest == ""
}
