package organization_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/iam/organization"
	"github.com/awsposture/posture/iam/organization/organizationtest"
	"github.com/awsposture/posture/internal/awsfake"
	"github.com/awsposture/posture/internal/conformance"
)

func failing(t *testing.T, e posture.Evaluator, id string) posture.Finding {
	t.Helper()
	for _, f := range judge(t, e) {
		if f.Status == posture.Fail && (f.Resource.ID == id || id == "") {
			return f
		}
	}
	t.Fatalf("%s does not fail on %q", e.Control().ID, id)
	return posture.Finding{}
}

func refusal(t *testing.T, err error, want posture.RefusalReason) {
	t.Helper()
	var r *posture.Refusal
	if !errors.As(err, &r) || r.Reason != want {
		t.Errorf("got %v, want a refusal: %s", err, want)
	}
}

// TestAttachAsks plans to attach with all that a person must know, at high risk.
func TestAttachAsks(t *testing.T) {
	w := badWorld()
	o := w.view()
	f := failing(t, organization.Guardrails{Organization: o}, shop)
	p, err := organization.AttachGuardrail{Organization: o, Writer: w, Policy: guardrail, Target: root}.Plan(t.Context(), f)
	if err != nil || p.Risk != posture.RiskHigh || len(p.Steps) != 1 || len(p.Needs) != 1 || len(p.Impact.Unknown) != 1 || len(p.Warnings) != 1 || !strings.Contains(p.Warnings[0], "3 accounts") {
		t.Fatalf("got %+v, %v", p, err)
	}
	if p.Steps[0].Loss != "" {
		t.Errorf("attaching loses %s", p.Steps[0].Loss)
	}
	x := conformance.Executor(p)
	if _, err := x.Apply(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	for _, e := range []posture.Evaluator{organization.Guardrails{Organization: w.view()}, organization.LeaveDenied{Organization: w.view()}} {
		if got := statuses(judge(t, e)); got[shop] != posture.Pass || got[security] != posture.Pass {
			t.Errorf("%s: %v", e.Control().ID, got)
		}
	}
}

// TestAttachRefuses makes no plan that would not help, or would lock its operator out.
func TestAttachRefuses(t *testing.T) {
	full := organizationtest.FullAWSAccess
	for name, c := range map[string]struct {
		from, policy, target string
		most                 int
		edit                 func(*organizationtest.State)
		want                 posture.RefusalReason
	}{
		"no policy":                     {from: management, want: posture.ReasonNeedsChoice},
		"a policy that denies nothing":  {from: management, policy: full, want: posture.ReasonNeedsChoice},
		"a policy of another type":      {from: management, policy: "p-perimeter", want: posture.ReasonNeedsChoice},
		"a policy that is not there":    {from: management, policy: "p-nowhere", want: posture.ReasonUnreadable},
		"a unit that is elsewhere":      {from: management, policy: guardrail, target: leaving, want: posture.ReasonNeedsChoice},
		"a target that is full":         {from: management, policy: guardrail, most: 1, want: posture.ReasonLimit},
		"a delegate binding the root":   {from: security, policy: guardrail, target: root, want: posture.ReasonLockout},
		"a delegate binding his unit":   {from: security, policy: guardrail, target: workload, want: posture.ReasonLockout},
		"a policy that does not parse":  {from: management, policy: guardrail, edit: denyLeaving("{"), want: posture.ReasonUnreadable},
		"a policy that lets some leave": {from: management, policy: guardrail, edit: denyLeaving(policy(statementOf("Deny", "*", `,"Condition":{"Bool":{"aws:MultiFactorAuthPresent":"false"}}`))), want: posture.ReasonNeedsChoice},
	} {
		t.Run(name, func(t *testing.T) {
			w := seenFrom(c.from)
			w.Edit(func(s *organizationtest.State) {
				s.Policies[guardrail].Targets, s.Delegated[security] = nil, []string{"guardduty.amazonaws.com"}
				if c.edit != nil {
					c.edit(s)
				}
			})
			o := w.view()
			f := organization.LeaveDenied{Organization: o}.Control().Fail(o.Place().Resource("AWS::Organizations::Account", shop, ""), nil)
			_, err := organization.AttachGuardrail{Organization: o, Writer: w, Policy: c.policy, Target: c.target, MostAttached: c.most}.Plan(t.Context(), f)
			refusal(t, err, c.want)
			if writes := w.Writes(); len(writes) > 0 {
				t.Errorf("wrote %v", writes)
			}
		})
	}
	// What is no guardrail answers no finding.
	m := goodWorld()
	view := m.view()
	for _, id := range []string{full, "p-perimeter"} {
		_, err := organization.AttachGuardrail{Organization: view, Writer: m, Policy: id}.Plan(t.Context(), organization.Guardrails{Organization: view}.Control().Fail(view.Place().Resource("AWS::Organizations::Account", shop, ""), nil))
		refusal(t, err, posture.ReasonNeedsChoice)
	}
	// A delegated administrator's own account is as much of a lockout as its unit.
	w := seenFrom(security)
	o := w.view()
	f := organization.Guardrails{Organization: o}.Control().Fail(o.Place().Resource("AWS::Organizations::Account", security, ""), nil)
	_, err := organization.AttachGuardrail{Organization: o, Writer: w, Policy: guardrail}.Plan(t.Context(), f)
	refusal(t, err, posture.ReasonLockout)
}

// TestEnableLoses says that undo loses attachments, and has the executor refuse it unless allowed.
func TestEnableLoses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := badWorld()
		o := w.view()
		f := failing(t, organization.PolicyTypeInForce{Organization: o, Type: organization.RCP}, "")
		p, err := organization.EnablePolicyType{Organization: o, Writer: w}.Plan(t.Context(), f)
		if err != nil || len(p.Steps) != 1 || p.Steps[0].Loss != "" || len(p.Warnings) != 1 {
			t.Fatalf("got %+v, %v", p, err)
		}
		x := conformance.Executor(p)
		receipt, err := x.Apply(t.Context(), p)
		if err != nil {
			t.Fatal(err)
		}
		x.Limits = posture.Limits{}
		_, err = x.Undo(t.Context(), receipt)
		refusal(t, err, posture.ReasonLimit)
		x.Limits.Irreversible = 1
		undone, err := x.Undo(t.Context(), receipt)
		if err != nil || !strings.Contains(undone.Steps[0].Step.Loss, "attachments") || status(t, w, organization.RCP) != organization.TypeDisabled {
			t.Errorf("undo: %s, %v", undone.Outcome, err)
		}
	})
}

