package shield

import (
	"context"
	"fmt"

	"github.com/awsposture/posture"
)

// EdgeFronted judges that what serves HTTP on the internet is reached through
// Amazon CloudFront or AWS Global Accelerator, where Shield Standard absorbs
// attacks far from it. See "AWS Best Practices for DDoS Resiliency".
type EdgeFronted struct{ Account *Account }

// EdgeEvidence is a resource that faces the internet and what stands before it.
type EdgeEvidence struct {
	Kind    Kind   `json:"kind"`
	Through string `json:"through,omitempty"` // "CloudFront", "Global Accelerator"
	WebACL  string `json:"webAcl,omitempty"`
	Classic bool   `json:"classic,omitempty"` // the web ACL is one of AWS WAF Classic
	// RateRule is what the rate-based rule does and AntiDDoS what the managed rule
	// group does, "" where there is none.
	RateRule string `json:"rateRule,omitempty"`
	AntiDDoS string `json:"antiDdos,omitempty"`
}

// String says it in a sentence.
func (e EdgeEvidence) String() string {
	way := "directly"
	if e.Through != "" {
		way = "through " + e.Through
	}
	guard := "without a web ACL"
	if e.WebACL != "" {
		guard = "with web ACL " + e.WebACL
		if e.Classic {
			guard += " of WAF Classic"
		}
		guard += fmt.Sprintf(", rate rule %s, Anti-DDoS group %s", orDefault(e.RateRule, "none"), orDefault(e.AntiDDoS, "none"))
	}
	return fmt.Sprintf("The %s is reached %s, %s.", e.Kind, way, guard)
}

func (x Edge) evidence() EdgeEvidence {
	seen := EdgeEvidence{Kind: x.Kind}
	switch {
	case x.Kind == Distribution || x.BehindDistribution:
		seen.Through = "CloudFront"
	case x.Kind == Accelerator || x.BehindAccelerator:
		seen.Through = "Global Accelerator"
	}
	if w := x.WebACL; w != nil {
		seen.WebACL, seen.Classic, seen.RateRule, seen.AntiDDoS = w.ARN, w.Classic, w.RateRule, w.AntiDDoS
	}
	return seen
}

// Control implements posture.Evaluator.
func (e EdgeFronted) Control() posture.Control {
	return posture.Control{
		ID:       "shield.edge-fronted",
		Title:    "What serves HTTP on the internet is reached through the edge",
		Doc:      "A load balancer or an instance that the internet reaches directly meets the whole of an attack in one region. Put Amazon CloudFront before it, or AWS Global Accelerator, and let nothing else in.",
		Severity: posture.Low, Scope: posture.Global, Resource: "AWS::ElasticLoadBalancingV2::LoadBalancer",
	}
}

// Place implements posture.Evaluator.
func (e EdgeFronted) Place() posture.Place { return e.Account.Place() }

// Evaluate implements posture.Evaluator.
func (e EdgeFronted) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c, a := e.Control(), e.Account
	return a.standard(c, func() ([]posture.Finding, error) {
		return a.eachEdge(ctx, c, "Nothing serves HTTP on the internet.", func(x Edge) (posture.Finding, bool) {
			if !x.HTTP {
				return posture.Finding{}, false
			}
			if seen := x.evidence(); seen.Through == "" {
				return c.Fail(x.Resource, seen), true
			}
			return c.Pass(x.Resource, x.evidence()), true
		})
	})
}

// Layer7Guard judges that what serves HTTP on the internet has a web ACL that
// limits the rate of requests or holds the Anti-DDoS managed rule group. What CloudFront
// stands before is guarded there.
type Layer7Guard struct{ Account *Account }

// Control implements posture.Evaluator.
func (e Layer7Guard) Control() posture.Control {
	return posture.Control{
		ID:       "shield.layer7-guard",
		Title:    "What serves HTTP on the internet limits floods of requests",
		Doc:      "Shield Standard does not stop floods of well-formed requests. Attach a web ACL with a rate-based rule, or with the managed rule group AWSManagedRulesAntiDDoSRuleSet, which is charged.",
		Severity: posture.Medium, Scope: posture.Global, Resource: "AWS::CloudFront::Distribution",
	}
}

// Place implements posture.Evaluator.
func (e Layer7Guard) Place() posture.Place { return e.Account.Place() }

// Evaluate implements posture.Evaluator.
func (e Layer7Guard) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c, a := e.Control(), e.Account
	return a.standard(c, func() ([]posture.Finding, error) {
		return a.eachEdge(ctx, c, "Nothing that a web ACL can guard serves HTTP on the internet.", func(x Edge) (posture.Finding, bool) {
			if !x.HTTP || !x.Kind.layer7() || x.BehindDistribution {
				return posture.Finding{}, false
			}
			if w := x.WebACL; w != nil && (w.RateRule != "" || w.AntiDDoS != "") {
				return c.Pass(x.Resource, x.evidence()), true
			}
			return c.Fail(x.Resource, x.evidence()), true
		})
	})
}
