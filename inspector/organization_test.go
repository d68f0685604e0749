package inspector_test

import (
	"context"
	"testing"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/inspector"
	"github.com/awsposture/posture/inspector/inspectortest"
	"github.com/awsposture/posture/internal/awsfake"
	"github.com/awsposture/posture/internal/conformance"
)

// orgFacts are what an organization's view knows from elsewhere.
type orgFacts struct {
	accounts  []string
	admin     string
	inventory map[string][]inspector.Asset
}

func (k orgFacts) at(p posture.Place, f *inspectortest.Inspector) *inspector.Organization {
	o := inspector.NewOrganization(facts{inventory: nothing()}.region(p, f))
	o.Accounts = func(context.Context) ([]string, error) { return k.accounts, nil }
	o.Administrator = func(context.Context) (string, error) { return k.admin, nil }
	o.Inventory = func(context.Context) (map[string][]inspector.Asset, error) { return k.inventory, nil }
	return o
}

type orgWorld struct {
	*inspectortest.Inspector
	facts *orgFacts
}

func (k orgFacts) ground(p posture.Place, f *inspectortest.Inspector, keep ...func(posture.Remediator) bool) conformance.Ground {
	w := &orgWorld{f, &k}
	return conformance.Ground{
		Fake: w, Faults: &f.Faults, State: f.State,
		View: func() conformance.View {
			o := w.facts.at(p, f)
			v := conformance.View{Evaluators: inspector.OrganizationEvaluators(o), Bindings: inspector.OrganizationBindings(o, f)}
			for _, r := range inspector.OrganizationRemediators(o, f) {
				if len(keep) == 0 || keep[0](r) {
					v.Remediators = append(v.Remediators, r)
				}
			}
			return v
		},
	}
}

func delegating(r posture.Remediator) bool { _, ok := r.(inspector.DelegateAdministrator); return ok }

func administering(r posture.Remediator) bool { return !delegating(r) }

func enrolling(r posture.Remediator) bool { _, ok := r.(inspector.EnrolMembers); return ok }

func theirs(account, id string) inspector.Asset {
	p := place
	p.Account = account
	return inspector.Asset{Resource: p.Resource(inspector.TypeInstance, id, "")}
}

func theirRow(account, id string, scan inspector.Scan) inspector.Row {
	r := row(inspector.TypeInstance, id, scan)
	r.Account = account
	return r
}

func orgInventory() map[string][]inspector.Asset {
	k := nothing()
	k[inspector.TypeInstance] = []inspector.Asset{theirs("444455556666", "i-0shop"), theirs("777788889999", "i-0lab")}
	return k
}

var standard = []inspector.ScanType{inspector.EC2, inspector.ECR, inspector.Lambda, inspector.LambdaCode}

// orgGood is a management account that administers Inspector itself, which AWS
// allows, so that one account can be asked everything.
func orgGood() conformance.Ground {
	f := newFake(place)
	f.Edit(func(s *inspectortest.State) {
		s.Account = *inspectortest.NewAccount(standard...)
		s.Management, s.DelegatedAdmin = true, place.Account
		s.Organization = inspectortest.NewOrganization()
		for _, t := range standard {
			s.Organization.AutoEnable[t] = true
		}
		s.Organization.Members["444455556666"] = inspectortest.NewMember(standard...)
		s.Organization.Members["777788889999"] = inspectortest.NewMember(standard...)
		for account, id := range map[string]string{"444455556666": "i-0shop", "777788889999": "i-0lab"} {
			s.Coverage = append(s.Coverage, theirRow(account, id, inspector.PackageScan), theirRow(account, id, inspector.NetworkScan))
		}
	})
	return orgFacts{[]string{place.Account, "444455556666", "777788889999"}, place.Account, orgInventory()}.ground(place, f)
}

