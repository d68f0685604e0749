//go:build moto

package advisor_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/support"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/advisor"
	"github.com/awsposture/posture/advisor/support"
	"github.com/awsposture/posture/advisor/trustedadvisor"
	"github.com/awsposture/posture/internal/mototest"
)

// TestMoto reads Trusted Advisor from the emulator over HTTP with the real
// clients. It lists checks and refreshes them, and has no results: what it does
// not have must come out as unknown, never as pass.
func TestMoto(t *testing.T) {
	cfg, account := mototest.Config(t, "us-east-1")
	p := posture.Place{Partition: "aws", Account: account}
	for name, a := range map[string]*advisor.Account{"support": support.FromConfig(cfg, p), "trustedadvisor": trustedadvisor.FromConfig(cfg, p)} {
		for id, fs := range scan(t, advisor.Evaluators(a)) {
			for _, f := range fs {
				if f.Status != posture.Unknown {
					t.Errorf("%s: %s is %s: %s", name, id, f.Status, f.Detail)
				}
			}
		}
	}

	client := support.Client(cfg, p)
	checks, err := client.DescribeTrustedAdvisorChecks(t.Context(), &sdk.DescribeTrustedAdvisorChecksInput{Language: aws.String("en")})
	if err != nil || len(checks.Checks) == 0 {
		t.Fatalf("%d checks, %v", len(checks.Checks), err)
	}
	id := *checks.Checks[0].Id
	refresher := support.NewRefresher(client)
	if r, err := refresher.Refresh(t.Context(), id); err != nil || r.Check != id || r.State == "" {
		t.Errorf("refresh: %+v, %v", r, err)
	}
	if rs, err := refresher.Refreshes(t.Context(), []string{id}); err == nil {
		t.Errorf("the emulator does not have this, and it gives %+v", rs)
	}
}
