package organization

import (
	"context"
	"fmt"
	"strings"

	"github.com/awsposture/posture"
)

// AccountInUnit judges that every member account is in an organizational unit,
// not directly under the root. See "Best practices for a multi-account
// environment" in the AWS Organizations User Guide.
type AccountInUnit struct{ Organization *Organization }

// AccountInUnitEvidence is where an account stands in the tree.
type AccountInUnitEvidence struct {
	Account string `json:"account"`
	Name    string `json:"name"`
	Path    string `json:"path"`
}

// String says it in a sentence.
func (e AccountInUnitEvidence) String() string {
	return fmt.Sprintf("Account %s (%s) is at %s.", e.Account, e.Name, e.Path)
}

// Control implements posture.Evaluator.
func (e AccountInUnit) Control() posture.Control {
	return posture.Control{
		ID:       "iam.organization-account-in-unit",
		Title:    "Member accounts are in organizational units",
		Doc:      "Control policies are attached to units; an account directly under the root gets only those of the root, and those attached to it by hand. Move it to the unit of its environment and sensitivity, after a look at the policies that it comes under there.",
		Severity: posture.Low, Scope: posture.Organization, Resource: "AWS::Organizations::Account",
		Requires: []string{"organizations:DescribeOrganization", "organizations:ListRoots", "organizations:ListAccounts", "organizations:ListAccountsForParent", "organizations:ListOrganizationalUnitsForParent"},
	}
}

// Place implements posture.Evaluator.
func (e AccountInUnit) Place() posture.Place { return e.Organization.Place() }

// Evaluate implements posture.Evaluator.
func (e AccountInUnit) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c, o := e.Control(), e.Organization
	return o.judged(ctx, c, func(ctx context.Context, id Identity) ([]posture.Finding, error) {
		return o.eachMember(ctx, c, id, "The management account may stand under the root: no control policy binds it.", func(a Account) []posture.Finding {
			seen := AccountInUnitEvidence{a.ID, a.Name, a.Path}
			switch {
			case a.Path == "":
				return nil // the listing's error says why
			case strings.HasPrefix(a.Parent(), "ou-"):
				return []posture.Finding{c.Pass(o.accountResource(a), seen)}
			}
			return []posture.Finding{c.Fail(o.accountResource(a), seen)}
		})
	})
}
