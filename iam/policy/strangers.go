package policy

import "strings"

// callers are the outsiders that could fit the statement.
func (o *outsiders) callers(s *Statement) []Principal {
	partition := "aws"
	if a, ok := parseARN(o.resource); ok {
		partition = a.partition
	}
	role := func(account string) Principal {
		return Principal{Kind: RoleSession, ARN: "arn:" + partition + ":iam::" + account + ":role/stranger"}
	}
	var ps []Principal
	if o.d.Kind != Trust {
		ps = append(ps, Principal{Kind: Anonymous})
	}
	ps = append(ps, role(strangerAccount))
	add := func(text string) {
		a, ok := parseARN(text)
		if !ok {
			if isAccountID(text) && !o.inside(text) {
				ps = append(ps, role(text))
			}
			return
		}
		if strings.ContainsAny(a.account, "*?") {
			a.account = strangerAccount
		}
		if o.inside(a.account) || !isAccountID(a.account) {
			return
		}
		resource := instance(a.resource, true)
		p := Principal{ARN: "arn:" + partition + ":iam::" + a.account + ":" + resource}
		switch {
		case a.resource == "root":
			p = role(a.account)
		case strings.HasPrefix(resource, "user/"):
			p.Kind = IAMUser
		case strings.HasPrefix(resource, "role/"):
			p.Kind = RoleSession
		case strings.HasPrefix(resource, "assumed-role/"):
			name, _, _ := strings.Cut(strings.TrimPrefix(resource, "assumed-role/"), "/")
			p.Kind, p.Session = RoleSession, "arn:"+partition+":sts::"+a.account+":"+resource
			p.ARN = "arn:" + partition + ":iam::" + a.account + ":role/" + name
		default:
			return
		}
		ps = append(ps, p)
	}
	if s.Principal != nil {
		for _, v := range s.Principal.AWS {
			add(v.Text)
		}
		for _, v := range s.Principal.Federated {
			kind := WebIdentity
			if strings.Contains(v.Text, ":saml-provider/") {
				kind = SAML
			}
			// Strangers hold tokens of issuers that serve the public only.
			if kind == WebIdentity && o.issuer(v.Text) != nil {
				ps = append(ps, Principal{Kind: kind, Provider: v.Text})
			}
		}
		if o.z.Services {
			if s.Principal.Everyone || has(textsOf(s.Principal.AWS), "*") {
				ps = append(ps, Principal{Kind: AWSService, Service: "cloudtrail.amazonaws.com"})
			}
			for _, v := range s.Principal.Service {
				ps = append(ps, Principal{Kind: AWSService, Service: v.Text})
			}
		}
	}
	orgs := []string{strangerOrg, ""} // "": an account in no organization
	for i := range s.Conditions {
		c := &s.Conditions[i]
		for _, v := range c.Values {
			switch strings.ToLower(c.Key) {
			case "aws:principalarn", "aws:principalaccount":
				add(v.Text)
			case "aws:principalorgid":
				if org := instance(v.Text, true); !has(o.z.OrgIDs, org) {
					orgs = append(orgs, org)
				}
			}
		}
	}
	return inEach(orgs, ps)
}

// inEach makes each caller that is of an account one of each organization.
func inEach(orgs []string, ps []Principal) (all []Principal) {
	for _, p := range ps {
		if !p.Kind.hasIdentity() {
			all = append(all, p)
			continue
		}
		for _, org := range orgs {
			p.Account = Account{}
			if org != "" {
				p.Account = Account{OrgID: org, OrgPath: org + "/r-zz9p/"}
			}
			all = append(all, p)
		}
	}
	return all
}
