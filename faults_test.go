package posture_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/awsposture/posture"
)

var (
	denied = apiError{"AccessDenied", "no"}
	broken = apiError{"ServiceFailure", "an internal error"}
)

// write makes the n-th write end so.
func write(n int, effect bool, err error) func(int) (bool, error) {
	return func(i int) (bool, error) {
		if i == n {
			return effect, err
		}
		return true, nil
	}
}

// TestApplyFaults breaks the second of three writes in every way. No success
// may be claimed that is not there, what is there must be claimed, and applying
// again once all is well must finish.
func TestApplyFaults(t *testing.T) {
	const done, skipped = posture.OutcomeDone, posture.OutcomeSkipped
	for name, tt := range map[string]struct {
		harm  func(*world)
		whole posture.Outcome
		step  posture.Outcome
		cause posture.CauseKind
		error string
		took  time.Duration // at most
	}{
		"denied":             {func(w *world) { w.onSet = write(2, false, denied) }, posture.OutcomePartial, posture.OutcomeRefused, posture.CauseDenied, "was refused", 0},
		"denied half way":    {func(w *world) { w.onSet = halfway(w, denied) }, posture.OutcomeUnknown, posture.OutcomeUnknown, posture.CauseDenied, "was refused", 0},
		"denied from then":   {func(w *world) { w.onSet = write(2, false, denied); w.onGet = blind(w) }, posture.OutcomeUnknown, posture.OutcomeUnknown, posture.CauseDenied, "could not be read back", 0},
		"fails, no effect":   {func(w *world) { w.onSet = write(2, false, broken) }, posture.OutcomePartial, posture.OutcomeFailed, posture.CauseError, "an internal error", 70 * time.Second},
		"fails, with effect": {func(w *world) { w.onSet = write(2, true, broken) }, done, done, "", "", 0},
		"dropped":            {func(w *world) { w.onSet = write(2, false, nil) }, posture.OutcomePartial, posture.OutcomeFailed, posture.CauseNotVisible, "not seen within the settle time", 70 * time.Second},
		"panics":             {func(w *world) { w.onSet = func(n int) (bool, error) { mayPanic(n == 2); return true, nil } }, posture.OutcomePartial, posture.OutcomeFailed, posture.CausePanic, "panic: the door fell", 70 * time.Second},
		"half way":           {func(w *world) { w.onSet = halfway(w, broken) }, posture.OutcomeUnknown, posture.OutcomeUnknown, "", "drift", 70 * time.Second},
		"stale reads":        {func(w *world) { w.after = reads(w, opened, opened, opened) }, done, done, "", "", time.Second},
		"flapping reads":     {func(w *world) { w.after = reads(w, closed, opened, closed, opened) }, done, done, "", "", time.Second},
		"flapping, dropped":  {func(w *world) { w.onSet = flap(w) }, posture.OutcomePartial, posture.OutcomeFailed, posture.CauseNotVisible, "not seen within the settle time", 70 * time.Second},
		"slow write":         {func(w *world) { w.hang = slow(w) }, done, done, "", "", 90 * time.Second},
		"unreadable after":   {func(w *world) { w.onGet = blind(w) }, posture.OutcomeUnknown, posture.OutcomeUnknown, posture.CauseError, "could not be read back", 70 * time.Second},
		"unreadable a while": {func(w *world) { w.onGet = blink(w) }, done, done, "", "", time.Second},
		"changed under us":   {func(w *world) { w.after = meddle(w) }, posture.OutcomeUnknown, posture.OutcomeUnknown, "", "drift", 70 * time.Second},
		// Nothing shows that it had an effect, so it is sent once more.
		"write hangs": {func(w *world) { w.hang = hangs("set", w) }, done, done, "", "", 4 * time.Minute},
		"look hangs":  {func(w *world) { w.hang = hangs("get", w) }, posture.OutcomeUnknown, posture.OutcomeUnknown, posture.CauseTimeout, "could not be read back", 3 * time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld("a", "b", "c")
				p := closing(t, w, "a", "b", "c")
				tt.harm(w)
				start := time.Now()
				r, err := executor(posture.Limits{}).Apply(t.Context(), p)
				last := skipped
				if tt.whole == done {
					last = done
				}
				ends(t, r, tt.whole, done, tt.step, last)
				if (err == nil) != (tt.error == "") || err != nil && !strings.Contains(err.Error(), tt.error) {
					t.Errorf("error %v", err)
				}
				if c := r.Steps[1].Cause; tt.cause != "" && (c == nil || c.Kind != tt.cause) {
					t.Errorf("cause %v", c)
				}
				if took := time.Since(start); took > tt.took+time.Second {
					t.Errorf("took %v", took)
				}
				w.onGet, w.onSet, w.after, w.hang, w.history = nil, nil, nil, nil, nil
				if w.doors["b"].Seal != "" { // somebody puts the drift right
					w.doors["b"] = opened
				}
				r, err = executor(posture.Limits{}).Apply(t.Context(), p)
				if err != nil || r.Outcome != done && r.Outcome != posture.OutcomeAlready || w.doors["b"].Open || w.doors["c"].Open {
					t.Errorf("healed: %s, %v, %+v", r.Outcome, err, w.doors)
				}
			})
		})
	}
}

