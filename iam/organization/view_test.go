package organization_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/iam"
	"github.com/awsposture/posture/iam/organization"
	"github.com/awsposture/posture/iam/organization/organizationtest"
	"github.com/awsposture/posture/internal/awsfake"
)

// TestPaths gives each account the path that aws:PrincipalOrgPaths has, with and
// without AWS's help.
func TestPaths(t *testing.T) {
	want := map[string]string{
		management: "o-exampleorgid/r-ab12/",
		shop:       "o-exampleorgid/r-ab12/ou-ab12-11111111/ou-ab12-22222222/",
		security:   "o-exampleorgid/r-ab12/ou-ab12-11111111/",
	}
	for name, w := range map[string]*world{"paths": goodWorld(), "no paths": pathlessWorld()} {
		t.Run(name, func(t *testing.T) {
			w.PageSize = 1
			all, err := w.view().Accounts(t.Context())
			got := map[string]string{}
			for _, a := range all {
				if a.ID != closed {
					got[a.ID] = a.Path
				}
				if a.Management != (a.ID == management) {
					t.Errorf("%s: management is %v", a.ID, a.Management)
				}
			}
			if diff := cmp.Diff(want, got); err != nil || diff != "" {
				t.Errorf("%v\n%s", err, diff)
			}
			if n := count(w.Calls())["ListAccountsForParent"]; (n > 0) != (name == "no paths") {
				t.Errorf("%d calls to find accounts in the tree", n)
			}
		})
	}
}

// TestHostilePaths takes no path that is not one, and asks the tree instead.
func TestHostilePaths(t *testing.T) {
	for _, path := range []string{"o-exampleorgid", "o-exampleorgid/ou-ab12-11111111/", "r-ab12/ou-ab12-11111111", "o-exampleorgid/r-ab12/../r-zz99/", "o-exampleorgid//r-ab12", "o-exampleorgid/r-ab12/ou-ab12-11111111\n", "*"} {
		w := goodWorld()
		o := organization.NewOrganization(place, retold{Organizations: w.Organizations, path: path})
		all, err := o.Accounts(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range all {
			if a.ID == shop && a.Parent() != web {
				t.Errorf("%q: the account is at %q", path, a.Path)
			}
		}
	}
}

func TestUnits(t *testing.T) {
	w := goodWorld()
	w.PageSize = 1
	got, err := w.view().Units(t.Context())
	arn := func(id string) string {
		return "arn:aws:organizations::" + management + ":ou/o-exampleorgid/" + id
	}
	want := []organization.Unit{
		{ID: workload, Name: "workloads", ARN: arn(workload), Parent: root, Path: "o-exampleorgid/r-ab12/ou-ab12-11111111/"},
		{ID: leaving, Name: "leaving", ARN: arn(leaving), Parent: root, Path: "o-exampleorgid/r-ab12/ou-ab12-33333333/"},
		{ID: web, Name: "web", ARN: arn(web), Parent: workload, Path: "o-exampleorgid/r-ab12/ou-ab12-11111111/ou-ab12-22222222/"},
	}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v\n%s", err, diff)
	}
}

// TestUnitUnread keeps the rest of the tree when one unit cannot be read.
func TestUnitUnread(t *testing.T) {
	w := goodWorld()
	w.Inject(awsfake.Fault{Operation: "ListOrganizationalUnitsForParent", Match: parentIs(workload), Err: api("TooManyRequestsException", "slow down")})
	got, err := w.view().Units(t.Context())
	if len(got) != 2 || err == nil || !strings.Contains(err.Error(), workload) || posture.CauseOf(err).Kind != posture.CauseThrottled {
		t.Errorf("got %+v, %v", got, err)
	}
}

// TestUnitsGoRound ends on a tree that has no end.
func TestUnitsGoRound(t *testing.T) {
	w := goodWorld()
	w.Edit(func(s *organizationtest.State) { s.Units[workload].Parent = workload })
	o := organization.NewOrganization(place, circular{w.Organizations})
	_, err := o.Units(t.Context())
	if c := posture.CauseOf(err); c == nil || c.Kind != posture.CauseMalformed {
		t.Errorf("got %v", err)
	}
}

