package suite

import (
	"encoding/json"
	"slices"
	"strings"
)

// Policy is the least IAM policy, as JSON, under which the suite can read all
// that it judges: attach it to the identity that scans.
func (a Account) Policy() ([]byte, error) { return policyOf(reads(a.Actions())) }

// RolePolicy is the least policy, as JSON, of the role that is assumed in each
// account, and what the base identity needs beside BasePolicy where its own
// account is scanned too. It does not know what Accounts.Evaluators adds to
// Account.Evaluators.
func (a Accounts) RolePolicy() ([]byte, error) {
	actions := Account{Regions: []string{""}}.Actions()
	if len(a.Regions) == 0 {
		actions = append(actions, "account:ListRegions")
	}
	return policyOf(reads(actions))
}

// BasePolicy is the least policy, as JSON, of the base identity: to list the
// accounts of a choice, to assume the role in each, and to know which of them
// administer the organization and which belong to it. What it asks of AWS
// Organizations is refused to an account that does not administer it, and the
// scan does without. GetCallerIdentity, which is called too, needs no permission.
func (a Accounts) BasePolicy(c Choice) ([]byte, error) {
	assume := statement{"PostureAssumes", "Allow", []string{"sts:AssumeRole"}, "arn:*:iam::*:role/" + strings.Trim(a.Role.Name, "/")}
	if a.Role.SourceIdentity != "" {
		assume.Action = append(assume.Action, "sts:SetSourceIdentity")
	}
	return policyOf(assume, reads(append(c.Actions(), "organizations:ListDelegatedAdministrators", "organizations:ListDelegatedServicesForAccount")))
}

// Actions lists the IAM actions that Accounts calls.
func (c Choice) Actions() []string {
	actions := []string{
		"organizations:DescribeOrganization", "organizations:ListAccounts", "organizations:ListRoots",
		// Where AWS lists accounts without their paths, as it did before March 2026.
		"organizations:ListAccountsForParent", "organizations:ListOrganizationalUnitsForParent",
	}
	if len(c.Tags) > 0 {
		actions = append(actions, "organizations:ListTagsForResource")
	}
	return actions
}

type statement struct {
	Sid, Effect string
	Action      []string
	Resource    string
}

func reads(actions []string) statement {
	slices.Sort(actions)
	return statement{"PostureReads", "Allow", slices.Compact(actions), "*"}
}

func policyOf(statements ...statement) ([]byte, error) {
	return json.MarshalIndent(struct {
		Version   string
		Statement []statement
	}{"2012-10-17", statements}, "", "  ")
}
