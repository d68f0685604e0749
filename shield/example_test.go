package shield_test

import (
	"context"
	"fmt"
	"time"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/shield"
	"github.com/awsposture/posture/shield/shieldtest"
)

// Example scans Shield in an account that is not subscribed to Shield Advanced.
// A real program makes the view with shield.FromConfig.
func Example() {
	place := posture.Place{Partition: "aws", Account: "111122223333"}
	fake := shieldtest.New(place)
	account := shield.NewAccount(place, fake)
	account.Exposed = func(context.Context) ([]shield.Exposed, error) {
		arn := "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/shop/50dc6c495c0c9188"
		r := posture.Resource{Partition: "aws", Account: "111122223333", Region: "eu-west-1", Type: "AWS::ElasticLoadBalancingV2::LoadBalancer", ID: "app/shop/50dc6c495c0c9188", ARN: arn}
		return []shield.Exposed{{Resource: r, Kind: shield.ALB, HTTP: true}}, nil
	}
	for r := range posture.Scan(context.Background(), shield.Evaluators(account), nil) {
		for _, f := range r.Findings {
			if f.Status == posture.Fail {
				fmt.Printf("%s: %s\n", f.Control, f.Detail)
			}
		}
	}
	// Output:
	// shield.edge-fronted: The internet reaches it directly.
	// shield.layer7-guard: No web ACL stands in front of it.
}

// ExampleProtectResources plans a protection and shows what it costs.
func ExampleProtectResources() {
	place := posture.Place{Partition: "aws", Account: "111122223333"}
	fake := shieldtest.New(place)
	fake.Edit(func(s *shieldtest.State) {
		s.Subscription = &shieldtest.Subscription{Start: time.Now().AddDate(0, -1, 0), End: time.Now().AddDate(0, 11, 0)}
	})
	account := shield.NewAccount(place, fake)
	account.Exposed = func(context.Context) ([]shield.Exposed, error) {
		r := place.Resource("AWS::CloudFront::Distribution", "E2EXAMPLE", "arn:aws:cloudfront::111122223333:distribution/E2EXAMPLE")
		return []shield.Exposed{{Resource: r, Kind: shield.Distribution, HTTP: true}}, nil
	}
	ctx := context.Background()
	failing, err := shield.ResourceProtected{Account: account}.Evaluate(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	plan, err := shield.ProtectResources{Account: account, Writer: fake}.Plan(ctx, failing...)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, s := range plan.Steps {
		fmt.Println(s.Kind.Name, string(s.Before), "->", string(s.After))
		fmt.Println(s.Cost)
	}
	// Output:
	// shield.protection {} -> {"name":"distribution-E2EXAMPLE"}
	// Shield Advanced charges for the data that a protected resource sends out, beside the subscription; see AWS Shield pricing.
}

// ExampleAccount_Readiness asks what works for an address if an attack starts now.
func ExampleAccount_Readiness() {
	place := posture.Place{Partition: "aws", Account: "111122223333"}
	arn := "arn:aws:ec2:eu-west-1:111122223333:eip-allocation/eipalloc-0a1b2c3d"
	fake := shieldtest.New(place)
	fake.Edit(func(s *shieldtest.State) {
		s.Subscription = &shieldtest.Subscription{Start: time.Now().AddDate(0, -1, 0), End: time.Now().AddDate(0, 11, 0)}
		s.Protections[arn] = &shieldtest.Protection{ID: "p-1", Name: "address"}
	})
	account := shield.NewAccount(place, fake)
	account.Exposed = func(context.Context) ([]shield.Exposed, error) {
		return []shield.Exposed{{Resource: place.Resource("AWS::EC2::EIP", "eipalloc-0a1b2c3d", arn), Kind: shield.EIP}}, nil
	}
	account.Alarms = func(context.Context) ([]shield.Alarm, error) { return nil, nil }
	all, err := account.Readiness(context.Background())
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, r := range all {
		for _, c := range []shield.Capability{shield.Detects, shield.DetectsFast, shield.Stops, shield.Notices, shield.CostCredit} {
			a := r.Ability(c)
			fmt.Println(a.Capability, a.Status, a.Missing)
		}
	}
	// Output:
	// detect pass []
	// detect-fast fail [The protection has no health check.]
	// stop not-applicable []
	// notice fail [There is no alarm on attacks.]
	// cost-credit pass []
}

// ExampleTimeline shows attacks in the order in which they began and ended.
func ExampleTimeline() {
	start := time.Date(2026, 6, 1, 8, 0, 0, 0, time.UTC)
	attacks := []shield.Attack{
		{ID: "syn", Vectors: []string{"SYN_FLOOD"}, Start: start, End: start.Add(time.Hour)},
		{ID: "requests", Vectors: []string{"REQUEST_FLOOD"}, Start: start.Add(20 * time.Minute)},
	}
	for _, m := range shield.Timeline(attacks) {
		what := "ended"
		if m.Began {
			what = "began"
		}
		fmt.Println(m.Time.Format(time.TimeOnly), m.Attack.ID, what, m.Ongoing)
	}
	// Output:
	// 08:00:00 syn began 1
	// 08:20:00 requests began 2
	// 09:00:00 syn ended 1
}
