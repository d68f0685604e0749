package memo_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/internal/memo"
)

func TestOnceForAHundred(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var v memo.Value[int]
		var loads atomic.Int32
		var wg sync.WaitGroup
		for range 100 {
			wg.Go(func() {
				n, err := v.Get(t.Context(), func(context.Context) (int, error) {
					time.Sleep(time.Second)
					return int(loads.Add(1)), nil
				})
				if n != 1 || err != nil {
					t.Errorf("got %d, %v", n, err)
				}
			})
		}
		wg.Wait()
		if loads.Load() != 1 {
			t.Errorf("loaded %d times", loads.Load())
		}
		// What is loaded is there for one whose own time is over, too.
		over, cancel := context.WithCancel(t.Context())
		cancel()
		if n, err := v.Get(over, nil); n != 1 || err != nil {
			t.Errorf("later: %d, %v", n, err)
		}
	})
}

func TestErrorsAndPanicsAreRemembered(t *testing.T) {
	failed := errors.New("denied")
	for name, tt := range map[string]struct {
		load func(context.Context) (int, error)
		ok   func(int, error) bool
	}{
		"error beside a value": {func(context.Context) (int, error) { return 3, failed }, func(n int, err error) bool { return n == 3 && errors.Is(err, failed) }},
		"canceled by itself":   {func(context.Context) (int, error) { return 0, context.Canceled }, func(_ int, err error) bool { return errors.Is(err, context.Canceled) }},
		"panic": {func(context.Context) (int, error) { panic("boom") }, func(_ int, err error) bool {
			c := posture.CauseOf(err)
			return c.Kind == posture.CausePanic && strings.HasPrefix(c.Message, "panic: boom, in github.com/awsposture/posture/internal/memo_test.")
		}},
		"goroutine ended": {func(context.Context) (int, error) { runtime.Goexit(); return 1, nil }, func(_ int, err error) bool {
			return err != nil && strings.Contains(err.Error(), "without an answer")
		}},
	} {
		var v memo.Value[int]
		loads := 0
		for range 3 {
			n, err := v.Get(t.Context(), func(ctx context.Context) (int, error) { loads++; return tt.load(ctx) })
			if !tt.ok(n, err) {
				t.Errorf("%s: %d, %v", name, n, err)
			}
		}
		if loads != 1 {
			t.Errorf("%s: loaded %d times", name, loads)
		}
	}
}

// One who leaves early disturbs nobody, not even as the one who began it.
func TestLeavingEarly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var v memo.Value[string]
		loads := 0
		load := func(ctx context.Context) (string, error) {
			loads++
			select {
			case <-time.After(time.Minute):
				return "read", nil
			case <-ctx.Done():
				return "", ctx.Err()
			}
		}
		why := &posture.Cause{Kind: posture.CauseTimeout, Message: "my own"}
		early, cancel := context.WithTimeoutCause(t.Context(), time.Second, why)
		defer cancel()
		var wg sync.WaitGroup
		wg.Go(func() {
			if _, err := v.Get(early, load); !errors.Is(err, why) {
				t.Errorf("the early one: %v", err)
			}
		})
		synctest.Wait()
		wg.Go(func() {
			if s, err := v.Get(t.Context(), load); s != "read" || err != nil {
				t.Errorf("the patient one: %q, %v", s, err)
			}
		})
		wg.Wait()
		if loads != 1 {
			t.Errorf("loaded %d times", loads)
		}
	})
}

func TestLastLeavingCancelsAndForgets(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var v memo.Value[int]
		var loads, ended int
		load := func(ctx context.Context) (int, error) {
			loads++
			if loads == 1 {
				<-ctx.Done()
				ended++
				return 0, ctx.Err()
			}
			return loads, nil
		}
		ctx, cancel := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		for range 2 {
			wg.Go(func() {
				if _, err := v.Get(ctx, load); !errors.Is(err, context.Canceled) {
					t.Errorf("got %v", err)
				}
			})
		}
		synctest.Wait()
		if loads != 1 || ended != 0 {
			t.Errorf("%d loads, %d ended", loads, ended)
		}
		cancel()
		wg.Wait()
		synctest.Wait()
		if ended != 1 {
			t.Error("the load that nobody waits for goes on")
		}
		if _, err := v.Get(ctx, load); !errors.Is(err, context.Canceled) || loads != 1 {
			t.Errorf("canceled before the ask: %v, %d loads", err, loads)
		}
		if n, err := v.Get(t.Context(), load); n != 2 || err != nil {
			t.Errorf("the next ask: %d, %v", n, err)
		}
	})
}

// The load keeps the values of the asker's context, not its end.
func TestLoadContext(t *testing.T) {
	type key struct{}
	ctx, cancel := context.WithTimeout(context.WithValue(t.Context(), key{}, "trace"), time.Hour)
	defer cancel()
	var v memo.Value[any]
	got, _ := v.Get(ctx, func(ctx context.Context) (any, error) {
		if _, has := ctx.Deadline(); has {
			t.Error("the load has the asker's deadline")
		}
		return ctx.Value(key{}), nil
	})
	if got != "trace" {
		t.Errorf("got %v", got)
	}
}

func TestMap(t *testing.T) {
	var m memo.Map[string, string]
	var loads sync.Map
	var wg sync.WaitGroup
	for i := range 100 {
		key := fmt.Sprint(i % 5)
		wg.Go(func() {
			got, err := m.Get(t.Context(), key, func(context.Context) (string, error) {
				if _, twice := loads.LoadOrStore(key, true); twice {
					t.Errorf("%s is loaded twice", key)
				}
				if key == "3" {
					return "", errors.New("no 3")
				}
				return "value " + key, nil
			})
			if want := "value " + key; (key == "3") != (err != nil) || err == nil && got != want {
				t.Errorf("%s: %q, %v", key, got, err)
			}
		})
	}
	wg.Wait()
}
