package report

import (
	"fmt"
	"iter"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/compliance"
)

// scanned gives the findings of estate as a scan would: one result after the
// other, of controls whose ids the frameworks map.
func scanned(n int, ids []string) iter.Seq[posture.Result] {
	return func(yield func(posture.Result) bool) {
		names := map[string]string{}
		var res posture.Result
		for it := range estate(n) {
			f := it.Finding
			id, named := names[f.Control]
			if !named {
				id = ids[len(names)]
				names[f.Control] = id
			}
			place := posture.Place{Partition: "aws", Account: f.Resource.Account, Region: f.Resource.Region}
			if res.Control.ID != id || res.Place != place {
				if len(res.Findings) > 0 && !yield(res) {
					return
				}
				res = posture.Result{Control: it.Control, Place: place, Started: finished}
				res.Control.ID, res.Control.Scope = id, posture.Regional
			}
			f.Control = id
			res.Findings = append(res.Findings, f)
		}
		yield(res)
	}
}

// BenchmarkAssessAndWrite assesses findings against CIS 5.0 and PCI DSS 4.0.1
// and writes them in every format. What says no outcomes is written while the
// findings are assessed; what begins with them is written in a second run.
func BenchmarkAssessAndWrite(b *testing.B) {
	var ids []string
	assessor := compliance.Assessor{
		Now: func() time.Time { return finished }, Owner: compliance.Owners{Tags: []string{"team"}}.Of,
	}
	for _, k := range [][2]string{{"cis-aws", "5.0.0"}, {"pci-dss", "4.0.1"}} {
		f, err := compliance.Load(k[0], k[1])
		if err != nil {
			b.Fatal(err)
		}
		assessor.Frameworks = append(assessor.Frameworks, f)
		for _, q := range f.Requirements {
			for _, m := range q.Mappings {
				ids = append(ids, m.Controls...)
			}
		}
	}
	slices.Sort(ids)
	if ids = slices.Compact(ids); len(ids) < 100 {
		b.Fatalf("%d controls are mapped", len(ids))
	}
	assessor.Waivers = []compliance.Waiver{{Control: ids[0], Accounts: []string{"111122223300"}, Owner: "cto@example.com", Reason: "replaced in July", Expires: finished.AddDate(0, 1, 0)}}
	for i := range 25 {
		for _, region := range []string{"eu-west-1", "us-east-1"} {
			assessor.Scope = append(assessor.Scope, posture.Place{Partition: "aws", Account: fmt.Sprintf("1111222233%02d", i), Region: region})
		}
	}
	start := func() *compliance.Run {
		run, err := assessor.Start()
		if err != nil {
			b.Fatal(err)
		}
		return run
	}
	once := []string{"csv", "ocsf.jsonl", "detection.jsonl", "asff.jsonl", "junit.xml"}
	for _, n := range []int{10_000, 1_000_000} {
		for _, name := range sortedKeys(formats) {
			b.Run(fmt.Sprintf("%s/%d", name, n), func(b *testing.B) {
				var most uint64
				var size counter
				for b.Loop() {
					size = counter{}
					stop := watch()
					h, run := Header{Finished: finished}, start()
					if !slices.Contains(once, name) {
						counts := Count(run.Items(scanned(n, ids)), finished)
						h, run = HeaderOf(run.Assessment()), start()
						h.Counts = &counts
					}
					if err := formats[name].Write(&size, h, run.Items(scanned(n, ids))); err != nil {
						b.Fatal(err)
					}
					if a := run.Assessment(); len(a.NotReached) > 0 || len(a.Controls) != 100 || a.Frameworks[0].Outcomes[compliance.NotMet] == 0 {
						b.Fatal("not all was assessed")
					}
					runtime.KeepAlive(run)
					most = max(most, stop())
				}
				b.ReportMetric(float64(most)/1e6, "peak-MB")
				b.ReportMetric(float64(size.n)/1e6, "written-MB")
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/finding")
			})
		}
	}
}
