package policy

import (
	"strconv"
	"strings"
)

// principals checks a Principal or NotPrincipal element.
func (l *linter) principals(element string, p *Principals) {
	if p == nil {
		return
	}
	total := 0
	for name, vs := range p.byName() {
		total += len(vs)
		if vs != nil && len(vs) == 0 {
			l.add("principal-empty", p.Pos, element+"."+name, "an empty list names nobody", "")
		}
		for i, v := range vs {
			path := element + "." + name
			if len(vs) > 1 {
				path = indexed(path, i)
			}
			switch name {
			case "AWS":
				l.awsPrincipal(path, v)
			case "Service":
				l.servicePrincipal(path, v)
			case "Federated":
				l.federated(path, v)
			}
		}
	}
	if total == 0 && !p.Everyone && p.AWS == nil && p.Service == nil && p.Federated == nil && p.CanonicalUser == nil {
		l.add("principal-empty", p.Pos, element, "an empty object names nobody", "")
	}
	if element == "NotPrincipal" {
		l.notPrincipal(p)
		return
	}
	if l.allows() && len(p.Service) > 0 && l.d.Kind == Resource && !l.hasKey("aws:sourcearn", "aws:sourceaccount", "aws:sourceorgid", "aws:sourceorgpaths") {
		l.add("service-principal-unscoped", p.Pos, element+".Service", "the service may act here on behalf of anybody's resources", "add a condition on aws:SourceArn, aws:SourceAccount or aws:SourceOrgID")
	}
}

// publicAccess asks whether strangers get in, which conditions and Deny
// statements decide as much as the principal does.
func (l *linter) publicAccess() {
	if l.d.Kind != Resource {
		return
	}
	resource := ""
	for i := range l.d.Statements {
		for _, v := range l.d.Statements[i].Resource {
			if a, ok := parseARN(instance(v.Text, true)); ok && a.resource != "" && resource == "" {
				resource = instance(v.Text, true)
			}
		}
	}
	owner := Account{ID: l.opts.Account}
	if owner.ID == "" {
		owner.ID = "123456789012"
	}
	if a, ok := parseARN(resource); ok && isAccountID(a.account) {
		owner.ID = a.account
	}
	answer, err := Outsiders(l.d, resource, owner, Zone{}, Semantics{})
	if err != nil || answer.Result != Yes {
		return
	}
	p := answer.Witness.Principal
	if p.Kind != Anonymous && (!strings.Contains(p.ARN, strangerAccount) || p.Account.OrgID != strangerOrg) {
		return // somebody the policy names, by account or organization
	}
	s := &l.d.Statements[answer.Statement.Index]
	l.path = "Statement[" + strconv.Itoa(answer.Statement.Index) + "]"
	l.add("public-access", s.Pos, "", "anybody may do this: "+answer.Witness.Action+" on "+answer.Witness.Resource, "name the callers, or add a condition on aws:PrincipalOrgID")
}

// byName yields the parts of the element in the order of the grammar.
func (p *Principals) byName() func(func(string, []Value) bool) {
	return func(yield func(string, []Value) bool) {
		_ = yield("AWS", p.AWS) && yield("Service", p.Service) && yield("Federated", p.Federated) && yield("CanonicalUser", p.CanonicalUser)
	}
}

func (l *linter) awsPrincipal(path string, v Value) {
	name := v.Text
	a, isARN := parseARN(name)
	switch {
	case name == "*":
		if l.d.Kind == Trust && l.allows() && len(l.s.Conditions) == 0 {
			l.add("trust-wildcard", v.Pos, path, "anybody in the world may assume the role", "name the accounts or roles")
		}
	case strings.ContainsAny(name, "*?"):
		l.add("principal-partial-wildcard", v.Pos, path, strconv.Quote(name)+" names nobody: wildcards are not allowed inside a principal", "use an account and a condition on aws:PrincipalArn")
	case isAccountID(name):
	case isARN && a.service == "iam" && strings.HasPrefix(a.resource, "group/"):
		l.add("principal-group", v.Pos, path, "a group is never a principal", "name its users, or a role")
	case isARN && (a.service == "iam" || a.service == "sts"):
		if a.account != "cloudfront" && !isAccountID(a.account) {
			l.add("principal-shape", v.Pos, path, strconv.Quote(name)+" names no account", "")
		}
		l.sessionBesideRole(path, v, a)
	case len(name) > 16 && (strings.HasPrefix(name, "AIDA") || strings.HasPrefix(name, "AROA")):
		l.add("principal-by-unique-id", v.Pos, path, strconv.Quote(name)+" stands for a user or role that was deleted; one made again under its old name is not meant", "remove it or write the ARN")
	default:
		l.add("principal-shape", v.Pos, path, strconv.Quote(name)+" is neither an account nor the ARN of a user, role or session", "")
	}
}

