package inspector_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	sdk "github.com/aws/aws-sdk-go-v2/service/inspector2"
	"github.com/aws/aws-sdk-go-v2/service/inspector2/types"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/inspector"
	"github.com/awsposture/posture/inspector/inspectortest"
	"github.com/awsposture/posture/internal/conformance"
)

func TestRefusals(t *testing.T) {
	here := func(control string) posture.Finding { return failing(control, account, place.Region) }
	org := func(w *world, admin string) *inspector.Organization {
		return orgFacts{admin: admin}.at(place, w.Inspector)
	}
	administers := func(s *inspectortest.State) {
		s.Organization = inspectortest.NewOrganization()
		s.Organization.Members["444455556666"] = inspectortest.NewMember()
	}
	member := failing("inspector.members", "AWS::InspectorV2::Member", "444455556666")
	for name, test := range map[string]struct {
		state  func(*inspectortest.State)
		plan   func(context.Context, *world) (posture.Plan, error)
		reason posture.RefusalReason
		says   string
	}{
		"a scan type that a policy sets": {
			func(s *inspectortest.State) {
				s.Types[inspector.ECR], s.Codes[inspector.ECR] = inspector.ScanDisabled, "BLOCKED_BY_ORGANIZATION_POLICY"
			},
			func(ctx context.Context, w *world) (posture.Plan, error) {
				return inspector.EnableScanning{Region: w.facts.region(place, w.Inspector), Writer: w}.Plan(ctx, here("inspector.ecr-enabled"))
			}, posture.ReasonManagedElsewhere, "policy",
		},
		"a suspended scan type": {
			func(s *inspectortest.State) { s.Types[inspector.ECR] = inspector.ScanSuspended },
			func(ctx context.Context, w *world) (posture.Plan, error) {
				return inspector.EnableScanning{Region: w.facts.region(place, w.Inspector), Writer: w}.Plan(ctx, here("inspector.ecr-enabled"))
			}, posture.ReasonNotRemediable, "SUSPENDED",
		},
		"a member's configuration": {
			func(s *inspectortest.State) { s.Administrator, s.Rescan = "444455556666", "DAYS_30" },
			func(ctx context.Context, w *world) (posture.Plan, error) {
				return inspector.WidenScanning{Region: w.facts.region(place, w.Inspector), Writer: w}.Plan(ctx, here("inspector.ecr-rescan"))
			}, posture.ReasonManagedElsewhere, "administrator",
		},
		"a member's deep inspection": {
			func(s *inspectortest.State) { s.Administrator = "444455556666" },
			func(ctx context.Context, w *world) (posture.Plan, error) {
				return inspector.ActivateDeepInspection{Region: w.facts.region(place, w.Inspector), Writer: w}.Plan(ctx, here("inspector.deep-inspection"))
			}, posture.ReasonManagedElsewhere, "administrator",
		},
		"another account's filter": {
			func(s *inspectortest.State) {
				s.Filters[goodFilter] = &inspectortest.Filter{Name: "theirs", Suppress: true, Owner: "444455556666"}
			},
			func(ctx context.Context, w *world) (posture.Plan, error) {
				f := failing("inspector.suppression-broad", "AWS::InspectorV2::Filter", "theirs")
				f.Resource.ARN = goodFilter
				return inspector.StopSuppressing{Region: w.facts.region(place, w.Inspector), Writer: w}.Plan(ctx, f)
			}, posture.ReasonManagedElsewhere, "444455556666",
		},
		"no instances named for a CIS scan": {
			func(*inspectortest.State) {},
			func(ctx context.Context, w *world) (posture.Plan, error) {
				return inspector.ScheduleCIS{Region: w.facts.region(place, w.Inspector), Writer: w}.Plan(ctx, here("inspector.cis-scan"))
			}, posture.ReasonNeedsChoice, "not given",
		},
		"CIS scans are scheduled": {
			func(s *inspectortest.State) {
				s.Schedules["a"] = &inspectortest.Schedule{Name: "weekly", Schedule: &types.ScheduleMemberOneTime{}}
			},
			func(ctx context.Context, w *world) (posture.Plan, error) {
				return inspector.ScheduleCIS{Region: w.facts.region(place, w.Inspector), Writer: w, Schedule: inspector.CISSchedule{Tags: map[string][]string{"a": {"b"}}}}.Plan(ctx, here("inspector.cis-scan"))
			}, posture.ReasonNotRemediable, "weekly",
		},
		"a failed check of an instance": {
			func(*inspectortest.State) {},
			func(ctx context.Context, w *world) (posture.Plan, error) {
				return inspector.ScheduleCIS{Region: w.facts.region(place, w.Inspector), Writer: w}.Plan(ctx, failing("inspector.cis-scan", inspector.TypeInstance, "i-0web"))
			}, posture.ReasonNotRemediable, "on the instance",
		},
		"an administrator there is, is never changed": {
			func(s *inspectortest.State) { s.Management, s.DelegatedAdmin = true, "444455556666" },
			func(ctx context.Context, w *world) (posture.Plan, error) {
				return inspector.DelegateAdministrator{Organization: org(w, "123456789012"), Writer: w}.Plan(ctx, here("inspector.delegated-admin"))
			}, posture.ReasonNeedsChoice, "444455556666",
		},
		"nobody named an administrator": {
			func(s *inspectortest.State) { s.Management = true },
			func(ctx context.Context, w *world) (posture.Plan, error) {
				return inspector.DelegateAdministrator{Organization: org(w, ""), Writer: w}.Plan(ctx, here("inspector.delegated-admin"))
			}, posture.ReasonNeedsChoice, "not given",
		},
		"not the management account": {
			func(*inspectortest.State) {},
			func(ctx context.Context, w *world) (posture.Plan, error) {
				return inspector.DelegateAdministrator{Organization: org(w, "123456789012"), Writer: w}.Plan(ctx, here("inspector.delegated-admin"))
			}, posture.ReasonManagedElsewhere, "management account",
		},
		"not the delegated administrator": {
			func(*inspectortest.State) {},
			func(ctx context.Context, w *world) (posture.Plan, error) {
				return inspector.AutoEnableOrganization{Organization: org(w, ""), Writer: w}.Plan(ctx, here("inspector.auto-enable").Part("EC2"))
			}, posture.ReasonManagedElsewhere, "delegated administrator",
		},
		"nor for members": {
			func(*inspectortest.State) {},
			func(ctx context.Context, w *world) (posture.Plan, error) {
				return inspector.EnrolMembers{Organization: org(w, ""), Writer: w}.Plan(ctx, member)
			}, posture.ReasonManagedElsewhere, "delegated administrator",
		},
		"a member's scan type that a policy sets": {
			func(s *inspectortest.State) {
				administers(s)
				s.Organization.Members["444455556666"].Codes[inspector.EC2] = "BLOCKED_BY_ORGANIZATION_POLICY"
			},
			func(ctx context.Context, w *world) (posture.Plan, error) {
				return inspector.EnrolMembers{Organization: org(w, ""), Writer: w}.Plan(ctx, member)
			}, posture.ReasonManagedElsewhere, "policy",
		},
		"a member that AWS suspended": {
			func(s *inspectortest.State) {
				administers(s)
				s.Organization.Members["444455556666"].Status = "ACCOUNT_SUSPENDED"
			},
			func(ctx context.Context, w *world) (posture.Plan, error) {
				return inspector.EnrolMembers{Organization: org(w, ""), Writer: w}.Plan(ctx, member)
			}, posture.ReasonNotRemediable, "ACCOUNT_SUSPENDED",
		},
		"a scan type not known": {
			administers,
			func(ctx context.Context, w *world) (posture.Plan, error) {
				return inspector.AutoEnableOrganization{Organization: org(w, ""), Writer: w}.Plan(ctx, here("inspector.auto-enable").Part("AZURE"))
			}, posture.ReasonNotRemediable, "AZURE",
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := bare().Fake.(*world)
			w.Edit(test.state)
			_, err := test.plan(t.Context(), w)
			refusal, ok := errors.AsType[*posture.Refusal](err)
			if !ok || refusal.Reason != test.reason || !strings.Contains(refusal.Error()+refusal.Owner, test.says) {
				t.Errorf("got %v", err)
			}
			if writes := w.Writes(); len(writes) > 0 {
				t.Errorf("planning wrote %v", writes)
			}
		})
	}
}

