package iam

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/internal/param"
)

// RoleUnused judges that every role was used within Max. A role that was never
// used counts from its creation. Service-linked roles, which only AWS can
// change, are not judged.
type RoleUnused struct {
	Account *Account
	Max     time.Duration // default 90 days; AWS tracks the last 400
}

// RoleUnusedEvidence is a role and its last use.
type RoleUnusedEvidence struct {
	Role    string    `json:"role"`
	Created time.Time `json:"created"`
	Used    time.Time `json:"used,omitzero"` // zero: never in the 400 days AWS tracks
	Idle    int       `json:"idleDays"`
}

// String says it in a sentence.
func (e RoleUnusedEvidence) String() string {
	return fmt.Sprintf("Role %s, created at %s, was last used %s.", e.Role, stamp(e.Created), lastUsed(e.Used))
}

// Control implements posture.Evaluator.
func (e RoleUnused) Control() posture.Control {
	return posture.Control{
		ID:       "iam.role-unused",
		Title:    "Roles are in use",
		Doc:      "A role that nobody assumes is permission without purpose, and a way in that nobody watches. Delete it, after a look at what may need it once a year.",
		Severity: posture.Low, Scope: posture.Global, Resource: "AWS::IAM::Role",
		Requires: []string{"iam:GetAccountAuthorizationDetails"},
		Params:   []posture.Param{param.Days("max-idle", e.Max, 90*day, "IAM best practices: remove unused roles")},
	}
}

// Place implements posture.Evaluator.
func (e RoleUnused) Place() posture.Place { return e.Account.Place() }

// Evaluate implements posture.Evaluator.
func (e RoleUnused) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c, a := e.Control(), e.Account
	roles, err := a.customerRoles(ctx)
	var fs []posture.Finding
	for _, r := range roles {
		since := r.Created
		if r.LastUsed.After(since) {
			since = r.LastUsed
		}
		seen := RoleUnusedEvidence{r.Name, r.Created, r.LastUsed, int(a.now().Sub(since) / day)}
		judge := c.Pass
		if a.now().Sub(since) > cmp.Or(e.Max, 90*day) {
			judge = c.Fail
		}
		f := judge(a.role(r), seen)
		f.Tags = r.Tags
		fs = append(fs, f)
	}
	return c.Judged(fs, err, a.account(), "There is no role.")
}

// RoleBoundary judges that the roles for which Required says so have a
// permissions boundary of the list Boundaries. Without a list it does not apply.
type RoleBoundary struct {
	Account    *Account
	Boundaries []string        // ARNs of the policies that will do
	Required   func(Role) bool // default every role that is not service-linked
}

// RoleBoundaryEvidence is a role's boundary.
type RoleBoundaryEvidence struct {
	Role     string `json:"role"`
	Boundary string `json:"boundary"` // ARN; "" none
}

// String says it in a sentence.
func (e RoleBoundaryEvidence) String() string {
	if e.Boundary == "" {
		return fmt.Sprintf("Role %s has no permissions boundary.", e.Role)
	}
	return fmt.Sprintf("Role %s is bounded by %s.", e.Role, e.Boundary)
}

// Control implements posture.Evaluator.
func (e RoleBoundary) Control() posture.Control {
	return posture.Control{
		ID:       "iam.role-boundary",
		Title:    "Roles have the permissions boundary required",
		Doc:      "Where teams make their own roles, a boundary keeps a role from doing more than its makers may. Put the boundary on the role.",
		Severity: posture.Medium, Scope: posture.Global, Resource: "AWS::IAM::Role",
		Requires: []string{"iam:GetAccountAuthorizationDetails"},
		Params:   []posture.Param{{Name: "boundaries", Value: strings.Join(e.Boundaries, ","), Source: "the caller's"}},
	}
}

// Place implements posture.Evaluator.
func (e RoleBoundary) Place() posture.Place { return e.Account.Place() }

// Evaluate implements posture.Evaluator.
func (e RoleBoundary) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c, a := e.Control(), e.Account
	if len(e.Boundaries) == 0 {
		return []posture.Finding{c.NotApplicable(a.account(), "No permissions boundary is required.")}, nil
	}
	roles, err := a.customerRoles(ctx)
	var fs []posture.Finding
	for _, r := range roles {
		if e.Required != nil && !e.Required(r) {
			continue
		}
		judge := c.Fail
		if slices.Contains(e.Boundaries, r.Boundary) {
			judge = c.Pass
		}
		f := judge(a.role(r), RoleBoundaryEvidence{r.Name, r.Boundary})
		f.Tags = r.Tags
		fs = append(fs, f)
	}
	return c.Judged(fs, err, a.account(), "There is no role that needs a boundary.")
}
