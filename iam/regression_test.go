package iam_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	sdk "github.com/aws/aws-sdk-go-v2/service/iam"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/iam"
	"github.com/awsposture/posture/iam/iamtest"
	"github.com/awsposture/posture/internal/conformance"
)

// The tests of this file are named for defects of published playbooks and fixers.

// dropping answers as if it had deactivated the key.
type dropping struct{ iam.Writer }

func (dropping) UpdateAccessKey(context.Context, *sdk.UpdateAccessKeyInput, ...func(*sdk.Options)) (*sdk.UpdateAccessKeyOutput, error) {
	return &sdk.UpdateAccessKeyOutput{}, nil
}

func deactivating(t *testing.T, w *world, writer iam.Writer) posture.Plan {
	t.Helper()
	a := w.account()
	p, err := iam.DeactivateKeys{Account: a, Writer: writer, EvenInUse: true}.Plan(t.Context(), failing(t, iam.AccessKeyAge{Account: a}, "AKIABOB0000000000001"))
	if err != nil || len(p.Steps) != 1 {
		t.Fatalf("got %+v, %v", p, err)
	}
	return p
}

func active(t *testing.T, w *world) bool {
	t.Helper()
	keys, err := w.account().AccessKeys(t.Context(), "bob")
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(keys, func(k iam.AccessKey) bool { return k.ID == "AKIABOB0000000000001" })
	return i >= 0 && keys[i].Active
}

func TestDeniedReportedDone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := badWorld()
		p := deactivating(t, w, w)
		w.Deny("UpdateAccessKey")
		receipt, err := conformance.Executor(p).Apply(t.Context(), p)
		if cause := posture.CauseOf(err); err == nil || cause.Kind != posture.CauseDenied || receipt.Outcome == posture.OutcomeDone || receipt.Steps[0].Outcome == posture.OutcomeDone {
			t.Errorf("%s: %v", receipt.Outcome, err)
		}
		if !active(t, w) {
			t.Error("the key is inactive all the same")
		}
	})
}

// The write is answered and has no effect: only looking finds that out.
func TestVerifierAlwaysTrue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := badWorld()
		p := deactivating(t, w, dropping{w})
		receipt, err := conformance.Executor(p).Apply(t.Context(), p)
		if err == nil || receipt.Outcome == posture.OutcomeDone || receipt.Outcome == posture.OutcomeAlready {
			t.Errorf("%s: %v", receipt.Outcome, err)
		}
	})
}

func TestZeroOfN(t *testing.T) {
	w := badWorld()
	p := deactivating(t, w, w)
	p.Steps = nil
	receipt, err := conformance.Executor(p).Apply(t.Context(), p)
	if err != nil || receipt.Outcome != posture.OutcomeAlready {
		t.Errorf("a plan of nothing is %s: %v", receipt.Outcome, err)
	}
}

// Whoever plans has no Writer at all.
func TestDryRunIgnored(t *testing.T) {
	w := badWorld()
	a := w.account()
	w.Forget()
	planned := 0
	for r := range posture.Scan(t.Context(), iam.Evaluators(a), nil) {
		for _, f := range r.Findings {
			for _, m := range iam.Remediators(a, nil) {
				if f.Status == posture.Fail && slices.Contains(m.Controls(), f.Control) {
					if p, err := m.Plan(t.Context(), f); err == nil && len(p.Steps) > 0 {
						planned++
					}
				}
			}
		}
	}
	if planned < 10 || len(w.Writes()) > 0 {
		t.Errorf("%d plans, %v", planned, w.Writes())
	}
}

// A second run finds nothing to do.
func TestStatementAppended(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := badWorld()
		bind := func() posture.Plan {
			a := w.account()
			p, err := iam.BindTrust{Account: a, Writer: w}.Plan(t.Context(), posture.Finding{Control: "iam.role-service-trust", Resource: a.Place().Resource("AWS::IAM::Role", "trail", ""), Sub: "statement 1: cloudtrail.amazonaws.com"})
			if err != nil {
				t.Fatal(err)
			}
			return p
		}
		p := bind()
		if _, err := conformance.Executor(p).Apply(t.Context(), p); err != nil || len(p.Steps) != 1 {
			t.Fatalf("%d steps, %v", len(p.Steps), err)
		}
		if again := bind(); len(again.Steps) > 0 {
			t.Errorf("a second run has %d steps", len(again.Steps))
		}
	})
}

