package sigma

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/awsposture/posture/detective/trail/rule"
)

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
