package advisor_test

import (
	"math"
	"testing"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/advisor"
)

func TestLimitRow(t *testing.T) {
	for _, test := range []struct {
		used, value int64
		want        advisor.Colour
	}{{79, 100, green}, {80, 100, yellow}, {99, 100, yellow}, {100, 100, red}, {101, 100, red}, {4, 5, yellow}, {0, 5, green}, {0, 0, none}, {3, 0, none}} {
		if got, _ := advisor.LimitRow(advisor.Quota{Value: test.value * 1000, Used: new(test.used * 1000)}); got != test.want {
			t.Errorf("%d of %d is %s, want %s", test.used, test.value, got, test.want)
		}
	}
	for v, want := range map[float64]int64{0: 0, 0.0004: 0, 0.0005: 1, 2.5: 2500, -1: 0, math.NaN(): 0, math.Inf(1): math.MaxInt64, 1e17: math.MaxInt64} {
		if got := advisor.Thousandths(v); got != want {
			t.Errorf("%v is %d thousandths", v, got)
		}
	}
	for used, want := range map[int64]advisor.Colour{math.MaxInt64: red, math.MaxInt64 / 10 * 9: yellow, math.MaxInt64 / 2: green} {
		if got, percent := advisor.LimitRow(advisor.Quota{Value: math.MaxInt64, Used: &used}); got != want {
			t.Errorf("%d is %s, %d percent", used, got, percent)
		}
	}
	if got, _ := advisor.LimitRow(advisor.Quota{Value: 1000}); got != none {
		t.Errorf("a use that nobody measured is %s", got)
	}
}

// Every check that can be recomputed reaches each verdict by its facts, without
// a call, and the facts of one check touch no other.
func TestEveryRecomputedControl(t *testing.T) {
	for _, id := range advisor.Recomputable() {
		k, _ := advisor.Table().Find(id)
		for colour, want := range map[advisor.Colour]posture.Status{green: posture.Pass, yellow: posture.Fail, red: posture.Fail, none: posture.Unknown, "": posture.NotApplicable} {
			w := goodWorld()
			w.facts.local[id] = []advisor.Row{{Resource: thing("x"), Colour: colour, Reason: "it was seen"}}
			if colour == "" {
				w.facts.local[id] = nil
			}
			for _, e := range w.suite(w.account()) {
				local, ok := e.(advisor.Recomputed)
				if !ok {
					continue
				}
				fs, err := e.Evaluate(t.Context())
				if err != nil || len(fs) != 1 {
					t.Fatalf("%s: %v, %v", local.Check, fs, err)
				}
				f := fs[0]
				switch urgent := k.Category == advisor.Security; {
				case local.Check != id && f.Status != posture.Pass:
					t.Errorf("%s is %q, and %s is %s", id, colour, local.Check, f.Status)
				case local.Check == id && f.Status != want:
					t.Errorf("%s is %q, and the verdict is %s", id, colour, f.Status)
				case local.Check == id && colour == red && urgent != (f.Severity == posture.High), local.Check == id && colour == yellow && urgent != (f.Severity == posture.Medium):
					t.Errorf("%s is %s, and its severity is %s", id, colour, f.Severity)
				case f.Status == posture.Pass && f.Detail[:11] != "Recomputed:":
					t.Errorf("%s does not say that it is recomputed: %s", local.Check, f.Detail)
				}
			}
			if calls := w.Calls(); len(calls) > 0 {
				t.Fatalf("%s calls %v", id, calls)
			}
		}
	}
}
