package inspector

import (
	"context"
	"time"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/internal/refusal"
)

// settle is how long an Inspector write may take to show in a read: enabling
// goes through ENABLING, configurations through PENDING.
const settle = 10 * time.Minute

// toPlan reads afresh what a plan of what an administrator sets for its members
// needs: in a member account the error is a refusal with the administrator's
// account as its owner. ok is false where Inspector is not enabled, so that there
// is nothing to plan.
func (r *Region) toPlan(ctx context.Context, target posture.Resource) (s AccountStatus, ok bool, err error) {
	if s, err = getStatus(ctx, r.api, r.place); err != nil {
		return s, false, refusal.Unreadable(target, err)
	}
	if !s.On() {
		return s, false, nil
	}
	admin, err := getAdministrator(ctx, r.api, r.place.Account)
	switch {
	case err != nil:
		return s, false, refusal.Unreadable(target, err)
	case admin != "":
		return s, false, &posture.Refusal{Reason: posture.ReasonManagedElsewhere, Owner: admin, Message: target.String() + " is a member's; only its Inspector administrator may change this"}
	}
	return s, true, nil
}

// newPlan is a plan of steps that cut off nobody: what they change is what
// Inspector scans and shows.
func (r *Region) newPlan(fs []posture.Finding, steps ...posture.Step) posture.Plan {
	p := posture.NewPlan(r.place, r.now(), fs, steps...)
	p.Risk = posture.RiskLow
	return p
}

func asked(fs []posture.Finding, control string) bool {
	for _, f := range fs {
		if f.Control == control {
			return true
		}
	}
	return false
}
