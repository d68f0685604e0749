package iam

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/internal/param"
	"github.com/awsposture/posture/internal/wildcard"
)

// SAMLProviderValid judges that the metadata of every SAML provider is still
// valid, and will be for Notice.
type SAMLProviderValid struct {
	Account *Account
	Notice  time.Duration // default 30 days
}

// SAMLProviderEvidence is a provider and the end of its metadata's validity.
type SAMLProviderEvidence struct {
	ARN        string    `json:"arn"`
	ValidUntil time.Time `json:"validUntil"`
}

// String says it in a sentence.
func (e SAMLProviderEvidence) String() string {
	return fmt.Sprintf("The metadata of %s is valid until %s.", e.ARN, stamp(e.ValidUntil))
}

// Control implements posture.Evaluator.
func (e SAMLProviderValid) Control() posture.Control {
	return posture.Control{
		ID:       "iam.saml-provider-valid",
		Title:    "The metadata of SAML providers is valid",
		Doc:      "When the metadata ends nobody can sign in through the provider, and people fall back on local users. Upload new metadata in time, or delete a provider that is no longer used.",
		Severity: posture.Medium, Scope: posture.Global, Resource: "AWS::IAM::SAMLProvider",
		Requires: []string{"iam:ListSAMLProviders"},
		Params:   []posture.Param{param.Days("notice", e.Notice, 30*day, "our own")},
	}
}

// Place implements posture.Evaluator.
func (e SAMLProviderValid) Place() posture.Place { return e.Account.Place() }

// Evaluate implements posture.Evaluator.
func (e SAMLProviderValid) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c, a := e.Control(), e.Account
	list, err := a.SAMLProviders(ctx)
	var fs []posture.Finding
	for _, p := range list {
		r := a.place.Resource("AWS::IAM::SAMLProvider", p.ARN, p.ARN)
		if p.ValidUntil.IsZero() {
			fs = append(fs, c.Unknown(r, &posture.Cause{Kind: posture.CauseMalformed, Operation: "IAM:ListSAMLProviders", Message: "the provider came without the end of its validity"}))
			continue
		}
		judge := c.Pass
		if a.now().Add(cmp.Or(e.Notice, 30*day)).After(p.ValidUntil) {
			judge = c.Fail
		}
		fs = append(fs, judge(r, SAMLProviderEvidence(p)))
	}
	return c.Judged(fs, err, a.account(), "There is no SAML provider.")
}

// OIDCAudiences judges that an OpenID Connect provider accepts only the
// audiences its use on AWS needs. Each further one lets tokens in that were made
// for another application.
type OIDCAudiences struct {
	Account *Account
	Allowed []OIDCAllowed // looked at first; then DefaultOIDCAudiences. Others do not apply.
}

// OIDCAllowed are the audiences that an issuer's provider needs.
type OIDCAllowed struct {
	URL       string // without scheme; * stands for anything
	Audiences []string
}

// DefaultOIDCAudiences are the audiences of issuers whose documentation for AWS names
// one, as of 2026-11.
func DefaultOIDCAudiences() []OIDCAllowed {
	return []OIDCAllowed{
		{"token.actions.githubusercontent.com", []string{"sts.amazonaws.com"}},
		{"oidc.eks.*", []string{"sts.amazonaws.com"}},
	}
}

// OIDCAudiencesEvidence is one audience of a provider.
type OIDCAudiencesEvidence struct {
	URL      string   `json:"url"`
	Audience string   `json:"audience"`
	Allowed  []string `json:"allowed"`
}

// String says it in a sentence.
func (e OIDCAudiencesEvidence) String() string {
	return fmt.Sprintf("Provider %s accepts tokens for %q; needed: %s.", e.URL, e.Audience, strings.Join(e.Allowed, ", "))
}

// Control implements posture.Evaluator.
func (e OIDCAudiences) Control() posture.Control {
	return posture.Control{
		ID:       "iam.oidc-audiences",
		Title:    "OpenID Connect providers accept only the audiences they need",
		Doc:      "A token made for another audience was made for another application. Remove the audience from the provider.",
		Severity: posture.Low, Scope: posture.Global, Resource: "AWS::IAM::OIDCProvider",
		Requires: []string{"iam:ListOpenIDConnectProviders", "iam:GetOpenIDConnectProvider"},
		Params:   []posture.Param{{Name: "allowed", Value: allowedList(e.allowed()), Default: allowedList(DefaultOIDCAudiences()), Source: "the issuers' documentation for AWS", AsOf: "2026-11-25"}},
	}
}

func (e OIDCAudiences) allowed() []OIDCAllowed {
	return slices.Concat(e.Allowed, DefaultOIDCAudiences())
}

func allowedList(list []OIDCAllowed) string {
	var out []string
	for _, i := range list {
		out = append(out, i.URL+":"+strings.Join(i.Audiences, "|"))
	}
	return strings.Join(out, ",")
}

// Place implements posture.Evaluator.
func (e OIDCAudiences) Place() posture.Place { return e.Account.Place() }

// Evaluate implements posture.Evaluator.
func (e OIDCAudiences) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c, a := e.Control(), e.Account
	list, err := a.OIDCProviders(ctx)
	var fs []posture.Finding
	for _, p := range list {
		r := a.place.Resource("AWS::IAM::OIDCProvider", p.ARN, p.ARN)
		i := slices.IndexFunc(e.allowed(), func(x OIDCAllowed) bool { return wildcard.Match(x.URL, p.URL) })
		if i < 0 {
			fs = append(fs, c.NotApplicable(r, "No audience is prescribed for "+p.URL+"."))
			continue
		}
		for _, audience := range p.Audiences {
			judge := c.Fail
			if slices.Contains(e.allowed()[i].Audiences, audience) {
				judge = c.Pass
			}
			fs = append(fs, judge(r, OIDCAudiencesEvidence{p.URL, audience, e.allowed()[i].Audiences}).Part(audience))
		}
	}
	return c.Judged(fs, err, a.account(), "There is no OpenID Connect provider.")
}
