// Package livetest holds in-memory stand-ins for what package live consumes: a
// queue that delivers out of order, again when a message is not deleted in
// time, and now and then twice; a bucket; a store. They know no permissions and
// no sizes, and time is that of package time, so that testing/synctest drives
// it.
package livetest

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"github.com/awsposture/posture/detective/trail"
	"github.com/awsposture/posture/detective/trail/live"
)

// Queue is a [live.Queue] in memory. The zero value is an empty queue that
// delivers in order. It is safe for concurrent use.
type Queue struct {
	Visibility  time.Duration // default 30 seconds
	Wait        time.Duration // of a Receive that finds nothing; default 20 seconds
	MaxReceives int           // a message delivered so often goes to the dead letters; zero: never
	Shuffle     *rand.Rand    // the order of delivery; nil: as sent
	Twice       float64       // the share of deliveries after which a message is not hidden

	mu   sync.Mutex
	all  []*queued
	sent int
	dead []live.Message
}

type queued struct {
	m      live.Message
	hidden time.Time // until then
}

// Send puts a message into the queue and returns its id.
func (q *Queue) Send(body []byte) string {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.sent++
	id := fmt.Sprintf("message-%d", q.sent)
	q.all = append(q.all, &queued{m: live.Message{ID: id, Body: bytes.Clone(body)}})
	return id
}

// Receive waits for messages that are not hidden.
func (q *Queue) Receive(ctx context.Context, limit int) ([]live.Message, error) {
	wait := q.Wait
	if wait <= 0 {
		wait = 20 * time.Second
	}
	for end := time.Now().Add(wait); ; {
		if ms := q.take(limit); len(ms) > 0 || !time.Now().Before(end) {
			return ms, nil
		}
		t := time.NewTimer(min(5*time.Second, time.Until(end)))
		select {
		case <-ctx.Done():
			t.Stop()
			return nil, ctx.Err()
		case <-t.C:
		}
	}
}

func (q *Queue) take(limit int) []live.Message {
	q.mu.Lock()
	defer q.mu.Unlock()
	now := time.Now()
	visible := func(x *queued) bool { return !now.Before(x.hidden) }
	q.all = slices.DeleteFunc(q.all, func(x *queued) bool {
		over := q.MaxReceives > 0 && x.m.Receives >= q.MaxReceives && visible(x)
		if over {
			q.dead = append(q.dead, x.m)
		}
		return over
	})
	var found []*queued
	for _, x := range q.all {
		if visible(x) {
			found = append(found, x)
		}
	}
	if q.Shuffle != nil {
		q.Shuffle.Shuffle(len(found), func(i, j int) { found[i], found[j] = found[j], found[i] })
	}
	var out []live.Message
	for _, x := range found[:min(len(found), limit)] {
		x.m.Receives++
		x.m.Receipt = fmt.Sprintf("%s/%d", x.m.ID, x.m.Receives)
		if q.Shuffle == nil || q.Shuffle.Float64() >= q.Twice {
			x.hidden = now.Add(q.visibility())
		}
		out = append(out, x.m)
	}
	return out
}

func (q *Queue) visibility() time.Duration {
	if q.Visibility > 0 {
		return q.Visibility
	}
	return 30 * time.Second
}

// Delete removes the message. As in SQS, the receipt of an earlier delivery is
// accepted and deletes nothing.
func (q *Queue) Delete(_ context.Context, m live.Message) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.all = slices.DeleteFunc(q.all, func(x *queued) bool { return x.m.Receipt == m.Receipt })
	return nil
}

// Extend hides the message for d from now on; with the receipt of an earlier
// delivery it is an error.
func (q *Queue) Extend(_ context.Context, m live.Message, d time.Duration) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, x := range q.all {
		if x.m.Receipt == m.Receipt {
			x.hidden = time.Now().Add(d)
			return nil
		}
	}
	return fmt.Errorf("livetest: the receipt %s is not of the last delivery", m.Receipt)
}

// Len is how many messages are in the queue, hidden ones included.
func (q *Queue) Len() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.all)
}

// Dead are the dead letters, in the order of their death.
func (q *Queue) Dead() []live.Message {
	q.mu.Lock()
	defer q.mu.Unlock()
	return slices.Clone(q.dead)
}

// Bucket holds objects by key, whatever bucket is named.
type Bucket map[string][]byte

// Open opens an object.
func (b Bucket) Open(_ context.Context, o trail.ObjectRef) (io.ReadCloser, error) {
	data, ok := b[o.Key]
	if !ok {
		return nil, &fs.PathError{Op: "open", Path: o.Key, Err: fs.ErrNotExist}
	}
	return io.NopCloser(bytes.NewReader(data)), nil
}

// Store is a [live.Store] in memory.
type Store struct {
	mu    sync.Mutex
	state []byte
	Saves int // how often it was written
}

// Load returns the last state.
func (s *Store) Load(context.Context) ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return bytes.Clone(s.state), nil
}

// Save replaces the state.
func (s *Store) Save(_ context.Context, state []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.state = bytes.Clone(state)
	s.Saves++
	return nil
}
