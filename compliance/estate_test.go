package compliance_test

import (
	"context"
	"errors"
	"testing"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/compliance"
	"github.com/awsposture/posture/iam"
)

// An estate that nobody looked at has no full marks: in no framework is
// anything met, partly met or not met.
func TestNineOfNine(t *testing.T) {
	a := assess(t, compliance.Assessor{Frameworks: loadAll(t)})
	for _, f := range a.Frameworks {
		for _, r := range f.Requirements {
			switch {
			case r.Outcome != compliance.NotAssessed && r.Outcome != compliance.Manual:
				t.Errorf("%s %s: %s", f.Framework, r.ID, r.Outcome)
			case r.Outcome == compliance.NotAssessed && len(r.Gaps) == 0:
				t.Errorf("%s %s is not assessed and does not say why", f.Framework, r.ID)
			case r.Outcome == compliance.Manual && (r.Kind == compliance.Technical || len(r.Controls)+len(r.Planned) > 0):
				t.Errorf("%s %s is manual, and controls speak of it", f.Framework, r.ID)
			}
		}
	}
}

// An account whose every answer is a denial is neither met nor not met.
func TestDeniedIsNeither(t *testing.T) {
	fake := sampleIAM()
	fake.Deny("") // every operation
	run, err := compliance.Assessor{Frameworks: []*compliance.Framework{load(t, "cis-aws", "5.0.0"), load(t, "aws-fsbp", "1.0.0")}, Scope: []posture.Place{account}}.Start()
	if err != nil {
		t.Fatal(err)
	}
	for item := range run.Items(posture.Scan(context.Background(), iam.Evaluators(iam.NewAccount(account, fake)), nil)) {
		if s := item.Finding.Status; s == posture.Pass || s == posture.Fail {
			t.Errorf("%s: %s with every operation denied", item.Finding.Control, s)
		}
	}
	for _, f := range run.Assessment().Frameworks {
		for _, o := range []compliance.Outcome{compliance.Met, compliance.NotMet, compliance.Partly, compliance.Excepted} {
			if n := f.Outcomes[o]; n > 0 {
				t.Errorf("%s: %d %s", f.Framework, n, o)
			}
		}
	}
}

// An assessment of a scan that is cancelled says so and finds nothing met.
func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancelCause(context.Background())
	cancel(errors.New("enough"))
	run, err := compliance.Assessor{Frameworks: []*compliance.Framework{load(t, "cis-aws", "7.0.0")}, Scope: []posture.Place{account}}.Start()
	if err != nil {
		t.Fatal(err)
	}
	for item := range run.Items(posture.Scan(ctx, iam.Evaluators(iam.NewAccount(account, sampleIAM())), nil)) {
		if item.Finding.Status != posture.Unknown {
			t.Errorf("%s: %s", item.Finding.Control, item.Finding.Status)
		}
	}
	a := run.Assessment()
	if n := a.Frameworks[0].Outcomes[compliance.Met]; n > 0 {
		t.Errorf("%d met", n)
	}
	if len(a.Controls) != len(iam.Evaluators(nil)) {
		t.Errorf("%d controls", len(a.Controls))
	}
}
