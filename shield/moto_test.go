//go:build moto

package shield_test

import (
	"testing"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/internal/conformance"
	"github.com/awsposture/posture/internal/mototest"
	"github.com/awsposture/posture/shield"
)

// TestMoto scans an account on the emulator, which has nothing of the service but
// protections: what it does not have must come out as unknown, never as pass or
// fail. Then it makes a protection over HTTP with the real client, and takes it
// back.
func TestMoto(t *testing.T) {
	cfg, account := mototest.Config(t, "eu-west-1")
	p := posture.Place{Partition: "aws", Account: account}
	a := shield.FromConfig(cfg, p)
	for r := range posture.Scan(t.Context(), shield.Evaluators(a), nil) {
		for _, f := range r.Findings {
			if f.Status != posture.Unknown {
				t.Errorf("%s is %s: %s", r.Control.ID, f.Status, f.Detail)
			}
		}
	}

	arn := "arn:aws:ec2:eu-west-1:" + account + ":eip-allocation/eipalloc-0a1b2c3d"
	setting := shield.ProtectionSetting{Account: a, Writer: shield.Client(cfg, p), ResourceARN: arn}
	step, err := posture.Change(setting, shield.ProtectionState{}, shield.ProtectionState{Name: "address"})
	if err != nil {
		t.Fatal(err)
	}
	plan := posture.NewPlan(p, now, []posture.Finding{{Control: "shield.resource-protected", Resource: setting.Target()}}, step)
	x := conformance.Executor(plan)
	receipt, err := x.Apply(t.Context(), plan)
	if err != nil || receipt.Outcome != posture.OutcomeDone {
		t.Fatalf("apply: %s, %v", receipt.Outcome, err)
	}
	all, err := shield.FromConfig(cfg, p).Protections(t.Context())
	if err != nil || len(all) != 1 || all[0].ResourceARN != arn || all[0].Kind != shield.EIP || all[0].Name != "address" {
		t.Errorf("protections are %+v, %v", all, err)
	}
	undone, err := x.Undo(t.Context(), receipt)
	if err != nil || undone.Outcome != posture.OutcomeDone {
		t.Errorf("undo: %s, %v", undone.Outcome, err)
	}
	if state, err := setting.Get(t.Context()); err != nil || state.Name != "" {
		t.Errorf("undone, and there is %+v, %v", state, err)
	}
}
