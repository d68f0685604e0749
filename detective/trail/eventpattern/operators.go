package eventpattern

import (
	"math"
	"net/netip"
	"strconv"
	"strings"

	"github.com/awsposture/posture/detective/trail"
	"github.com/awsposture/posture/detective/trail/rule"
)

// leafKinds are the kinds of values that leaves match. An object is no leaf.
const leafKinds = rule.Scalars | rule.Kinds(1<<trail.KindNull)

func has(kinds rule.Kinds) match {
	return func(p trail.Path) rule.Expr { return &rule.Atom{Path: p, Kinds: kinds} }
}

func texts(op rule.Op, fold bool, ts ...string) match {
	return func(p trail.Path) rule.Expr {
		return &rule.Atom{Path: p, Op: op, Texts: ts, Fold: fold, Kinds: rule.Strings}
	}
}

func bounds(bs ...rule.Bound) match {
	return func(p trail.Path) rule.Expr {
		return &rule.Atom{Path: p, Op: rule.OpRange, Bounds: bs, Kinds: rule.Of(trail.KindNumber)}
	}
}

// leaf reads one alternative of a leaf; nil after an error.
func (ps *parser) leaf(v trail.Value, place string) match {
	switch k := v.Kind(); k {
	case trail.KindString:
		return texts(rule.OpIn, false, v.Text())
	case trail.KindNumber:
		if n, ok := ps.number(v, place); ok {
			return bounds(rule.Bound{Op: rule.OpEq, N: n})
		}
		return nil
	case trail.KindTrue, trail.KindFalse, trail.KindNull:
		return has(rule.Of(k))
	case trail.KindArray:
		ps.fail(place, "a list inside a list")
		return nil
	}
	var name string
	var arg trail.Value
	n := 0
	for k, m := range v.Members {
		name, arg = k.String(), m
		n++
	}
	if n != 1 {
		ps.fail(place, "an operator is an object with one key")
		return nil
	}
	place += "." + name
	switch name {
	case "exists":
		switch arg.Kind() {
		case trail.KindTrue:
			return has(leafKinds)
		case trail.KindFalse:
			return func(p trail.Path) rule.Expr { return rule.Not{X: has(leafKinds)(p)} }
		}
		ps.fail(place, "exists takes true or false")
		return nil
	case "numeric":
		return ps.numeric(arg, place)
	case "cidr":
		if _, err := netip.ParsePrefix(arg.Text()); arg.Kind() != trail.KindString || err != nil {
			ps.fail(place, "not a network in CIDR notation")
			return nil
		}
		return texts(rule.OpCIDR, false, arg.Text())
	case "anything-but":
		return ps.anythingBut(arg, place)
	case "prefix", "suffix", "equals-ignore-case", "wildcard":
		op, fold, t, ok := ps.textOp(name, arg, place)
		if !ok {
			return nil
		}
		return texts(op, fold, t)
	}
	ps.fail(place, "unknown operator")
	return nil
}

// textOp reads an operator whose operand is one text.
func (ps *parser) textOp(name string, arg trail.Value, place string) (op rule.Op, fold bool, text string, ok bool) {
	op = map[string]rule.Op{"prefix": rule.OpPrefix, "suffix": rule.OpSuffix, "equals-ignore-case": rule.OpIn, "wildcard": rule.OpGlob}[name]
	fold = name == "equals-ignore-case"
	if arg.Kind() == trail.KindObject && (name == "prefix" || name == "suffix") {
		n := 0
		for range arg.Members {
			n++
		}
		inner := arg.Member("equals-ignore-case")
		if n != 1 || inner.Kind() != trail.KindString {
			ps.fail(place, "takes a text or {\"equals-ignore-case\": text}")
			return op, fold, "", false
		}
		return op, true, inner.Text(), true
	}
	if arg.Kind() != trail.KindString {
		ps.fail(place, "takes a text")
		return op, fold, "", false
	}
	text = arg.Text()
	if name == "wildcard" {
		g, err := wildcard(text)
		if err != "" {
			ps.fail(place, err)
			return op, fold, "", false
		}
		text = g
	}
	return op, fold, text, true
}

