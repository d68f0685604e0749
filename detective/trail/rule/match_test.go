package rule_test

import (
	"math/rand/v2"
	"testing"

	"github.com/awsposture/posture/detective/trail"
	"github.com/awsposture/posture/detective/trail/rule"
	"github.com/awsposture/posture/detective/trail/trailtest"
)

// TestAgainstSlow compares single compiled rules with the slow evaluator.
func TestAgainstSlow(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	hits, n := 0, 0
	for range 3000 {
		x := trailtest.Expr(r, 3)
		m, err := rule.CompileExpr(x)
		if err != nil {
			t.Fatalf("%s: %v", x, err)
		}
		for range 10 {
			text := trailtest.Event(r)
			var e trail.Event
			if err := e.Parse(text); err != nil {
				t.Fatalf("%v: %s", err, text)
			}
			want, err := trailtest.Slow(x, text)
			if err != nil {
				t.Fatal(err)
			}
			n++
			if want {
				hits++
			}
			if got := m.Event(&e); got != want {
				t.Fatalf("%s\non %s\nengine %v, slow evaluator %v", x, text, got, want)
			}
		}
	}
	if hits < n/10 || hits > n*9/10 {
		t.Errorf("%d of %d match: the test says little", hits, n)
	}
}
