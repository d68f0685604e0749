package guardduty_test

import (
	"context"
	"testing"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/guardduty"
	"github.com/awsposture/posture/guardduty/guarddutytest"
	"github.com/awsposture/posture/internal/awsfake"
	"github.com/awsposture/posture/internal/conformance"
)

// orgFacts are what an organization's view knows from elsewhere.
type orgFacts struct {
	accounts []string
	admin    string
}

func (k orgFacts) organization(f *guarddutytest.GuardDuty) *guardduty.Organization {
	return k.at(place, f)
}

func (k orgFacts) at(p posture.Place, f *guarddutytest.GuardDuty) *guardduty.Organization {
	o := guardduty.NewOrganization(facts{}.region(p, f))
	o.Accounts = func(context.Context) ([]string, error) { return k.accounts, nil }
	o.Administrator = func(context.Context) (string, error) { return k.admin, nil }
	return o
}

type orgWorld struct {
	*guarddutytest.GuardDuty
	facts *orgFacts
}

func (k orgFacts) ground(p posture.Place, f *guarddutytest.GuardDuty, keep ...func(posture.Remediator) bool) conformance.Ground {
	w := &orgWorld{f, &k}
	return conformance.Ground{
		Fake: w, Faults: &f.Faults, State: f.State,
		View: func() conformance.View {
			o := w.facts.at(p, f)
			v := conformance.View{Evaluators: guardduty.OrganizationEvaluators(o), Bindings: guardduty.OrganizationBindings(o, f)}
			for _, r := range guardduty.OrganizationRemediators(o, f) {
				if len(keep) == 0 || keep[0](r) {
					v.Remediators = append(v.Remediators, r)
				}
			}
			return v
		},
	}
}

func delegating(r posture.Remediator) bool { _, ok := r.(guardduty.DelegateAdministrator); return ok }

func administering(r posture.Remediator) bool { return !delegating(r) }

// orgGood is a management account that administers GuardDuty itself, which AWS
// allows, so that one account can be asked everything.
func orgGood() conformance.Ground {
	f := newFake(place)
	f.Edit(func(s *guarddutytest.State) {
		s.Detector = guarddutytest.NewDetector(allFeatures...)
		s.Management, s.DelegatedAdmin = true, place.Account
		s.Organization = guarddutytest.NewOrganization()
		s.Organization.AutoEnable = guardduty.AutoEnableAll
		for _, feature := range allFeatures {
			s.Organization.Features[feature] = guardduty.AutoEnableAll
		}
		s.Organization.Members["444455556666"] = guarddutytest.NewMember(allFeatures...)
		s.Organization.Members["777788889999"] = guarddutytest.NewMember(allFeatures...)
	})
	return orgFacts{[]string{place.Account, "444455556666", "777788889999"}, place.Account}.ground(place, f)
}

// orgBad is an administrator that is not the one wanted, and that has enrolled
// one account by halves.
func orgBad() conformance.Ground {
	f := newFake(place)
	f.Edit(func(s *guarddutytest.State) {
		s.Detector = guarddutytest.NewDetector(allFeatures...)
		s.Management, s.DelegatedAdmin = true, place.Account
		s.Organization = guarddutytest.NewOrganization()
		s.Organization.AutoEnable = guardduty.AutoEnableNew
		s.Organization.Members["444455556666"] = guarddutytest.NewMember(guardduty.EKSRuntimeMonitoring, guardduty.EKSRuntimeAgent)
		s.Organization.Members["222233334444"] = &guarddutytest.Member{Status: "Removed"}
	})
	return orgFacts{[]string{place.Account, "444455556666", "777788889999"}, "123456789012"}.ground(place, f, administering)
}

// orgUndelegated is a management account that never delegated GuardDuty.
func orgUndelegated() conformance.Ground {
	f := newFake(place)
	f.Edit(func(s *guarddutytest.State) { s.Detector, s.Management = guarddutytest.NewDetector(), true })
	return orgFacts{[]string{place.Account}, "444455556666"}.ground(place, f, delegating)
}