// TestLevels gives the documents of each level, the root first, as text.
func TestLevels(t *testing.T) {
	w := goodWorld()
	o := w.view()
	full := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`
	regions := policy(statementOf("Allow", "ec2:*", ""))
	for _, c := range []struct {
		account string
		kind    organization.PolicyType
		targets []string
		names   [][]string
	}{
		{shop, organization.SCP, []string{root, workload, web, shop}, [][]string{{"FullAWSAccess", "stay-and-log"}, {"FullAWSAccess"}, {"FullAWSAccess", "regions"}, {"FullAWSAccess"}}},
		{shop, organization.RCP, []string{root, workload, web, shop}, [][]string{{"RCPFullAWSAccess"}, {"perimeter", "RCPFullAWSAccess"}, {"RCPFullAWSAccess"}, {"RCPFullAWSAccess"}}},
		{management, organization.SCP, []string{root, management}, [][]string{{"FullAWSAccess", "stay-and-log"}, {"FullAWSAccess"}}},
	} {
		levels, err := o.Levels(t.Context(), c.account, c.kind)
		if err != nil {
			t.Fatal(err)
		}
		var targets []string
		var names [][]string
		for _, l := range levels {
			targets = append(targets, l.Target)
			var at []string
			for _, p := range l.Policies {
				at = append(at, p.Name)
			}
			names = append(names, at)
		}
		if diff := cmp.Diff(c.targets, targets) + cmp.Diff(c.names, names); diff != "" {
			t.Errorf("%s of %s:\n%s", c.kind, c.account, diff)
		}
	}
	levels, _ := o.Levels(t.Context(), shop, organization.SCP)
	if diff := cmp.Diff([][]string{{full, stayAndLog}, {full}, {full, regions}, {full}}, organization.Documents(levels)); diff != "" {
		t.Error(diff)
	}
	if _, err := o.Levels(t.Context(), "999988887777", organization.SCP); err == nil {
		t.Error("a stranger has levels")
	}
	if n := count(w.Calls())["ListTargetsForPolicy"]; n != 4 {
		t.Errorf("targets were asked for %d times, not once for each policy but RCPFullAWSAccess", n)
	}
}

// TestNoLevels has no level of a type that is not enabled, though policies of it are there.
func TestNoLevels(t *testing.T) {
	w := billingWorld()
	for _, kind := range []organization.PolicyType{organization.SCP, organization.RCP} {
		if levels, err := w.view().Levels(t.Context(), shop, kind); err != nil || levels != nil {
			t.Errorf("%s: %v, %v", kind, levels, err)
		}
	}
	if n := count(w.Calls())["ListPolicies"]; n > 0 {
		t.Error("policies that are in force nowhere were listed")
	}
}

// TestNothingOutside has nothing for an account in no organization, and no error.
func TestNothingOutside(t *testing.T) {
	w := outsideWorld()
	o := w.view()
	if err := readAll(t.Context(), o); err != nil {
		t.Error(err)
	}
	if levels, err := o.Levels(t.Context(), management, organization.SCP); err != nil || levels != nil {
		t.Errorf("levels: %v, %v", levels, err)
	}
	if n := len(w.Calls()); n != 1 {
		t.Errorf("%d calls", n)
	}
}

func TestDeclarativePolicies(t *testing.T) {
	got, err := goodWorld().view().DeclarativePolicies(t.Context())
	if err != nil || len(got) != 1 || got[0].Name != "baseline" || got[0].Type != organization.DeclarativeEC2 || !strings.Contains(got[0].Document, "serial_console_access") || len(got[0].Targets) != 1 {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestServices(t *testing.T) {
	o := goodWorld().view()
	admins, err := o.DelegatedAdministrators(t.Context())
	if err != nil || len(admins) != 1 || admins[0].ID != security || admins[0].Name != "security" || len(admins[0].Services) != 3 {
		t.Errorf("administrators: %+v, %v", admins, err)
	}
	trusted, err := o.TrustedServices(t.Context())
	if err != nil || len(trusted) != 3 || trusted[2].Principal != "ram.amazonaws.com" {
		t.Errorf("trusted: %+v, %v", trusted, err)
	}
	if doc, err := o.DelegationPolicy(t.Context()); err != nil || doc != policy(managePolicy) {
		t.Errorf("delegation: %q, %v", doc, err)
	}
}

// TestFacts gives package iam what it asks for, from each place.
func TestFacts(t *testing.T) {
	for name, c := range map[string]struct {
		w       *world
		members int
		belongs bool
		kind    posture.CauseKind
	}{
		"management":    {goodWorld(), 4, true, ""},
		"administrator": {seenFrom(security), 4, true, ""},
		"member":        {seenFrom(shop), 0, true, posture.CauseNotProvided},
		"outside":       {outsideWorld(), 0, false, ""},
	} {
		t.Run(name, func(t *testing.T) {
			var a iam.Account
			o := c.w.view()
			a.Members, a.InOrganization = o.Members, o.InOrganization
			ids, err := a.Members(t.Context())
			if cause := posture.CauseOf(err); len(ids) != c.members || (cause == nil) != (c.kind == "") || cause != nil && cause.Kind != c.kind {
				t.Errorf("members: %v, %v", ids, err)
			}
			if in, err := a.InOrganization(t.Context()); err != nil || in != c.belongs {
				t.Errorf("in an organization: %v, %v", in, err)
			}
		})
	}
}

// TestFactsUnread gives neither fact where the calls are refused.
func TestFactsUnread(t *testing.T) {
	w := goodWorld()
	w.Deny("ListAccounts")
	if ids, err := w.view().Members(t.Context()); posture.CauseOf(err) == nil || len(ids) > 0 {
		t.Errorf("members: %v, %v", ids, err)
	}
	w.Deny("DescribeOrganization")
	in, err := w.view().InOrganization(t.Context())
	var cause *posture.Cause
	if err == nil || errors.As(err, &cause) || in {
		t.Errorf("in an organization: %v, %v", in, err)
	}
}

func TestClientRegion(t *testing.T) {
	for partition, region := range map[string]string{"aws": "us-east-1", "aws-us-gov": "us-gov-west-1", "aws-cn": "cn-northwest-1", "aws-iso": "eu-west-1"} {
		c := organization.Client(config("eu-west-1"), posture.Place{Partition: partition})
		if got := c.Options().Region; got != region {
			t.Errorf("%s: %s", partition, got)
		}
	}
}
