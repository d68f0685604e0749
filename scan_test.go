package posture_test

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/awsposture/posture"
)

// untilDone is an evaluator that ends with its context and no sooner.
func untilDone(id string) evaluator {
	return evaluator{control(id), func(ctx context.Context) ([]posture.Finding, error) {
		<-ctx.Done()
		return nil, ctx.Err()
	}}
}

func kinds(r posture.Result) (all []posture.CauseKind) {
	for _, f := range r.Findings {
		if f.Cause != nil {
			all = append(all, f.Cause.Kind)
		}
	}
	return all
}

// thousand is 999 evaluators that pass behind one that hangs.
func thousand() []posture.Evaluator {
	evs := []posture.Evaluator{untilDone("test.hangs")}
	for i := range 999 {
		evs = append(evs, passes(fmt.Sprintf("test.n%d", i)))
	}
	return evs
}

func TestScanOfThousandFirstHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start, calls, next := time.Now(), 0, 0
		evs := thousand()
		for r := range posture.Scan(t.Context(), evs, &posture.ScanOptions{Timeout: time.Minute, Progress: func(done, total int, _ posture.Result) {
			if calls++; done != calls || total != len(evs) {
				t.Errorf("progress says %d of %d at call %d", done, total, calls)
			}
		}}) {
			if want := evs[next].Control().ID; r.Control.ID != want {
				t.Fatalf("result %d is of %s, want %s", next, r.Control.ID, want)
			}
			next++
			if next == 1 {
				if diff := cmp.Diff([]posture.CauseKind{posture.CauseTimeout}, kinds(r)); diff != "" || r.Elapsed != time.Minute {
					t.Errorf("first result after %v: %v", r.Elapsed, r.Findings)
				}
			} else if len(r.Findings) != 1 || r.Findings[0].Status != posture.Pass {
				t.Errorf("result %d: %v", next, r.Findings)
			}
		}
		if next != len(evs) || calls != len(evs) || time.Since(start) != time.Minute {
			t.Errorf("%d results, %d progress calls, in %v", next, calls, time.Since(start))
		}
	})
}

// Without a timeout the scan stands still behind the one that hangs, holding
// its bounded number of results, until it is canceled; then all end at once.
func TestScanOfThousandCanceled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Hour, cancel)
		start, next, started, calls := time.Now(), 0, 0, 0
		evs := thousand()
		for r := range posture.Scan(ctx, evs, &posture.ScanOptions{Timeout: -1, Concurrency: 3, Progress: func(int, int, posture.Result) { calls++ }}) {
			if r.Control.ID != evs[next].Control().ID {
				t.Fatalf("result %d is of %s", next, r.Control.ID)
			}
			next++
			if r.Findings[0].Status == posture.Pass {
				started++
			} else if diff := cmp.Diff([]posture.CauseKind{posture.CauseCanceled}, kinds(r)); diff != "" {
				t.Errorf("result %d: %v", next, r.Findings)
			}
		}
		if next != 1000 || calls != 1000 || time.Since(start) != time.Hour {
			t.Errorf("%d results, %d progress calls, in %v", next, calls, time.Since(start))
		}
		if started != 4*3-1 {
			t.Errorf("%d evaluators ran behind the one that hangs, want %d", started, 4*3-1)
		}
	})
}

