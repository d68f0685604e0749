package organization

import (
	"context"

	"github.com/awsposture/posture"
)

// AllFeatures judges that the organization has all features, not consolidated
// billing alone. See "Enabling all features for an organization" in the AWS
// Organizations User Guide.
type AllFeatures struct{ Organization *Organization }

// AllFeaturesEvidence is the organization's feature set.
type AllFeaturesEvidence struct {
	Organization string `json:"organization"`
	Management   string `json:"managementAccount"`
	All          bool   `json:"allFeatures"`
}

// String says it in a sentence.
func (e AllFeaturesEvidence) String() string {
	if e.All {
		return "Organization " + e.Organization + " has all features enabled."
	}
	return "Organization " + e.Organization + " has consolidated billing only."
}

// Control implements posture.Evaluator.
func (e AllFeatures) Control() posture.Control {
	return posture.Control{
		ID:       "iam.organization-all-features",
		Title:    "The organization has all features enabled",
		Doc:      "With consolidated billing alone there are no control policies and no service can work across the accounts: each account is as safe as its own administrators make it. Enable all features from the management account; every invited account must agree, and there is no way back.",
		Severity: posture.High, Scope: posture.Organization, Resource: "AWS::Organizations::Organization",
		Requires: []string{"organizations:DescribeOrganization", "organizations:ListRoots"},
	}
}

// Place implements posture.Evaluator.
func (e AllFeatures) Place() posture.Place { return e.Organization.Place() }

// Evaluate implements posture.Evaluator.
func (e AllFeatures) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c, o := e.Control(), e.Organization
	return o.judged(ctx, c, func(_ context.Context, id Identity) ([]posture.Finding, error) {
		judge := c.Fail
		if id.AllFeatures {
			judge = c.Pass
		}
		return []posture.Finding{judge(o.organization(id), AllFeaturesEvidence{id.ID, id.Management, id.AllFeatures})}, nil
	})
}
