package posture

import (
	"context"
	"errors"
	"fmt"
	"path"
	"runtime"
	"strings"
	"time"
)

type answer struct {
	findings []Finding
	err      error
}

// run evaluates in a goroutine of its own, so that one that hangs can be left
// behind.
func run(ctx context.Context, e Evaluator, timeout time.Duration) Result {
	r, err := describe(e)
	r.Started = time.Now().UTC()
	if err != nil {
		return r.finish(nil, err)
	}
	if timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, timeout, &Cause{Kind: CauseTimeout, Message: fmt.Sprintf("not done within %v", timeout)})
		defer cancel()
	}
	answers := make(chan answer, 1)
	go func() {
		var a answer
		defer func() { answers <- a }()
		defer recovered(&a.err)
		a.findings, a.err = e.Evaluate(ctx)
	}()
	var a answer
	select {
	case a = <-answers:
	case <-ctx.Done():
		late := time.NewTimer(handover)
		defer late.Stop()
		select {
		case a = <-answers:
		case <-late.C:
			a.err = ctx.Err()
		}
	}
	if a.err != nil && ctx.Err() != nil {
		// It returned because its context ended; say what ended it.
		a.err = ended(ctx)
	}
	return r.finish(a.findings, a.err)
}

// ended says why ctx ended. A reason of the caller's own is kept beside the kind
// of end, by which CauseOf knows it.
func ended(ctx context.Context) error {
	err := context.Cause(ctx)
	if _, isCause := errors.AsType[*Cause](err); isCause || errors.Is(err, ctx.Err()) {
		return err
	}
	return fmt.Errorf("%w: %w", ctx.Err(), err)
}

func describe(e Evaluator) (r Result, err error) {
	defer recovered(&err)
	r.Control = e.Control()
	r.Place = e.Place()
	return r, nil
}

func recovered(err *error) {
	if p := recover(); p != nil {
		*err = &Cause{Kind: CausePanic, Message: fmt.Sprintf("panic: %v, in %s", p, panicked())}
	}
}

// panicked names the function that panicked, its file and line. A whole stack
// would not do: findings are shown, stored and compared, and its addresses and
// paths are others on every run.
func panicked() string {
	pcs := make([]uintptr, 64)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(1, pcs)])
	for panicking := false; ; {
		f, more := frames.Next()
		switch {
		case f.Function == "runtime.gopanic":
			panicking = true
		case panicking && !strings.HasPrefix(f.Function, "runtime."):
			return fmt.Sprintf("%s (%s:%d)", f.Function, path.Base(f.File), f.Line)
		}
		if !more {
			return "an unknown place"
		}
	}
}
