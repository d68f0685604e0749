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
// again resumes it.
func (x *Executor) Apply(ctx context.Context, p Plan) (Receipt, error) {
	r := Receipt{Plan: p.ID(), Started: x.now(), Outcome: OutcomeRefused}
	for _, s := range p.Steps {
		r.Steps = append(r.Steps, StepReceipt{Step: s, Outcome: OutcomeSkipped})
	}
	if err := x.admit(p); err != nil {
		r.Finished = x.now()
		return r, err
	}
	return x.perform(ctx, r)
}

// Undo takes back the steps that a receipt says were done by us, newest first,
// each only from the state we left it in: anything else is drift, and that step
// stays. What cannot be brought back is listed in the steps' Loss.
func (x *Executor) Undo(ctx context.Context, r Receipt) (Receipt, error) {
	u := Receipt{Plan: r.Plan, Undoes: true, Started: x.now()}
	for _, s := range slices.Backward(r.Steps) {
		if s.Outcome != OutcomeDone {
			continue
		}
		if !s.Step.Bound() {
			return u, fmt.Errorf("posture: undo: %s on %s is not bound; see Receipt.Bind", s.Step.Kind.Name, s.Step.Target)
		}
		back, err := s.Step.act.reverse(s.Step)
		if err != nil {
			return u, fmt.Errorf("posture: undo: %w", err)
		}
		u.Steps = append(u.Steps, StepReceipt{Step: back, Outcome: OutcomeSkipped})
	}
	return x.perform(ctx, u)
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
	losses := 0
	for i, s := range p.Steps {
		if !s.Bound() {
			return fmt.Errorf("posture: step %d, %s on %s, is not bound; see Plan.Bind", i, s.Kind.Name, s.Target)
		}
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

// perform observes every step of r, then makes each so.
func (x *Executor) perform(ctx context.Context, r Receipt) (Receipt, error) {
	err := observeAll(ctx, r.Steps)
	if err == nil {
		for i := range r.Steps {
			if err = x.make(ctx, &r.Steps[i]); err != nil {
				break
			}
		}
	}
	r.Finished = x.now()
	r.settle()
	return r, err
}

// observeAll checks that each target is in the state before or after its step.
// Steps on one setting are a chain: any of the chain's states will do for the
// first look, since each step is looked at again when its turn comes.
func observeAll(ctx context.Context, steps []StepReceipt) error {
	may := map[string][]string{}
	for _, s := range steps {
		may[s.Step.key()] = append(may[s.Step.key()], s.Step.Pre, s.Step.Post)
	}
	looked := map[string]bool{}
	for i := range steps {
		s := &steps[i]
		if looked[s.Step.key()] {
			continue
		}
		looked[s.Step.key()] = true
		seen, err := s.Step.act.observe(ctx)
		if err != nil {
			s.Outcome, s.Cause = OutcomeRefused, CauseOf(err)
			return fmt.Errorf("posture: %s on %s could not be read: %w", s.Step.Kind.Name, s.Step.Target, err)
		}
		if !slices.Contains(may[s.Step.key()], seen.hash) {
			s.Outcome, s.Seen = OutcomeRefused, seen.state
			return &DriftError{Step: s.Step, Seen: seen.state}
		}
	}
	return nil
}

// key names the piece of state that a step sets.
func (s Step) key() string { return s.Kind.Name + " " + s.Target.String() + " " + string(s.Setting) }

// make makes one step so and says what became of it.
func (x *Executor) make(ctx context.Context, s *StepReceipt) error {
	step := s.Step
	if err := ctx.Err(); err != nil {
		s.Cause = CauseOf(err)
		return fmt.Errorf("posture: stopped before %s on %s: %w", step.Kind.Name, step.Target, err)
	}
	have, err := step.act.observe(ctx)
	switch {
	case err != nil:
		s.Outcome, s.Cause = OutcomeRefused, CauseOf(err)
		return fmt.Errorf("posture: %s on %s could not be read: %w", step.Kind.Name, step.Target, err)
	case have.hash == step.Post:
		s.Outcome = OutcomeAlready
		return nil
	case have.hash != step.Pre:
		s.Outcome, s.Seen = OutcomeRefused, have.state
		return &DriftError{Step: step, Seen: have.state}
	}
	// From here on a cancel must not leave a write whose end nobody looked at.
	ctx = context.WithoutCancel(ctx)
	wrote := step.act.write(ctx, have, step.After)
	if wrote != nil && certain(wrote) {
		s.Outcome, s.Cause = OutcomeRefused, CauseOf(wrote)
		return fmt.Errorf("posture: %s on %s was refused: %w", step.Kind.Name, step.Target, wrote)
	}
	seen, settled, err := x.await(ctx, step)
	switch {
	case settled:
		s.Outcome = OutcomeDone
		return nil
	case err != nil:
		s.Outcome, s.Cause = OutcomeUnknown, CauseOf(err)
		return fmt.Errorf("posture: %s on %s was sent, and could not be read back: %w", step.Kind.Name, step.Target, errors.Join(err, wrote))
	}
	s.Outcome, s.Seen = OutcomeFailed, seen.state
	if seen.hash != step.Pre && seen.hash != step.Post {
		return errors.Join(&DriftError{Step: step, Seen: seen.state}, wrote)
	}
	s.Cause = &Cause{Kind: CauseNotVisible, Message: "the state wanted was not seen within the settle time"}
	if wrote != nil {
		s.Cause = CauseOf(wrote)
	}
	return fmt.Errorf("posture: %s on %s: %w", step.Kind.Name, step.Target, errors.Join(s.Cause, wrote))
}

// certain tells whether an error of a write means that nothing was written: AWS
// answered with a code that is neither of its own making nor a matter of time.
func certain(err error) bool {
	switch c := CauseOf(err); c.Kind {
	case CauseDenied, CauseSCP, CauseCredentials:
		return true
	}
	return false
}

// await reads until the wanted state is seen twice in a row, or the settle time
// is over. It gives the last state read and whether it settled.
func (x *Executor) await(ctx context.Context, s Step) (last observation, settled bool, err error) {
	settle := s.Kind.Settle
	if settle <= 0 {
		settle = time.Minute
	}
	inARow := 0
	for pause, waited := 100*time.Millisecond, time.Duration(0); ; pause = min(2*pause, 5*time.Second) {
		last, err = s.act.observe(ctx)
		if err == nil && last.hash == s.Post {
			if inARow++; inARow == 2 {
				return last, true, nil
			}
		} else {
			inARow = 0
		}
		if inARow == 1 {
			continue // the second look need not wait
		}
		if waited >= settle {
			return last, false, err
		}
		if err := sleep(ctx, pause); err != nil {
			return last, false, err
		}
		waited += pause
	}
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
