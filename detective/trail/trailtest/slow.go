// Package trailtest holds what tests of rules need: a slow evaluator that
// shares no code with the engine, and random rules and events to compare the
// two on.
package trailtest

import (
	"bytes"
	"encoding/json"
	"net/netip"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/awsposture/posture/detective/trail"
	"github.com/awsposture/posture/detective/trail/rule"
)

// doc is a decoded JSON value. Members keep their order, the first of two
// equal keys wins.
type doc struct {
	kind    trail.Kind
	text    string // scalars: the text; containers: compact JSON
	keys    []string
	members map[string]*doc
	elems   []*doc
	root    bool // the record itself, whose members' names hold no dots
}

// decode uses encoding/json's tokens, so that its idea of strings, numbers and
// nesting is not the scanner's.
func decode(data []byte) (*doc, error) {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	return decodeValue(dec, data)
}

func decodeValue(dec *json.Decoder, data []byte) (*doc, error) {
	tok, err := dec.Token()
	if err != nil {
		return nil, err
	}
	end := dec.InputOffset()
	switch tok := tok.(type) {
	case nil:
		return &doc{kind: trail.KindNull}, nil
	case bool:
		if tok {
			return &doc{kind: trail.KindTrue, text: "true"}, nil
		}
		return &doc{kind: trail.KindFalse, text: "false"}, nil
	case json.Number:
		return &doc{kind: trail.KindNumber, text: tok.String()}, nil
	case string:
		return &doc{kind: trail.KindString, text: tok}, nil
	case json.Delim:
		d := &doc{kind: trail.KindArray}
		if tok == '{' {
			d.kind, d.members = trail.KindObject, map[string]*doc{}
		}
		for dec.More() {
			if d.kind == trail.KindArray {
				el, err := decodeValue(dec, data)
				if err != nil {
					return nil, err
				}
				d.elems = append(d.elems, el)
				continue
			}
			k, err := dec.Token()
			if err != nil {
				return nil, err
			}
			m, err := decodeValue(dec, data)
			if err != nil {
				return nil, err
			}
			if key := k.(string); d.members[key] == nil {
				d.members[key] = m
				d.keys = append(d.keys, key)
			}
		}
		if _, err := dec.Token(); err != nil {
			return nil, err
		}
		var b bytes.Buffer
		if err := json.Compact(&b, data[end-1:dec.InputOffset()]); err != nil {
			return nil, err
		}
		d.text = b.String()
		return d, nil
	}
	return nil, err
}

// find lists the values at a dotted path below d, in no particular order.
func (d *doc) find(keys []string, top bool) []*doc {
	if d.kind == trail.KindArray {
		var out []*doc
		if len(keys) == 0 {
			out = append(out, d)
		}
		for _, el := range d.elems {
			out = append(out, el.find(keys, top)...)
		}
		return out
	}
	if len(keys) == 0 {
		return []*doc{d}
	}
	for i := 1; i <= len(keys); i++ {
		if m := d.members[strings.Join(keys[:i], ".")]; m != nil {
			if out := m.find(keys[i:], false); len(out) > 0 {
				return out
			}
		}
		if top {
			break
		}
	}
	return nil
}

func (d *doc) strict(steps []trail.Step) []*doc {
	if len(steps) == 0 {
		return []*doc{d}
	}
	var out []*doc
	s, rest := steps[0], steps[1:]
	switch {
	case s.Any == trail.AnyElement:
		for _, el := range d.elems {
			out = append(out, el.strict(rest)...)
		}
	case s.Any == trail.AnyMember:
		for _, k := range d.keys {
			out = append(out, d.members[k].strict(rest)...)
		}
	case s.IsIndex:
		if s.Index < len(d.elems) {
			out = d.elems[s.Index].strict(rest)
		}
	default:
		if m := d.members[s.Key]; m != nil {
			out = m.strict(rest)
		}
	}
	return out
}

func (d *doc) at(p trail.Path) []*doc {
	if p.IsStrict() {
		return d.strict(p.Steps())
	}
	var keys []string
	for _, s := range p.Steps() {
		keys = append(keys, s.Key)
	}
	return d.find(keys, d.root)
}

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
