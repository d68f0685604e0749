package suite_test

import (
	"context"
	"testing"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/compliance/suite"
)

// A scan that is canceled in one account yields every evaluator of every account.
func TestAccountsCanceled(t *testing.T) {
	whole := 0
	for range newEstate(baseUser).accounts(management, shop).Scan(t.Context(), nil) {
		whole++
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	seen := map[string]int{}
	for r := range newEstate(baseUser).accounts(management, shop).Scan(ctx, nil) {
		cancel()
		if c := r.Findings[len(r.Findings)-1].Cause; r.Place.Account == shop && (c == nil || c.Kind != posture.CauseCanceled) {
			t.Fatalf("%s: %v", r.Control.ID, c)
		}
		seen[r.Place.Account]++
	}
	if seen[management] == 0 || seen[shop] == 0 {
		t.Errorf("yielded %v", seen)
	}
	n := 0
	for range newEstate(baseUser).accounts(management, shop).Scan(t.Context(), nil) {
		if n++; n == 3 {
			break
		}
	}
	if n != 3 || whole < 100 {
		t.Errorf("%d results taken of %d", n, whole)
	}
}

// A custom suite is asked for each account, and a panic in it stays its own.
func TestAccountsEvaluators(t *testing.T) {
	a := newEstate(baseUser).accounts(management, shop)
	a.Evaluators = func(of suite.Account) []posture.Evaluator { return append(of.Evaluators()[:2], panics{}) }
	by := map[string]int{}
	panicked := 0
	for r := range a.Scan(t.Context(), nil) {
		by[r.Place.Account]++
		if r.Findings[0].Cause != nil && r.Findings[0].Cause.Kind == posture.CausePanic {
			panicked++
		}
	}
	if by[management] != 2 || by[shop] != 2 || panicked != 2 {
		t.Errorf("results %v, %d panicked", by, panicked)
	}
}

type panics struct{ posture.Evaluator }

func (panics) Control() posture.Control { panic("a test's") }
