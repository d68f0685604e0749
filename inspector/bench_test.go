package inspector_test

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"
	"strconv"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/inspector2"
	"github.com/aws/aws-sdk-go-v2/service/inspector2/types"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/inspector"
	"github.com/awsposture/posture/inspector/inspectortest"
)

// huge is a region with a million findings, which it makes up page by page: on
// 10,000 instances and 10,000 images, of 5,000 vulnerabilities of 400 packages.
type huge struct {
	*inspectortest.Inspector
	total int
}

func (h *huge) ListFindings(_ context.Context, in *sdk.ListFindingsInput, _ ...func(*sdk.Options)) (*sdk.ListFindingsOutput, error) {
	if len(in.FilterCriteria.FindingType) > 0 {
		out := &sdk.ListFindingsOutput{}
		for i := range 100 {
			out.Findings = append(out.Findings, inspectortest.Listed(open(fmt.Sprintf("net-%d", i), fmt.Sprintf("i-%05d", i*7), 443, 443)))
		}
		return out, nil
	}
	start := 0
	if in.NextToken != nil {
		start, _ = strconv.Atoi(*in.NextToken)
	}
	out := &sdk.ListFindingsOutput{Findings: make([]types.Finding, 0, 100)}
	for n := start; n < min(start+100, h.total); n++ {
		out.Findings = append(out.Findings, inspectortest.Listed(made(n)))
	}
	if start+100 < h.total {
		out.NextToken = aws.String(strconv.Itoa(start + 100))
	}
	return out, nil
}

func (h *huge) BatchGetFindingDetails(_ context.Context, in *sdk.BatchGetFindingDetailsInput, _ ...func(*sdk.Options)) (*sdk.BatchGetFindingDetailsOutput, error) {
	out := &sdk.BatchGetFindingDetailsOutput{}
	for _, arn := range in.FindingArns {
		out.FindingDetails = append(out.FindingDetails, types.FindingDetail{FindingArn: &arn})
	}
	return out, nil
}

// made is finding number n: every two hundredth is likely to be exploited.
func made(n int) inspector.Finding {
	f := vulnerability(fmt.Sprintf("arn:aws:inspector2:eu-west-1:111122223333:finding/%08d", n), fmt.Sprintf("i-%05d", n%10000), fmt.Sprintf("CVE-2026-%04d", n*31%5000))
	f.Resource.Account, f.Status = place.Account, "ACTIVE"
	f.Packages = []inspector.Package{{Name: fmt.Sprintf("package-%03d", n%400), Version: "1.0", Fixed: "1.1", Manager: "OS", Path: "/usr/lib"}}
	f.Image, f.Score, f.First = fmt.Sprintf("ami-%03d", n%50), float64(n%100)/10, daysAgo(n%120)
	if f.EPSS = float64(n%1000) / 5000; n%200 == 0 {
		f.EPSS, f.Exploit = 0.6, true
	}
	if n%2 == 1 {
		f.Resource.Type, f.Resource.ID = inspector.TypeImage, fmt.Sprintf("%s%05d", image, n%10000)
		f.Repository, f.Image, f.Packages[0].Layer = fmt.Sprintf("shop-%02d", n%40), fmt.Sprintf("sha256:%05d", n%10000), fmt.Sprintf("sha256:base%d", n%8)
	}
	return f
}

// peak runs f and gives the most memory that the heap held meanwhile, above
// what it held before, as sampled each ten milliseconds.
func peak(f func()) uint64 {
	runtime.GC()
	debug.FreeOSMemory()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	before, most := m.HeapInuse, m.HeapInuse
	done, sampled := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(sampled)
		tick := time.NewTicker(10 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				var m runtime.MemStats
				runtime.ReadMemStats(&m)
				most = max(most, m.HeapInuse)
			case <-done:
				return
			}
		}
	}()
	f()
	close(done)
	<-sampled
	return most - before
}

// BenchmarkRankMillion streams a million findings, groups them by fix and ranks
// them, with the pages made up on the way.
func BenchmarkRankMillion(b *testing.B) { rankHuge(b, 1_000_000) }

// BenchmarkRankHundredThousand does so with a tenth: the peak must be nearly the
// same, since it is that of the fixes, resources and images.
func BenchmarkRankHundredThousand(b *testing.B) { rankHuge(b, 100_000) }

// reportCPU tells the processor time of an iteration, measured from begin.
func reportCPU(b *testing.B, begin time.Duration) {
	b.ReportMetric((cpuTime()-begin).Seconds()/float64(b.N), "cpu-s/op")
}

