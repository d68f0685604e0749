package suite_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/google/go-cmp/cmp"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/compliance/suite"
	"github.com/awsposture/posture/iam/iamtest"
	"github.com/awsposture/posture/internal/awsfake"
)

// verdicts are the findings of results as text, one a line, in order.
func verdicts(rs []posture.Result) (lines []string) {
	for _, r := range rs {
		for _, f := range r.Findings {
			lines = append(lines, r.Place.String()+" "+f.Control+" "+f.Resource.ID+" "+f.Sub+" "+f.Status.String())
		}
	}
	return lines
}

// causes are the causes of results that are Unknown through and through; others
// are named by "judged".
func causes(rs []posture.Result) map[string]int {
	n := map[string]int{}
	for _, r := range rs {
		for _, f := range r.Findings {
			if f.Status != posture.Unknown {
				n["judged"]++
				continue
			}
			n[string(f.Cause.Kind)+" "+f.Cause.Operation]++
		}
	}
	return n
}

// Each account is judged by its own fakes, with the role's session, and the
// base's own account with the base's credentials.
func TestAccounts(t *testing.T) {
	e := newEstate(baseUser)
	e.state = func(id string) state {
		return func(m *member) {
			m.iam.Edit(func(s *iamtest.State) { s.Users["user-of-"+id] = &iamtest.User{Created: time.Now()} })
		}
	}
	a := e.accounts(shop, management, security, shop)
	a.Role.ExternalID, a.Role.SourceIdentity = "example-42", "ana"
	by := scanned(t, a)
	for _, id := range a.IDs {
		users, places := map[string]bool{}, map[posture.Place]bool{}
		for _, r := range by[id] {
			places[r.Place] = true
			for _, f := range r.Findings {
				if strings.HasPrefix(f.Resource.ID, "user-of-") {
					users[f.Resource.ID] = true
				}
			}
		}
		if len(users) != 1 || !users["user-of-"+id] {
			t.Errorf("%s: judged %v", id, users)
		}
		if len(places) != 3 { // global and two regions
			t.Errorf("%s: places %v", id, places)
		}
	}
	var roles []string
	for _, in := range e.assumed {
		roles = append(roles, *in.RoleArn)
		if *in.ExternalId != "example-42" || *in.SourceIdentity != "ana" || *in.RoleSessionName != "posture" || *in.DurationSeconds != 3600 {
			t.Errorf("assumed with %q, %q, %q, %d", *in.ExternalId, *in.SourceIdentity, *in.RoleSessionName, *in.DurationSeconds)
		}
	}
	// Once each, the base's account never, and the administrators first.
	if diff := cmp.Diff([]string{"arn:aws:iam::" + security + ":role/audit/posture", "arn:aws:iam::" + shop + ":role/audit/posture"}, roles); diff != "" {
		t.Errorf("assumed (-want +got):\n%s", diff)
	}
}

// An account that does not let the scan in is Unknown all over, with AWS's
// reason, and what is said of the others is what it was.
func TestFailedAssumeTouchesNoOther(t *testing.T) {
	whole := scanned(t, newEstate(baseUser).accounts(management, shop, security))
	e := newEstate(baseUser)
	e.trust = noTrust(shop)
	part := scanned(t, e.accounts(management, shop, security))
	for _, id := range []string{management, security} {
		if diff := cmp.Diff(verdicts(whole[id]), verdicts(part[id])); diff != "" {
			t.Errorf("%s (-whole +part):\n%s", id, diff)
		}
	}
	if got := causes(part[shop]); len(got) != 1 || got["denied STS:AssumeRole"] == 0 {
		t.Errorf("causes %v", got)
	}
	// It has every control that it has otherwise, the regional ones once.
	controls := func(rs []posture.Result) (ids []string) {
		for _, r := range rs {
			ids = append(ids, r.Control.ID)
		}
		slices.Sort(ids)
		return slices.Compact(ids)
	}
	if diff := cmp.Diff(controls(whole[shop]), controls(part[shop])); diff != "" {
		t.Errorf("controls (-whole +part):\n%s", diff)
	}
	for _, r := range part[shop] {
		if f := r.Findings[0]; f.Cause.Action != "sts:AssumeRole" || r.Place.Region != "" {
			t.Fatalf("%s: %+v", r.Place, f.Cause)
		}
	}
	if m := e.members[shop]; m != nil {
		t.Errorf("%d calls in the account that was not entered", m.calls())
	}
}

// Regions that were asked for are Unknown by name.
func TestFailedAssumeNamesTheRegions(t *testing.T) {
	e := newEstate(baseUser)
	e.trust = noTrust(shop)
	a := e.accounts(shop)
	a.Regions = []string{"eu-west-1", "us-east-1"}
	places := map[posture.Place]bool{}
	for _, r := range scanned(t, a)[shop] {
		places[r.Place] = true
	}
	p := posture.Place{Partition: "aws", Account: shop}
	want := map[posture.Place]bool{p: true, {Partition: "aws", Account: shop, Region: "eu-west-1"}: true, {Partition: "aws", Account: shop, Region: "us-east-1"}: true}
	if diff := cmp.Diff(want, places); diff != "" {
		t.Errorf("places (-want +got):\n%s", diff)
	}
}