// orgBad is an administrator that is not the one wanted, and that has enrolled
// one account by halves.
func orgBad() conformance.Ground {
	f := newFake(place)
	f.Edit(func(s *inspectortest.State) {
		s.Account = *inspectortest.NewAccount(inspector.EC2)
		s.Management, s.DelegatedAdmin = true, place.Account
		s.Organization = inspectortest.NewOrganization()
		s.Organization.AutoEnable[inspector.ECR] = true
		s.Organization.Members["444455556666"] = inspectortest.NewMember(inspector.EC2)
		s.Organization.Members["222233334444"] = &inspectortest.Member{Account: *inspectortest.NewAccount(), Status: "ACCOUNT_SUSPENDED"}
	})
	k := nothing()
	k[inspector.TypeInstance] = []inspector.Asset{theirs("444455556666", "i-0shop")}
	return orgFacts{[]string{place.Account, "444455556666"}, "123456789012", k}.ground(place, f, administering)
}

// orgLeft is an administrator whose new accounts get everything, but for one
// that was there before.
func orgLeft() conformance.Ground {
	g := orgGood()
	g.Fake.(*orgWorld).Edit(func(s *inspectortest.State) { delete(s.Organization.Members, "777788889999") })
	return g.Fake.(*orgWorld).facts.ground(place, g.Fake.(*orgWorld).Inspector, enrolling)
}

// orgUndelegated is a management account that never delegated Inspector.
func orgUndelegated() conformance.Ground {
	f := newFake(place)
	f.Edit(func(s *inspectortest.State) { s.Account, s.Management = *inspectortest.NewAccount(inspector.EC2), true })
	return orgFacts{[]string{place.Account}, "444455556666", nothing()}.ground(place, f, delegating)
}

// orgAlone is the administrator of an organization of one account.
func orgAlone() conformance.Ground {
	f := newFake(place)
	f.Edit(func(s *inspectortest.State) {
		s.Account, s.Organization = *inspectortest.NewAccount(inspector.EC2), inspectortest.NewOrganization()
	})
	return orgFacts{[]string{place.Account}, place.Account, nothing()}.ground(place, f)
}

// orgMember is an account that another one administers.
func orgMember() conformance.Ground {
	f := newFake(place)
	f.Edit(func(s *inspectortest.State) {
		s.Account, s.Administrator = *inspectortest.NewAccount(inspector.EC2), "444455556666"
	})
	return orgFacts{nil, "444455556666", nothing()}.ground(place, f)
}

// orgOff is an account without organization and without Inspector.
func orgOff() conformance.Ground { return orgFacts{}.ground(place, newFake(place)) }

func orgNowhere() conformance.Ground {
	f := newFake(newRegion)
	f.Inject(awsfake.Fault{Err: noSuchHost})
	return orgFacts{}.ground(newRegion, f)
}

func orgEdit(change func(*inspectortest.State)) func(conformance.Ground) {
	return func(g conformance.Ground) { g.Fake.(*orgWorld).Edit(change) }
}

func orgSpoil(name string, change func(*inspectortest.State), flips ...string) conformance.Weakening {
	return conformance.Weakening{Name: name, Edit: orgEdit(change), Flips: flips}
}

var organization = conformance.Domain{
	Prefix: "inspector2",
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
		orgSpoil("no administrator", func(s *inspectortest.State) { s.DelegatedAdmin = "" }, "inspector.delegated-admin"),
		orgSpoil("another administrator", func(s *inspectortest.State) { s.DelegatedAdmin = "123456789012" }, "inspector.delegated-admin"),
		orgSpoil("new accounts without Lambda code", func(s *inspectortest.State) { s.Organization.AutoEnable[inspector.LambdaCode] = false }, "inspector.auto-enable"),
		orgSpoil("a member suspended", func(s *inspectortest.State) { s.Organization.Members["444455556666"].Status = "ACCOUNT_SUSPENDED" }, "inspector.members"),
		orgSpoil("a member without images", func(s *inspectortest.State) {
			s.Organization.Members["444455556666"].Types[inspector.ECR] = inspector.ScanDisabled
		}, "inspector.members"),
		orgSpoil("a member's instance is not scanned", func(s *inspectortest.State) { s.Coverage[0] = with(s.Coverage[0], "STALE_INVENTORY") }, "inspector.member-coverage"),
		orgSpoil("a member's instance is missing", func(s *inspectortest.State) { s.Coverage = s.Coverage[1:] }, "inspector.member-coverage"),
	},
	Drifts: map[string]func(conformance.Ground){
		"inspector.auto-enable": orgEdit(func(s *inspectortest.State) { s.Organization.AutoEnable[inspector.EC2] = true }),
		"inspector.scan-type": orgEdit(func(s *inspectortest.State) {
			for _, t := range standard {
				s.Organization.Members["444455556666"].Types[t] = inspector.ScanSuspended
			}
		}),
	},
}

