package iam

import (
	"fmt"
	"slices"
	"strings"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/iam/policy"
)

// alone is the part of a role's trust policy that decides about one trust: its
// statement with this principal only, and every Deny.
func (t trusted) alone(r Role) (*policy.Document, error) {
	whole, _ := policy.Parse(policy.Trust, "", []byte(r.Trust))
	// An old policy may have a NotPrincipal that AWS takes no more: it means
	// everybody but those named.
	wrong := slices.DeleteFunc(slices.Clone(whole.Problems), func(p policy.Problem) bool { return p.Code == "trust-not-principal" })
	if len(wrong) > 0 {
		return nil, malformedTrust(r, wrong)
	}
	doc := &policy.Document{Name: whole.Name, Kind: policy.Trust, Version: whole.Version}
	for i, s := range whole.Statements {
		switch {
		case i == t.index:
			s.NotPrincipal, s.Principal = nil, t.principals()
		case s.Effect != policy.EffectDeny:
			continue
		}
		doc.Statements = append(doc.Statements, s)
	}
	return doc, nil
}

func (t trusted) principals() *policy.Principals {
	switch one := policy.Values(t.Principal); t.Kind {
	case "Service":
		return &policy.Principals{Service: one}
	case "Federated":
		return &policy.Principals{Federated: one}
	}
	return policy.AWSPrincipals(t.Principal)
}

func malformedTrust(r Role, err error) error {
	return &posture.Cause{Kind: posture.CauseMalformed, Message: fmt.Sprintf("the trust policy of role %s: %v", r.Name, err)}
}

// strangers asks package policy whether the trust lets somebody outside the zone
// assume the role.
func (a *Account) strangers(r Role, doc *policy.Document, zone policy.Zone) (policy.Answer, error) {
	answer, err := policy.Outsiders(doc, r.ARN, policy.Account{ID: a.place.Account}, zone, policy.Semantics{})
	if err != nil {
		return answer, malformedTrust(r, err)
	}
	return answer, nil
}

// judgeStrangers makes a finding of the answer: whether a stranger gets in.
func (a *Account) judgeStrangers(c posture.Control, r Role, t trusted, zone func(named) policy.Zone) posture.Finding {
	doc, err := t.alone(r)
	if err != nil {
		return c.Unknown(a.role(r), err)
	}
	answer, err := a.strangers(r, doc, zone(namedIn(doc)))
	switch {
	case err != nil:
		return c.Unknown(a.role(r), err)
	case answer.Result == policy.Yes:
		return c.Fail(a.role(r), t.evidence(r))
	case answer.Result == policy.No:
		return c.Pass(a.role(r), t.evidence(r))
	}
	return c.Unknown(a.role(r), t.undecided(r, answer))
}

func (t trusted) undecided(r Role, answer policy.Answer) error {
	return &posture.Cause{Kind: CauseUndecided, Message: fmt.Sprintf("%s of role %s: %s", t.Label, r.Name, answer.Reason)}
}

// named are the accounts and organizations that the conditions of a policy name.
type named struct{ accounts, organizations []string }

// everybody is the zone of whoever the policy names.
func (n named) everybody() policy.Zone {
	return policy.Zone{Accounts: n.accounts, OrgIDs: n.organizations}
}

// deputies is the same zone, where a service may act for nobody else.
func (n named) deputies() policy.Zone {
	zone := n.everybody()
	zone.Services = true
	return zone
}

func namedIn(d *policy.Document) (n named) {
	for _, s := range d.Statements {
		for _, c := range s.Conditions {
			for _, v := range c.Values {
				switch strings.ToLower(c.Key) {
				case "aws:principalorgid", "aws:sourceorgid":
					n.organizations = append(n.organizations, v.Text)
				case "aws:principalorgpaths", "aws:sourceorgpaths":
					id, _, _ := strings.Cut(v.Text, "/")
					n.organizations = append(n.organizations, id)
				case "aws:principalaccount", "aws:sourceaccount", "aws:principalarn", "aws:sourcearn":
					n.accounts = append(n.accounts, accountOf(v.Text))
				}
			}
		}
	}
	n.accounts = slices.DeleteFunc(n.accounts, func(id string) bool { return strings.ContainsAny(id, "*?") || id == "" })
	return n
}
