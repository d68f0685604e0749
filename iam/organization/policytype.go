package organization

import (
	"context"
	"fmt"

	"github.com/awsposture/posture"
)

// PolicyTypeInForce judges that a policy type is enabled on the organization's
// root, so that policies of it can be attached. See "Enabling a policy type" in
// the AWS Organizations User Guide.
type PolicyTypeInForce struct {
	Organization *Organization
	Type         PolicyType // SCP or RCP; default SCP
}

// PolicyTypeEvidence is the status of a policy type.
type PolicyTypeEvidence struct {
	Type   PolicyType `json:"type"`
	Status TypeStatus `json:"status"`
}

// String says it in a sentence.
func (e PolicyTypeEvidence) String() string {
	return fmt.Sprintf("The status of policy type %s on the organization's root is %s.", e.Type, e.Status)
}

// Control implements posture.Evaluator.
func (e PolicyTypeInForce) Control() posture.Control {
	c := posture.Control{
		ID:       "iam.organization-scp-enabled",
		Title:    "Service control policies are enabled",
		Doc:      "A service control policy bounds what any principal of a member account may do, its root user and administrators included: the only guardrail that they cannot lift. Enable the policy type on the organization's root; until a policy is attached nothing is denied.",
		Severity: posture.High, Scope: posture.Organization, Resource: "AWS::Organizations::Organization",
		Requires: []string{"organizations:DescribeOrganization", "organizations:ListRoots"},
	}
	if e.Type == RCP {
		c.ID, c.Title, c.Severity = "iam.organization-rcp-enabled", "Resource control policies are enabled", posture.Medium
		c.Doc = "A resource control policy bounds what may be done to the resources of member accounts, whoever asks: it keeps strangers out even where a bucket's or a key's own policy lets them in. Enable the policy type on the organization's root; until a policy is attached nothing is denied."
	}
	return c
}

// Place implements posture.Evaluator.
func (e PolicyTypeInForce) Place() posture.Place { return e.Organization.Place() }

// Evaluate implements posture.Evaluator.
func (e PolicyTypeInForce) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c, o := e.Control(), e.Organization
	return o.judged(ctx, c, func(ctx context.Context, id Identity) ([]posture.Finding, error) {
		root, err := o.Root(ctx)
		if err != nil {
			return nil, err
		}
		seen := PolicyTypeEvidence{Type: SCP}
		if e.Type == RCP {
			seen.Type = RCP
		}
		seen.Status = root.status(seen.Type)
		judge := c.Fail
		if seen.Status == TypeEnabled {
			judge = c.Pass
		}
		return []posture.Finding{judge(o.organization(id), seen)}, nil
	})
}

func (r Root) status(t PolicyType) TypeStatus {
	if s := r.Types[t]; s != "" {
		return s
	}
	return TypeDisabled
}
