package sigma

import (
	"strings"

	"go.yaml.in/yaml/v3"

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
