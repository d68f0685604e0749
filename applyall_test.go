package posture_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/awsposture/posture"
)

// slowDoor is a door whose writes take a while, and are counted.
type slowDoor struct {
	plain
	Watch *watch `json:"-"`
}

type watch struct {
	sync.Mutex
	now, most int
	order     []string
	on        map[string]int
	twice     bool
}

func (s slowDoor) Get(ctx context.Context) (door, error) {
	s.Watch.Lock()
	defer s.Watch.Unlock()
	return s.plain.Get(ctx)
}

func (s slowDoor) Set(ctx context.Context, want door) error {
	s.Watch.Lock()
	s.Watch.now++
	s.Watch.most = max(s.Watch.most, s.Watch.now)
	s.Watch.on[s.Name]++
	s.Watch.twice = s.Watch.twice || s.Watch.on[s.Name] > 1
	s.Watch.order = append(s.Watch.order, s.Name)
	s.Watch.Unlock()
	time.Sleep(time.Second)
	s.Watch.Lock()
	defer s.Watch.Unlock()
	s.Watch.now--
	s.Watch.on[s.Name]--
	return s.plain.Set(ctx, want)
}

func closingAll(t *testing.T, w *world, v *watch, names ...string) (plans []posture.Plan) {
	t.Helper()
	for _, n := range names {
		s, err := posture.Change(slowDoor{plain{w, here, n}, v}, opened, closed)
		if err != nil {
			t.Fatal(err)
		}
		plans = append(plans, plan(s))
	}
	return plans
}

func doors(n int) (names []string) {
	for i := range n {
		names = append(names, fmt.Sprintf("d%02d", i))
	}
	return names
}

// TestApplyAll goes in waves, at most so many at once.
func TestApplyAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		names := doors(40)
		w, v := newWorld(names...), &watch{on: map[string]int{}}
		x := executor(posture.Limits{Targets: 40, Concurrency: 3})
		done := 0
		for r, err := range x.ApplyAll(t.Context(), closingAll(t, w, v, names...)) {
			if err != nil || r.Outcome != posture.OutcomeDone {
				t.Errorf("%s, %v", r.Outcome, err)
			}
			if done++; done == 1 && len(v.order) != 1 {
				t.Errorf("%d writes when the canary was done", len(v.order))
			}
		}
		if done != 40 || v.most != 3 || v.twice {
			t.Errorf("%d receipts, %d at once, two on one target: %v", done, v.most, v.twice)
		}
	})
}

// TestApplyAllStops yields a receipt for every plan, and begins none after a failure.
func TestApplyAllStops(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		names := doors(20)
		w, v := newWorld(names...), &watch{on: map[string]int{}}
		w.onSet = write(1, false, denied) // the canary's
		x := executor(posture.Limits{Targets: 20})
		stopped, all := 0, 0
		for r, err := range x.ApplyAll(t.Context(), closingAll(t, w, v, names...)) {
			all++
			if errors.Is(err, posture.ErrStopped) {
				stopped++
			}
			if err == nil || r.Outcome != posture.OutcomeRefused {
				t.Errorf("%s, %v", r.Outcome, err)
			}
		}
		if all != 20 || stopped != 19 || len(v.order) != 1 {
			t.Errorf("%d receipts, %d stopped, %d writes", all, stopped, len(v.order))
		}
	})
}

// TestApplyAllLimits counts the whole run before its first write.
func TestApplyAllLimits(t *testing.T) {
	names := doors(6)
	w, v := newWorld(names...), &watch{on: map[string]int{}}
	x := executor(posture.Limits{Targets: 5})
	n := 0
	for r, err := range x.ApplyAll(t.Context(), closingAll(t, w, v, names...)) {
		if n++; refusedFor(err) != posture.ReasonLimit || r.Outcome != posture.OutcomeRefused {
			t.Errorf("%s, %v", r.Outcome, err)
		}
	}
	if n != 6 || len(w.calls) > 0 {
		t.Errorf("%d receipts after %v", n, w.calls)
	}
}

