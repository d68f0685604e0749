package conformance

import (
	"errors"
	"fmt"
	"testing"

	"github.com/aws/smithy-go"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/internal/awsfake"
)

// faults fails each call of an apply in turn, in each way, and then applies
// again without faults.
func (d Domain) faults(t *testing.T, fix Fixture, w work) {
	g := fix.Make()
	p := w.mustPlan(t, g)
	g.Faults.Forget()
	if _, err := Executor(p).Apply(t.Context(), p); err != nil {
		t.Fatalf("apply: %v", err)
	}
	broken := &smithy.GenericAPIError{Code: "ServiceFailure", Message: "an internal error", Fault: smithy.FaultServer}
	for _, fault := range []awsfake.Fault{
		{Err: awsfake.ErrDenied},
		{Err: broken},
		{Err: broken, After: true},
		{Err: &smithy.GenericAPIError{Code: "ThrottlingException", Message: "Rate exceeded"}},
	} {
		for n, call := range g.Faults.Calls() {
			for _, times := range []int{1, 0} {
				fault.Skip, fault.Times = n, times
				outcome := d.faulty(t, fix, w, fault)
				t.Logf("%-45s %-28s %-24s after effect %-5v once %-5v %s", w.findings[0].Control, call.Operation, word(fault.Err), fault.After, times == 1, outcome)
			}
		}
	}
	g = fix.Make()
	p = w.mustPlan(t, g)
	g.Faults.Stale(3)
	if receipt, err := Executor(p).Apply(t.Context(), p); err != nil || receipt.Outcome != posture.OutcomeDone {
		t.Errorf("with stale reads: %s, %v", receipt.Outcome, err)
	}
}

// word names a fault in the printed matrix.
func word(err error) string {
	if api, ok := errors.AsType[*smithy.GenericAPIError](err); ok {
		return api.Code
	}
	return err.Error()
}

// faulty applies under one fault and once more without, and gives the outcome
// that was claimed under it.
func (d Domain) faulty(t *testing.T, fix Fixture, w work, fault awsfake.Fault) posture.Outcome {
	g := fix.Make()
	p := w.mustPlan(t, g)
	g.Faults.Inject(fault)
	receipt, err := Executor(p).Apply(t.Context(), p)
	what := fmt.Sprintf("%v at call %d (%d times, after effect %v)", fault.Err, fault.Skip, fault.Times, fault.After)
	if (err == nil) != (receipt.Outcome == posture.OutcomeDone || receipt.Outcome == posture.OutcomeAlready) {
		t.Errorf("%s: %s with error %v", what, receipt.Outcome, err)
	}
	g.Faults.Heal()
	writes := len(g.Faults.Writes())
	again, err := Executor(p).Apply(t.Context(), p)
	if err != nil || again.Outcome != posture.OutcomeDone && again.Outcome != posture.OutcomeAlready {
		t.Errorf("%s, then healed: %s, %v", what, again.Outcome, err)
	}
	// The fake, not the receipt, says whether the first success was one.
	if receipt.Outcome == posture.OutcomeDone && len(g.Faults.Writes()) > writes {
		t.Errorf("%s: claimed done, and the second apply had still to write", what)
	}
	return receipt.Outcome
}
