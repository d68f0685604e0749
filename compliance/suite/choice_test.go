package suite_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"
	"github.com/google/go-cmp/cmp"

	"github.com/awsposture/posture/compliance/suite"
	"github.com/awsposture/posture/iam/organization/organizationtest"
	"github.com/awsposture/posture/iam/policy"
	"github.com/awsposture/posture/internal/awsfake"
)

func TestChoice(t *testing.T) {
	const elsewhere = "arn:aws:iam::" + shop + ":user/scanner"
	production := map[string]string{"stage": "production"}
	for name, c := range map[string]struct {
		base   string
		choice suite.Choice
		change func(*member)
		want   []string
		err    string // "" none
	}{
		"all":                   {want: []string{management, shop, security}},
		"in a unit or below":    {choice: suite.Choice{Units: []string{"ou-ab12-11111111"}}, want: []string{shop, security}},
		"in either unit":        {choice: suite.Choice{Units: []string{"ou-ab12-22222222", "ou-ab12-11111111"}}, want: []string{shop, security}},
		"below the root":        {choice: suite.Choice{Units: []string{"r-ab12"}}, want: []string{management, shop, security}},
		"a tag":                 {choice: suite.Choice{Tags: production}, want: []string{shop, security}},
		"two tags":              {choice: suite.Choice{Tags: map[string]string{"stage": "production", "owner": "ana"}}, want: []string{shop}},
		"another value":         {choice: suite.Choice{Tags: map[string]string{"stage": "test"}}},
		"tag and unit":          {choice: suite.Choice{Units: []string{"ou-ab12-22222222"}, Tags: production}, want: []string{shop}},
		"a unit that is not":    {choice: suite.Choice{Units: []string{"ou-ab12-22222222", "ou-ab12-99999999"}}, want: []string{shop}, err: `no account to scan is in or below "ou-ab12-99999999"`},
		"listed without paths":  {choice: suite.Choice{Units: []string{"ou-ab12-22222222"}}, change: func(m *member) { m.org.Edit(func(s *organizationtest.State) { s.NoPaths = true }) }, want: []string{shop}},
		"tags refused for one":  {choice: suite.Choice{Tags: production}, change: func(m *member) { m.org.Inject(tagsOf(shop)) }, want: []string{security}, err: "the tags of account " + shop},
		"the tags' second page": {choice: suite.Choice{Tags: production}, change: func(m *member) { m.org.PageSize = 1 }, want: []string{shop, security}},
		"half a listing": {change: func(m *member) {
			m.org.PageSize = 2
			m.org.Inject(awsfake.Fault{Operation: "ListAccounts", Skip: 1, Err: awsfake.ErrDenied})
		}, want: []string{management}, err: "organizations:ListAccounts"},
		"a member account":   {base: elsewhere, err: "You don't have permissions"},
		"no organization":    {change: func(m *member) { m.org.Edit(func(s *organizationtest.State) { s.ID = "" }) }, err: "account " + management + " belongs to no organization"},
		"nobody in sight":    {base: "arn", err: "the caller came as"},
		"refused to be told": {change: func(m *member) { m.org.Deny("DescribeOrganization") }, err: "organizations:DescribeOrganization"},
	} {
		t.Run(name, func(t *testing.T) {
			base := baseUser
			switch c.base {
			case "":
			case "arn":
				base = "somebody:::::"
			default:
				base = c.base
			}
			e := newEstate(base)
			e.state = func(string) state {
				return func(m *member) {
					if c.change != nil {
						c.change(m)
					}
				}
			}
			got, err := c.choice.Accounts(t.Context(), (&suite.Pace{Rates: unpaced}).Config(e.config()))
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("accounts (-want +got):\n%s", diff)
			}
			if (err != nil) != (c.err != "") || err != nil && !strings.Contains(err.Error(), c.err) {
				t.Errorf("error %v, want %q", err, c.err)
			}
		})
	}
}

func tagsOf(account string) awsfake.Fault {
	return awsfake.Fault{Operation: "ListTagsForResource", Err: awsfake.ErrDenied, Match: func(in any) bool {
		return *in.(*organizations.ListTagsForResourceInput).ResourceId == account
	}}
}

// TestBasePolicy lists and enters accounts under the base policy that the suite
// prints: nothing is refused, and without any one of its actions something is.
func TestBasePolicy(t *testing.T) {
	choice := suite.Choice{Tags: map[string]string{"stage": "production"}, Units: []string{"ou-ab12-11111111"}}
	role := suite.Role{Name: "audit/posture", SourceIdentity: "ana"}
	document, err := suite.Accounts{Role: role}.BasePolicy(choice)
	if err != nil {
		t.Fatal(err)
	}
	if lost := lostUnder(t, document, choice, role); len(lost) > 0 {
		t.Errorf("under the policy: %v", lost)
	}
	for _, action := range actionsOf(t, document) {
		if lost := lostUnder(t, without(t, document, action), choice, role); len(lost) == 0 {
			t.Errorf("without %s nothing is lost", action)
		}
	}
}

