package live_test

import (
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// whole is how long it takes until everything is read, dead or alerted.
const whole = 2 * time.Hour

// TestKilledAnywhere kills the consumer at every call that it makes, before the
// call took effect and after it, starts another, and wants the alerts of a run
// that was never killed: each at least once, and no other.
func TestKilledAnywhere(t *testing.T) {
	const seed = uint64(0) // TestKilledAgainAndAgain tells other stories
	var want, kinds []string
	synctest.Test(t, func(t *testing.T) {
		w := story(t, seed)
		if err := w.run(t, set(t), whole); err != nil {
			t.Fatal(err)
		}
		want = w.found()
		for a, n := range w.alerts {
			if n != 1 {
				t.Errorf("seed %d: never killed, and %d times %s", seed, n, a)
			}
		}
		w.checkDead(t)
		kinds = w.kinds
	})
	rules := map[string]bool{}
	for _, a := range want {
		rules[strings.Fields(a)[1]] = true
	}
	for _, id := range []string{"stop", "many", "then", "new"} {
		if !rules[id] {
			t.Errorf("seed %d: the story makes no alert of %s", seed, id)
		}
	}
	seen := map[string]int{}
	for i, kind := range kinds {
		// Most calls wait for an empty queue, or hide what is hidden, and are
		// all alike.
		if seen[kind]++; seen[kind] > 15 && (kind == "receive" || kind == "extend") {
			continue
		}
		at := i + 1
		for _, after := range []bool{false, true} {
			synctest.Test(t, func(t *testing.T) {
				w := story(t, seed)
				w.killAt, w.after = at, after
				begin := time.Now()
				if err := w.run(t, set(t), whole); err == nil {
					t.Fatalf("seed %d: not killed at call %d", seed, at)
				}
				w.restart(t, whole-time.Since(begin)+time.Hour)
				w.compare(t, want, seed, at, after)
			})
		}
	}
	for _, kind := range []string{"load", "receive", "open", "alert", "extend", "save", "delete"} {
		if seen[kind] == 0 {
			t.Errorf("seed %d: the consumer was never killed at %s", seed, kind)
		}
	}
}

// TestKilledAgainAndAgain kills at random, many times in one story.
func TestKilledAgainAndAgain(t *testing.T) {
	for seed := range uint64(20) {
		var want []string
		synctest.Test(t, func(t *testing.T) {
			w := story(t, seed)
			if err := w.run(t, set(t), whole); err != nil {
				t.Fatal(err)
			}
			want = w.found()
		})
		synctest.Test(t, func(t *testing.T) {
			r := rand.New(rand.NewPCG(seed, 2))
			w := story(t, seed)
			kills := 0
			for range 12 {
				w.killAt, w.after = w.calls+1+r.IntN(25), r.IntN(2) == 0
				if err := w.run(t, set(t), whole); err != nil {
					kills++
				}
			}
			if kills < 8 {
				t.Errorf("seed %d: only %d kills", seed, kills)
			}
			w.restart(t, whole)
			w.compare(t, want, seed, kills, false)
		})
	}
}

func (w *world) restart(t *testing.T, d time.Duration) {
	t.Helper()
	w.killAt = 0
	if err := w.run(t, set(t), d); err != nil {
		t.Fatal(err)
	}
	w.checkDead(t)
}

func (w *world) compare(t *testing.T, want []string, seed uint64, at int, after bool) {
	t.Helper()
	if got := w.found(); !slices.Equal(got, want) {
		t.Errorf("seed %d, killed at call %d (after it: %v):\ngot  %s\nwant %s", seed, at, after, strings.Join(got, "\n     "), strings.Join(want, "\n     "))
	}
}

// checkDead: what could not be read is in the dead letters, was reported every
// time, and nothing else is or is left.
func (w *world) checkDead(t *testing.T) {
	t.Helper()
	if n := w.Len(); n != 0 {
		t.Errorf("%d messages are left", n)
	}
	var bodies []string
	for _, m := range w.Dead() {
		bodies = append(bodies, string(m.Body))
		told := slices.ContainsFunc(w.problems, func(p problem) bool { return p.Message.ID == m.ID && !errors.Is(p.Err, errKilled) })
		if !told {
			t.Errorf("%s died unreported", m.ID)
		}
	}
	slices.Sort(bodies)
	want := []string{`{"this":"is nothing"}`, string(notification(logKey(900))), string(notification(logKey(901)))}
	slices.Sort(want)
	if !slices.Equal(bodies, want) {
		t.Errorf("dead letters %q", bodies)
	}
}
