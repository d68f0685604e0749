package posture

import (
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"iter"
	"sync"
	"time"
)

// Phase says what a journal entry tells.
type Phase string

// The phases. Of a step: intent, then one of the outcomes. Of a plan: planned
// when it was admitted, finished when its end was recorded.
const (
	PhasePlanned    Phase = "planned"
	PhaseIntent     Phase = "intent" // written before the call that it announces
	PhaseDone       Phase = "done"
	PhaseAlready    Phase = "already"
	PhaseDrift      Phase = "drift"
	PhaseRefused    Phase = "refused"
	PhaseFailed     Phase = "failed"
	PhaseUnknown    Phase = "unknown"
	PhaseFinished   Phase = "finished"
	PhaseCheckpoint Phase = "checkpoint" // signs all that stands before it
)

// Entry is one line of a journal. Each holds the hash of the one before it, so
// that an edit, a drop and a change of order are found.
type Entry struct {
	Seq       int       `json:"seq"` // from 1
	Prev      string    `json:"prev,omitempty"`
	Hash      string    `json:"hash"` // of all the other members
	Time      time.Time `json:"time"`
	Phase     Phase     `json:"phase"`
	Plan      string    `json:"plan,omitempty"`
	Undo      bool      `json:"undo,omitempty"` // the entry belongs to an undo of the plan
	Step      int       `json:"step"`           // index in the plan
	Body      *Step     `json:"body,omitempty"` // with an intent: the step as it is made
	Seen      string    `json:"seen,omitempty"` // hash of the state last seen
	Cause     *Cause    `json:"cause,omitempty"`
	Case      string    `json:"case,omitempty"`
	Caller    string    `json:"caller,omitempty"`
	Approvers []string  `json:"approvers,omitempty"`
	Signature []byte    `json:"signature,omitempty"` // of a checkpoint
}

// Journal keeps what an Executor is about to do and what became of it.
type Journal interface {
	// Append stores e durably before it returns. The entry follows the last one,
	// by Seq and Prev; one that does not was made by a second writer and must be refused
	// with ErrJournalBusy.
	Append(ctx context.Context, e Entry) error
	// Read gives the entries in order. After an error there are no more.
	Read(ctx context.Context) iter.Seq2[Entry, error]
}

// ErrJournalBusy is the error of an Append by a writer that is not the only one.
var ErrJournalBusy = errors.New("posture: the journal has another writer")

// sealed gives e its place behind last and its hash.
func (e Entry) sealed(last Entry) (Entry, error) {
	e.Seq, e.Prev, e.Hash = last.Seq+1, last.Hash, ""
	// Every member counts, also one that means nothing: it is the text that is chained.
	b, err := sorted(e)
	sum := sha256.Sum256(b)
	e.Hash = hex.EncodeToString(sum[:])
	return e, err
}

// follows checks that e stands behind last and is as it was written.
func (e Entry) follows(last Entry) error {
	want, err := e.sealed(last)
	switch {
	case err != nil:
		return err
	case e.Seq != want.Seq:
		return fmt.Errorf("posture: journal entry %d stands where entry %d must", e.Seq, want.Seq)
	case e.Prev != want.Prev:
		return fmt.Errorf("posture: journal entry %d does not follow the one before it", e.Seq)
	case e.Hash != want.Hash:
		return fmt.Errorf("posture: journal entry %d was changed", e.Seq)
	}
	return nil
}

// CheckJournal reads a journal to its end and reports the first entry that is
// wrong: out of place, changed, out of order of its phases, or a checkpoint that key did not sign. It returns the last entry's
// number and that of the last checkpoint; compare them with a number kept
// elsewhere to find a tail that was cut. With a nil key signatures are not checked.
func CheckJournal(ctx context.Context, j Journal, key ed25519.PublicKey) (last, signed int, err error) {
	var prev Entry
	intent := map[stepID]bool{}
	for e, err := range j.Read(ctx) {
		if err != nil {
			return prev.Seq, signed, err
		}
		if err := e.follows(prev); err != nil {
			return prev.Seq, signed, err
		}
		id := stepID{e.Plan, e.Undo, e.Step}
		switch e.Phase {
		case PhaseIntent:
			intent[id] = true
		case PhaseFailed, PhaseUnknown:
			if !intent[id] {
				return prev.Seq, signed, fmt.Errorf("posture: journal entry %d says %s of a step that was never announced", e.Seq, e.Phase)
			}
		case PhaseCheckpoint:
			if key != nil && !ed25519.Verify(key, checkpointText(prev), e.Signature) {
				return prev.Seq, signed, fmt.Errorf("posture: journal entry %d is a checkpoint that the key did not sign", e.Seq)
			}
			signed = e.Seq
		}
		prev = e
	}
	return prev.Seq, signed, nil
}

type stepID struct {
	plan string
	undo bool
	step int
}

// checkpointText is what a checkpoint behind last signs: through the chain of
// hashes, all that stands before it.
func checkpointText(last Entry) []byte {
	return fmt.Appendf(nil, "posture journal checkpoint\n%d\n%s\n", last.Seq, last.Hash)
}

// MemoryJournal keeps its entries in memory: for tests, and for changes that
// need not survive the process. The zero value is ready.
type MemoryJournal struct {
	mu      sync.Mutex
	entries []Entry
}

// Append implements Journal.
func (m *MemoryJournal) Append(_ context.Context, e Entry) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if e.Seq != len(m.entries)+1 {
		return ErrJournalBusy
	}
	m.entries = append(m.entries, e)
	return nil
}

// Read implements Journal.
func (m *MemoryJournal) Read(context.Context) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		m.mu.Lock()
		entries := m.entries
		m.mu.Unlock()
		for _, e := range entries {
			if !yield(e, nil) {
				return
			}
		}
	}
}