// A region without Inspector at all has nothing to enable.
func TestEnableWhereNotOffered(t *testing.T) {
	w := nowhere().Fake.(*world)
	f := failing("inspector.ec2-enabled", account, newRegion.Region)
	f.Resource.Region = newRegion.Region
	_, err := inspector.EnableScanning{Region: w.facts.region(newRegion, w.Inspector), Writer: w}.Plan(t.Context(), f)
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

// Lambda comes before the code that needs it; each step names one scan type and
// its cost; undo says what it deletes and goes the other way.
func TestEnableAndUndo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := absent().Fake.(*world)
		was := w.State()
		p, err := inspector.EnableScanning{Region: w.facts.region(place, w.Inspector), Writer: w}.Plan(t.Context(), failing("inspector.lambda-code-enabled", account, place.Region))
		if err != nil {
			t.Fatal(err)
		}
		if len(p.Steps) != 2 || p.Steps[0].Cost == "" || p.Steps[0].Loss != "" {
			t.Fatalf("%+v", p.Steps)
		}
		if _, err := new(posture.Executor).Apply(t.Context(), p); err == nil {
			t.Error("an executor without limits enabled it")
		}
		x, receipt := apply(t, p)
		var wrote []types.ResourceScanType
		for _, c := range w.Writes() {
			wrote = append(wrote, c.Input.(*sdk.EnableInput).ResourceTypes...)
		}
		if !slices.Equal(wrote, []types.ResourceScanType{"LAMBDA", "LAMBDA_CODE"}) {
			t.Errorf("enabled %v", wrote)
		}
		if loss := (inspector.ScanSwitch{Type: inspector.Lambda}).Loss(inspector.ScanEnabled, inspector.ScanDisabled); !strings.Contains(loss, "findings") {
			t.Errorf("loss %q", loss)
		}
		if undone, err := x.Undo(t.Context(), receipt); err != nil || undone.Outcome != posture.OutcomeDone {
			t.Errorf("undo: %s, %v", undone.Outcome, err)
		}
		if w.State() != was {
			t.Error("undo did not restore the state")
		}
	})
}

