package posture_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/awsposture/posture"
)

func outcomes(r posture.Receipt) (all []posture.Outcome) {
	for _, s := range r.Steps {
		all = append(all, s.Outcome)
	}
	return all
}

// ends checks how a receipt ended, as a whole and step by step.
func ends(t *testing.T, r posture.Receipt, whole posture.Outcome, steps ...posture.Outcome) {
	t.Helper()
	if r.Outcome != whole || !slices.Equal(outcomes(r), steps) {
		t.Errorf("ended %s %s, want %s %s", r.Outcome, outcomes(r), whole, steps)
	}
	if r.Finished.IsZero() || r.Finished.Before(r.Started) {
		t.Errorf("started %v, finished %v", r.Started, r.Finished)
	}
}

func TestApplyTwice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, x := newWorld("a", "b"), executor(posture.Limits{})
		w.doors["b"] = closed // as wanted already
		p := closing(t, w, "a", "b")
		r, err := x.Apply(t.Context(), p)
		ends(t, r, posture.OutcomeDone, posture.OutcomeDone, posture.OutcomeAlready)
		if err != nil || r.Plan != p.ID() || w.doors["a"].Open || w.count("set") != 1 {
			t.Errorf("%v, plan %s, %v", err, r.Plan, w.calls)
		}
		r, err = x.Apply(t.Context(), p)
		ends(t, r, posture.OutcomeAlready, posture.OutcomeAlready, posture.OutcomeAlready)
		if err != nil || w.count("set") != 1 {
			t.Errorf("again: %v, %v", err, w.calls)
		}
		r, err = x.Apply(t.Context(), plan())
		ends(t, r, posture.OutcomeAlready)
		if err != nil {
			t.Errorf("no steps: %v", err)
		}
	})
}

// Both doors are looked at before the first write, so that the plan of two
// either begins on the ground it was made for or does not begin.
func TestApplyRefusesDriftBeforeTheFirstWrite(t *testing.T) {
	w := newWorld("a", "b")
	p := closing(t, w, "a", "b")
	w.doors["b"] = sealed
	r, err := executor(posture.Limits{}).Apply(t.Context(), p)
	ends(t, r, posture.OutcomeRefused, posture.OutcomeSkipped, posture.OutcomeRefused)
	drift, ok := errors.AsType[*posture.DriftError](err)
	if !ok || !errors.Is(err, posture.ErrDrift) || drift.Step.Target.ID != "b" || !strings.Contains(string(drift.Seen), "wax") || string(r.Steps[1].Seen) != string(drift.Seen) {
		t.Errorf("%v", err)
	}
	if w.count("set") != 0 {
		t.Errorf("wrote: %v", w.calls)
	}
}

func TestApplyChain(t *testing.T) {
	chain := []door{opened, sealed, closed, {Keys: []int{1}}}
	make := func(w *world) posture.Plan {
		var steps []posture.Step
		for i := range chain[1:] {
			steps = append(steps, change(t, w, "a", chain[i], chain[i+1]))
		}
		return plan(steps...)
	}
	// Wherever on the chain the door stands, applying takes it to the end with the
	// writes that are left, and applying again writes nothing.
	for from := range chain {
		w := newWorld("a")
		w.doors["a"] = chain[from]
		p := make(w)
		r, err := executor(posture.Limits{}).Apply(t.Context(), p)
		want := slices.Concat(slices.Repeat([]posture.Outcome{posture.OutcomeAlready}, from), slices.Repeat([]posture.Outcome{posture.OutcomeDone}, 3-from))
		if diff := cmp.Diff(want, outcomes(r)); diff != "" || err != nil || w.count("set") != 3-from {
			t.Errorf("from %d: %v, %v (-want +got):\n%s", from, err, w.calls, diff)
		}
		again, err := executor(posture.Limits{}).Apply(t.Context(), p)
		if again.Outcome != posture.OutcomeAlready || err != nil || w.count("set") != 3-from {
			t.Errorf("from %d, again: %s, %v", from, again.Outcome, err)
		}
		undone, err := executor(posture.Limits{}).Undo(t.Context(), r)
		if from < 3 && undone.Outcome != posture.OutcomeDone || err != nil || cmp.Diff(chain[from].Seal, w.doors["a"].Seal) != "" || w.doors["a"].Open != chain[from].Open {
			t.Errorf("from %d, undone: %s, %v, %+v", from, undone.Outcome, err, w.doors["a"])
		}
	}
	// A door in none of its states is drift, before any write.
	w := newWorld("a")
	p := make(w)
	w.doors["a"] = door{Note: "elsewhere"}
	if r, err := executor(posture.Limits{}).Apply(t.Context(), p); !errors.Is(err, posture.ErrDrift) || r.Outcome != posture.OutcomeRefused || w.count("set") != 0 {
		t.Errorf("%s, %v, %v", r.Outcome, err, w.calls)
	}
	// Steps on one setting that do not hang together are no chain.
	w = newWorld("a")
	broken := plan(change(t, w, "a", opened, sealed), change(t, w, "a", closed, opened))
	if r, err := executor(posture.Limits{}).Apply(t.Context(), broken); err == nil || !strings.Contains(err.Error(), "step 1, test.door on AWS::Test::Door a, does not begin") || r.Outcome != posture.OutcomeRefused || len(w.calls) != 0 {
		t.Errorf("%s, %v, %v", r.Outcome, err, w.calls)
	}
}

