package inspector

import (
	"context"
	"fmt"
	"slices"

	"github.com/awsposture/posture"
)

// Members judges, in the delegated administrator's account, that every account
// of the organization is a member in which the scan types are enabled. Which
// accounts there are, Organization.Accounts tells.
type Members struct {
	Organization *Organization
	Types        []ScanType // default EC2, ECR, Lambda and LambdaCode
}

// MemberEvidence is what the administrator knows of an account.
type MemberEvidence struct {
	Account string     `json:"account"`
	Status  string     `json:"status,omitempty"` // "": no member
	Lacks   []ScanType `json:"lacks,omitempty"`  // not enabled
	Policy  []ScanType `json:"policy,omitempty"` // of those, set by a policy of the organization
}

// String says it in a sentence.
func (e MemberEvidence) String() string {
	switch {
	case e.Status == "":
		return "Account " + e.Account + " is no member of Inspector's administrator."
	case e.Status != memberEnabled:
		return fmt.Sprintf("Account %s is a member with status %s.", e.Account, e.Status)
	case e.Lacks == nil:
		return "Account " + e.Account + " is a member, and scanned."
	case e.Policy != nil:
		return fmt.Sprintf("Account %s is a member and is not scanned for %s, of which a policy of the organization sets %s.", e.Account, joinTypes(e.Lacks), joinTypes(e.Policy))
	}
	return fmt.Sprintf("Account %s is a member and is not scanned for %s.", e.Account, joinTypes(e.Lacks))
}

const memberEnabled = "ENABLED"

// Control implements posture.Evaluator.
func (e Members) Control() posture.Control {
	return posture.Control{
		ID:       "inspector.members",
		Title:    "Every account of the organization is a scanned member",
		Doc:      "An account outside of Inspector keeps its vulnerabilities to itself. Associate every account with the administrator and enable the scan types in it; auto-enable does so for new accounts only.",
		Severity: posture.High, Scope: posture.Organization, Resource: "AWS::InspectorV2::Member",
		Requires: actions("BatchGetAccountStatus", "GetDelegatedAdminAccount", "DescribeOrganizationConfiguration", "ListMembers"),
		Params:   []posture.Param{typesParam(e.types())},
	}
}

func (e Members) types() []ScanType {
	if e.Types != nil {
		return e.Types
	}
	return standardTypes
}

// Place implements posture.Evaluator.
func (e Members) Place() posture.Place { return e.Organization.Place() }

// Evaluate implements posture.Evaluator.
func (e Members) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c, o := e.Control(), e.Organization
	_, off, err := o.administers(ctx, c)
	if off != nil || err != nil {
		return off, err
	}
	accounts, unknown := o.Accounts.Get(ctx, "the organization's accounts")
	members, err := o.Members(ctx)
	var (
		fs             []posture.Finding
		known, enabled []string
	)
	for _, m := range members {
		known = append(known, m.Account)
		at := memberResource(o.region.place, m.Account)
		switch {
		case unknown == nil && !slices.Contains(accounts, m.Account):
			fs = append(fs, c.NotApplicable(at, "The account is none of the organization's active ones."))
		case m.Status == memberEnabled:
			enabled = append(enabled, m.Account)
		case m.Status == "":
			fs = append(fs, c.Unknown(at, malformed("ListMembers", "member %s has no status", m.Account)))
		default:
			fs = append(fs, c.Fail(at, MemberEvidence{Account: m.Account, Status: m.Status}))
		}
	}
	statuses, failed := o.memberStatuses(ctx, enabled)
	for _, account := range enabled {
		at := memberResource(o.region.place, account)
		if err := failed[account]; err != nil {
			fs = append(fs, c.Unknown(at, err))
			continue
		}
		seen := MemberEvidence{Account: account, Status: memberEnabled}
		for _, t := range e.types() {
			if have, offered := statuses[account].Types[t]; offered && have.State != ScanEnabled {
				seen.Lacks = append(seen.Lacks, t)
				if have.Code == ownedByPolicy {
					seen.Policy = append(seen.Policy, t)
				}
			}
		}
		if seen.Lacks != nil {
			fs = append(fs, c.Fail(at, seen))
			continue
		}
		fs = append(fs, c.Pass(at, seen))
	}
	if err != nil { // an account may stand on the page that was not read
		return fs, err
	}
	for _, a := range accounts {
		if a != o.region.place.Account && !slices.Contains(known, a) {
			fs = append(fs, c.Fail(memberResource(o.region.place, a), MemberEvidence{Account: a}))
		}
	}
	return c.Judged(fs, unknown, o.region.resource(), "The organization has no account but the administrator's.")
}
