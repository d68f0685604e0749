package organization_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/iam/organization"
	"github.com/awsposture/posture/internal/awsfake"
	"github.com/awsposture/posture/internal/conformance"
)

// TestThroughClient scans through the real client, with its validation and error
// wrapping, from each kind of account: the verdicts are those on the fake.
func TestThroughClient(t *testing.T) {
	for name, make := range map[string]func() *world{
		"management": goodWorld, "bad": badWorld, "no paths": pathlessWorld, "outside": outsideWorld,
		"administrator": func() *world { return seenFrom(security) }, "member": func() *world { return seenFrom(shop) },
	} {
		t.Run(name, func(t *testing.T) {
			w := make()
			cfg := awsfake.Services{"Organizations": w}.Config("eu-west-1")
			o := organization.FromConfig(cfg, w.place)
			o.Now, o.ManagementResources = clock, w.view().ManagementResources
			through := verdicts(t, organization.Evaluators(o))
			if diff := cmp.Diff(verdicts(t, organization.Evaluators(w.view())), through); diff != "" {
				t.Error(diff)
			}
			if name == "management" || name == "administrator" {
				if err := readAll(t.Context(), o); err != nil {
					t.Error(err)
				}
			}
		})
	}
}

// TestWriteThroughClient attaches and enables through the real client.
func TestWriteThroughClient(t *testing.T) {
	w := badWorld()
	cfg := awsfake.Services{"Organizations": w}.Config("eu-west-1")
	client := organization.Client(cfg, place)
	o := organization.FromConfig(cfg, place)
	o.Now = clock
	for _, c := range []struct {
		e posture.Evaluator
		r posture.Remediator
	}{
		{organization.PolicyTypeInForce{Organization: o, Type: organization.RCP}, organization.EnablePolicyType{Organization: o, Writer: client}},
		{organization.LeaveDenied{Organization: o}, organization.AttachGuardrail{Organization: o, Writer: client, Policy: guardrail}},
	} {
		p, err := c.r.Plan(t.Context(), failing(t, c.e, ""))
		if err != nil {
			t.Fatal(err)
		}
		x := conformance.Executor(p)
		if receipt, err := x.Apply(t.Context(), p); err != nil || receipt.Outcome != posture.OutcomeDone {
			t.Errorf("%s: %s, %v", p.Steps[0].Kind.Name, receipt.Outcome, err)
		}
	}
}

func verdicts(t *testing.T, suite []posture.Evaluator) map[string]posture.Status {
	t.Helper()
	out := map[string]posture.Status{}
	for _, e := range suite {
		for _, f := range judge(t, e) {
			out[f.Fingerprint()] = f.Status
		}
	}
	return out
}
