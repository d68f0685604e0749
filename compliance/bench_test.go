package compliance_test

import (
	"bytes"
	"fmt"
	"iter"
	"runtime"
	"testing"
	"time"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/compliance"
)

const million = 1_000_000

// estateOf gives n findings as a scan would: 100 controls, 25 accounts of two
// regions each, one finding in ten failing.
func estateOf(n int) (scope []posture.Place, results iter.Seq[posture.Result]) {
	for i := range 25 {
		for _, region := range []string{"eu-west-1", "us-east-1"} {
			scope = append(scope, posture.Place{Partition: "aws", Account: fmt.Sprintf("1111222233%02d", i), Region: region})
		}
	}
	ids := existing()
	for id := range plannedIDs(&testing.B{}) {
		if len(ids) < 100 {
			ids = append(ids, id)
		}
	}
	each := n / len(scope) / len(ids)
	return scope, func(yield func(posture.Result) bool) {
		for _, id := range ids {
			for _, p := range scope {
				c := control(id, posture.Regional, posture.Param{Name: "max-age", Value: "90"})
				r := posture.Result{Control: c, Place: p, Started: noon, Findings: make([]posture.Finding, each)}
				for i := range r.Findings {
					thing := p.Resource(c.Resource, fmt.Sprintf("thing-%d", i), fmt.Sprintf("arn:aws:example:%s:%s:thing/%d", p.Region, p.Account, i))
					r.Findings[i] = c.Pass(thing, nil)
					if i%10 == 0 {
						r.Findings[i] = c.Fail(thing, nil)
					}
					r.Findings[i].Tags = map[string]string{"owner": "team-" + p.Account}
				}
				if !yield(r) {
					return
				}
			}
		}
	}
}

// heap watches the largest heap in use beyond what there was before.
type heap struct{ before, most uint64 }

func startHeap() *heap {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return &heap{before: m.HeapInuse}
}

func (h *heap) look() {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	h.most = max(h.most, m.HeapInuse-min(h.before, m.HeapInuse))
}

// BenchmarkAssess assesses findings against CIS 5.0, PCI DSS 4.0.1, FSBP and
// the moderate baseline of NIST SP 800-53. The time includes making the
// findings, which sub-benchmark "make" shows alone.
func BenchmarkAssess(b *testing.B) {
	scope, _ := estateOf(0)
	var frameworks []*compliance.Framework
	for _, k := range [][2]string{{"cis-aws", "5.0.0"}, {"pci-dss", "4.0.1"}, {"aws-fsbp", "1.0.0"}, {"nist-800-53-moderate", "r5"}} {
		frameworks = append(frameworks, load(b, k[0], k[1]))
	}
	waivers := []compliance.Waiver{
		{Control: "iam.access-key-age", Accounts: []string{"111122223300", "111122223301"}, Owner: "ana@example.com", Reason: "Example.", Expires: noon.Add(time.Hour)},
		{Control: "iam.user-mfa", Resource: "thing-10", Owner: "ana@example.com", Reason: "Example.", Expires: noon.Add(time.Hour)},
	}
	plain := compliance.Assessor{Frameworks: frameworks, Scope: scope, Now: clock, Waivers: waivers, Owner: compliance.Owners{}.Of}
	keeping := plain
	keeping.Keep = true
	for _, c := range []struct {
		name     string
		assessor *compliance.Assessor
		n        int
	}{{"make/1000000", nil, million}, {"assess/10000", &plain, 10_000}, {"assess/100000", &plain, 100_000}, {"assess/1000000", &plain, million}, {"keep/1000000", &keeping, million}} {
		b.Run(c.name, func(b *testing.B) {
			h := startHeap()
			for b.Loop() {
				n := 0
				_, results := estateOf(c.n)
				if c.assessor == nil {
					for r := range results {
						n += len(r.Findings)
					}
				} else {
					run, err := c.assessor.Start()
					if err != nil {
						b.Fatal(err)
					}
					for range run.Items(results) {
						if n++; n%(c.n/20) == 0 {
							h.look()
						}
					}
					a := run.Assessment()
					h.look()
					if len(a.Frameworks) != len(frameworks) || len(a.Tickets) == 0 {
						b.Fatal("nothing was assessed")
					}
					runtime.KeepAlive(run)
				}
				if n < c.n*9/10 {
					b.Fatalf("%d findings", n)
				}
			}
			b.ReportMetric(float64(h.most)/1e6, "peak-MB")
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(c.n), "ns/finding")
		})
	}
}

// BenchmarkCompare compares two snapshots of a million findings each, and reads
// one from its file.
func BenchmarkCompare(b *testing.B) {
	scope, results := estateOf(million)
	run, err := compliance.Assessor{Scope: scope, Now: clock, Keep: true}.Start()
	if err != nil {
		b.Fatal(err)
	}
	for range run.Items(results) { // it is read for what it leaves in the run
	}
	var file bytes.Buffer
	if err := compliance.WriteSnapshot(&file, run.Snapshot()); err != nil {
		b.Fatal(err)
	}
	b.Run("compare", func(b *testing.B) {
		for b.Loop() {
			if c := compliance.Compare(run.Snapshot(), run.Snapshot()); c.Counts[compliance.Open] != len(c.Changes) || len(c.Changes) == 0 {
				b.Fatal(c.Counts)
			}
		}
	})
	b.Run("read", func(b *testing.B) {
		b.SetBytes(int64(file.Len()))
		for b.Loop() {
			if _, err := compliance.ReadSnapshot(bytes.NewReader(file.Bytes())); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkLoad reads the largest framework; the catalogue is read once before.
func BenchmarkLoad(b *testing.B) {
	load(b, "nist-800-53", "r5")
	for b.Loop() {
		load(b, "nist-800-53", "r5")
	}
}
