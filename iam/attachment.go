package iam

import (
	"context"
	"fmt"
	"slices"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/internal/refusal"
)

// Attachment is whether a managed policy is attached.
type Attachment struct {
	Attached bool `json:"attached"`
}

// PolicyAttachment is the setting of one managed policy's attachment to one
// principal. It implements posture.Setting[Attachment].
type PolicyAttachment struct {
	Account   *Account      `json:"-"`
	Writer    Writer        `json:"-"`
	Principal PrincipalKind `json:"principal"`
	Name      string        `json:"name"`
	Policy    string        `json:"policy"` // ARN
}

// Kind implements posture.Setting.
func (s PolicyAttachment) Kind() posture.Kind {
	return posture.Kind{
		Name:   "iam.policy-attachment",
		Reads:  []string{"iam:ListAttachedUserPolicies", "iam:ListAttachedGroupPolicies", "iam:ListAttachedRolePolicies"},
		Writes: []string{"iam:AttachUserPolicy", "iam:AttachGroupPolicy", "iam:AttachRolePolicy", "iam:DetachUserPolicy", "iam:DetachGroupPolicy", "iam:DetachRolePolicy"},
		Access: true, Settle: settle,
	}
}

// Target implements posture.Setting.
func (s PolicyAttachment) Target() posture.Resource { return s.Account.holder(s.Principal, s.Name) }

// holder is the resource of a principal by kind and name. Its path, and so its
// ARN, is not known.
func (a *Account) holder(kind PrincipalKind, name string) posture.Resource {
	types := map[PrincipalKind]string{KindUser: "AWS::IAM::User", KindGroup: "AWS::IAM::Group", KindRole: "AWS::IAM::Role"}
	return a.place.Resource(types[kind], name, "")
}

// Get implements posture.Setting.
func (s PolicyAttachment) Get(ctx context.Context) (Attachment, error) {
	is, err := isAttached(ctx, s.Account.api, s.Principal, s.Name, s.Policy)
	return Attachment{is}, err
}

// Set implements posture.Setting.
func (s PolicyAttachment) Set(ctx context.Context, want Attachment) error {
	if want.Attached {
		return attach(ctx, s.Writer, s.Principal, s.Name, s.Policy)
	}
	return detach(ctx, s.Writer, s.Principal, s.Name, s.Policy)
}

// DetachPolicy plans to detach the policy that a finding names in its Sub from
// the principal that it is on.
type DetachPolicy struct {
	Account *Account
	Writer  Writer
}

// Controls implements posture.Remediator.
func (r DetachPolicy) Controls() []string { return []string{"iam.cloudshell-full-access"} }

// Place implements posture.Remediator.
func (r DetachPolicy) Place() posture.Place { return r.Account.Place() }

// Plan implements posture.Remediator.
func (r DetachPolicy) Plan(ctx context.Context, fs ...posture.Finding) (posture.Plan, error) {
	target, err := posture.TargetOf(r, fs)
	if err != nil {
		return posture.Plan{}, err
	}
	kind := kindOf(target.Type)
	if kind == "" || fs[0].Sub == "" {
		return posture.Plan{}, notMine(r, target)
	}
	setting := PolicyAttachment{r.Account, r.Writer, kind, target.ID, fs[0].Sub}
	is, err := setting.Get(ctx)
	if err != nil {
		return posture.Plan{}, refusal.Unreadable(target, err)
	}
	p, err := planOne(r.Account, fs, setting, is, Attachment{}, posture.RiskMedium)
	p.Impact.Unknown = []string{"what the principal does with the policy: no log was looked at"}
	return p, err
}

// MoveToGroup plans to give a user's managed policies to a group that the user is in, and to
// take them off the user: the group's other members get them too, so the group is the caller's choice. Inline policies stay.
type MoveToGroup struct {
	Account *Account
	Writer  Writer
	Group   string
}

// Controls implements posture.Remediator.
func (r MoveToGroup) Controls() []string { return []string{"iam.user-direct-policies"} }

// Place implements posture.Remediator.
func (r MoveToGroup) Place() posture.Place { return r.Account.Place() }

// Plan implements posture.Remediator. The user's groups are those of the view.
func (r MoveToGroup) Plan(ctx context.Context, fs ...posture.Finding) (posture.Plan, error) {
	target, err := posture.TargetOf(r, fs)
	if err != nil {
		return posture.Plan{}, err
	}
	users, err := r.Account.Users(ctx)
	i := slices.IndexFunc(users, func(u User) bool { return u.Name == target.ID })
	switch {
	case err != nil:
		return posture.Plan{}, refusal.Unreadable(target, err)
	case i < 0:
		return posture.NewPlan(r.Place(), r.Account.now(), fs), nil
	case !slices.Contains(users[i].Groups, r.Group):
		return posture.Plan{}, &posture.Refusal{Reason: posture.ReasonNeedsChoice, Message: fmt.Sprintf("user %s is not in group %q", target.ID, r.Group)}
	}
	p := posture.NewPlan(r.Place(), r.Account.now(), fs)
	p.Risk = posture.RiskMedium
	p.Warnings = append(p.Warnings, fmt.Sprintf("every member of group %s gets the policies", r.Group))
	// Add before remove, so that access never drops between two steps.
	var removals []posture.Step
	for _, policy := range users[i].Attached {
		onUser := PolicyAttachment{r.Account, r.Writer, KindUser, target.ID, policy.ARN}
		onGroup := PolicyAttachment{r.Account, r.Writer, KindGroup, r.Group, policy.ARN}
		has, err := onUser.Get(ctx)
		if err != nil {
			return posture.Plan{}, refusal.Unreadable(target, err)
		}
		if !has.Attached {
			continue
		}
		groupHas, err := onGroup.Get(ctx)
		if err != nil {
			return posture.Plan{}, refusal.Unreadable(target, err)
		}
		if !groupHas.Attached {
			add, err := posture.Change(onGroup, groupHas, Attachment{true})
			if err != nil {
				return posture.Plan{}, err
			}
			p.Steps = append(p.Steps, add)
		}
		remove, err := posture.Change(onUser, has, Attachment{})
		if err != nil {
			return posture.Plan{}, err
		}
		removals = append(removals, remove)
	}
	p.Steps = append(p.Steps, removals...)
	return p, nil
}
