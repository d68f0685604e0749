package iam

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/iam/policy"
)

// RoleWildcardTrust judges that no role trusts everybody. A trust of "*" passes
// when nobody can assume the role but accounts, organizations, principals and
// networks that the policy names. Package policy decides, conditions and Deny
// statements included: an external id or a user agent is what every caller can give.
type RoleWildcardTrust struct{ Account *Account }

// Control implements posture.Evaluator.
func (e RoleWildcardTrust) Control() posture.Control {
	return posture.Control{
		ID:       "iam.role-wildcard-trust",
		Title:    "No role trusts everybody",
		Doc:      "A role that trusts * can be assumed from every AWS account in the world that knows its name. Name the principals, or add a condition on aws:PrincipalOrgID.",
		Severity: posture.Critical, Scope: posture.Global, Resource: "AWS::IAM::Role",
		Requires: []string{"iam:GetAccountAuthorizationDetails"},
	}
}

// Place implements posture.Evaluator.
func (e RoleWildcardTrust) Place() posture.Place { return e.Account.Place() }

// Evaluate implements posture.Evaluator.
func (e RoleWildcardTrust) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c, a := e.Control(), e.Account
	return a.eachTrust(ctx, c, "No role trusts an AWS principal.", func(r Role, t trusted) (posture.Finding, bool) {
		if t.Kind != "AWS" {
			return posture.Finding{}, false
		}
		if t.Principal != "*" {
			return c.Pass(a.role(r), t.evidence(r)), true
		}
		return a.judgeStrangers(c, r, t, named.everybody), true
	})
}

// RoleExternalTrust judges that a role trusts only the zone of trust: this
// account, its organization's accounts (the facts Account.Members and
// Account.Organization) and Trusted. An account outside it must give the external id that the policy
// names, which keeps a vendor from being talked into using another customer's
// role. Package policy decides; a trust of everybody is RoleWildcardTrust's. See "Access to
// AWS accounts owned by third parties" in the IAM User Guide.
type RoleExternalTrust struct {
	Account *Account
	Trusted []string // ids of further accounts of the zone of trust
}

// Control implements posture.Evaluator.
func (e RoleExternalTrust) Control() posture.Control {
	return posture.Control{
		ID:       "iam.role-external-trust",
		Title:    "Roles that outside accounts may assume ask for an external id",
		Doc:      "A third party that serves many customers can be made to use your role for another. Ask it for an external id that it sets, and require it with sts:ExternalId; or remove the trust.",
		Severity: posture.High, Scope: posture.Global, Resource: "AWS::IAM::Role",
		Requires: []string{"iam:GetAccountAuthorizationDetails"},
		Params:   []posture.Param{{Name: "trusted", Value: strings.Join(e.Trusted, ","), Source: "the caller's"}},
	}
}

// Place implements posture.Evaluator.
func (e RoleExternalTrust) Place() posture.Place { return e.Account.Place() }

// Evaluate implements posture.Evaluator.
func (e RoleExternalTrust) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c, a := e.Control(), e.Account
	return a.eachTrust(ctx, c, "No role trusts another account.", func(r Role, t trusted) (posture.Finding, bool) {
		account := accountOf(t.Principal)
		if t.Kind != "AWS" || account == a.place.Account || account == "" && t.Principal != "*" {
			return posture.Finding{}, false
		}
		return e.judge(ctx, c, r, t)
	})
}

