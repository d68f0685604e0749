package guardduty_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	sdk "github.com/aws/aws-sdk-go-v2/service/guardduty"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/guardduty"
	"github.com/awsposture/posture/guardduty/guarddutytest"
	"github.com/awsposture/posture/internal/conformance"
)

// failing gives a finding as an evaluator would, of a control on a resource.
func failing(control, typ, id string) posture.Finding {
	return posture.Finding{Control: control, Status: posture.Fail, Resource: place.Resource(typ, id, "")}
}

// What an administrator sets for its members is refused in a member's account,
// and the refusal says whose it is.
func TestMembersAreRefused(t *testing.T) {
	w := bad().Fake.(*world)
	w.Edit(func(s *guarddutytest.State) { s.Administrator = "444455556666" })
	r := w.facts.region(place, w.GuardDuty)
	findings := map[string]posture.Finding{
		"guardduty.s3":              failing("guardduty.s3", "AWS::GuardDuty::Detector", place.Region),
		"guardduty.frequency":       failing("guardduty.frequency", "AWS::GuardDuty::Detector", place.Region),
		"guardduty.suppression":     failing("guardduty.suppression", "AWS::GuardDuty::Filter", "noise"),
		"guardduty.trusted-list":    failing("guardduty.trusted-list", "AWS::GuardDuty::IPSet", "ip1"),
		"guardduty.export":          failing("guardduty.export", "AWS::GuardDuty::Detector", place.Region),
		"guardduty.enabled":         failing("guardduty.enabled", "AWS::GuardDuty::Detector", place.Region),
		"guardduty.org-auto-enable": failing("guardduty.org-auto-enable", "AWS::GuardDuty::Detector", place.Region).Part("members"),
	}
	o := guardduty.NewOrganization(r)
	for _, x := range append(guardduty.Remediators(r, w), guardduty.ExportFindings{Region: r, Writer: w, BucketARN: "arn:aws:s3:::example-findings", KeyARN: "arn:aws:kms:eu-west-1:111122223333:key/1"}, guardduty.AutoEnableOrganization{Organization: o, Writer: w}) {
		for id, f := range findings {
			if !slices.Contains(x.Controls(), id) {
				continue
			}
			if id == "guardduty.enabled" {
				w.Edit(func(s *guarddutytest.State) { s.Detector.Suspended = true })
			}
			_, err := x.Plan(t.Context(), f)
			w.Edit(func(s *guarddutytest.State) { s.Detector.Suspended = false })
			refusal, ok := errors.AsType[*posture.Refusal](err)
			if !ok || refusal.Reason != posture.ReasonManagedElsewhere || refusal.Owner != "444455556666" {
				t.Errorf("%T: %v", x, err)
			}
		}
	}
	if writes := w.Writes(); len(writes) > 0 {
		t.Errorf("planning wrote %v", writes)
	}
}

// An account whose invitation was not accepted, or that left, is its own.
func TestFormerMemberIsNotRefused(t *testing.T) {
	for _, relation := range []string{"Invited", "Removed", "Resigned"} {
		w := bare().Fake.(*world)
		w.Edit(func(s *guarddutytest.State) { s.Administrator, s.Relation = "444455556666", relation })
		p, err := guardduty.RaiseFrequency{Region: w.facts.region(place, w.GuardDuty), Writer: w}.Plan(t.Context(), failing("guardduty.frequency", "AWS::GuardDuty::Detector", place.Region))
		if err != nil || len(p.Steps) != 1 {
			t.Errorf("%s: %d steps, %v", relation, len(p.Steps), err)
		}
	}
}