// TestApplyAllSameTarget never changes one target at twice.
func TestApplyAllSameTarget(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, v := newWorld("a", "b"), &watch{on: map[string]int{}}
		x := executor(posture.Limits{Targets: 5, Concurrency: 5})
		plans := closingAll(t, w, v, "a", "b", "a", "b", "a")
		for _, err := range x.ApplyAll(t.Context(), plans) {
			if err != nil {
				t.Error(err)
			}
		}
		if v.twice || w.count("set") != 2 {
			t.Errorf("at once: %v, %d writes", v.twice, w.count("set"))
		}
	})
}

// TestOpenControls lists an emergency control until it is undone, over JSON and
// another set of clients.
func TestOpenControls(t *testing.T) {
	w := newWorld("a", "b")
	p := closing(t, w, "a", "b")
	until := time.Now().Add(time.Hour).UTC().Truncate(time.Second)
	p.Steps[0].Until = until
	j := new(posture.MemoryJournal)
	x := executor(posture.Limits{})
	x.Journal, x.Emergency = j, "case-7"
	if _, err := x.Apply(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	open, err := posture.OpenControls(t.Context(), j)
	if err != nil || len(open) != 1 || open[0].Case != "case-7" || !open[0].Until.Equal(until) || open[0].Overdue(until.Add(-time.Second)) || !open[0].Overdue(until.Add(time.Second)) {
		t.Fatalf("got %+v, %v", open, err)
	}
	bound, err := open[0].Receipt.Bind(posture.Bind[door](plain{World: w, Where: here}))
	if err != nil {
		t.Fatal(err)
	}
	if u, err := x.Undo(t.Context(), bound); err != nil || u.Outcome != posture.OutcomeDone || !w.doors["a"].Open || w.doors["b"].Open {
		t.Fatalf("lifted: %s, %v, %+v", u.Outcome, err, w.doors)
	}
	if open, err := posture.OpenControls(t.Context(), j); err != nil || len(open) > 0 {
		t.Errorf("still open: %+v, %v", open, err)
	}
}

func TestPlanText(t *testing.T) {
	w := newWorld("a")
	w.doors["a"] = door{Open: true, Keys: []int{1, 2}}
	s, err := posture.Change(rich{World: w, Name: "a"}, vault{Open: true, Keys: []int{1, 2}}, vault{Keys: []int{1}, Seal: "gold"})
	if err != nil {
		t.Fatal(err)
	}
	p := plan(s)
	p.Created, p.Expires = time.Time{}, time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)
	p.Needs, p.Warnings, p.RunAs = []string{"nobody is inside"}, []string{"the door is shared"}, "fixer"
	text := p.Text()
	for _, want := range []string{"must run as fixer", "1. test.vault on AWS::Test::Vault a", "   - open: true", "   + open: false", "CANNOT BE UNDONE: keys [2]", "COSTS: a gold seal", "Check first: nobody is inside", "Warning: the door is shared", "test:GetDoor, test:PutDoor", p.ID()} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
	if diff := cmp.Diff([]string{"test:GetDoor", "test:PutDoor"}, p.Actions()); diff != "" {
		t.Error(diff)
	}
}

func BenchmarkApply(b *testing.B) {
	names := doors(20)
	w := newWorld(names...)
	var steps []posture.Step
	for _, n := range names {
		s, err := posture.Change(plain{w, here, n}, opened, closed)
		if err != nil {
			b.Fatal(err)
		}
		steps = append(steps, s)
	}
	p := plan(steps...)
	x := executor(posture.Limits{})
	b.ReportAllocs()
	for b.Loop() {
		for _, n := range names {
			w.doors[n] = opened
		}
		w.calls = nil
		if _, err := x.Apply(b.Context(), p); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*len(names)), "µs/step")
}
