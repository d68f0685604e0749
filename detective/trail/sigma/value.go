package sigma

import (
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/awsposture/posture/detective/trail"
	"github.com/awsposture/posture/detective/trail/rule"
)

// values compiles the values of a field: OR, or AND under all.
func (c *Collection) values(d *document, name string, at *yaml.Node, vals []*yaml.Node, m modifiers) (rule.Expr, error) {
	var xs []rule.Expr
	var plain *rule.Atom // equal tests of several values become one atom
	for _, v := range vals {
		if v.Kind != yaml.ScalarNode {
			return nil, d.fail(v, "the value of %q must be a plain value", name)
		}
		alts, err := c.value(d, name, v, m)
		if err != nil {
			return nil, err
		}
		if m.all {
			xs = append(xs, or(alts))
			continue
		}
		for _, x := range alts {
			a, ok := x.(*rule.Atom)
			if ok && plain != nil && plain.Op == a.Op && plain.Fold == a.Fold && plain.Kinds == a.Kinds && a.Op >= rule.OpIn && a.Op <= rule.OpCIDR {
				plain.Texts = append(plain.Texts, a.Texts...)
				continue
			}
			if ok {
				plain = a
			}
			xs = append(xs, x)
		}
	}
	var x rule.Expr
	if m.all {
		x = rule.And(xs)
	} else {
		x = or(xs)
	}
	if m.neq {
		x = rule.And{rule.Has(name), rule.Not{X: x}}
	}
	return x, nil
}

func or(xs []rule.Expr) rule.Expr {
	if len(xs) == 1 {
		return xs[0]
	}
	return rule.Or(xs)
}

func (c *Collection) value(d *document, name string, v *yaml.Node, m modifiers) ([]rule.Expr, error) {
	path := trail.P(name)
	atom := func(op rule.Op, texts ...string) *rule.Atom {
		return &rule.Atom{Path: path, Op: op, Texts: texts, Fold: !m.cased, Kinds: rule.Values}
	}
	one := func(x rule.Expr) ([]rule.Expr, error) { return []rule.Expr{x}, nil }
	switch {
	case m.exists:
		is := &rule.Atom{Path: path, Kinds: rule.Any}
		switch strings.ToLower(v.Value) {
		case "true", "yes":
			return one(is)
		case "false", "no":
			return one(rule.Not{X: is})
		}
		return nil, d.fail(v, "exists takes true or false")
	case m.fieldref:
		rel := rule.OpIn
		if m.text {
			rel = m.op
		}
		return one(&rule.Atom{Path: path, Op: rule.OpField, Rel: rel, Other: trail.P(v.Value), Fold: !m.cased, Kinds: rule.Scalars})
	case v.Tag == "!!null":
		return one(rule.Not{X: rule.Has(name)})
	case m.part != "" || m.op >= rule.OpLt && m.op <= rule.OpGe:
		n, err := strconv.ParseFloat(v.Value, 64)
		if err != nil {
			return nil, d.fail(v, "%q is not a number", v.Value)
		}
		a := atom(m.op)
		a.Num, a.Part, a.Kinds, a.Fold = n, m.part, rule.Numeric, false
		return one(a)
	case m.re != "":
		flags := strings.Trim(m.re, "-")
		expr := v.Value
		if flags != "" {
			expr = "(?" + flags + ")" + expr
		}
		if _, err := regexp.Compile(expr); err != nil {
			if strings.Contains(expr, "(?=") || strings.Contains(expr, "(?!") || strings.Contains(expr, "(?<") {
				return nil, d.fail(v, "look-around in a regular expression is not supported: %v", err)
			}
			return nil, d.fail(v, "%v", err)
		}
		a := atom(rule.OpRegexp, expr)
		a.Fold = false
		return one(a)
	}
	texts := []string{v.Value}
	if m.expand {
		var err error
		if texts, err = c.expand(d, v); err != nil {
			return nil, err
		}
	}
	if m.op == rule.OpCIDR {
		for _, t := range texts {
			if _, err := rule.CompileExpr(rule.InNetwork("x", t)); err != nil {
				return nil, d.fail(v, "%q is not a network", t)
			}
		}
		a := atom(rule.OpCIDR, texts...)
		a.Kinds, a.Fold = rule.Strings, false
		return one(a)
	}
	if m.windash {
		texts = windash(texts)
	}
	var err error
	literal := false
	for _, tr := range m.transforms {
		if texts, err = transform(tr, texts); err != nil {
			return nil, d.fail(v, "%v", err)
		}
		literal = true // a transformed value has no wildcards
	}
	var out []rule.Expr
	for _, t := range texts {
		op, t := m.op, t
		if !literal {
			var wild bool
			if t, wild = unescape(t); wild {
				op, t = rule.OpGlob, glob(m.op, t)
			}
		}
		a := atom(op, t)
		if t == "" && op == rule.OpIn {
			a.Kinds = rule.Strings
		}
		out = append(out, a)
	}
	return out, nil
}

// unescape removes the escapes of a value without wildcards. A value with
// wildcards comes back as written, which is the rule language's glob.
func unescape(s string) (text string, wild bool) {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\' && i+1 < len(s) && strings.IndexByte(`*?\`, s[i+1]) >= 0:
			i++
			b.WriteByte(s[i])
		case s[i] == '*' || s[i] == '?':
			return s, true
		default:
			b.WriteByte(s[i])
		}
	}
	return b.String(), false
}

func glob(op rule.Op, t string) string {
	switch op {
	case rule.OpContains:
		return "*" + t + "*"
	case rule.OpPrefix:
		return t + "*"
	case rule.OpSuffix:
		return "*" + t
	}
	return t
}
