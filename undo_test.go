package posture_test

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"pgregory.net/rapid"

	"github.com/awsposture/posture"
)

func TestUndo(t *testing.T) {
	w, x := newWorld("a", "b", "c"), executor(posture.Limits{})
	w.doors["b"] = closed // not ours: it was so
	r, err := x.Apply(t.Context(), closing(t, w, "a", "b", "c"))
	if err != nil {
		t.Fatal(err)
	}
	w.calls = nil
	u, err := x.Undo(t.Context(), r)
	ends(t, u, posture.OutcomeDone, posture.OutcomeDone, posture.OutcomeDone)
	if err != nil || !u.Undoes || u.Plan != r.Plan {
		t.Errorf("%v, %+v", err, u)
	}
	if !w.doors["a"].Open || w.doors["b"].Open || !w.doors["c"].Open {
		t.Errorf("%+v", w.doors)
	}
	writes := slices.DeleteFunc(slices.Clone(w.calls), func(c string) bool { return strings.HasPrefix(c, "get") })
	if !slices.Equal(writes, []string{"set c", "set a"}) {
		t.Errorf("not newest first: %v", writes)
	}
	u, err = x.Undo(t.Context(), r)
	ends(t, u, posture.OutcomeAlready, posture.OutcomeAlready, posture.OutcomeAlready)
	if err != nil || w.count("set") != 2 {
		t.Errorf("again: %v, %v", err, w.calls)
	}
}

// What somebody changed since is his, and stays; the rest is taken back.
func TestUndoLeavesDrift(t *testing.T) {
	w, x := newWorld("a", "b", "c"), executor(posture.Limits{})
	r, err := x.Apply(t.Context(), closing(t, w, "a", "b", "c"))
	if err != nil {
		t.Fatal(err)
	}
	w.doors["b"] = sealed
	u, err := x.Undo(t.Context(), r)
	ends(t, u, posture.OutcomePartial, posture.OutcomeDone, posture.OutcomeRefused, posture.OutcomeDone)
	drift, ok := errors.AsType[*posture.DriftError](err)
	if !ok || drift.Step.Target.ID != "b" || w.doors["b"].Seal != "wax" || !w.doors["a"].Open {
		t.Errorf("%v, %+v", err, w.doors)
	}
}

// Anything but drift stops the undo, as it stops an apply.
func TestUndoStops(t *testing.T) {
	w, x := newWorld("a", "b", "c"), executor(posture.Limits{})
	r, err := x.Apply(t.Context(), closing(t, w, "a", "b", "c"))
	if err != nil {
		t.Fatal(err)
	}
	w.calls, w.onSet = nil, write(2, false, denied)
	u, err := x.Undo(t.Context(), r)
	ends(t, u, posture.OutcomePartial, posture.OutcomeDone, posture.OutcomeRefused, posture.OutcomeSkipped)
	if posture.CauseOf(err).Kind != posture.CauseDenied || w.doors["a"].Open {
		t.Errorf("%v, %+v", err, w.doors)
	}
}

func TestUndoOfAPartialPlan(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, x := newWorld("a", "b", "c"), executor(posture.Limits{})
		w.onSet = write(2, false, nil)
		r, err := x.Apply(t.Context(), closing(t, w, "a", "b", "c"))
		if err == nil {
			t.Fatal("a dropped write went unseen")
		}
		u, err := x.Undo(t.Context(), r)
		ends(t, u, posture.OutcomeDone, posture.OutcomeDone)
		if err != nil || !w.doors["a"].Open {
			t.Errorf("%v, %+v", err, w.doors)
		}
	})
}

