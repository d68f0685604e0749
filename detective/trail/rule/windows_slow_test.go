package rule_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/awsposture/posture/detective/trail"
	"github.com/awsposture/posture/detective/trail/rule"
	"github.com/awsposture/posture/detective/trail/trailtest"
)

// randomWindows are correlations of every kind over events of three names.
func randomWindows(r *rand.Rand) []rule.Rule {
	rules := []rule.Rule{
		{ID: "A", Silent: true, Expr: rule.Eq("eventName", "A")},
		{ID: "B", Silent: true, Expr: rule.Eq("eventName", "B")},
		{ID: "AC", Silent: true, Expr: rule.Eq("eventName", "A", "C")},
	}
	some := func(xs ...string) []string {
		r.Shuffle(len(xs), func(i, j int) { xs[i], xs[j] = xs[j], xs[i] })
		return xs[:1+r.IntN(len(xs))]
	}
	for i := range 12 {
		c := &rule.Correlation{
			Kind: rule.Kind(r.IntN(int(rule.FirstSeen) + 1)), Rules: some("A", "B", "AC"), Within: time.Duration(1+r.IntN(20)) * time.Minute,
			GroupBy: some("who", "list", "region"), Fields: some("n", "list", "region"), Together: r.IntN(3) == 0, Rank: float64(r.IntN(101)), Learn: time.Duration(r.IntN(30)) * time.Minute,
		}
		if r.IntN(4) == 0 && c.Kind != rule.FirstSeen {
			c.GroupBy = nil
		}
		if r.IntN(3) == 0 {
			c.Aliases = map[string]map[string]string{"who": {"B": "region"}}
		}
		switch r.IntN(4) {
		case 0, 1:
			c.Want = rule.AtLeast(float64(r.IntN(6)))
		case 2:
			c.Want = []rule.Bound{{Op: rule.Op(int(rule.OpEq) + r.IntN(5)), N: float64(r.IntN(6))}, {Op: rule.OpEq, N: 4, Ne: true}}
		}
		switch c.Kind {
		case rule.Ordered:
			for range 1 + r.IntN(3) {
				c.Steps = append(c.Steps, rule.Step{All: some(slices.Clone(c.Rules)...), Min: r.IntN(3)})
			}
		case rule.Temporal:
			if r.IntN(2) == 0 {
				c.Cond = rule.AnyOf(rule.All(rule.Matched("A"), rule.No(rule.Matched("B"))), rule.Matched("AC"))
			}
		}
		rules = append(rules, rule.Rule{ID: fmt.Sprint("w", i), Correlate: c})
	}
	return rules
}

func randomSights(r *rand.Rand, n int) (records [][]byte, minutes []int) {
	for i := range n {
		minute := r.IntN(90)
		at := time.Date(2026, 3, 1, 10, minute, 0, 0, time.UTC).Format(time.RFC3339)
		list := []string{`["x","y"]`, `["x","x"]`, `[]`, `null`, `"z"`, `{"a":1}`, `[{"a":1},"y"]`}[r.IntN(7)]
		records = append(records, fmt.Appendf(nil, `{"eventTime":%q,"eventID":"e%03d","eventName":"%c","who":"%c","region":"%c","n":%d,"list":%s}`,
			at, i, "ABC"[r.IntN(3)], "uvw"[r.IntN(3)], "pq"[r.IntN(2)], r.IntN(5), list))
		minutes = append(minutes, minute)
	}
	return records, minutes
}

// TestWindowsAgainstSlow compares the findings of random correlations with
// those of an evaluator that looks at every window: of files, of a stream that
// is out of order, and over restarts.
func TestWindowsAgainstSlow(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 12))
	total := 0
	for range 150 {
		records, minutes := randomSights(r, 20+r.IntN(60))
		total += agree(t, r, randomWindows(r), records, minutes)
	}
	if total < 3000 {
		t.Errorf("only %d findings: the test says little", total)
	}
}

// agree compares an engine's findings with those of the slow evaluator, and
// returns how many there are.
func agree(t *testing.T, r *rand.Rand, rules []rule.Rule, records [][]byte, minutes []int) int {
	t.Helper()
	slow, err := trailtest.SlowWindows(rules, records)
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for _, f := range slow {
		want = append(want, fmt.Sprint(f.Rule, f.Group, f.Events, f.Value))
	}
	slices.Sort(want)
	set, err := rule.Compile(rules)
	if err != nil {
		t.Fatal(err)
	}
	for name, o := range map[string]*rule.Options{"files": nil, "stream": {Lateness: 15 * time.Minute}, "early": {Lateness: 15 * time.Minute, Early: true}} {
		order := make([]int, len(records))
		jitter := make([]int, len(records))
		for i := range order {
			order[i] = i
			jitter[i] = minutes[i] + r.IntN(14)
		}
		if o != nil { // late by less than the lateness; files come in any order
			slices.SortStableFunc(order, func(a, b int) int { return jitter[a] - jitter[b] })
		}
		g := set.Engine(o)
		var got []string
		note := func(hits []rule.Hit) { got = append(got, told(hits)...) }
		restart := r.IntN(2 * len(order))
		for k, i := range order {
			if k == restart {
				var b bytes.Buffer
				if err := g.Save(&b); err != nil {
					t.Fatal(err)
				}
				g = set.Engine(o)
				if err := g.Load(&b); err != nil {
					t.Fatal(err)
				}
			}
			var e trail.Event
			if err := e.Parse(records[i]); err != nil {
				t.Fatal(err)
			}
			note(g.Event(&e))
			if r.IntN(5) == 0 {
				note(g.Event(&e)) // once more
			}
		}
		note(g.Close())
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Fatalf("%s:\n got %s\nwant %s\nof %s", name, strings.Join(got, "\n     "), strings.Join(want, "\n     "), bytes.Join(records, []byte("\n")))
		}
	}
	return len(want)
}

// told are the findings as text, without those that were told early.
func told(hits []rule.Hit) (out []string) {
	for _, h := range hits {
		if h.Early {
			continue
		}
		ids := []string{}
		for _, ref := range h.Events {
			ids = append(ids, ref.ID)
		}
		out = append(out, fmt.Sprint(h.Rule, h.Group, ids, h.Value))
	}
	return out
}
