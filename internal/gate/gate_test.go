package gate_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/awsposture/posture/internal/gate"
)

func TestDo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var g gate.Gate
		var mu sync.Mutex
		running, most, start := 0, 0, time.Now()
		var wg sync.WaitGroup
		for i := range 10 * gate.Size {
			wg.Go(func() {
				got, err := gate.Do(t.Context(), &g, func(context.Context) (int, error) {
					mu.Lock()
					running++
					most = max(most, running)
					mu.Unlock()
					time.Sleep(time.Second)
					mu.Lock()
					running--
					mu.Unlock()
					return i, nil
				})
				if got != i || err != nil {
					t.Errorf("%d, %v", got, err)
				}
			})
		}
		wg.Wait()
		if took := time.Since(start); most != gate.Size || took != 10*time.Second {
			t.Errorf("%d at once, %v", most, took)
		}
	})
}

func TestDoWaitsNoLongerThanItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var g gate.Gate
		var wg sync.WaitGroup
		for range gate.Size {
			wg.Go(func() {
				if _, err := gate.Do(t.Context(), &g, func(context.Context) (int, error) { time.Sleep(time.Hour); return 0, nil }); err != nil {
					t.Error(err)
				}
			})
		}
		synctest.Wait()
		why := errors.New("no time")
		ctx, cancel := context.WithTimeoutCause(t.Context(), time.Minute, why)
		defer cancel()
		asked := false
		call := func(context.Context) (int, error) { asked = true; return 1, nil }
		if n, err := gate.Do(ctx, &g, call); n != 0 || !errors.Is(err, why) {
			t.Errorf("%d, %v", n, err)
		}
		wg.Wait()
		// With room enough, too, one whose time is over does not call.
		if _, err := gate.Do(ctx, &g, call); !errors.Is(err, why) || asked {
			t.Errorf("%v, asked %v", err, asked)
		}
	})
}

// A call that fails or panics gives its place back.
func TestDoGivesThePlaceBack(t *testing.T) {
	var g gate.Gate
	for range 3 * gate.Size {
		func() {
			defer func() {
				if recover() == nil {
					t.Error("the panic was swallowed")
				}
			}()
			_, err := gate.Do(t.Context(), &g, func(context.Context) (int, error) { panic("boom") })
			t.Errorf("came back with %v", err)
		}()
		if n, err := gate.Do(t.Context(), &g, func(context.Context) (int, error) { return 3, context.Canceled }); n != 3 || !errors.Is(err, context.Canceled) {
			t.Errorf("%d, %v", n, err)
		}
	}
}
