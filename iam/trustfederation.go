package iam

import (
	"context"
	"slices"
	"strings"

	"github.com/awsposture/posture"
)

// RoleOIDCTrust judges that a role for an OpenID Connect provider asks for the
// claim that tells one tenant of the issuer from another. Which claim that is
// stands in Issuers. See "Identity-provider controls for shared OIDC providers" in the IAM User Guide.
type RoleOIDCTrust struct {
	Account *Account
	Issuers []OIDCIssuer // looked at first; then OIDCIssuers, then "sub"
}

// OIDCIssuer says which claim a trust policy must limit for an issuer.
type OIDCIssuer struct {
	URL   string // without scheme; * stands for anything
	Claim string // "sub", "aud" …
	// TooWide are values, beside a bare *, that leave tenants of others in.
	TooWide []string
}

// OIDCIssuers are the issuers that serve many customers, as of 2026-11. A
// private issuer, such as an Amazon EKS cluster's, needs "sub" too: any workload
// of the cluster has a token.
func OIDCIssuers() []OIDCIssuer {
	return []OIDCIssuer{
		{URL: "token.actions.githubusercontent.com", Claim: "sub", TooWide: []string{"repo:*", "repo:*/*", "repo:*:*"}},
		{URL: "gitlab.com", Claim: "sub", TooWide: []string{"project_path:*"}},
		{URL: "app.terraform.io", Claim: "sub", TooWide: []string{"organization:*"}},
		{URL: "agent.buildkite.com", Claim: "sub", TooWide: []string{"organization:*"}},
		{URL: "oidc.circleci.com/org/*", Claim: "sub"},
		{URL: "oidc.codefresh.io", Claim: "sub"},
		{URL: "api.pulumi.com/oidc", Claim: "aud"},
		{URL: "oidc.vercel.com*", Claim: "aud"},
		{URL: "proidc.upbound.io", Claim: "sub"},
		{URL: "scalr.io", Claim: "sub"},
		{URL: "cognito-identity.amazonaws.com", Claim: "aud"},
		{URL: "accounts.google.com", Claim: "aud"},
		{URL: "www.amazon.com", Claim: "app_id"},
		{URL: "graph.facebook.com", Claim: "app_id"},
		{URL: "*", Claim: "sub"},
	}
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

func (e RoleOIDCTrust) issuers() []OIDCIssuer { return slices.Concat(e.Issuers, OIDCIssuers()) }

func issuerList(list []OIDCIssuer) string {
	var out []string
	for _, i := range list {
		out = append(out, i.URL+":"+i.Claim)
	}
	return strings.Join(out, ",")
}

// Place implements posture.Evaluator.
func (e RoleOIDCTrust) Place() posture.Place { return e.Account.Place() }

// Evaluate implements posture.Evaluator.
func (e RoleOIDCTrust) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c, a := e.Control(), e.Account
	return a.eachTrust(ctx, c, "No role trusts an OpenID Connect provider.", func(r Role, t trusted) (posture.Finding, bool) {
		url, ok := t.oidcIssuer()
		if !ok {
			return posture.Finding{}, false
		}
		issuer := e.issuers()[slices.IndexFunc(e.issuers(), func(i OIDCIssuer) bool { return glob(i.URL, url) })]
		judge := c.Fail
		if t.requires(url+":"+issuer.Claim, func(v string) bool { return narrow(v) && !slices.Contains(issuer.TooWide, v) }) {
			judge = c.Pass
		}
		return judge(a.role(r), t.evidence(r)), true
	})
}

// oidcIssuer gives the issuer's URL, without scheme, of a trust of kind Federated
// that is not for SAML.
func (t trusted) oidcIssuer() (string, bool) {
	if t.Kind != "Federated" || strings.Contains(t.Principal, ":saml-provider/") {
		return "", false
	}
	if _, url, found := strings.Cut(t.Principal, ":oidc-provider/"); found {
		return url, true
	}
	return t.Principal, true // an issuer that IAM knows without a provider: accounts.google.com
}

// RoleSAMLTrust judges that a role for a SAML provider asks for the audience of
// AWS sign-in, so that an assertion made for another application does not do.
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
		if t.Kind != "Federated" || !strings.Contains(t.Principal, ":saml-provider/") {
			return posture.Finding{}, false
		}
		judge := c.Fail
		if t.requires("SAML:aud", narrow) {
			judge = c.Pass
		}
		return judge(a.role(r), t.evidence(r)), true
	})
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
