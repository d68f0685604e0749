package organization

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/internal/paging"
)

// Attachment is whether an organization policy is attached.
type Attachment struct {
	Attached bool `json:"attached"`
}

// PolicyAttachment is the setting of one policy's attachment to the root, a unit
// or an account. It implements posture.Setting[Attachment].
type PolicyAttachment struct {
	Organization *Organization `json:"-"`
	Writer       Writer        `json:"-"`
	TargetID     string        `json:"target"`
	Type         PolicyType    `json:"type"`
	Policy       string        `json:"policy"` // id
}

// Kind implements posture.Setting.
func (s PolicyAttachment) Kind() posture.Kind {
	return posture.Kind{
		Name: "iam.organization-policy-attachment", Reads: []string{"organizations:ListPoliciesForTarget"},
		Writes: []string{"organizations:AttachPolicy", "organizations:DetachPolicy"}, Settle: settle,
	}
}

// Target implements posture.Setting.
func (s PolicyAttachment) Target() posture.Resource {
	return s.Organization.place.Resource("AWS::Organizations::Policy", s.Policy, "")
}

// Get implements posture.Setting.
func (s PolicyAttachment) Get(ctx context.Context) (Attachment, error) {
	ids, err := s.attached(ctx)
	if slices.Contains(ids, s.Policy) {
		return Attachment{true}, nil
	}
	return Attachment{}, err
}

// attached lists the policies of the type on the target, past the memo.
func (s PolicyAttachment) attached(ctx context.Context) ([]string, error) {
	return paging.All(ctx, func(ctx context.Context, token *string) (paging.Page[string], error) {
		out, err := s.Organization.api.ListPoliciesForTarget(ctx, &organizations.ListPoliciesForTargetInput{
			TargetId: &s.TargetID, Filter: types.PolicyType(s.Type), MaxResults: aws.Int32(pageSize), NextToken: token,
		})
		if err != nil {
			return paging.Page[string]{}, err
		}
		page := paging.Page[string]{Next: out.NextToken}
		for _, p := range out.Policies {
			page.Items = append(page.Items, aws.ToString(p.Id))
		}
		return page, nil
	})
}

// Set implements posture.Setting. AWS keeps the last SCP of a target.
func (s PolicyAttachment) Set(ctx context.Context, want Attachment) error {
	if want.Attached {
		_, err := s.Writer.AttachPolicy(ctx, &organizations.AttachPolicyInput{PolicyId: &s.Policy, TargetId: &s.TargetID})
		if sameCode(err, "DuplicatePolicyAttachmentException") {
			return nil
		}
		return err
	}
	_, err := s.Writer.DetachPolicy(ctx, &organizations.DetachPolicyInput{PolicyId: &s.Policy, TargetId: &s.TargetID})
	if sameCode(err, "PolicyNotAttachedException") {
		return nil
	}
	return err
}