// orgAlone is the administrator of an organization of one account.
func orgAlone() conformance.Ground {
	f := newFake(place)
	f.Edit(func(s *guarddutytest.State) {
		s.Detector, s.Organization = guarddutytest.NewDetector(), guarddutytest.NewOrganization()
	})
	return orgFacts{[]string{place.Account}, place.Account}.ground(place, f)
}

// orgMember is an account that another one administers.
func orgMember() conformance.Ground {
	f := newFake(place)
	f.Edit(func(s *guarddutytest.State) {
		s.Detector, s.Administrator = guarddutytest.NewDetector(), "444455556666"
	})
	return orgFacts{nil, "444455556666"}.ground(place, f)
}

// orgOff is an account without organization and without GuardDuty.
func orgOff() conformance.Ground { return orgFacts{}.ground(place, newFake(place)) }

func orgNowhere() conformance.Ground {
	f := newFake(newRegion)
	f.Inject(awsfake.Fault{Err: noSuchHost})
	return orgFacts{}.ground(newRegion, f)
}

func orgEdit(change func(*guarddutytest.State)) func(conformance.Ground) {
	return func(g conformance.Ground) { g.Fake.(*orgWorld).Edit(change) }
}

func orgSpoil(name string, change func(*guarddutytest.State), flips ...string) conformance.Weakening {
	return conformance.Weakening{Name: name, Edit: orgEdit(change), Flips: flips}
}

var organization = conformance.Domain{
	Prefix: "guardduty",
	Fixtures: []conformance.Fixture{
		{Name: "good", Make: orgGood},
		{Name: "bad", Make: orgBad},
		{Name: "undelegated", Make: orgUndelegated},
		{Name: "alone", Make: orgAlone},
		{Name: "member", Make: orgMember},
		{Name: "off", Make: orgOff},
		{Name: "nowhere", Make: orgNowhere},
	},
	Weakenings: []conformance.Weakening{
		orgSpoil("no administrator", func(s *guarddutytest.State) { s.DelegatedAdmin = "" }, "guardduty.delegated-admin"),
		orgSpoil("another administrator", func(s *guarddutytest.State) { s.DelegatedAdmin = "123456789012" }, "guardduty.delegated-admin"),
		orgSpoil("new accounts only", func(s *guarddutytest.State) { s.Organization.AutoEnable = guardduty.AutoEnableNew }, "guardduty.org-auto-enable"),
		orgSpoil("an agent for new accounts only", func(s *guarddutytest.State) { s.Organization.Features[guardduty.EC2Agent] = guardduty.AutoEnableNew }, "guardduty.org-auto-enable"),
		orgSpoil("a member suspended", func(s *guarddutytest.State) { s.Organization.Members["444455556666"].Status = "Disabled" }, "guardduty.members"),
		orgSpoil("a member gone", func(s *guarddutytest.State) { delete(s.Organization.Members, "444455556666") }, "guardduty.members"),
		orgSpoil("a member with less", func(s *guarddutytest.State) {
			s.Organization.Members["444455556666"].Features[guardduty.S3DataEvents] = false
		}, "guardduty.member-features"),
	},
	Drifts: map[string]func(conformance.Ground){
		"guardduty.org-auto-enable": orgEdit(func(s *guarddutytest.State) { s.Organization.AutoEnable = guardduty.AutoEnableNone }),
		"guardduty.member-feature":  orgEdit(func(s *guarddutytest.State) { delete(s.Organization.Members, "444455556666") }),
	},
}

func TestOrganizationEvaluators(t *testing.T) { conformance.Evaluators(t, organization) }

func TestOrganizationRemediators(t *testing.T) { conformance.Remediators(t, organization) }

func TestDelegateRemediators(t *testing.T) {
	conformance.Remediators(t, conformance.Domain{
		Prefix: "guardduty", Fixtures: []conformance.Fixture{{Name: "good", Make: orgGood}, {Name: "undelegated", Make: orgUndelegated}},
		Drifts: map[string]func(conformance.Ground){
			"guardduty.delegated-admin": orgEdit(func(s *guarddutytest.State) { s.DelegatedAdmin = "123456789012" }),
		},
	})
}
