package posture

import (
	"encoding/json"
	"errors"
	"fmt"
)

// ErrDrift is wrapped by the error of an Apply or Undo that found a target in
// neither of the states it may be in. Nothing was written to that target, unless
// the step's outcome is OutcomeUnknown: then it was found so after our write.
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
