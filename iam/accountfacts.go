package iam

import (
	"context"

	"github.com/awsposture/posture"
)

// SecurityContact judges that the account has an alternate contact for security.
type SecurityContact struct{ Account *Account }

// SecurityContactEvidence tells whether there is one; not who, since findings are
// passed on.
type SecurityContactEvidence struct {
	Present bool `json:"present"`
}

// String says it in a sentence.
func (e SecurityContactEvidence) String() string {
	if e.Present {
		return "A security contact is on file."
	}
	return "No security contact is on file."
}

// Control implements posture.Evaluator.
func (e SecurityContact) Control() posture.Control {
	return posture.Control{
		ID:       "iam.security-contact",
		Title:    "A security contact is on file",
		Doc:      "AWS writes to the security contact when it sees abuse or a leaked key; otherwise only to the root user's address, which may belong to nobody on duty. Set the alternate contact of type SECURITY to a mailbox that is read.",
		Severity: posture.Medium, Scope: posture.Global, Resource: "AWS::IAM::Account",
	}
}

// Place implements posture.Evaluator.
func (e SecurityContact) Place() posture.Place { return e.Account.Place() }

// Evaluate implements posture.Evaluator.
func (e SecurityContact) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	contact, err := e.Account.securityContact(ctx)
	if err != nil {
		return nil, err
	}
	judge := e.Control().Fail
	if contact != nil && contact.Email != "" {
		judge = e.Control().Pass
	}
	return []posture.Finding{judge(e.Account.account(), SecurityContactEvidence{contact != nil && contact.Email != ""})}, nil
}

// OrganizationMember judges that the account belongs to an organization.
type OrganizationMember struct{ Account *Account }

// OrganizationMemberEvidence tells whether it does.
type OrganizationMemberEvidence struct {
	Member bool `json:"member"`
}

// String says it in a sentence.
func (e OrganizationMemberEvidence) String() string {
	if e.Member {
		return "The account belongs to an organization."
	}
	return "The account belongs to no organization."
}

// Control implements posture.Evaluator.
func (e OrganizationMember) Control() posture.Control {
	return posture.Control{
		ID:       "iam.organization-member",
		Title:    "The account belongs to an organization",
		Doc:      "Only in an organization can guardrails hold that the account's own administrators cannot lift, and services be watched from one place. Invite the account.",
		Severity: posture.High, Scope: posture.Global, Resource: "AWS::IAM::Account",
	}
}

// Place implements posture.Evaluator.
func (e OrganizationMember) Place() posture.Place { return e.Account.Place() }

// Evaluate implements posture.Evaluator.
func (e OrganizationMember) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	id, err := e.Account.organizationID(ctx)
	if err != nil {
		return nil, err
	}
	judge := e.Control().Fail
	if id != "" {
		judge = e.Control().Pass
	}
	return []posture.Finding{judge(e.Account.account(), OrganizationMemberEvidence{id != ""})}, nil
}