// TestRolePolicy scans under the role's policy: the regions, too, are listed.
func TestRolePolicy(t *testing.T) {
	document, err := suite.Accounts{Role: suite.Role{Name: "posture"}}.RolePolicy()
	if err != nil {
		t.Fatal(err)
	}
	single, err := newFakes().account().Policy()
	if err != nil {
		t.Fatal(err)
	}
	more := slices.DeleteFunc(actionsOf(t, document), func(a string) bool { return slices.Contains(actionsOf(t, single), a) })
	if diff := cmp.Diff([]string{"account:ListRegions"}, more); diff != "" {
		t.Errorf("beside the account's own policy (-want +got):\n%s", diff)
	}
	fixed, err := suite.Accounts{Regions: []string{"eu-west-1"}}.RolePolicy()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(actionsOf(t, single), actionsOf(t, fixed)); diff != "" {
		t.Errorf("with the regions handed in (-account +accounts):\n%s", diff)
	}

	free, bound := newEstate(baseUser), newEstate(baseUser)
	before := scanned(t, free.accounts(shop, security))
	engine := engine(t, document).reads
	bound.state = func(id string) state {
		return func(m *member) {
			for prefix, faults := range m.faults() {
				for _, f := range faults {
					for _, op := range calledOf(free.members[id])[prefix] {
						if !allowed(engine, prefix+":"+op, "*") {
							f.Deny(op)
						}
					}
				}
			}
		}
	}
	after := scanned(t, bound.accounts(shop, security))
	for _, id := range []string{shop, security} {
		if diff := cmp.Diff(verdicts(before[id]), verdicts(after[id])); diff != "" {
			t.Errorf("%s (-free +bound):\n%s", id, diff)
		}
	}
}

func calledOf(m *member) map[string][]string {
	out := map[string][]string{}
	for prefix, fs := range m.faults() {
		seen := map[string]bool{}
		for _, f := range fs {
			for _, c := range f.Calls() {
				seen[c.Operation] = true
			}
		}
		out[prefix] = slices.Sorted(maps.Keys(seen))
	}
	return out
}

// lostUnder lists the accounts and scans them under a base policy, and tells what
// was refused: by the choice, by the scan, or to the scan without a word.
func lostUnder(t *testing.T, document []byte, choice suite.Choice, role suite.Role) (lost []string) {
	t.Helper()
	e, engine := newEstate(baseUser), engine(t, document)
	e.trust = authorizeAssume(engine.assumes)
	var base *member
	e.state = func(id string) state {
		return func(m *member) {
			if id != management {
				return
			}
			base = m
			for _, op := range orgReads {
				if !allowed(engine.reads, "organizations:"+op, "*") {
					m.org.Deny(op)
				}
			}
			// Both ways of telling where accounts are.
			m.org.Edit(func(s *organizationtest.State) { s.NoPaths = true })
		}
	}
	ids, err := choice.Accounts(t.Context(), (&suite.Pace{Rates: unpaced}).Config(e.config()))
	if err != nil {
		lost = append(lost, err.Error())
	}
	a := e.accounts(shop, security)
	a.Role = role
	if len(ids) != 2 {
		lost = append(lost, "accounts")
	}
	for id, rs := range scanned(t, a) {
		if causes(rs)["judged"] == 0 {
			lost = append(lost, id)
		}
	}
	for _, c := range base.org.Calls() {
		if c.Err != nil {
			lost = append(lost, c.Operation)
		}
	}
	return lost
}

// orgReads are the operations that the base asks of AWS Organizations.
var orgReads = []string{
	"DescribeOrganization", "ListRoots", "ListAccounts", "ListAccountsForParent", "ListOrganizationalUnitsForParent",
	"ListTagsForResource", "ListDelegatedAdministrators", "ListDelegatedServicesForAccount",
}

// authorizeAssume lets the engine decide who may assume what, and in whose name.
func authorizeAssume(e *policy.Engine) func(*sts.AssumeRoleInput) error {
	return func(in *sts.AssumeRoleInput) error {
		if !allowed(e, "sts:AssumeRole", *in.RoleArn) || in.SourceIdentity != nil && !allowed(e, "sts:SetSourceIdentity", *in.RoleArn) {
			return &smithy.GenericAPIError{Code: "AccessDenied", Message: "User: " + baseUser + " is not authorized to perform: sts:AssumeRole on resource: " + *in.RoleArn}
		}
		return nil
	}
}
