package policy

import (
	"cmp"
	"testing"
)

// Numbers compare as they are written, whatever their length.
func TestDecimals(t *testing.T) {
	ascending := []string{"-1e20", "-10", "-1.5", "-1e-3", "0", "1e-400", "0.09", "0.1", "1", "1.000000000000000000000000001", "9", "1e+1", "99", "1e3", "9007199254740993", "1e400"}
	for i, a := range ascending {
		for j, b := range ascending {
			x, ok := parseDecimal(a)
			y, ok2 := parseDecimal(b)
			if got := compareDecimals(x, y); !ok || !ok2 || got != cmp.Compare(i, j) {
				t.Errorf("%s and %s: %d", a, b, got)
			}
		}
	}
	for _, pair := range [][2]string{{"10", "1e1"}, {"0.10", "1E-1"}, {"-0", "0"}, {"+5", "5.0"}, {".5", "0.5"}, {"100", "1e+2"}, {"0e9", "0"}} {
		x, ok := parseDecimal(pair[0])
		y, ok2 := parseDecimal(pair[1])
		if !ok || !ok2 || compareDecimals(x, y) != 0 {
			t.Errorf("%s is not %s", pair[0], pair[1])
		}
	}
	for _, text := range []string{"", "-", ".", "1.", "e5", "1e", "1e+", "1e1234567890", "10abc", "0x1", " 1", "1,5"} {
		if _, ok := parseDecimal(text); ok {
			t.Errorf("%q is a number", text)
		}
	}
}

// Dates compare as instants, whatever their offset.
func TestInstants(t *testing.T) {
	for _, pair := range [][2]string{
		{"2026-01-31T00:00:00Z", "2026-01-31"},
		{"2026-01-31T02:00:00+02:00", "2026-01-31T00:00:00Z"},
		{"2026-01-30T19:00-05:00", "2026-01-31T00:00"},
		{"2026-01-01", "2026"},
		{"2026-02-01", "2026-02"},
		{"1769817600", "2026-01-31T00:00:00.000Z"},
	} {
		x, ok := parseInstant(pair[0], false)
		y, ok2 := parseInstant(pair[1], false)
		if !ok || !ok2 || compareInstants(x, y) != 0 {
			t.Errorf("%s is not %s: %v, %v", pair[0], pair[1], x, y)
		}
	}
	for _, text := range []string{"", "2026-13", "2026-02-30", "2026-01-31T24:00Z", "2026-01-31T00:00:00x", "2026-01-31T00:00:00+2", "2026-01-31T00:00:00+24:00", "2026-01-31T00:00:00+02:00x", "2026-01-31T00:00:00.Z", "20260131T000000Z", "tomorrow"} {
		if x, ok := parseInstant(text, false); ok {
			t.Errorf("%q is the date %v", text, x)
		}
	}
}

// meets says whether two conditions on a number leave one over.
func TestRelationsMeet(t *testing.T) {
	relations := []relation{equal, less, lessEqual, greater, greaterEqual}
	for _, r := range relations {
		for _, s := range relations {
			for m := range 3 {
				for n := range 3 {
					some := false
					for x := -1.0; x <= 3; x += 0.5 { // also between the two
						some = some || r.holds(cmp.Compare(x, float64(m))) && s.holds(cmp.Compare(x, float64(n)))
					}
					if got := r.meets(s, cmp.Compare(m, n)); got != some {
						t.Errorf("relation %d to %d and %d to %d: %v", r, m, s, n, got)
					}
				}
			}
		}
	}
}
