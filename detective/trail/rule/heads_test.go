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

// TestHeadsComeAgain compares what an engine says of events that come again and
// again, in any order and with the same head for different bodies, with the slow
// evaluator. Some heads are odd, or too long to be remembered.
func TestHeadsComeAgain(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 2))
	odd := []string{
		`{"eventName":"StopLogging","userIdentity":[{"type":"Root"},{"type":"a"}],"requestParameters":{"a":"a"}}`,
		`{"eventName":["a","StopLogging"],"userIdentity":{"type":["Root"]}}`,
		`{"eventName":"St\u006fpLogging","userIdentity":{"typ\u0065":"Root"}}`,
		`{"eventName":"a","eventName":"StopLogging","errorCode":null,"readOnly":true}`,
		`{"userIdentity":{"userIdentity.type":"Root","invokedBy.x":"a"},"requestParameters":{"a.b":"ab","x":{"y":"a"}}}`,
		`{"userIdentity":"Root","requestParameters":[{"a":"a"},{"x.y":"Root"}]}`,
		fmt.Sprintf(`{"eventName":"StopLogging","errorCode":"%s","requestParameters":{"a":"a"}}`, strings.Repeat("a", 400)),
		fmt.Sprintf(`{"eventName":"%s","userIdentity":{"type":"Root"}}`, strings.Repeat("ab", 120)),
	}
	hits, n := 0, 0
	for range 12 {
		var rules []rule.Rule
		for i := range 60 {
			rules = append(rules, rule.Rule{ID: fmt.Sprint(i), Expr: trailtest.Expr(r, 3)})
		}
		set, err := rule.Compile(rules)
		if err != nil {
			t.Fatal(err)
		}
		type judged struct {
			text []byte
			want []int
		}
		var pool []judged
		for i := range 40 {
			text := trailtest.Event(r)
			if i < len(odd) {
				text = []byte(odd[i])
			}
			j := judged{text: text}
			for k := range rules {
				yes, err := trailtest.Slow(rules[k].Expr, text)
				if err != nil {
					t.Fatal(err)
				}
				if yes {
					j.want = append(j.want, k)
				}
			}
			pool = append(pool, j)
			hits, n = hits+len(j.want), n+len(rules)
		}
		g := set.Engine(nil)
		var e trail.Event
		for range 1500 {
			j := pool[r.IntN(len(pool))]
			if err := e.Parse(j.text); err != nil {
				t.Fatal(err)
			}
			if got := g.Match(nil, &e); !slices.Equal(got, j.want) {
				for _, k := range append(slices.Clone(got), j.want...) {
					t.Logf("%d: %s", k, rules[k].Expr)
				}
				t.Fatalf("on %s\nengine %v, slow evaluator %v", j.text, got, j.want)
			}
		}
	}
	if hits < n/10 || hits > n*9/10 {
		t.Errorf("%d of %d match: the test says little", hits, n)
	}
}
