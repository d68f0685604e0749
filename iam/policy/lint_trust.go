package policy

import (
	"slices"
	"strings"
)

// trust checks an Allow statement of a role trust policy.
func (l *linter) trust() {
	s := l.s
	if !l.allows() || s.Principal == nil || s.Action == nil {
		return
	}
	p := s.Principal
	if p.Everyone && len(s.Conditions) == 0 {
		l.add("trust-wildcard", p.Pos, "Principal", "anybody in the world may assume the role", "name the accounts or roles")
	}
	for _, v := range p.AWS {
		id := v.Text
		if a, ok := parseARN(id); ok {
			id = a.account
		}
		if l.opts.Account != "" && isAccountID(id) && id != l.opts.Account && !l.hasKey("sts:externalid", "aws:principalorgid", "aws:principalorgpaths") && l.does("sts:AssumeRole") {
			l.add("trust-external-account-without-external-id", v.Pos, "Principal.AWS", "the account "+id+" may assume the role; if it acts for several customers, it can be made to act for another one", "add a condition on sts:ExternalId")
		}
	}
	if has(textsOf(p.Service), "rolesanywhere.amazonaws.com") && !(l.does("sts:AssumeRole") && l.does("sts:SetSourceIdentity") && l.does("sts:TagSession")) {
		l.add("trust-rolesanywhere-actions", p.Pos, "Action", "IAM Roles Anywhere needs sts:AssumeRole, sts:SetSourceIdentity and sts:TagSession", "")
	}
	for i, v := range p.Federated {
		saml := strings.Contains(v.Text, ":saml-provider/")
		path := indexed("Principal.Federated", i)
		if saml != l.does("sts:AssumeRoleWithSAML") && saml != !l.does("sts:AssumeRoleWithWebIdentity") {
			want := "sts:AssumeRoleWithWebIdentity"
			if saml {
				want = "sts:AssumeRoleWithSAML"
			}
			l.add("trust-action-mismatch", v.Pos, path, "callers with an identity from "+v.Text+" use "+want+", which is not allowed here", "")
		}
		if !saml {
			l.oidc(path, v)
		}
	}
}

// does reports whether the statement covers one action.
func (l *linter) does(action string) bool {
	service, name, _ := strings.Cut(strings.ToLower(action), ":")
	for _, v := range l.s.Action {
		if p := parseAction(v.Text); p.matches([]byte(service), []byte(name)) {
			return true
		}
	}
	return false
}

// oidc checks that the trust in an OpenID Connect provider is narrowed to
// tokens that are meant for the role.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html
func (l *linter) oidc(path string, v Value) {
	issuer := issuerOf(v.Text)
	var claims []*Condition
	for i := range l.s.Conditions {
		if c := &l.s.Conditions[i]; strings.HasPrefix(strings.ToLower(c.Key), strings.ToLower(issuer)+":") {
			claims = append(claims, c)
		}
	}
	if len(claims) == 0 {
		l.add("trust-oidc-unscoped", v.Pos, path, "every token of "+issuer+" may assume the role, whoever it was made for", "add conditions on "+issuer+":aud and "+issuer+":sub")
		return
	}
	for _, c := range claims {
		if op, ok := parseOperator(c.Operator); strings.HasSuffix(strings.ToLower(c.Key), ":aud") && ok && op.set == forAllValues {
			l.add("trust-audience", c.Pos, "Condition", "the audience of a token is one value; with ForAllValues a token without audience passes, too", "use StringEquals")
		}
	}
	if issuer != "token.actions.githubusercontent.com" {
		return
	}
	subject := slices.IndexFunc(claims, func(c *Condition) bool {
		return slices.Contains([]string{":sub", ":repository", ":repository_id", ":repository_owner", ":repository_owner_id"}, strings.ToLower(c.Key[len(issuer):]))
	})
	if subject < 0 {
		l.add("trust-github-unscoped", v.Pos, path, "every workflow of every GitHub repository may assume the role", "add a condition on "+issuer+":sub such as repo:OWNER/REPOSITORY:ref:refs/heads/BRANCH")
		return
	}
	for _, w := range claims[subject].Values {
		owner, rest, _ := strings.Cut(strings.TrimPrefix(w.Text, "repo:"), "/")
		switch {
		case !strings.HasSuffix(strings.ToLower(claims[subject].Key), ":sub"):
		case strings.ContainsAny(owner, "*?"):
			l.add("trust-github-unscoped", w.Pos, "Condition", "the pattern "+w.Text+" fits repositories of strangers", "write the owner without wildcards")
		case strings.HasPrefix(rest, "*") || strings.HasSuffix(rest, ":*"):
			l.add("trust-github-broad", w.Pos, "Condition", "the pattern "+w.Text+" lets every branch, tag and pull request in", "name the repository and the branch or environment")
		}
	}
}

// issuerOf returns the issuer that condition keys of a provider start with.
func issuerOf(provider string) string {
	if _, issuer, ok := strings.Cut(provider, ":oidc-provider/"); ok {
		return issuer
	}
	return provider
}
