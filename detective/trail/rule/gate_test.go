package rule_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/awsposture/posture/detective/trail"
	"github.com/awsposture/posture/detective/trail/rule"
	"github.com/awsposture/posture/detective/trail/trailtest"
)

// TestGates compares sets of rules that test user agents and addresses with the
// slow evaluator, over events whose texts come again: also as lists, not at all,
// with escapes, and longer than what is remembered.
func TestGates(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	tests := []func() rule.Expr{
		func() rule.Expr { return rule.ContainsFold("userAgent", "Tool") },
		func() rule.Expr { return rule.No(rule.Contains("userAgent", "tool-1")) },
		func() rule.Expr { return rule.Absent("userAgent") },
		func() rule.Expr { return rule.Regexp("userAgent", `^t.*\d$`) },
		func() rule.Expr { return rule.All(rule.Has("userAgent"), rule.Like("userAgent", "*-2*")) },
		func() rule.Expr { return rule.Like("sourceIPAddress", "198.51.100.*", "*.amazonaws.com") },
		func() rule.Expr {
			return rule.AnyOf(rule.Eq("sourceIPAddress", "203.0.113.9"), rule.Has("sourceIPAddress"))
		},
		func() rule.Expr {
			return rule.AnyOf(rule.Eq("userAgent", "tool-1"), rule.Eq("sourceIPAddress", "203.0.113.9"))
		},
		func() rule.Expr { return rule.Same("userAgent", "sourceIPAddress") },
	}
	agents := []string{`"tool-1"`, `"tool-2"`, `"t\u006fol-1"`, `["tool-1","tool-2"]`, `[]`, `null`, `7`, `{"a":"tool-1"}`, `"` + strings.Repeat("tool-2", 200) + `"`, ""}
	addresses := []string{`"198.51.100.7"`, `"203.0.113.9"`, `"s3.amazonaws.com"`, `["203.0.113.9"]`, `"tool-1"`, "null", ""}
	hits, n := 0, 0
	for range 150 {
		var rules []rule.Rule
		for i := range 12 {
			x := tests[r.IntN(len(tests))]()
			switch r.IntN(4) {
			case 0:
				x = rule.All(rule.All(x, tests[r.IntN(len(tests))]()), trailtest.Expr(r, 2))
			case 1:
				x = rule.All(rule.Eq("eventName", "A"), x)
			case 2:
				x = rule.All(x, rule.No(rule.Eq("eventName", "B")), tests[r.IntN(len(tests))]())
			}
			rules = append(rules, rule.Rule{ID: fmt.Sprint(i), Expr: x})
		}
		set, err := rule.Compile(rules)
		if err != nil {
			t.Fatal(err)
		}
		g := set.Engine(nil)
		for range 60 {
			text := fmt.Appendf(nil, `{"eventName":"%c"`, "ABC"[r.IntN(3)])
			if v := agents[r.IntN(len(agents))]; v != "" {
				text = fmt.Appendf(text, `,"userAgent":%s`, v)
			}
			if v := addresses[r.IntN(len(addresses))]; v != "" {
				text = fmt.Appendf(text, `,"sourceIPAddress":%s`, v)
			}
			text = append(text, '}')
			var e trail.Event
			if err := e.Parse(text); err != nil {
				t.Fatal(err)
			}
			var want []int
			for i := range rules {
				yes, err := trailtest.Slow(rules[i].Expr, text)
				if err != nil {
					t.Fatal(err)
				}
				if yes {
					want = append(want, i)
				}
			}
			hits, n = hits+len(want), n+len(rules)
			if got := g.Match(nil, &e); !slices.Equal(got, want) {
				for _, i := range append(slices.Clone(got), want...) {
					t.Logf("%d: %s", i, rules[i].Expr)
				}
				t.Fatalf("on %s\nengine %v, slow evaluator %v", text, got, want)
			}
		}
	}
	if hits < n/10 || hits > n*9/10 {
		t.Errorf("%d of %d match: the test says little", hits, n)
	}
}
