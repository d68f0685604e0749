package guardduty_test

import (
	"fmt"
	"testing"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/guardduty"
	"github.com/awsposture/posture/guardduty/guarddutytest"
)

// large is a region with a thousand covered hosts, two hundred open findings,
// ten filters, six lists and ten malware plans.
func large() *world {
	w := good().Fake.(*world)
	w.PageSize = 0
	hosts := make([]posture.Resource, 1000)
	w.Edit(func(s *guarddutytest.State) {
		d := s.Detector
		d.Coverage = nil
		for i := range hosts {
			id := fmt.Sprintf("i-%04d", i)
			hosts[i] = place.Resource("AWS::EC2::Instance", id, "")
			d.Coverage = append(d.Coverage, guarddutytest.Coverage{Kind: "EC2", Resource: id})
		}
		for i := range 200 {
			d.Findings[fmt.Sprintf("f%03d", i)] = &guarddutytest.Finding{Type: "Discovery:S3/MaliciousIPCaller", Severity: 8, Created: hoursAgo(i)}
		}
		for i := range 10 {
			d.Filters[fmt.Sprintf("filter%d", i)] = &guarddutytest.Filter{Rank: i + 1}
			s.Plans[fmt.Sprintf("p%d", i)] = &guarddutytest.Plan{Bucket: fmt.Sprintf("example-%d", i)}
		}
		for _, kind := range []guardduty.ListKind{guardduty.IPSet, guardduty.ThreatIntelSet} {
			d.Lists[kind][string(kind)+"2"] = list("s3://example-lists/offices")
		}
	})
	w.facts.inventory["AWS::EC2::Instance"] = hosts
	return w
}

// BenchmarkRegionScan scans a large region, its organization's controls left out.
func BenchmarkRegionScan(b *testing.B) { bench(b, large(), regionSuite) }

// BenchmarkEmptyRegionScan scans a region without GuardDuty, as most are.
func BenchmarkEmptyRegionScan(b *testing.B) { bench(b, absent().Fake.(*world), regionSuite) }

// BenchmarkOrganizationScan scans, as the administrator, an organization of a
// thousand accounts.
func BenchmarkOrganizationScan(b *testing.B) {
	w := good().Fake.(*world)
	accounts := []string{place.Account}
	w.Edit(func(s *guarddutytest.State) {
		s.Organization = guarddutytest.NewOrganization()
		for i := range 1000 {
			id := fmt.Sprintf("%012d", 200000000000+i)
			accounts = append(accounts, id)
			s.Organization.Members[id] = guarddutytest.NewMember(allFeatures...)
		}
	})
	bench(b, w, func(w *world) []posture.Evaluator {
		return guardduty.OrganizationEvaluators(orgFacts{accounts, place.Account}.organization(w.GuardDuty))
	})
}

func regionSuite(w *world) []posture.Evaluator {
	return guardduty.Evaluators(w.facts.region(place, w.GuardDuty))
}

func bench(b *testing.B, w *world, suite func(*world) []posture.Evaluator) {
	b.ReportAllocs()
	calls, findings := 0, 0
	for b.Loop() {
		w.Forget()
		findings = 0
		for r := range posture.Scan(b.Context(), suite(w), nil) {
			findings += len(r.Findings)
		}
		calls = len(w.Calls())
	}
	b.ReportMetric(float64(calls), "calls/scan")
	b.ReportMetric(float64(findings), "findings")
}