func TestApplyAdmits(t *testing.T) {
	w := newWorld("a")
	costly := func(seal string, keys ...int) posture.Plan {
		s, err := posture.Change(rich{World: w, Name: "a"}, vault{Open: true, Keys: []int{1, 2}}, vault{Seal: seal, Keys: keys})
		if err != nil {
			t.Fatal(err)
		}
		return plan(s)
	}
	expired := closing(t, w, "a")
	expired.Expires = time.Now()
	never := closing(t, w, "a")
	never.Expires = time.Time{}
	unbound := closing(t, w, "a")
	unbound.Steps[0] = posture.Step{Kind: unbound.Steps[0].Kind, Target: unbound.Steps[0].Target}
	for name, tt := range map[string]struct {
		plan   posture.Plan
		limits posture.Limits
		reason posture.RefusalReason
		says   string
	}{
		"expired":         {plan: expired, reason: posture.ReasonExpired, says: "plan again"},
		"zero expiry":     {plan: never, reason: posture.ReasonExpired, says: "plan again"},
		"unbound":         {plan: unbound, says: "step 0, test.door on AWS::Test::Door a, is not bound"},
		"cost":            {plan: costly("gold", 1, 2), reason: posture.ReasonLimit, says: "costs: a gold seal"},
		"loss":            {plan: costly("wax"), reason: posture.ReasonLimit, says: "cannot be undone: keys [1 2]"},
		"loss, cost only": {plan: costly("gold"), limits: posture.Limits{Cost: true}, reason: posture.ReasonLimit, says: "keys [1 2]"},
		"cost, loss only": {plan: costly("gold"), limits: posture.Limits{Irreversible: 1}, reason: posture.ReasonLimit, says: "a gold seal"},
	} {
		r, err := executor(tt.limits).Apply(t.Context(), tt.plan)
		refusal, _ := errors.AsType[*posture.Refusal](err)
		if err == nil || !strings.Contains(err.Error(), tt.says) || (tt.reason != "") != (refusal != nil) || refusal != nil && refusal.Reason != tt.reason {
			t.Errorf("%s: %v", name, err)
		}
		ends(t, r, posture.OutcomeRefused, posture.OutcomeSkipped)
	}
	if len(w.calls) != 0 {
		t.Errorf("refused, and asked: %v", w.calls)
	}
	w.doors["a"] = door{Open: true, Keys: []int{1, 2}}
	x := executor(posture.Limits{Irreversible: 1, Cost: true})
	x.Now = func() time.Time { return time.Now().Add(10 * time.Minute) }
	r, err := x.Apply(t.Context(), costly("gold"))
	ends(t, r, posture.OutcomeDone, posture.OutcomeDone)
	if err != nil {
		t.Error(err)
	}
	x.Now = func() time.Time { return time.Now().Add(16 * time.Minute) }
	if _, err := x.Apply(t.Context(), costly("gold")); err == nil {
		t.Error("applied 16 minutes later, by the executor's clock")
	}
}

// The swap gets the state just read, with the token that no plan holds; what a
// state's note says is not compared, and undo brings it back all the same.
func TestApplySwaps(t *testing.T) {
	w := newWorld("a")
	w.doors["a"] = door{Open: true, Note: "as planned", token: 7}
	s, err := posture.Change(rich{World: w, Name: "a"}, vault(w.doors["a"]), vault{Note: "closed by us"})
	if err != nil {
		t.Fatal(err)
	}
	w.doors["a"] = door{Open: true, Note: "another word", token: 9}
	r, err := executor(posture.Limits{}).Apply(t.Context(), plan(s))
	ends(t, r, posture.OutcomeDone, posture.OutcomeDone)
	if err != nil || w.doors["a"].Note != "closed by us" {
		t.Errorf("%v, %+v", err, w.doors["a"])
	}
	if _, err := executor(posture.Limits{}).Undo(t.Context(), r); err != nil || w.doors["a"].Note != "as planned" {
		t.Errorf("undo: %v, %+v", err, w.doors["a"])
	}
}

// A cancel stops before the next write, and what was begun is looked at.
func TestApplyCanceled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld("a", "b")
		ctx, cancel := context.WithCancel(t.Context())
		w.hang = func(ctx context.Context, call string) {
			if call == "set" {
				cancel()
			}
		}
		p := closing(t, w, "a", "b")
		r, err := executor(posture.Limits{}).Apply(ctx, p)
		ends(t, r, posture.OutcomePartial, posture.OutcomeDone, posture.OutcomeSkipped)
		if !errors.Is(err, context.Canceled) || r.Steps[1].Cause.Kind != posture.CauseCanceled || w.doors["a"].Open || !w.doors["b"].Open {
			t.Errorf("%v, %+v", err, r.Steps[1].Cause)
		}
		writes := w.count("set")
		if r, err = executor(posture.Limits{}).Apply(ctx, p); !errors.Is(err, context.Canceled) || r.Outcome != posture.OutcomeRefused || w.count("set") != writes {
			t.Errorf("canceled before: %s, %v", r.Outcome, err)
		}
		r, err = executor(posture.Limits{}).Apply(t.Context(), p)
		ends(t, r, posture.OutcomeDone, posture.OutcomeAlready, posture.OutcomeDone)
		if err != nil {
			t.Error(err)
		}
	})
}
