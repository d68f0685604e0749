package posture

import (
	"context"
	"crypto"
	"errors"
	"fmt"
	"slices"
	"time"
)

// Executor applies plans and undoes them. Its zero value keeps its journal in
// memory, stays within the default limits, and refuses what needs an approval.
type Executor struct {
	// Journal keeps what is about to be done and what became of it; each intent is
	// durable before its call. Default in memory.
	Journal Journal
	// Signer signs checkpoints of the journal; an ed25519 key, or what signs as one.
	Signer crypto.Signer
	// Limits bound a run.
	Limits Limits
	// Caller gives the ARN whose credentials the settings write with, as
	// sts:GetCallerIdentity does. With it a plan for another account is refused, and so is one
	// on the caller itself.
	Caller func(context.Context) (string, error)
	// Requester is who asked for the change and may not approve it; default the caller.
	Requester string
	// Approvals gives the approvals of a plan. They are asked for where the risk is high,
	// or something is lost, costs, breaks, or is above the default limits.
	Approvals func(ctx context.Context, planID string) ([]Approval, error)
	// Emergency is the id of an open incident case: one approval then does where two are needed.
	Emergency string
	// Deny says why a resource must never be touched; "" where it may.
	Deny func(Resource) string
	// ManagedBy tells what manages a resource, Terraform or a stack. Its targets
	// are refused, and the change is printed for the owner's code.
	ManagedBy func(Resource) (owner string, known bool)
	// Population gives how many resources there are for a kind of setting, and
	// whether they were counted to the end.
	Population func(kind string) (n int, complete bool)
	// Lockout is asked about plans with steps of a Kind that changes access: an error
	// says what the operator could no longer do.
	Lockout func(ctx context.Context, p Plan) error
	// Recheck judges a finding again on a fresh view once its plan is made: what
	// still fails is no success.
	Recheck func(context.Context, Finding) (Finding, error)
	// UndoOnFailure takes the steps made back when a later one fails. Never set it
	// for containment.
	UndoOnFailure bool
	// Now is the clock of what is written down and of expiry. Default time.Now.
	Now func() time.Time
}

// Apply makes a plan so. First it is admitted: not expired, its own account, its
// targets allowed, within the limits, approved. Then every step is observed: each target must be in its state
// before or its state after, else the error wraps ErrDrift and nothing is
// written. Then step by step: what is already so is left; of the rest the intent is journalled, the
// state written and read back until it is seen twice in a row, the outcome journalled. The first step that does
// not end well stops the plan; the receipt lists every step, and its outcome is
// OutcomeDone only where all of them were seen.
//
// Applying the same plan again resumes it, after a crash too: what an earlier run
// announced and is there now counts as done by us. A cancel stops before the next write, never
// between a write and the look at what became of it.
func (x *Executor) Apply(ctx context.Context, p Plan) (Receipt, error) {
	l, err := x.ledger(ctx)
	if err != nil {
		return x.end(x.blank(p), err), err
	}
	return x.apply(ctx, l, p, true)
}

func (x *Executor) blank(p Plan) Receipt {
	r := Receipt{Plan: p.ID(), Started: x.now()}
	for i, s := range p.Steps {
		r.Steps = append(r.Steps, StepReceipt{Step: s, Index: i, Outcome: OutcomeSkipped})
	}
	return r
}

// ledger opens the journal for a run.
func (x *Executor) ledger(ctx context.Context) (*ledger, error) {
	j := x.Journal
	if j == nil {
		j = new(MemoryJournal)
	}
	l, err := openLedger(ctx, j, x.Signer, x.now)
	if err != nil {
		return nil, fmt.Errorf("posture: journal: %w", err)
	}
	l.common.Case = x.Emergency
	if x.Caller != nil {
		if l.common.Caller, err = x.Caller(ctx); err != nil {
			return nil, fmt.Errorf("posture: caller: %w", err)
		}
	}
	return l, nil
}

