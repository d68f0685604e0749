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

// TestSetAgainstSlow judges many random rules at once, through the index, and
// compares every verdict with the slow evaluator's.
func TestSetAgainstSlow(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 4 {
		var rules []rule.Rule
		for i := range 100 {
			rules = append(rules, rule.Rule{ID: fmt.Sprint(i), Expr: trailtest.Expr(r, 3)})
		}
		set, err := rule.Compile(rules)
		if err != nil {
			t.Fatal(err)
		}
		g := set.Engine(nil)
		for range 100 {
			text := trailtest.Event(r)
			var e trail.Event
			if err := e.Parse(text); err != nil {
				t.Fatal(err)
			}
			got := g.Match(nil, &e)
			if again := g.Match(nil, &e); !slices.Equal(got, again) {
				t.Fatalf("asked twice: %v, then %v", got, again)
			}
			for i := range rules {
				want, err := trailtest.Slow(rules[i].Expr, text)
				if err != nil {
					t.Fatal(err)
				}
				if slices.Contains(got, i) != want {
					t.Fatalf("%s\non %s\nset %v, slow evaluator %v", rules[i].Expr, text, !want, want)
				}
			}
		}
	}
}

func TestCompileKeepsTheOthers(t *testing.T) {
	set, err := rule.Compile([]rule.Rule{
		{ID: "good", Expr: rule.Eq("eventName", "A")},
		{ID: "regexp", Expr: rule.Regexp("eventName", "(")},
		{ID: "empty"},
		{ID: "good", Expr: rule.Eq("eventName", "B")},
		{Expr: rule.Eq("eventName", "B")},
		{ID: "network", Expr: rule.InNetwork("sourceIPAddress", "10.0.0.0/99")},
		{ID: "nothing", Expr: rule.Eq("eventName")},
		{ID: "nil", Expr: rule.And{nil}},
		{ID: "lost", Correlate: &rule.Correlation{Rules: []string{"gone"}, Within: time.Minute}},
		{ID: "x", Correlate: &rule.Correlation{Rules: []string{"y"}, Within: time.Minute}},
		{ID: "y", Correlate: &rule.Correlation{Rules: []string{"x"}, Within: time.Minute}},
		{ID: "endless", Expr: rule.Eq("eventName", "B"), Correlate: &rule.Correlation{}},
	})
	if err == nil {
		t.Fatal("no error")
	}
	for _, id := range []string{"regexp", "empty", `"good": its id is taken`, "no id", "network", "nothing", "nil", "gone", `"x": it correlates itself`, "endless"} {
		if !strings.Contains(err.Error(), id) {
			t.Errorf("the error does not name %s: %v", id, err)
		}
	}
	var e trail.Event
	if err := e.Parse([]byte(`{"eventName":"A"}`)); err != nil {
		t.Fatal(err)
	}
	if got := set.Engine(nil).Event(&e); len(got) != 1 || got[0].Rule != "good" {
		t.Errorf("the good rule: %v", got)
	}
}

