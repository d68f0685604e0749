package sigma

import (
	"sort"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/awsposture/posture/detective/trail/rule"
)

// detection compiles a detection rule. With an aggregation in its condition it
// becomes a correlation.
func (c *Collection) detection(d *document) ([]rule.Rule, error) {
	if err := c.checkSource(d); err != nil {
		return nil, err
	}
	det := get(d.root, "detection")
	names, order, err := c.selections(d, det)
	if err != nil {
		return nil, err
	}
	cond := get(det, "condition")
	if cond == nil {
		return nil, d.fail(det, "the detection has no condition")
	}
	conds := []*yaml.Node{cond}
	if cond.Kind == yaml.SequenceNode {
		conds = cond.Content
	}
	r := d.base()
	var some []rule.Expr
	for _, n := range conds {
		text, agg, _ := strings.Cut(n.Value, "|")
		x, err := d.condition(n, text, names, order)
		if err != nil {
			return nil, err
		}
		some = append(some, x)
		if agg = strings.TrimSpace(agg); agg != "" {
			if len(conds) > 1 {
				return nil, d.fail(n, "an aggregation in a list of conditions")
			}
			c.note(d, "the aggregation %q was converted to a correlation", agg)
			return c.aggregation(d, det, n, x, agg, names, r)
		}
	}
	r.Expr = or(some)
	if s := d.meta.Status; s == "deprecated" || s == "unsupported" {
		c.note(d, "its status is %s", s)
	}
	return []rule.Rule{r}, nil
}

// checkSource refuses rules for other logs.
func (c *Collection) checkSource(d *document) error {
	src := func(k string) string { s, _ := d.meta.LogSource[k].(string); return strings.ToLower(s) }
	if p := src("product"); p != "" && p != "aws" {
		return d.fail(get(d.root, "logsource"), "its log source is of product %q, not aws", p)
	}
	if s := src("service"); s != "" && s != "cloudtrail" {
		return d.fail(get(d.root, "logsource"), "its log source is the service %q, not cloudtrail", s)
	}
	return nil
}

func (c *Collection) selections(d *document, det *yaml.Node) (map[string]rule.Expr, []string, error) {
	names := map[string]rule.Expr{}
	var order []string
	if det.Kind != yaml.MappingNode {
		return nil, nil, d.fail(det, "not a map of selections")
	}
	for i := 0; i+1 < len(det.Content); i += 2 {
		k := det.Content[i].Value
		if k == "condition" || k == "timeframe" || k == "rules" {
			continue
		}
		x, err := c.selection(d, det.Content[i+1])
		if err != nil {
			return nil, nil, err
		}
		names[k] = x
		order = append(order, k)
	}
	sort.Strings(order)
	return names, order, nil
}
