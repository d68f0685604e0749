package policy

import (
	"net/netip"
	"slices"
	"strings"
)

// matches says whether one request value matches any of the policy values.
func (c *condition) matches(value string, ev *evaluation) truth {
	guard := 0
	switch c.op.compare {
	case compareString, compareGlob, compareBinary:
		if c.hasText(value) {
			return yes
		}
	case compareFold:
		for _, t := range c.texts {
			if strings.EqualFold(t, value) {
				return yes
			}
		}
	case compareNumber:
		return truthOf(c.number(value))
	case compareDate:
		return truthOf(c.date(value, ev))
	case compareBool:
		b, ok := parseBool(value)
		if !ok {
			return no
		}
		if c.bools[b] {
			return yes
		}
		return c.boolTemplate(b, ev)
	case compareIP:
		return truthOf(c.inNet(value))
	case compareARN:
		if _, ok := parseARN(value); !ok {
			return no
		}
		if c.anyARN || c.hasText(value) {
			return yes
		}
		guard = arnGuard(value)
	}
	result := no
	for _, toks := range c.templates {
		switch ready := ev.variables(toks); {
		case ready == no:
		case ready == maybe:
			result = maybe
		case c.op.compare == compareFold:
			if strings.EqualFold(expand(toks, ev), value) {
				return yes
			}
		case glob(toks, value, guard, ev):
			return yes
		}
	}
	return result
}

func (c *condition) hasText(value string) bool {
	if len(c.texts) > 8 {
		_, ok := slices.BinarySearch(c.texts, value)
		return ok
	}
	for _, t := range c.texts {
		if t == value {
			return true
		}
	}
	return false
}

func (c *condition) number(value string) bool {
	d, ok := parseDecimal(value)
	if !ok {
		return false
	}
	for _, n := range c.numbers {
		if c.op.relation.holds(compareDecimals(d, n)) {
			return true
		}
	}
	return false
}

func (c *condition) date(value string, ev *evaluation) bool {
	d, ok := parseInstant(value, ev.e.sem.FourDigitsAreEpoch)
	if !ok {
		return false
	}
	for _, t := range c.dates {
		if c.op.relation.holds(compareInstants(d, t)) {
			return true
		}
	}
	return false
}

// inNet reports whether the address is in one of the ranges. An IPv4 address
// is in no IPv6 range, and the other way round.
func (c *condition) inNet(value string) bool {
	a, err := netip.ParseAddr(value)
	if err != nil || a.Zone() != "" {
		return false
	}
	for _, p := range c.nets {
		if p.Contains(a) {
			return true
		}
	}
	return false
}

// boolTemplate compares with Bool values that hold variables.
func (c *condition) boolTemplate(b int, ev *evaluation) truth {
	result := no
	for _, toks := range c.templates {
		switch ev.variables(toks) {
		case yes:
			if v, ok := parseBool(expand(toks, ev)); ok && v == b {
				return yes
			}
		case maybe:
			result = maybe
		}
	}
	return result
}

// variables says whether every variable of a pattern has a value. One that
// has none makes the pattern match nothing; one whose key has several is
// treated the same, because such keys cannot be variables.
func (ev *evaluation) variables(toks []token) truth {
	result := yes
	for i := range toks {
		t := &toks[i]
		if t.kind != variable {
			continue
		}
		switch s := ev.key(t.key); {
		case s.state == unknown:
			result = min(result, maybe)
		case s.len() != 1 && !t.hasDef:
			return no
		}
	}
	return result
}

// expand writes out a pattern without wildcards.
func expand(toks []token, ev *evaluation) string {
	var b strings.Builder
	for i := range toks {
		b.WriteString(toks[i].value(ev))
	}
	return b.String()
}
