package policy

import (
	"encoding/base64"
	"net/netip"
	"slices"
	"strings"
)

// truth is the three-valued outcome of a clause. A clause is only ever maybe
// when it depends on a key that the request declares unknown.
type truth uint8

const (
	no truth = iota
	maybe
	yes
)

func truthOf(b bool) truth {
	if b {
		return yes
	}
	return no
}

func (t truth) not() truth { return yes - t }

// condition is one key under one operator, ready to be evaluated. Only the
// lists of its own comparison are filled.
type condition struct {
	op        operator
	key       int32
	invalid   bool     // the operator is unknown: never true
	ignored   bool     // an empty list, under EmptyListIgnored
	texts     []string // sorted, without variables or wildcards
	templates [][]token
	anyARN    bool
	numbers   []decimal
	dates     []instant
	nets      []netip.Prefix
	bools     [2]bool // false, true: which of them the policy lists
}

func (c *compiler) condition(src *Condition, variables bool) condition {
	op, ok := parseOperator(src.Operator)
	cond := condition{op: op, invalid: !ok, key: c.keys.add(src.Key)}
	cond.ignored = ok && len(src.Values) == 0 && c.sem.EmptyListIgnored && op.compare != compareNull
	variables = variables && op.takesVariables(&c.sem)
	for _, v := range src.Values {
		c.value(&cond, v.Text, variables)
	}
	slices.Sort(cond.texts)
	return cond
}

// value adds one policy value. A value that the operator cannot read matches nothing.
func (c *compiler) value(cond *condition, text string, variables bool) {
	if cond.op.takesWildcards() || variables && strings.Contains(text, "${") {
		toks := tokenize(text, language{wildcards: cond.op.takesWildcards(), variables: variables}, c.keys.add)
		if cond.op.compare == compareARN && len(toks) == 1 && toks[0].kind == star {
			cond.anyARN = !c.sem.ArnStarMatchesNothing
			return
		}
		if len(toks) > 1 || len(toks) == 1 && toks[0].kind != literal {
			cond.templates = append(cond.templates, toks)
			return
		}
		if text = ""; len(toks) == 1 {
			text = toks[0].text
		}
	}
	switch cond.op.compare {
	case compareNumber:
		if d, ok := parseDecimal(text); ok {
			cond.numbers = append(cond.numbers, d)
		}
	case compareDate:
		if d, ok := parseInstant(text, c.sem.FourDigitsAreEpoch); ok {
			cond.dates = append(cond.dates, d)
		}
	case compareBool, compareNull:
		if b, ok := parseBool(text); ok {
			cond.bools[b] = true
		}
	case compareBinary:
		if b, err := base64.StdEncoding.DecodeString(text); err == nil {
			cond.texts = append(cond.texts, string(b))
		}
	case compareIP:
		if p, ok := parsePrefix(text); ok {
			cond.nets = append(cond.nets, p)
		}
	default:
		cond.texts = append(cond.texts, text)
	}
}

// parseBool returns 0 for false and 1 for true, in any case.
func parseBool(s string) (int, bool) {
	switch {
	case len(s) == 4 && strings.EqualFold(s, "true"):
		return 1, true
	case len(s) == 5 && strings.EqualFold(s, "false"):
		return 0, true
	}
	return 0, false
}

// parsePrefix reads a range in CIDR form, or one address. Bits beyond the
// prefix are ignored.
func parsePrefix(s string) (netip.Prefix, bool) {
	if strings.IndexByte(s, '/') >= 0 {
		p, err := netip.ParsePrefix(s)
		return p.Masked(), err == nil
	}
	a, err := netip.ParseAddr(s)
	if err != nil || a.Zone() != "" {
		return netip.Prefix{}, false
	}
	return netip.PrefixFrom(a, a.BitLen()), true
}

// holds evaluates the condition.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
func (c *condition) holds(ev *evaluation) truth {
	if c.invalid {
		return no
	}
	if c.ignored {
		return yes
	}
	s := ev.key(c.key)
	if c.op.compare == compareNull {
		return c.null(s)
	}
	n := s.len()
	switch {
	case s.state == unknown:
		return maybe
	case c.op.set == forAllValues:
		result := yes
		for i := range n {
			result = min(result, c.passes(s.at(i), ev))
		}
		return result
	case c.op.set == forAnyValue:
		result := truthOf(n == 0 && c.op.ifExists && !ev.e.sem.AnyValueIgnoresIfExists)
		for i := range n {
			result = max(result, c.passes(s.at(i), ev))
		}
		return result
	case n == 0:
		return truthOf(c.op.ifExists || c.op.negated)
	case n == 1:
		return c.passes(s.at(0), ev)
	case !ev.e.sem.ManyMatchAny:
		return no
	}
	match := no
	for i := range n {
		match = max(match, c.matches(s.at(i), ev))
	}
	if c.op.negated {
		return match.not()
	}
	return match
}

// null decides by presence alone: "true" asks for an absent key.
func (c *condition) null(s *slot) truth {
	switch {
	case c.op.set == forAllValues:
		return yes
	case c.op.set == forAnyValue:
		return no
	case s.state == unknown:
		switch {
		case c.bools[0] && c.bools[1]:
			return yes
		case c.bools[0] || c.bools[1]:
			return maybe
		}
		return no
	case s.state == present:
		return truthOf(c.bools[0])
	}
	return truthOf(c.bools[1])
}

// passes says whether one request value satisfies the operator, negation included:
// under a negated operator it must match none of the policy values.
func (c *condition) passes(value string, ev *evaluation) truth {
	m := c.matches(value, ev)
	if c.op.negated {
		return m.not()
	}
	return m
}
