package posture

import (
	"context"
	"crypto"
	"crypto/rand"
	"sync"
	"time"
)

// checkpointEvery is how many entries stand between two signed checkpoints at most.
const checkpointEvery = 100

// ledger writes one run's entries to a journal, and knows what stood there
// before.
type ledger struct {
	journal Journal
	signer  crypto.Signer
	now     func() time.Time
	common  Entry // Case and Caller of every entry

	mu        sync.Mutex
	last      Entry
	unsigned  int
	latest    map[stepKey]Entry // the last entry of each step, of apply or undo
	announced map[string]bool   // plans with an intent
}

type stepKey struct {
	plan string
	step int
}

// openLedger reads the journal to its end; one that does not hold together is an error.
func openLedger(ctx context.Context, j Journal, signer crypto.Signer, now func() time.Time) (*ledger, error) {
	l := &ledger{journal: j, signer: signer, now: now, latest: map[stepKey]Entry{}, announced: map[string]bool{}}
	for e, err := range j.Read(ctx) {
		if err != nil {
			return nil, err
		}
		if err := e.follows(l.last); err != nil {
			return nil, err
		}
		l.note(e)
	}
	return l, nil
}

func (l *ledger) note(e Entry) {
	l.last = e
	l.unsigned++
	switch e.Phase {
	case PhaseCheckpoint:
		l.unsigned = 0
	case PhaseIntent:
		l.announced[e.Plan] = true
		l.latest[stepKey{e.Plan, e.Step}] = e
	case PhaseDone, PhaseAlready, PhaseDrift, PhaseRefused, PhaseFailed, PhaseUnknown:
		l.latest[stepKey{e.Plan, e.Step}] = e
	}
}

// before gives the last entry of a step.
func (l *ledger) before(plan string, step int) Entry {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.latest[stepKey{plan, step}]
}

// resumes tells whether the plan was begun, by this run or an earlier one.
func (l *ledger) resumes(plan string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.announced[plan]
}

func (l *ledger) append(ctx context.Context, e Entry) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if err := l.write(ctx, e); err != nil {
		return err
	}
	if l.unsigned >= checkpointEvery {
		return l.sign(ctx)
	}
	return nil
}

func (l *ledger) write(ctx context.Context, e Entry) error {
	e.Time, e.Case, e.Caller = l.now().UTC(), l.common.Case, l.common.Caller
	e, err := e.sealed(l.last)
	if err != nil {
		return err
	}
	if err := l.journal.Append(ctx, e); err != nil {
		return err
	}
	l.note(e)
	return nil
}

// sign puts a checkpoint behind the last entry.
func (l *ledger) sign(ctx context.Context) error {
	if l.signer == nil || l.unsigned == 0 {
		return nil
	}
	// ed25519 signs the message itself.
	signature, err := l.signer.Sign(rand.Reader, checkpointText(l.last), crypto.Hash(0))
	if err != nil {
		return err
	}
	return l.write(ctx, Entry{Phase: PhaseCheckpoint, Step: -1, Signature: signature})
}

func (l *ledger) close(ctx context.Context) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.sign(ctx)
}
