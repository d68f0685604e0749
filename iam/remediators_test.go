package iam_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/iam"
	"github.com/awsposture/posture/iam/iamtest"
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

// TestKeyInUse does not take away a key that was used today, unless asked.
func TestKeyInUse(t *testing.T) {
	w := badWorld()
	w.Edit(func(s *iamtest.State) { s.Users["bob"].Keys[0].Used = now.Add(-1) })
	a := w.account()
	f := failing(t, iam.AccessKeyAge{Account: a}, "AKIABOB0000000000001")
	_, err := iam.DeactivateKeys{Account: a, Writer: w}.Plan(t.Context(), f)
	refusal(t, err, posture.ReasonNeedsChoice)
	p, err := iam.DeactivateKeys{Account: a, Writer: w, EvenInUse: true}.Plan(t.Context(), f)
	if err != nil || len(p.Steps) != 1 || len(p.Impact.Broken) != 1 {
		t.Errorf("got %+v, %v", p, err)
	}
}

// TestPasswordPolicyWeakened raises one rule: stricter ones stay, and a policy
// made where there was none is no laxer than AWS's default.
func TestPasswordPolicyWeakened(t *testing.T) {
	w := goodWorld()
	w.Edit(func(s *iamtest.State) { s.PasswordPolicy.MinLength, s.PasswordPolicy.Remembered = 30, 5 })
	after := func() iam.PasswordPolicy {
		a := w.account()
		f := failing(t, iam.PasswordRule{Account: a, Rule: iam.PasswordReuse}, "")
		p, err := iam.RaisePasswordPolicy{Account: a, Writer: w}.Plan(t.Context(), f)
		if err != nil {
			t.Fatal(err)
		}
		x := conformance.Executor(p)
		if _, err := x.Apply(t.Context(), p); err != nil {
			t.Fatal(err)
		}
		is, err := w.account().PasswordPolicy(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return is
	}
	if is := after(); is.MinLength != 30 || is.Remembered != 24 || is.MaxAgeDays != 60 || !is.Symbols {
		t.Errorf("got %+v", is)
	}
	w.Edit(func(s *iamtest.State) { s.PasswordPolicy = nil })
	if is := after(); is.MinLength != 8 || is.Remembered != 24 || !is.Symbols || !is.Numbers || !is.Uppercase || !is.Lowercase || !is.UsersChange {
		t.Errorf("made from none: %+v", is)
	}
}

// TestTrustStatementShared leaves a statement alone whose other principals the
// condition would cut off.
func TestTrustStatementShared(t *testing.T) {
	w := badWorld()
	w.Edit(func(s *iamtest.State) {
		s.Roles["trail"].Trust = trust(`{"Service":"cloudtrail.amazonaws.com","AWS":"111122223333"}`, "")
	})
	a := w.account()
	_, err := iam.BindTrust{Account: a, Writer: w}.Plan(t.Context(), failing(t, iam.RoleServiceTrust{Account: a}, "trail"))
	refusal(t, err, posture.ReasonNeedsChoice)
}

// TestTrustOtherStatementsStay compares every other statement byte for byte.
func TestTrustOtherStatementsStay(t *testing.T) {
	const other = `{ "Sid":"Keep",  "Effect":"Deny","Principal":"*","Action":"sts:TagSession" , "Condition":{"Bool":{"aws:SecureTransport":"false"}}}`
	w := badWorld()
	w.Edit(func(s *iamtest.State) {
		s.Roles["trail"].Trust = `{"Version":"2012-10-17","Id":"x","Statement":[` + other + `,{"Effect":"Allow","Principal":{"Service":"cloudtrail.amazonaws.com"},"Action":"sts:AssumeRole","Condition":{"StringEquals":{"aws:PrincipalTag/a":"b"}}}]}`
	})
	a := w.account()
	p, err := iam.BindTrust{Account: a, Writer: w}.Plan(t.Context(), failing(t, iam.RoleServiceTrust{Account: a}, "trail"))
	if err != nil {
		t.Fatal(err)
	}
	x := conformance.Executor(p)
	if _, err := x.Apply(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	roles, _ := w.account().Roles(t.Context())
	for _, r := range roles {
		if r.Name != "trail" {
			continue
		}
		for _, part := range []string{strings.ReplaceAll(strings.ReplaceAll(other, " ", ""), "  ", ""), `"Id":"x"`, `"aws:SourceAccount":"111122223333"`, `"aws:PrincipalTag/a":"b"`} {
			if !strings.Contains(r.Trust, part) {
				t.Errorf("the trust policy lost %s: %s", part, r.Trust)
			}
		}
	}
}

func TestCertificateInUse(t *testing.T) {
	w := badWorld()
	a := w.account()
	f := failing(t, iam.ServerCertificateValid{Account: a}, "web")
	used := func(context.Context, string) (bool, error) { return true, nil }
	_, err := iam.DeleteExpiredCertificate{Account: a, Writer: w, InUse: used}.Plan(t.Context(), f)
	refusal(t, err, posture.ReasonNeedsChoice)
	p, err := iam.DeleteExpiredCertificate{Account: a, Writer: w}.Plan(t.Context(), f)
	if err != nil || len(p.Needs) != 1 || p.Steps[0].Loss == "" {
		t.Errorf("got %+v, %v", p, err)
	}
	x := conformance.Executor(p)
	x.Limits = posture.Limits{}
	_, err = x.Apply(t.Context(), p)
	refusal(t, err, posture.ReasonLimit)
}

// TestRequireMFA embeds the policy, once, and refuses over another of its name.
func TestRequireMFA(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := badWorld()
		a := w.account()
		f := failing(t, iam.UserConsoleMFA{Account: a}, "bob")
		r := iam.RequireMFA{Account: a, Writer: w}
		p, err := r.Plan(t.Context(), f)
		if err != nil || p.Risk != posture.RiskHigh || len(p.Needs) == 0 {
			t.Fatalf("got %+v, %v", p, err)
		}
		was := w.State()
		x := conformance.Executor(p)
		receipt, err := x.Apply(t.Context(), p)
		if err != nil {
			t.Fatal(err)
		}
		if again, err := r.Plan(t.Context(), f); err != nil || len(again.Steps) > 0 {
			t.Errorf("planned again: %+v, %v", again, err)
		}
		if _, err := x.Undo(t.Context(), receipt); err != nil || w.State() != strings.Replace(was, `"Inline": null`, `"Inline": {}`, 1) {
			t.Errorf("undo: %v\n%s", err, w.State())
		}
		w.Edit(func(s *iamtest.State) {
			s.Users["bob"].Inline = map[string]string{"require-mfa": policy("s3:Get*", "*")}
		})
		_, err = r.Plan(t.Context(), f)
		refusal(t, err, posture.ReasonNeedsChoice)
	})
}

