package advisor

import (
	"context"
	"errors"
	"fmt"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/internal/refusal"
)

// StageSetting is the setting of how far the account is with a priority
// recommendation. It implements posture.Setting[Stage].
type StageSetting struct {
	Account        *Account `json:"-"`
	Writer         Writer   `json:"-"`
	Recommendation string   `json:"recommendation"` // ARN
	Reason         Reason   `json:"reason"`         // sent with the stage wanted
}

// Kind implements posture.Setting.
func (s StageSetting) Kind() posture.Kind {
	_, get := s.Account.priorityActions()
	k := posture.Kind{Name: "advisor.priority-stage", Reads: get, Settle: settle}
	if s.Writer != nil {
		_, k.Writes = s.Writer.WriteActions()
	}
	return k
}

// Target implements posture.Setting.
func (s StageSetting) Target() posture.Resource { return s.Account.priorityResource(s.Recommendation) }

// Get implements posture.Setting.
func (s StageSetting) Get(ctx context.Context) (Stage, error) {
	reader, ok := s.Account.source.(PriorityReader)
	if !ok {
		return "", errNoPriorities
	}
	p, ok, err := reader.Priority(ctx, s.Recommendation)
	switch {
	case err != nil:
		return "", err
	case !ok:
		return StageAbsent, nil
	}
	return p.Stage, nil
}

// Set implements posture.Setting.
func (s StageSetting) Set(ctx context.Context, want Stage) error {
	if want == StageAbsent || want == "" {
		return fmt.Errorf("advisor: recommendation %s cannot be made %s", s.Recommendation, want)
	}
	return s.Writer.Move(ctx, s.Recommendation, want, s.Reason)
}

var errNoPriorities = errors.New("advisor: the source has no priority recommendations")

// AnswerPriority plans to answer a priority recommendation that waits. It answers
// nothing by itself: Answer says of each one to which stage it goes, and why; the
// stage "" leaves it.
type AnswerPriority struct {
	Account *Account
	Writer  Writer
	Answer  func(context.Context, Priority) (Stage, Reason, error)
}

// Controls implements posture.Remediator.
func (r AnswerPriority) Controls() []string { return []string{"advisor.priority-open"} }

// Place implements posture.Remediator.
func (r AnswerPriority) Place() posture.Place { return r.Account.Place() }

// Plan implements posture.Remediator.
func (r AnswerPriority) Plan(ctx context.Context, fs ...posture.Finding) (posture.Plan, error) {
	target, err := posture.TargetOf(r, fs)
	if err != nil {
		return posture.Plan{}, err
	}
	reader, ok := r.Account.source.(PriorityReader)
	if !ok {
		return posture.Plan{}, &posture.Refusal{Reason: posture.ReasonNotRemediable, Message: "the AWS Support API does not have priority recommendations", Err: errNoPriorities}
	}
	p, ok, err := reader.Priority(ctx, target.ARN)
	if err != nil {
		return posture.Plan{}, refusal.Unreadable(target, err)
	}
	if !ok || p.Stage != StagePending {
		return r.Account.newPlan(fs), nil
	}
	var (
		to  Stage
		why Reason
	)
	if r.Answer != nil {
		if to, why, err = r.Answer(ctx, p); err != nil {
			return posture.Plan{}, refusal.Unreadable(target, err)
		}
	}
	if to == "" || to == StagePending {
		return posture.Plan{}, &posture.Refusal{Reason: posture.ReasonNeedsChoice, Message: fmt.Sprintf("nobody says what the answer to %q is", p.Name)}
	}
	if fault := why.fault(to); fault != "" {
		return posture.Plan{}, &posture.Refusal{Reason: posture.ReasonNeedsChoice, Message: fmt.Sprintf("the answer to %q is not one that AWS takes: %s", p.Name, fault)}
	}
	step, err := posture.Change(StageSetting{r.Account, r.Writer, target.ARN, why}, StagePending, to)
	return r.Account.newPlan(fs, step), err
}
