package sigma

import (
	"fmt"
	"path"
	"regexp"
	"sort"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/awsposture/posture/detective/trail/rule"
)

// condition parses a condition over named selections.
//
//	or    = and { "or" and }
//	and   = not { "and" not }
//	not   = "not" not | prim
//	prim  = "(" or ")" | count "of" ( "them" | pattern ) | name
type condition struct {
	d     *document
	at    *yaml.Node
	toks  []string
	i     int
	names map[string]rule.Expr
	order []string
}

var token = regexp.MustCompile(`\(|\)|\||[^\s()|]+`)

func (p *condition) peek() string {
	if p.i < len(p.toks) {
		return p.toks[p.i]
	}
	return ""
}

func (p *condition) word(w string) bool {
	if strings.EqualFold(p.peek(), w) {
		p.i++
		return true
	}
	return false
}

func (p *condition) or(depth int) (rule.Expr, error) {
	if depth > 100 {
		return nil, p.d.fail(p.at, "the condition is nested too deep")
	}
	return p.list("or", depth, p.and, func(xs []rule.Expr) rule.Expr { return rule.Or(xs) })
}

func (p *condition) and(depth int) (rule.Expr, error) {
	return p.list("and", depth, p.not, func(xs []rule.Expr) rule.Expr { return rule.And(xs) })
}

func (p *condition) list(sep string, depth int, next func(int) (rule.Expr, error), join func([]rule.Expr) rule.Expr) (rule.Expr, error) {
	var xs []rule.Expr
	for {
		x, err := next(depth)
		if err != nil {
			return nil, err
		}
		xs = append(xs, x)
		if !p.word(sep) {
			break
		}
	}
	if len(xs) == 1 {
		return xs[0], nil
	}
	return join(xs), nil
}

func (p *condition) not(depth int) (rule.Expr, error) {
	if p.word("not") {
		if depth > 100 {
			return nil, p.d.fail(p.at, "the condition is nested too deep")
		}
		x, err := p.not(depth + 1)
		if err != nil {
			return nil, err
		}
		return rule.Not{X: x}, nil
	}
	return p.prim(depth)
}

func (p *condition) prim(depth int) (rule.Expr, error) {
	t := p.peek()
	switch {
	case t == "":
		return nil, p.d.fail(p.at, "the condition ends where a selection is expected")
	case t == "(":
		p.i++
		x, err := p.or(depth + 1)
		if err != nil {
			return nil, err
		}
		if !p.word(")") {
			return nil, p.d.fail(p.at, "a closing parenthesis is missing in the condition")
		}
		return x, nil
	case p.i+1 < len(p.toks) && strings.EqualFold(p.toks[p.i+1], "of"):
		return p.of()
	}
	x, ok := p.names[t]
	if !ok {
		return nil, p.d.fail(p.at, "the condition names %q, which is not a selection", t)
	}
	p.i++
	return x, nil
}

func (p *condition) of() (rule.Expr, error) {
	count := strings.ToLower(p.peek())
	p.i += 2
	pattern := p.peek()
	if pattern == "" {
		return nil, p.d.fail(p.at, "selections are missing after %q of", count)
	}
	p.i++
	var xs []rule.Expr
	for _, name := range p.order {
		var match bool
		if strings.EqualFold(pattern, "them") {
			match = !strings.HasPrefix(name, "_")
		} else {
			match, _ = path.Match(strings.NewReplacer("[", `\[`, "?", `\?`).Replace(pattern), name)
		}
		if match {
			xs = append(xs, p.names[name])
		}
	}
	if len(xs) == 0 {
		return nil, p.d.fail(p.at, "%q matches no selection", pattern)
	}
	switch count {
	case "all":
		return rule.And(xs), nil
	case "any", "1":
		return or(xs), nil
	}
	n, err := strconv.Atoi(count)
	if err != nil || n < 1 {
		return nil, p.d.fail(p.at, "expected a number, any or all before of, found %q", count)
	}
	if n > len(xs) {
		return nil, p.d.fail(p.at, "%d of %d selections can never be", n, len(xs))
	}
	if len(xs) > 16 {
		return nil, p.d.fail(p.at, "%d of %d selections are too many combinations", n, len(xs))
	}
	return atLeast(n, xs), nil
}

