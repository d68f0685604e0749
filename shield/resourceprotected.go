package shield

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/awsposture/posture"
)

// ResourceProtected judges that everything on the internet that can be protected
// has a protection: instances and network load balancers by all of their elastic
// IP addresses. Whole ARNs are compared.
type ResourceProtected struct{ Account *Account }

// ProtectedEvidence is what of a resource is protected.
type ProtectedEvidence struct {
	Protected []string `json:"protected"` // ARNs
	Missing   []string `json:"missing"`
}

// String says it in a sentence.
func (e ProtectedEvidence) String() string {
	if len(e.Missing) == 0 {
		return "Protected by Shield Advanced: " + strings.Join(e.Protected, ", ") + "."
	}
	return "Not protected by Shield Advanced: " + strings.Join(e.Missing, ", ") + "."
}

// Control implements posture.Evaluator.
func (e ResourceProtected) Control() posture.Control {
	return posture.Control{
		ID:       "shield.resource-protected",
		Title:    "What faces the internet is protected by Shield Advanced",
		Doc:      "The subscription protects nothing by itself: each resource needs a protection. Only with it there is detection of its own, the response team, and a credit for what an attack costs.",
		Severity: posture.High, Scope: posture.Global, Resource: "AWS::Shield::Protection",
		Requires: inside("ListProtections"),
	}
}

// Place implements posture.Evaluator.
func (e ResourceProtected) Place() posture.Place { return e.Account.Place() }

// protectable are the ARNs by which an edge can be protected.
func (x Edge) protectable() []string {
	switch x.Kind {
	case Instance, NetworkBalancer:
		return x.Addresses
	case CustomAccelerator:
		return nil
	}
	return []string{x.Resource.ARN}
}

// Evaluate implements posture.Evaluator.
func (e ResourceProtected) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c, a := e.Control(), e.Account
	return a.advanced(ctx, c, func() ([]posture.Finding, error) {
		by, err := a.protectionsBy(ctx)
		if err != nil {
			return nil, err
		}
		return a.eachEdge(ctx, c, "Nothing that can be protected faces the internet.", func(x Edge) (posture.Finding, bool) {
			seen := ProtectedEvidence{Protected: []string{}, Missing: []string{}}
			for _, arn := range x.protectable() {
				if _, ok := by[arn]; ok {
					seen.Protected = append(seen.Protected, arn)
				} else {
					seen.Missing = append(seen.Missing, arn)
				}
			}
			switch {
			case len(x.protectable()) == 0:
				return posture.Finding{}, false
			case len(seen.Missing) > 0:
				return c.Fail(x.Resource, seen), true
			}
			return c.Pass(x.Resource, seen), true
		})
	})
}

// NotProtectable judges that nothing faces the internet in a form that Shield
// Advanced cannot protect: a network load balancer or instance without an elastic
// IP address, a custom routing accelerator.
type NotProtectable struct{ Account *Account }

// NotProtectableEvidence is why a resource cannot be protected.
type NotProtectableEvidence struct {
	Kind      Kind `json:"kind"`
	Addresses int  `json:"addresses"` // elastic IP addresses
}

// String says it in a sentence.
func (e NotProtectableEvidence) String() string {
	switch {
	case e.Kind == CustomAccelerator:
		return "Shield Advanced cannot protect a custom routing accelerator."
	case e.Addresses == 0:
		return fmt.Sprintf("The %s has no elastic IP address by which Shield Advanced could protect it.", e.Kind)
	}
	return fmt.Sprintf("The %s can be protected by its %d elastic IP addresses.", e.Kind, e.Addresses)
}

// Control implements posture.Evaluator.
func (e NotProtectable) Control() posture.Control {
	return posture.Control{
		ID:       "shield.not-protectable",
		Title:    "What faces the internet can be protected",
		Doc:      "Shield Advanced protects instances and network load balancers by their elastic IP addresses, and custom routing accelerators not at all. Give the load balancer elastic addresses, or put a standard accelerator before it.",
		Severity: posture.Medium, Scope: posture.Global, Resource: "AWS::ElasticLoadBalancingV2::LoadBalancer",
		Requires: inside(),
	}
}

// Place implements posture.Evaluator.
func (e NotProtectable) Place() posture.Place { return e.Account.Place() }

// Evaluate implements posture.Evaluator.
func (e NotProtectable) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c, a := e.Control(), e.Account
	return a.advanced(ctx, c, func() ([]posture.Finding, error) {
		return a.eachEdge(ctx, c, "Nothing of a kind that may not be protectable faces the internet.", func(x Edge) (posture.Finding, bool) {
			if !slices.Contains([]Kind{Instance, NetworkBalancer, CustomAccelerator}, x.Kind) {
				return posture.Finding{}, false
			}
			seen := NotProtectableEvidence{x.Kind, len(x.Addresses)}
			if len(x.protectable()) == 0 && !x.BehindAccelerator {
				return c.Fail(x.Resource, seen), true
			}
			return c.Pass(x.Resource, seen), true
		})
	})
}
