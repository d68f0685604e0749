package policy

import "strings"

// naming says how a resource policy names the caller. What else must allow
// depends on it: see [Engine.Decide].
type naming uint8

const (
	direct     naming = 1 << iota // the user, session, service, provider, or "*"
	viaRole                       // the role of the session
	viaUser                       // the user behind a federated-user session
	viaAccount                    // the account of the caller
)

// principals is a Principal or NotPrincipal element, ready to be matched.
type principals struct {
	everyone  bool
	accounts  []string // account ids
	arns      []string
	ids       []string // AIDA..., AROA...
	services  []string
	providers []string
	canonical []string
}

// principals sorts out the names. A name with a partial wildcard matches
// nobody, because AWS refuses it.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
func newPrincipals(p *Principals) *principals {
	if p == nil {
		return nil
	}
	c := &principals{everyone: p.Everyone}
	for _, v := range p.AWS {
		name := v.Text
		a, isARN := parseARN(name)
		switch {
		case name == "*":
			c.everyone = true
		case strings.ContainsAny(name, "*?"):
		case isAccountID(name):
			c.accounts = append(c.accounts, name)
		case isARN && a.service == "iam" && a.resource == "root":
			c.accounts = append(c.accounts, a.account)
		case isARN:
			c.arns = append(c.arns, name)
		default:
			c.ids = append(c.ids, name)
		}
	}
	for _, v := range p.Service {
		c.services = append(c.services, v.Text)
	}
	for _, v := range p.Federated {
		c.providers = append(c.providers, v.Text)
	}
	for _, v := range p.CanonicalUser {
		c.canonical = append(c.canonical, v.Text)
	}
	return c
}

func has(list []string, s string) bool {
	if s == "" {
		return false
	}
	for _, t := range list {
		if t == s {
			return true
		}
	}
	return false
}

func (c *principals) account(ev *evaluation) bool {
	return has(c.accounts, ev.account) || has(c.canonical, ev.r.Principal.Account.CanonicalID)
}

// names returns every way in which the element names the caller.
func (c *principals) names(ev *evaluation) (how naming) {
	p := &ev.r.Principal
	if c.everyone {
		how = direct
	}
	switch p.Kind {
	case IAMUser:
		if has(c.arns, p.ARN) || has(c.ids, p.ID) {
			how |= direct
		}
		if c.account(ev) {
			how |= viaAccount
		}
	case RoleSession:
		if has(c.arns, p.Session) {
			how |= direct
		}
		if has(c.arns, p.ARN) || has(c.ids, p.ID) {
			how |= viaRole
		}
		if c.account(ev) {
			how |= viaAccount
		}
	case FederatedUser:
		if has(c.arns, p.ARN) {
			how |= direct
		}
		if has(c.arns, p.User) || has(c.ids, p.ID) {
			how |= viaUser
		}
		if c.account(ev) {
			how |= viaAccount
		}
	case RootUser:
		if c.account(ev) {
			how |= direct
		}
	case AWSService:
		if has(c.services, p.Service) {
			how |= direct
		}
	case WebIdentity, SAML:
		if has(c.providers, p.Provider) {
			how |= direct
		}
	}
	return how
}

// exempts says whether a NotPrincipal element with Deny lets the caller off:
// when every identity the caller is made of is listed, or, leniently, any.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
func (c *principals) exempts(ev *evaluation) bool {
	how := c.names(ev)
	if ev.e.sem.NotPrincipalLenient || c.everyone {
		return how != 0
	}
	switch p := &ev.r.Principal; p.Kind {
	case IAMUser:
		return how == direct|viaAccount
	case RoleSession:
		return how == direct|viaRole|viaAccount || p.Session == "" && how == viaRole|viaAccount
	case FederatedUser:
		return how == direct|viaUser|viaAccount || p.User == "" && how == direct|viaAccount
	}
	return how != 0
}
