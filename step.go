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

// makeSo makes step i so and says what became of it. A setting that is already
// where a later step of its chain takes it has this step behind it.
func makeSo(ctx context.Context, steps []StepReceipt, i int) error {
	s, step := &steps[i], steps[i].Step
	if err := ctx.Err(); err != nil {
		s.Cause = CauseOf(err)
		return fmt.Errorf("posture: stopped before %s on %s: %w", step.Kind.Name, step.Target, err)
	}
	have, err := step.act.observe(ctx)
	switch {
	case err != nil:
		return s.unread(err)
	case slices.ContainsFunc(steps[i:], func(l StepReceipt) bool { return l.Step.key() == step.key() && l.Step.Post == have.hash }):
		s.Outcome = OutcomeAlready
		return nil
	case have.hash != step.Pre:
		return s.drifted(OutcomeRefused, have)
	}
	// From here on a cancel must not leave a write whose end nobody looked at.
	ctx = context.WithoutCancel(ctx)
	wrote := step.write(ctx, have)
	if wrote != nil && certain(wrote) {
		return s.refused(ctx, wrote)
	}
	seen, settled, err := step.await(ctx)
	switch {
	case settled:
		s.Outcome = OutcomeDone
		return nil
	case err != nil:
		s.Outcome, s.Cause = OutcomeUnknown, CauseOf(err)
		return fmt.Errorf("posture: %s on %s was sent, and could not be read back: %w", step.Kind.Name, step.Target, errors.Join(err, wrote))
	case seen.hash != step.Pre && seen.hash != step.Post:
		return errors.Join(s.drifted(OutcomeUnknown, seen), wrote)
	}
	s.Outcome = OutcomeFailed
	s.Cause = &Cause{Kind: CauseNotVisible, Message: "the state wanted was not seen within the settle time"}
	if wrote != nil {
		s.Cause = CauseOf(wrote)
	}
	return fmt.Errorf("posture: %s on %s: %w", step.Kind.Name, step.Target, errors.Join(s.Cause, wrote))
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
func (s *StepReceipt) refused(ctx context.Context, wrote error) error {
	s.Outcome, s.Cause = OutcomeRefused, CauseOf(wrote)
	seen, err := s.Step.look(ctx)
	switch {
	case err != nil:
		s.Outcome = OutcomeUnknown
		err = fmt.Errorf("it could not be read back: %w", err)
	case seen.hash != s.Step.Pre && seen.hash != s.Step.Post:
		s.Outcome, s.Seen = OutcomeUnknown, seen.state
	}
	return fmt.Errorf("posture: %s on %s was refused: %w", s.Step.Kind.Name, s.Step.Target, errors.Join(wrote, err))
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
