package policy

import (
	"slices"
	"strings"
)

// slowLayer is the outcome of one layer: does it deny, does it allow, and for a resource policy
// whom does it name.
type slowLayer struct {
	deny, allow bool
	how         []string
}

func (s *slow) layer(docs []*Document, boundary bool) (o slowLayer) {
	for _, d := range docs {
		if d == nil {
			continue
		}
		for i := range d.Statements {
			st := &d.Statements[i]
			if how := s.applies(d, st, boundary); len(how) > 0 {
				if st.Effect == EffectDeny {
					o.deny = true
				} else {
					o.allow = true
					o.how = append(o.how, how...)
				}
			}
		}
	}
	return o
}

func (s *slow) applies(d *Document, st *Statement, boundary bool) []string {
	variables := d.Version == Version2012
	anyOf := func(vs []Value, f func(string) bool) bool {
		return slices.ContainsFunc(vs, func(v Value) bool { return f(v.Text) })
	}
	matches := func(p string) bool { return s.resourceMatches(p, variables) }
	switch {
	case st.Action != nil && !anyOf(st.Action, s.actionMatches),
		st.NotAction != nil && anyOf(st.NotAction, s.actionMatches),
		st.Resource != nil && !anyOf(st.Resource, matches),
		st.NotResource != nil && anyOf(st.NotResource, matches):
		return nil
	}
	for i := range st.Conditions {
		if !s.condition(&st.Conditions[i], variables) {
			return nil
		}
	}
	return s.principal(st, d.Kind, boundary)
}

// decide follows the evaluation logic word by word.
func (s *slow) decide() Verdict {
	r, p := s.r, &s.p
	who := r.Principal
	service, name, _ := strings.Cut(strings.ToLower(r.Action), ":")
	if service == "sts" && name == "getcalleridentity" && who.Kind != Anonymous {
		return Allow
	}
	if who.Kind.hasIdentity() && r.Resource != "*" && strings.Split(who.ARN, ":")[1] != strings.Split(r.Resource, ":")[1] {
		return ImplicitDeny
	}
	managed := strings.HasPrefix(r.Resource, "arn:aws:iam::aws:policy/") && name == "createpolicyversion" ||
		strings.Contains(r.Resource, ":alias/aws/") && strings.HasSuffix(name, "alias") ||
		r.AWSManagedKey && name == "putkeypolicy" ||
		strings.Contains(r.Resource, ":role/aws-service-role/") && slices.Contains([]string{"putrolepolicy", "attachrolepolicy"}, name)
	if managed {
		return ImplicitDeny
	}
	resourcePart := ""
	if r.Resource != "*" {
		resourcePart = strings.SplitN(r.Resource, ":", 6)[5]
	}
	role := strings.HasPrefix(resourcePart, "role/")
	same := s.account() == s.owner()
	user := who.Kind == IAMUser || who.Kind == RoleSession || who.Kind == FederatedUser
	hasBoundary := user && p.Boundary != nil && !who.ServiceLinked

	var all []slowLayer
	layer := func(on bool, docs ...*Document) slowLayer {
		if !on {
			return slowLayer{allow: true}
		}
		o := s.layer(docs, hasBoundary)
		all = append(all, o)
		return o
	}
	limits := true // every level and the endpoint
	for _, l := range p.RCPs {
		services := p.Semantics.RCPServices
		if services == nil {
			services = rcpServices
		}
		on := slices.Contains(services, service) && !who.ServiceLinked && !r.Owner.Management && (p.RCPAccount == "" || p.RCPAccount == s.owner())
		if r.Resource == "*" {
			on = on && !s.sem.NoRCPWithoutResource && !who.Account.Management
		}
		if service == "kms" && (r.AWSManagedKey || name == "retiregrant") || service == "sts" && strings.HasPrefix(resourcePart, "role/aws-service-role/") {
			on = false
		}
		onlyDeny := true
		for _, d := range l.Policies {
			for _, st := range d.Statements {
				onlyDeny = onlyDeny && st.Effect == EffectDeny
			}
		}
		o := layer(on, l.Policies...)
		limits = limits && (o.allow || onlyDeny)
	}
	for _, l := range p.SCPs {
		o := layer(who.Kind.hasIdentity() && !who.Account.Management && !who.ServiceLinked && (p.SCPAccount == "" || p.SCPAccount == s.account()), l.Policies...)
		limits = limits && o.allow
	}
	limits = layer(r.ViaEndpoint && p.Endpoint != nil, p.Endpoint).allow && limits
	id := layer(user, p.Identity...).allow
	pb := layer(hasBoundary, p.Boundary).allow
	takesSession := who.Kind == FederatedUser || len(p.Session) > 0 && (who.Kind == RoleSession || who.Kind == RootUser)
	sp := layer(takesSession, p.Session...).allow
	lockout := who.Kind == RootUser && same && service == "s3" && slices.Contains([]string{"getbucketpolicy", "putbucketpolicy", "deletebucketpolicy"}, name)
	resourceOn := p.Resource != nil && (p.Resource.Kind != Trust || service == "sts") && !(p.Resource.Kind != Trust && lockout)
	res := slowLayer{}
	if resourceOn {
		res = layer(true, p.Resource)
	}
	for _, o := range all {
		if o.deny {
			return ExplicitDeny
		}
	}
	mandatory := p.Semantics.MandatoryResourcePolicy
	if mandatory == nil {
		mandatory = []string{"kms", "sts"}
	}
	required := slices.Contains(mandatory, service) && r.Resource != "*" && !lockout
	switch service {
	case "sts":
		required = required && role && strings.Split(r.Resource, ":")[2] == "iam"
	case "kms":
		required = required && strings.HasPrefix(resourcePart, "key/")
	}
	is := func(w string) bool { return slices.Contains(res.how, w) }
	granted := false
	switch {
	case who.Kind == RootUser && service == "sts" && role:
	case !who.Kind.hasIdentity():
		granted = is("direct")
	case !same:
		granted = len(res.how) > 0 && id && pb && sp
	case required:
		granted = is("direct") || (is("role") || is("user")) && pb && sp || is("account") && id && pb && sp
	default:
		granted = is("direct") || (is("role") || is("user")) && pb && sp || id && pb && sp
	}
	if granted && p.RestrictPublicBuckets && p.Resource != nil && service == "s3" && PublicBucket(p.Resource) && who.Kind != AWSService && !(who.Kind.hasIdentity() && same) {
		granted = false
	}
	if limits && granted {
		return Allow
	}
	return ImplicitDeny
}
