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

// randomCounts are correlations that need several matches, with bounds of all
// kinds and windows of so many units.
func randomCounts(r *rand.Rand, unit time.Duration) []rule.Rule {
	rules := []rule.Rule{
		{ID: "A", Silent: true, Expr: rule.Eq("eventName", "A")},
		{ID: "AB", Silent: true, Expr: rule.Eq("eventName", "A", "B")},
	}
	bound := func() rule.Bound {
		b := rule.Bound{Op: rule.Op(int(rule.OpEq) + r.IntN(5)), N: float64(r.IntN(24)) / 4}
		b.Ne = b.Op == rule.OpEq && r.IntN(2) == 0
		return b
	}
	for i := range 8 {
		c := &rule.Correlation{
			Kind: []rule.Kind{rule.Count, rule.Distinct, rule.Distinct, rule.FirstSeen}[r.IntN(4)], Rules: []string{"A", "AB"}[r.IntN(2):],
			Within: unit * time.Duration(1+r.IntN(9)), GroupBy: [][]string{{"who"}, {"who", "list"}, {"userAgent"}}[r.IntN(3)],
			Fields: []string{"list", "userAgent", "sourceIPAddress"}[r.IntN(3):], Together: r.IntN(3) == 0, Learn: unit * time.Duration(r.IntN(5)),
		}
		switch r.IntN(4) {
		case 0:
			c.Want = []rule.Bound{bound()}
		case 1:
			c.Want = []rule.Bound{bound(), bound()}
		default:
			c.Want = rule.AtLeast(float64(2 + r.IntN(5)))
		}
		rules = append(rules, rule.Rule{ID: fmt.Sprint("w", i), Correlate: c})
	}
	return rules
}

var lengths = []int{0, 1, 47, 48, 49, 127, 128, 129, 200, 20_000}

func randomCounted(r *rand.Rand, n, keys int, unit time.Duration) (records [][]byte, units []int) {
	start := time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC)
	for i := range n {
		at, who := r.IntN(60), r.IntN(keys)
		if r.IntN(3) == 0 { // a burst
			at, who = i*6/n*10+r.IntN(5), keys+i*6/n
		}
		text := "x"
		if r.IntN(2) == 0 {
			text = strings.Repeat(string("xyz"[r.IntN(3)]), lengths[min(r.IntN(len(lengths)+5), r.IntN(len(lengths)))])
		}
		id := fmt.Sprintf("e%04d", i)
		name, ip, list := "AABC"[r.IntN(4)], "12"[r.IntN(2)], []string{`["x","y"]`, `["x","x"]`, `[]`, `null`, `"z"`, `""`, `{"a":1}`}[r.IntN(7)]
		if r.IntN(12) == 0 { // equal in all if at one time
			id, name, ip, list, text, who = "", 'A', '1', `"z"`, "x", 0
		}
		records = append(records, fmt.Appendf(nil, `{"eventTime":%q,"eventID":%q,"recipientAccountId":"%d","eventName":"%c","who":"u%d","userAgent":%q,"sourceIPAddress":"%c","list":%s}`,
			start.Add(time.Duration(at)*unit).Format(time.RFC3339Nano), id, 111122223333*(1+r.IntN(2)), name, who, text, ip, list))
		units = append(units, at)
	}
	return records, units
}

// TestCountsAgainstSlow: random bounds, windows from nanoseconds to years and
// texts of all lengths, every record twice and at different places, and several
// restarts: the findings are those of the slow evaluator, and event by event
// those of an engine that was never stopped and keeps all matches in groups.
func TestCountsAgainstSlow(t *testing.T) {
	r := rand.New(rand.NewPCG(21, 22))
	total, early := 0, 0
	for range 20 {
		unit := []time.Duration{1, time.Second, time.Minute, time.Hour, 100 * 24 * time.Hour}[r.IntN(5)]
		rules := randomCounts(r, unit)
		records, units := randomCounted(r, 50+r.IntN(250), 1+r.IntN(60), unit)
		slow, err := trailtest.SlowWindows(rules, records)
		if err != nil {
			t.Fatal(err)
		}
		var want []string
		for _, f := range slow {
			slices.Sort(f.Events)
			want = append(want, fmt.Sprint(f.Rule, f.Group, f.Events, f.Value))
		}
		slices.Sort(want)
		set, err := rule.Compile(rules)
		if err != nil {
			t.Fatal(err)
		}
		o := &rule.Options{Early: r.IntN(2) == 0}
		order, place := make([]int, 2*len(records)), make([]int, 2*len(records))
		for i := range order {
			order[i] = i
			place[i] = r.IntN(len(order))
		}
		if r.IntN(3) > 0 {
			o.Lateness = max(15*unit, 1)
			for i := range order {
				place[i] = units[i%len(units)] + r.IntN(15)
			}
		}
		slices.SortStableFunc(order, func(a, b int) int { return place[a] - place[b] })
		g, whole := set.Engine(o), set.Engine(o).Loud()
		var got []string
		same := func(a, b []rule.Hit) {
			if x, y := lines(a), lines(b); !slices.Equal(x, y) {
				t.Fatalf("unit %s, %+v: restarted or not\n%s", unit, o, difference(x, y))
			}
			for _, h := range a {
				if h.Early {
					early++
					continue
				}
				ids := []string{}
				for _, ref := range h.Events {
					ids = append(ids, ref.ID)
				}
				slices.Sort(ids)
				got = append(got, fmt.Sprint(h.Rule, h.Group, ids, h.Value))
			}
		}
		for _, i := range order {
			if r.IntN(len(order)/4) == 0 {
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
			if err := e.Parse(records[i%len(records)]); err != nil {
				t.Fatal(err)
			}
			same(g.Event(&e), whole.Event(&e))
		}
		same(g.Close(), whole.Close())
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Fatalf("unit %s, %+v\n%s", unit, o, difference(got, want))
		}
		total += len(got)
		if g.Dropped != 0 || g.Late != whole.Late {
			t.Fatalf("%d dropped, %d and %d late", g.Dropped, g.Late, whole.Late)
		}
	}
	if total < 1000 || early < 150 {
		t.Errorf("only %d findings and %d early ones: the test says little", total, early)
	}
}

// difference are the lines of which there are more in one than in the other.
func difference(got, want []string) string {
	n := map[string]int{}
	for _, s := range got {
		n[s]++
	}
	for _, s := range want {
		n[s]--
	}
	var b strings.Builder
	for s, k := range n {
		if k != 0 {
			fmt.Fprintf(&b, "%+d %.900s\n", k, s)
		}
	}
	return b.String()
}

func lines(hits []rule.Hit) (out []string) {
	for _, h := range hits {
		out = append(out, fmt.Sprintf("%+v", h))
	}
	return out
}
