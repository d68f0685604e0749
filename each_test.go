package posture_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/awsposture/posture"
)

func TestEach(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := control("test.a")
		items := make([]int, 100)
		var want []posture.Finding
		for i := range items {
			items[i] = i
			for range i % 3 { // none, one or two findings an item
				want = append(want, c.Pass(thing(fmt.Sprint(i)), nil))
			}
		}
		var running, most atomic.Int32
		start := time.Now()
		got := posture.Each(t.Context(), items, func(_ context.Context, i int) (fs []posture.Finding) {
			most.Store(max(most.Load(), running.Add(1)))
			time.Sleep(time.Duration(100-i) * time.Second) // later items are sooner done
			running.Add(-1)
			for range i % 3 {
				fs = append(fs, c.Pass(thing(fmt.Sprint(i)), nil))
			}
			return fs
		})
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		if took := time.Since(start); most.Load() != 16 || took > 450*time.Second {
			t.Errorf("%d items at once, in %v; one after the other it would be 5050s", most.Load(), took)
		}
	})
	if fs := posture.Each(t.Context(), nil, func(context.Context, int) []posture.Finding { panic("asked") }); len(fs) != 0 {
		t.Errorf("no items: %v", fs)
	}
}

func TestEachPanics(t *testing.T) {
	c := control("test.a")
	e := evaluator{c, func(ctx context.Context) ([]posture.Finding, error) {
		return posture.Each(ctx, []string{"a", "b", "c"}, func(_ context.Context, id string) []posture.Finding {
			if id == "b" {
				panic("no " + id)
			}
			return []posture.Finding{c.Pass(thing(id), nil)}
		}), nil
	}}
	for r := range posture.Scan(t.Context(), []posture.Evaluator{e}, nil) {
		if len(r.Findings) != 3 || r.Findings[0].Status != posture.Pass || r.Findings[2].Resource.ID != "c" {
			t.Fatalf("%v", r.Findings)
		}
		f := r.Findings[1]
		if f.Status != posture.Unknown || f.Sub != "item 1" || f.Control != c.ID || f.Cause.Kind != posture.CausePanic || !strings.Contains(f.Cause.Message, "panic: no b, in ") || strings.Contains(f.Cause.Message, "\n") {
			t.Errorf("%+v, %v", f, f.Cause)
		}
	}
}

func TestFact(t *testing.T) {
	var none posture.Fact[[]string]
	got, err := none.Get(t.Context(), "the organization's accounts")
	if diff := cmp.Diff(&posture.Cause{Kind: posture.CauseNotProvided, Message: "the organization's accounts was not provided"}, posture.CauseOf(err)); diff != "" || got != nil {
		t.Errorf("nil fact: %v (-want +got):\n%s", got, diff)
	}
	given := posture.Fact[int](func(context.Context) (int, error) { return 3, errors.New("at least") })
	if n, err := given.Get(t.Context(), "n"); n != 3 || err == nil || err.Error() != "at least" {
		t.Errorf("given fact: %d, %v", n, err)
	}
	bad := posture.Fact[int](func(context.Context) (int, error) { panic("gone") })
	if _, err := bad.Get(t.Context(), "n"); posture.CauseOf(err).Kind != posture.CausePanic {
		t.Errorf("fact that panics: %v", err)
	}
}

func TestJudged(t *testing.T) {
	c, some, failed := control("test.a"), []posture.Finding{{Detail: "one"}}, errors.New("half a page")
	for name, tt := range map[string]struct {
		fs   []posture.Finding
		err  error
		want []posture.Finding
	}{
		"some":           {some, nil, some},
		"some and error": {some, failed, some},
		"error only":     {nil, failed, nil},
		"nothing":        {nil, nil, []posture.Finding{c.NotApplicable(thing(""), "There are no things.")}},
	} {
		got, err := c.Judged(tt.fs, tt.err, thing(""), "There are no things.")
		if diff := cmp.Diff(tt.want, got); diff != "" || !errors.Is(err, tt.err) {
			t.Errorf("%s: %v (-want +got):\n%s", name, err, diff)
		}
	}
}
