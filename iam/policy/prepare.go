package policy

import "strings"

// maxActionName is longer than any action name.
const maxActionName = 128

// prepare checks a request and works out the facts that rules ask for.
func (ev *evaluation) prepare() *RequestError {
	if err := ev.prepareAction(); err != nil {
		return err
	}
	if err := ev.preparePrincipal(); err != nil {
		return err
	}
	if err := ev.prepareResource(); err != nil {
		return err
	}
	return ev.loadContext()
}

func (ev *evaluation) prepareAction() *RequestError {
	action := ev.r.Action
	i := strings.IndexByte(action, ':')
	if i <= 0 || i == len(action)-1 {
		return malformed("Action", "%q is not service:Name", action)
	}
	if len(action) > maxActionName {
		return malformed("Action", "longer than %d bytes", maxActionName)
	}
	for j := range len(action) {
		c := action[j]
		if c == '*' || c == '?' || c <= ' ' || c == ':' && j != i || c >= 0x7f {
			return malformed("Action", "%q is not the name of one action", action)
		}
		if c >= 'A' && c <= 'Z' {
			c += 'a' - 'A'
		}
		ev.action[j] = c
	}
	ev.colon, ev.length = i, len(action)
	return nil
}

// principalForms are the parts that the ARN of each kind of identity must have.
var principalForms = [...]struct{ service, resource string }{
	IAMUser:       {"iam", "user/"},
	RoleSession:   {"iam", "role/"},
	FederatedUser: {"sts", "federated-user/"},
	RootUser:      {"iam", "root"},
}

func (ev *evaluation) preparePrincipal() *RequestError {
	p := &ev.r.Principal
	switch p.Kind {
	case IAMUser, RoleSession, FederatedUser, RootUser:
	case AWSService:
		if p.Service == "" {
			return malformed("Principal.Service", "a service principal needs its name")
		}
		return nil
	case WebIdentity, SAML:
		if p.Provider == "" {
			return malformed("Principal.Provider", "a federated caller needs its identity provider")
		}
		return nil
	case Anonymous:
		return nil
	default:
		return malformed("Principal.Kind", "not set")
	}
	form := &principalForms[p.Kind]
	a, ok := parseARN(p.ARN)
	if !ok || a.service != form.service || !strings.HasPrefix(a.resource, form.resource) || !isAccountID(a.account) {
		return malformed("Principal.ARN", "%q is not the ARN of a principal of kind %s", p.ARN, p.Kind)
	}
	if p.Account.ID != "" && p.Account.ID != a.account {
		return malformed("Principal.Account", "%s contradicts the ARN", p.Account.ID)
	}
	ev.account = a.account
	ev.partition = a.partition
	if p.Session == "" {
		return nil
	}
	s, ok := parseARN(p.Session)
	rest, found := strings.CutPrefix(s.resource, "assumed-role/")
	role, session, named := strings.Cut(rest, "/")
	if !ok || p.Kind != RoleSession || !found || !named || session == "" || s.account != a.account || role != lastName(a.resource) {
		return malformed("Principal.Session", "%q is not a session of %s", p.Session, p.ARN)
	}
	return nil
}

func (ev *evaluation) prepareResource() *RequestError {
	r := ev.r
	ev.owner = r.Owner.ID
	if r.Resource == "*" {
		if ev.owner == "" {
			ev.owner = ev.account
		}
		return nil
	}
	a, ok := parseARN(r.Resource)
	if !ok || a.resource == "" || a.service == "" || a.partition == "" {
		return malformed("Resource", `%q is neither "*" nor a complete ARN`, r.Resource)
	}
	ev.resourcePartition = a.partition
	ev.resourceService = a.service
	ev.resourcePart = a.resource
	ev.guard = len(r.Resource) - len(a.resource)
	ev.awsOwned = a.account == "aws"
	switch {
	case isAccountID(a.account):
		if ev.owner != "" && ev.owner != a.account {
			return malformed("Owner", "%s contradicts the account in %s", ev.owner, r.Resource)
		}
		ev.owner = a.account
	case ev.owner != "":
	case a.account == "aws":
		ev.owner = ev.account // what AWS itself owns is used as if it were the caller's
	default:
		return malformed("Owner", "the ARN %s does not name the account that owns it", r.Resource)
	}
	return nil
}