func TestOrganizationEvaluators(t *testing.T) { conformance.Evaluators(t, organization) }

func TestOrganizationRemediators(t *testing.T) { conformance.Remediators(t, organization) }

func TestDelegateRemediators(t *testing.T) {
	conformance.Remediators(t, conformance.Domain{
		Prefix: "inspector2", Irreversible: []string{"inspector.delegated-admin"},
		Fixtures: []conformance.Fixture{{Name: "good", Make: orgGood}, {Name: "undelegated", Make: orgUndelegated}},
		Drifts: map[string]func(conformance.Ground){
			"inspector.delegated-admin": orgEdit(func(s *inspectortest.State) { s.DelegatedAdmin = "123456789012" }),
		},
	})
}

func TestEnrolRemediators(t *testing.T) {
	conformance.Remediators(t, conformance.Domain{
		Prefix: "inspector2", Irreversible: []string{"inspector.member"},
		Fixtures: []conformance.Fixture{{Name: "good", Make: orgGood}, {Name: "left", Make: orgLeft}},
		Drifts: map[string]func(conformance.Ground){
			"inspector.member": orgEdit(func(s *inspectortest.State) {
				s.Organization.Members["777788889999"] = &inspectortest.Member{Account: *inspectortest.NewAccount(), Status: "ACCOUNT_SUSPENDED"}
			}),
		},
	})
}

// An account that the batch could not answer for is unknown, for itself only,
// in the members' control, in their coverage and in the proof.
func TestFailedAccount(t *testing.T) {
	w := orgGood().Fake.(*orgWorld)
	w.Edit(func(s *inspectortest.State) { s.Organization.Members["777788889999"].NoAnswer = "INTERNAL_ERROR" })
	o := w.facts.at(place, w.Inspector)
	all := scan(t, inspector.OrganizationEvaluators(o))
	for _, id := range []string{"inspector.members", "inspector.member-coverage"} {
		for _, f := range all[id] {
			want := posture.Pass
			if f.Resource.ID == "777788889999" {
				want = posture.Unknown
			}
			if f.Status != want {
				t.Errorf("%s on %s is %s", id, f.Resource, f.Status)
			}
		}
	}
	p, err := o.Proof(t.Context(), inspector.Limits{})
	if err != nil || p.Complete || len(p.Failed) != 1 || p.Verify() != nil {
		t.Errorf("the proof is complete %v, failed %v, %v", p.Complete, p.Failed, err)
	}
}

// A type that the organization's inventory did not look for is unknown.
func TestMemberCoverageWithGaps(t *testing.T) {
	w := orgGood().Fake.(*orgWorld)
	delete(w.facts.inventory, inspector.TypeImage)
	unknown := 0
	for _, f := range scan(t, inspector.OrganizationEvaluators(w.facts.at(place, w.Inspector)))["inspector.member-coverage"] {
		if f.Status != posture.Unknown {
			continue
		}
		if unknown++; f.Sub != inspector.TypeImage || f.Cause.Kind != posture.CauseNotProvided {
			t.Errorf("%s is unknown because of %v", f.Sub, f.Cause)
		}
	}
	if unknown != 1 {
		t.Errorf("%d unknown", unknown)
	}
}