// A member may enable and not disable: to it, enabling cannot be undone.
func TestEnableInMember(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := absent().Fake.(*world)
		w.Edit(func(s *inspectortest.State) { s.Administrator = "444455556666" })
		p, err := inspector.EnableScanning{Region: w.facts.region(place, w.Inspector), Writer: w}.Plan(t.Context(), failing("inspector.ec2-enabled", account, place.Region))
		if err != nil || !strings.Contains(p.Steps[0].Loss, "444455556666") {
			t.Fatalf("%+v, %v", p.Steps, err)
		}
		x, receipt := apply(t, p)
		if undone, err := x.Undo(t.Context(), receipt); err == nil {
			t.Errorf("undo: %s", undone.Outcome)
		}
	})
}

// What AWS refuses for one account, in an answer that went well, is no success.
func TestFailedAccountOfAWrite(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := absent().Fake.(*world)
		p, err := inspector.EnableScanning{Region: w.facts.region(place, w.Inspector), Writer: w}.Plan(t.Context(), failing("inspector.ec2-enabled", account, place.Region))
		if err != nil {
			t.Fatal(err)
		}
		w.Edit(func(s *inspectortest.State) { s.Codes[inspector.EC2] = "BLOCKED_BY_ORGANIZATION_POLICY" })
		receipt, err := conformance.Executor(p).Apply(t.Context(), p)
		if err == nil || receipt.Outcome == posture.OutcomeDone || !strings.Contains(receipt.Steps[0].Cause.Message, "could not be changed") {
			t.Errorf("%s, %v", receipt.Outcome, receipt.Steps[0].Cause)
		}
	})
}

// Auto-enable names every scan type, so that none that is on is turned off.
func TestAutoEnableNamesAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := orgBad().Fake.(*orgWorld)
		p, err := inspector.AutoEnableOrganization{Organization: w.facts.at(place, w.Inspector), Writer: w}.Plan(t.Context(), failing("inspector.auto-enable", account, place.Region).Part("LAMBDA_CODE"))
		if err != nil {
			t.Fatal(err)
		}
		apply(t, p)
		in := w.Writes()[0].Input.(*sdk.UpdateOrganizationConfigurationInput).AutoEnable
		if *in.Ec2 || !*in.Ecr || !*in.Lambda || !*in.LambdaCode || in.CodeRepository != nil {
			t.Errorf("set %+v", in)
		}
	})
}

// Undoing a delegation takes it back and says what it leaves.
func TestDelegateAndUndo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := bare().Fake.(*world)
		w.Edit(func(s *inspectortest.State) { s.Management = true })
		was := w.State()
		p, err := inspector.DelegateAdministrator{Organization: orgFacts{admin: "444455556666"}.at(place, w.Inspector), Writer: w}.Plan(t.Context(), failing("inspector.delegated-admin", account, place.Region))
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(p.Steps[0].Loss, "444455556666") {
			t.Errorf("loss %q", p.Steps[0].Loss)
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

// To stop suppressing says how much comes back, and keeps the criteria.
func TestStopSuppressingSays(t *testing.T) {
	w := bad().Fake.(*world)
	f := failing("inspector.suppression-broad", "AWS::InspectorV2::Filter", "noise")
	f.Resource.ARN = badFilter
	p, err := inspector.StopSuppressing{Region: w.facts.region(place, w.Inspector), Writer: w}.Plan(t.Context(), f)
	if err != nil || !strings.Contains(p.Warnings[0], "1 finding suppressed") || !strings.Contains(string(p.Steps[0].After), `"severity"`) {
		t.Errorf("%v, %v", p, err)
	}
}
