package policy

import "strings"

// neverApplies reports a statement that no request fits: it leaves out
// everything, or two of its conditions exclude each other.
func (l *linter) neverApplies() {
	s := l.s
	all := func(vs []Value) bool {
		for _, v := range vs {
			if p := parseAction(v.Text); p.form == actionAll {
				return true
			}
		}
		return false
	}
	switch {
	case all(s.NotAction):
		l.add("statement-never-applies", vs0(s.NotAction), "NotAction", "every action is left out", "name the actions under Action")
		return
	case coversAll(s.NotResource):
		l.add("statement-never-applies", vs0(s.NotResource), "NotResource", "every resource is left out", "name the resources under Resource")
		return
	}
	for i := range min(len(s.Conditions), maxPairs) {
		for j := range i {
			a, b := &s.Conditions[j], &s.Conditions[i]
			if l.exclude(a, b) || l.exclude(b, a) {
				l.add("statement-never-applies", b.Pos, "Condition."+b.Operator+"."+b.Key, "no value of "+b.Key+" fits this and "+a.Operator+", too", "remove one of them")
				return
			}
		}
	}
}

// exclude proves that no request fits both conditions. The first makes sure
// that its key is there, with one value, which then is what the other compares.
func (l *linter) exclude(first, second *Condition) bool {
	a, ok := parseOperator(first.Operator)
	b, ok2 := parseOperator(second.Operator)
	if !ok || !ok2 || !strings.EqualFold(first.Key, second.Key) || a.negated || a.ifExists || a.compare == compareNull || len(first.Values) == 0 || len(second.Values) == 0 {
		return false
	}
	if b.compare == compareNull {
		return b.set == noSet && a.set != forAllValues && len(second.Values) == 1 && strings.EqualFold(second.Values[0].Text, "true")
	}
	if a.set != noSet {
		return false
	}
	for _, v := range first.Values {
		if !l.excludes(a, v.Text, b, second.Values) {
			return false
		}
	}
	return true
}

// excludes proves that no text fits the value v and the other condition.
func (l *linter) excludes(a operator, v string, b operator, others []Value) bool {
	if b.negated { // v must lie within one of the values
		for _, w := range others {
			within := a.compare == b.compare && a.relation == b.relation && (v == w.Text || l.valueCovers(b, w.Text, v))
			one := a.compare == compareString && b.compare == compareGlob && !strings.Contains(v+w.Text, "${") &&
				includes(tokenize(w.Text, language{wildcards: true}, nil), tokenize(v, language{}, nil))
			if within || one {
				return true
			}
		}
		return false
	}
	for _, w := range others {
		if !apart(a, v, b, w.Text) {
			return false
		}
	}
	return true
}

// apart proves that no text fits two values of positive operators.
func apart(a operator, v string, b operator, w string) bool {
	switch {
	case isText(a) && isText(b):
		if a.compare == compareFold || b.compare == compareFold {
			if strings.IndexFunc(v+w, func(c rune) bool { return c > '\x7f' }) >= 0 {
				return false // some letters fold to those of other alphabets
			}
			v, w = strings.ToLower(v), strings.ToLower(w)
		}
		return !globsMeet(placeholders(v), placeholders(w))
	case a.compare != b.compare:
		return false
	case a.compare == compareNumber:
		m, ok := parseDecimal(v)
		n, ok2 := parseDecimal(w)
		return ok && ok2 && !a.relation.meets(b.relation, compareDecimals(m, n))
	case a.compare == compareDate:
		m, ok := parseInstant(v, false)
		n, ok2 := parseInstant(w, false)
		return ok && ok2 && !a.relation.meets(b.relation, compareInstants(m, n))
	case a.compare == compareBool:
		m, ok := parseBool(v)
		n, ok2 := parseBool(w)
		return ok && ok2 && m != n
	case a.compare == compareIP:
		m, ok := parsePrefix(v)
		n, ok2 := parsePrefix(w)
		return ok && ok2 && !m.Overlaps(n)
	}
	return false
}

func isText(op operator) bool {
	switch op.compare {
	case compareString, compareFold, compareGlob, compareARN:
		return true
	}
	return false
}

// meets reports whether some x has "x r m" and "x s n", m and n being in the given order.
func (r relation) meets(s relation, order int) bool {
	up := func(r relation) bool { return r == greater || r == greaterEqual }
	switch {
	case r == equal:
		return s.holds(order)
	case s == equal:
		return r.holds(-order)
	case up(r) == up(s):
		return true
	case up(r): // m < x < n
		return order < 0 || order == 0 && r == greaterEqual && s == lessEqual
	}
	return order > 0 || order == 0 && r == lessEqual && s == greaterEqual
}
