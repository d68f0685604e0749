package iam

import (
	"context"
	"fmt"
	"strings"

	"github.com/awsposture/posture"
)

// PolicyEvidence is what a policy allows that it should not.
type PolicyEvidence struct {
	Policy     string   `json:"policy"`     // ARN, or the name of an inline policy
	Statements []string `json:"statements"` // those that do it
	Allows     []string `json:"allows"`     // "everything", the services, or the actions
}

// String says it in a sentence.
func (e PolicyEvidence) String() string {
	if len(e.Statements) == 0 {
		return fmt.Sprintf("No statement of %s allows it.", e.Policy)
	}
	const most = 5 // the evidence has them all
	allows, rest := e.Allows, ""
	if len(allows) > most {
		allows, rest = allows[:most], fmt.Sprintf(" and %d more", len(allows)-most)
	}
	return fmt.Sprintf("%s allows %s%s in %s.", e.Policy, strings.Join(allows, ", "), rest, strings.Join(e.Statements, ", "))
}

// PolicyServiceWildcard judges that no customer managed and no inline policy
// allows all actions of a service.
type PolicyServiceWildcard struct{ Account *Account }

// Control implements posture.Evaluator.
func (e PolicyServiceWildcard) Control() posture.Control {
	return posture.Control{
		ID:       "iam.policy-service-wildcard",
		Title:    "No policy of yours allows all actions of a service",
		Doc:      "s3:* allows deleting and opening up as well as reading, and whatever AWS adds tomorrow. List the actions that the work needs.",
		Severity: posture.Low, Scope: posture.Global, Resource: "AWS::IAM::Policy",
		Requires: []string{"iam:GetAccountAuthorizationDetails"},
	}
}

// Place implements posture.Evaluator.
func (e PolicyServiceWildcard) Place() posture.Place { return e.Account.Place() }

// Evaluate implements posture.Evaluator.
func (e PolicyServiceWildcard) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	return e.Account.eachDocument(ctx, e.Control(), func(s statement) (bool, []string) {
		services := s.serviceWide()
		return len(services) > 0, services
	})
}

// PolicySensitiveActions judges that no customer managed and no inline policy
// allows a sensitive action on every resource without condition. A policy that
// allows everything fails it too.
type PolicySensitiveActions struct {
	Account *Account
	Actions []string // default SensitiveActions
}

// SensitiveActions are actions that, allowed on every resource, read all secrets
// and data keys or give more rights than their holder has, as of 2026-11.
func SensitiveActions() []string {
	return []string{
		"iam:AddUserToGroup", "iam:AttachGroupPolicy", "iam:AttachRolePolicy", "iam:AttachUserPolicy", "iam:CreateAccessKey", "iam:CreateLoginProfile", "iam:CreatePolicyVersion",
		"iam:PassRole", "iam:PutGroupPolicy", "iam:PutRolePolicy", "iam:PutUserPolicy", "iam:SetDefaultPolicyVersion", "iam:UpdateAssumeRolePolicy", "iam:UpdateLoginProfile",
		"kms:Decrypt", "kms:ReEncryptFrom", "lambda:UpdateFunctionCode", "secretsmanager:GetSecretValue", "ssm:GetParameter", "ssm:GetParameters", "ssm:GetParametersByPath", "sts:AssumeRole",
	}
}

func (e PolicySensitiveActions) actions() []string {
	if e.Actions == nil {
		return SensitiveActions()
	}
	return e.Actions
}

// Control implements posture.Evaluator.
func (e PolicySensitiveActions) Control() posture.Control {
	return posture.Control{
		ID:       "iam.policy-sensitive-actions",
		Title:    "No policy of yours allows sensitive actions on everything",
		Doc:      "These actions read every secret or give away rights; on * their holder is close to an administrator. Name the keys, secrets and roles that the work needs.",
		Severity: posture.Medium, Scope: posture.Global, Resource: "AWS::IAM::Policy",
		Requires: []string{"iam:GetAccountAuthorizationDetails"},
		Params:   []posture.Param{{Name: "actions", Value: strings.Join(e.actions(), ","), Default: strings.Join(SensitiveActions(), ","), Source: "AWS FSBP KMS.1 and KMS.2; known ways to escalate privileges", AsOf: "2026-11-25"}},
	}
}

// Place implements posture.Evaluator.
func (e PolicySensitiveActions) Place() posture.Place { return e.Account.Place() }

// Evaluate implements posture.Evaluator.
func (e PolicySensitiveActions) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	return e.Account.eachDocument(ctx, e.Control(), func(s statement) (bool, []string) {
		allowed := s.onEverything(e.actions())
		return len(allowed) > 0, allowed
	})
}

// PolicyUnused judges that every customer managed policy is attached to
// somebody or bounds somebody.
type PolicyUnused struct{ Account *Account }

// PolicyUnusedEvidence is how often a policy is used.
type PolicyUnusedEvidence struct {
	Policy      string `json:"policy"`
	Attachments int    `json:"attachments"`
	Boundaries  int    `json:"boundaries"`
}

// String says it in a sentence.
func (e PolicyUnusedEvidence) String() string {
	return fmt.Sprintf("%s is attached %d times and bounds %d principals.", e.Policy, e.Attachments, e.Boundaries)
}

// Control implements posture.Evaluator.
func (e PolicyUnused) Control() posture.Control {
	return posture.Control{
		ID:       "iam.policy-unused",
		Title:    "Customer managed policies are in use",
		Doc:      "A policy that is attached to nobody is not reviewed by anybody, until it is attached again. Delete it.",
		Severity: posture.Informational, Scope: posture.Global, Resource: "AWS::IAM::Policy",
		Requires: []string{"iam:GetAccountAuthorizationDetails"},
	}
}

// Place implements posture.Evaluator.
func (e PolicyUnused) Place() posture.Place { return e.Account.Place() }

// Evaluate implements posture.Evaluator.
func (e PolicyUnused) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c, a := e.Control(), e.Account
	policies, err := a.Policies(ctx)
	var fs []posture.Finding
	for _, p := range policies {
		judge := c.Pass
		if p.Attachments+p.BoundaryUses == 0 {
			judge = c.Fail
		}
		fs = append(fs, judge(a.policy(p), PolicyUnusedEvidence{p.ARN, p.Attachments, p.BoundaryUses}))
	}
	return c.Judged(fs, err, a.account(), "There is no customer managed policy.")
}

func (a *Account) policy(p Policy) posture.Resource {
	return a.place.Resource("AWS::IAM::Policy", p.ARN, p.ARN)
}
