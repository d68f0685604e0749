package rule_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/awsposture/posture/detective/trail"
	"github.com/awsposture/posture/detective/trail/rule"
	"github.com/awsposture/posture/detective/trail/trailtest"
)

// crowd are events of many callers, of whom some come close to a threshold or
// reach it, and the second that each arrives in.
func crowd(r *rand.Rand, n, callers, need int) (records [][]byte, arrive []int) {
	add := func(second, who int) {
		at := time.Date(2026, 3, 1, 10, 0, second, 0, time.UTC).Format(time.RFC3339)
		records = append(records, fmt.Appendf(nil, `{"eventTime":%q,"eventID":"e%06d","eventName":"%c","who":"u%d","n":%d,"list":["%d","%d"]}`,
			at, len(records), "AB"[r.IntN(2)], who, r.IntN(3*need), r.IntN(9), r.IntN(99)))
		arrive = append(arrive, second+r.IntN(20*60))
	}
	for len(records) < n {
		second := r.IntN(n)
		if add(second, r.IntN(callers)); r.IntN(need) == 0 {
			who := r.IntN(callers)
			for range need + r.IntN(need) {
				add(second+r.IntN(400), who)
			}
		}
	}
	return records, arrive
}

func crowdRules(r *rand.Rand, need int) []rule.Rule {
	rules := []rule.Rule{{ID: "A", Silent: true, Expr: rule.Eq("eventName", "A", "B")}, {ID: "B", Silent: true, Expr: rule.Eq("eventName", "B")}}
	for i := range 4 {
		rules = append(rules, rule.Rule{ID: fmt.Sprint("w", i), Correlate: &rule.Correlation{
			Kind: []rule.Kind{rule.Count, rule.Distinct}[i%2], Rules: []string{"A", "B"}[:1+r.IntN(2)], Within: time.Duration(100+r.IntN(900)) * time.Second,
			GroupBy: []string{"who"}, Fields: []string{"n", "list"}[:1+r.IntN(2)], Together: r.IntN(2) == 0, Want: rule.AtLeast(float64(need + r.IntN(3))),
		}})
	}
	rules[len(rules)-1].Correlate.GroupBy = []string{"who", "list"}
	return rules
}

// TestCrowdAgainstSlow: a long stream out of order, or files in any, of thousands
// of callers and thresholds of all sizes.
func TestCrowdAgainstSlow(t *testing.T) {
	r := rand.New(rand.NewPCG(31, 32))
	total := 0
	for _, need := range []int{2, 3, 20, 62, 64, 100} {
		records, arrive := crowd(r, 2500, 1+r.IntN(2500), need)
		rules := crowdRules(r, need)
		slow, err := trailtest.SlowWindows(rules, records)
		if err != nil {
			t.Fatal(err)
		}
		var want []string
		for _, f := range slow {
			want = append(want, fmt.Sprint(f.Rule, f.Group, f.Events, f.Value))
		}
		slices.Sort(want)
		o := rule.Options{Lateness: 20 * time.Minute, Early: r.IntN(2) == 0}
		if r.IntN(3) == 0 {
			o.Lateness = 0
			arrive = r.Perm(len(arrive))
		}
		got, _ := judgeCrowd(t, r, rules, records, arrive, o)
		if slices.Sort(got); !slices.Equal(got, want) {
			t.Fatalf("threshold %d\n%s", need, difference(got, want))
		}
		total += len(got)
	}
	if total < 600 {
		t.Errorf("only %d findings: the test says little", total)
	}
}

// TestCrowdInLittleRoom: what is dropped is counted, and what is left is sound.
func TestCrowdInLittleRoom(t *testing.T) {
	r := rand.New(rand.NewPCG(33, 34))
	for range 12 {
		need := 2 + r.IntN(5)
		records, arrive := crowd(r, 2000, 1+r.IntN(1000), need)
		o := rule.Options{Lateness: 20 * time.Minute, Early: r.IntN(2) == 0, MaxGroups: 1 + r.IntN(60), MaxEvents: 1 + r.IntN(12)}
		if r.IntN(3) == 0 {
			o.Lateness = 0
		}
		if _, dropped := judgeCrowd(t, r, crowdRules(r, need), records, arrive, o); dropped == 0 {
			t.Errorf("%+v: nothing dropped", o)
		}
	}
}

func judgeCrowd(t *testing.T, r *rand.Rand, rules []rule.Rule, records [][]byte, arrive []int, o rule.Options) (found []string, dropped int64) {
	t.Helper()
	set, err := rule.Compile(rules)
	if err != nil {
		t.Fatal(err)
	}
	order := make([]int, len(records))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return arrive[a] - arrive[b] })
	note := func(hits []rule.Hit) { found = append(found, told(hits)...) }
	g := set.Engine(&o)
	for k, i := range order {
		var e trail.Event
		if err := e.Parse(records[i]); err != nil {
			t.Fatal(err)
		}
		note(g.Event(&e))
		if k%200 == 0 {
			if err := g.Check(); err != nil {
				t.Fatalf("%+v: %v", o, err)
			}
		}
		if r.IntN(2000) == 0 {
			var b bytes.Buffer
			if err := g.Save(&b); err != nil {
				t.Fatal(err)
			}
			g = set.Engine(&o)
			if err := g.Load(&b); err != nil {
				t.Fatal(err)
			}
		}
	}
	note(g.Close())
	return found, g.Dropped
}
