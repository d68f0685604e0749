package inspector_test

import (
	"encoding/json"
	"slices"
	"testing"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/inspector"
	"github.com/awsposture/posture/internal/awsfake"
	"github.com/awsposture/posture/internal/conformance"
)

// The real client, with its validation and error wrapping, sees what the fake
// shows, in the region of the place and not in that of the configuration.
func TestRealClient(t *testing.T) {
	for name, fixture := range map[string]func() conformance.Ground{"good": good, "bad": bad, "absent": absent} {
		t.Run(name, func(t *testing.T) {
			w := fixture().Fake.(*world)
			r := inspector.FromConfig(awsfake.Services{"Inspector2/eu-west-1": w.Inspector}.Config("us-east-1"), place)
			near := w.facts.region(place, w.Inspector)
			r.Now, r.Inventory, r.Reach, r.Privilege = near.Now, near.Inventory, near.Reach, near.Privilege
			is, want := scanAll(t, r), scanAll(t, near)
			for id := range want {
				a, errA := json.Marshal(is[id])
				b, errB := json.Marshal(want[id])
				if errA != nil || errB != nil || string(a) != string(b) {
					t.Errorf("%s: through the client %s, without %s", id, a, b)
				}
			}
		})
	}
}

// A plan that an approver saw as JSON acts through the real client: every write
// passes its validation.
func TestRealClientWrites(t *testing.T) {
	regional := func(cfg aws.Config) []posture.Binding {
		return inspector.Bindings(inspector.FromConfig(cfg, place), inspector.Client(cfg, place))
	}
	organizational := func(cfg aws.Config) []posture.Binding {
		return inspector.OrganizationBindings(inspector.NewOrganization(inspector.FromConfig(cfg, place)), inspector.Client(cfg, place))
	}
	for name, test := range map[string]struct {
		ground   func() conformance.Ground
		bindings func(aws.Config) []posture.Binding
	}{
		"bad": {bad, regional}, "absent": {absent, regional}, "organization": {orgBad, organizational}, "left": {orgLeft, organizational}, "undelegated": {orgUndelegated, organizational},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				g := test.ground()
				var fake any
				switch w := g.Fake.(type) {
				case *world:
					fake = w.Inspector
				case *orgWorld:
					fake = w.Inspector
				}
				applyAll(t, g, test.bindings(awsfake.Services{"Inspector2": fake}.Config("eu-west-1")))
			})
		})
	}
}

// applyAll plans an answer to every finding that has a remediator, and applies
// it with the bindings.
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
				if f.Resource.ID == "222233334444" && err != nil {
					continue // suspended: see TestRefusals
				}
				if err != nil {
					t.Errorf("%s on %s: %v", f.Control, f.Resource, err)
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
				if len(bound.Steps) > 0 { // not done yet by the plan of another finding
					apply(t, bound)
					applied++
				}
			}
		}
	}
	if applied == 0 {
		t.Error("nothing was applied")
	}
}