func (e RoleExternalTrust) judge(ctx context.Context, c posture.Control, r Role, t trusted) (f posture.Finding, mine bool) {
	a := e.Account
	doc, err := t.alone(r)
	if err != nil {
		return c.Unknown(a.role(r), err), true
	}
	in := namedIn(doc)
	if t.Principal == "*" {
		if open, err := a.strangers(r, doc, in.everybody()); err != nil || open.Result != policy.No {
			return f, false
		}
	}
	members, unknown := a.memberAccounts(ctx)
	zone := policy.Zone{Accounts: slices.Concat(members, e.Trusted), ExternalID: true}
	if len(in.organizations) > 0 {
		id, err := a.organizationID(ctx)
		zone.OrgIDs = []string{id}
		unknown = errors.Join(unknown, err)
	}
	answer, err := a.strangers(r, doc, zone)
	switch {
	case err != nil:
		return c.Unknown(a.role(r), err), true
	case answer.Result == policy.No:
		return c.Pass(a.role(r), t.evidence(r)), true
	case unknown != nil:
		return c.Unknown(a.role(r), unknown), true // the stranger may be one of those
	case answer.Result == policy.Yes:
		return c.Fail(a.role(r), t.evidence(r)), true
	}
	return c.Unknown(a.role(r), t.undecided(r, answer)), true
}

// RoleServiceTrust judges that a role for a service that AWS says sends
// aws:SourceArn and aws:SourceAccount when it assumes a role lets it act for
// accounts and organizations that the policy names only. Package policy decides, Deny statements
// included. Other services do not send the keys: a condition would lock them out, so they do
// not apply. See "The confused deputy problem" in the IAM User Guide.
type RoleServiceTrust struct {
	Account  *Account
	Services []string // service principals; default DeputyServices
}

// DeputyServices are the service principals whose own guide documents
// aws:SourceArn or aws:SourceAccount in the trust policy of the role it assumes,
// as of 2026-11.
func DeputyServices() []string {
	return []string{
		"apprunner.amazonaws.com", "bedrock.amazonaws.com", "cloudtrail.amazonaws.com", "codebuild.amazonaws.com", "config.amazonaws.com", "delivery.logs.amazonaws.com", "dms.amazonaws.com", "ecs-tasks.amazonaws.com",
		"export.rds.amazonaws.com", "firehose.amazonaws.com", "iot.amazonaws.com", "kinesisanalytics.amazonaws.com", "logs.amazonaws.com", "monitoring.rds.amazonaws.com", "personalize.amazonaws.com",
		"scheduler.amazonaws.com", "ssm.amazonaws.com", "states.amazonaws.com", "transfer.amazonaws.com", "vpc-flow-logs.amazonaws.com",
	}
}

// Control implements posture.Evaluator.
func (e RoleServiceTrust) Control() posture.Control {
	return posture.Control{
		ID:       "iam.role-service-trust",
		Title:    "Service roles are bound to this account's resources",
		Doc:      "A service acts for many customers; without aws:SourceArn or aws:SourceAccount in the trust policy it can be made to use this role for somebody else's resource. Add a condition with your account id.",
		Severity: posture.Medium, Scope: posture.Global, Resource: "AWS::IAM::Role",
		Requires: []string{"iam:GetAccountAuthorizationDetails"},
		Params:   []posture.Param{{Name: "services", Value: strings.Join(e.services(), ","), Default: strings.Join(DeputyServices(), ","), Source: "the confused deputy pages of the services' guides", AsOf: "2026-11-25"}},
	}
}

func (e RoleServiceTrust) services() []string {
	if e.Services == nil {
		return DeputyServices()
	}
	return e.Services
}

// Place implements posture.Evaluator.
func (e RoleServiceTrust) Place() posture.Place { return e.Account.Place() }

// Evaluate implements posture.Evaluator.
func (e RoleServiceTrust) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c, a := e.Control(), e.Account
	return a.eachTrust(ctx, c, "No role trusts a service.", func(r Role, t trusted) (posture.Finding, bool) {
		switch {
		case t.Kind != "Service":
			return posture.Finding{}, false
		case !slices.Contains(e.services(), t.Principal):
			return c.NotApplicable(a.role(r), t.Principal+" does not send aws:SourceArn or aws:SourceAccount when it assumes a role."), true
		}
		return a.judgeStrangers(c, r, t, named.deputies), true
	})
}