func TestScanBounds(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		concurrency := rapid.IntRange(1, 5).Draw(rt, "concurrency")
		work := rapid.SliceOfN(rapid.IntRange(0, 9), 1, 60).Draw(rt, "work")
		slow := rapid.IntRange(0, 9).Draw(rt, "slow")
		synctest.Test(t, func(t *testing.T) {
			var running, ended, most atomic.Int32
			var evs []posture.Evaluator
			for i, w := range work {
				evs = append(evs, evaluator{control(fmt.Sprintf("test.n%d", i)), func(context.Context) ([]posture.Finding, error) {
					most.Store(max(most.Load(), running.Add(1)))
					time.Sleep(time.Duration(w) * time.Second)
					running.Add(-1)
					ended.Add(1)
					return nil, nil
				}})
			}
			taken := 0
			for r := range posture.Scan(t.Context(), evs, &posture.ScanOptions{Concurrency: concurrency}) {
				if r.Control.ID != fmt.Sprintf("test.n%d", taken) {
					rt.Fatalf("result %d is of %s", taken, r.Control.ID)
				}
				taken++
				time.Sleep(time.Duration(slow) * time.Second)
				synctest.Wait()
				if held := int(ended.Load()) - taken; held > 4*concurrency {
					rt.Errorf("%d results are held that nobody took; at most %d may be", held, 4*concurrency)
				}
			}
			if taken != len(work) || int(most.Load()) > concurrency {
				rt.Errorf("%d of %d results, %d at once of %d", taken, len(work), most.Load(), concurrency)
			}
		})
	})
}

func TestScanPanics(t *testing.T) {
	line := regexp.MustCompile(`:\d+\)`)
	var nilView *struct{ name string }
	boom := evaluator{control("test.boom"), func(context.Context) ([]posture.Finding, error) { panic("boom") }}
	deref := evaluator{control("test.nil"), func(context.Context) ([]posture.Finding, error) {
		return []posture.Finding{{Detail: nilView.name}}, nil
	}}
	evs := []posture.Evaluator{
		boom, deref, panics{evaluator: passes("test.place"), inPlace: true}, panics{evaluator: passes("test.control"), inControl: true}, nil, passes("test.fine"),
	}
	want := []string{
		"panic: boom, in github.com/awsposture/posture_test.TestScanPanics.func1 (scan_test.go:N)",
		"panic: runtime error: invalid memory address or nil pointer dereference, in github.com/awsposture/posture_test.TestScanPanics.func2 (scan_test.go:N)",
		"panic: no place, in github.com/awsposture/posture_test.panics.Place (support_test.go:N)",
		"panic: no control, in github.com/awsposture/posture_test.panics.Control (support_test.go:N)",
		"panic: runtime error: invalid memory address or nil pointer dereference, in github.com/awsposture/posture.describe (run.go:N)",
	}
	i := 0
	for r := range posture.Scan(t.Context(), evs, nil) {
		if i == len(want) {
			if r.Findings[0].Status != posture.Pass {
				t.Errorf("the one that is well: %v", r.Findings)
			}
			continue
		}
		if len(r.Findings) != 1 || r.Findings[0].Status != posture.Unknown {
			t.Fatalf("%d: %v", i, r.Findings)
		}
		got := *r.Findings[0].Cause
		got.Message = line.ReplaceAllString(got.Message, ":N)")
		if diff := cmp.Diff(posture.Cause{Kind: posture.CausePanic, Message: want[i]}, got); diff != "" {
			t.Errorf("%d (-want +got):\n%s", i, diff)
		}
		i++
	}
}

// What an evaluator had judged when its time was over stands, where it hands it
// over in time; one that does not return at all is left behind.
func TestScanTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := control("test.slow")
		partial := evaluator{c, func(ctx context.Context) ([]posture.Finding, error) {
			<-ctx.Done()
			time.Sleep(time.Second / 2)
			return []posture.Finding{c.Fail(thing("a"), nil)}, fmt.Errorf("things: %w", ctx.Err())
		}}
		whole := evaluator{c, func(ctx context.Context) ([]posture.Finding, error) {
			<-ctx.Done()
			return []posture.Finding{c.Pass(thing("a"), nil)}, nil
		}}
		deaf := evaluator{c, func(context.Context) ([]posture.Finding, error) {
			time.Sleep(time.Hour)
			return []posture.Finding{c.Pass(thing("a"), nil)}, nil
		}}
		var got [][]posture.Finding
		for r := range posture.Scan(t.Context(), []posture.Evaluator{partial, whole, deaf}, nil) {
			got = append(got, r.Findings)
		}
		time.Sleep(time.Hour) // until the deaf one has returned to nobody
		late := &posture.Cause{Kind: posture.CauseTimeout, Message: "not done within 10m0s"}
		unknown := c.Unknown(thing(""), late)
		want := [][]posture.Finding{{c.Fail(thing("a"), nil), unknown}, {c.Pass(thing("a"), nil)}, {unknown}}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}

