package live

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// keeper hides the messages that are worked on or wait to be deleted, again
// and again before the queue would deliver them anew.
type keeper struct {
	queue      Queue
	visibility time.Duration
	report     func(Problem)

	mu   sync.Mutex
	held map[string]*holding // by receipt
}

// holding is a message and since when it is hidden.
type holding struct {
	m     Message
	since time.Time
}

func (k *keeper) add(ms []Message) {
	k.mu.Lock()
	defer k.mu.Unlock()
	now := time.Now()
	for _, m := range ms {
		m.Body = nil
		k.held[m.Receipt] = &holding{m, now}
	}
}

func (k *keeper) drop(m Message) {
	k.mu.Lock()
	defer k.mu.Unlock()
	delete(k.held, m.Receipt)
}

func (k *keeper) holds(m Message) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	_, ok := k.held[m.Receipt]
	return ok
}

// due are the messages of which a third of the time is over, counted as hidden
// from now on.
func (k *keeper) due() []Message {
	k.mu.Lock()
	defer k.mu.Unlock()
	var ms []Message
	for _, h := range k.held {
		if now := time.Now(); now.Sub(h.since) >= k.visibility/3 {
			ms = append(ms, h.m)
			h.since = now
		}
	}
	return ms
}

// run extends what is held until the context ends.
func (k *keeper) run(ctx context.Context) {
	tick := time.NewTicker(k.visibility / 4)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		for _, m := range k.due() {
			if err := k.queue.Extend(ctx, m, k.visibility); err != nil && ctx.Err() == nil && k.holds(m) {
				// It may be delivered again, which costs time and no more.
				k.report(Problem{Message: m, Err: fmt.Errorf("live: extend: %w", err)})
			}
		}
	}
}
