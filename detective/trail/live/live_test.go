package live_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
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

// TestDamagedState: any damage is seen, and a rule that is gone is told.
func TestDamagedState(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := story(t, 1)
		if err := w.run(t, set(t), 10*time.Minute); err != nil {
			t.Fatal(err)
		}
		state, err := w.store.Load(t.Context())
		if err != nil || len(state) < 100 {
			t.Fatal(len(state), err)
		}
		try := func(b []byte, s *rule.Set) (told []string, err error) {
			c := w.consumer(s)
			c.Report = func(p live.Problem) { told = append(told, p.Err.Error()) }
			store := &livetest.Store{}
			if err := store.Save(t.Context(), b); err != nil {
				t.Fatal(err)
			}
			c.Store = store
			stop := make(chan struct{})
			close(stop)
			err = c.Run(t.Context(), stop)
			return told, err
		}
		if told, err := try(state, set(t)); err != nil || told != nil {
			t.Fatal(err, told)
		}
		for i := 0; i < len(state); i += 7 {
			flipped := bytes.Clone(state)
			flipped[i] ^= 0x40
			if _, err := try(flipped, set(t)); err == nil {
				t.Errorf("byte %d was changed and nobody saw", i)
			}
			if _, err := try(append([]byte{}, state[:i]...), set(t)); err == nil {
				t.Errorf("%d bytes of %d were accepted", i, len(state))
			}
		}
		few, err := rule.Compile(set(t).Rules()[:2])
		if err != nil {
			t.Fatal(err)
		}
		told, err := try(state, few)
		if err != nil || len(told) != 2 || !strings.Contains(strings.Join(told, " "), `"then"`) {
			t.Errorf("%v %q", err, told)
		}
	})
}

func TestFile(t *testing.T) {
	f := live.File(filepath.Join(t.TempDir(), "state"))
	if b, err := f.Load(t.Context()); b != nil || err != nil {
		t.Errorf("%q %v", b, err)
	}
	for _, text := range []string{"one", "two"} {
		if err := f.Save(t.Context(), []byte(text)); err != nil {
			t.Fatal(err)
		}
		if b, err := f.Load(t.Context()); string(b) != text || err != nil {
			t.Errorf("%q %v", b, err)
		}
	}
	if files, err := os.ReadDir(filepath.Dir(string(f))); len(files) != 1 || err != nil {
		t.Errorf("%v %v", files, err)
	}
	if err := live.File(filepath.Join(t.TempDir(), "none", "state")).Save(t.Context(), nil); err == nil {
		t.Error("a directory that is not there")
	}
}

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
