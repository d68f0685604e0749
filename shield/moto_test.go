//go:build moto

package shield_test

import (
	"testing"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/internal/mototest"
	"github.com/awsposture/posture/shield"
)

// TestMoto protects a resource over HTTP with the real client. The emulator has
// the protections and not the state of the subscription, without which nothing of
// Advanced may come out as pass.
func TestMoto(t *testing.T) {
	cfg, account := mototest.Config(t, "eu-west-1")
	p := posture.Place{Partition: "aws", Account: account}
	a := shield.FromConfig(cfg, p)
	for r := range posture.Scan(t.Context(), shield.Evaluators(a), nil) {
		for _, f := range r.Findings {
			if f.Status == posture.Pass || f.Status == posture.Fail {
				t.Errorf("%s is %s, and the emulator does not have what it needs", f.Control, f.Status)
			}
		}
	}
	setting := shield.ProtectionSetting{Account: a, Writer: shield.Client(cfg), Name: "site", Resource: "arn:aws:cloudfront::" + account + ":distribution/EDFDVBD6EXAMPLE"}
	for _, want := range []shield.ProtectionState{shield.Unprotected, shield.Protected, shield.Unprotected} {
		if err := setting.Set(t.Context(), want); err != nil {
			t.Fatalf("%s: %v", want, err)
		}
		if is, err := setting.Get(t.Context()); err != nil || is != want {
			t.Errorf("it is %s, not %s: %v", is, want, err)
		}
		all, err := shield.FromConfig(cfg, p).Protections(t.Context())
		if err != nil || (len(all) == 1) != (want == shield.Protected) {
			t.Errorf("%s: %v, %v", want, all, err)
		}
	}
}
