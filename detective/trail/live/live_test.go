package live_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/awsposture/posture/detective/trail"
	"github.com/awsposture/posture/detective/trail/live"
	"github.com/awsposture/posture/detective/trail/live/livetest"
	"github.com/awsposture/posture/detective/trail/rule"
)

// TestRestartIsNoRestart stops the consumer again and again: every alert comes
// once, though a message that cannot be read in whole is delivered all the time.
func TestRestartIsNoRestart(t *testing.T) {
	for seed := range uint64(5) {
		var want map[string]int
		synctest.Test(t, func(t *testing.T) {
			w := story(t, seed)
			if err := w.run(t, set(t), whole); err != nil {
				t.Fatal(err)
			}
			want = w.alerts
		})
		synctest.Test(t, func(t *testing.T) {
			w := story(t, seed)
			for range 40 {
				if err := w.run(t, set(t), 47*time.Second); err != nil {
					t.Fatal(err)
				}
			}
			w.restart(t, whole)
			for a, n := range w.alerts {
				if n != 1 {
					t.Errorf("%d times %s", n, a)
				}
			}
			if len(w.alerts) != len(want) {
				t.Errorf("%d alerts, want %d", len(w.alerts), len(want))
			}
		})
	}
}

// slow is a bucket whose objects take their time.
type slow struct {
	livetest.Bucket
	d time.Duration
}

func (s slow) Open(ctx context.Context, o trail.ObjectRef) (io.ReadCloser, error) {
	time.Sleep(s.d)
	return s.Bucket.Open(ctx, o)
}

func TestHiddenWhileWorkedOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := &inFlight{Queue: &livetest.Queue{}}
		b := slow{livetest.Bucket{logKey(1): logFile(t, []string{event(1, time.Now(), "StopLogging", "mira")})}, 10 * time.Minute}
		for range 3 {
			q.Send(notification(logKey(1)))
		}
		alerts := 0
		stop := make(chan struct{})
		time.AfterFunc(time.Hour, func() { close(stop) })
		var stats live.Stats
		c := &live.Consumer{
			Queue: q, Open: b.Open, Rules: set(t), Report: func(p live.Problem) { t.Errorf("%+v", p) }, Progress: func(s live.Stats) { stats = s },
			Alert: func(context.Context, rule.Hit) error { alerts++; return nil },
		}
		if err := c.Run(t.Context(), stop); err != nil {
			t.Fatal(err)
		}
		// Three messages of ten minutes each, in one batch, each delivered once.
		if want := (live.Stats{Messages: 3, Events: 1, Duplicates: 2, Alerts: 1}); stats != want || alerts != 1 || q.Len() != 0 {
			t.Errorf("%+v, %d alerts, %d left", stats, alerts, q.Len())
		}
		// Thirty minutes of work, hidden for thirty seconds at a time.
		if q.extended < 3*60 || q.extended > 3*180 {
			t.Errorf("%d calls to extend", q.extended)
		}
	})
}

// TestSameEventTwice: by EventBridge twice and by a file, it is one event.
func TestSameEventTwice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		one := event(1, time.Now(), "StopLogging", "mira")
		q, b := &livetest.Queue{}, livetest.Bucket{logKey(1): logFile(t, []string{one})}
		q.Send(envelope(one))
		q.Send(envelope(one))
		q.Send(notification(logKey(1)))
		var stats live.Stats
		stop := make(chan struct{})
		time.AfterFunc(time.Minute, func() { close(stop) })
		alerts := 0
		c := &live.Consumer{
			Queue: q, Open: b.Open, Rules: set(t), Progress: func(s live.Stats) { stats = s },
			Alert: func(context.Context, rule.Hit) error { alerts++; return nil },
		}
		if err := c.Run(t.Context(), stop); err != nil {
			t.Fatal(err)
		}
		if want := (live.Stats{Messages: 3, Events: 1, Duplicates: 2, Alerts: 1}); stats != want || alerts != 1 {
			t.Errorf("%+v, %d alerts", stats, alerts)
		}
	})
}

// inFlight notes how many messages are out at once.
type inFlight struct {
	*livetest.Queue
	out, most, received, extended int
}

func (q *inFlight) Extend(ctx context.Context, m live.Message, d time.Duration) error {
	q.extended++
	return q.Queue.Extend(ctx, m, d)
}

func (q *inFlight) Receive(ctx context.Context, n int) ([]live.Message, error) {
	ms, err := q.Queue.Receive(ctx, n)
	q.received += len(ms)
	q.out += len(ms)
	q.most = max(q.most, q.out)
	return ms, err
}

func (q *inFlight) Delete(ctx context.Context, m live.Message) error {
	q.out--
	return q.Queue.Delete(ctx, m)
}

