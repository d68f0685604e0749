package organization_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/iam"
	"github.com/awsposture/posture/iam/organization"
	"github.com/awsposture/posture/iam/organization/organizationtest"
)

// TestStates judges each state that AWS has and one that it does not have yet.
func TestStates(t *testing.T) {
	for state, want := range map[organization.AccountState]posture.Status{
		organization.StateActive: posture.Pass, organization.StateSuspended: posture.Fail, organization.StateClosed: posture.NotApplicable,
		organization.StatePendingClosure: posture.NotApplicable, organization.StatePendingActivation: posture.NotApplicable, "HIBERNATING": posture.Unknown,
	} {
		w := goodWorld()
		w.Edit(func(s *organizationtest.State) { s.Accounts[shop].State, s.Accounts[security].State = state, state })
		if got := statuses(judge(t, organization.AccountActive{Organization: w.view()}))[shop]; got != want {
			t.Errorf("%s: %s, want %s", state, got, want)
		}
		admin := map[bool]posture.Status{true: posture.Pass, false: posture.Fail}[state == organization.StateActive]
		if state == "HIBERNATING" {
			admin = posture.Unknown
		}
		if got := statuses(judge(t, organization.DelegatedAdministratorSound{Organization: w.view()}))[security]; got != admin {
			t.Errorf("administrator %s: %s, want %s", state, got, admin)
		}
	}
}

// TestFactNotProvided judges without an inventory, and with half of one.
func TestFactNotProvided(t *testing.T) {
	o := organization.NewOrganization(place, goodWorld())
	fs := judge(t, organization.ManagementAccountEmpty{Organization: o})
	if len(fs) != 1 || fs[0].Cause == nil || fs[0].Cause.Kind != posture.CauseNotProvided || !strings.Contains(fs[0].Cause.Message, "ManagementResources") {
		t.Errorf("without: %+v", fs)
	}
	for resources, want := range map[string]posture.Status{"AWS::IAM::Role": posture.Unknown, "AWS::EC2::Instance": posture.Fail} {
		o := organization.NewOrganization(place, goodWorld())
		o.ManagementResources = func(context.Context) ([]posture.Resource, error) {
			return []posture.Resource{{Account: management, Type: resources}}, &posture.Cause{Kind: posture.CauseTruncated}
		}
		fs := judge(t, organization.ManagementAccountEmpty{Organization: o})
		if fs[0].Status != want || fs[len(fs)-1].Status != posture.Unknown {
			t.Errorf("half with %s: %+v", resources, fs)
		}
	}
}

// TestInventory judges what there is, also where its account or the types allowed are the caller's.
func TestInventory(t *testing.T) {
	for name, c := range map[string]struct {
		resource posture.Resource
		allowed  []string
		want     posture.Status
	}{
		"a workload":               {posture.Resource{Account: management, Type: "AWS::EC2::Instance"}, nil, posture.Fail},
		"of an account not told":   {posture.Resource{Type: "AWS::EC2::Instance"}, nil, posture.Fail},
		"of another account":       {posture.Resource{Account: shop, Type: "AWS::EC2::Instance"}, nil, posture.Pass},
		"of a type that is there":  {posture.Resource{Account: management, Type: "AWS::CloudTrail::Trail"}, nil, posture.Pass},
		"of a type the caller has": {posture.Resource{Account: management, Type: "AWS::EC2::Instance"}, []string{"AWS::EC2::*"}, posture.Pass},
		"nothing is allowed":       {posture.Resource{Account: management, Type: "AWS::CloudTrail::Trail"}, []string{}, posture.Fail},
	} {
		o := organization.NewOrganization(place, goodWorld())
		o.ManagementResources = func(context.Context) ([]posture.Resource, error) { return []posture.Resource{c.resource}, nil }
		if fs := judge(t, organization.ManagementAccountEmpty{Organization: o, Allowed: c.allowed}); len(fs) != 1 || fs[0].Status != c.want {
			t.Errorf("%s: %+v", name, fs)
		}
	}
}

// TestManagementAsksLittle tells that it is the management account without the
// calls that only administrators may make.
func TestManagementAsksLittle(t *testing.T) {
	w := goodWorld()
	if fs := judge(t, organization.AllFeatures{Organization: w.view()}); fs[0].Status != posture.Pass || len(w.Calls()) != 1 {
		t.Errorf("%+v by %d calls", fs, len(w.Calls()))
	}
}

// TestAllowList is an organization whose guardrail is what it allows.
func TestAllowList(t *testing.T) {
	w := goodWorld()
	w.Edit(func(s *organizationtest.State) {
		s.Policies[guardrail].Targets = nil
		full := s.Policies[organizationtest.FullAWSAccess]
		full.Targets = slices.DeleteFunc(full.Targets, func(id string) bool { return id == web })
	})
	// What is allowed under a condition is not everything, and leaving may be allowed.
	conditional := goodWorld()
	conditional.Edit(func(s *organizationtest.State) {
		s.Policies[guardrail].Targets = nil
		s.Policies[organizationtest.FullAWSAccess].Targets = []string{root, workload, shop, security}
		s.Policies["p-regions"].Document = policy(statementOf("Allow", "*", `,"Condition":{"StringEquals":{"aws:RequestedRegion":"eu-west-1"}}`))
	})
	if got := statuses(judge(t, organization.Guardrails{Organization: conditional.view()})); got[shop] != posture.Pass || got[security] != posture.Fail {
		t.Errorf("conditional: %v", got)
	}
	if got := statuses(judge(t, organization.LeaveDenied{Organization: conditional.view()})); got[shop] != posture.Fail {
		t.Errorf("conditional: %v", got)
	}
	for _, e := range []posture.Evaluator{organization.Guardrails{Organization: w.view()}, organization.LeaveDenied{Organization: w.view()}} {
		if got := statuses(judge(t, e)); got[shop] != posture.Pass || got[security] != posture.Fail || got[management] != posture.NotApplicable || got[closed] != posture.NotApplicable {
			t.Errorf("%s: %v", e.Control().ID, got)
		}
	}
}

// TestNoCollision keeps the ids apart from those of package iam.
func TestNoCollision(t *testing.T) {
	if err := posture.Validate(append(iam.Evaluators(nil), organization.Evaluators(nil)...)); err != nil {
		t.Error(err)
	}
	ids := map[string]bool{}
	for _, e := range iam.Evaluators(nil) {
		ids[e.Control().ID] = true
	}
	for _, e := range organization.Evaluators(nil) {
		if id := e.Control().ID; ids[id] || !strings.HasPrefix(id, "iam.organization-") {
			t.Errorf("%s", id)
		}
	}
}
