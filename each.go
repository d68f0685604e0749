package posture

import (
	"context"
	"fmt"
	"slices"
	"sync"
)

// Fact is something a view needs from elsewhere: another service, another
// account, the caller's own records.
type Fact[T any] func(context.Context) (T, error)

// Get asks for the fact. name says what it is; without the fact the error is a
// Cause of kind CauseNotProvided that carries it. A fact that panics is a Cause
// of kind CausePanic.
func (f Fact[T]) Get(ctx context.Context, name string) (fact T, err error) {
	if f == nil {
		return fact, &Cause{Kind: CauseNotProvided, Message: name + " was not provided"}
	}
	defer recovered(&err)
	return f(ctx)
}

// eachWorkers bounds how many items Each judges at once. The view bounds its
// own calls; this only keeps a long list from starting a goroutine an item.
const eachWorkers = 16

// Each judges every item, several at once, and gives the findings in the
// items' order. It is for judgements that ask AWS per item; others need no more
// than a loop. An item whose judgement panics is Unknown, the others stand.
func Each[T any](ctx context.Context, items []T, judge func(context.Context, T) []Finding) []Finding {
	found := make([][]Finding, len(items))
	next := make(chan int)
	var wg sync.WaitGroup
	for range min(eachWorkers, len(items)) {
		wg.Go(func() {
			for i := range next {
				found[i] = judgeOne(ctx, i, items[i], judge)
			}
		})
	}
	for i := range items {
		next <- i
	}
	close(next)
	wg.Wait()
	return slices.Concat(found...)
}

func judgeOne[T any](ctx context.Context, i int, item T, judge func(context.Context, T) []Finding) (fs []Finding) {
	var err error
	defer func() {
		if err != nil {
			fs = []Finding{{Status: Unknown, Sub: fmt.Sprintf("item %d", i), Cause: CauseOf(err)}}
		}
	}()
	defer recovered(&err)
	return judge(ctx, item)
}

// Judged is what an evaluator of listed items returns: the findings and the
// error that ended the listing, or one NotApplicable on here where the listing
// came to its end and held nothing to judge. none says so in one sentence.
func (c Control) Judged(fs []Finding, err error, here Resource, none string) ([]Finding, error) {
	if len(fs) == 0 && err == nil {
		return []Finding{c.NotApplicable(here, none)}, nil
	}
	return fs, err
}