func TestUnindexed(t *testing.T) {
	set, err := rule.Compile([]rule.Rule{
		{ID: "named", Expr: rule.All(rule.Eq("eventName", "A"), rule.Contains("userAgent", "x"))},
		{ID: "blind", Expr: rule.Contains("userAgent", "x")},
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := set.Unindexed(); !slices.Equal(got, []string{"blind"}) {
		t.Errorf("%v", got)
	}
}

func correlations() []rule.Rule {
	ev := func(id, name string) rule.Rule {
		return rule.Rule{ID: id, Silent: true, Expr: rule.Eq("eventName", name)}
	}
	by := []string{"userIdentity.arn"}
	return []rule.Rule{
		ev("fail", "F"), ev("ok", "S"), ev("other", "O"),
		{ID: "many", Correlate: &rule.Correlation{Rules: []string{"fail"}, GroupBy: by, Within: 10 * time.Minute, Want: rule.AtLeast(3)}},
		{ID: "distinct", Correlate: &rule.Correlation{Kind: rule.Distinct, Rules: []string{"fail", "ok"}, Fields: []string{"awsRegion"}, GroupBy: by, Within: 5 * time.Minute, Want: rule.AtLeast(2)}},
		{ID: "broken-in", Correlate: &rule.Correlation{Kind: rule.Ordered, Rules: []string{"fail", "ok"}, GroupBy: by, Within: 10 * time.Minute, Steps: []rule.Step{{All: []string{"fail"}, Min: 2}, {All: []string{"ok"}}}}},
		{ID: "both", Correlate: &rule.Correlation{Kind: rule.Temporal, Rules: []string{"ok", "other"}, GroupBy: by, Within: 3 * time.Minute}},
		{ID: "first", Expr: rule.Eq("eventName", "O"), Correlate: &rule.Correlation{Kind: rule.FirstSeen, GroupBy: by, Within: 30 * time.Minute, Learn: 10 * time.Minute}},
		{ID: "chain", Correlate: &rule.Correlation{Kind: rule.Temporal, Rules: []string{"many", "both"}, GroupBy: by, Within: 20 * time.Minute}},
	}
}

type ev struct {
	minute int
	name   string
	who    string
	region string
	id     int
}

func (e ev) text() string {
	at := time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC).Add(time.Duration(e.minute) * time.Minute)
	return fmt.Sprintf(`{"eventTime":%q,"eventName":%q,"userIdentity":{"arn":%q},"awsRegion":%q,"eventID":"e%04d"}`, at.Format(time.RFC3339), e.name, e.who, e.region, e.id)
}

func run(t *testing.T, rules []rule.Rule, evs []ev, o *rule.Options, restartAt int) []string {
	t.Helper()
	set, err := rule.Compile(rules)
	if err != nil {
		t.Fatal(err)
	}
	g := set.Engine(o)
	var out []string
	note := func(hs []rule.Hit) {
		for _, h := range hs {
			ids := make([]string, len(h.Events))
			for i, r := range h.Events {
				ids[i] = r.ID
			}
			if !h.Early {
				out = append(out, h.Rule+" "+strings.Join(h.Group, ",")+" "+strings.Join(ids, ",")+" "+h.ID)
			}
		}
	}
	for i, x := range evs {
		if i == restartAt {
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
		if err := e.Parse([]byte(x.text())); err != nil {
			t.Fatal(err)
		}
		note(g.Event(&e))
	}
	note(g.Close())
	slices.Sort(out)
	return out
}

func strip(hits []string) []string {
	var out []string
	for _, h := range hits {
		out = append(out, h[:strings.LastIndexByte(h, ' ')])
	}
	return out
}

func TestWindows(t *testing.T) {
	for name, c := range map[string]struct {
		evs  []ev
		want []string
	}{
		"three within ten minutes, both ends count": {
			[]ev{{0, "F", "u", "r", 1}, {5, "F", "u", "r", 2}, {10, "F", "u", "r", 3}}, []string{"many u e0001,e0002,e0003"},
		},
		"a minute too long": {
			[]ev{{0, "F", "u", "r", 1}, {5, "F", "u", "r", 2}, {11, "F", "u", "r", 3}}, nil,
		},
		"another user": {
			[]ev{{0, "F", "u", "r", 1}, {5, "F", "v", "r", 2}, {10, "F", "u", "r", 3}}, nil,
		},
		"one event three times": {
			[]ev{{0, "F", "u", "r", 1}, {0, "F", "u", "r", 1}, {0, "F", "u", "r", 1}}, nil,
		},
		"two regions": {
			[]ev{{0, "F", "u", "r", 1}, {5, "S", "u", "q", 2}}, []string{"distinct u e0001,e0002"},
		},
		"failures then success": {
			[]ev{{0, "F", "u", "r", 1}, {1, "F", "u", "r", 2}, {9, "S", "u", "r", 3}}, []string{"broken-in u e0001,e0002,e0003"},
		},
		"success then failures": {
			[]ev{{0, "S", "u", "r", 3}, {1, "F", "u", "r", 1}, {2, "F", "u", "r", 2}}, nil,
		},
		"a tie is in order": {
			[]ev{{1, "S", "u", "r", 1}, {0, "F", "u", "r", 2}, {1, "F", "u", "r", 3}}, []string{"broken-in u e0002,e0001,e0003"},
		},
		"both, either order": {
			[]ev{{3, "S", "u", "r", 1}, {0, "O", "u", "r", 2}}, []string{"both u e0002,e0001"},
		},
		"first seen after learning, again after a pause": {
			[]ev{{0, "O", "u", "r", 1}, {10, "O", "v", "r", 2}, {20, "O", "v", "r", 3}, {51, "O", "v", "r", 4}},
			[]string{"first v e0002", "first v e0004"},
		},
		"a chain": {
			[]ev{{0, "F", "u", "r", 1}, {1, "F", "u", "r", 2}, {2, "F", "u", "r", 3}, {8, "O", "u", "r", 4}, {9, "S", "u", "r", 5}}, []string{"both", "broken-in", "chain", "many"},
		},
		"missing members form a group of their own": {
			[]ev{{0, "F", "", "r", 1}, {1, "F", "", "r", 2}, {2, "F", "", "r", 3}}, []string{"many  e0001,e0002,e0003"},
		},
	} {
		got := strip(run(t, correlations(), c.evs, nil, -1))
		if name == "a chain" {
			for i := range got {
				got[i], _, _ = strings.Cut(got[i], " ")
			}
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s:\n got %q\nwant %q", name, got, c.want)
		}
	}
}

// TestArrivalOrderIsForgotten: any permutation and duplication of the input
// gives the same findings, a restart in the middle and closing windows on the
// way do too.
func TestArrivalOrderIsForgotten(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	some := 0
	for range 150 {
		var evs []ev
		for i := range 40 {
			evs = append(evs, ev{r.IntN(90), string("FFFSSO"[r.IntN(6)]), string("uv"[r.IntN(2)]), string("rq"[r.IntN(2)]), i})
		}
		slices.SortFunc(evs, func(a, b ev) int { return a.minute - b.minute })
		want := run(t, correlations(), evs, nil, -1)
		some += len(want)
		shuffled := append(slices.Clone(evs), evs[:10]...)
		r.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		if got := run(t, correlations(), shuffled, nil, r.IntN(len(shuffled))); !slices.Equal(got, want) {
			t.Fatalf("shuffled:\n got %q\nwant %q", got, want)
		}
		// In time, out of order by at most ten minutes.
		jitter := make(map[int]int)
		late := slices.Clone(evs)
		for _, e := range late {
			jitter[e.id] = e.minute + r.IntN(10)
		}
		slices.SortStableFunc(late, func(a, b ev) int { return jitter[a.id] - jitter[b.id] })
		o := &rule.Options{Lateness: 12 * time.Minute, Early: true}
		if got := run(t, correlations(), late, o, r.IntN(len(late))); !slices.Equal(got, want) {
			t.Fatalf("streamed:\n got %q\nwant %q", got, want)
		}
	}
	if some < 300 {
		t.Errorf("only %d findings: the test says little", some)
	}
}

func TestMemoryIsBounded(t *testing.T) {
	set, err := rule.Compile(correlations())
	if err != nil {
		t.Fatal(err)
	}
	g := set.Engine(&rule.Options{MaxGroups: 50, MaxEvents: 20})
	for i := range 5000 {
		var e trail.Event
		if err := e.Parse([]byte(ev{i % 10, "F", fmt.Sprint("u", i%300), "r", i}.text())); err != nil {
			t.Fatal(err)
		}
		g.Event(&e)
	}
	var b bytes.Buffer
	if err := g.Save(&b); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(b.String(), `"at":`); n > 3*50*20 {
		t.Errorf("%d matches are kept", n)
	}
	if g.Dropped == 0 {
		t.Error("what was dropped is not counted")
	}
}