func atLeast(n int, xs []rule.Expr) rule.Expr {
	switch {
	case n == 0:
		return rule.Const(true)
	case n == 1:
		return or(xs)
	case n == len(xs):
		return rule.And(xs)
	}
	return rule.Or{rule.And{xs[0], atLeast(n-1, xs[1:])}, atLeast(n, xs[1:])}
}

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
		p := &condition{d: d, at: n, toks: token.FindAllString(text, -1), names: names, order: order}
		x, err := p.or(0)
		if err != nil {
			return nil, err
		}
		if p.i < len(p.toks) {
			return nil, d.fail(n, "%q is not expected in the condition", p.peek())
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

var aggregate = regexp.MustCompile(`^(count|sum|avg)\s*\(\s*([^\s()]*)\s*\)\s*(?:by\s+([^\s<>=]+))?\s*(>=|<=|==|=|>|<)\s*([0-9.]+)$`)

// aggregation converts "| count(F) by G > n" and "| near A and B".
func (c *Collection) aggregation(d *document, det, at *yaml.Node, x rule.Expr, agg string, names map[string]rule.Expr, r rule.Rule) ([]rule.Rule, error) {
	within := 24 * time.Hour // the old format's rules without a timeframe mean one search
	if tf := get(det, "timeframe"); tf != nil {
		var err error
		if within, err = timespan(tf.Value); err != nil {
			return nil, d.fail(tf, "%v", err)
		}
	}
	if near, ok := strings.CutPrefix(agg, "near "); ok {
		co := &rule.Correlation{Kind: rule.Temporal, Within: within}
		out := []rule.Rule{{ID: r.ID + "#0", Silent: true, Expr: x}}
		for _, name := range regexp.MustCompile(`(?i)\s+and\s+`).Split(strings.TrimSpace(near), -1) {
			y, ok := names[name]
			if !ok {
				return nil, d.fail(at, "near %q: only selections joined by and are supported", name)
			}
			out = append(out, rule.Rule{ID: fmt.Sprintf("%s#%d", r.ID, len(out)), Silent: true, Expr: y})
		}
		for _, s := range out {
			co.Rules = append(co.Rules, s.ID)
		}
		r.Correlate = co
		return append(out, r), nil
	}
	m := aggregate.FindStringSubmatch(agg)
	if m == nil {
		return nil, d.fail(at, "the aggregation %q is not supported", agg)
	}
	n, err := strconv.ParseFloat(m[5], 64)
	if err != nil {
		return nil, d.fail(at, "%v", err)
	}
	co := &rule.Correlation{Within: within, Want: []rule.Bound{{Op: boundOps[m[4]], N: n}}}
	if m[3] != "" {
		co.GroupBy = []string{m[3]}
	}
	if m[2] != "" {
		co.Fields = []string{m[2]}
	}
	switch {
	case m[1] == "sum":
		co.Kind = rule.Sum
	case m[1] == "avg":
		co.Kind = rule.Avg
	case m[2] != "":
		co.Kind = rule.Distinct
	}
	r.Expr, r.Correlate = x, co
	return []rule.Rule{r}, nil
}

var boundOps = map[string]rule.Op{
	"=": rule.OpEq, "==": rule.OpEq, ">": rule.OpGt, ">=": rule.OpGe, "<": rule.OpLt, "<=": rule.OpLe,
	"eq": rule.OpEq, "gt": rule.OpGt, "gte": rule.OpGe, "lt": rule.OpLt, "lte": rule.OpLe, "neq": rule.OpEq,
}

func timespan(s string) (time.Duration, error) {
	if len(s) < 2 {
		return 0, fmt.Errorf("%q is not a time span", s)
	}
	n, err := strconv.Atoi(s[:len(s)-1])
	unit := map[byte]time.Duration{'s': time.Second, 'm': time.Minute, 'h': time.Hour, 'd': 24 * time.Hour, 'w': 7 * 24 * time.Hour}[s[len(s)-1]]
	if err != nil || unit == 0 || n <= 0 || n > 1_000_000 {
		return 0, fmt.Errorf("%q is not a time span of the form 5m, 1h or 7d", s)
	}
	return time.Duration(n) * unit, nil
}