// Credentials of another account than the one meant judge nothing.
func TestAnotherAccount(t *testing.T) {
	e := newEstate(baseUser)
	e.trust = func(in *sts.AssumeRoleInput) error {
		*in.RoleArn = strings.Replace(*in.RoleArn, shop, security, 1)
		return nil
	}
	rs := scanned(t, e.accounts(shop))[shop]
	if got := causes(rs); len(got) != 1 || got["credentials STS:GetCallerIdentity"] == 0 {
		t.Errorf("causes %v", got)
	}
	if m := rs[0].Findings[0].Cause.Message; !strings.Contains(m, shop) || !strings.Contains(m, "aws/"+security) {
		t.Errorf("message %q", m)
	}
	if m := e.members[security]; m.calls() != 0 {
		t.Errorf("%d calls in the other account", m.calls())
	}
}

// What the caller gave wrongly, and a base that AWS does not know, are Unknown by
// name too: nothing is asked.
func TestNotEntered(t *testing.T) {
	for name, c := range map[string]struct {
		change  func(*estate, *suite.Accounts)
		message string
	}{
		"no id":        {func(_ *estate, a *suite.Accounts) { a.IDs = []string{"shop"} }, `"shop" is not the id of an account`},
		"no role":      {func(_ *estate, a *suite.Accounts) { a.Role.Name = "" }, "no role is named to assume in account " + shop},
		"unknown base": {func(e *estate, _ *suite.Accounts) { e.Deny("GetCallerIdentity") }, "GetCallerIdentity"},
		"no arn":       {func(e *estate, _ *suite.Accounts) { e.base = "somebody:::::" }, `the caller came as "somebody:::::"`},
		"no account":   {func(e *estate, _ *suite.Accounts) { e.base = "arn:aws:iam:::user/scanner" }, `the caller came as "arn:aws:iam:::user/scanner"`},
		"no answer": {func(e *estate, _ *suite.Accounts) {
			e.Inject(awsfake.Fault{Operation: "AssumeRole", Err: errors.New("the connection was reset")})
		}, "the connection was reset"},
		"no caller": {func(e *estate, _ *suite.Accounts) {
			e.Inject(awsfake.Fault{Operation: "GetCallerIdentity", Skip: 1, Err: errors.New("the connection was reset")})
		}, "whose credentials arn:aws:iam::" + shop + ":role/audit/posture gave"},
		"half an answer": {func(e *estate, _ *suite.Accounts) { e.halve = true }, "the answer has no whole credentials"},
	} {
		t.Run(name, func(t *testing.T) {
			e := newEstate(baseUser)
			a := e.accounts(shop)
			c.change(e, &a)
			rs := scanned(t, a)[a.IDs[0]]
			if got := causes(rs); len(rs) == 0 || got["judged"] != 0 || len(got) != 1 {
				t.Fatalf("%d results, causes %v", len(rs), got)
			}
			if m := rs[0].Findings[0].Cause.Message; !strings.Contains(m, c.message) {
				t.Errorf("message %q", m)
			}
		})
	}
}

// The base may be any account, and need not administer the organization.
func TestBaseElsewhere(t *testing.T) {
	e := newEstate("arn:aws:iam::" + shop + ":user/scanner")
	by := scanned(t, e.accounts(shop, outsider))
	if got := causes(by[shop]); got["judged"] == 0 {
		t.Errorf("%s: %v", shop, got)
	}
	if got := causes(by[outsider]); got["judged"] == 0 {
		t.Errorf("%s: %v", outsider, got)
	}
	if len(e.assumed) != 1 {
		t.Errorf("assumed %d times", len(e.assumed))
	}
}

// Where the regions cannot be listed, what is global is judged all the same; what
// is regional is Unknown, and so is what needs every region.
func TestRegionsNotListed(t *testing.T) {
	e := newEstate(baseUser)
	e.state = func(string) state { return func(m *member) { m.contacts.Deny("ListRegions") } }
	none := newEstate(baseUser) // that AWS lists without an error
	none.regions = nil
	if got := causes(scanned(t, none.accounts(shop))[shop]); got["malformed Account:ListRegions"] == 0 {
		t.Errorf("no region: %v", got)
	}
	var regional, global map[string]int
	rs := scanned(t, e.accounts(shop))[shop]
	split := func(regional bool) (out []posture.Result) {
		for _, r := range rs {
			if strings.HasPrefix(r.Control.ID, "guardduty.") == regional {
				out = append(out, r)
			}
		}
		return out
	}
	regional, global = causes(split(true)), causes(split(false))
	if len(regional) != 1 || regional["denied Account:ListRegions"] == 0 {
		t.Errorf("regional: %v", regional)
	}
	if global["judged"] == 0 {
		t.Errorf("global: %v", global)
	}
	analyzer := ""
	for _, r := range rs {
		if r.Control.ID == "iam.external-analyzer" {
			analyzer = r.Findings[0].Status.String()
		}
		if r.Place.Region != "" {
			t.Errorf("%s at %s", r.Control.ID, r.Place)
		}
		if strings.HasPrefix(r.Control.ID, "iam.") && !strings.Contains(r.Control.ID, "analyzer") && causes([]posture.Result{r})["denied Account:ListRegions"] > 0 {
			t.Errorf("%s is unknown for the regions", r.Control.ID)
		}
	}
	if analyzer != "unknown" {
		t.Errorf("iam.external-analyzer: %s", analyzer)
	}
}