// sessionBesideRole: the role covers all of its sessions.
func (l *linter) sessionBesideRole(path string, v Value, a arn) {
	rest, ok := strings.CutPrefix(a.resource, "assumed-role/")
	role, _, named := strings.Cut(rest, "/")
	if !ok || !named || l.d.Kind != Trust || l.s.Principal == nil {
		return
	}
	for _, other := range l.s.Principal.AWS {
		if o, ok := parseARN(other.Text); ok && o.account == a.account && strings.HasPrefix(o.resource, "role/") && lastName(o.resource) == role {
			l.add("trust-session-redundant", v.Pos, path, "the role "+other.Text+" is listed and covers this session", "remove it")
		}
	}
}

func (l *linter) servicePrincipal(path string, v Value) {
	if strings.ContainsAny(v.Text, "*?: /") || !strings.Contains(v.Text, ".amazonaws.") && !strings.HasSuffix(v.Text, ".amazon.com") && !strings.HasSuffix(v.Text, ".aws.internal") && !strings.HasSuffix(v.Text, ".aws.com") {
		l.add("principal-service-format", v.Pos, path, strconv.Quote(v.Text)+" is not the name of a service principal", `such names look like "ec2.amazonaws.com"`)
	}
}

func (l *linter) federated(path string, v Value) {
	if l.d.Kind != Trust {
		l.add("principal-federated-not-allowed", v.Pos, path, "federated principals belong into trust policies", "name the role that federated users assume")
		return
	}
	a, isARN := parseARN(v.Text)
	provider := isARN && a.service == "iam" && (strings.HasPrefix(a.resource, "saml-provider/") || strings.HasPrefix(a.resource, "oidc-provider/"))
	if !provider && (isARN || !strings.Contains(v.Text, ".")) {
		l.add("trust-federated-format", v.Pos, path, strconv.Quote(v.Text)+" is neither the ARN of an identity provider nor the name of one", "")
	}
}

// notPrincipal checks an element that AWS advises against.
func (l *linter) notPrincipal(p *Principals) {
	if l.allows() {
		l.add("not-principal-allow", p.Pos, "NotPrincipal", "allows everybody in the world but those listed", "list the callers under Principal")
		return
	}
	accounts, roles := map[string]bool{}, map[string]bool{}
	for _, v := range p.AWS {
		if a, ok := parseARN(v.Text); ok && a.resource == "root" {
			accounts[a.account] = true
		} else if ok && strings.HasPrefix(a.resource, "role/") {
			roles[a.account+lastName(a.resource)] = true
		} else if isAccountID(v.Text) {
			accounts[v.Text] = true
		}
	}
	for i, v := range p.AWS {
		a, ok := parseARN(v.Text)
		if !ok || a.resource == "root" || !isAccountID(a.account) {
			continue
		}
		missing := ""
		if !accounts[a.account] {
			missing = "the account " + a.account
		}
		if rest, ok := strings.CutPrefix(a.resource, "assumed-role/"); ok {
			if role, _, _ := strings.Cut(rest, "/"); !roles[a.account+role] {
				missing = strings.TrimPrefix(missing+" and the role "+role, " and ")
			}
		}
		if missing != "" {
			l.add("not-principal-incomplete", v.Pos, indexed("NotPrincipal.AWS", i), "the Deny hits "+v.Text+" all the same, because "+missing+" is not listed", "use Principal * and a condition on aws:PrincipalArn")
		}
	}
}

// hasKey reports whether the statement has a condition on one of the keys, in lower case.
func (l *linter) hasKey(keys ...string) bool {
	for i := range l.s.Conditions {
		if has(keys, strings.ToLower(l.s.Conditions[i].Key)) {
			return true
		}
	}
	return false
}
