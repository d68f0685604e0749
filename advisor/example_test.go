package advisor_test

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/advisor"
	"github.com/awsposture/posture/advisor/advisortest"
	"github.com/awsposture/posture/advisor/support"
	"github.com/awsposture/posture/advisor/support/supporttest"
	"github.com/awsposture/posture/advisor/trustedadvisor"
	"github.com/awsposture/posture/advisor/trustedadvisor/trustedadvisortest"
)

// sample is an account with two checks that are not green.
func sample() *advisortest.Advisor {
	fake := advisortest.New(posture.Place{Partition: "aws", Account: "111122223333"})
	fake.Edit(func(s *advisortest.State) {
		s.Checks = []*advisortest.Check{
			{
				ID: "HCP4007jGY", Name: "Security Groups - Specific Ports Unrestricted", Category: advisor.Security, Colour: advisor.Red, At: time.Date(2026, 6, 1, 6, 0, 0, 0, time.UTC),
				Headers: []string{"Region", "Security Group Name", "Security Group ID", "Protocol", "From Port"},
				Rows:    []*advisortest.Row{{ID: "r1", Region: "eu-west-1", Colour: advisor.Red, Values: []string{"eu-west-1", "web", "sg-0123456789abcdef0 (vpc-0a1b)", "tcp", "22"}}},
			},
			{
				ID: "DAvU99Dc4C", Name: "Underutilized Amazon EBS Volumes", Category: advisor.CostOptimizing, Colour: advisor.Yellow, At: time.Date(2026, 6, 1, 6, 0, 0, 0, time.UTC), Savings: 412_00,
				Headers: []string{"Region", "Volume ID", "Monthly Savings"},
				Rows:    []*advisortest.Row{{ID: "r1", Region: "eu-west-1", Colour: advisor.Yellow, Values: []string{"eu-west-1", "vol-0example", "$412.00"}}},
			},
		}
	})
	return fake
}

// Example asks Trusted Advisor what is red in an account. A real program makes
// the view with trustedadvisor.FromConfig.
func Example() {
	place := posture.Place{Partition: "aws", Account: "111122223333"}
	account := advisor.NewAccount(place, trustedadvisor.NewSource(trustedadvisortest.New(sample())))

	red := advisor.Coloured{Account: account, Category: advisor.Security, Colour: advisor.Red}
	for r := range posture.Scan(context.Background(), []posture.Evaluator{red}, nil) {
		for _, f := range r.Findings {
			seen := f.Evidence.(advisor.CheckEvidence)
			fmt.Println(f.Status, f.Resource.ID, seen.Region, "port", seen.Rows[0]["From Port"])
		}
	}
	// Output:
	// fail sg-0123456789abcdef0 eu-west-1 port 22
}

// ExamplePageOf writes one page of advice, ordered by risk and then by money.
func ExamplePageOf() {
	place := posture.Place{Partition: "aws", Account: "111122223333"}
	now := time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)
	account := advisor.NewAccount(place, trustedadvisor.NewSource(trustedadvisortest.New(sample())))
	account.Now = func() time.Time { return now }

	var all []posture.Finding
	for r := range posture.Scan(context.Background(), advisor.Evaluators(account)[:15], nil) {
		all = append(all, r.Findings...)
	}
	page := advisor.PageOf(place, now, all)
	for _, a := range page.Advice {
		fmt.Println(a.Title, "|", a.Reason)
	}
	if err := page.Markdown(io.Discard); err != nil { // or HTML, to a file
		fmt.Println(err)
	}
	// Output:
	// Security Groups - Specific Ports Unrestricted | Severity high, since a check on security is red.
	// Underutilized Amazon EBS Volumes | Severity low, since a check on cost optimizing is yellow; saves $412.00 a month.
}

// ExampleRecomputed judges what a check asks from the account's own facts, where
// the support plan does not include Trusted Advisor's API.
func ExampleRecomputed() {
	place := posture.Place{Partition: "aws", Account: "111122223333"}
	fake := sample()
	fake.Edit(func(s *advisortest.State) { s.NotEntitled = true })
	account := advisor.NewAccount(place, trustedadvisor.NewSource(trustedadvisortest.New(fake)))
	account.Local = map[string]posture.Fact[[]advisor.Row]{
		advisor.CheckSpecificPorts: func(context.Context) ([]advisor.Row, error) {
			open := advisor.Opening{PortRange: advisor.PortRange{Protocol: "tcp", From: 20, To: 25}, From4: "0.0.0.0/0"}
			return advisor.SpecificPorts([]advisor.GroupFact{{Group: place.Resource("AWS::EC2::SecurityGroup", "sg-0123456789abcdef0", ""), In: []advisor.Opening{open}}}), nil
		},
	}
	evaluators := []posture.Evaluator{advisor.Entitled{Account: account}, advisor.Recomputed{Account: account, Check: advisor.CheckSpecificPorts}}
	for r := range posture.Scan(context.Background(), evaluators, nil) {
		for _, f := range r.Findings {
			fmt.Println(f.Status, f.Detail)
		}
	}
	// Output:
	// not-applicable The account's support plan does not include Trusted Advisor's API; what can be recomputed is judged by the advisor.local controls.
	// fail Recomputed: It is open to 0.0.0.0/0 on tcp ports 20 to 25.
}

// ExampleRefreshStale asks for a refresh of what is old, which only the AWS
// Support API can.
func ExampleRefreshStale() {
	place := posture.Place{Partition: "aws", Account: "111122223333"}
	fake := sample()
	fake.Now = func() time.Time { return time.Date(2026, 6, 20, 12, 0, 0, 0, time.UTC) }
	api := supporttest.New(fake) // a real program uses support.Client
	account := advisor.NewAccount(place, support.NewSource(api))
	account.Now = fake.Now

	asked, err := advisor.RefreshStale(context.Background(), advisor.Fresh{Account: account}, support.NewRefresher(api))
	for _, r := range asked {
		fmt.Println(r.Check, r.State, r.Next)
	}
	fmt.Println(err)
	// Output:
	// HCP4007jGY enqueued 5m0s
	// <nil>
}
