package shield_test

import (
	"fmt"
	"testing"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/shield"
	"github.com/awsposture/posture/shield/shieldtest"
)

// BenchmarkScan scans an account with a thousand protected load balancers, a
// hundred groups and a thousand attacks.
func BenchmarkScan(b *testing.B) {
	w := good()
	w.Edit(func(s *shieldtest.State) {
		for i := range 1000 {
			arn := fmt.Sprintf("arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/b%d/50dc6c495c0c9188", i)
			s.Protections[fmt.Sprintf("q%d", i)] = &shieldtest.Protection{Name: fmt.Sprint(i), Resource: arn, HealthChecks: []string{check}, Response: shield.ResponseBlock}
			s.Attacks[fmt.Sprintf("b%d", i)] = &shieldtest.Attack{Resource: arn, Vectors: []string{"SYN_FLOOD"}, Start: daysAgo(100), End: daysAgo(99)}
			x := balancerEdge(webACL("block", "", true))
			x.Resource.ID, x.Resource.ARN, x.Application = fmt.Sprint("b", i), arn, fmt.Sprint("application ", i%100)
			w.facts.edges = append(w.facts.edges, x)
			w.facts.existing = append(w.facts.existing, arn)
			w.facts.alarms = append(w.facts.alarms, alarm(arn, "eu-west-1"))
		}
		for i := range 100 {
			s.Groups[fmt.Sprint(i)] = &shieldtest.Group{Aggregation: "MAX", Pattern: "BY_RESOURCE_TYPE", Kind: shield.ElasticIP}
		}
	})
	b.ReportAllocs()
	calls, findings := 0, 0
	for b.Loop() {
		w.Forget()
		findings = 0
		for r := range posture.Scan(b.Context(), suite(w.facts.account(place, w.Shield)), nil) {
			findings += len(r.Findings)
		}
		calls = len(w.Calls())
	}
	b.ReportMetric(float64(calls), "calls/scan")
	b.ReportMetric(float64(findings), "findings")
}
