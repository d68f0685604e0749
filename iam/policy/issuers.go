package policy

import "strings"

// Issuer says how the tokens of an OpenID Connect issuer tell its tenants apart.
type Issuer struct {
	// URL is the issuer's, without scheme; * stands for anything.
	URL string
	// Claims are those of which a stranger's token cannot have another tenant's
	// value. The first is the one to ask for.
	Claims []string
	// Prefix and End enclose the tenant in the first claim: "repo:" and "/" for
	// GitHub. A pattern that has the tenant whole may leave the rest open. Without
	// Prefix and End the beginning of a pattern is taken for the tenant.
	Prefix, End string
	// Whole says that a pattern never tells tenants apart, because strangers can
	// have values that begin like it.
	Whole bool
}

// PublicIssuers are the issuers that sign tokens for anybody who signs up, as of
// 2026-11: those that IAM calls shared, and those that it knows without a
// provider of the account's.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_oidc_secure-by-default.html
func PublicIssuers() []Issuer {
	return []Issuer{
		{URL: "token.actions.githubusercontent.com", Claims: []string{"sub", "repository", "repository_id", "repository_owner", "repository_owner_id"}, Prefix: "repo:", End: "/"},
		{URL: "gitlab.com", Claims: []string{"sub", "namespace_id", "namespace_path", "project_id", "project_path"}, Prefix: "project_path:", End: "/"},
		{URL: "app.terraform.io", Claims: []string{"sub"}, Prefix: "organization:", End: ":"},
		{URL: "agent.buildkite.com", Claims: []string{"sub"}, Prefix: "organization:", End: ":"},
		{URL: "oidc.circleci.com/org/*", Claims: []string{"sub"}, Prefix: "org/", End: "/"},
		{URL: "oidc.codefresh.io", Claims: []string{"sub"}, Prefix: "account:", End: ":"},
		{URL: "api.pulumi.com/oidc", Claims: []string{"aud", "sub"}, Whole: true},
		{URL: "oidc.vercel.com*", Claims: []string{"aud", "sub"}, Whole: true},
		{URL: "proidc.upbound.io", Claims: []string{"sub"}, Whole: true},
		{URL: "scalr.io", Claims: []string{"sub"}, Whole: true},
		{URL: "cognito-identity.amazonaws.com", Claims: []string{"aud", "sub"}, Whole: true},
		{URL: "accounts.google.com", Claims: []string{"aud", "sub"}, Whole: true},
		{URL: "www.amazon.com", Claims: []string{"app_id", "user_id"}, Whole: true},
		{URL: "graph.facebook.com", Claims: []string{"app_id", "id"}, Whole: true},
	}
}

// issuer is the first that a provider is, nil if none.
func (o *outsiders) issuer(provider string) *Issuer {
	url := strings.ToLower(issuerOf(provider))
	for i := range o.z.Issuers {
		if fitsPattern(strings.ToLower(o.z.Issuers[i].URL), url) {
			return &o.z.Issuers[i]
		}
	}
	return nil
}

// fitsPattern matches a pattern without variables.
func fitsPattern(pattern, text string) bool {
	return glob(tokenize(pattern, language{wildcards: true}, nil), text, 0, nil)
}

// providerInside proves that the holders of an identity from the provider whom
// a statement lets in are insiders: the provider is SAML of an account of the
// zone, or a claim that tells tenants apart is fixed.
func (o *outsiders) providerInside(provider string, s *Statement) bool {
	if a, ok := parseARN(provider); ok && strings.HasPrefix(a.resource, "saml-provider/") {
		return o.inside(a.account)
	}
	issuer := o.issuer(provider)
	if issuer == nil {
		issuer = &Issuer{Claims: []string{"sub"}} // of nobody known to be a stranger
	}
	for i := range s.Conditions {
		c := &s.Conditions[i]
		op, ok := parseOperator(c.Operator)
		claim, mine := claimOf(c.Key, provider)
		if !ok || !mine || !isText(op) || op.negated || op.ifExists || op.set == forAllValues || len(c.Values) == 0 {
			continue
		}
		fixed := true
		for _, v := range c.Values {
			fixed = fixed && issuer.fixes(claim, v.Text, op.takesWildcards())
		}
		if fixed {
			return true
		}
	}
	return false
}

// claimOf is the claim that a condition key of the provider's issuer means.
func claimOf(key, provider string) (claim string, ok bool) {
	return strings.CutPrefix(strings.ToLower(key), strings.ToLower(issuerOf(provider))+":")
}

// fixes reports whether no stranger's token can have a value of the claim that
// fits.
func (i *Issuer) fixes(claim, text string, wildcards bool) bool {
	if text == "" || !has(i.Claims, claim) || strings.Contains(text, "${") {
		return false
	}
	if !wildcards || !strings.ContainsAny(text, "*?") {
		return true
	}
	rest, found := strings.CutPrefix(text, i.Prefix)
	if i.Whole || claim != i.Claims[0] || !found || rest == "" {
		return false
	}
	tenant := rest[:1]
	if i.End != "" {
		tenant, _, _ = strings.Cut(rest, i.End) // all of it, wildcard and all, without End
	}
	return tenant != "" && !strings.ContainsAny(tenant, "*?")
}

// stranger makes a value of a claim that a stranger's token can have and that
// fits a policy value; false when there is none, or none that is known.
func (i *Issuer) stranger(claim, text string, wildcards bool) (string, bool) {
	if !has(i.Claims, claim) {
		return instance(text, wildcards), true
	}
	if !wildcards || i.fixes(claim, text, wildcards) {
		return "", false
	}
	own := instance(text, wildcards)
	if claim != i.Claims[0] || strings.HasPrefix(own, i.Prefix) {
		return own, true
	}
	own = i.Prefix + "stranger" + i.End + "stranger"
	return own, fitsPattern(text, own)
}

// instance writes a text that fits a pattern.
func instance(text string, wildcards bool) string {
	if !wildcards {
		return text
	}
	return strings.NewReplacer("*", "stranger", "?", "s").Replace(text)
}
