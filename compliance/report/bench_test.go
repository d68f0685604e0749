package report

import (
	"fmt"
	"io"
	"iter"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/compliance"
)

// estate makes n findings one after the other, none of which is kept: 100
// controls at 50 places, sorted by them; of twenty, two fail, one is waived and one
// is unknown.
func estate(n int) iter.Seq[compliance.Item] {
	return func(yield func(compliance.Item) bool) {
		controls := make([]posture.Control, 100)
		for i := range controls {
			controls[i] = control(fmt.Sprintf("%s.rule-%d", []string{"iam", "infra", "detective", "guardduty"}[i%4], i), "A rule that is like others", "AWS::S3::Bucket", posture.Severity(1+i%5))
		}
		requirements := []compliance.Ref{{Framework: "cis-aws", Version: "5.0.0", ID: "2.1.4"}, {Framework: "pci-dss", Version: "4.0.1", ID: "1.3.1"}}
		waiver := &compliance.Waiver{Control: "iam.rule-0", Accounts: []string{"111122223300"}, Owner: "cto@example.com", Reason: "replaced in July", Expires: finished.AddDate(0, 1, 0)}
		each := max(n/len(controls)/50, 1)
		for i := range n {
			c, p := controls[i/(50*each)%len(controls)], i/each%50
			place := posture.Place{Partition: "aws", Account: fmt.Sprintf("1111222233%02d", p/2), Region: []string{"eu-west-1", "us-east-1"}[p%2]}
			id := fmt.Sprintf("example-%d", i)
			r := place.Resource("AWS::S3::Bucket", id, "arn:aws:s3:::"+id)
			it := compliance.Item{Control: c, Owner: "team-" + place.Account, Requirements: requirements}
			switch i % 20 {
			case 0, 1, 2:
				it.Finding = c.Fail(r, keyEvidence{User: id, KeyID: "AKIAIOSFODNN7EXAMPLE", Created: finished, Age: i % 400}).Detailf("The bucket policy lets everyone read.")
				if i%20 == 2 {
					it.Waiver = waiver
				}
			case 3:
				it.Finding = c.Unknown(r, &posture.Cause{Kind: posture.CauseDenied, Operation: "S3:GetBucketPolicy", Code: "AccessDenied", Message: "no identity-based policy allows it"})
			default:
				it.Finding = c.Pass(r, nil).Detailf("Public access is blocked.")
			}
			it.Finding.Tags = map[string]string{"team": it.Owner}
			if !yield(it) {
				return
			}
		}
	}
}

// watch looks at the heap every few milliseconds until stop, which gives the
// largest heap in use beyond what there was before.
func watch() (stop func() uint64) {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	before, most, done, ended := m.HeapInuse, atomic.Uint64{}, make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		for {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			most.Store(max(most.Load(), m.HeapInuse-min(before, m.HeapInuse)))
			select {
			case <-done:
				return
			case <-time.After(20 * time.Millisecond):
			}
		}
	}()
	return func() uint64 {
		close(done)
		<-ended
		return most.Load()
	}
}

type counter struct{ n int }

func (c *counter) Write(b []byte) (int, error) {
	c.n += len(b)
	return len(b), nil
}

// BenchmarkWrite writes findings in every format. The time includes making
// them, which sub-benchmark "make" shows alone; HTML and Markdown make them twice.
func BenchmarkWrite(b *testing.B) {
	for _, n := range []int{10_000, 1_000_000} {
		for _, name := range append([]string{"make"}, sortedKeys(formats)...) {
			b.Run(fmt.Sprintf("%s/%d", name, n), func(b *testing.B) {
				var most uint64
				var size counter
				for b.Loop() {
					size = counter{}
					stop := watch()
					if f := formats[name]; f == nil {
						for it := range estate(n) {
							_, _ = io.WriteString(io.Discard, it.Owner)
						}
					} else if err := f.Write(&size, header(), estate(n)); err != nil {
						b.Fatal(err)
					}
					most = max(most, stop())
				}
				b.ReportMetric(float64(most)/1e6, "peak-MB")
				b.ReportMetric(float64(size.n)/1e6, "written-MB")
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/finding")
			})
		}
	}
}
