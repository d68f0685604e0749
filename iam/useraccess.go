package iam

import (
	"context"
	"fmt"
	"strings"

	"github.com/awsposture/posture"
)

// UserDirectPolicies judges that IAM users get their permissions through groups
// only: nothing is attached to a user or embedded in one.
type UserDirectPolicies struct{ Account *Account }

// UserPoliciesEvidence is what a user holds besides groups.
type UserPoliciesEvidence struct {
	User     string   `json:"user"`
	Attached []string `json:"attached,omitempty"` // ARNs
	Inline   []string `json:"inline,omitempty"`   // names
}

// String says it in a sentence.
func (e UserPoliciesEvidence) String() string {
	if len(e.Attached)+len(e.Inline) == 0 {
		return fmt.Sprintf("User %s holds no policy of its own.", e.User)
	}
	return fmt.Sprintf("User %s holds policies of its own: %s.", e.User, strings.Join(append(append([]string{}, e.Attached...), e.Inline...), ", "))
}

// Control implements posture.Evaluator.
func (e UserDirectPolicies) Control() posture.Control {
	return posture.Control{
		ID:       "iam.user-direct-policies",
		Title:    "Users get permissions through groups only",
		Doc:      "Permissions given to single users are forgotten when their work changes. Put the policy on a group, put the user in the group, then take the policy off the user.",
		Severity: posture.Low, Scope: posture.Global, Resource: "AWS::IAM::User",
		Requires: []string{"iam:GetAccountAuthorizationDetails"},
	}
}

// Place implements posture.Evaluator.
func (e UserDirectPolicies) Place() posture.Place { return e.Account.Place() }

// Evaluate implements posture.Evaluator.
func (e UserDirectPolicies) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c, a := e.Control(), e.Account
	users, err := a.Users(ctx)
	var fs []posture.Finding
	for _, u := range users {
		seen := UserPoliciesEvidence{User: u.Name}
		for _, p := range u.Attached {
			seen.Attached = append(seen.Attached, p.ARN)
		}
		for _, p := range u.Inline {
			seen.Inline = append(seen.Inline, p.Name)
		}
		judge := c.Pass
		if len(u.Attached)+len(u.Inline) > 0 {
			judge = c.Fail
		}
		f := judge(a.user(u), seen)
		f.Tags = u.Tags
		fs = append(fs, f)
	}
	return c.Judged(fs, err, a.account(), "There is no IAM user.")
}

// UserInGroup judges that every IAM user belongs to a group.
type UserInGroup struct{ Account *Account }

// UserGroupsEvidence is a user's groups.
type UserGroupsEvidence struct {
	User   string   `json:"user"`
	Groups []string `json:"groups"`
}

// String says it in a sentence.
func (e UserGroupsEvidence) String() string {
	if len(e.Groups) == 0 {
		return fmt.Sprintf("User %s is in no group.", e.User)
	}
	return fmt.Sprintf("User %s is in %s.", e.User, strings.Join(e.Groups, ", "))
}

// Control implements posture.Evaluator.
func (e UserInGroup) Control() posture.Control {
	return posture.Control{
		ID:       "iam.user-in-group",
		Title:    "Users are in a group",
		Doc:      "A user in no group has either no permission or one nobody manages. Put it in the group of its work, or delete it.",
		Severity: posture.Informational, Scope: posture.Global, Resource: "AWS::IAM::User",
		Requires: []string{"iam:GetAccountAuthorizationDetails"},
	}
}

// Place implements posture.Evaluator.
func (e UserInGroup) Place() posture.Place { return e.Account.Place() }

// Evaluate implements posture.Evaluator.
func (e UserInGroup) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c, a := e.Control(), e.Account
	users, err := a.Users(ctx)
	var fs []posture.Finding
	for _, u := range users {
		judge := c.Fail
		if len(u.Groups) > 0 {
			judge = c.Pass
		}
		f := judge(a.user(u), UserGroupsEvidence{u.Name, u.Groups})
		f.Tags = u.Tags
		fs = append(fs, f)
	}
	return c.Judged(fs, err, a.account(), "There is no IAM user.")
}

// GroupInUse judges that every group has a member.
type GroupInUse struct{ Account *Account }

// GroupInUseEvidence is how many members a group has.
type GroupInUseEvidence struct {
	Group   string `json:"group"`
	Members int    `json:"members"`
}

// String says it in a sentence.
func (e GroupInUseEvidence) String() string {
	return fmt.Sprintf("Group %s has %d members.", e.Group, e.Members)
}

// Control implements posture.Evaluator.
func (e GroupInUse) Control() posture.Control {
	return posture.Control{
		ID:       "iam.group-in-use",
		Title:    "Groups have members",
		Doc:      "An empty group is a set of permissions waiting for whoever can add a member. Delete it.",
		Severity: posture.Informational, Scope: posture.Global, Resource: "AWS::IAM::Group",
		Requires: []string{"iam:GetAccountAuthorizationDetails"},
	}
}

// Place implements posture.Evaluator.
func (e GroupInUse) Place() posture.Place { return e.Account.Place() }

// Evaluate implements posture.Evaluator.
func (e GroupInUse) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c, a := e.Control(), e.Account
	groups, err := a.Groups(ctx)
	users, _ := a.Users(ctx) // the same listing: its error is err
	members := map[string]int{}
	for _, u := range users {
		for _, g := range u.Groups {
			members[g]++
		}
	}
	var fs []posture.Finding
	for _, g := range groups {
		r := a.place.Resource("AWS::IAM::Group", g.Name, g.ARN)
		switch seen := (GroupInUseEvidence{g.Name, members[g.Name]}); {
		case seen.Members > 0:
			fs = append(fs, c.Pass(r, seen))
		case err != nil: // its members may stand on a page that was not read
			fs = append(fs, c.Unknown(r, err))
		default:
			fs = append(fs, c.Fail(r, seen))
		}
	}
	return c.Judged(fs, err, a.account(), "There is no group.")
}