func TestScanBreakLeavesNothingBehind(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var left atomic.Bool
		evs := []posture.Evaluator{passes("test.a"), untilDone("test.b"), untilDone("test.c"), passes("test.d")}
		for range posture.Scan(t.Context(), evs, &posture.ScanOptions{Progress: func(_, _ int, r posture.Result) {
			if left.Load() {
				t.Errorf("progress of %s after the loop was left", r.Control.ID)
			}
		}}) {
			break
		}
		left.Store(true)
		// The test's end would report a goroutine that is left; a minute passes for late words.
		time.Sleep(time.Minute)
	})
}

func TestScanCancelWithACauseOfTheCallers(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(errors.New("going home"))
	for r := range posture.Scan(ctx, []posture.Evaluator{untilDone("test.a"), panics{evaluator: passes("test.b"), inControl: true}}, nil) {
		want := []posture.CauseKind{posture.CauseCanceled}
		if diff := cmp.Diff(want, kinds(r)); diff != "" || !errors.Is(r.Err, context.Canceled) {
			t.Errorf("%v: %v", r.Err, r.Findings)
		}
		if r.Findings[0].Cause.Message != "context canceled: going home" {
			t.Errorf("message %q", r.Findings[0].Cause.Message)
		}
	}
}

func TestScanWholeResults(t *testing.T) {
	c := control("test.c")
	denied := apiError{"AccessDenied", "no"}
	kept := make([]posture.Finding, 2, 8) // room behind it, which is not Scan's
	kept[0], kept[1] = posture.Finding{Status: posture.Pass, Resource: thing("a")}, posture.Finding{Status: posture.Fail, Severity: posture.Critical, Resource: thing("b")}
	was := slices.Clone(kept)
	for name, tt := range map[string]struct {
		findings []posture.Finding
		err      error
		want     []posture.Finding
	}{
		"nothing": {nil, nil, []posture.Finding{{
			Control: c.ID, Severity: posture.Medium, Resource: thing(""), Detail: "Could not be assessed: the evaluator gave no verdict",
			Cause: &posture.Cause{Kind: posture.CauseNoVerdict, Message: "the evaluator gave no verdict"},
		}}},
		"an error beside findings": {kept, denied, []posture.Finding{c.Pass(thing("a"), nil), {Control: c.ID, Severity: posture.Critical, Status: posture.Fail, Resource: thing("b")}, c.Unknown(thing(""), denied)}},
		"a finding that says nothing": {[]posture.Finding{{}}, nil, []posture.Finding{{
			Control: c.ID, Severity: posture.Medium, Resource: thing(""), Cause: &posture.Cause{Kind: posture.CauseNoVerdict, Message: "the evaluator gave no cause"},
		}}},
	} {
		e := evaluator{c, func(context.Context) ([]posture.Finding, error) { return tt.findings, tt.err }}
		n := 0
		for r := range posture.Scan(t.Context(), []posture.Evaluator{e}, nil) {
			n++
			if diff := cmp.Diff(tt.want, r.Findings); diff != "" {
				t.Errorf("%s (-want +got):\n%s", name, diff)
			}
			if !errors.Is(r.Err, tt.err) || r.Started.IsZero() || r.Started.Location() != time.UTC || r.Place != here {
				t.Errorf("%s: %+v", name, r)
			}
		}
		if n != 1 {
			t.Errorf("%s: %d results", name, n)
		}
	}
	if diff := cmp.Diff(was, kept); diff != "" || kept[:3][2].Control != "" {
		t.Errorf("Scan changed the evaluator's own findings:\n%s", diff)
	}
	for r := range posture.Scan(t.Context(), nil, nil) {
		t.Errorf("no evaluator, and a result: %v", r)
	}
}
