package posture

import (
	"context"
	"fmt"
	"runtime/debug"
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
	r.Started = time.Now()
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
	select {
	case a := <-answers:
		return r.finish(a.findings, a.err)
	case <-ctx.Done():
	}
	late := time.NewTimer(handover)
	defer late.Stop()
	select {
	case a := <-answers:
		// It returned because its context ended; say what ended it.
		if a.err != nil {
			a.err = context.Cause(ctx)
		}
		return r.finish(a.findings, a.err)
	case <-late.C:
		return r.finish(nil, context.Cause(ctx))
	}
}

func describe(e Evaluator) (r Result, err error) {
	defer recovered(&err)
	r.Control = e.Control()
	r.Place = e.Place()
	return r, nil
}

func recovered(err *error) {
	if p := recover(); p != nil {
		*err = &Cause{Kind: CausePanic, Message: fmt.Sprintf("panic: %v\n%s", p, debug.Stack())}
	}
}

// finish makes the result whole: no finding without control, place and
// severity, and never an empty list.
func (r Result) finish(fs []Finding, err error) Result {
	if !r.Started.IsZero() {
		r.Elapsed = time.Since(r.Started)
	}
	r.Err = err
	r.Findings = fs
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