func rankHuge(b *testing.B, n int) {
	b.ReportAllocs()
	defer reportCPU(b, cpuTime())
	var most uint64
	var k inspector.Ranking
	for b.Loop() {
		f := newFake(place)
		f.Edit(func(s *inspectortest.State) { s.Account = *inspectortest.NewAccount(standard...) })
		r := inspector.NewRegion(place, &huge{Inspector: f, total: n})
		r.Now = clock
		most = max(most, peak(func() {
			var err error
			if k, err = r.Ranking(b.Context()); err != nil || k.Read != n {
				b.Fatalf("read %d, %v", k.Read, err)
			}
		}))
	}
	b.ReportMetric(float64(most)/1e6, "MB-peak")
	b.ReportMetric(float64(len(k.Fixes)), "fixes")
	b.ReportMetric(float64(len(k.Risks)), "resources")
}

// BenchmarkAddHundredThousand only ranks and groups: a tenth of the findings,
// already read.
func BenchmarkAddHundredThousand(b *testing.B) {
	all := make([]inspector.Finding, 100_000)
	for n := range all {
		all[n] = made(n)
	}
	b.ReportAllocs()
	defer reportCPU(b, cpuTime())
	for b.Loop() {
		r := &inspector.Ranker{Now: now}
		for _, f := range all {
			r.Add(f, inspector.Facts{})
		}
		if k := r.Ranking(); k.Read != len(all) {
			b.Fatal(k.Read)
		}
	}
}

// BenchmarkStreamMillion only streams: the share of making up the pages and of
// reading them.
func BenchmarkStreamMillion(b *testing.B) {
	b.ReportAllocs()
	defer reportCPU(b, cpuTime())
	var most uint64
	for b.Loop() {
		r := inspector.NewRegion(place, &huge{Inspector: newFake(place), total: 1_000_000})
		most = max(most, peak(func() {
			n := 0
			for _, err := range r.Findings(b.Context()) {
				if n++; err != nil {
					b.Fatal(err)
				}
			}
		}))
	}
	b.ReportMetric(float64(most)/1e6, "MB-peak")
}

// BenchmarkProof proves the coverage of 100,000 instances, two scans each.
func BenchmarkProof(b *testing.B) {
	inventory, rows := nothing(), make([]inspector.Row, 0, 200_000)
	for i := range 100_000 {
		id := fmt.Sprintf("i-%017x", i)
		inventory[inspector.TypeInstance] = append(inventory[inspector.TypeInstance], asset(inspector.TypeInstance, id))
		r := row(inspector.TypeInstance, id, inspector.PackageScan)
		if i%10 == 0 {
			r = with(r, "UNMANAGED_EC2_INSTANCE")
		}
		rows = append(rows, r, row(inspector.TypeInstance, id, inspector.NetworkScan))
	}
	b.ReportAllocs()
	defer reportCPU(b, cpuTime())
	for b.Loop() {
		if p := inspector.Prove(place, now, inventory, rows, inspector.Limits{}); p.Counts[inspector.Blind] != 10_000 {
			b.Fatal(p)
		}
	}
}

// BenchmarkRegionScan scans a region with a thousand instances and two hundred
// findings.
func BenchmarkRegionScan(b *testing.B) {
	w := good().Fake.(*world)
	w.Edit(func(s *inspectortest.State) {
		for i := range 1000 {
			id := fmt.Sprintf("i-%04d", i)
			w.facts.inventory[inspector.TypeInstance] = append(w.facts.inventory[inspector.TypeInstance], asset(inspector.TypeInstance, id))
			s.Coverage = append(s.Coverage, row(inspector.TypeInstance, id, inspector.PackageScan), row(inspector.TypeInstance, id, inspector.NetworkScan))
		}
		for i := range 200 {
			s.Findings = append(s.Findings, vulnerability(fmt.Sprintf("b%d", i), fmt.Sprintf("i-%04d", i), fmt.Sprintf("CVE-2026-%d", i%50)))
		}
	})
	bench(b, w.Inspector, func() []posture.Evaluator { return inspector.Evaluators(w.facts.region(place, w.Inspector)) })
}

// BenchmarkEmptyRegionScan scans a region without Inspector, as most are.
func BenchmarkEmptyRegionScan(b *testing.B) {
	w := absent().Fake.(*world)
	bench(b, w.Inspector, func() []posture.Evaluator { return inspector.Evaluators(w.facts.region(place, w.Inspector)) })
}

func bench(b *testing.B, f *inspectortest.Inspector, suite func() []posture.Evaluator) {
	b.ReportAllocs()
	calls, findings := 0, 0
	for b.Loop() {
		f.Forget()
		findings = 0
		for r := range posture.Scan(b.Context(), suite(), nil) {
			findings += len(r.Findings)
		}
		calls = len(f.Calls())
	}
	b.ReportMetric(float64(calls), "calls/scan")
	b.ReportMetric(float64(findings), "findings")
}
