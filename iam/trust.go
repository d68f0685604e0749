package iam

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/awsposture/posture"
)

// trusted is one principal that one statement of a role's trust policy lets
// assume the role.
type trusted struct {
	statement
	index     int    // of the statement
	Kind      string // "AWS", "Service", "Federated"
	Principal string
}

// part names the trust for a finding's Sub.
func (t trusted) part() string { return t.Label + ": " + t.Principal }

// trusts reads whom a trust policy lets assume the role.
func trusts(r Role) ([]trusted, error) {
	all, err := statements(r.Trust)
	if err != nil {
		return nil, fmt.Errorf("trust policy of role %s: %w", r.Name, err)
	}
	var out []trusted
	for i, s := range all {
		if !s.Allow || !assumes(s) {
			continue
		}
		if s.NotPrincipal {
			// Everybody but those named, strangers too.
			out = append(out, trusted{s, i, "AWS", "*"})
		}
		for _, kind := range sortedKeys(s.Principals) {
			for _, p := range s.Principals[kind] {
				out = append(out, trusted{s, i, kind, p})
			}
		}
	}
	return out, nil
}

func assumes(s statement) bool {
	return s.acts("sts:AssumeRole") || s.acts("sts:AssumeRoleWithSAML") || s.acts("sts:AssumeRoleWithWebIdentity")
}

// accountOf gives the account that an AWS principal belongs to; "" for "*" and
// for the unique id that a deleted principal leaves behind.
func accountOf(principal string) string {
	if len(principal) == 12 && strings.Trim(principal, "0123456789") == "" {
		return principal
	}
	if parts := strings.SplitN(principal, ":", 6); len(parts) == 6 && parts[0] == "arn" {
		return parts[4]
	}
	return ""
}

// customerRoles are the roles that the customer can change.
func (a *Account) customerRoles(ctx context.Context) ([]Role, error) {
	roles, err := a.Roles(ctx)
	return slices.DeleteFunc(slices.Clone(roles), Role.ServiceLinked), err
}

func (a *Account) role(r Role) posture.Resource {
	return a.place.Resource("AWS::IAM::Role", r.Name, r.ARN)
}

// eachTrust judges every trust of every customer role that belongs to a control.
// judge gives false for a trust that the control does not speak of.
func (a *Account) eachTrust(ctx context.Context, c posture.Control, none string, judge func(Role, trusted) (posture.Finding, bool)) ([]posture.Finding, error) {
	roles, err := a.customerRoles(ctx)
	var fs []posture.Finding
	for _, r := range roles {
		list, err := trusts(r)
		if err != nil {
			f := c.Unknown(a.role(r), err)
			f.Tags = r.Tags
			fs = append(fs, f)
		}
		for _, t := range list {
			if f, ok := judge(r, t); ok {
				f.Tags = r.Tags
				fs = append(fs, f.Part(t.part()))
			}
		}
	}
	return c.Judged(fs, err, a.account(), none)
}

// TrustEvidence is one trust of a role and what it asks for.
type TrustEvidence struct {
	Role       string   `json:"role"`
	Statement  string   `json:"statement"`
	Principal  string   `json:"principal"`
	Conditions []string `json:"conditions"` // "StringEquals sts:externalid"
}

// String says it in a sentence.
func (e TrustEvidence) String() string {
	if len(e.Conditions) == 0 {
		return fmt.Sprintf("%s of role %s trusts %s without condition.", e.Statement, e.Role, e.Principal)
	}
	return fmt.Sprintf("%s of role %s trusts %s if %s fits.", e.Statement, e.Role, e.Principal, strings.Join(e.Conditions, " and "))
}

func (t trusted) evidence(r Role) TrustEvidence {
	seen := TrustEvidence{Role: r.Name, Statement: t.Label, Principal: t.Principal}
	for _, c := range t.Conditions {
		seen.Conditions = append(seen.Conditions, c.Operator+" "+c.Key)
	}
	return seen
}