func status(t *testing.T, w *world, kind organization.PolicyType) organization.TypeStatus {
	t.Helper()
	got, err := organization.PolicyTypeStatus{Organization: w.view(), Root: root, Type: kind}.Get(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// TestEnableBoth answers both types on the one root with two steps, in one order.
func TestEnableBoth(t *testing.T) {
	w := badWorld()
	w.Edit(func(s *organizationtest.State) { delete(s.Types, organization.SCP) })
	o := w.view()
	fs := []posture.Finding{failing(t, organization.PolicyTypeInForce{Organization: o, Type: organization.RCP}, ""), failing(t, organization.PolicyTypeInForce{Organization: o}, "")}
	p, err := organization.EnablePolicyType{Organization: o, Writer: w}.Plan(t.Context(), fs...)
	if err != nil || len(p.Steps) != 2 {
		t.Fatalf("got %+v, %v", p, err)
	}
	x := conformance.Executor(p)
	if _, err := x.Apply(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	if scp, rcp := status(t, w, organization.SCP), status(t, w, organization.RCP); scp != organization.TypeEnabled || rcp != organization.TypeEnabled {
		t.Errorf("SCP %s, RCP %s", scp, rcp)
	}
}

// TestEnableBilling has no plan for an organization without all features.
func TestEnableBilling(t *testing.T) {
	w := billingWorld()
	o := w.view()
	_, err := organization.EnablePolicyType{Organization: o, Writer: w}.Plan(t.Context(), failing(t, organization.PolicyTypeInForce{Organization: o}, ""))
	refusal(t, err, posture.ReasonNeedsChoice)
}

// TestLastSCPStays cannot detach what AWS keeps attached.
func TestLastSCPStays(t *testing.T) {
	w := goodWorld()
	err := organization.PolicyAttachment{Organization: w.view(), Writer: w, TargetID: shop, Type: organization.SCP, Policy: organizationtest.FullAWSAccess}.Set(t.Context(), organization.Attachment{})
	if c := posture.CauseOf(err); c == nil || c.Code != "ConstraintViolationException" {
		t.Errorf("got %v", err)
	}
}

// TestSetTwice changes nothing the second time, in both directions.
func TestSetTwice(t *testing.T) {
	w := goodWorld()
	s := organization.PolicyAttachment{Organization: w.view(), Writer: w, TargetID: shop, Type: organization.SCP, Policy: guardrail}
	for _, want := range []bool{true, true, false, false} {
		if err := s.Set(t.Context(), organization.Attachment{Attached: want}); err != nil {
			t.Fatalf("to %v: %v", want, err)
		}
		if got, err := s.Get(t.Context()); err != nil || got.Attached != want {
			t.Errorf("set to %v, is %v, %v", want, got, err)
		}
	}
	types := organization.PolicyTypeStatus{Organization: w.view(), Writer: w, Root: root, Type: organization.RCP}
	for _, want := range []organization.TypeStatus{organization.TypeDisabled, organization.TypeDisabled, organization.TypeEnabled, organization.TypeEnabled} {
		if err := types.Set(t.Context(), want); err != nil {
			t.Fatalf("to %s: %v", want, err)
		}
		if got := status(t, w, organization.RCP); got != want {
			t.Errorf("set to %s, is %s", want, got)
		}
	}
	if err := types.Set(t.Context(), organization.TypePendingEnable); err == nil {
		t.Error("a type was made pending")
	}
	types.Root = "r-zz99"
	if _, err := types.Get(t.Context()); err == nil {
		t.Error("the status was read on another root")
	}
}

// TestConcurrentModification is AWS's answer while another write is under way: the
// step is sent once more after a look, and nothing is claimed.
func TestConcurrentModification(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := badWorld()
		o := w.view()
		w.Inject(awsfake.Fault{Operation: "AttachPolicy", Err: api("ConcurrentModificationException", "The target of the operation is currently being modified by a different request. Try again later.")})
		p, err := organization.AttachGuardrail{Organization: o, Writer: w, Policy: guardrail}.Plan(t.Context(), failing(t, organization.Guardrails{Organization: o}, shop))
		if err != nil {
			t.Fatal(err)
		}
		x := conformance.Executor(p)
		receipt, err := x.Apply(t.Context(), p)
		tried := slices.DeleteFunc(w.Calls(), func(c awsfake.Call) bool { return !c.Write })
		if err == nil || receipt.Outcome == posture.OutcomeDone || len(tried) != 2 {
			t.Errorf("%s, %v, %d writes", receipt.Outcome, err, len(tried))
		}
	})
}