func TestRefusals(t *testing.T) {
	detector := func(control string) posture.Finding {
		return failing(control, "AWS::GuardDuty::Detector", place.Region)
	}
	for name, test := range map[string]struct {
		state  func(*guarddutytest.State)
		plan   func(context.Context, *world) (posture.Plan, error)
		reason posture.RefusalReason
		says   string
	}{
		"an administrator there is, is never changed": {
			func(s *guarddutytest.State) { s.Management, s.DelegatedAdmin = true, "444455556666" },
			func(ctx context.Context, w *world) (posture.Plan, error) {
				return guardduty.DelegateAdministrator{Organization: orgFacts{admin: "123456789012"}.organization(w.GuardDuty), Writer: w}.Plan(ctx, detector("guardduty.delegated-admin"))
			}, posture.ReasonNeedsChoice, "444455556666",
		},
		"nobody named an administrator": {
			func(s *guarddutytest.State) { s.Management = true },
			func(ctx context.Context, w *world) (posture.Plan, error) {
				return guardduty.DelegateAdministrator{Organization: guardduty.NewOrganization(w.facts.region(place, w.GuardDuty)), Writer: w}.Plan(ctx, detector("guardduty.delegated-admin"))
			}, posture.ReasonNeedsChoice, "not given",
		},
		"not the management account": {
			func(s *guarddutytest.State) {},
			func(ctx context.Context, w *world) (posture.Plan, error) {
				return guardduty.DelegateAdministrator{Organization: orgFacts{admin: "123456789012"}.organization(w.GuardDuty), Writer: w}.Plan(ctx, detector("guardduty.delegated-admin"))
			}, posture.ReasonManagedElsewhere, "management account",
		},
		"not the delegated administrator": {
			func(s *guarddutytest.State) {},
			func(ctx context.Context, w *world) (posture.Plan, error) {
				return guardduty.AutoEnableOrganization{Organization: orgFacts{}.organization(w.GuardDuty), Writer: w}.Plan(ctx, detector("guardduty.org-auto-enable").Part("members"))
			}, posture.ReasonManagedElsewhere, "delegated administrator",
		},
		"accounts get the older runtime monitoring": {
			func(s *guarddutytest.State) {
				s.Organization = guarddutytest.NewOrganization()
				s.Organization.Features[guardduty.EKSRuntimeMonitoring] = guardduty.AutoEnableNew
			},
			func(ctx context.Context, w *world) (posture.Plan, error) {
				return guardduty.AutoEnableOrganization{Organization: orgFacts{}.organization(w.GuardDuty), Writer: w}.Plan(ctx, detector("guardduty.org-auto-enable").Part(string(guardduty.EC2Agent)))
			}, posture.ReasonNeedsChoice, "EKS runtime monitoring",
		},
		"a finding that nobody dealt with": {
			func(s *guarddutytest.State) {
				s.Detector.Findings["f1"] = &guarddutytest.Finding{Type: "Discovery:S3/MaliciousIPCaller", Severity: 8, Created: hoursAgo(72)}
			},
			func(ctx context.Context, w *world) (posture.Plan, error) {
				return guardduty.CloseFindings{Region: w.facts.region(place, w.GuardDuty), Writer: w}.Plan(ctx, failing("guardduty.open-findings", "AWS::GuardDuty::Finding", "f1"))
			}, posture.ReasonNeedsChoice, "MaliciousIPCaller",
		},
		"that it was stopped is history": {
			func(s *guarddutytest.State) {},
			func(ctx context.Context, w *world) (posture.Plan, error) {
				return guardduty.EnableGuardDuty{Region: w.facts.region(place, w.GuardDuty), Writer: w}.Plan(ctx, detector("guardduty.stopped").Part("e1"))
			}, posture.ReasonNotRemediable, "e1",
		},
		"no bucket given": {
			func(s *guarddutytest.State) {},
			func(ctx context.Context, w *world) (posture.Plan, error) {
				return guardduty.ExportFindings{Region: w.facts.region(place, w.GuardDuty), Writer: w}.Plan(ctx, detector("guardduty.export"))
			}, posture.ReasonNeedsChoice, "not given",
		},
		"a destination that does not work": {
			func(s *guarddutytest.State) {
				s.Detector.Destinations["d"] = &guarddutytest.Destination{BucketARN: "arn:aws:s3:::example-old", KeyARN: "k", Broken: true}
			},
			func(ctx context.Context, w *world) (posture.Plan, error) {
				return guardduty.ExportFindings{Region: w.facts.region(place, w.GuardDuty), Writer: w, BucketARN: "b", KeyARN: "k"}.Plan(ctx, detector("guardduty.export"))
			}, posture.ReasonNeedsChoice, "UNABLE_TO_PUBLISH",
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := bare().Fake.(*world)
			w.Edit(test.state)
			_, err := test.plan(t.Context(), w)
			refusal, ok := errors.AsType[*posture.Refusal](err)
			if !ok || refusal.Reason != test.reason || !strings.Contains(refusal.Error(), test.says) {
				t.Errorf("got %v", err)
			}
		})
	}
}

// A region without GuardDuty at all has nothing to enable.
func TestEnableWhereNotOffered(t *testing.T) {
	w := nowhere().Fake.(*world)
	f := failing("guardduty.enabled", "AWS::GuardDuty::Detector", newRegion.Region)
	f.Resource.Region = newRegion.Region
	_, err := guardduty.EnableGuardDuty{Region: w.facts.region(newRegion, w.GuardDuty), Writer: w}.Plan(t.Context(), f)
	if refusal, ok := errors.AsType[*posture.Refusal](err); !ok || refusal.Reason != posture.ReasonNotRemediable {
		t.Errorf("got %v", err)
	}
}

