package iam

import (
	"context"
	"fmt"
	"strings"

	"github.com/awsposture/posture"
)

// holders gives the users, groups and roles that a managed policy is attached to.
func (a *Account) holders(ctx context.Context, arn string) (arns []string, err error) {
	d, err := a.authorization(ctx)
	add := func(holder string, list []AttachedPolicy) {
		for _, p := range list {
			if p.ARN == arn {
				arns = append(arns, holder)
			}
		}
	}
	for _, u := range d.users {
		add(u.ARN, u.Attached)
	}
	for _, g := range d.groups {
		add(g.ARN, g.Attached)
	}
	for _, r := range d.roles {
		add(r.ARN, r.Attached)
	}
	return arns, err
}

func (a *Account) awsManaged(name string) string {
	return "arn:" + a.place.Partition + ":iam::aws:policy/" + name
}

// AttachmentEvidence is who holds a managed policy.
type AttachmentEvidence struct {
	Policy  string   `json:"policy"`
	Holders []string `json:"holders"` // ARNs
}

// String says it in a sentence.
func (e AttachmentEvidence) String() string {
	if len(e.Holders) == 0 {
		return fmt.Sprintf("%s is attached to nobody.", e.Policy)
	}
	return fmt.Sprintf("%s is attached to %s.", e.Policy, strings.Join(e.Holders, ", "))
}

// SupportRole judges that a principal other than the root user can open AWS
// Support cases: a role, user or group holds AWSSupportAccess.
type SupportRole struct{ Account *Account }

// Control implements posture.Evaluator.
func (e SupportRole) Control() posture.Control {
	return posture.Control{
		ID:       "iam.support-role",
		Title:    "A role can open AWS Support cases",
		Doc:      "In an incident somebody must be able to reach AWS without the root user. Make a role for it and attach the AWS managed policy AWSSupportAccess.",
		Severity: posture.Low, Scope: posture.Global, Resource: "AWS::IAM::Account",
		Requires: []string{"iam:GetAccountAuthorizationDetails"},
	}
}

// Place implements posture.Evaluator.
func (e SupportRole) Place() posture.Place { return e.Account.Place() }

// Evaluate implements posture.Evaluator.
func (e SupportRole) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c, a := e.Control(), e.Account
	seen := AttachmentEvidence{Policy: a.awsManaged("AWSSupportAccess")}
	var err error
	seen.Holders, err = a.holders(ctx, seen.Policy)
	switch {
	case len(seen.Holders) > 0:
		return []posture.Finding{c.Pass(a.account(), seen)}, nil
	case err != nil: // the holder may stand on a page that was not read
		return nil, err
	}
	return []posture.Finding{c.Fail(a.account(), seen)}, nil
}

// CloudShellFullAccess judges that nobody holds AWSCloudShellFullAccess.
type CloudShellFullAccess struct{ Account *Account }

// Control implements posture.Evaluator.
func (e CloudShellFullAccess) Control() posture.Control {
	return posture.Control{
		ID:       "iam.cloudshell-full-access",
		Title:    "Nobody holds AWSCloudShellFullAccess",
		Doc:      "The policy lets its holders move files between CloudShell and anywhere, past what watches the network. Attach a policy without cloudshell:GetFileUploadUrls and cloudshell:GetFileDownloadUrls in its place.",
		Severity: posture.Medium, Scope: posture.Global, Resource: "AWS::IAM::Account",
		Requires: []string{"iam:GetAccountAuthorizationDetails"},
	}
}

// Place implements posture.Evaluator.
func (e CloudShellFullAccess) Place() posture.Place { return e.Account.Place() }

// Evaluate implements posture.Evaluator.
func (e CloudShellFullAccess) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c, a := e.Control(), e.Account
	arn := a.awsManaged("AWSCloudShellFullAccess")
	holders, err := a.holders(ctx, arn)
	var fs []posture.Finding
	for _, h := range holders {
		fs = append(fs, c.Fail(a.principal(h), AttachmentEvidence{arn, []string{h}}).Part(arn))
	}
	if len(fs) == 0 && err == nil {
		fs = append(fs, c.Pass(a.account(), AttachmentEvidence{Policy: arn}))
	}
	return fs, err
}

// principal is the resource of a user, group or role by its ARN.
func (a *Account) principal(arn string) posture.Resource {
	kind, name, _ := strings.Cut(arn[strings.LastIndexByte(arn, ':')+1:], "/")
	typ := map[string]string{"user": "AWS::IAM::User", "group": "AWS::IAM::Group", "role": "AWS::IAM::Role"}[kind]
	return a.place.Resource(typ, name[strings.LastIndexByte(name, '/')+1:], arn)
}
