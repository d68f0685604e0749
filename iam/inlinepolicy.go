package iam

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/internal/refusal"
)

// InlineDocument is a policy embedded in a principal, or that there is none.
type InlineDocument struct {
	Exists   bool   `json:"exists"`
	Document string `json:"document,omitempty"` // the policy's JSON, as IAM has it
}

// Meaning implements what posture compares: the document as parsed.
func (d InlineDocument) Meaning() any { return meaning(d.Document) }

func meaning(doc string) any {
	var tree any
	if json.Unmarshal([]byte(doc), &tree) != nil {
		return doc
	}
	return tree
}

// PrincipalInlinePolicy is the setting of one inline policy of one principal. It implements
// posture.Setting[InlineDocument].
type PrincipalInlinePolicy struct {
	Account   *Account      `json:"-"`
	Writer    Writer        `json:"-"`
	Principal PrincipalKind `json:"principal"`
	Name      string        `json:"name"`
	Policy    string        `json:"policy"` // the inline policy's name
}

// Kind implements posture.Setting.
func (s PrincipalInlinePolicy) Kind() posture.Kind {
	return posture.Kind{
		Name:   "iam.inline-policy",
		Reads:  []string{"iam:GetUserPolicy", "iam:GetGroupPolicy", "iam:GetRolePolicy"},
		Writes: []string{"iam:PutUserPolicy", "iam:PutGroupPolicy", "iam:PutRolePolicy", "iam:DeleteUserPolicy", "iam:DeleteGroupPolicy", "iam:DeleteRolePolicy"},
		Access: true, Settle: settle,
	}
}

// Target implements posture.Setting.
func (s PrincipalInlinePolicy) Target() posture.Resource {
	return s.Account.holder(s.Principal, s.Name)
}

// Get implements posture.Setting.
func (s PrincipalInlinePolicy) Get(ctx context.Context) (InlineDocument, error) {
	return getInline(ctx, s.Account.api, s.Principal, s.Name, s.Policy)
}

// Set implements posture.Setting.
func (s PrincipalInlinePolicy) Set(ctx context.Context, want InlineDocument) error {
	if want.Exists {
		return putInline(ctx, s.Writer, s.Principal, s.Name, s.Policy, want.Document)
	}
	return deleteInline(ctx, s.Writer, s.Principal, s.Name, s.Policy)
}

// DeleteUnusedInlinePolicy plans to delete an inline policy that allows too much
// where nobody can be using it: its role was not used for 90 days, its group has
// no member. Any other needs a person's choice. The text stands in the plan, so that undo puts it back.
type DeleteUnusedInlinePolicy struct {
	Account *Account
	Writer  Writer
}

// Controls implements posture.Remediator.
func (r DeleteUnusedInlinePolicy) Controls() []string {
	return []string{"iam.policy-full-admin", "iam.policy-service-wildcard", "iam.policy-sensitive-actions"}
}

// Place implements posture.Remediator.
func (r DeleteUnusedInlinePolicy) Place() posture.Place { return r.Account.Place() }

// Plan implements posture.Remediator.
func (r DeleteUnusedInlinePolicy) Plan(ctx context.Context, fs ...posture.Finding) (posture.Plan, error) {
	target, err := posture.TargetOf(r, fs)
	if err != nil {
		return posture.Plan{}, err
	}
	kind := kindOf(target.Type)
	if kind == "" || fs[0].Sub == "" {
		return posture.Plan{}, notMine(r, target)
	}
	used, err := r.inUse(ctx, kind, target.ID)
	switch {
	case err != nil:
		return posture.Plan{}, refusal.Unreadable(target, err)
	case used != "":
		return posture.Plan{}, &posture.Refusal{Reason: posture.ReasonNeedsChoice, Message: fmt.Sprintf("inline policy %s of %s may be in use: %s; write a narrower policy for it", fs[0].Sub, target, used)}
	}
	p := posture.NewPlan(r.Place(), r.Account.now(), fs)
	for _, name := range parts(fs) {
		setting := PrincipalInlinePolicy{r.Account, r.Writer, kind, target.ID, name}
		is, err := setting.Get(ctx)
		if err != nil {
			return posture.Plan{}, refusal.Unreadable(target, err)
		}
		one, err := planOne(r.Account, fs, setting, is, InlineDocument{}, posture.RiskHigh)
		if err != nil {
			return posture.Plan{}, err
		}
		p.Steps = append(p.Steps, one.Steps...)
	}
	return p, nil
}

// parts are the distinct Subs of findings.
func parts(fs []posture.Finding) (subs []string) {
	for _, f := range fs {
		if !slices.Contains(subs, f.Sub) {
			subs = append(subs, f.Sub)
		}
	}
	return subs
}

// inUse says why a principal may be using what it is allowed; "" where it cannot.
func (r DeleteUnusedInlinePolicy) inUse(ctx context.Context, kind PrincipalKind, name string) (string, error) {
	switch kind {
	case KindRole:
		roles, err := r.Account.Roles(ctx)
		for _, x := range roles {
			if x.Name == name && r.Account.now().Sub(x.LastUsed) < 90*day {
				return "the role was used at " + stamp(x.LastUsed), err
			}
			if x.Name == name && r.Account.now().Sub(x.Created) < 90*day {
				return "the role is new", err
			}
		}
		return "", err
	case KindGroup:
		users, err := r.Account.Users(ctx)
		for _, u := range users {
			if slices.Contains(u.Groups, name) {
				return "the group has members", err
			}
		}
		return "", err
	}
	return "a user's use of a policy is not recorded", nil
}
