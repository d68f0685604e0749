package posture_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/awsposture/posture"
)

var errKilled = errors.New("killed")

// dying is a journal whose process dies at an append: before the entry is
// stored, or after. kill is told.
type dying struct {
	posture.Journal
	before, after int // at which append, counted from 1
	n             int
	kill          func()
}

func (d *dying) Append(ctx context.Context, e posture.Entry) error {
	d.n++
	if d.n == d.before {
		d.die()
		return errKilled
	}
	err := d.Journal.Append(ctx, e)
	if d.n == d.after {
		d.die()
		return errKilled
	}
	return err
}

func (d *dying) die() {
	if d.kill != nil {
		d.kill()
	}
}

// TestResume kills an apply at each point, before and after each entry of the journal, and applies
// the same plan again with another executor on the same journal: it ends as an
// uninterrupted run does, and all of it counts as ours.
func TestResume(t *testing.T) {
	for _, undo := range []bool{false, true} {
		for point := 1; point <= 24; point++ {
			for _, late := range []bool{false, true} {
				t.Run(fmt.Sprintf("undo %v, entry %d, after %v", undo, point, late), func(t *testing.T) {
					synctest.Test(t, func(t *testing.T) { killAndResume(t, undo, point, late) })
				})
			}
		}
	}
}

func killAndResume(t *testing.T, undo bool, point int, late bool) {
	w := newWorld("a", "b", "c")
	p := closing(t, w, "a", "b", "c")
	kept := new(posture.MemoryJournal)
	d := &dying{Journal: kept, kill: func() {
		w.onGet = func(int) error { return errKilled }
		w.onSet = func(int) (bool, error) { return false, errKilled }
	}}
	if late {
		d.after = point
	} else {
		d.before = point
	}
	run := func(j posture.Journal) (posture.Receipt, error) {
		x := executor(posture.Limits{})
		x.Journal = j
		r, err := x.Apply(t.Context(), p)
		if err != nil || !undo {
			return r, err
		}
		return x.Undo(t.Context(), r)
	}
	first, err := run(d)
	died := d.n >= point
	if died != (err != nil) {
		t.Fatalf("died %v: %s, %v", died, first.Outcome, err)
	}
	if !died {
		return // the run has fewer entries
	}
	w.onGet, w.onSet = nil, nil
	began := false
	for e, err := range kept.Read(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		began = began || e.Phase == posture.PhaseIntent
	}
	time.Sleep(time.Hour) // the plan expires meanwhile
	if undo && w.count("set") >= 3 && !w.doors["c"].Open && w.doors["a"].Open {
		t.Fatal("undo went oldest first")
	}
	x := executor(posture.Limits{})
	x.Journal = kept
	r, err := x.Apply(t.Context(), p)
	if !began {
		var refusal *posture.Refusal
		if !errors.As(err, &refusal) || refusal.Reason != posture.ReasonExpired || w.count("set") > 0 {
			t.Fatalf("nothing was begun, and the plan has expired: %s, %v", r.Outcome, err)
		}
		return
	}
	if undo {
		// A run that died while it undid is for its undo to go on with.
		finishUndo(t, w, x, kept, r, err)
		return
	}
	if err != nil || r.Outcome != posture.OutcomeDone {
		t.Fatalf("resumed: %s, %v", r.Outcome, err)
	}
	for _, s := range r.Steps {
		if s.Outcome != posture.OutcomeDone {
			t.Errorf("step %d is %s, and it was ours", s.Index, s.Outcome)
		}
	}
	if w.doors["a"].Open || w.doors["b"].Open || w.doors["c"].Open || w.count("set") > 4 {
		t.Errorf("doors %+v after %d writes", w.doors, w.count("set"))
	}
	if u, err := x.Undo(t.Context(), r); err != nil || u.Outcome != posture.OutcomeDone || !w.doors["a"].Open {
		t.Errorf("undo of the resumed run: %s, %v", u.Outcome, err)
	}
	if _, _, err := posture.CheckJournal(t.Context(), kept, nil); err != nil {
		t.Error(err)
	}
}

// finishUndo undoes by the receipt that the applied part left; where the kill came while undoing,
// applying again has closed the doors that were open, as the plan says.
func finishUndo(t *testing.T, w *world, x *posture.Executor, kept posture.Journal, r posture.Receipt, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("applied again: %s, %v", r.Outcome, err)
	}
	for i := range r.Steps {
		r.Steps[i].Outcome = posture.OutcomeDone
	}
	u, err := x.Undo(t.Context(), r)
	if err != nil || !w.doors["a"].Open || !w.doors["b"].Open || !w.doors["c"].Open {
		t.Errorf("undone: %s, %v, %+v", u.Outcome, err, w.doors)
	}
	if _, _, err := posture.CheckJournal(t.Context(), kept, nil); err != nil {
		t.Error(err)
	}
}
