package policy

import "strings"

// rights reports Allow statements about actions that hand rights on.
func (l *linter) rights() {
	if !l.allows() || l.d.Kind != Identity {
		return
	}
	if l.broadly("iam:PassRole") && !l.hasKey("iam:passedtoservice", "iam:associatedresourcearn") {
		l.add("passrole-unscoped", l.actionPos("iam:PassRole"), "", "any role of the account, also the most powerful one, may be handed to any service", "name the roles under Resource and add a condition on iam:PassedToService")
	}
	if l.broadly("iam:CreateServiceLinkedRole") && !l.hasKey("iam:awsservicename") {
		l.add("create-slr-unscoped", l.actionPos("iam:CreateServiceLinkedRole"), "", "service-linked roles for every service may be created", "add a condition on iam:AWSServiceName")
	}
}

// actionPos is where the statement covers an action.
func (l *linter) actionPos(action string) Pos {
	service, name, _ := strings.Cut(strings.ToLower(action), ":")
	for _, v := range l.s.Action {
		if p := parseAction(v.Text); p.matches([]byte(service), []byte(name)) {
			return v.Pos
		}
	}
	return vs0(l.s.NotAction)
}

// broadly: the statement covers the action on a pattern of roles that names
// none, without being an open grant of everything, which has its own code.
func (l *linter) broadly(action string) bool {
	s := l.s
	covered := s.Action != nil && l.does(action)
	for i, v := range s.Action {
		if p := parseAction(v.Text); p.form == actionAll && len(s.Action) == i+1 {
			return false // full-admin, or limited by its resources
		}
	}
	if s.NotAction != nil {
		covered = true
		service, name, _ := strings.Cut(strings.ToLower(action), ":")
		for _, v := range s.NotAction {
			if p := parseAction(v.Text); p.matches([]byte(service), []byte(name)) {
				covered = false
			}
		}
	}
	if !covered {
		return false
	}
	if s.NotResource != nil {
		return true
	}
	for _, v := range s.Resource {
		if coversAll(Values(v.Text)) {
			return true
		}
		if a, ok := parseARN(v.Text); ok && a.service == "iam" && strings.Trim(strings.TrimPrefix(a.resource, "role/"), "*") == "" {
			return true
		}
	}
	return false
}
