package posture

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"
)

// Executor applies plans and undoes them. Its zero value refuses steps that
// lose something and steps that cost, and does everything else.
type Executor struct {
	Limits Limits
	Now    func() time.Time // default time.Now
}

// Limits are what an Executor may do beyond what can be taken back for nothing.
type Limits struct {
	Irreversible int  // steps that lose something undo cannot bring back; default none
	Cost         bool // steps that cost money
}

// ErrDrift is wrapped by the error of an Apply or Undo that found a target in
// neither of the states it may be in. Nothing was written to that target.
var ErrDrift = errors.New("posture: drift")

// DriftError says what was found instead. It wraps ErrDrift.
type DriftError struct {
	Step Step
	Seen json.RawMessage
}

func (e *DriftError) Error() string {
	return fmt.Sprintf("%v: %s on %s is neither as it was planned from nor as wanted: before %s, wanted %s, now %s",
		ErrDrift, e.Step.Kind.Name, e.Step.Target, e.Step.Before, e.Step.After, e.Seen)
}

// Unwrap gives ErrDrift.
func (e *DriftError) Unwrap() error { return ErrDrift }

// Apply makes a plan so. First every step is observed: each target must be in
// its state before or its state after, else the error wraps ErrDrift and
// nothing is written. Then step by step: what is already so is left; the rest is
// written and read back until it is seen twice in a row. The first step that
// does not end well stops the plan; the receipt lists every step, and its
// outcome is OutcomeDone only where all of them were seen. Applying the same plan
// again resumes it. A cancel stops it before the next write, never between a
// write and the look at what became of it.
func (x *Executor) Apply(ctx context.Context, p Plan) (Receipt, error) {
	r := Receipt{Plan: p.ID(), Started: x.now()}
	for _, s := range p.Steps {
		r.Steps = append(r.Steps, StepReceipt{Step: s, Outcome: OutcomeSkipped})
	}
	err := x.admit(p)
	if err == nil {
		err = observeAll(ctx, r.Steps)
	}
	for i := 0; i < len(r.Steps) && err == nil; i++ {
		err = makeSo(ctx, r.Steps, i)
	}
	return x.end(r, err), err
}

// Undo takes back the steps that a receipt says were done by us, newest first,
// each only from the state we left it in: anything else is drift, and that step
// stays while the others are taken back. The limits hold as they do for Apply:
// a way back that costs or loses something is refused unless asked for. What
// cannot be brought back is listed in the steps' Loss.
func (x *Executor) Undo(ctx context.Context, r Receipt) (Receipt, error) {
	u := Receipt{Plan: r.Plan, Undoes: true, Started: x.now()}
	var steps []Step
	for _, s := range slices.Backward(r.Steps) {
		if s.Outcome != OutcomeDone {
			continue
		}
		if !s.Step.Bound() {
			return x.refuse(u, fmt.Errorf("posture: undo: %s on %s is not bound; see Receipt.Bind", s.Step.Kind.Name, s.Step.Target))
		}
		back, err := s.Step.act.reverse(s.Step)
		if err != nil {
			return x.refuse(u, fmt.Errorf("posture: undo: %s on %s: %w", s.Step.Kind.Name, s.Step.Target, err))
		}
		steps = append(steps, back)
		u.Steps = append(u.Steps, StepReceipt{Step: back, Outcome: OutcomeSkipped})
	}
	if err := x.allow(steps); err != nil {
		return x.refuse(u, err)
	}
	var errs []error
	for i := range u.Steps {
		err := makeSo(ctx, u.Steps, i)
		if err == nil {
			continue
		}
		errs = append(errs, err)
		if !errors.Is(err, ErrDrift) || u.Steps[i].Outcome != OutcomeRefused {
			break
		}
	}
	err := errors.Join(errs...)
	return x.end(u, err), err
}

func (x *Executor) refuse(r Receipt, err error) (Receipt, error) { return x.end(r, err), err }

// end gives the receipt its outcome and the time. One without steps is refused
// where there is an error, and already so where there is none.
func (x *Executor) end(r Receipt, err error) Receipt {
	r.settle()
	if err != nil && r.Outcome == OutcomeAlready {
		r.Outcome = OutcomeRefused
	}
	r.Finished = x.now()
	return r
}

func (x *Executor) now() time.Time {
	if x.Now != nil {
		return x.Now().UTC()
	}
	return time.Now().UTC()
}

func (x *Executor) admit(p Plan) error {
	if p.ID() == "" {
		return errors.New("posture: the plan does not encode and so has no id")
	}
	if !x.now().Before(p.Expires) {
		return &Refusal{Reason: ReasonExpired, Message: fmt.Sprintf("the plan expired at %s; plan again", p.Expires.Format(time.RFC3339))}
	}
	last := map[settingKey]string{}
	for i, s := range p.Steps {
		if !s.Bound() {
			return fmt.Errorf("posture: step %d, %s on %s, is not bound; see Plan.Bind", i, s.Kind.Name, s.Target)
		}
		if post, chained := last[s.key()]; chained && post != s.Pre {
			return fmt.Errorf("posture: step %d, %s on %s, does not begin where the step before it on the same setting ends", i, s.Kind.Name, s.Target)
		}
		last[s.key()] = s.Post
	}
	return x.allow(p.Steps)
}

// allow checks steps against the limits.
func (x *Executor) allow(steps []Step) error {
	losses := 0
	for i, s := range steps {
		if s.Cost != "" && !x.Limits.Cost {
			return &Refusal{Reason: ReasonLimit, Message: fmt.Sprintf("step %d, %s on %s, costs: %s", i, s.Kind.Name, s.Target, s.Cost)}
		}
		if s.Loss != "" {
			losses++
		}
		if losses > x.Limits.Irreversible {
			return &Refusal{Reason: ReasonLimit, Message: fmt.Sprintf("step %d, %s on %s, cannot be undone: %s", i, s.Kind.Name, s.Target, s.Loss)}
		}
	}
	return nil
}
