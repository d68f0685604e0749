package posture

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// settingKey names the piece of state that a step sets.
type settingKey struct {
	kind    string
	target  Resource
	setting string
}

func (s Step) key() settingKey { return settingKey{s.Kind.Name, s.Target, string(s.Setting)} }

// observeAll checks that each target is in the state before or after its step.
// Steps on one setting are a chain: any of the chain's states will do for the
// first look, since each step is looked at again when its turn comes.
func observeAll(ctx context.Context, steps []StepReceipt) error {
	may := map[settingKey][]string{}
	for _, s := range steps {
		may[s.Step.key()] = append(may[s.Step.key()], s.Step.Pre, s.Step.Post)
	}
	looked := map[settingKey]bool{}
	for i := range steps {
		s := &steps[i]
		if looked[s.Step.key()] {
			continue
		}
		looked[s.Step.key()] = true
		seen, err := s.Step.act.observe(ctx)
		if err != nil {
			return s.unread(err)
		}
		if !slices.Contains(may[s.Step.key()], seen.hash) {
			return s.drifted(OutcomeRefused, seen)
		}
	}
	return nil
}

func (s *StepReceipt) unread(err error) error {
	s.Outcome, s.Cause = OutcomeRefused, CauseOf(err)
	return fmt.Errorf("posture: %s on %s could not be read: %w", s.Step.Kind.Name, s.Step.Target, err)
}

func (s *StepReceipt) drifted(o Outcome, seen observation) error {
	s.Outcome, s.Seen = o, seen.state
	return &DriftError{Step: s.Step, Seen: seen.state}
}

// execution is one apply or undo under way.
type execution struct {
	x      *Executor
	ledger *ledger
	plan   string
	undo   bool
	steps  []StepReceipt
}

// journal writes down what is about to become, or became, of a step.
func (r *execution) journal(ctx context.Context, s *StepReceipt, phase Phase, seen string) error {
	e := Entry{Phase: phase, Plan: r.plan, Undo: r.undo, Step: s.Index, Seen: seen, Cause: s.Cause}
	if phase == PhaseIntent {
		e.Body = &s.Step
	}
	if err := r.ledger.append(ctx, e); err != nil {
		return fmt.Errorf("posture: journal: %s of %s on %s: %w", phase, s.Step.Kind.Name, s.Step.Target, err)
	}
	return nil
}

// makeSo makes step i so, journals it and says what became of it. A setting that is already
// where a later step of its chain takes it has this step behind it.
func (r *execution) makeSo(ctx context.Context, i int) error {
	s, step := &r.steps[i], r.steps[i].Step
	if err := ctx.Err(); err != nil {
		s.Cause = CauseOf(err)
		return fmt.Errorf("posture: stopped before %s on %s: %w", step.Kind.Name, step.Target, err)
	}
	prior := r.ledger.before(r.plan, s.Index)
	ours := prior.Undo == r.undo && (prior.Phase == PhaseIntent || prior.Phase == PhaseDone || prior.Phase == PhaseFailed || prior.Phase == PhaseUnknown)
	have, err := step.act.observe(ctx)
	switch {
	case err != nil:
		return errors.Join(s.unread(err), r.journal(ctx, s, PhaseRefused, ""))
	case slices.ContainsFunc(r.steps[i:], func(l StepReceipt) bool { return l.Step.key() == step.key() && l.Step.Post == have.hash }):
		if !ours {
			s.Outcome = OutcomeAlready
			return r.journal(ctx, s, PhaseAlready, have.hash)
		}
		// An earlier run announced it, and may have died before it could say more.
		s.Outcome = OutcomeDone
		if prior.Phase == PhaseDone {
			return nil
		}
		return r.journal(ctx, s, PhaseDone, have.hash)
	case have.hash != step.Pre, ours && prior.Phase == PhaseDone:
		// The latter: we made it, and somebody took it back.
		return errors.Join(s.drifted(OutcomeRefused, have), r.journal(ctx, s, PhaseDrift, have.hash))
	}
	if err := r.journal(ctx, s, PhaseIntent, have.hash); err != nil {
		s.Outcome, s.Cause = OutcomeRefused, CauseOf(err)
		return err // what cannot be written down is not done
	}
	// From here on a cancel must not leave a write whose end nobody looked at.
	ctx = context.WithoutCancel(ctx)
	seen, err := s.write(ctx, have)
	time.Sleep(r.x.Limits.pace())
	return errors.Join(err, r.journal(ctx, s, s.Outcome.phase(), seen))
}

