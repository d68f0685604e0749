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
)

func judge(t *testing.T, evs ...posture.Evaluator) map[string][]posture.Finding {
	t.Helper()
	all := map[string][]posture.Finding{}
	for r := range posture.Scan(t.Context(), evs, nil) {
		all[r.Control.ID] = append(all[r.Control.ID], r.Findings...)
	}
	return all
}

// The real client, with its validation and error wrapping, sees what the fake
// shows, in Shield's home region and not in that of the configuration.
func TestRealClient(t *testing.T) {
	for name, fixture := range map[string]func() *world{"good": good, "bad": bad, "unsubscribed": unsubscribed} {
		t.Run(name, func(t *testing.T) {
			w := fixture()
			a := shield.FromConfig(awsfake.Services{"Shield/us-east-1": w.Shield}.Config("eu-west-1"), place)
			w.facts.tell(a)
			is, want := judge(t, suite(a)...), judge(t, suite(w.facts.account(place, w.Shield))...)
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

// Every plan that an approver saw as JSON acts through the real client: its
// writes pass the client's validation.
func TestRealClientWrites(t *testing.T) {
	for name, fixture := range map[string]func() *world{"bad": bad, "engaging": func() *world {
		w := good()
		w.only = engaging
		w.Edit(func(s *state) { s.Subscription.Engagement = "" })
		return w
	}} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := fixture()
				cfg := awsfake.Services{"Shield": w.Shield}.Config("eu-west-1")
				bindings := shield.Bindings(shield.FromConfig(cfg, place), shield.Client(cfg))
				v := w.ground().View()
				applied := 0
				for _, fs := range judge(t, v.Evaluators...) {
					for _, f := range fs {
						for _, r := range v.Remediators {
							if f.Status == posture.Fail && slices.Contains(r.Controls(), f.Control) {
								applied += send(t, r, f, bindings)
							}
						}
					}
				}
				if applied == 0 {
					t.Error("nothing was applied")
				}
			})
		})
	}
}

// send plans, sends the plan as JSON and applies it.
func send(t *testing.T, r posture.Remediator, f posture.Finding, bindings []posture.Binding) int {
	t.Helper()
	p, err := r.Plan(t.Context(), f)
	if err != nil || len(p.Steps) == 0 {
		return 0 // refused, or answered by a plan before
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
	if receipt, err := conformance.Executor(bound).Apply(t.Context(), bound); err != nil {
		t.Errorf("%s on %s: %s, %v", f.Control, f.Resource, receipt.Outcome, err)
	}
	return 1
}
