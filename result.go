package posture

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"
)

// Result is what one evaluator said. Findings is never empty: an error adds an
// Unknown finding, and so does an evaluator that says nothing.
type Result struct {
	Control  Control
	Place    Place
	Findings []Finding
	Err      error         // a *Cause once decoded
	Started  time.Time     // UTC; zero: it never was
	Elapsed  time.Duration // from its start to its end
}

// finish makes the result whole: no finding without control, place and
// severity, and never an empty list.
func (r Result) finish(fs []Finding, err error) Result {
	if !r.Started.IsZero() {
		r.Elapsed = time.Since(r.Started)
	}
	r.Err = err
	r.Findings = slices.Clone(fs) // the evaluator may keep its own
	here := r.Place.Resource(r.Control.Resource, "", "")
	if err != nil {
		r.Findings = append(r.Findings, r.Control.Unknown(here, err))
	}
	if len(r.Findings) == 0 {
		r.Findings = append(r.Findings, r.Control.Unknown(here, &Cause{Kind: CauseNoVerdict, Message: "the evaluator gave no verdict"}))
	}
	for i := range r.Findings {
		f := &r.Findings[i]
		if f.Control == "" {
			f.Control = r.Control.ID
		}
		if f.Severity == 0 {
			f.Severity = r.Control.Severity
		}
		if f.Resource == (Resource{}) {
			f.Resource = here
		}
		if f.Status == Unknown && f.Cause == nil {
			f.Cause = &Cause{Kind: CauseNoVerdict, Message: "the evaluator gave no cause"}
		}
	}
	return r
}

type resultJSON struct {
	Version  int           `json:"version"`
	Control  Control       `json:"control"`
	Place    Place         `json:"place"`
	Findings []Finding     `json:"findings"`
	Error    *Cause        `json:"error,omitempty"`
	Started  time.Time     `json:"started,omitzero"`
	Elapsed  time.Duration `json:"elapsedNanoseconds"`
}

// MarshalJSON writes the public form with its version. Err is written as its
// Cause.
func (r Result) MarshalJSON() ([]byte, error) {
	return marshal(resultJSON{formatVersion, r.Control, r.Place, listed(r.Findings), CauseOf(r.Err), r.Started, r.Elapsed})
}

// UnmarshalJSON reads what MarshalJSON wrote; Err becomes a *Cause. Another
// version is an error, and so is a finding that does not decode.
func (r *Result) UnmarshalJSON(b []byte) error {
	if err := checkVersion("result", b); err != nil {
		return err
	}
	var in resultJSON
	if err := json.Unmarshal(b, &in); err != nil {
		return fmt.Errorf("posture: result: %w", err)
	}
	*r = Result{Control: in.Control, Place: in.Place, Findings: in.Findings, Started: in.Started, Elapsed: in.Elapsed}
	if in.Error != nil {
		r.Err = in.Error
	}
	return nil
}