func (o Outcome) phase() Phase {
	switch o {
	case OutcomeDone:
		return PhaseDone
	case OutcomeAlready:
		return PhaseAlready
	case OutcomeRefused:
		return PhaseRefused
	case OutcomeFailed:
		return PhaseFailed
	}
	return PhaseUnknown
}

// write makes the change and looks what became of it. It gives the hash of the
// state last seen.
func (s *StepReceipt) write(ctx context.Context, have observation) (string, error) {
	step := s.Step
	wrote := step.write(ctx, have)
	if wrote != nil && certain(wrote) {
		return s.refused(ctx, wrote)
	}
	seen, settled, err := step.await(ctx)
	if !settled && err == nil && seen.hash == step.Pre && wrote != nil && again(wrote) {
		// AWS said that it was not the time, and it is as before: ask once more.
		wrote = step.write(ctx, seen)
		seen, settled, err = step.await(ctx)
	}
	switch {
	case settled:
		s.Outcome = OutcomeDone
		return seen.hash, nil
	case err != nil:
		s.Outcome, s.Cause = OutcomeUnknown, CauseOf(err)
		return "", fmt.Errorf("posture: %s on %s was sent, and could not be read back: %w", step.Kind.Name, step.Target, errors.Join(err, wrote))
	case seen.hash != step.Pre && seen.hash != step.Post:
		return seen.hash, errors.Join(s.drifted(OutcomeUnknown, seen), wrote)
	}
	s.Outcome = OutcomeFailed
	s.Cause = &Cause{Kind: CauseNotVisible, Message: "the state wanted was not seen within the settle time"}
	if wrote != nil {
		s.Cause = CauseOf(wrote)
	}
	return seen.hash, fmt.Errorf("posture: %s on %s: %w", step.Kind.Name, step.Target, errors.Join(s.Cause, wrote))
}

// again tells whether a write that was refused may be sent once more after a
// look: AWS was too busy, or the target was.
func again(err error) bool {
	c := CauseOf(err)
	switch c.Code {
	case "EntityTemporarilyUnmodifiable", "EntityTemporarilyUnmodifiableException", "ConcurrentModification", "ConcurrentModificationException", "OperationAborted", "ResourceConflictException":
		return true
	}
	return c.Kind == CauseThrottled || c.Kind == CauseTimeout
}

// certain tells whether an error of a write means that AWS did not do what the
// call asked for.
func certain(err error) bool {
	switch CauseOf(err).Kind {
	case CauseDenied, CauseSCP, CauseCredentials:
		return true
	}
	return false
}

// refused looks once more, since a Set may make several calls and have some of
// them behind it when one is refused.
func (s *StepReceipt) refused(ctx context.Context, wrote error) (string, error) {
	s.Outcome, s.Cause = OutcomeRefused, CauseOf(wrote)
	seen, err := s.Step.look(ctx)
	switch {
	case err != nil:
		s.Outcome = OutcomeUnknown
		err = fmt.Errorf("it could not be read back: %w", err)
	case seen.hash != s.Step.Pre && seen.hash != s.Step.Post:
		s.Outcome, s.Seen = OutcomeUnknown, seen.state
	}
	return seen.hash, fmt.Errorf("posture: %s on %s was refused: %w", s.Step.Kind.Name, s.Step.Target, errors.Join(wrote, err))
}

func (s Step) settle() time.Duration {
	if s.Kind.Settle > 0 {
		return s.Kind.Settle
	}
	return time.Minute
}

// bounded is for the calls that the caller's context no longer ends: one that
// hangs must not keep him for ever.
func (s Step) bounded(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(ctx, max(s.settle(), 2*time.Minute))
}

func (s Step) write(ctx context.Context, have observation) error {
	ctx, cancel := s.bounded(ctx)
	defer cancel()
	return s.act.write(ctx, have, s.After)
}

func (s Step) look(ctx context.Context) (observation, error) {
	ctx, cancel := s.bounded(ctx)
	defer cancel()
	return s.act.observe(ctx)
}

// await reads until the wanted state is seen twice in a row, or the settle time
// is over. It gives the last state read and whether it settled.
func (s Step) await(ctx context.Context) (last observation, settled bool, err error) {
	until := time.Now().Add(s.settle())
	inARow := 0
	for pause := 100 * time.Millisecond; ; pause = min(2*pause, 5*time.Second) {
		last, err = s.look(ctx)
		if err == nil && last.hash == s.Post {
			if inARow++; inARow == 2 {
				return last, true, nil
			}
			continue // the second look need not wait
		}
		inARow = 0
		if !time.Now().Before(until) {
			return last, false, err
		}
		time.Sleep(pause)
	}
}
