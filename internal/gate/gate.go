// Package gate bounds how many calls a view has under way at once: the quota it
// reads under is the account's own, shared with production.
package gate

import (
	"context"
	"sync"
)

// Size is how many calls pass at once.
const Size = 4

// Gate lets Size calls through at a time. The zero value is ready.
type Gate struct {
	once  sync.Once
	slots chan struct{}
}

// Do runs call when there is room, or gives the reason why ctx ended first.
func Do[T any](ctx context.Context, g *Gate, call func(context.Context) (T, error)) (T, error) {
	g.once.Do(func() { g.slots = make(chan struct{}, Size) })
	var none T
	if ctx.Err() != nil { // select would choose by chance
		return none, context.Cause(ctx)
	}
	select {
	case g.slots <- struct{}{}:
		defer func() { <-g.slots }()
		return call(ctx)
	case <-ctx.Done():
		return none, context.Cause(ctx)
	}
}