func TestBackPressure(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := &inFlight{Queue: &livetest.Queue{}}
		for i := range 500 {
			q.Send(envelope(event(i, time.Now(), "StopLogging", "mira")))
		}
		stop := make(chan struct{})
		time.AfterFunc(30*time.Minute, func() { close(stop) })
		c := &live.Consumer{
			Queue: q, Rules: set(t), MaxHeld: 30, StoreEvery: time.Hour,
			Alert: func(context.Context, rule.Hit) error { time.Sleep(20 * time.Second); return nil }, // a pager that is slow
		}
		if err := c.Run(t.Context(), stop); err != nil {
			t.Fatal(err)
		}
		if q.most > 40 || q.received < 60 || q.received > 110 {
			t.Errorf("%d received, %d at once", q.received, q.most)
		}
	})
}

// TestStoredWhileBusy: a queue that is never empty does not keep the state from
// being stored.
func TestStoredWhileBusy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := &livetest.Queue{}
		for i := range 500 {
			q.Send(envelope(event(i, time.Now(), "StopLogging", "mira")))
		}
		ctx, kill := context.WithCancel(t.Context())
		time.AfterFunc(10*time.Minute, kill)
		store := &livetest.Store{}
		c := &live.Consumer{
			Queue: q, Rules: set(t), StoreEvery: time.Minute, Store: store,
			Alert: func(context.Context, rule.Hit) error { time.Sleep(time.Second); return nil },
		}
		if err := c.Run(ctx, nil); !errors.Is(err, context.Canceled) || store.Saves < 7 || store.Saves > 10 {
			t.Errorf("stored %d times in ten minutes: %v", store.Saves, err)
		}
	})
}

func TestWhatEndsARun(t *testing.T) {
	broken := errors.New("broken")
	for name, spoil := range map[string]func(*world, *live.Consumer){
		"live: alert": func(_ *world, c *live.Consumer) { c.Alert = func(context.Context, rule.Hit) error { return broken } },
		"live: receive": func(w *world, c *live.Consumer) {
			c.Queue = failing{w.Queue, broken}
		},
		"live: storing the state": func(_ *world, c *live.Consumer) { c.Store = badStore{save: broken} },
		"live: loading the state": func(_ *world, c *live.Consumer) { c.Store = badStore{load: broken} },
	} {
		synctest.Test(t, func(t *testing.T) {
			w := story(t, 1)
			n := w.Len()
			c := w.consumer(set(t))
			spoil(w, c)
			err := c.Run(t.Context(), nil)
			if !errors.Is(err, broken) || !strings.HasPrefix(err.Error(), name) {
				t.Errorf("%s: %v", name, err)
			}
			if w.Len() != n {
				t.Errorf("%s: %d of %d messages are left", name, w.Len(), n)
			}
		})
	}
	if err := new(live.Consumer).Run(t.Context(), nil); err == nil {
		t.Error("an empty consumer ran")
	}
}

type failing struct {
	*livetest.Queue
	err error
}

func (f failing) Receive(context.Context, int) ([]live.Message, error) { return nil, f.err }

type badStore struct{ load, save error }

func (s badStore) Load(context.Context) ([]byte, error) { return nil, s.load }
func (s badStore) Save(context.Context, []byte) error   { return s.save }

func ExampleConsumer() {
	set, err := rule.Compile([]rule.Rule{{ID: "logging-stopped", Title: "Logging stopped", Expr: rule.Eq("eventName", "StopLogging")}})
	if err != nil {
		fmt.Println(err)
	}
	queue := &livetest.Queue{Wait: time.Millisecond}
	queue.Send([]byte(`{"detail-type":"AWS API Call via CloudTrail","detail":{"eventVersion":"1.11","eventID":"1","eventTime":"2026-03-01T10:00:00Z","eventSource":"cloudtrail.amazonaws.com","eventName":"StopLogging"}}`))
	queue.Send([]byte(`not an event`))
	stop := make(chan struct{})
	c := &live.Consumer{
		Queue: queue, Rules: set, Store: &livetest.Store{},
		Alert: func(_ context.Context, h rule.Hit) error {
			fmt.Println("alert:", h.Title, h.Events[0].Time.Format(time.RFC3339))
			return nil
		},
		Report:   func(p live.Problem) { fmt.Printf("%s: %v\n", p.Message.ID, p.Err) },
		Progress: func(s live.Stats) { fmt.Println("messages:", s.Messages, "failed:", s.Failed); close(stop) },
	}
	if err := c.Run(context.Background(), stop); err != nil {
		fmt.Println(err)
	}
	// Output:
	// alert: Logging stopped 2026-03-01T10:00:00Z
	// message-2: live: no notification of S3, SNS or CloudTrail, no EventBridge event and no CloudTrail record
	// messages: 1 failed: 1
}
