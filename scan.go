package posture

import (
	"context"
	"iter"
	"sync"
	"time"
)

// Evaluator judges one control at one place. It reads and never writes. An
// evaluator is a value: an exported struct whose zero parameters mean the
// documented defaults.
type Evaluator interface {
	// Control is the requirement judged, with the parameters it is judged with.
	// It never touches the view, so that a suite built on a nil view is a catalogue.
	Control() Control
	// Place is where it looks.
	Place() Place
	// Evaluate gives a finding per resource. An error beside findings means that
	// there was more to judge; what was judged stands.
	Evaluate(ctx context.Context) ([]Finding, error)
}

// ScanOptions are the options of Scan. The zero value, and nil, are the defaults.
type ScanOptions struct {
	// Concurrency is how many evaluators run at once. Default 8.
	Concurrency int
	// Timeout ends one evaluator; its verdict is then Unknown with CauseTimeout
	// beside what it had judged. Default 10 minutes, negative for none.
	Timeout time.Duration
	// Progress is called when an evaluator has ended, once for each and never
	// twice at once, but from other goroutines than the loop over the results.
	Progress func(done, total int, last Result)
}

// handover is how long a timed-out evaluator has to return what it had judged.
const handover = time.Second

// Scan runs the evaluators concurrently and yields one result each, in input
// order. It holds at most 4×Concurrency results that were not taken yet, so an
// evaluator that stalls keeps later ones from starting; ScanOptions.Timeout
// bounds how long. An evaluator that panics or overruns is Unknown with that
// cause and disturbs no other. When ctx is canceled, each evaluator not yet
// yielded is yielded at once as Unknown with CauseCanceled. Breaking out of the loop
// cancels what runs.
func Scan(ctx context.Context, evs []Evaluator, opts *ScanOptions) iter.Seq[Result] {
	var o ScanOptions
	if opts != nil {
		o = *opts
	}
	if o.Concurrency <= 0 {
		o.Concurrency = 8
	}
	if o.Timeout == 0 {
		o.Timeout = 10 * time.Minute
	}
	return func(yield func(Result) bool) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		rep := &reporter{call: o.Progress, total: len(evs)}
		defer rep.close()
		// A promise enters the queue before its evaluator starts, so the queue's
		// length, with the one the consumer waits for, bounds what is held.
		queue := make(chan *promise, 4*o.Concurrency-1)
		go dispatch(ctx, evs, o, queue, rep)
		drained := false
		for _, e := range evs {
			var p *promise
			if !drained {
				p = take(ctx, queue)
			}
			drained = p == nil // what was not promised when the cancel came, never will be
			r, ok := p.wait(ctx)
			if !ok {
				r = canceled(ctx, e)
				p.report(rep, r)
			}
			if !yield(r) {
				return
			}
		}
	}
}

func dispatch(ctx context.Context, evs []Evaluator, o ScanOptions, queue chan<- *promise, rep *reporter) {
	running := make(chan struct{}, o.Concurrency)
	for _, e := range evs {
		p := &promise{result: make(chan Result, 1)}
		select {
		case queue <- p:
		case <-ctx.Done():
			return
		}
		select {
		case running <- struct{}{}:
		case <-ctx.Done():
			return
		}
		go func() {
			r := run(ctx, e, o.Timeout)
			<-running
			// Counted before it is handed over: whoever has the last result has been told so.
			p.report(rep, r)
			p.result <- r
		}()
	}
}

func take(ctx context.Context, queue <-chan *promise) *promise {
	select {
	case p := <-queue:
		return p
	case <-ctx.Done():
	}
	select {
	case p := <-queue:
		return p
	default:
		return nil
	}
}

// promise is a result to come. A nil promise is one that nobody made.
type promise struct {
	result chan Result
	once   sync.Once
}

// wait gives the result, or false where the scan was canceled before it came.
func (p *promise) wait(ctx context.Context) (Result, bool) {
	if p == nil {
		return Result{}, false
	}
	select {
	case r := <-p.result:
		return r, true
	case <-ctx.Done():
	}
	select {
	case r := <-p.result:
		return r, true
	default:
		return Result{}, false
	}
}

// report counts an evaluator as ended, once: when it ends, or when the scan
// ends before it.
func (p *promise) report(rep *reporter, r Result) {
	if p == nil {
		rep.ended(r)
		return
	}
	p.once.Do(func() { rep.ended(r) })
}

type reporter struct {
	mu     sync.Mutex
	call   func(done, total int, last Result)
	done   int
	total  int
	closed bool
}

func (r *reporter) ended(last Result) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.call == nil || r.closed {
		return
	}
	r.done++
	r.call(r.done, r.total, last)
}

func (r *reporter) close() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.closed = true
}

func canceled(ctx context.Context, e Evaluator) Result {
	r, _ := describe(e)
	return r.finish(nil, ended(ctx))
}
