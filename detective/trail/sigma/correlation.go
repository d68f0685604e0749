package sigma

import (
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/awsposture/posture/detective/trail/rule"
)

// find resolves a reference to a rule by id, name or title.
func (c *Collection) find(d *document, ref string, rules []rule.Rule, owner map[string]*document) string {
	for _, r := range rules {
		if o := owner[r.ID]; o != nil && r.ID == o.meta.id() && (ref == o.meta.ID || ref == o.meta.Name) {
			return r.ID
		}
	}
	for _, r := range rules {
		if o := owner[r.ID]; o != nil && r.ID == o.meta.id() && ref == o.meta.Title {
			c.note(d, "the rule %q is named by its title", ref)
			return r.ID
		}
	}
	return ""
}

func list(n *yaml.Node) []string {
	if n == nil {
		return nil
	}
	if n.Kind == yaml.ScalarNode {
		return []string{n.Value}
	}
	var out []string
	for _, el := range n.Content {
		out = append(out, resolve(el).Value)
	}
	return out
}

var correlationKinds = map[string]rule.Kind{
	"event_count": rule.Count, "value_count": rule.Distinct, "temporal": rule.Temporal, "temporal_ordered": rule.Ordered,
	"value_sum": rule.Sum, "value_avg": rule.Avg, "value_median": rule.Median, "value_percentile": rule.Percentile,
}

// correlation compiles a correlation document. missing is the reference that
// could not be resolved.
func (c *Collection) correlation(d *document, rules []rule.Rule, owner map[string]*document) (out []rule.Rule, missing string, err error) {
	n := get(d.root, "correlation")
	typ := get(n, "type")
	if typ == nil {
		return nil, "", d.fail(n, "the correlation has no type")
	}
	kind, ok := correlationKinds[typ.Value]
	if !ok {
		return nil, "", d.fail(typ, "the correlation type %q is not known", typ.Value)
	}
	co := &rule.Correlation{Kind: kind, GroupBy: list(get(n, "group-by"))}
	ids := map[string]string{}
	refs := list(get(n, "rules"))
	if len(refs) == 0 {
		return nil, "", d.fail(n, "the correlation names no rules")
	}
	for _, ref := range refs {
		id := c.find(d, ref, rules, owner)
		if id == "" {
			return nil, ref, d.fail(get(n, "rules"), "the rule %q is not loaded", ref)
		}
		ids[ref] = id
		co.Rules = append(co.Rules, id)
		co.Steps = append(co.Steps, rule.Step{All: []string{id}})
	}
	if kind != rule.Ordered {
		co.Steps = nil
	}
	span := get(n, "timespan")
	if span == nil {
		span = get(n, "timeframe")
	}
	if span == nil {
		return nil, "", d.fail(n, "the correlation has no timespan")
	}
	within, terr := timespan(span.Value)
	if terr != nil {
		return nil, "", d.fail(span, "%v", terr)
	}
	co.Within = within
	if a := get(n, "aliases"); a != nil {
		co.Aliases = map[string]map[string]string{}
		for i := 0; i+1 < len(a.Content); i += 2 {
			m := map[string]string{}
			for j := 0; j+1 < len(a.Content[i+1].Content); j += 2 {
				ref := a.Content[i+1].Content[j].Value
				id := ids[ref]
				if id == "" {
					return nil, "", d.fail(a, "the alias %q is for %q, which the correlation does not name", a.Content[i].Value, ref)
				}
				m[id] = a.Content[i+1].Content[j+1].Value
			}
			co.Aliases[a.Content[i].Value] = m
		}
	}
	if err := c.bounds(d, n, co, ids); err != nil {
		return nil, "", err
	}
	// Rules that a correlation names do not report by themselves.
	if g := get(n, "generate"); g == nil || !strings.EqualFold(g.Value, "true") {
		for i := range rules {
			for _, id := range co.Rules {
				if rules[i].ID == id {
					rules[i].Silent = true
				}
			}
		}
	}
	r := d.base()
	r.Correlate = co
	return []rule.Rule{r}, "", nil
}

// bounds reads the condition: a map of comparisons, or for temporal types an
// expression over rule names.
func (c *Collection) bounds(d *document, n *yaml.Node, co *rule.Correlation, ids map[string]string) error {
	cond := get(n, "condition")
	temporal := co.Kind == rule.Temporal || co.Kind == rule.Ordered
	if cond == nil {
		if !temporal {
			return d.fail(n, "the correlation has no condition")
		}
		return nil
	}
	if cond.Kind == yaml.ScalarNode {
		if co.Kind != rule.Temporal {
			return d.fail(cond, "only temporal correlations take an expression")
		}
		names := map[string]rule.Expr{}
		var order []string
		for ref, id := range ids {
			names[ref] = rule.Matched(id)
			order = append(order, ref)
		}
		x, err := d.condition(cond, cond.Value, names, order)
		if err != nil {
			return err
		}
		co.Cond = x
		return nil
	}
	for i := 0; i+1 < len(cond.Content); i += 2 {
		k, v := cond.Content[i].Value, resolve(cond.Content[i+1])
		if k == "field" {
			co.Fields = list(v)
			continue
		}
		x, err := strconv.ParseFloat(v.Value, 64)
		if err != nil {
			return d.fail(v, "%q is not a number", v.Value)
		}
		if k == "percentile" {
			co.Rank = x
			continue
		}
		op, ok := boundOps[k]
		if !ok {
			return d.fail(cond, "the comparison %q is not known", k)
		}
		co.Want = append(co.Want, rule.Bound{Op: op, N: x, Ne: k == "neq"})
	}
	if !temporal && len(co.Want) == 0 {
		return d.fail(cond, "the condition compares nothing")
	}
	if co.Kind == rule.Percentile && co.Rank == 0 {
		co.Rank = 50
	}
	if co.Kind >= rule.Sum && co.Kind <= rule.Percentile || co.Kind == rule.Distinct {
		if len(co.Fields) == 0 {
			return d.fail(cond, "the condition names no field")
		}
	}
	return nil
}

// filter takes a filter's matches out of the rules it names. Both ways of
// writing one are in use: "condition: not selection" says what remains,
// "condition: selection" what is taken out.
func (c *Collection) filter(d *document, rules []rule.Rule, owner map[string]*document) error {
	if err := c.checkSource(d); err != nil {
		return err
	}
	n := get(d.root, "filter")
	names, order, err := c.selections(d, n)
	if err != nil {
		return err
	}
	cond := get(n, "condition")
	if cond == nil {
		return d.fail(n, "the filter has no condition")
	}
	x, err := d.condition(cond, cond.Value, names, order)
	if err != nil {
		return err
	}
	keep := x
	if _, says := x.(rule.Not); !says {
		keep = rule.Not{X: x}
	}
	refs := list(get(n, "rules"))
	all := len(refs) == 0 || len(refs) == 1 && refs[0] == "any"
	targets := map[string]bool{}
	if !all {
		for _, ref := range refs {
			id := c.find(d, ref, rules, owner)
			if id == "" {
				return d.fail(get(n, "rules"), "the rule %q is not loaded", ref)
			}
			targets[id] = true
		}
	}
	for i, r := range rules {
		if r.Expr != nil && (all || targets[r.ID] || owner[r.ID] != nil && targets[owner[r.ID].meta.id()]) {
			rules[i].Expr = rule.And{r.Expr, keep}
		}
	}
	return nil
}
