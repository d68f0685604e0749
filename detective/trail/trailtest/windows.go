package trailtest

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/awsposture/posture/detective/trail"
	"github.com/awsposture/posture/detective/trail/rule"
)

// Found is a finding of a correlation.
type Found struct {
	Rule   string
	Group  []string
	Events []string // ids, in order of time
	Value  float64
}

// sight is one match that a correlation counts.
type sight struct {
	at                int64
	id, account, rule string
	values            []string
}

// SlowWindows finds what correlations make of all records at once, by looking
// at every window of every group. Correlations of correlations, and the groups
// "session" and "principal", are not for it.
func SlowWindows(rules []rule.Rule, records [][]byte) ([]Found, error) {
	exprs := map[string]rule.Expr{}
	for _, r := range rules {
		exprs[r.ID] = r.Expr
	}
	var docs []*doc
	for _, rec := range records {
		d, err := decode(rec)
		if err != nil {
			return nil, err
		}
		d.root = true
		docs = append(docs, d)
	}
	var out []Found
	for _, r := range rules {
		c := r.Correlate
		if c == nil {
			continue
		}
		feeds := c.Rules
		if len(feeds) == 0 {
			feeds = []string{r.ID}
		}
		groups := map[string][]sight{}
		for _, d := range docs {
			for _, id := range feeds {
				if !slow(exprs[id], d) {
					continue
				}
				s := sight{at: d.time(), id: d.first("eventID"), account: d.first("recipientAccountId"), rule: id}
				for _, f := range c.Fields {
					vals := d.all(f)
					if c.Together && len(vals) == 0 {
						vals = []string{""}
					}
					s.values = append(s.values, vals...)
				}
				if c.Together {
					s.values = []string{strings.Join(s.values, "\x00")}
				}
				for _, key := range d.groups(c, id) {
					groups[key] = append(groups[key], s)
				}
			}
		}
		for key, ss := range groups {
			slices.SortFunc(ss, func(a, b sight) int {
				return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.id, b.id), cmp.Compare(a.account, b.account), cmp.Compare(a.rule, b.rule))
			})
			groups[key] = slices.CompactFunc(ss, func(a, b sight) bool {
				return a.at == b.at && a.id == b.id && a.account == b.account && a.rule == b.rule
			})
		}
		if c.Kind == rule.FirstSeen {
			out = append(out, firstSeen(r.ID, c, groups)...)
			continue
		}
		for key, ss := range groups {
			for i := 0; i < len(ss); i++ {
				j := i
				for j < len(ss) && ss[j].at-ss[i].at <= int64(c.Within) {
					j++
				}
				if n, ok := holds(c, ss[i:j]); ok {
					out = append(out, found(r.ID, key, ss[i:j], n))
					i = j - 1
				}
			}
		}
	}
	return out, nil
}

func found(id, key string, ss []sight, n float64) Found {
	f := Found{Rule: id, Value: n}
	if key != "" {
		f.Group = strings.Split(key, "\x00")
	}
	for _, s := range ss {
		f.Events = append(f.Events, s.id)
	}
	return f
}

func firstSeen(id string, c *rule.Correlation, groups map[string][]sight) (out []Found) {
	start := int64(math.MaxInt64)
	for _, ss := range groups {
		start = min(start, ss[0].at)
	}
	for key, ss := range groups {
		for i, s := range ss {
			if (i == 0 || s.at-ss[i-1].at > int64(c.Within)) && s.at-start >= int64(c.Learn) {
				out = append(out, found(id, key, ss[i:i+1], 1))
			}
		}
	}
	return out
}

func (d *doc) all(path string) (out []string) {
	for _, v := range d.at(trail.P(path)) {
		if v.kind != trail.KindArray && v.kind != trail.KindNull {
			out = append(out, v.text)
		}
	}
	return slices.Compact(out)
}

func (d *doc) first(path string) string {
	for _, t := range d.all(path) {
		return t
	}
	return ""
}

func (d *doc) time() int64 {
	t, err := time.Parse(time.RFC3339, d.first("eventTime"))
	if err != nil {
		return 0
	}
	return t.UnixNano()
}

func (d *doc) groups(c *rule.Correlation, id string) []string {
	keys := []string{""}
	for i, f := range c.GroupBy {
		if alias := c.Aliases[f][id]; alias != "" {
			f = alias
		}
		vals := d.all(f)
		if len(vals) == 0 {
			vals = []string{rule.Missing}
		}
		var next []string
		for _, k := range keys {
			for _, v := range vals {
				if i > 0 {
					v = k + "\x00" + v
				}
				next = append(next, v)
			}
		}
		keys = next
	}
	return keys
}

func holds(c *rule.Correlation, win []sight) (float64, bool) {
	times := map[string][]int64{}
	events, values := map[string]bool{}, map[string]bool{}
	var xs []float64
	n := 0.0
	for i, s := range win {
		times[s.rule] = append(times[s.rule], s.at)
		if s.id == "" {
			events[strconv.Itoa(i)] = true
		} else {
			events["id "+s.id+" "+s.account] = true
		}
		for _, v := range s.values {
			values[v] = true
			if x, err := strconv.ParseFloat(v, 64); err == nil {
				xs = append(xs, x)
				n += x
			}
		}
	}
	slices.Sort(xs)
	switch c.Kind {
	case rule.Temporal:
		ok := true
		for _, id := range c.Rules {
			ok = ok && len(times[id]) > 0
		}
		if c.Cond != nil {
			ok = matched(c.Cond, times)
		}
		return float64(len(win)), ok
	case rule.Ordered:
		at := win[0].at
		for _, st := range c.Steps {
			reached := at
			for _, id := range st.All {
				late := slices.DeleteFunc(slices.Clone(times[id]), func(t int64) bool { return t < at })
				if len(late) < max(st.Min, 1) {
					return 0, false
				}
				reached = max(reached, late[max(st.Min, 1)-1])
			}
			at = reached
		}
		return float64(len(win)), true
	case rule.Count:
		n = float64(len(events))
	case rule.Distinct:
		n = float64(len(values))
	case rule.Avg:
		n /= float64(len(xs))
	case rule.Median:
		if len(xs) > 0 {
			n = (xs[(len(xs)-1)/2] + xs[len(xs)/2]) / 2
		}
	case rule.Percentile:
		if len(xs) > 0 {
			n = xs[min(max(int(math.Ceil(c.Rank/100*float64(len(xs))))-1, 0), len(xs)-1)]
		}
	}
	if len(xs) == 0 && c.Kind != rule.Count && c.Kind != rule.Distinct {
		return 0, false
	}
	if len(c.Want) == 0 {
		return n, n >= 1
	}
	for _, b := range c.Want {
		ok := map[rule.Op]bool{rule.OpEq: n == b.N, rule.OpLt: n < b.N, rule.OpLe: n <= b.N, rule.OpGt: n > b.N, rule.OpGe: n >= b.N}[b.Op]
		if ok == b.Ne {
			return n, false
		}
	}
	return n, true
}

func matched(x rule.Expr, times map[string][]int64) bool {
	switch x := x.(type) {
	case rule.And:
		return !slices.ContainsFunc(x, func(y rule.Expr) bool { return !matched(y, times) })
	case rule.Or:
		return slices.ContainsFunc(x, func(y rule.Expr) bool { return matched(y, times) })
	case rule.Not:
		return !matched(x.X, times)
	}
	return len(times[x.String()]) > 0
}
