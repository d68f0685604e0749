package suite_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/google/go-cmp/cmp"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/compliance/suite"
	"github.com/awsposture/posture/guardduty"
	"github.com/awsposture/posture/guardduty/guarddutytest"
	"github.com/awsposture/posture/iam/iamtest"
	"github.com/awsposture/posture/inspector"
	"github.com/awsposture/posture/inspector/inspectortest"
)

// guarded makes GuardDuty be administered by one account of the estate.
func guarded(id string) state {
	return func(m *member) {
		for _, f := range m.guardduty {
			f.Edit(func(s *guarddutytest.State) {
				s.Detector = guarddutytest.NewDetector()
				s.Management, s.DelegatedAdmin = id == management, security
				if id == security {
					s.Organization = &guarddutytest.Organization{AutoEnable: "ALL", Features: map[guardduty.Feature]guardduty.AutoEnable{}, Members: map[string]*guarddutytest.Member{shop: {}, management: {}}}
				}
			})
		}
		for _, f := range m.inspector {
			f.Edit(func(s *inspectortest.State) {
				s.Account = *inspectortest.NewAccount(inspector.EC2)
				s.Management, s.DelegatedAdmin = id == management, security
				if id == security {
					s.Organization = inspectortest.NewOrganization()
					s.Organization.Members[shop] = inspectortest.NewMember(inspector.EC2)
					s.Organization.Members[management] = inspectortest.NewMember(inspector.EC2)
				}
			})
		}
	}
}

// ofOrganization gives, for each control of an organization and each region it is
// judged in, the accounts that results came from, with their first status.
func ofOrganization(t *testing.T, a suite.Accounts) map[string][]string {
	t.Helper()
	by := map[string][]string{}
	for r := range a.Scan(t.Context(), nil) {
		if r.Control.Scope == posture.Organization {
			key := r.Control.ID + " " + r.Place.Region
			for _, p := range r.Control.Params {
				if p.Name == "type" {
					key += " " + p.Value
				}
			}
			by[key] = append(by[key], r.Place.Account+" "+r.Findings[0].Status.String())
		}
	}
	return by
}

// What judges the organization gives one result, from the account that
// administers it; GuardDuty's from its own administrator.
func TestOrganizationOnce(t *testing.T) {
	e := newEstate(baseUser)
	e.state = guarded
	by := ofOrganization(t, e.accounts(shop, security, management))
	for key, from := range by {
		if len(from) != 1 {
			t.Errorf("%s: from %v", key, from)
		}
	}
	for key, want := range map[string]string{
		"iam.organization-all-features ":             management + " pass",
		"guardduty.delegated-admin eu-west-1":        management + " pass",
		"guardduty.members eu-west-1":                security + " pass",
		"guardduty.members us-east-1":                security + " pass",
		"iam.organization-delegated-administrator ":  management + " pass",
		"iam.organization-management-account-empty ": management + " unknown", // a fact that nobody gave
	} {
		if got := by[key]; len(got) != 1 || got[0] != want {
			t.Errorf("%s: from %v, want %s", key, got, want)
		}
	}
	// An account that is known to administer nothing is not asked.
	for _, f := range e.members[shop].guardduty {
		for _, c := range f.Calls() {
			if c.Operation == "ListOrganizationAdminAccounts" || c.Operation == "DescribeOrganizationConfiguration" {
				t.Errorf("%s asked %s", shop, c.Operation)
			}
		}
	}
}

// Where the management account does not let the scan in, a delegated
// administrator's verdict stands; only what nobody else can tell stays unknown, once.
func TestOrganizationWithoutManagement(t *testing.T) {
	e := newEstate("arn:aws:iam::" + security + ":user/scanner")
	e.state, e.trust = guarded, noTrust(management)
	by := ofOrganization(t, e.accounts(shop, security, management))
	var unknown []string
	for key, from := range by {
		if len(from) != 1 {
			t.Errorf("%s: from %v", key, from)
		}
		if slices.Contains(from, management+" unknown") {
			unknown = append(unknown, key)
		}
	}
	for key, want := range map[string]string{"iam.organization-all-features ": security + " pass", "guardduty.members eu-west-1": security + " pass"} {
		if got := by[key]; !slices.Equal(got, []string{want}) {
			t.Errorf("%s: from %v, want %s", key, got, want)
		}
	}
	slices.Sort(unknown)
	want := []string{
		"guardduty.delegated-admin ", "iam.organization-management-account-empty ", "iam.organization-service-delegation ", "iam.root-central ", "inspector.delegated-admin ", "inspector.member-coverage ",
	}
	if diff := cmp.Diff(want, unknown); diff != "" {
		t.Errorf("unknown (-want +got):\n%s", diff)
	}
}

// From a base that is told nothing about the organization, every account is tried
// and there is one verdict still. An account of no organization speaks for itself.
func TestOrganizationUntold(t *testing.T) {
	e := newEstate("arn:aws:iam::" + shop + ":user/scanner")
	e.state = guarded
	by := ofOrganization(t, e.accounts(shop, outsider, stranger, management))
	want := []string{management + " pass", outsider + " not-applicable", stranger + " not-applicable"}
	if diff := cmp.Diff(want, by["iam.organization-all-features "]); diff != "" {
		t.Errorf("all features (-want +got):\n%s", diff)
	}
	// Nobody scanned administers GuardDuty: that is said once, in each region.
	want = []string{outsider + " not-applicable", stranger + " not-applicable", management + " not-applicable"}
	if diff := cmp.Diff(want, by["guardduty.members eu-west-1"]); diff != "" {
		t.Errorf("members (-want +got):\n%s", diff)
	}
}

