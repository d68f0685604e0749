package organization_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/iam/organization"
	"github.com/awsposture/posture/iam/organization/organizationtest"
	"github.com/awsposture/posture/internal/awsfake"
)

// bigWorld is an organization of 1,000 accounts in 100 units, with 30 SCPs, 5
// RCPs and 10 delegated administrators.
func bigWorld() *world {
	w := newWorld()
	w.Edit(func(s *organizationtest.State) {
		s.Types = map[organization.PolicyType]organization.TypeStatus{organization.SCP: organization.TypeEnabled, organization.RCP: organization.TypeEnabled, organization.DeclarativeEC2: organization.TypeEnabled}
		unit := func(i int) string { return fmt.Sprintf("ou-ab12-%08d", i) }
		for i := range 100 {
			parent := root
			if i >= 10 {
				parent = unit(i / 10)
			}
			s.Units[unit(i)] = &organizationtest.Unit{Name: fmt.Sprintf("unit %d", i), Parent: parent}
		}
		for i := range 999 {
			s.Accounts[fmt.Sprintf("2%011d", i)] = &organizationtest.Account{Name: fmt.Sprintf("account %d", i), Parent: unit(i % 100)}
		}
		attachFull(s)
		for i := range 30 {
			s.Policies[fmt.Sprintf("p-scp%05d", i)] = &organizationtest.Policy{Name: fmt.Sprintf("scp %d", i), Type: organization.SCP, Document: stayAndLog, Targets: []string{root}}
		}
		for i := range 5 {
			s.Policies[fmt.Sprintf("p-rcp%05d", i)] = &organizationtest.Policy{Name: fmt.Sprintf("rcp %d", i), Type: organization.RCP, Document: policy(statementOf("Deny", "s3:*", `,"Principal":"*"`)), Targets: []string{unit(i)}}
		}
		for i := range 10 {
			s.Delegated[fmt.Sprintf("2%011d", i)] = []string{"guardduty.amazonaws.com"}
		}
		s.Trusted, s.ResourcePolicy = []string{"guardduty.amazonaws.com"}, policy(managePolicy)
	})
	return w
}

// readAll reads everything that the view has.
func readAll(ctx context.Context, o *organization.Organization) error {
	accounts, err := o.Accounts(ctx)
	if err != nil {
		return err
	}
	if _, err := o.Units(ctx); err != nil {
		return err
	}
	if _, err := o.DeclarativePolicies(ctx); err != nil {
		return err
	}
	for _, a := range accounts {
		for _, t := range []organization.PolicyType{organization.SCP, organization.RCP} {
			if _, err := o.Levels(ctx, a.ID, t); err != nil {
				return err
			}
		}
	}
	if _, err := o.DelegatedAdministrators(ctx); err != nil {
		return err
	}
	if _, err := o.TrustedServices(ctx); err != nil {
		return err
	}
	_, err = o.DelegationPolicy(ctx)
	return err
}

// BenchmarkScan scans a large organization on the fake, and reports API calls.
func BenchmarkScan(b *testing.B) {
	w := bigWorld()
	b.ReportAllocs()
	for b.Loop() {
		w.Forget()
		findings := 0
		for r := range posture.Scan(context.Background(), organization.Evaluators(w.view()), nil) {
			findings += len(r.Findings)
		}
		b.ReportMetric(float64(len(w.Calls())), "calls/op")
		b.ReportMetric(float64(findings), "findings/op")
	}
}

// BenchmarkReadAll reads all that the view has of a large organization: the tree,
// the SCPs and RCPs of every account by level, declarative policies, services. It
// reports API calls, also where accounts come without their paths.
func BenchmarkReadAll(b *testing.B) {
	for _, c := range []struct {
		name    string
		noPaths bool
	}{{"paths", false}, {"no-paths", true}} {
		b.Run(c.name, func(b *testing.B) {
			w := bigWorld()
			w.Edit(func(s *organizationtest.State) { s.NoPaths = c.noPaths })
			b.ReportAllocs()
			for b.Loop() {
				w.Forget()
				if err := readAll(context.Background(), w.view()); err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(float64(len(w.Calls())), "calls/op")
			}
		})
	}
}

func count(calls []awsfake.Call) map[string]int {
	out := map[string]int{}
	for _, c := range calls {
		out[c.Operation]++
	}
	return out
}

// TestCallsPerScan holds the calls of a scan of the large organization: accounts
// and the targets of FullAWSAccess by 20, and two for each other SCP. The tree is
// not walked.
func TestCallsPerScan(t *testing.T) {
	w := bigWorld()
	for range posture.Scan(t.Context(), organization.Evaluators(w.view()), nil) {
	}
	got := count(w.Calls())
	for operation, most := range map[string]int{
		"DescribeOrganization": 1, "ListRoots": 1, "ListAccounts": 50, "ListPolicies": 2, "DescribePolicy": 31, "ListTargetsForPolicy": 30 + 56,
		"DescribeResourcePolicy": 1, "ListAWSServiceAccessForOrganization": 1, "ListDelegatedAdministrators": 1, "ListDelegatedServicesForAccount": 10,
	} {
		if got[operation] != most {
			t.Errorf("%s is called %d times, not %d", operation, got[operation], most)
		}
		delete(got, operation)
	}
	if len(got) > 0 {
		t.Errorf("further calls: %v", got)
	}
}

// TestConcurrency keeps at most four calls under way.
func TestConcurrency(t *testing.T) {
	w := bigWorld()
	meter := &meter{Reader: w}
	o := organization.NewOrganization(place, meter)
	if err := readAll(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	if most := slices.Max(meter.seen()); most > 4 || most < 2 {
		t.Errorf("%d calls were under way at once", most)
	}
}