// halfway leaves the second door in a state of neither plan nor past.
func halfway(w *world, err error) func(int) (bool, error) {
	return func(n int) (bool, error) {
		if n == 2 {
			w.doors["b"] = sealed
			return false, err
		}
		return true, nil
	}
}

// blind fails every read from the second write on.
func blind(w *world) func(int) error {
	return func(int) error {
		if w.count("set") >= 2 {
			return broken
		}
		return nil
	}
}

// blink fails the first read after the second write.
func blink(w *world) func(int) error {
	done := false
	return func(int) error {
		if w.count("set") == 2 && !done {
			done = true
			return broken
		}
		return nil
	}
}

// reads are what the reads after the second write show first.
func reads(w *world, shown ...door) func(string, door) {
	return func(name string, _ door) {
		if name == "b" {
			w.history = append(w.history, shown...)
		}
	}
}

// flap drops the second write, and for a while every second read shows it.
func flap(w *world) func(int) (bool, error) {
	return func(n int) (bool, error) {
		if n == 2 {
			w.history = []door{closed, opened, closed, opened}
		}
		return n != 2, nil
	}
}

// slow takes longer over the second write than the state takes to settle.
func slow(w *world) func(context.Context, string) {
	return func(_ context.Context, call string) {
		if call == "set" && w.count("set") == 2 {
			time.Sleep(90 * time.Second)
		}
	}
}

// meddle changes the second door as soon as it is written.
func meddle(w *world) func(string, door) {
	return func(name string, _ door) {
		if name == "b" {
			w.doors["b"] = sealed
		}
	}
}

func hangs(call string, w *world) func(context.Context, string) {
	return func(ctx context.Context, c string) {
		if c == call && w.count("set") == 2 && !w.doors["a"].Open {
			<-ctx.Done()
		}
	}
}

func mayPanic(now bool) {
	if now {
		panic("the door fell")
	}
}

// A plan of which nothing is done has failed; it is not done in part.
func TestApplyOfOneStepFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld("a")
		w.onSet = write(1, false, nil)
		p := closing(t, w, "a")
		p.Risk = posture.RiskLow
		r, err := (&posture.Executor{}).Apply(t.Context(), p)
		ends(t, r, posture.OutcomeFailed, posture.OutcomeFailed)
		if posture.CauseOf(err).Kind != posture.CauseNotVisible {
			t.Error(err)
		}
	})
}

// Reads that fail before a write leave everything as it was.
func TestApplyUnreadable(t *testing.T) {
	for n := 1; n <= 3; n++ { // two of the first look, the third before the first write
		w := newWorld("a", "b")
		p := closing(t, w, "a", "b")
		w.onGet = func(i int) error {
			if i >= n {
				return denied
			}
			return nil
		}
		r, err := executor(posture.Limits{}).Apply(t.Context(), p)
		var api apiError
		if !errors.As(err, &api) || !strings.Contains(err.Error(), "could not be read") || r.Outcome != posture.OutcomeRefused || w.count("set") != 0 {
			t.Errorf("read %d: %s, %v, %v", n, r.Outcome, err, w.calls)
		}
	}
}
