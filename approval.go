package posture

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// Approval is a person's consent to one plan, by its ID. It never carries over to
// another.
type Approval struct {
	Plan      string    `json:"plan"`
	Approver  string    `json:"approver"`
	Method    string    `json:"method,omitempty"` // how it was given: a ticket, a chat, a signature
	Time      time.Time `json:"time"`
	Comment   string    `json:"comment,omitempty"`
	Signature []byte    `json:"signature,omitempty"` // for Executor.Approvals to have checked
}

// approvalLife is how long an approval holds.
const approvalLife = time.Hour

// approvalsFor is how many approvals a plan needs: none where it is reversible,
// free, breaks nothing and is of low or medium risk; two where something is lost.
func (x *Executor) approvalsFor(p Plan) int {
	t := tallyOf([]Plan{p})
	switch {
	case t.losses > 0 && x.Emergency == "":
		return 2
	case t.losses > 0, t.costs > 0, t.broken > 0, p.Risk == RiskHigh, x.Limits.raised():
		return 1
	}
	return 0
}

// approved gives the approvers of a plan, or the refusal that says how many more
// it needs.
func (x *Executor) approved(ctx context.Context, p Plan, requester string) ([]string, error) {
	need := x.approvalsFor(p)
	if need == 0 || len(p.Steps) == 0 {
		return nil, nil
	}
	if x.Approvals == nil {
		return nil, &Refusal{Reason: ReasonApproval, Message: fmt.Sprintf("the plan needs %d approvals, and Executor.Approvals is not set", need)}
	}
	given, err := x.Approvals(ctx, p.ID())
	if err != nil {
		return nil, fmt.Errorf("posture: approvals: %w", err)
	}
	var approvers []string
	var rejected []string
	for _, a := range given {
		switch age := x.now().Sub(a.Time); {
		case a.Plan != p.ID():
			rejected = append(rejected, a.Approver+" approved another plan")
		case a.Approver == "":
			rejected = append(rejected, "an approval names nobody")
		case a.Approver == requester:
			rejected = append(rejected, a.Approver+" is who asked for it")
		case age > approvalLife:
			rejected = append(rejected, a.Approver+"'s approval is too old")
		case age < -time.Minute:
			rejected = append(rejected, a.Approver+"'s approval is from the future")
		case !slices.Contains(approvers, a.Approver):
			approvers = append(approvers, a.Approver)
		}
	}
	if len(approvers) < need {
		return nil, &Refusal{Reason: ReasonApproval, Message: fmt.Sprintf("the plan needs %d approvals and has %d %v", need, len(approvers), rejected)}
	}
	return approvers, nil
}
