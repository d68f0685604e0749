package shield_test

import (
	"encoding/json"
	"slices"
	"testing"
	"testing/synctest"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/internal/awsfake"
	"github.com/awsposture/posture/internal/conformance"
	"github.com/awsposture/posture/shield"
	"github.com/awsposture/posture/shield/shieldtest"
)

func endsIn(days int) func(*shieldtest.State) {
	return func(s *shieldtest.State) { s.Subscription.End = daysAgo(-days) }
}

// The real client, with its validation and error wrapping, sees what the fake
// shows, in the service's home region and not in that of the configuration.
func TestRealClient(t *testing.T) {
	for name, make := range map[string]func() conformance.Ground{"good": good, "bad": bad, "absent": absent} {
		t.Run(name, func(t *testing.T) {
			w := make().Fake.(*world)
			a := shield.FromConfig(awsfake.Services{"Shield/us-east-1": w.Shield}.Config("eu-west-1"), place)
			w.provide(a)
			is, want := scan(t, shield.Evaluators(a)), scan(t, shield.Evaluators(w.account(place, w)))
			for id := range want {
				x, errX := json.Marshal(is[id])
				y, errY := json.Marshal(want[id])
				if errX != nil || errY != nil || string(x) != string(y) {
					t.Errorf("%s: through the client %s, without %s", id, x, y)
				}
			}
		})
	}
}

// Where AWS does not offer Shield, nothing is asked, in whatever region.
func TestRealClientElsewhere(t *testing.T) {
	for _, p := range []string{"aws-cn", "aws-us-gov", "aws-iso"} {
		a := shield.FromConfig(awsfake.Services{}.Config("eu-west-1"), posture.Place{Partition: p, Account: "111122223333"})
		for id, fs := range scan(t, shield.Evaluators(a)) {
			if f := one(t, fs); f.Status != posture.NotApplicable || f.Detail != "AWS does not offer Shield in partition "+p+"." {
				t.Errorf("%s: %s is %s: %s, %v", p, id, f.Status, f.Detail, f.Cause)
			}
		}
	}
}

// A plan that an approver saw as JSON acts through the real client: every write
// passes its validation.
func TestRealClientWrites(t *testing.T) {
	for name, make := range map[string]func() conformance.Ground{"bad": bad, "never engaged": func() conformance.Ground {
		return goodFacts().ground(place, engaging, func(s *shieldtest.State) {
			goodState(s)
			s.Subscription.Engagement, s.Subscription.SetUp = "", false
		})
	}} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				g := make()
				w := g.Fake.(*world)
				cfg := awsfake.Services{"Shield/us-east-1": w.Shield}.Config("eu-west-1")
				a := shield.FromConfig(cfg, place)
				w.provide(a)
				applyAll(t, g, shield.Bindings(a, shield.Client(cfg, place), w.WebACLs(), w.Alarms()))
			})
		})
	}
}

// applyAll plans an answer to every finding that has one, and applies it with the
// bindings.
func applyAll(t *testing.T, g conformance.Ground, bindings []posture.Binding) {
	t.Helper()
	v, applied := g.View(), 0
	for _, fs := range scan(t, v.Evaluators) {
		for _, f := range fs {
			for _, r := range v.Remediators {
				if f.Status != posture.Fail || !slices.Contains(r.Controls(), f.Control) {
					continue
				}
				p, err := r.Plan(t.Context(), f)
				if err != nil {
					t.Logf("%s on %s: %v", f.Control, f.Resource, err)
					continue
				}
				b, err := json.Marshal(p)
				if err != nil {
					t.Fatal(err)
				}
				var decoded posture.Plan
				if err := json.Unmarshal(b, &decoded); err != nil {
					t.Fatal(err)
				}
				bound, err := decoded.Bind(bindings...)
				if err != nil {
					t.Fatal(err)
				}
				apply(t, bound)
				applied += len(bound.Steps)
			}
		}
	}
	if applied == 0 {
		t.Error("nothing was applied")
	}
}
