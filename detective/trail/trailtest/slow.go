// Package trailtest holds what tests of rules need: a slow evaluator that
// shares no code with the engine, and random rules and events to compare the
// two on.
package trailtest

import (
	"net/netip"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/awsposture/posture/detective/trail"
	"github.com/awsposture/posture/detective/trail/rule"
)

// Slow judges x on a record by decoding all of it. It returns an error for
// what is no JSON.
func Slow(x rule.Expr, record []byte) (bool, error) {
	d, err := decode(record)
	if err != nil {
		return false, err
	}
	d.root = true
	return slow(x, d), nil
}

func slow(x rule.Expr, d *doc) bool {
	switch x := x.(type) {
	case rule.And:
		for _, y := range x {
			if !slow(y, d) {
				return false
			}
		}
		return true
	case rule.Or:
		for _, y := range x {
			if slow(y, d) {
				return true
			}
		}
		return false
	case rule.Not:
		return !slow(x.X, d)
	case rule.Const:
		return bool(x)
	case rule.Some:
		found := false
		for _, o := range d.at(x.Path) {
			if o.kind == trail.KindObject {
				found = true
				if slow(x.X, o) {
					return true
				}
			}
		}
		return !found && slow(x.X, &doc{kind: trail.KindObject, text: "{}"})
	case *rule.Atom:
		return slowAtom(x, d)
	}
	return false
}

func slowAtom(a *rule.Atom, d *doc) bool {
	kinds := a.Kinds
	if kinds == 0 {
		kinds = rule.Scalars
		if a.Op == rule.OpHas {
			kinds = rule.Any
		}
	}
	for _, v := range d.at(a.Path) {
		if kinds&rule.Of(v.kind) == 0 {
			continue
		}
		if a.Op == rule.OpHas {
			if !a.Neg {
				return true
			}
			continue
		}
		if v.kind == trail.KindArray {
			objects := false
			for _, el := range v.elems {
				objects = objects || el.kind == trail.KindObject
			}
			if !objects {
				continue
			}
		}
		if slowTest(a, d, v) != a.Neg {
			return true
		}
	}
	return false
}

func slowTest(a *rule.Atom, d, v *doc) bool {
	fold := ""
	if a.Fold {
		fold = "(?i)"
	}
	found := func(expr, text string) bool { return regexp.MustCompile("(?s)" + fold + expr).MatchString(text) }
	rel := func(op rule.Op, text, t string) bool {
		q := regexp.QuoteMeta(t)
		switch op {
		case rule.OpIn:
			return found(`\A`+q+`\z`, text)
		case rule.OpPrefix:
			return found(`\A`+q, text)
		case rule.OpSuffix:
			return found(q+`\z`, text)
		}
		return found(q, text)
	}
	n, err := strconv.ParseFloat(v.text, 64)
	numeric := err == nil && strings.Trim(v.text, "0123456789.eE+-") == ""
	switch a.Op {
	case rule.OpEq:
		return numeric && n == a.Num
	case rule.OpLt:
		return numeric && n < a.Num
	case rule.OpLe:
		return numeric && n <= a.Num
	case rule.OpGt:
		return numeric && n > a.Num
	case rule.OpGe:
		return numeric && n >= a.Num
	case rule.OpRange:
		for _, b := range a.Bounds {
			ok := map[rule.Op]bool{rule.OpEq: n == b.N, rule.OpLt: n < b.N, rule.OpLe: n <= b.N, rule.OpGt: n > b.N, rule.OpGe: n >= b.N}[b.Op]
			if ok == b.Ne {
				return false
			}
		}
		return numeric
	case rule.OpTime:
		t, err := time.Parse(time.RFC3339, v.text)
		if err != nil {
			return false
		}
		_, week := t.UTC().ISOWeek()
		return a.Num == map[string]float64{
			"minute": float64(t.UTC().Minute()), "hour": float64(t.UTC().Hour()), "day": float64(t.UTC().Day()),
			"week": float64(week), "month": float64(t.UTC().Month()), "year": float64(t.UTC().Year()),
		}[a.Part]
	case rule.OpField:
		for _, o := range d.at(a.Other) {
			if rule.Scalars&rule.Of(o.kind) != 0 && rel(a.Rel, v.text, o.text) {
				return true
			}
		}
		return false
	}
	for _, t := range a.Texts {
		switch a.Op {
		case rule.OpGlob:
			if found(globRegexp(t), v.text) {
				return true
			}
		case rule.OpRegexp:
			if regexp.MustCompile(fold + t).MatchString(v.text) {
				return true
			}
		case rule.OpCIDR:
			ip, err := netip.ParseAddr(v.text)
			if !strings.Contains(t, "/") {
				if b, err2 := netip.ParseAddr(t); err == nil && err2 == nil && b.Unmap() == ip.Unmap().WithZone("") {
					return true
				}
			} else if p, err2 := netip.ParsePrefix(t); err == nil && err2 == nil && p.Contains(ip.Unmap().WithZone("")) {
				return true
			}
		default:
			if rel(a.Op, v.text, t) {
				return true
			}
		}
	}
	return false
}

func globRegexp(g string) string {
	var b strings.Builder
	b.WriteString(`\A`)
	for i := 0; i < len(g); i++ {
		switch {
		case g[i] == '\\' && i+1 < len(g) && strings.IndexByte(`*?\`, g[i+1]) >= 0:
			i++
			b.WriteString(regexp.QuoteMeta(g[i : i+1]))
		case g[i] == '*':
			b.WriteString(".*")
		case g[i] == '?':
			b.WriteString(".")
		default:
			b.WriteString(regexp.QuoteMeta(g[i : i+1]))
		}
	}
	return b.String() + `\z`
}
