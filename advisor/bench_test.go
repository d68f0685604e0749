package advisor_test

import (
	"fmt"
	"testing"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/advisor"
	"github.com/awsposture/posture/advisor/advisortest"
	"github.com/awsposture/posture/advisor/support"
	"github.com/awsposture/posture/advisor/support/supporttest"
)

// large is an account that is offered every check of the table and 283 that it
// does not have, of which 50 are red with 100 resources each, 20 of them excluded
// in one.
func large() *world {
	w := newWorld(place, facts{local: allLocal(advisor.Green)}, func(s *advisortest.State) {
		for _, k := range advisor.Table() {
			s.Checks = append(s.Checks, check(k.ID, advisor.Green))
		}
		for i := len(s.Checks); i < 500; i++ {
			c := check(fmt.Sprintf("Hs4Ma3Gx%02d", i), advisor.Green)
			c.Name, c.Category = "Security Hub control "+c.ID, advisor.Security
			s.Checks = append(s.Checks, c)
		}
		for _, c := range s.Checks[:50] {
			c.Colour = advisor.Red
			for i := range 100 {
				c.Rows = append(c.Rows, row(fmt.Sprintf("resource-%d", i), advisor.Red))
			}
		}
		for _, r := range s.Checks[0].Rows[:20] {
			r.Excluded = true
		}
	})
	return w
}

// BenchmarkScan scans 500 checks with 5,000 resources through the Trusted Advisor
// API.
func BenchmarkScan(b *testing.B) {
	bench(b, large(), func(w *world) []posture.Evaluator { return w.suite(w.account()) })
}

// BenchmarkScanOnSupport scans the same through the AWS Support API.
func BenchmarkScanOnSupport(b *testing.B) {
	bench(b, large(), func(w *world) []posture.Evaluator {
		return withoutPriority(w.suite(w.read(support.NewSource(supporttest.New(w.Advisor)))))
	})
}

// BenchmarkRefusedScan scans an account that may not ask: what is recomputed
// alone.
func BenchmarkRefusedScan(b *testing.B) {
	w := large()
	w.Edit(func(s *advisortest.State) { s.NotEntitled = true })
	bench(b, w, func(w *world) []posture.Evaluator { return w.suite(w.account()) })
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

// BenchmarkRank ranks what the large account has to say.
func BenchmarkRank(b *testing.B) {
	fs := findings(b, large())
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		n = len(advisor.Rank(fs))
	}
	b.ReportMetric(float64(n), "advice")
}
