package policy

import "strings"

// statement is one statement, ready to be evaluated.
type statement struct {
	layer       bucket
	deny        bool
	notAction   bool
	notResource bool
	anyResource bool // no Resource element, or "*": covers everything
	gateway     bool // of a gateway endpoint: an account names its root user only
	pinsARN     bool // a positive condition on aws:PrincipalArn
	policy      int32
	index       int32
	actions     []actionPattern
	resources   []resourcePattern
	who         *principals
	notWho      *principals
	conditions  []condition
}

// actionPattern is one entry of Action or NotAction, in lower case.
type actionPattern struct {
	service string // "" for every service
	name    string
	form    actionForm
}

type actionForm uint8

const (
	actionExact  actionForm = iota
	actionPrefix            // one "*", at the end
	actionAll               // "*" alone
	actionGlob
	actionNever // a wildcard in the service prefix
)

// parseAction reads an action pattern. Wildcards stand in the name only, or
// the whole pattern is "*". IAM takes "*:*" for the same.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html
func parseAction(text string) actionPattern {
	text = strings.ToLower(text)
	service, name, found := strings.Cut(text, ":")
	p := actionPattern{service: service, name: name}
	wild := strings.IndexAny(name, "*?")
	switch {
	case strings.Trim(text, "*") == "" && text != "" || service == "*" && name == "*":
		return actionPattern{form: actionAll}
	case !found || service == "" || strings.ContainsAny(service, "*?"):
		return actionPattern{form: actionNever}
	case wild < 0:
		p.form = actionExact
	case strings.Trim(name, "*") == "":
		p.name, p.form = "", actionPrefix
	case wild == len(name)-1 && name[wild] == '*':
		p.name, p.form = name[:wild], actionPrefix
	default:
		p.form = actionGlob
	}
	return p
}

// matches compares with a request action in lower case.
func (p *actionPattern) matches(service, name []byte) bool {
	switch p.form {
	case actionAll:
		return true
	case actionNever:
		return false
	}
	if string(service) != p.service {
		return false
	}
	switch p.form {
	case actionExact:
		return string(name) == p.name
	case actionPrefix:
		return len(name) >= len(p.name) && string(name[:len(p.name)]) == p.name
	}
	return byteGlob(p.name, name)
}

// byteGlob is glob for the plain names of actions.
func byteGlob(pattern string, name []byte) bool {
	pi, ni, starPat, starName := 0, 0, -1, 0
	for ni < len(name) {
		switch {
		case pi < len(pattern) && pattern[pi] == '*':
			pi++
			starPat, starName = pi, ni
		case pi < len(pattern) && (pattern[pi] == '?' || pattern[pi] == name[ni]):
			pi++
			ni++
		case starPat >= 0:
			starName++
			pi, ni = starPat, starName
		default:
			return false
		}
	}
	return strings.Trim(pattern[pi:], "*") == ""
}

func (s *statement) coversAction(service, name []byte) bool {
	for i := range s.actions {
		if s.actions[i].matches(service, name) {
			return !s.notAction
		}
	}
	return s.notAction
}

// coversResource evaluates Resource or NotResource. An entry with a variable
// that has no value matches nothing, so that NotResource excludes nothing by it.
func (s *statement) coversResource(ev *evaluation) truth {
	if s.anyResource {
		return yes
	}
	result := no
	for i := range s.resources {
		if result = max(result, s.resources[i].matches(ev)); result == yes {
			break
		}
	}
	if s.notResource {
		return result.not()
	}
	return result
}

// coversPrincipal evaluates Principal or NotPrincipal, 0 for a caller that the
// statement is not about. Kinds without a principal cover every caller.
func (s *statement) coversPrincipal(ev *evaluation) naming {
	switch {
	case s.who != nil:
		how := s.who.names(ev)
		if s.gateway && !s.who.everyone && ev.r.Principal.Kind != RootUser {
			how &^= viaAccount
		}
		if s.who.everyone && s.layer == bucketResource && ev.e.sem.StarIsLimited && s.limitsStar(ev) {
			how = how&^direct | s.who.without(ev) | viaRole
		}
		return how
	case s.notWho == nil:
		return direct
	case s.deny && ev.hasBoundary:
		return direct // NotPrincipal never exempts a caller with a boundary
	case s.deny && s.notWho.exempts(ev):
		return 0
	case !s.deny && s.notWho.names(ev) != 0:
		return 0
	}
	return direct
}

// limitsStar says whether, under StarIsLimited, "*" counts as a grant to a
// role. AWS documents that a role pinned by aws:PrincipalArn is named directly.
func (s *statement) limitsStar(ev *evaluation) bool {
	switch ev.r.Principal.Kind {
	case IAMUser, FederatedUser:
		return true
	case RoleSession:
		return !s.pinsARN
	}
	return false
}

// without names the caller by the entries beside "*".
func (c *principals) without(ev *evaluation) naming {
	rest := *c
	rest.everyone = false
	return rest.names(ev)
}

// holds evaluates the conditions: all must hold.
func (s *statement) holds(ev *evaluation) truth {
	result := yes
	for i := range s.conditions {
		if result = min(result, s.conditions[i].holds(ev)); result == no {
			break
		}
	}
	return result
}
