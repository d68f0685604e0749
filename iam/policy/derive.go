package policy

// derive fills a slot with what follows from the principal and the owner. It
// returns false when nothing does, so that the context decides.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
func (ev *evaluation) derive(i int32, s *slot) bool {
	if i >= derivedKeys {
		return ev.deriveTag(i, s)
	}
	p := &ev.r.Principal
	value, certain := "", false
	switch i {
	case keyPrincipalArn:
		value, certain = p.ARN, p.Kind != AWSService
		if !p.Kind.hasIdentity() {
			value = ""
		}
	case keyPrincipalAccount:
		value, certain = ev.account, p.Kind.hasIdentity()
		if p.Kind == Anonymous {
			value, certain = "anonymous", true
		}
	case keyPrincipalType:
		value, certain = principalType(p.Kind)
	case keyUserID:
		value, certain = ev.userID()
	case keyUserName:
		certain = true
		if p.Kind == IAMUser {
			value = lastName(p.ARN)
		}
	case keyPrincipalOrgID:
		value, certain = p.Account.OrgID, p.Account.OrgID != ""
		if !p.Kind.hasIdentity() {
			value, certain = "", true
		}
	case keyPrincipalOrgPaths:
		value, certain = p.Account.OrgPath, p.Account.OrgPath != ""
		if !p.Kind.hasIdentity() {
			value, certain = "", true
		}
	case keyPrincipalIsAWSService:
		switch {
		case p.Kind == AWSService:
			value = "true"
		case p.Kind.hasIdentity():
			value = "false"
		}
		certain = true
	case keyPrincipalServiceName:
		value, certain = p.Service, true
	case keyPrincipalServiceNamesList:
		if p.Kind == AWSService && p.Services != nil {
			s.set(p.Services, &ev.e.sem)
			return true
		}
		value, certain = p.Service, true
	case keyResourceAccount:
		value, certain = ev.owner, ev.owner != ""
	case keyResourceOrgID:
		value, certain = ev.r.Owner.OrgID, ev.r.Owner.OrgID != ""
	case keyResourceOrgPaths:
		value, certain = ev.r.Owner.OrgPath, ev.r.Owner.OrgPath != ""
	}
	if !certain {
		return false
	}
	s.state, s.one, s.many = present, value, nil
	if value == "" {
		s.state = absent
	}
	return true
}

// principalType is aws:PrincipalType; the page lists no value for callers
// that are neither an identity nor anonymous.
func principalType(k PrincipalKind) (string, bool) {
	switch k {
	case RootUser:
		return "Account", true
	case IAMUser:
		return "User", true
	case RoleSession:
		return "AssumedRole", true
	case FederatedUser:
		return "FederatedUser", true
	case Anonymous:
		return "Anonymous", true
	}
	return "", false
}

func (ev *evaluation) userID() (string, bool) {
	p := &ev.r.Principal
	switch {
	case p.UserID != "":
		return p.UserID, true
	case p.Kind == Anonymous:
		return "anonymous", true
	case p.Kind == RootUser:
		return ev.account, true
	case p.Kind == IAMUser && p.ID != "":
		return p.ID, true
	case p.Kind == RoleSession && p.ID != "" && p.Session != "":
		return p.ID + ":" + lastName(p.Session), true
	case p.Kind == FederatedUser:
		return ev.account + ":" + lastName(p.ARN), true
	}
	return "", false
}

func (ev *evaluation) deriveTag(i int32, s *slot) bool {
	p := &ev.r.Principal
	tag := ev.e.keys.tags[i]
	switch {
	case tag == "":
		return false
	case !p.Kind.hasIdentity():
		s.state = absent
		return true
	case p.Tags == nil:
		return false
	}
	s.set(tagValues(p.Tags, tag), &ev.e.sem)
	return true
}
