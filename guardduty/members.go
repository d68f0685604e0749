package guardduty

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/awsposture/posture"
)

// Members judges, in the delegated administrator's account, that every account
// of the organization is a member whose GuardDuty is enabled. Which accounts there
// are, Organization.Accounts tells.
type Members struct{ Organization *Organization }

// MemberEvidence is what the administrator knows of an account.
type MemberEvidence struct {
	Account string `json:"account"`
	Status  string `json:"status,omitempty"` // "": no member
}

// String says it in a sentence.
func (e MemberEvidence) String() string {
	if e.Status == "" {
		return "Account " + e.Account + " is no member of GuardDuty's administrator."
	}
	return fmt.Sprintf("Account %s is a member with status %s.", e.Account, e.Status)
}

// Control implements posture.Evaluator.
func (e Members) Control() posture.Control {
	return posture.Control{
		ID:       "guardduty.members",
		Title:    "Every account of the organization is an enabled member",
		Doc:      "An account outside of GuardDuty is where an intruder stays unseen. Set auto-enable to all accounts, or add the account and enable it.",
		Severity: posture.High, Scope: posture.Organization, Resource: "AWS::GuardDuty::Member",
		Requires: actions("ListDetectors", "GetDetector", "DescribeOrganizationConfiguration", "ListMembers"),
	}
}

// Place implements posture.Evaluator.
func (e Members) Place() posture.Place { return e.Organization.Place() }

// Evaluate implements posture.Evaluator.
func (e Members) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c, o := e.Control(), e.Organization
	d, _, off, err := o.administers(ctx, c)
	if off != nil || err != nil {
		return off, err
	}
	members, err := o.Members(ctx)
	var (
		fs    []posture.Finding
		known []string
	)
	for _, m := range members {
		known = append(known, m.Account)
		at, seen := o.memberResource(m.Account), MemberEvidence(m)
		switch m.Status {
		case memberEnabled:
			fs = append(fs, c.Pass(at, seen))
		case "":
			fs = append(fs, c.Unknown(at, malformed("ListMembers", "member %s has no status", m.Account)))
		default:
			fs = append(fs, c.Fail(at, seen))
		}
	}
	if err != nil { // an account may stand on the page that was not read
		return fs, err
	}
	accounts, err := o.Accounts.Get(ctx, "the organization's accounts")
	for _, a := range accounts {
		if a != o.region.place.Account && !slices.Contains(known, a) {
			fs = append(fs, c.Fail(o.memberResource(a), MemberEvidence{Account: a}))
		}
	}
	return c.Judged(fs, err, o.region.resource(d), "The organization has no account but the administrator's.")
}

const memberEnabled = "Enabled"

// MemberFeatures judges, in the delegated administrator's account, that every
// enabled member has the features on that the administrator has on itself.
type MemberFeatures struct{ Organization *Organization }

// MemberFeaturesEvidence is the features that a member lacks.
type MemberFeaturesEvidence struct {
	Account string    `json:"account"`
	Lacks   []Feature `json:"lacks,omitempty"`
}

// String says it in a sentence.
func (e MemberFeaturesEvidence) String() string {
	if len(e.Lacks) == 0 {
		return "Account " + e.Account + " has every feature on that its administrator has."
	}
	names := make([]string, len(e.Lacks))
	for i, f := range e.Lacks {
		names[i] = string(f)
	}
	return fmt.Sprintf("Account %s lacks what its administrator has on: %s.", e.Account, strings.Join(names, ", "))
}

// Control implements posture.Evaluator.
func (e MemberFeatures) Control() posture.Control {
	return posture.Control{
		ID:       "guardduty.member-features",
		Title:    "Members have the features that their administrator has",
		Doc:      "The administrator's own account is the baseline: a member with less is a place where the same attack goes unseen. Turn the features on for the member, and set their auto-enable to all accounts.",
		Severity: posture.Medium, Scope: posture.Organization, Resource: "AWS::GuardDuty::Member",
		Requires: actions("ListDetectors", "GetDetector", "DescribeOrganizationConfiguration", "ListMembers", "GetMemberDetectors"),
	}
}

// Place implements posture.Evaluator.
func (e MemberFeatures) Place() posture.Place { return e.Organization.Place() }

// Evaluate implements posture.Evaluator.
func (e MemberFeatures) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c, o := e.Control(), e.Organization
	d, _, off, err := o.administers(ctx, c)
	if off != nil || err != nil {
		return off, err
	}
	members, err := o.Members(ctx)
	var accounts []string
	for _, m := range members {
		if m.Status == memberEnabled {
			accounts = append(accounts, m.Account)
		}
	}
	fs := o.memberFeatures(ctx, accounts, func(account string, features map[Feature]bool, err error) posture.Finding {
		at := o.memberResource(account)
		if err != nil {
			return c.Unknown(at, err)
		}
		seen := MemberFeaturesEvidence{account, lacking(features, d.Features)}
		if seen.Lacks != nil {
			return c.Fail(at, seen)
		}
		return c.Pass(at, seen)
	})
	return c.Judged(fs, err, o.region.resource(d), "The administrator has no enabled member.")
}

// lacking lists, sorted, what is on in baseline and has nothing on in features
// that would serve for it. AI_ANALYST is a switch of each account's own.
func lacking(features, baseline map[Feature]bool) (lacks []Feature) {
	for f, on := range baseline {
		if on && f.answers(features) == "" && f.settable() && f != AIAnalyst {
			lacks = append(lacks, f)
		}
	}
	slices.Sort(lacks)
	return lacks
}