// A policy of the name that is there already is not written over.
func TestPolicyReplaced(t *testing.T) {
	w := badWorld()
	w.Edit(func(s *iamtest.State) {
		s.Users["bob"].Inline = map[string]string{"require-mfa": policy("s3:Get*", "*"), "other": policy("s3:List*", "*")}
	})
	a := w.account()
	was := w.State()
	_, err := iam.RequireMFA{Account: a, Writer: w}.Plan(t.Context(), failing(t, iam.UserConsoleMFA{Account: a}, "bob"))
	refusal(t, err, posture.ReasonNeedsChoice)
	if w.State() != was {
		t.Error("planning changed the account")
	}
}

func TestPartitionHardCoded(t *testing.T) {
	for _, partition := range []string{"aws-cn", "aws-us-gov"} {
		w := &world{IAM: newFake(posture.Place{Partition: partition, Account: "111122223333"}), place: posture.Place{Partition: partition, Account: "111122223333"}}
		w.Edit(func(s *iamtest.State) {
			s.Groups["staff"] = &iamtest.Group{Attached: []string{"arn:" + partition + ":iam::aws:policy/AWSCloudShellFullAccess"}}
			s.Users["bob"] = &iamtest.User{Created: daysAgo(9), Groups: []string{"staff"}, Password: &iamtest.Password{Created: daysAgo(9)}, Keys: []*iamtest.Key{{ID: "AKIABOB0000000000001", Created: daysAgo(400)}}}
			s.Roles["people"] = role(trust(`{"Federated":"`+w.ARN("saml-provider/idp")+`"}`, ""))
		})
		a := w.account()
		plans := 0
		for r := range posture.Scan(t.Context(), iam.Evaluators(a), nil) {
			for _, f := range r.Findings {
				for _, m := range iam.Remediators(a, w) {
					if f.Status != posture.Fail || !slices.Contains(m.Controls(), f.Control) {
						continue
					}
					p, err := m.Plan(t.Context(), f)
					if err != nil {
						continue
					}
					plans++
					for _, s := range p.Steps {
						for _, text := range []string{s.Target.ARN, string(s.Setting), string(s.After)} {
							if strings.Contains(text, "arn:aws:") || strings.Contains(text, "signin.aws.amazon.com") {
								t.Errorf("%s: %s names another partition: %s", partition, s.Kind.Name, text)
							}
						}
					}
				}
			}
		}
		if plans < 4 {
			t.Errorf("%s: only %d plans", partition, plans)
		}
	}
}

// Every plan of a run has a receipt, those that were not begun too.
func TestSilentSkip(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := badWorld()
		p := deactivating(t, w, w)
		a := w.account()
		q, err := iam.RaisePasswordPolicy{Account: a, Writer: w}.Plan(t.Context(), failing(t, iam.PasswordRule{Account: a, Rule: iam.PasswordReuse}, ""))
		if err != nil {
			t.Fatal(err)
		}
		w.Deny("UpdateAccessKey")
		var outcomes []string
		for receipt, err := range conformance.Executor(p).ApplyAll(t.Context(), []posture.Plan{p, q}) {
			outcomes = append(outcomes, receipt.Plan+" "+string(receipt.Outcome))
			if err == nil && receipt.Outcome != posture.OutcomeDone {
				t.Errorf("%s without an error", receipt.Outcome)
			}
		}
		if len(outcomes) != 2 || !strings.HasPrefix(outcomes[0], p.ID()) || !strings.HasPrefix(outcomes[1], q.ID()) {
			t.Errorf("receipts %v", outcomes)
		}
	})
}
