package sigma

import (
	"encoding/base64"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf16"

	"go.yaml.in/yaml/v3"

	"github.com/awsposture/posture/detective/trail"
	"github.com/awsposture/posture/detective/trail/rule"
)

// maxNodes bounds the selections of one document.
const maxNodes = 5000

// selection compiles one search identifier: a map is AND of its fields, a list
// is OR, a plain value is searched in the whole record.
func (c *Collection) selection(d *document, n *yaml.Node) (rule.Expr, error) {
	n = resolve(n)
	// Anchors let a few lines repeat for ever, or hold themselves.
	if d.nodes++; d.nodes > maxNodes {
		return nil, d.fail(n, "more than %d selections", maxNodes)
	}
	switch n.Kind {
	case yaml.MappingNode:
		var all rule.And
		for i := 0; i+1 < len(n.Content); i += 2 {
			x, err := c.field(d, n.Content[i], resolve(n.Content[i+1]))
			if err != nil {
				return nil, err
			}
			all = append(all, x)
		}
		if len(all) == 0 {
			return nil, d.fail(n, "an empty selection")
		}
		if len(all) == 1 {
			return all[0], nil
		}
		return all, nil
	case yaml.SequenceNode:
		var some rule.Or
		for _, el := range n.Content {
			x, err := c.selection(d, el)
			if err != nil {
				return nil, err
			}
			some = append(some, x)
		}
		if len(some) == 0 {
			return nil, d.fail(n, "an empty selection")
		}
		return some, nil
	case yaml.ScalarNode:
		return c.values(d, "", n, []*yaml.Node{n}, modifiers{op: rule.OpContains})
	}
	return nil, d.fail(n, "a selection must be a map, a list or a value")
}

// modifiers of a field, parsed.
type modifiers struct {
	op         rule.Op
	text       bool // op was given by contains, startswith or endswith
	all, cased bool
	neq        bool
	exists     bool
	fieldref   bool
	re         string // flags of re; "-" none
	part       string
	windash    bool
	transforms []string // base64, base64offset, wide … in the order written
	expand     bool
}

func (c *Collection) field(d *document, key, val *yaml.Node) (rule.Expr, error) {
	parts := strings.Split(key.Value, "|")
	name := parts[0]
	m := modifiers{op: rule.OpIn}
	for _, mod := range parts[1:] {
		switch mod {
		case "contains":
			m.op, m.text = rule.OpContains, true
		case "startswith":
			m.op, m.text = rule.OpPrefix, true
		case "endswith":
			m.op, m.text = rule.OpSuffix, true
		case "all":
			m.all = true
		case "cased":
			m.cased = true
		case "neq":
			m.neq = true
		case "exists":
			m.exists = true
		case "fieldref":
			m.fieldref = true
		case "re":
			m.re += "-"
			m.op = rule.OpRegexp
		case "i", "m", "s", "ignorecase", "multiline", "dotall":
			if m.re == "" {
				return nil, d.fail(key, "the modifier %q follows re", mod)
			}
			m.re += map[byte]string{'i': "i", 'm': "m", 's': "s", 'd': "s"}[mod[0]]
		case "cidr":
			m.op = rule.OpCIDR
		case "gt":
			m.op = rule.OpGt
		case "gte":
			m.op = rule.OpGe
		case "lt":
			m.op = rule.OpLt
		case "lte":
			m.op = rule.OpLe
		case "minute", "hour", "day", "week", "month", "year":
			m.op, m.part = rule.OpTime, mod
		case "windash":
			m.windash = true
		case "base64", "base64offset", "utf16le", "utf16be", "utf16", "wide":
			m.transforms = append(m.transforms, mod)
		case "expand":
			m.expand = true
		default:
			return nil, d.fail(key, "the modifier %q is not known", mod)
		}
	}
	vals := []*yaml.Node{val}
	if val.Kind == yaml.SequenceNode {
		vals = nil
		for _, v := range val.Content {
			vals = append(vals, resolve(v))
		}
	}
	if len(vals) == 0 {
		return nil, d.fail(key, "the field %q has no values", name)
	}
	if name == "" { // '|all' with keywords
		m.op = rule.OpContains
	}
	return c.values(d, name, key, vals, m)
}

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

var dashes = []string{"-", "/", "–", "—", "―"}

// windash exchanges the dashes of each text.
func windash(texts []string) []string {
	var out []string
	for _, t := range texts {
		out = append(out, t)
		for _, to := range dashes {
			x := t
			for _, from := range dashes {
				x = strings.ReplaceAll(x, from, to)
			}
			if x != t {
				out = append(out, x)
			}
		}
	}
	return out
}

func transform(name string, texts []string) ([]string, error) {
	var out []string
	for _, t := range texts {
		switch name {
		case "base64":
			out = append(out, base64.StdEncoding.EncodeToString([]byte(t)))
		case "base64offset":
			for i, start := range []int{0, 2, 3} {
				enc := base64.StdEncoding.EncodeToString([]byte(strings.Repeat(" ", i) + t))
				end := len(enc) - []int{0, 3, 2}[(len(t)+i)%3]
				if start < end {
					out = append(out, enc[start:end])
				}
			}
		case "utf16le", "wide", "utf16be", "utf16":
			var b []byte
			if name == "utf16" {
				b = append(b, 0xff, 0xfe)
			}
			for _, u := range utf16.Encode([]rune(t)) {
				if name == "utf16be" {
					b = append(b, byte(u>>8), byte(u))
				} else {
					b = append(b, byte(u), byte(u>>8))
				}
			}
			out = append(out, string(b))
		}
	}
	return out, nil
}

var placeholder = regexp.MustCompile(`%([A-Za-z0-9_.-]+)%`)

// expand replaces %name% by the caller's values.
func (c *Collection) expand(d *document, v *yaml.Node) ([]string, error) {
	texts := []string{v.Value}
	for {
		var next []string
		changed := false
		for _, t := range texts {
			m := placeholder.FindStringSubmatchIndex(t)
			if m == nil {
				next = append(next, t)
				continue
			}
			vals := c.Placeholders[t[m[2]:m[3]]]
			if len(vals) == 0 {
				return nil, d.fail(v, "the placeholder %%%s%% has no values", t[m[2]:m[3]])
			}
			changed = true
			for _, val := range vals {
				// What was put in is not expanded again.
				next = append(next, t[:m[0]]+strings.ReplaceAll(val, "%", "\x00")+t[m[1]:])
			}
		}
		if texts = next; !changed {
			break
		}
		if len(texts) > 10_000 {
			return nil, d.fail(v, "the placeholders multiply to more than 10,000 values")
		}
	}
	for i := range texts {
		texts[i] = strings.ReplaceAll(texts[i], "\x00", "%")
	}
	return texts, nil
}