// wildcard makes a glob of a text in which only * is special and only \* and
// \\ are escapes.
func wildcard(s string) (glob, err string) {
	var b strings.Builder
	star := false
	for i := 0; i < len(s); i++ {
		c := s[i]
		was := star
		star = false
		switch c {
		case '\\':
			if i++; i == len(s) || s[i] != '*' && s[i] != '\\' {
				return "", `a backslash escapes only * and \`
			}
			b.WriteString(`\` + s[i:i+1])
		case '*':
			if was {
				return "", "two wildcards in a row"
			}
			star = true
			b.WriteByte('*')
		case '?':
			b.WriteString(`\?`)
		default:
			b.WriteByte(c)
		}
	}
	return b.String(), ""
}

func (ps *parser) number(v trail.Value, place string) (float64, bool) {
	n, ok := v.Float()
	if v.Kind() != trail.KindNumber || !ok || math.IsInf(n, 0) {
		ps.fail(place, "not a number")
		return 0, false
	}
	if i, err := strconv.ParseInt(v.Text(), 10, 64); err == nil && (i > 1<<53 || i < -1<<53) || n == math.Trunc(n) && math.Abs(n) > 1<<53 {
		ps.fail(place, "beyond the integers that are exact")
		return 0, false
	}
	return n, true
}

func (ps *parser) numeric(v trail.Value, place string) match {
	ops := map[string]rule.Op{"=": rule.OpEq, "<": rule.OpLt, "<=": rule.OpLe, ">": rule.OpGt, ">=": rule.OpGe}
	var bs []rule.Bound
	var op *rule.Op
	for el := range v.Elements {
		if op == nil {
			o, ok := ops[el.Text()]
			if !ok || el.Kind() != trail.KindString {
				ps.fail(place, "expected =, <, <=, > or >=")
				return nil
			}
			op = &o
			continue
		}
		n, ok := ps.number(el, place)
		if !ok {
			return nil
		}
		bs = append(bs, rule.Bound{Op: *op, N: n})
		op = nil
	}
	if v.Kind() != trail.KindArray || op != nil || len(bs) == 0 || len(bs) > 2 {
		ps.fail(place, "takes one or two pairs of operator and number")
		return nil
	}
	return bounds(bs...)
}

// anythingBut is true of a value that is there and outside the set.
func (ps *parser) anythingBut(v trail.Value, place string) match {
	outside := func(m func(trail.Path) *rule.Atom) match {
		return func(p trail.Path) rule.Expr {
			a := m(p)
			// Values of other types are outside any set of one type.
			return rule.Or{a, &rule.Atom{Path: p, Kinds: leafKinds &^ a.Kinds}}
		}
	}
	not := func(op rule.Op, fold bool, ts []string) match {
		return outside(func(p trail.Path) *rule.Atom {
			return &rule.Atom{Path: p, Op: op, Fold: fold, Texts: ts, Kinds: rule.Strings, Neg: true}
		})
	}
	if v.Kind() == trail.KindObject {
		var name string
		var arg trail.Value
		n := 0
		for k, m := range v.Members {
			name, arg = k.String(), m
			n++
		}
		if n != 1 || name != "prefix" && name != "suffix" && name != "equals-ignore-case" && name != "wildcard" {
			ps.fail(place, "takes values, prefix, suffix, equals-ignore-case or wildcard")
			return nil
		}
		var list []string
		var op rule.Op
		var fold bool
		for el := range arg.Elements {
			o, f, t, ok := ps.textOp(name, el, place+"."+name)
			if !ok {
				return nil
			}
			if len(list) > 0 && f != fold {
				ps.fail(place+"."+name, "texts with and without case in one list")
				return nil
			}
			op, fold, list = o, f, append(list, t)
		}
		if len(list) == 0 {
			ps.fail(place+"."+name, "nothing to exclude")
			return nil
		}
		return not(op, fold, list)
	}
	var strs []string
	var nums []rule.Bound
	var kinds rule.Kinds
	n := 0
	for el := range v.Elements {
		n++
		switch k := el.Kind(); k {
		case trail.KindString:
			strs = append(strs, el.Text())
		case trail.KindNumber:
			x, ok := ps.number(el, place)
			if !ok {
				return nil
			}
			nums = append(nums, rule.Bound{Op: rule.OpEq, N: x, Ne: true})
		case trail.KindTrue, trail.KindFalse:
			kinds |= rule.Of(k)
		default:
			ps.fail(place, "excludes texts, numbers or booleans")
			return nil
		}
	}
	switch {
	case n == 0:
		ps.fail(place, "nothing to exclude")
	case len(strs) == n:
		return not(rule.OpIn, false, strs)
	case len(nums) == n:
		return outside(func(p trail.Path) *rule.Atom { return bounds(nums...)(p).(*rule.Atom) })
	case strs == nil && nums == nil:
		return has(leafKinds &^ kinds)
	default:
		ps.fail(place, "a list of more than one type")
	}
	return nil
}