// The way back is a way like any other: what it loses or costs is refused.
func TestUndoWithinTheLimits(t *testing.T) {
	w := newWorld("a")
	s, err := posture.Change(rich{World: w, Name: "a"}, vault{Open: true, Seal: "gold"}, vault{Keys: []int{1}})
	if err != nil {
		t.Fatal(err)
	}
	w.doors["a"] = door{Open: true, Seal: "gold"}
	r, err := executor(posture.Limits{}).Apply(t.Context(), plan(s))
	if err != nil {
		t.Fatal(err)
	}
	for says, limits := range map[string]posture.Limits{"a gold seal": {Irreversible: 1}, "keys [1]": {Cost: true}} {
		u, err := executor(limits).Undo(t.Context(), r)
		ends(t, u, posture.OutcomeRefused, posture.OutcomeSkipped)
		if refusal, ok := errors.AsType[*posture.Refusal](err); !ok || refusal.Reason != posture.ReasonLimit || !strings.Contains(err.Error(), says) {
			t.Errorf("%v", err)
		}
	}
	if _, err := executor(posture.Limits{Irreversible: 1, Cost: true}).Undo(t.Context(), r); err != nil || w.doors["a"].Seal != "gold" {
		t.Errorf("%v, %+v", err, w.doors)
	}
}

// A receipt that was kept as JSON undoes once it is bound, and not before.
func TestUndoThroughJSON(t *testing.T) {
	w, x := newWorld("a"), executor(posture.Limits{})
	r, err := x.Apply(t.Context(), closing(t, w, "a"))
	if err != nil {
		t.Fatal(err)
	}
	var kept posture.Receipt
	if err := json.Unmarshal(encode(t, r), &kept); err != nil {
		t.Fatal(err)
	}
	u, err := x.Undo(t.Context(), kept)
	if err == nil || !strings.Contains(err.Error(), "not bound") || u.Outcome != posture.OutcomeRefused || w.doors["a"].Open {
		t.Errorf("%s, %v", u.Outcome, err)
	}
	if _, err := kept.Bind(posture.Bind[vault](rich{World: w})); err == nil || !strings.Contains(err.Error(), "receipt step 0") {
		t.Errorf("bound to another kind: %v", err)
	}
	bound, err := kept.Bind(posture.Bind[door](plain{World: w, Where: here}))
	if err != nil {
		t.Fatal(err)
	}
	u, err = x.Undo(t.Context(), bound)
	ends(t, u, posture.OutcomeDone, posture.OutcomeDone)
	if err != nil || !w.doors["a"].Open {
		t.Errorf("%v, %+v", err, w.doors)
	}
}

// Whatever the states before, however many steps came to their end, and
// whichever door somebody touched since: what undo leaves is the state before,
// but for that door.
func TestUndoRestores(t *testing.T) {
	any := rapid.Custom(func(t *rapid.T) door {
		return door{Open: rapid.Bool().Draw(t, "open"), Keys: rapid.SliceOfN(rapid.IntRange(0, 3), 0, 2).Draw(t, "keys"), Note: rapid.SampledFrom([]string{"", "<&>", "ü"}).Draw(t, "note")}
	})
	rapid.Check(t, func(rt *rapid.T) {
		names := []string{"a", "b", "c", "d"}
		w := newWorld()
		before := map[string]string{}
		var steps []posture.Step
		for _, n := range names {
			from, to := any.Draw(rt, "from "+n), any.Draw(rt, "to "+n)
			w.doors[n] = from
			before[n] = string(encode(t, from))
			steps = append(steps, change(t, w, n, from, to))
		}
		stop, touched := rapid.IntRange(1, 5).Draw(rt, "denied write"), rapid.SampledFrom([]string{"", "a", "b", "c", "d"}).Draw(rt, "touched")
		w.onSet = write(stop, false, denied)
		r, _ := executor(posture.Limits{}).Apply(t.Context(), plan(steps...))
		w.onSet = nil
		if touched != "" {
			w.doors[touched] = sealed
			before[touched] = string(encode(t, sealed))
		}
		if _, err := executor(posture.Limits{}).Undo(t.Context(), r); err != nil && !errors.Is(err, posture.ErrDrift) {
			rt.Fatal(err)
		}
		for _, n := range names {
			d := w.doors[n]
			if d.Keys == nil {
				d.Keys = []int{}
			}
			if is := strings.ReplaceAll(string(encode(t, d)), "null", "[]"); is != strings.ReplaceAll(before[n], "null", "[]") {
				rt.Errorf("door %s was %s, is %s", n, before[n], is)
			}
		}
	})
}
