package rule_test

import (
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

// TestValuesOfGroupsThatWereForgotten: a value that was forgotten together with
// the last group that had it is still one value.
func TestValuesOfGroupsThatWereForgotten(t *testing.T) {
	rules := []rule.Rule{
		{ID: "f", Silent: true, Expr: rule.Eq("eventName", "F")},
		{ID: "distinct", Correlate: &rule.Correlation{Kind: rule.Distinct, Fields: []string{"awsRegion"}, Rules: []string{"f"}, GroupBy: []string{"userIdentity.arn"}, Within: 10 * time.Minute, Want: rule.AtLeast(2)}},
	}
	set, err := rule.Compile(rules)
	if err != nil {
		t.Fatal(err)
	}
	g := set.Engine(&rule.Options{MaxGroups: 1})
	if n := judgeAll(t, g, ev{0, "F", "u", "r", 1}, ev{1, "F", "v", "r", 2}, ev{2, "F", "v", "r", 3}); n != 0 || g.Dropped != 1 {
		t.Fatalf("%d findings, %d dropped", n, g.Dropped)
	}
	if n := len(g.Close()); n != 0 {
		t.Errorf("one region was counted as two")
	}
}
