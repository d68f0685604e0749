package policy

import (
	"encoding/base64"
	"slices"
	"strings"
)

// budget is the number of requests that the search for one witness tries, and
// totalBudget that for all of one policy.
const (
	budget      = 2000
	totalBudget = 50_000
)

// Names that no policy mentions, for callers from outside.
const (
	strangerAccount = "999999999990"
	strangerOrg     = "o-zz9plural"
)

// strangerNet are two addresses far apart: a range that holds one of them and
// is not a fixed network is open.
var strangerNet = []string{"8.8.4.4", "150.40.30.20", "2a00:1450::1"}

// witness looks for a request that a stranger can make and that is allowed.
func (o *outsiders) witness(s *Statement) *Request {
	for _, p := range o.callers(s) {
		for _, action := range o.actions(s, p.Kind) {
			for _, resource := range o.resources(s) {
				r := &Request{Principal: p, Action: action, Resource: resource, Owner: o.owner, Context: Context{}}
				if o.search(r) {
					return r
				}
			}
		}
	}
	return nil
}

// actions are concrete actions that the statement covers and the caller can use.
func (o *outsiders) actions(s *Statement, k PrincipalKind) []string {
	if o.d.Kind == Trust {
		switch k {
		case WebIdentity:
			return []string{"sts:AssumeRoleWithWebIdentity"}
		case SAML:
			return []string{"sts:AssumeRoleWithSAML"}
		}
		return []string{"sts:AssumeRole"}
	}
	var candidates []string
	for _, v := range s.Action {
		candidates = append(candidates, instance(v.Text, strings.Contains(v.Text, ":")))
		if known := EmbeddedCatalog().Expand(v.Text); len(known) > 0 && v.Text != "*" {
			candidates = append(candidates, known[0])
		}
	}
	if a, ok := parseARN(o.resource); ok {
		candidates = append(candidates, a.service+":"+fresh)
	}
	return slices.DeleteFunc(candidates, func(a string) bool { return !strings.Contains(a, ":") || strings.ContainsAny(a, "*?") })
}

// resources are concrete resources that the statement covers.
func (o *outsiders) resources(s *Statement) []string {
	var all []string
	for _, v := range s.Resource {
		if text := instance(v.Text, true); arnGuard(text) > 0 && !strings.Contains(text, "${") && sixParts(v.Text) {
			all = append(all, text)
		}
	}
	return append(all, o.resource)
}

// search tries values of the keys that the policy looks at until the engine
// allows the request.
func (o *outsiders) search(r *Request) bool {
	type choice struct {
		key    string
		values []string
	}
	var choices []choice
	for i := range o.e.keys.names {
		if i >= derivedKeys {
			key := o.e.keys.names[i]
			choices = append(choices, choice{key, o.values(key, r)})
		}
	}
	tries := 0
	var try func(n int) bool
	try = func(n int) bool {
		tries++
		if o.tries++; tries > budget || o.tries > totalBudget {
			return false
		}
		r.Unknown = nil
		for _, c := range choices[n:] {
			r.Unknown = append(r.Unknown, c.key)
		}
		switch e := o.e.Decide(r); {
		case e.Allowed():
			// Allowed whatever the remaining keys are; leave them absent.
			r.Unknown = nil
			return o.e.Decide(r).Allowed()
		case e.Verdict != Undetermined || n == len(choices):
			return false
		}
		delete(r.Context, choices[n].key)
		if try(n + 1) {
			return true
		}
		for _, v := range choices[n].values {
			r.Context[choices[n].key] = []string{v}
			if try(n + 1) {
				return true
			}
		}
		delete(r.Context, choices[n].key)
		return false
	}
	return try(0)
}

// values are what a stranger can make of a condition key, beside leaving it out.
func (o *outsiders) values(key string, r *Request) []string {
	switch key {
	case "aws:sourceip":
		return strangerNet
	case "aws:sourcevpc", "aws:sourcevpce", "aws:sourcevpcarn", "aws:vpceorgid", "aws:vpceaccount", "aws:vpceorgpaths":
		return nil
	case "sts:externalid":
		switch {
		case !r.Principal.Kind.hasIdentity():
			return nil
		case o.z.ExternalID:
			return []string{fresh} // one that nobody has agreed on
		}
	case "aws:sourceaccount", "aws:sourceowner":
		return o.deputy(r, strangerAccount)
	case "aws:sourceorgid":
		return o.deputy(r, strangerOrg)
	case "aws:sourceorgpaths":
		return o.deputy(r, strangerOrg+"/r-zz9p/")
	}
	if foreignClaim(key, &r.Principal) {
		return nil
	}
	values := []string{fresh}
	issuer := o.issuer(r.Principal.Provider)
	for i := range o.d.Statements {
		for j := range o.d.Statements[i].Conditions {
			c := &o.d.Statements[i].Conditions[j]
			op, ok := parseOperator(c.Operator)
			if !ok || strings.ToLower(c.Key) != key {
				continue
			}
			claim, ofIssuer := claimOf(key, r.Principal.Provider)
			for _, v := range c.Values {
				text, fits := sample(op, v.Text), true
				switch {
				case key == "aws:sourcearn":
					text, fits = foreignARN(text, r.Principal.Kind)
				case ofIssuer && issuer != nil:
					text, fits = issuer.stranger(claim, v.Text, op.takesWildcards())
				}
				if fits && !strings.Contains(text, "${") && !slices.Contains(values, text) && len(values) < 12 {
					values = append(values, text)
				}
			}
		}
	}
	return values
}

// foreignClaim: only callers with an identity from a provider have its claims.
func foreignClaim(key string, p *Principal) bool {
	issuer, _, _ := strings.Cut(key, ":")
	switch _, own := claimOf(key, p.Provider); {
	case issuer == "saml":
		return p.Kind != SAML
	case strings.Contains(issuer, "."):
		return p.Kind != WebIdentity || !own
	}
	return false
}

// deputy: only a service that acts for somebody sends these keys.
func (o *outsiders) deputy(r *Request, value string) []string {
	if r.Principal.Kind == AWSService {
		return []string{value}
	}
	return nil
}

// foreignARN is a source ARN of a stranger's account that fits the same pattern.
func foreignARN(text string, k PrincipalKind) (string, bool) {
	parts := strings.SplitN(text, ":", 6)
	if k != AWSService || len(parts) != 6 || parts[4] != "stranger" {
		return "", false
	}
	parts[4] = strangerAccount
	return strings.Join(parts, ":"), true
}

// sample makes a request value that satisfies the operator without its negation.
func sample(op operator, text string) string {
	switch op.compare {
	case compareGlob, compareARN:
		return instance(text, true)
	case compareIP:
		if p, ok := parsePrefix(text); ok {
			return p.Addr().String()
		}
	case compareBinary:
		if b, err := base64.StdEncoding.DecodeString(text); err == nil {
			return string(b)
		}
	case compareNumber:
		switch op.relation {
		case less:
			return "-1e9"
		case greater:
			return "1e9"
		}
	case compareDate:
		switch op.relation {
		case less:
			return "2000-01-01T00:00:00Z"
		case greater:
			return "2100-01-01T00:00:00Z"
		}
	}
	return text
}
