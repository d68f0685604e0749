package posture

import (
	"encoding/json"
	"fmt"
	"time"
)

// Outcome is how a plan, or one step of it, ended. The zero value is
// OutcomeUnknown: a success that was not observed is not claimed.
type Outcome uint8

// The outcomes.
const (
	OutcomeUnknown Outcome = iota // neither the state before nor the one wanted was seen
	OutcomeDone                   // written by us and read back
	OutcomeAlready                // it was so; nothing was written
	OutcomeRefused                // AWS or the executor refused; nothing was written
	OutcomeFailed                 // written or not, the state wanted was not seen
	OutcomePartial                // of a plan: some steps are done, others are not
	OutcomeSkipped                // of a step: not tried, because an earlier one did not end well
)

var outcomeWords = []string{"unknown", "done", "already-done", "refused", "failed", "partial", "skipped"}

// String gives the outcome's word as it stands in JSON.
func (o Outcome) String() string { return word(outcomeWords, int(o)) }

// MarshalText encodes the outcome as its word.
func (o Outcome) MarshalText() ([]byte, error) { return marshalWord("outcome", outcomeWords, int(o)) }

// UnmarshalText reads what MarshalText wrote.
func (o *Outcome) UnmarshalText(b []byte) error {
	return unmarshalWord("outcome", outcomeWords, b, o)
}

// Receipt is what became of a plan, step by step. It is what Undo takes.
type Receipt struct {
	Plan     string        // the plan's ID
	Undoes   bool          // the receipt of an undo
	Outcome  Outcome       // of the whole
	Steps    []StepReceipt // every step of the plan, in the order tried
	Started  time.Time
	Finished time.Time

	Rechecked []Finding // the plan's findings as judged again, where the executor was given how
	Rollback  *Receipt  // of Executor.UndoOnFailure
}

// StepReceipt is what became of one step.
type StepReceipt struct {
	Step    Step            `json:"step"`
	Index   int             `json:"index"` // in the plan
	Outcome Outcome         `json:"outcome"`
	Seen    json.RawMessage `json:"seen,omitempty"`  // the last state read, where it is neither before nor after
	Cause   *Cause          `json:"cause,omitempty"` // why it is not done
}

// Bind gives a decoded receipt's steps their clients, as Plan.Bind does.
func (r Receipt) Bind(bs ...Binding) (Receipt, error) {
	steps := make([]StepReceipt, len(r.Steps))
	for i, s := range r.Steps {
		bound, err := bindStep(s.Step, bs)
		if err != nil {
			return Receipt{}, fmt.Errorf("posture: receipt step %d, %s on %s: %w", i, s.Step.Kind.Name, s.Step.Target, err)
		}
		s.Step = bound
		steps[i] = s
	}
	r.Steps = steps
	return r, nil
}

type receiptJSON struct {
	Version  int           `json:"version"`
	Plan     string        `json:"plan"`
	Undoes   bool          `json:"undoes,omitempty"`
	Outcome  Outcome       `json:"outcome"`
	Steps    []StepReceipt `json:"steps"`
	Started  time.Time     `json:"started"`
	Finished time.Time     `json:"finished"`

	Rechecked []Finding `json:"rechecked,omitempty"`
	Rollback  *Receipt  `json:"rollback,omitempty"`
}

// MarshalJSON writes the public form with its version.
func (r Receipt) MarshalJSON() ([]byte, error) {
	return marshal(receiptJSON{formatVersion, r.Plan, r.Undoes, r.Outcome, listed(r.Steps), r.Started, r.Finished, r.Rechecked, r.Rollback})
}

// UnmarshalJSON reads what MarshalJSON wrote, with unbound steps. Another
// version or a member too many is an error.
func (r *Receipt) UnmarshalJSON(b []byte) error {
	if err := checkVersion("receipt", b); err != nil {
		return err
	}
	var in receiptJSON
	if err := strictly(b, &in); err != nil {
		return fmt.Errorf("posture: receipt: %w", err)
	}
	*r = Receipt{in.Plan, in.Undoes, in.Outcome, in.Steps, in.Started, in.Finished, in.Rechecked, in.Rollback}
	return nil
}

// settle gives the receipt its outcome from those of its steps.
func (r *Receipt) settle() {
	count := map[Outcome]int{}
	for _, s := range r.Steps {
		count[s.Outcome]++
	}
	n := len(r.Steps)
	switch {
	case count[OutcomeUnknown] > 0:
		r.Outcome = OutcomeUnknown
	case count[OutcomeAlready] == n:
		r.Outcome = OutcomeAlready
	case count[OutcomeDone]+count[OutcomeAlready] == n:
		r.Outcome = OutcomeDone
	case count[OutcomeDone] > 0:
		r.Outcome = OutcomePartial
	case count[OutcomeFailed] > 0:
		r.Outcome = OutcomeFailed
	default:
		r.Outcome = OutcomeRefused
	}
}