// Accounts that may not even ask which organization they are in are taken to be
// in the base's: what judges it is not repeated in each.
func TestOrganizationRefused(t *testing.T) {
	e := newEstate("arn:aws:iam::" + security + ":user/scanner")
	e.state = func(id string) state {
		return func(m *member) {
			guarded(id)(m)
			if id == shop {
				m.org.Deny("DescribeOrganization")
			}
		}
	}
	for key, from := range ofOrganization(t, e.accounts(shop, security)) {
		if len(from) != 1 || from[0][:12] != security {
			t.Errorf("%s: from %v", key, from)
		}
	}
}

// Who stops in the last results, which were held back, gets no more of them.
func TestOrganizationStopped(t *testing.T) {
	all := 0
	for range newEstate(baseUser).accounts(management).Scan(t.Context(), nil) {
		all++
	}
	n := 0
	for range newEstate(baseUser).accounts(management).Scan(t.Context(), nil) {
		if n++; n == all-1 {
			break
		}
	}
	if n != all-1 {
		t.Errorf("%d of %d", n, all)
	}
}

// An administrator that cannot be entered says more than a member that has
// nothing to say, and an account outside the organization speaks for itself.
func TestOrganizationNotEntered(t *testing.T) {
	e := newEstate(baseUser)
	e.state = guarded
	e.trust = func(in *sts.AssumeRoleInput) error { return errors.Join(noTrust(security)(in), noTrust(outsider)(in)) }
	a := e.accounts(management, security, outsider)
	a.Regions = []string{"eu-west-1"}
	by := ofOrganization(t, a)
	for key, want := range map[string][]string{
		"guardduty.members eu-west-1":    {outsider + " unknown", security + " unknown"},
		"iam.organization-all-features ": {management + " pass", outsider + " unknown"},
	} {
		if diff := cmp.Diff(want, by[key]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", key, diff)
		}
	}
}

// spoken judges an organization from one account, named by a parameter.
type spoken struct {
	of suite.Account
	by string
}

func (e spoken) Control() posture.Control {
	return posture.Control{ID: "example.spoken", Scope: posture.Organization, Severity: posture.Low, Resource: "AWS::Organizations::Organization", Params: []posture.Param{{Name: "by", Value: e.by}}}
}
func (e spoken) Place() posture.Place { return e.of.Place }
func (e spoken) Evaluate(context.Context) ([]posture.Finding, error) {
	if e.of.Place.Account != e.by {
		return []posture.Finding{e.Control().NotApplicable(posture.Resource{ID: e.by}, "Not this account's to say.")}, nil
	}
	return []posture.Finding{e.Control().Pass(posture.Resource{ID: e.by}, nil)}, nil
}

// Two that differ in a parameter only are two.
func TestOrganizationParameters(t *testing.T) {
	a := newEstate(baseUser).accounts(management, security)
	a.Evaluators = func(of suite.Account) []posture.Evaluator {
		return []posture.Evaluator{spoken{of, management}, spoken{of, security}}
	}
	var got []string
	for r := range a.Scan(t.Context(), nil) {
		got = append(got, r.Place.Account+" "+r.Control.Params[0].Value)
	}
	if diff := cmp.Diff([]string{management + " " + management, security + " " + security}, got); diff != "" {
		t.Errorf("judged (-want +got):\n%s", diff)
	}
}

// The base's list of the organization's accounts is every account's: a member is
// not told it, and could not judge whom its roles trust.
func TestMembersAreTold(t *testing.T) {
	e := newEstate(baseUser)
	e.state = func(string) state {
		return func(m *member) {
			m.iam.Edit(func(s *iamtest.State) {
				s.Roles["inside"] = &iamtest.Role{Created: time.Now(), Trust: `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"` + security + `"},"Action":"sts:AssumeRole"}}`}
			})
		}
	}
	judged := 0
	for _, r := range scanned(t, e.accounts(shop))[shop] {
		for _, f := range r.Findings {
			if r.Control.ID != "iam.role-external-trust" || f.Resource.ID != "inside" {
				continue
			}
			if judged++; f.Status != posture.Pass {
				t.Errorf("%s: %v", f.Status, f.Cause)
			}
		}
	}
	if judged != 1 {
		t.Errorf("judged %d times", judged)
	}
}

// Where none of an organization's administrators is among the accounts, what judges
// the organization is not left out without a word: each is unknown, once.
func TestOrganizationNobodyAsked(t *testing.T) {
	e := newEstate(baseUser)
	e.state = guarded
	whole := ofOrganization(t, newEstate(baseUser).accounts(management, shop))
	by := ofOrganization(t, e.accounts(shop, "222222222222"))
	for key := range whole {
		if got := by[key]; len(got) != 1 || got[0] != management+" unknown" {
			t.Errorf("%s: from %v", key, got)
		}
	}
}
