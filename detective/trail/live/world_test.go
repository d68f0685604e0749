package live_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/awsposture/posture/detective/trail"
	"github.com/awsposture/posture/detective/trail/live"
	"github.com/awsposture/posture/detective/trail/live/livetest"
	"github.com/awsposture/posture/detective/trail/rule"
)

// set is rules of every kind: of one event, with windows, in order, first seen.
func set(t *testing.T) *rule.Set {
	t.Helper()
	on := func(n string) rule.Expr { return rule.Eq("eventName", n) }
	s, err := rule.Compile([]rule.Rule{
		{ID: "stop", Expr: on("StopLogging")},
		{ID: "many", Expr: on("GetObject"), Correlate: &rule.Correlation{Kind: rule.Count, GroupBy: []string{"userIdentity.userName"}, Within: 5 * time.Minute, Want: rule.AtLeast(3)}},
		{ID: "a", Silent: true, Expr: on("CreateUser")},
		{ID: "b", Silent: true, Expr: on("CreateAccessKey")},
		{ID: "then", Correlate: &rule.Correlation{
			Kind: rule.Ordered, Rules: []string{"a", "b"}, GroupBy: []string{"userIdentity.userName"}, Within: 10 * time.Minute,
			Steps: []rule.Step{{All: []string{"a"}}, {All: []string{"b"}}},
		}},
		{ID: "new", Expr: on("CreateUser"), Correlate: &rule.Correlation{Kind: rule.FirstSeen, GroupBy: []string{"userIdentity.userName"}, Within: 24 * time.Hour}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func event(id int, at time.Time, name, user string) string {
	return fmt.Sprintf(`{"eventVersion":"1.11","eventID":"%08d-0000-4000-8000-000000000000","eventTime":%q,"eventSource":"iam.amazonaws.com","eventName":%q,"recipientAccountId":"111122223333","userIdentity":{"type":"IAMUser","userName":%q}}`,
		id, at.UTC().Format(time.RFC3339), name, user)
}

func logKey(n int) string {
	return fmt.Sprintf("AWSLogs/111122223333/CloudTrail/us-east-1/2000/01/01/111122223333_CloudTrail_us-east-1_20000101T0000Z_%016d.json.gz", n)
}

func logFile(t *testing.T, events []string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write([]byte(`{"Records":[` + strings.Join(events, ",") + `]}`)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func notification(keys ...string) []byte {
	var rs []string
	for _, k := range keys {
		rs = append(rs, fmt.Sprintf(`{"eventName":"ObjectCreated:Put","s3":{"bucket":{"name":"example-trail"},"object":{"key":%q}}}`, strings.ReplaceAll(k, "=", "%3D")))
	}
	return []byte(`{"Records":[` + strings.Join(rs, ",") + `]}`)
}

func envelope(event string) []byte {
	return []byte(`{"version":"0","detail-type":"AWS API Call via CloudTrail","source":"aws.iam","detail":` + event + `}`)
}

// world is what outlives a crash: the queue, the bucket, the store and whoever
// hears the alerts. Every call into it is counted, so that the process can be
// killed at any of them, before or after it took effect.
type world struct {
	*livetest.Queue
	bucket livetest.Bucket
	store  livetest.Store

	mu     sync.Mutex
	calls  int
	kinds  []string // what was called
	killAt int
	after  bool // killed after the effect
	kill   context.CancelFunc
	killed bool

	alerts   map[string]int // final ones, with their evidence
	problems []live.Problem
	stats    live.Stats
}

type problem = live.Problem

var errKilled = errors.New("killed")

// do runs one call, or kills.
func (w *world) do(kind string, effect func() error) error {
	w.mu.Lock()
	w.calls++
	w.kinds = append(w.kinds, kind)
	dead, now := w.killed, w.calls == w.killAt
	w.killed = w.killed || now
	w.mu.Unlock()
	if dead || now && !w.after {
		if now {
			w.kill()
		}
		return errKilled
	}
	err := effect()
	if now {
		w.kill()
		return errKilled
	}
	return err
}

func (w *world) Receive(ctx context.Context, n int) (ms []live.Message, err error) {
	err = w.do("receive", func() (err error) { ms, err = w.Queue.Receive(ctx, n); return })
	return ms, err
}

func (w *world) Delete(ctx context.Context, m live.Message) error {
	return w.do("delete", func() error { return w.Queue.Delete(ctx, m) })
}

func (w *world) Extend(ctx context.Context, m live.Message, d time.Duration) error {
	return w.do("extend", func() error { return w.Queue.Extend(ctx, m, d) })
}

func (w *world) Load(ctx context.Context) (b []byte, err error) {
	err = w.do("load", func() (err error) { b, err = w.store.Load(ctx); return })
	return b, err
}

func (w *world) Save(ctx context.Context, b []byte) error {
	return w.do("save", func() error { return w.store.Save(ctx, b) })
}

func (w *world) consumer(s *rule.Set) *live.Consumer {
	return &live.Consumer{
		Queue: w, Store: w, Rules: s,
		Open: func(ctx context.Context, o trail.ObjectRef) (rc io.ReadCloser, err error) {
			time.Sleep(12 * time.Second) // long enough for what waits to be hidden anew
			err = w.do("open", func() (err error) { rc, err = w.bucket.Open(ctx, o); return })
			return rc, err
		},
		Alert: func(_ context.Context, h rule.Hit) error {
			return w.do("alert", func() error {
				if !h.Early {
					w.alerts[show(h)]++
				}
				return nil
			})
		},
		Report:   func(p live.Problem) { w.problems = append(w.problems, p) },
		Progress: func(s live.Stats) { w.stats = s },
		Engine:   rule.Options{Lateness: 40 * time.Minute},
		MaxHeld:  4, StoreEvery: 10 * time.Second,
	}
}

func show(h rule.Hit) string {
	var ids []string
	for _, e := range h.Events {
		ids = append(ids, e.ID)
	}
	return h.ID + " " + h.Rule + " " + strings.Join(h.Group, ",") + " " + strings.Join(ids, " ")
}

// run runs the consumer for so long, or until it is killed.
func (w *world) run(t *testing.T, s *rule.Set, d time.Duration) error {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	w.mu.Lock()
	w.kill, w.killed = cancel, false
	w.mu.Unlock()
	stop := make(chan struct{})
	timer := time.AfterFunc(d, func() { close(stop) })
	defer timer.Stop()
	return w.consumer(s).Run(ctx, stop)
}

// story fills a world: files of a few events each, events that come by
// EventBridge, events that come twice, a message that is nothing, a file that
// is cut off and a file that is not there.
func story(t *testing.T, seed uint64) *world {
	t.Helper()
	r := rand.New(rand.NewPCG(seed, 1))
	w := &world{
		Queue:  &livetest.Queue{Shuffle: r, Twice: 0.1, MaxReceives: 30},
		bucket: livetest.Bucket{}, alerts: map[string]int{},
	}
	start := time.Now() // the bubble's clock
	var events []string
	for i := range 40 {
		at := start.Add(time.Duration(r.IntN(1800)) * time.Second)
		name := []string{"GetObject", "GetObject", "GetObject", "CreateUser", "CreateAccessKey", "StopLogging", "ListUsers"}[r.IntN(7)]
		events = append(events, event(i, at, name, fmt.Sprintf("user%d", r.IntN(3))))
	}
	for n, i := 0, 0; i < len(events); n++ {
		k := min(1+r.IntN(5), len(events)-i)
		part := events[i : i+k]
		i += k
		if k == 1 {
			w.Send(envelope(part[0]))
			continue
		}
		w.bucket[logKey(n)] = logFile(t, part)
		w.Send(notification(logKey(n)))
		if r.IntN(3) == 0 { // two trails record the same
			w.bucket[logKey(1000+n)] = logFile(t, part[:1])
			w.Send(notification(logKey(1000+n), logKey(n)))
		}
	}
	cut := logFile(t, []string{event(900, start, "StopLogging", "eve"), event(901, start, "ListUsers", strings.Repeat("x", 200))})
	w.bucket[logKey(900)] = cut[:len(cut)-12]
	w.Send([]byte(`{"this":"is nothing"}`))
	w.Send(notification(logKey(900)))
	w.Send(notification(logKey(901)))
	return w
}

func (w *world) found() []string { return slices.Sorted(maps.Keys(w.alerts)) }