func apply(t *testing.T, p posture.Plan) (*posture.Executor, posture.Receipt) {
	t.Helper()
	x := conformance.Executor(p)
	receipt, err := x.Apply(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	return x, receipt
}

// Enabling names every feature; undoing suspends and deletes nothing.
func TestEnableAndUndo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := absent().Fake.(*world)
		r := w.facts.region(place, w.GuardDuty)
		p, err := guardduty.EnableGuardDuty{Region: r, Writer: w, On: []guardduty.Feature{guardduty.S3DataEvents, guardduty.AIProtection, guardduty.RuntimeMonitoring, guardduty.EC2Agent}}.
			Plan(t.Context(), failing("guardduty.enabled", "AWS::GuardDuty::Detector", place.Region))
		if err != nil {
			t.Fatal(err)
		}
		if s := p.Steps[0]; s.Loss == "" || s.Cost == "" {
			t.Errorf("loss %q, cost %q", s.Loss, s.Cost)
		}
		if _, err := new(posture.Executor).Apply(t.Context(), p); err == nil {
			t.Error("an executor without limits enabled it")
		}
		x, receipt := apply(t, p)
		created := w.Writes()[0].Input.(*sdk.CreateDetectorInput)
		named := map[string]string{}
		for _, f := range created.Features {
			named[string(f.Name)] = string(f.Status)
			for _, a := range f.AdditionalConfiguration {
				named[string(f.Name)+"."+string(a.Name)] = string(a.Status)
			}
		}
		for _, f := range slices.Concat(allFeatures, []guardduty.Feature{guardduty.AIProtection}) {
			want := "DISABLED"
			switch f {
			case guardduty.S3DataEvents, guardduty.AIProtection, guardduty.RuntimeMonitoring, guardduty.EC2Agent:
				want = "ENABLED"
			}
			if named[string(f)] != want {
				t.Errorf("feature %s is named as %q", f, named[string(f)])
			}
		}
		if undone, err := x.Undo(t.Context(), receipt); err != nil || undone.Outcome != posture.OutcomeDone {
			t.Errorf("undo: %s, %v", undone.Outcome, err)
		}
		if d, err := guardduty.NewRegion(place, w.GuardDuty).Detector(t.Context()); err != nil || d.State != guardduty.DetectorSuspended {
			t.Errorf("undone, it is %s, %v", d.State, err)
		}
	})
}

// Undoing a delegation takes it back and says what it leaves.
func TestDelegateAndUndo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := bare().Fake.(*world)
		w.Edit(func(s *guarddutytest.State) { s.Management = true })
		o := orgFacts{admin: "444455556666"}.organization(w.GuardDuty)
		was := w.State()
		p, err := guardduty.DelegateAdministrator{Organization: o, Writer: w}.Plan(t.Context(), failing("guardduty.delegated-admin", "AWS::GuardDuty::Detector", place.Region))
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(p.Steps[0].Loss, "444455556666") {
			t.Errorf("loss %q", p.Steps[0].Loss)
		}
		x, receipt := apply(t, p)
		x.Limits.Irreversible = 1
		if undone, err := x.Undo(t.Context(), receipt); err != nil || undone.Outcome != posture.OutcomeDone {
			t.Errorf("undo: %s, %v", undone.Outcome, err)
		}
		if w.State() != was {
			t.Error("undo did not restore the state")
		}
	})
}

// Of the two runtime monitorings one can be on: the older goes before the newer
// comes, with the management of its agent, and undo takes the way back.
func TestOlderRuntimeMonitoringIsReplaced(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := bare().Fake.(*world)
		w.Edit(func(s *guarddutytest.State) {
			s.Detector = guarddutytest.NewDetector(guardduty.EKSRuntimeMonitoring, guardduty.EKSRuntimeAgent)
		})
		was := w.State()
		p, err := guardduty.EnableProtections{Region: w.facts.region(place, w.GuardDuty), Writer: w}.
			Plan(t.Context(), failing("guardduty.runtime", "AWS::GuardDuty::Detector", place.Region), failing("guardduty.runtime-ec2", "AWS::GuardDuty::Detector", place.Region))
		if err != nil {
			t.Fatal(err)
		}
		var order []string
		for _, s := range p.Steps {
			order = append(order, string(s.Setting)+string(s.After))
		}
		want := []string{`EKS_RUNTIME_MONITORING.EKS_ADDON_MANAGEMENT"}"off"`, `EKS_RUNTIME_MONITORING"}"off"`, `"RUNTIME_MONITORING"}"on"`, `"RUNTIME_MONITORING.EKS_ADDON_MANAGEMENT"}"on"`, `"RUNTIME_MONITORING.EC2_AGENT_MANAGEMENT"}"on"`}
		if !slices.EqualFunc(order, want, strings.HasSuffix) {
			t.Errorf("order %q", order)
		}
		if p.Risk != posture.RiskMedium || len(p.Impact.Unknown) == 0 {
			t.Errorf("risk %s, impact %+v", p.Risk, p.Impact)
		}
		x, receipt := apply(t, p)
		if undone, err := x.Undo(t.Context(), receipt); err != nil || undone.Outcome != posture.OutcomeDone {
			t.Errorf("undo: %s, %v", undone.Outcome, err)
		}
		if w.State() != was {
			t.Error("undo did not restore the state")
		}
	})
}

// A step on one feature names that feature and no other.
func TestFeatureStepNamesOneFeature(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := bare().Fake.(*world)
		p, err := guardduty.EnableProtections{Region: w.facts.region(place, w.GuardDuty), Writer: w}.Plan(t.Context(), failing("guardduty.s3", "AWS::GuardDuty::Detector", place.Region))
		if err != nil {
			t.Fatal(err)
		}
		apply(t, p)
		writes := w.Writes()
		in := writes[0].Input.(*sdk.UpdateDetectorInput)
		if len(writes) != 1 || len(in.Features) != 1 || in.Features[0].Name != "S3_DATA_EVENTS" || in.Enable != nil || in.FindingPublishingFrequency != "" {
			t.Errorf("wrote %+v", in)
		}
	})
}
