package iam

import (
	"context"
	"slices"
	"strings"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/iam/policy"
)

// RoleOIDCTrust judges that a role for an OpenID Connect provider is for one tenant
// of the issuer: that a claim which tells tenants apart is fixed, in whole or in
// the part that names the tenant. Package policy decides. See "Identity-provider
// controls for shared OIDC providers" in the IAM User Guide.
type RoleOIDCTrust struct {
	Account *Account
	Issuers []policy.Issuer // looked at first, then OIDCIssuers
}

// OIDCIssuers are policy.PublicIssuers and, as of 2026-11, what a private issuer
// needs: any workload of an Amazon EKS cluster has a token of the cluster's
// issuer, so the namespace is asked for; of any other issuer the subject.
func OIDCIssuers() []policy.Issuer {
	return append(policy.PublicIssuers(),
		policy.Issuer{URL: "oidc.eks.*", Claims: []string{"sub"}, Prefix: "system:serviceaccount:", End: ":"},
		policy.Issuer{URL: "*", Claims: []string{"sub"}})
}

// Control implements posture.Evaluator.
func (e RoleOIDCTrust) Control() posture.Control {
	return posture.Control{
		ID:       "iam.role-oidc-trust",
		Title:    "Roles for OpenID Connect providers ask for the subject",
		Doc:      "The issuer signs tokens for all its users. A trust policy that does not limit the subject lets every repository, project or workload of the issuer assume the role. Add a StringEquals or StringLike condition on the issuer's claim with your own organization in it.",
		Severity: posture.High, Scope: posture.Global, Resource: "AWS::IAM::Role",
		Requires: []string{"iam:GetAccountAuthorizationDetails"},
		Params:   []posture.Param{{Name: "issuers", Value: issuerList(e.issuers()), Default: issuerList(OIDCIssuers()), Source: "IAM User Guide, shared OIDC providers, and the issuers' own documentation", AsOf: "2026-11-25"}},
	}
}

func (e RoleOIDCTrust) issuers() []policy.Issuer { return slices.Concat(e.Issuers, OIDCIssuers()) }

func issuerList(list []policy.Issuer) string {
	var out []string
	for _, i := range list {
		out = append(out, i.URL+":"+strings.Join(i.Claims, "/"))
	}
	return strings.Join(out, ",")
}

// Place implements posture.Evaluator.
func (e RoleOIDCTrust) Place() posture.Place { return e.Account.Place() }

// Evaluate implements posture.Evaluator.
func (e RoleOIDCTrust) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c, a := e.Control(), e.Account
	return a.eachTrust(ctx, c, "No role trusts an OpenID Connect provider.", func(r Role, t trusted) (posture.Finding, bool) {
		if t.Kind != "Federated" || t.saml() {
			return posture.Finding{}, false
		}
		return a.judgeStrangers(c, r, t, func(named) policy.Zone { return policy.Zone{Issuers: e.issuers()} }), true
	})
}

func (t trusted) saml() bool {
	return t.Kind == "Federated" && strings.Contains(t.Principal, ":saml-provider/")
}

// RoleSAMLTrust judges that a role for a SAML provider refuses an assertion that
// was made for another application than AWS sign-in. Package policy decides.
type RoleSAMLTrust struct{ Account *Account }

// Control implements posture.Evaluator.
func (e RoleSAMLTrust) Control() posture.Control {
	return posture.Control{
		ID:       "iam.role-saml-trust",
		Title:    "Roles for SAML providers ask for AWS's audience",
		Doc:      "The provider signs assertions for many applications; without SAML:aud one that was made for another opens this role. Add a StringEquals condition on SAML:aud with the sign-in address.",
		Severity: posture.Medium, Scope: posture.Global, Resource: "AWS::IAM::Role",
		Requires: []string{"iam:GetAccountAuthorizationDetails"},
	}
}

// Place implements posture.Evaluator.
func (e RoleSAMLTrust) Place() posture.Place { return e.Account.Place() }

// Evaluate implements posture.Evaluator.
func (e RoleSAMLTrust) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c, a := e.Control(), e.Account
	return a.eachTrust(ctx, c, "No role trusts a SAML provider.", func(r Role, t trusted) (posture.Finding, bool) {
		if !t.saml() {
			return posture.Finding{}, false
		}
		open, err := a.otherAudience(r, t)
		switch {
		case err != nil:
			return c.Unknown(a.role(r), err), true
		case open:
			return c.Fail(a.role(r), t.evidence(r)), true
		}
		return c.Pass(a.role(r), t.evidence(r)), true
	})
}

// otherAudience tells whether the trust takes an assertion made for another
// application, whatever else the assertion says.
func (a *Account) otherAudience(r Role, t trusted) (bool, error) {
	doc, err := t.alone(r)
	if err != nil {
		return false, err
	}
	engine, err := policy.Compile(policy.Policies{Resource: doc})
	if err != nil {
		return false, malformedTrust(r, err)
	}
	decision := engine.Decide(&policy.Request{
		Principal: policy.Principal{Kind: policy.SAML, Provider: t.Principal},
		Action:    "sts:AssumeRoleWithSAML", Resource: r.ARN, Owner: policy.Account{ID: a.place.Account},
		Context: policy.Context{"SAML:aud": {"https://application.example.com/saml"}}, Unknown: []string{"*"},
	})
	return decision.Allowed() || decision.Verdict == policy.Undetermined, nil
}

// SAMLAudience is the audience that the sign-in of a partition expects.
func SAMLAudience(partition string) string {
	switch partition {
	case "aws-cn":
		return "https://signin.amazonaws.cn/saml"
	case "aws-us-gov":
		return "https://signin.amazonaws-us-gov.com/saml"
	}
	return "https://signin.aws.amazon.com/saml"
}
