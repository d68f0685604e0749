package guardduty

import (
	"context"
	"time"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/internal/refusal"
)

// settle is how long a GuardDuty write may take to show in a read. Lists and
// destinations pass through states on the way that take minutes.
const settle = 10 * time.Minute

// Switch is whether something is on. SwitchAbsent is never wanted: it says that
// what has the switch is not there any more.
type Switch string

// The positions of a switch.
const (
	SwitchOn     Switch = "on"
	SwitchOff    Switch = "off"
	SwitchAbsent Switch = "absent"
)

func switched(on bool) Switch {
	if on {
		return SwitchOn
	}
	return SwitchOff
}

// toPlan reads afresh the detector that a plan is to change. Where the account's
// administrator sets what the plan would change, the error is a refusal with the
// administrator's account as its owner. ok is false where GuardDuty is not
// enabled, so that there is nothing to plan.
func (r *Region) toPlan(ctx context.Context, target posture.Resource) (d Detector, ok bool, err error) {
	if d, err = findDetector(ctx, r.api, r.place); err != nil {
		return d, false, refusal.Unreadable(target, err)
	}
	if d.State != DetectorEnabled {
		return d, false, nil
	}
	return d, true, r.refuseMember(ctx, target, d)
}

// refuseMember refuses, in a member account, what only its administrator may change.
func (r *Region) refuseMember(ctx context.Context, target posture.Resource, d Detector) error {
	admin, err := getAdministrator(ctx, r.api, d.ID)
	switch {
	case err != nil:
		return refusal.Unreadable(target, err)
	case admin != "":
		return &posture.Refusal{Reason: posture.ReasonManagedElsewhere, Owner: admin, Message: target.String() + " is a member's; only its GuardDuty administrator may change this"}
	}
	return nil
}

// newPlan is a plan of steps that cut off nobody: what they change is what
// GuardDuty sees and keeps.
func (r *Region) newPlan(fs []posture.Finding, steps ...posture.Step) posture.Plan {
	p := posture.NewPlan(r.place, r.now(), fs, steps...)
	p.Risk = posture.RiskLow
	return p
}