// TestMoveToGroup adds before it removes, and only to a group the user is in.
func TestMoveToGroup(t *testing.T) {
	w := goodWorld()
	const readOnly = "arn:aws:iam::aws:policy/ReadOnlyAccess"
	w.Edit(func(s *iamtest.State) {
		s.Users["ana"].Attached = []string{readOnly, "arn:aws:iam::aws:policy/AWSSupportAccess"}
	})
	a := w.account()
	f := failing(t, iam.UserDirectPolicies{Account: a}, "ana")
	_, err := iam.MoveToGroup{Account: a, Writer: w, Group: "admins"}.Plan(t.Context(), f)
	refusal(t, err, posture.ReasonNeedsChoice)
	p, err := iam.MoveToGroup{Account: a, Writer: w, Group: "staff"}.Plan(t.Context(), f)
	if err != nil {
		t.Fatal(err)
	}
	w.Forget()
	x := conformance.Executor(p)
	if _, err := x.Apply(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	var writes []string
	for _, c := range w.Writes() {
		writes = append(writes, c.Operation)
	}
	// The group has one of both policies already.
	if got := strings.Join(writes, " "); got != "AttachGroupPolicy DetachUserPolicy DetachUserPolicy" {
		t.Errorf("wrote %s", got)
	}
	if fs := judge(t, iam.UserDirectPolicies{Account: w.account()}); fs[0].Status != posture.Pass {
		t.Errorf("still %+v", fs[0])
	}
}
