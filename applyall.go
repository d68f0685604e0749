package posture

import (
	"cmp"
	"context"
	"errors"
	"iter"
	"slices"
	"sync"
)

// ErrStopped is the error of the plans that ApplyAll did not begin, because one
// before them did not end well.
var ErrStopped = errors.New("posture: stopped, because an earlier plan of the run did not end well")

// ApplyAll applies plans as one run: the limits hold for all of them together,
// before the first write. It goes in waves: one plan first, then one in a hundred, one in ten,
// the rest; each wave must end well before the next begins. Within a wave
// Limits.Concurrency plans run at once, never two on the same target. Plans that were not begun are
// yielded with ErrStopped, so that every plan has its receipt.
func (x *Executor) ApplyAll(ctx context.Context, plans []Plan) iter.Seq2[Receipt, error] {
	return func(yield func(Receipt, error) bool) {
		l, err := x.ledger(ctx)
		if err == nil {
			err = x.within(tallyOf(plans))
		}
		for _, wave := range waves(plans) {
			for _, done := range x.wave(ctx, l, wave, err) {
				if !yield(done.receipt, done.err) {
					return
				}
				if done.err != nil && err == nil {
					err = ErrStopped
				}
			}
		}
	}
}

// waves cuts a run: a canary, 1 %, 10 %, the rest.
func waves(plans []Plan) (out [][]Plan) {
	rest := plans
	for _, size := range []int{1, len(plans) / 100, len(plans) / 10, len(plans)} {
		size = min(max(size, 1), len(rest))
		if size > 0 {
			out = append(out, rest[:size])
			rest = rest[size:]
		}
	}
	return out
}

type applied struct {
	receipt Receipt
	err     error
}

// wave applies the plans of one wave, in their order for each target; with an
// error, none of them.
func (x *Executor) wave(ctx context.Context, l *ledger, plans []Plan, stop error) []applied {
	results := make([]applied, len(plans))
	if stop != nil {
		for i, p := range plans {
			results[i] = applied{x.end(x.blank(p), stop), stop}
		}
		return results
	}
	slots := make(chan struct{}, max(1, x.Limits.Concurrency))
	var wg sync.WaitGroup
	for _, lane := range lanes(plans) {
		wg.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			for _, i := range lane {
				r, err := x.apply(ctx, l, plans[i], false)
				results[i] = applied{r, err}
			}
		})
	}
	wg.Wait()
	return results
}

// lanes groups plans that share a target: one lane runs in sequence.
func lanes(plans []Plan) (out [][]int) {
	lane := map[Resource]int{}
	for i, p := range plans {
		at := -1
		for _, s := range p.Steps {
			if n, taken := lane[s.Target]; taken {
				if at >= 0 && at != n {
					// The plan joins two lanes.
					out[at] = append(out[at], out[n]...)
					for r, k := range lane {
						if k == n {
							lane[r] = at
						}
					}
					out[n] = nil
					continue
				}
				at = n
			}
		}
		if at < 0 {
			out = append(out, nil)
			at = len(out) - 1
		}
		out[at] = append(out[at], i)
		slices.SortFunc(out[at], cmp.Compare[int])
		for _, s := range p.Steps {
			lane[s.Target] = at
		}
	}
	return slices.DeleteFunc(out, func(l []int) bool { return l == nil })
}
