package organization

import (
	"context"
	"fmt"

	"github.com/awsposture/posture"
)

// AccountActive judges that AWS has suspended no account of the organization. An
// account that is closed, being closed or not yet activated is not judged.
type AccountActive struct{ Organization *Organization }

// AccountActiveEvidence is an account's state.
type AccountActiveEvidence struct {
	Account    string       `json:"account"`
	Name       string       `json:"name"`
	State      AccountState `json:"state"`
	FromStatus bool         `json:"fromStatus,omitempty"` // AWS gave only the status
}

// String says it in a sentence.
func (e AccountActiveEvidence) String() string {
	s := fmt.Sprintf("The state of account %s (%s) is %s", e.Account, e.Name, e.State)
	if e.FromStatus && e.State == StateSuspended {
		s += ", by AWS or because it is closed: only its status was told"
	}
	return s + "."
}

// Control implements posture.Evaluator.
func (e AccountActive) Control() posture.Control {
	return posture.Control{
		ID:       "iam.organization-account-active",
		Title:    "No account is suspended",
		Doc:      "AWS suspends an account for an unpaid bill or because it is abused, and its resources may go on running with nobody able to reach them. Ask AWS Support for the reason; close what is not needed.",
		Severity: posture.Medium, Scope: posture.Organization, Resource: "AWS::Organizations::Account",
		Requires: []string{"organizations:DescribeOrganization", "organizations:ListRoots", "organizations:ListAccounts"},
	}
}

// Place implements posture.Evaluator.
func (e AccountActive) Place() posture.Place { return e.Organization.Place() }

// Evaluate implements posture.Evaluator.
func (e AccountActive) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c, o := e.Control(), e.Organization
	return o.judged(ctx, c, func(ctx context.Context, id Identity) ([]posture.Finding, error) {
		all, err := o.listed(ctx)
		var fs []posture.Finding
		for _, a := range all {
			fs = append(fs, judgeState(c, o.accountResource(a), a))
		}
		return c.Judged(fs, err, o.organization(id), "The organization has no account.")
	})
}

func judgeState(c posture.Control, r posture.Resource, a Account) posture.Finding {
	seen := AccountActiveEvidence{a.ID, a.Name, a.State, a.FromStatus}
	switch a.State {
	case StateActive:
		return c.Pass(r, seen)
	case StateSuspended:
		return c.Fail(r, seen)
	case StateClosed, StatePendingClosure, StatePendingActivation:
		return c.NotApplicable(r, seen.String())
	}
	return c.Unknown(r, a.unknownState("ListAccounts"))
}

func (s AccountState) known() bool {
	switch s {
	case StatePendingActivation, StateActive, StateSuspended, StatePendingClosure, StateClosed:
		return true
	}
	return false
}

func (a Account) unknownState(operation string) error {
	return malformed(operation, fmt.Sprintf("account %s has the state %q, which this library does not know", a.ID, a.State))
}