// apply is Apply on an open journal. alone tells that the plan is a run of its
// own, whose limits were not checked yet.
func (x *Executor) apply(ctx context.Context, l *ledger, p Plan, alone bool) (Receipt, error) {
	r := x.blank(p)
	approvers, err := x.admit(ctx, l, p, alone)
	if err == nil {
		err = observeAll(ctx, r.Steps)
	}
	if err == nil && len(p.Steps) > 0 {
		err = l.append(ctx, Entry{Phase: PhasePlanned, Plan: r.Plan, Step: -1, Approvers: approvers})
	}
	run := execution{x: x, ledger: l, plan: r.Plan, steps: r.Steps}
	for i := 0; i < len(r.Steps) && err == nil; i++ {
		err = run.makeSo(ctx, i)
	}
	r = x.end(r, err)
	if err == nil {
		err = x.recheck(ctx, p, &r)
	}
	if err != nil && x.UndoOnFailure && slices.ContainsFunc(r.Steps, func(s StepReceipt) bool { return s.Outcome == OutcomeDone }) {
		back, undoErr := x.undo(context.WithoutCancel(ctx), l, r)
		r.Rollback, err = &back, errors.Join(err, undoErr)
	}
	return r, errors.Join(err, x.finish(ctx, l, r))
}

// finish journals a run's end, also of one that was canceled.
func (x *Executor) finish(ctx context.Context, l *ledger, r Receipt) error {
	if len(r.Steps) == 0 || !l.resumes(r.Plan) {
		return nil
	}
	ctx = context.WithoutCancel(ctx)
	return errors.Join(l.append(ctx, Entry{Phase: PhaseFinished, Plan: r.Plan, Undo: r.Undoes, Step: -1}), l.close(ctx))
}

// recheck judges the plan's findings again.
func (x *Executor) recheck(ctx context.Context, p Plan, r *Receipt) error {
	if x.Recheck == nil {
		return nil
	}
	var errs []error
	for _, f := range p.Findings {
		now, err := x.Recheck(ctx, f)
		if err != nil {
			now = Finding{Control: f.Control, Severity: f.Severity, Resource: f.Resource, Sub: f.Sub, Cause: CauseOf(err)}
		}
		r.Rechecked = append(r.Rechecked, now)
		if now.Status == Fail {
			r.Outcome = OutcomeFailed
			errs = append(errs, fmt.Errorf("posture: the plan is made, and %s still fails on %s: %s", f.Control, f.Resource, now.Detail))
		}
	}
	return errors.Join(errs...)
}

// Undo takes back the steps that a receipt says were done by us, newest first,
// each only from the state we left it in: anything else is drift, and that step
// stays while the others are taken back. Deny list and limits hold as they do for Apply: a
// way back that costs or loses something is refused unless asked for. What
// cannot be brought back is listed in the steps' Loss.
func (x *Executor) Undo(ctx context.Context, r Receipt) (Receipt, error) {
	l, err := x.ledger(ctx)
	if err != nil {
		u := Receipt{Plan: r.Plan, Undoes: true, Started: x.now()}
		return x.end(u, err), err
	}
	u, err := x.undo(ctx, l, r)
	return u, errors.Join(err, x.finish(ctx, l, u))
}

func (x *Executor) undo(ctx context.Context, l *ledger, r Receipt) (Receipt, error) {
	u := Receipt{Plan: r.Plan, Undoes: true, Started: x.now()}
	var steps []Step
	for _, s := range slices.Backward(r.Steps) {
		if s.Outcome != OutcomeDone {
			continue
		}
		if !s.Step.Bound() {
			err := fmt.Errorf("posture: undo: %s on %s is not bound; see Receipt.Bind", s.Step.Kind.Name, s.Step.Target)
			return x.end(u, err), err
		}
		back, err := s.Step.act.reverse(s.Step)
		if err != nil {
			err = fmt.Errorf("posture: undo: %s on %s: %w", s.Step.Kind.Name, s.Step.Target, err)
			return x.end(u, err), err
		}
		steps = append(steps, back)
		u.Steps = append(u.Steps, StepReceipt{Step: back, Index: s.Index, Outcome: OutcomeSkipped})
	}
	if err := errors.Join(x.permitted(l, steps), x.affordable(steps)); err != nil {
		return x.end(u, err), err
	}
	run := execution{x: x, ledger: l, plan: r.Plan, undo: true, steps: u.Steps}
	var errs []error
	for i := range u.Steps {
		err := run.makeSo(ctx, i)
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

// affordable checks what a way back loses and costs. Its size is that of the way there.
func (x *Executor) affordable(steps []Step) error {
	t := tallyOf(nil)
	t.count(steps)
	switch {
	case t.losses > x.Limits.Irreversible:
		return &Refusal{Reason: ReasonLimit, Message: t.loss}
	case t.costs > 0 && !x.Limits.Cost:
		return &Refusal{Reason: ReasonLimit, Message: t.cost}
	}
	return nil
}

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
