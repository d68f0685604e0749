package live

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"
	"sync"
	"time"

	"github.com/awsposture/posture/detective/trail"
	"github.com/awsposture/posture/detective/trail/rule"
)

// Run works until stop is closed, which stores the state and deletes what is
// done, or until the context ends or something fails that a new run may mend:
// the queue's Receive, Alert, or the Store. A nil stop never stops. What was
// not deleted comes again.
func (c *Consumer) Run(ctx context.Context, stop <-chan struct{}) error {
	if c.Queue == nil || c.Rules == nil || c.Alert == nil {
		return errors.New("live: a consumer needs a Queue, Rules and Alert")
	}
	w := &worker{c: c.withDefaults()}
	w.engine, w.dedupe = c.Rules.Engine(&w.c.Engine), &trail.Dedupe{Max: w.c.MaxEvents}
	var speak sync.Mutex
	report := w.c.Report
	w.c.Report = func(p Problem) {
		speak.Lock()
		defer speak.Unlock()
		report(p)
	}
	if err := w.restore(ctx); err != nil {
		return err
	}
	// What runs beside ends with the run.
	var beside sync.WaitGroup
	inner, cancel := context.WithCancel(ctx)
	defer beside.Wait()
	defer cancel()
	w.keep = &keeper{queue: w.c.Queue, visibility: w.c.Visibility, report: w.c.Report, held: map[string]*holding{}}
	beside.Go(func() { w.keep.run(inner) })
	// Stopping interrupts the wait for messages, not the work on them.
	waiting, wake := context.WithCancel(inner)
	beside.Go(func() {
		select {
		case <-stop:
			wake()
		case <-inner.Done():
		}
	})
	stopped := func() bool {
		select {
		case <-stop:
			return true
		default:
			return waiting.Err() != nil
		}
	}
	return w.loop(ctx, waiting, stopped)
}

// worker is one run.
type worker struct {
	c      Consumer
	engine *rule.Engine
	dedupe *trail.Dedupe
	keep   *keeper
	done   []Message // judged, waiting for the state to be stored
	stored time.Time // the last time
	dirty  bool      // the state changed since
	stats  Stats
}

func (w *worker) loop(ctx, waiting context.Context, stopped func() bool) error {
	w.stored = w.c.Now()
	quiet := w.stored
	for !stopped() {
		ms, err := w.c.Queue.Receive(waiting, min(10, w.c.MaxHeld))
		if err != nil && waiting.Err() == nil {
			return fmt.Errorf("live: receive: %w", err)
		}
		// All are hidden for as long as the first of them takes.
		w.keep.add(ms)
		for _, m := range ms {
			if err := w.message(ctx, m); err != nil {
				return err
			}
		}
		now := w.c.Now()
		if len(ms) > 0 {
			quiet = now
		} else if now.Sub(quiet) >= w.c.Idle {
			if err := w.idle(ctx, now); err != nil {
				return err
			}
			quiet = now
		}
		if len(ms) == 0 || len(w.done) >= w.c.MaxHeld || now.Sub(w.stored) >= w.c.StoreEvery {
			if err := w.settle(ctx); err != nil {
				return err
			}
		}
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return w.settle(ctx)
}

// idle closes windows by the clock.
func (w *worker) idle(ctx context.Context, now time.Time) error {
	hits := w.engine.Advance(now.Add(-w.c.Engine.Lateness))
	w.dirty = w.dirty || len(hits) > 0
	return w.alert(ctx, hits)
}

func (w *worker) alert(ctx context.Context, hits []rule.Hit) error {
	for _, h := range hits {
		if err := w.c.Alert(ctx, h); err != nil {
			return fmt.Errorf("live: alert %s of rule %s: %w", h.ID, h.Rule, err)
		}
		w.stats.Alerts++
	}
	return nil
}

// settle stores the state, then deletes the messages that it counts.
func (w *worker) settle(ctx context.Context) error {
	w.stored = w.c.Now()
	if len(w.done) == 0 && !w.dirty {
		return nil
	}
	if w.c.Store != nil {
		var b bytes.Buffer
		err := w.save(&b)
		if err == nil {
			err = w.c.Store.Save(ctx, b.Bytes())
		}
		if err != nil {
			return fmt.Errorf("live: storing the state: %w", err)
		}
		w.stats.Stored++
	}
	w.dirty = false
	for _, m := range w.done {
		w.keep.drop(m)
		if err := w.c.Queue.Delete(ctx, m); err != nil {
			// It comes again, and its events are passed over.
			w.c.Report(Problem{Message: m, Err: fmt.Errorf("live: delete: %w", err)})
		}
	}
	w.done = w.done[:0]
	w.stats.Late, w.stats.Dropped = w.engine.Late, w.engine.Dropped
	w.c.Progress(w.stats)
	return nil
}

// message judges one message. An error ends the run; what is wrong with the
// message itself is reported.
func (w *worker) message(ctx context.Context, m Message) error {
	refs, events, err := decode(m.Body)
	bad := err
	fail := func(ref trail.ObjectRef, err error) {
		w.c.Report(Problem{m, ref, err})
		bad = err
	}
	if err != nil {
		fail(trail.ObjectRef{}, err)
	}
	for _, e := range events {
		if w.dedupe.Seen(e) {
			continue
		}
		if err := w.judge(ctx, e); err != nil {
			return err
		}
	}
	for _, ref := range refs {
		for e, err := range w.read(ctx, ref) {
			if cerr := ctx.Err(); cerr != nil {
				return cerr
			}
			if err != nil {
				fail(ref, err)
				continue
			}
			if err := w.judge(ctx, e); err != nil {
				return err
			}
		}
	}
	w.stats.Duplicates = w.dedupe.Dropped
	if bad != nil {
		w.stats.Failed++
		w.keep.drop(m)
		return nil
	}
	w.stats.Messages++
	// The queue may have delivered it twice; both are deleted.
	m.Body = nil
	w.done = append(w.done, m)
	return nil
}

func (w *worker) judge(ctx context.Context, e *trail.Event) error {
	w.stats.Events++
	w.dirty = true
	return w.alert(ctx, w.engine.Event(e))
}

// read is the events of an object that were not judged before.
func (w *worker) read(ctx context.Context, ref trail.ObjectRef) iter.Seq2[*trail.Event, error] {
	return func(yield func(*trail.Event, error) bool) {
		if w.c.Open == nil {
			yield(nil, errors.New("live: the message names an object, and the consumer has no Open"))
			return
		}
		if _, err := trail.ParseKey(ref.Key); err != nil {
			// CloudTrail would not have named it so. It may still be read.
			w.c.Report(Problem{Object: ref, Err: err})
		}
		for e, err := range trail.Read(ctx, one(ref, w.c.Open), &trail.ReadOptions{Dedupe: w.dedupe, MaxInflated: w.c.MaxInflated}) {
			if !yield(e, err) {
				return
			}
		}
	}
}
