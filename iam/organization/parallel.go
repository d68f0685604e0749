package organization

import (
	"context"
	"errors"
	"sync"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/internal/gate"
)

// parallel asks get for every item, several at once, and gives the answers in
// the items' order, those that failed as zero values, with every failure in one
// error. get makes its calls through the gate; the workers are as many as it lets
// through.
func parallel[T, R any](ctx context.Context, items []T, get func(context.Context, T) (R, error)) ([]R, error) {
	var (
		answers  = make([]R, len(items))
		failures = make([]error, len(items))
		next     = make(chan int)
		wg       sync.WaitGroup
	)
	for range min(gate.Size, len(items)) {
		wg.Go(func() {
			for i := range next {
				// A fact recovers a panic, which would end the program in this goroutine.
				ask := posture.Fact[R](func(ctx context.Context) (R, error) { return get(ctx, items[i]) })
				answers[i], failures[i] = ask.Get(ctx, "")
			}
		})
	}
	for i := range items {
		next <- i
	}
	close(next)
	wg.Wait()
	return answers, errors.Join(failures...)
}
