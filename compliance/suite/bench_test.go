package suite_test

import (
	"context"
	"fmt"
	"runtime"
	"testing"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/compliance/suite"
	"github.com/awsposture/posture/iam/organization/organizationtest"
)

// seventeen are the regions that are enabled in a new account.
var seventeen = []string{
	"ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1", "ap-southeast-1", "ap-southeast-2", "ca-central-1", "eu-central-1", "eu-north-1",
	"eu-west-1", "eu-west-2", "eu-west-3", "sa-east-1", "us-east-1", "us-east-2", "us-west-1", "us-west-2",
}

// largeEstate has n accounts of so many users each, in 17 regions.
func largeEstate(n, users int) (e *estate, ids []string) {
	for i := range n {
		ids = append(ids, fmt.Sprintf("%012d", 600000000000+i))
	}
	e = newEstate(baseUser)
	e.regions = seventeen
	e.state = func(id string) state {
		return func(m *member) {
			guarded(id)(m)
			manyUsers(users)(m)
			m.org.Edit(func(s *organizationtest.State) {
				for _, id := range ids {
					s.Accounts[id] = &organizationtest.Account{Name: id, Parent: "ou-ab12-11111111"}
				}
			})
		}
	}
	return e, ids
}

// BenchmarkRegions gives the calls that a scan of one account makes in 17
// regions: the management account's, which has all that is judged, and a member's.
func BenchmarkRegions(b *testing.B) {
	for name, id := range map[string]string{"management": management, "member": shop} {
		b.Run(name, func(b *testing.B) {
			calls := 0
			for b.Loop() {
				e, _ := largeEstate(0, 10)
				for r := range e.accounts(id).Scan(context.Background(), nil) {
					_ = r
				}
				calls += e.calls()
			}
			b.ReportMetric(float64(calls)/float64(b.N), "calls/op")
		})
	}
}

// calls counts what the estate was asked, of STS and the base too.
func (e *estate) calls() int {
	n := len(e.Calls()) + e.forgotten
	for _, m := range e.members {
		n += m.calls()
	}
	return n
}

// BenchmarkAccounts gives the calls that a scan of many accounts makes for each,
// and the heap at its highest beyond what the estate of fakes takes, which keeps
// two accounts: it is the same for 5 and for 50.
func BenchmarkAccounts(b *testing.B) {
	for _, n := range []int{5, 50} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			calls, peak := 0, uint64(0)
			for b.Loop() {
				e, ids := largeEstate(n, 200)
				e.keep = 2
				a := e.accounts(ids...)
				a.Evaluators = func(of suite.Account) []posture.Evaluator {
					peak = max(peak, heap())
					return of.Evaluators()
				}
				for r := range a.Scan(context.Background(), nil) {
					// In the middle of an account, when what is read is held.
					if r.Control.ID == "guardduty.enabled" && r.Place.Region == seventeen[16] {
						peak = max(peak, heap())
					}
				}
				calls += e.calls()
			}
			b.ReportMetric(float64(calls)/float64(b.N)/float64(n), "calls/account")
			b.ReportMetric(float64(peak)/(1<<20), "MB-peak")
		})
	}
}

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
