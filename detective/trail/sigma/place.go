package sigma

import (
	"strings"

	"go.yaml.in/yaml/v3"
)

// Place is the file and line of what a rule says of a member: of the value
// text there, if it is found, else of the member, else of the rule. The line is
// zero for a rule that is not in the collection. A linter that judges compiled
// rules finds its way back by it.
func (c *Collection) Place(rule, path, text string) (file string, line int) {
	id, _, _ := strings.Cut(rule, "#") // the parts of an old aggregation
	for _, d := range c.docs {
		if d.meta.id() != id && d.meta.id() != rule {
			continue
		}
		line := d.root.Line
		for _, part := range []string{"detection", "correlation", "filter"} {
			if n := find(get(d.root, part), path, text, 0); n != nil {
				return d.file, n.Line
			}
		}
		return d.file, line
	}
	return "", 0
}

// find looks for a field and, below it, for a value.
func find(n *yaml.Node, path, text string, depth int) *yaml.Node {
	if n == nil || path == "" || depth > 100 {
		return nil
	}
	var near *yaml.Node // the field without the value
	for i := 0; i < len(n.Content); i++ {
		el := n.Content[i]
		if n.Kind == yaml.MappingNode {
			val := resolve(n.Content[i+1])
			if name, _, _ := strings.Cut(el.Value, "|"); name == path {
				if v := value(val, text); v != nil {
					return v
				}
				if near == nil {
					near = el
				}
			}
			if val.Kind == yaml.ScalarNode && val.Value == path { // group-by
				return val
			}
			i++
			el = val
		}
		if el.Kind == yaml.ScalarNode && el.Value == path {
			return el
		}
		if el.Kind != yaml.AliasNode {
			if v := find(el, path, text, depth+1); v != nil {
				if text == "" || strings.EqualFold(v.Value, text) {
					return v
				}
				if near == nil {
					near = v
				}
			}
		}
	}
	return near
}

func value(n *yaml.Node, text string) *yaml.Node {
	if text == "" {
		return nil
	}
	if n.Kind == yaml.ScalarNode && n.Value == text {
		return n
	}
	for _, el := range n.Content {
		if v := value(resolve(el), text); v != nil && n.Kind == yaml.SequenceNode {
			return v
		}
	}
	return nil
}
