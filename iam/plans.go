package iam

import (
	"fmt"
	"time"

	"github.com/awsposture/posture"
)

// settle is how long an IAM write may take to show in a read.
const settle = 2 * time.Minute

// notMine refuses a finding of a control that r answers, on a resource that
// another remediator answers.
func notMine(r posture.Remediator, target posture.Resource) error {
	return &posture.Refusal{Reason: posture.ReasonNotRemediable, Message: fmt.Sprintf("%T does not change %s", r, target)}
}

// planOne is the plan of one setting, without steps where it is as wanted.
func planOne[S comparable](a *Account, fs []posture.Finding, s posture.Setting[S], is, want S, risk posture.Risk) (posture.Plan, error) {
	p := posture.NewPlan(a.place, a.now(), fs)
	p.Risk = risk
	if is == want {
		return p, nil
	}
	step, err := posture.Change(s, is, want)
	if err != nil {
		return posture.Plan{}, err
	}
	p.Steps = append(p.Steps, step)
	return p, nil
}
