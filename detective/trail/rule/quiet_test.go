package rule_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/awsposture/posture/detective/trail/rule"
)

// threeOfOne are three matches of one caller within ten minutes.
func threeOfOne(t *testing.T, o *rule.Options) *rule.Engine {
	t.Helper()
	set, err := rule.Compile([]rule.Rule{
		{ID: "f", Silent: true, Expr: rule.Eq("eventName", "F")},
		{ID: "many", Correlate: &rule.Correlation{Rules: []string{"f"}, GroupBy: []string{"userIdentity.arn"}, Within: 10 * time.Minute, Want: rule.AtLeast(3)}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return set.Engine(o)
}

// TestQuietMatchesOfAnotherTime: what came hours later in between does not make
// the first ones forgotten.
func TestQuietMatchesOfAnotherTime(t *testing.T) {
	for _, between := range []int{25, 55, 60, 65, 300} {
		g := threeOfOne(t, nil)
		judgeAll(t, g, ev{0, "F", "u", "r", 1}, ev{1, "F", "u", "r", 2}, ev{between, "F", "u", "r", 3}, ev{2, "F", "u", "r", 4})
		if n := len(g.Close()); n != 1 {
			t.Errorf("%d findings with a match at minute %d between the others", n, between)
		}
	}
}

// TestQuietMatchesOfManyCallers: two matches of each of many, then the third of
// every tenth, before and after which there is a finding of one who goes on.
func TestQuietMatchesOfManyCallers(t *testing.T) {
	g, id := threeOfOne(t, nil), 0
	match := func(who, minute int) {
		id++
		judgeAll(t, g, ev{minute, "F", fmt.Sprint("u", who), "r", id})
	}
	const callers = 3000
	for i := range 3 {
		match(callers, i)
		match(callers+1, i/2) // of whom two are in time for the first finding
	}
	for who := range callers {
		match(who, 0)
		match(who, 5)
	}
	match(callers+1, 9)
	for who := 0; who < callers; who += 10 {
		match(who, 10)
	}
	hits := g.Close()
	if len(hits) != callers/10+2 {
		t.Fatalf("%d findings", len(hits))
	}
	for _, h := range hits {
		if want := map[string]int{fmt.Sprint("u", callers+1): 4}[h.Group[0]]; len(h.Events) != max(want, 3) {
			t.Errorf("%s: %d matches", h.Group, len(h.Events))
		}
	}
}

// TestQuietMatchesNeedNoGroups: where the threshold is high, single matches of
// more callers than there may be groups are kept, and found.
func TestQuietMatchesNeedNoGroups(t *testing.T) {
	set, err := rule.Compile([]rule.Rule{
		{ID: "f", Silent: true, Expr: rule.Eq("eventName", "F")},
		{ID: "many", Correlate: &rule.Correlation{Rules: []string{"f"}, GroupBy: []string{"userIdentity.arn"}, Within: 10 * time.Minute, Want: rule.AtLeast(20)}},
	})
	if err != nil {
		t.Fatal(err)
	}
	g := set.Engine(&rule.Options{MaxGroups: 150})
	for i := range 200 {
		judgeAll(t, g, ev{0, "F", fmt.Sprint("u", i), "r", i})
	}
	for i := range 19 {
		judgeAll(t, g, ev{1, "F", "u7", "r", 200 + i})
	}
	if n := len(g.Close()); n != 1 || g.Dropped != 0 {
		t.Errorf("%d findings, %d matches dropped", n, g.Dropped)
	}
}

// TestQuietMatchesAreKeptInTime: they are forgotten when the windows that begin
// at them are closed, and not before.
func TestQuietMatchesAreKeptInTime(t *testing.T) {
	for minute, want := range map[int]int{29: 1, 30: 1, 31: 0} {
		g := threeOfOne(t, &rule.Options{Lateness: 20 * time.Minute})
		// The last is the newest, so that windows before minute-30 are closed.
		n := judgeAll(t, g, ev{0, "F", "u", "r", 1}, ev{0, "F", "u", "r", 2}, ev{minute, "X", "v", "r", 3}, ev{9, "F", "u", "r", 4})
		if n += len(g.Close()); n != want {
			t.Errorf("%d findings, not %d, when the last match comes at minute %d", n, want, minute)
		}
	}
}

// TestQuietAfterAFinding: values that a finding used up are counted anew.
func TestQuietAfterAFinding(t *testing.T) {
	set, err := rule.Compile([]rule.Rule{
		{ID: "f", Silent: true, Expr: rule.Eq("eventName", "F")},
		{ID: "distinct", Correlate: &rule.Correlation{Kind: rule.Distinct, Fields: []string{"awsRegion"}, Rules: []string{"f"}, GroupBy: []string{"userIdentity.arn"}, Within: 10 * time.Minute, Want: rule.AtLeast(2)}},
	})
	if err != nil {
		t.Fatal(err)
	}
	g := set.Engine(&rule.Options{Lateness: 20 * time.Minute})
	if n := judgeAll(t, g, ev{0, "F", "u", "r", 1}, ev{0, "F", "u", "q", 2}, ev{31, "X", "v", "r", 3}); n != 1 {
		t.Fatalf("%d findings of two regions", n)
	}
	judgeAll(t, g, ev{2, "F", "u", "r", 4}, ev{3, "F", "u", "q", 5})
	if n := len(g.Close()); n != 1 {
		t.Errorf("%d findings of the same two regions again", n)
	}
}
