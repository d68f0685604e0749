package policy

import "strings"

// publicIssuers give tokens to anybody who signs up.
var publicIssuers = map[string]bool{
	"token.actions.githubusercontent.com": true, "gitlab.com": true, "accounts.google.com": true,
	"graph.facebook.com": true, "www.amazon.com": true, "cognito-identity.amazonaws.com": true,
	"app.terraform.io": true, "agent.buildkite.com": true, "api.pulumi.com/oidc": true,
}

// providerInside proves that the holders of an identity from the provider whom
// a statement lets in are insiders: the provider is SAML of an account of the
// zone, or its subject is pinned.
func (o *outsiders) providerInside(provider string, s *Statement) bool {
	if a, ok := parseARN(provider); ok && strings.HasPrefix(a.resource, "saml-provider/") {
		return o.inside(a.account)
	}
	issuer := issuerOf(provider)
	for i := range s.Conditions {
		c := &s.Conditions[i]
		op, ok := parseOperator(c.Operator)
		claim, mine := strings.CutPrefix(strings.ToLower(c.Key), strings.ToLower(issuer)+":")
		if !ok || !mine || op.negated || op.ifExists || op.set == forAllValues || len(c.Values) == 0 {
			continue
		}
		pinned := true
		for _, v := range c.Values {
			pinned = pinned && pinsSubject(issuer, claim, v.Text, op.takesWildcards())
		}
		if pinned {
			return true
		}
	}
	return false
}

// pinsSubject: the value of a claim is one that a stranger cannot have.
func pinsSubject(issuer, claim, text string, wildcards bool) bool {
	if claim == "aud" {
		// The audience says whom a token is for, not who holds it; only
		// for Cognito it is the identity pool.
		return issuer == "cognito-identity.amazonaws.com" && !(wildcards && strings.ContainsAny(text, "*?"))
	}
	if text == "" || claim == "amr" || claim == "ref" || claim == "environment" {
		return false
	}
	if !wildcards {
		return true
	}
	if issuer == "token.actions.githubusercontent.com" && claim == "sub" {
		owner, _, found := strings.Cut(strings.TrimPrefix(text, "repo:"), "/")
		return found && strings.HasPrefix(text, "repo:") && !strings.ContainsAny(owner, "*?")
	}
	if issuer == "gitlab.com" && claim == "sub" {
		group, _, found := strings.Cut(strings.TrimPrefix(text, "project_path:"), "/")
		return found && strings.HasPrefix(text, "project_path:") && !strings.ContainsAny(group, "*?")
	}
	// Of other issuers the start of the subject is taken for the tenant.
	return text[0] != '*' && text[0] != '?'
}

// strangerClaim makes a value of a claim that a stranger can have and that
// fits a policy value; false when a stranger can have none.
func strangerClaim(issuer, claim, text string, wildcards bool) (string, bool) {
	if claim == "aud" && issuer != "cognito-identity.amazonaws.com" {
		return instance(text, wildcards), true
	}
	if claim == "amr" || claim == "ref" || claim == "environment" {
		return instance(text, wildcards), true
	}
	if pinsSubject(issuer, claim, text, wildcards) {
		return "", false
	}
	return instance(text, wildcards), true
}

// instance writes a text that fits a pattern.
func instance(text string, wildcards bool) string {
	if !wildcards {
		return text
	}
	return strings.NewReplacer("*", "stranger", "?", "s").Replace(text)
}
