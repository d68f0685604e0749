//go:build moto

package guardduty_test

import (
	"testing"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/guardduty"
	"github.com/awsposture/posture/internal/conformance"
	"github.com/awsposture/posture/internal/mototest"
)

// TestMoto scans a region without GuardDuty on the emulator, enables it over HTTP
// with the real client, and scans again. The emulator has little of the service:
// what it does not have must come out as unknown, never as pass.
func TestMoto(t *testing.T) {
	cfg, account := mototest.Config(t, "eu-west-1")
	p := posture.Place{Partition: "aws", Account: account, Region: "eu-west-1"}
	worst := func() map[string]posture.Status {
		out := map[string]posture.Status{}
		for r := range posture.Scan(t.Context(), guardduty.Evaluators(guardduty.FromConfig(cfg, p)), nil) {
			out[r.Control.ID] = posture.Pass
			for _, f := range r.Findings {
				if f.Status != posture.Pass && out[r.Control.ID] != posture.Fail {
					out[r.Control.ID] = f.Status
				}
			}
		}
		return out
	}
	before := worst()
	if before["guardduty.enabled"] != posture.Fail || before["guardduty.frequency"] != posture.NotApplicable {
		t.Errorf("without a detector: %v", before)
	}

	r := guardduty.FromConfig(cfg, p)
	var finding posture.Finding
	for res := range posture.Scan(t.Context(), []posture.Evaluator{guardduty.Enabled{Region: r}}, nil) {
		finding = res.Findings[0]
	}
	plan, err := guardduty.EnableGuardDuty{Region: r, Writer: guardduty.Client(cfg, p)}.Plan(t.Context(), finding)
	if err != nil {
		t.Fatal(err)
	}
	receipt, err := conformance.Executor(plan).Apply(t.Context(), plan)
	if err != nil || receipt.Outcome != posture.OutcomeDone {
		t.Fatalf("apply: %s, %v", receipt.Outcome, err)
	}
	after := worst()
	if after["guardduty.enabled"] != posture.Pass {
		t.Errorf("enabled: %v", after)
	}
	for _, id := range []string{"guardduty.open-findings", "guardduty.suppression"} {
		if after[id] != posture.Unknown {
			t.Errorf("%s is %s, and the emulator does not have what it needs", id, after[id])
		}
	}
}
