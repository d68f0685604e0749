package evidence

import (
	"context"
	"net"
	"os"
)

// Failure is a request that got no answer, or not all of it.
type Failure struct {
	// Kind is "error", "canceled", "deadline", "no-such-host" or "timeout". A word
	// that is none of these means "error".
	Kind    string `json:"kind"`
	Message string `json:"message"`
	// Sent tells that the HTTP client failed, not something before or behind it.
	Sent bool `json:"sent,omitempty"`
}

// recorded is the error that a replay gives for a failure. Verdicts depend on
// its kind and message.
type recorded struct{ f Failure }

func (e *recorded) Error() string { return e.f.Message }

func (e *recorded) Unwrap() error {
	switch e.f.Kind {
	case "canceled":
		return context.Canceled
	case "deadline":
		return context.DeadlineExceeded
	case "no-such-host":
		return &net.DNSError{Err: e.f.Message, IsNotFound: true}
	case "timeout":
		return os.ErrDeadlineExceeded // a net.Error whose Timeout is true
	}
	return nil
}

// decided tells the SDK's retryer whether an attempt was followed by another
// when it was recorded.
type decided struct {
	error
	again bool
}

func (e *decided) Unwrap() error        { return e.error }
func (e *decided) RetryableError() bool { return e.again }
