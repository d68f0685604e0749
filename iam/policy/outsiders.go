package policy

import (
	"strings"
)

// Zone is what counts as inside: accounts, and organizations with all of
// their accounts. Everybody else is an outsider, anonymous callers included.
type Zone struct {
	Accounts []string
	OrgIDs   []string
	// Services counts AWS services that act for an account outside, too: the
	// confused deputy. By default service principals are left out.
	Services bool
	// ExternalID counts whoever must give the one external id that the policy
	// names as inside. By default an outsider knows it.
	ExternalID bool
	// Issuers are the OpenID Connect issuers whose tokens outsiders hold. Default
	// PublicIssuers.
	Issuers []Issuer
}

// Outsiders says whether somebody outside the zone can use what the policy of
// a resource or the trust policy of a role is attached to, provided that their
// own account lets them. Conditions and Deny statements count.
//
// A Yes carries a request that the engine allows. For it, the caller is a
// stranger: anonymous, from an account that nobody has named, or one that the
// policy names although it is outside; its organization, tags and network are
// the stranger's own, and everything else it can choose (request parameters,
// user agent, external id) has the value that gets it in. Holders of tokens
// from an issuer of the zone's count as strangers unless a claim that tells its
// tenants apart is fixed.
//
// A No is a proof: every Allow names insiders only, or is tied to the zone, to
// fixed networks or to fixed subjects by a condition, or a Deny shuts
// outsiders out. Everything else is Unknown. A policy with problems is an
// error, not an answer.
//
// resource is the ARN the policy is attached to, owner its account.
func Outsiders(d *Document, resource string, owner Account, z Zone, sem Semantics) (Answer, error) {
	engine, err := Compile(Policies{
		Identity: []*Document{allowEverything}, Resource: d, Semantics: sem,
	})
	if err != nil {
		return Answer{}, err
	}
	o := outsiders{d: d, e: engine, resource: resource, owner: owner, z: z}
	o.z.Accounts = append([]string{owner.ID}, z.Accounts...)
	if o.z.Issuers == nil {
		o.z.Issuers = PublicIssuers()
	}
	people, services := o.closed()
	open := StatementRef{}
	for i := range d.Statements {
		s := &d.Statements[i]
		if s.Effect != EffectAllow || o.insideOnly(s, people, services) {
			continue
		}
		ref := StatementRef{Policy: d, Index: i}
		if r := o.witness(s); r != nil {
			return Answer{Result: Yes, Reason: describe(&r.Principal) + " is outside and may " + r.Action, Statement: ref, Witness: r}, nil
		}
		if open.Policy == nil {
			open = ref
		}
	}
	if open.Policy != nil {
		return Answer{Result: Unknown, Reason: "no way in was found, but the statement is not tied to the zone either", Statement: open}, nil
	}
	return Answer{Result: No, Reason: "every Allow is tied to the zone"}, nil
}

// allowEverything stands for the outsider's own policies.
var allowEverything = &Document{
	Name: "the outsider's own", Kind: Identity, Version: Version2012,
	Statements: []Statement{{Effect: EffectAllow, Action: Values("*"), Resource: Values("*")}},
}

type outsiders struct {
	d        *Document
	e        *Engine
	resource string
	owner    Account
	z        Zone
	tries    int
}

// inside reports whether an account is in the zone by its id.
func (o *outsiders) inside(account string) bool { return has(o.z.Accounts, account) }

// insideOnly proves that an Allow lets no outsider in.
func (o *outsiders) insideOnly(s *Statement, peopleShut, servicesShut bool) bool {
	p := s.Principal
	if p == nil {
		return peopleShut && servicesShut // NotPrincipal
	}
	for i := range s.Conditions {
		if o.ties(&s.Conditions[i], false) {
			return true
		}
	}
	everyone := p.Everyone || has(textsOf(p.AWS), "*")
	if everyone && !(peopleShut && (servicesShut || !o.z.Services)) {
		return false
	}
	for _, v := range p.AWS {
		account := v.Text
		if a, ok := parseARN(v.Text); ok {
			account = a.account
		}
		uniqueID := strings.HasPrefix(v.Text, "AIDA") || strings.HasPrefix(v.Text, "AROA")
		if !o.inside(account) && !uniqueID && !peopleShut {
			return false
		}
	}
	if len(p.Service) > 0 && o.z.Services && !servicesShut {
		return false
	}
	if len(p.CanonicalUser) > 0 && !peopleShut {
		for _, v := range p.CanonicalUser {
			if v.Text != o.owner.CanonicalID {
				return false
			}
		}
	}
	for _, v := range p.Federated {
		if !o.providerInside(v.Text, s) {
			return false
		}
	}
	return true
}

