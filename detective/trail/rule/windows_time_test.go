package rule_test

import (
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/awsposture/posture/detective/trail"
	"github.com/awsposture/posture/detective/trail/rule"
)

func judgeAll(t *testing.T, g *rule.Engine, evs ...ev) (hits int) {
	t.Helper()
	for _, x := range evs {
		var e trail.Event
		if err := e.Parse([]byte(x.text())); err != nil {
			t.Fatal(err)
		}
		hits += len(g.Event(&e))
	}
	return hits
}

// TestWindowsCloseInTime: a group that had too little at first is not looked at
// seldom any more once it has enough.
func TestWindowsCloseInTime(t *testing.T) {
	rules := []rule.Rule{
		{ID: "f", Silent: true, Expr: rule.Eq("eventName", "F")},
		{ID: "many", Correlate: &rule.Correlation{Rules: []string{"f"}, GroupBy: []string{"userIdentity.arn"}, Within: 10 * time.Minute, Want: rule.AtLeast(3)}},
		{ID: "distinct", Correlate: &rule.Correlation{Kind: rule.Distinct, Fields: []string{"awsRegion"}, Rules: []string{"f"}, Within: 10 * time.Minute, Want: rule.AtLeast(3)}},
	}
	set, err := rule.Compile(rules)
	if err != nil {
		t.Fatal(err)
	}
	g := set.Engine(&rule.Options{Lateness: 5 * time.Minute})
	if n := judgeAll(t, g, ev{0, "F", "u", "r", 1}, ev{9, "F", "u", "r", 2}, ev{17, "X", "v", "r", 3}); n != 0 {
		t.Fatalf("%d findings of two events", n)
	}
	// The window that begins at minute 9 ends at 19 and is settled when minute
	// 24 is over.
	if n := judgeAll(t, g, ev{18, "F", "u", "q", 4}, ev{19, "F", "u", "p", 5}, ev{24, "X", "v", "r", 6}); n != 0 {
		t.Fatalf("%d findings before the window was closed", n)
	}
	if n := judgeAll(t, g, ev{25, "X", "v", "r", 7}); n != 2 {
		t.Fatalf("%d findings when the window was closed", n)
	}
}

// TestEnginesShareASet: several engines of one set judge the same events at the
// same time, and find the same; hits stay as they were.
func TestEnginesShareASet(t *testing.T) {
	r := rand.New(rand.NewPCG(51, 52))
	set, err := rule.Compile(crowdRules(r, 3))
	if err != nil {
		t.Fatal(err)
	}
	var events []*trail.Event
	records, _ := crowd(r, 1000, 100, 3)
	for _, rec := range records {
		e := new(trail.Event)
		if err := e.Parse(rec); err != nil {
			t.Fatal(err)
		}
		events = append(events, e)
	}
	found := make([][]string, 4)
	var wg sync.WaitGroup
	for i := range found {
		wg.Go(func() {
			g := set.Engine(&rule.Options{Lateness: time.Hour, Early: true})
			var kept []rule.Hit
			for _, e := range events {
				hits := g.Event(e)
				kept, found[i] = append(kept, hits...), append(found[i], lines(hits)...)
			}
			if after := lines(kept); !slices.Equal(found[i], after) {
				t.Errorf("hits changed: %s", difference(after, found[i]))
			}
		})
	}
	wg.Wait()
	for i := range found {
		if len(found[i]) < 100 || !slices.Equal(found[i], found[0]) {
			t.Errorf("engine %d: %d findings, the first %d", i, len(found[i]), len(found[0]))
		}
	}
}
