package rule_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/awsposture/posture/detective/trail"
	"github.com/awsposture/posture/detective/trail/rule"
)

// randomChains are correlations of events and, in two further layers, of
// correlations.
func randomChains(r *rand.Rand) []rule.Rule {
	layers := [][]string{{"A", "B", "C"}}
	var rules []rule.Rule
	for _, id := range layers[0] {
		rules = append(rules, rule.Rule{ID: id, Silent: true, Expr: rule.Eq("eventName", id)})
	}
	for k, n := range []int{6, 4, 3} {
		below := slices.Concat(layers[max(0, k-1):]...)
		var ids []string
		for i := range n {
			c := &rule.Correlation{
				Kind:    []rule.Kind{rule.Count, rule.Distinct, rule.FirstSeen, rule.Temporal, rule.Ordered}[r.IntN(5)],
				GroupBy: [][]string{{"who"}, {"who", "list"}, {"list"}}[r.IntN(3)], Fields: []string{"list", "n"}[:1+r.IntN(2)],
				Within: time.Duration(1+r.IntN(20)) * time.Minute, Learn: time.Duration(r.IntN(20)) * time.Minute, Want: rule.AtLeast(float64(1 + r.IntN(3))),
			}
			r.Shuffle(len(below), func(i, j int) { below[i], below[j] = below[j], below[i] })
			c.Rules = slices.Clone(below[:1+r.IntN(3)])
			if c.Kind == rule.Ordered {
				c.Steps = []rule.Step{{All: c.Rules[:1]}, {All: c.Rules, Min: r.IntN(3)}}
			}
			id := fmt.Sprint("w", k, i)
			ids = append(ids, id)
			rules = append(rules, rule.Rule{ID: id, Correlate: c})
		}
		layers = append(layers, ids)
	}
	r.Shuffle(len(rules), func(i, j int) { rules[i], rules[j] = rules[j], rules[i] })
	return rules
}

// TestChainsInAnyOrder: correlations of correlations find the same in files of
// any order as in a stream that is late and was stopped several times.
func TestChainsInAnyOrder(t *testing.T) {
	r := rand.New(rand.NewPCG(41, 42))
	deep := 0
	for range 30 {
		rules := randomChains(r)
		set, err := rule.Compile(rules)
		if err != nil {
			t.Fatal(err)
		}
		var events []*trail.Event
		var arrive []int
		for i := range 100 + r.IntN(200) {
			second, list := r.IntN(4*3600), []string{`["x","y"]`, `null`, `"z"`}[r.IntN(3)]
			e := new(trail.Event)
			if err := e.Parse(fmt.Appendf(nil, `{"eventTime":%q,"eventID":"e%d","eventName":"%c","who":"u%d","n":%d,"list":%s}`,
				time.Date(2026, 3, 1, 10, 0, second, 0, time.UTC).Format(time.RFC3339), i, "ABC"[r.IntN(3)], r.IntN(4), r.IntN(5), list)); err != nil {
				t.Fatal(err)
			}
			for range 1 + r.IntN(2) {
				events, arrive = append(events, e), append(arrive, second+r.IntN(600))
			}
		}
		files, stream := set.Engine(nil).Loud(), &rule.Options{Lateness: 10 * time.Minute, Early: true}
		var got, want []string
		for _, i := range r.Perm(len(events)) {
			files.Event(events[i])
		}
		want = lines(files.Close())
		order := make([]int, len(events))
		for i := range order {
			order[i] = i
		}
		slices.SortFunc(order, func(a, b int) int { return arrive[a] - arrive[b] })
		note := func(hits []rule.Hit) {
			for _, h := range hits {
				if !h.Early {
					got = append(got, lines([]rule.Hit{h})...)
				}
			}
		}
		g := set.Engine(stream)
		for _, i := range order {
			if note(g.Event(events[i])); r.IntN(60) == 0 {
				g = restart(t, g, set.Engine(stream))
			}
		}
		note(g.Close())
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) || g.Late != 0 {
			t.Fatalf("%d late\n%s", g.Late, difference(got, want))
		}
		for _, h := range files.Close() {
			t.Errorf("after the end: %+v", h)
		}
		for _, s := range want {
			if strings.Contains(s, "Rule:w1") || strings.Contains(s, "Rule:w2") {
				deep++
			}
		}
	}
	if deep < 250 {
		t.Errorf("only %d findings of findings: the test says little", deep)
	}
}
