package shield_test

import (
	"context"
	"fmt"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/shield"
	"github.com/awsposture/posture/shield/shieldtest"
)

// ExampleAccount_Readiness answers what works on one resource if an attack begins now.
func ExampleAccount_Readiness() {
	place := posture.Place{Partition: "aws", Account: "111122223333"}
	const site = "arn:aws:cloudfront::111122223333:distribution/EDFDVBD6EXAMPLE"
	fake := shieldtest.New(place)
	fake.Edit(func(s *shieldtest.State) {
		s.Subscription = &shieldtest.Subscription{AutoRenew: true}
		s.Protections["p1"] = &shieldtest.Protection{Name: "site", Resource: site}
	})
	account := shield.NewAccount(place, fake)
	account.Edges = func(context.Context) ([]shield.Edge, error) {
		return []shield.Edge{{
			Resource: place.Resource("AWS::CloudFront::Distribution", "distribution/EDFDVBD6EXAMPLE", site), Kind: shield.Distribution, HTTP: true,
			WebACL: &shield.WebACL{ARN: "site-acl", RateRule: "block", AntiDDoS: "act"},
		}}, nil
	}
	for _, r := range account.Readiness(context.Background()) {
		switch r.Capability {
		case shield.Detects, shield.DetectsFast, shield.StopsFloods, shield.CostCredit:
			fmt.Println(r.Capability, r.Ready, r.Missing)
		}
	}
	// Output:
	// detect pass []
	// detect-fast fail [shield.health-check: Protection site has no health check.]
	// stop-layer-7 pass []
	// cost-protection pass []
}
