package shield

import (
	"context"
	"strings"
	"time"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/internal/refusal"
)

// settle is how long a Shield write may take to show in a read.
const settle = 5 * time.Minute

func refuse(reason posture.RefusalReason, message string) error {
	return &posture.Refusal{Reason: reason, Message: message}
}

// toPlan gives the target of a plan. ok is false where the account is not
// subscribed, so that there is nothing to plan; it is read afresh.
func (a *Account) toPlan(ctx context.Context, r posture.Remediator, fs []posture.Finding) (target posture.Resource, ok bool, err error) {
	if target, err = posture.TargetOf(r, fs); err != nil {
		return target, false, err
	}
	s, err := getSubscription(ctx, a.api)
	if err != nil {
		return target, false, refusal.Unreadable(target, err)
	}
	return target, s.Active, nil
}

// toPlanOn is toPlan for the protection of a resource, which is given; one
// without an ID is none. What Firewall Manager makes is refused as its own.
func (a *Account) toPlanOn(ctx context.Context, r posture.Remediator, fs []posture.Finding) (target posture.Resource, p Protection, ok bool, err error) {
	if target, ok, err = a.toPlan(ctx, r, fs); !ok || err != nil {
		return target, p, false, err
	}
	if p, err = getProtection(ctx, a.api, target.ID); err != nil {
		return target, p, false, refusal.Unreadable(target, err)
	}
	if strings.HasPrefix(p.Name, "FMManagedShield") {
		return target, p, false, managed("protection " + p.ID)
	}
	return target, p, true, nil
}

// managed refuses what a policy of Firewall Manager makes, and would make again.
func managed(what string) error {
	return &posture.Refusal{Reason: posture.ReasonManagedElsewhere, Owner: "AWS Firewall Manager", Message: what + " is made by a Firewall Manager policy; change it there"}
}

// newPlan is a plan of steps that cut off nobody.
func (a *Account) newPlan(fs []posture.Finding, steps ...posture.Step) posture.Plan {
	p := posture.NewPlan(a.place, a.now(), fs, steps...)
	p.Risk = posture.RiskLow
	return p
}
