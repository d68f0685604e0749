// Package memo makes a load happen once, however many ask at the same time or
// later, and remembers failures as well as values. A view is a snapshot because
// of it: AWS is asked each question once.
package memo

import (
	"context"
	"errors"
	"sync"

	"github.com/awsposture/posture"
)

// Value loads one T once. The zero value is ready.
type Value[T any] struct {
	mu   sync.Mutex
	call *call[T]
}

type call[T any] struct {
	done    chan struct{}
	cancel  context.CancelFunc
	waiters int

	value T
	err   error
}

// Get gives what load gave, value and error both, loading it at the first ask.
// The load runs in a goroutine of its own and is not bound to the ask that
// began it: when an asker's context ends only that asker leaves. When the last
// asker leaves before the end, the load is canceled and forgotten, and the next
// Get loads anew. A load that panics is an error, for everyone.
func (v *Value[T]) Get(ctx context.Context, load func(context.Context) (T, error)) (T, error) {
	v.mu.Lock()
	c := v.call
	if c == nil {
		if ctx.Err() != nil { // nobody would wait for it
			v.mu.Unlock()
			var none T
			return none, context.Cause(ctx)
		}
		c = v.start(ctx, load)
	}
	c.waiters++
	v.mu.Unlock()
	select {
	case <-c.done:
		return c.value, c.err
	default:
	}
	select {
	case <-c.done:
		return c.value, c.err
	case <-ctx.Done():
	}
	v.leave(c)
	var none T
	return none, context.Cause(ctx)
}

func (v *Value[T]) start(ctx context.Context, load func(context.Context) (T, error)) *call[T] {
	loadCtx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	c := &call[T]{done: make(chan struct{}), cancel: cancel}
	v.call = c
	go func() {
		defer cancel()
		defer close(c.done)
		c.err = errors.New("memo: the load ended without an answer") // a test's FailNow ends a goroutine so
		c.value, c.err = posture.Fact[T](load).Get(loadCtx, "load")  // which recovers a panic
	}()
	return c
}

func (v *Value[T]) leave(c *call[T]) {
	v.mu.Lock()
	defer v.mu.Unlock()
	c.waiters--
	select {
	case <-c.done: // it came to its end after all: keep it
		return
	default:
	}
	if c.waiters == 0 && v.call == c {
		v.call = nil
		c.cancel()
	}
}

// Map loads one T per key, once each. The zero value is ready.
type Map[K comparable, T any] struct {
	mu     sync.Mutex
	values map[K]*Value[T]
}

// Get is Value.Get for a key.
func (m *Map[K, T]) Get(ctx context.Context, key K, load func(context.Context) (T, error)) (T, error) {
	m.mu.Lock()
	v := m.values[key]
	if v == nil {
		if m.values == nil {
			m.values = map[K]*Value[T]{}
		}
		v = new(Value[T])
		m.values[key] = v
	}
	m.mu.Unlock()
	return v.Get(ctx, load)
}