// ties proves that a condition holds for insiders only. With negated it proves
// the opposite: that it holds for every outsider, as a Deny needs.
func (o *outsiders) ties(c *Condition, negated bool) bool {
	op, ok := parseOperator(c.Operator)
	if !ok || op.negated != negated || len(c.Values) == 0 || !isText(op) && op.compare != compareIP {
		return false
	}
	if !negated && (op.ifExists || op.set == forAllValues) || negated && op.set == forAnyValue {
		return false
	}
	key := strings.ToLower(c.Key)
	for _, v := range c.Values {
		// A Deny of everybody else is as wide as the list of those it spares.
		if strings.Contains(v.Text, "${") || !o.insideValue(key, v.Text, op, negated) {
			return false
		}
	}
	return true
}

// insideValue reports whether a value of an identity key is one that only
// insiders have. Fixed networks count for Allow alone.
func (o *outsiders) insideValue(key, text string, op operator, negated bool) bool {
	wild := op.takesWildcards() && strings.ContainsAny(text, "*?")
	switch key {
	case "aws:principalorgid", "aws:sourceorgid":
		return !wild && has(o.z.OrgIDs, text)
	case "aws:principalorgpaths", "aws:sourceorgpaths":
		org, _, _ := strings.Cut(text, "/")
		return has(o.z.OrgIDs, org)
	case "aws:principalaccount", "aws:sourceaccount", "aws:sourceowner":
		return !wild && o.inside(text)
	case "aws:principalarn", "aws:sourcearn":
		a, ok := parseARN(text)
		if op.compare == compareGlob && ok && strings.ContainsAny(text[:arnGuard(text)], "*?") {
			return false // a star of StringLike could run over the account
		}
		if key == "aws:sourcearn" && ok && a.account == "" && !wild {
			return true // one named bucket
		}
		return ok && o.inside(a.account)
	case "sts:externalid":
		return o.z.ExternalID && !wild && text != ""
	case "aws:sourcevpc", "aws:sourcevpce":
		return !negated && !wild && text != ""
	case "aws:sourceip": // aws:VpcSourceIp is a private address, which repeats in every VPC
		p, ok := parsePrefix(text)
		return !negated && ok && (p.Bits() >= 16 && p.Addr().Is4() || p.Bits() >= 32 && p.Addr().Is6())
	}
	return false
}

// closed looks for a Deny that hits every outsider, whatever it asks for. It
// may spare services.
func (o *outsiders) closed() (people, services bool) {
	for i := range o.d.Statements {
		s := &o.d.Statements[i]
		everything := s.Action != nil && o.allActions(s.Action) && (s.Resource == nil && s.NotResource == nil || coversAll(s.Resource))
		if s.Effect != EffectDeny || !everything || s.Principal == nil || !s.Principal.everyone() || len(s.Conditions) == 0 {
			continue
		}
		tied, sparesServices, other := false, false, false
		for j := range s.Conditions {
			c := &s.Conditions[j]
			switch {
			case o.ties(c, true):
				tied = true
			case strings.EqualFold(c.Key, "aws:PrincipalIsAWSService") && strings.HasPrefix(strings.ToLower(c.Operator), "bool") && len(c.Values) == 1 && strings.EqualFold(c.Values[0].Text, "false"):
				sparesServices = true
				other = other || !strings.EqualFold(c.Operator, "BoolIfExists")
			default:
				other = true
			}
		}
		if tied && !other {
			people = true
			services = services || !sparesServices
		}
	}
	return people, services
}

// allActions: the Deny covers whatever the Allows of the document are about.
func (o *outsiders) allActions(deny []Value) bool {
	for i := range o.d.Statements {
		s := &o.d.Statements[i]
		if s.Effect != EffectAllow {
			continue
		}
		if s.Action == nil {
			return coversAll(deny)
		}
		for _, v := range s.Action {
			covered := false
			q := parseAction(v.Text)
			for _, w := range deny {
				p := parseAction(w.Text)
				covered = covered || p.covers(&q)
			}
			if !covered {
				return false
			}
		}
	}
	return true
}
