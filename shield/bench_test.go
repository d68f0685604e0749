package shield_test

import (
	"fmt"
	"testing"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/shield"
	"github.com/awsposture/posture/shield/shieldtest"
)

// large is an account with a thousand protected addresses and as many load
// balancers on the internet, a thousand attacks, and a hundred groups.
func large() *world {
	w := good().Fake.(*world)
	w.PageSize = 0
	k := w.facts
	w.Edit(func(s *shieldtest.State) {
		s.Subscription.Limits = map[shield.Kind]int64{shield.EIP: 5000}
		for i := range 1000 {
			eip := fmt.Sprintf("arn:aws:ec2:eu-west-1:111122223333:eip-allocation/eipalloc-%08x", i)
			nlb := fmt.Sprintf("arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/net/mail%d/1", i)
			s.Protections[eip] = &shieldtest.Protection{ID: fmt.Sprintf("p-%d", i), Name: fmt.Sprint(i), HealthChecks: []string{"hc-good"}}
			s.Alarms[shieldtest.AlarmKey("eu-west-1", "attack "+eip)] = shield.AlarmState{ResourceARN: eip, Actions: []string{"x"}}
			s.Attacks[fmt.Sprintf("attack-%04d", i)] = &shieldtest.Attack{ResourceARN: eip, Start: daysAgo(i % 300), End: daysAgo(i%300 - 1)}
			k.exposed = append(k.exposed, exposed(shield.NLB, nlb, plain(eip)))
			k.inventory[shield.EIP] = append(k.inventory[shield.EIP], eip)
			if i < 100 {
				s.Groups[fmt.Sprintf("group-%d", i)] = &shieldtest.Group{Aggregation: "SUM", Pattern: "ARBITRARY", Members: []string{eip}}
			}
		}
	})
	return w
}

// BenchmarkScan scans a large account.
func BenchmarkScan(b *testing.B) { bench(b, large()) }

// BenchmarkScanUnsubscribed scans an account that never subscribed, as most are.
func BenchmarkScanUnsubscribed(b *testing.B) { bench(b, absent().Fake.(*world)) }

func bench(b *testing.B, w *world) {
	b.ReportAllocs()
	calls, findings := 0, 0
	for b.Loop() {
		w.Forget()
		findings = 0
		for r := range posture.Scan(b.Context(), shield.Evaluators(w.account(place, w)), nil) {
			findings += len(r.Findings)
		}
		calls = len(w.Calls())
	}
	b.ReportMetric(float64(calls), "calls/scan")
	b.ReportMetric(float64(findings), "findings")
}

// BenchmarkReadiness says what works for each resource of a large account.
func BenchmarkReadiness(b *testing.B) {
	w, n := large(), 0
	b.ReportAllocs()
	for b.Loop() {
		all, err := w.account(place, w).Readiness(b.Context())
		if err != nil {
			b.Fatal(err)
		}
		n = len(all)
	}
	b.ReportMetric(float64(n), "resources")
}
