package shield

import (
	"context"

	"github.com/awsposture/posture"
)

// eachGuarded judges the protected distributions and application load balancers
// that face the internet.
func (a *Account) eachGuarded(ctx context.Context, c posture.Control, judge func(Protection, Edge) (posture.Finding, bool)) ([]posture.Finding, error) {
	by, err := a.protectionsBy(ctx)
	if err != nil {
		return nil, err
	}
	return a.eachEdge(ctx, c, "No distribution and no application load balancer on the internet is protected.", func(x Edge) (posture.Finding, bool) {
		p, protected := by[x.Resource.ARN]
		if !protected || !x.Kind.layer7() {
			return posture.Finding{}, false
		}
		return judge(p, x)
	})
}

// HasWebACL judges that protected distributions and application load balancers
// have a web ACL of AWS WAF, not of AWS WAF Classic.
type HasWebACL struct{ Account *Account }

// Control implements posture.Evaluator.
func (e HasWebACL) Control() posture.Control {
	return posture.Control{
		ID:       "shield.web-acl",
		Title:    "Protected distributions and load balancers have a web ACL",
		Doc:      "Without a web ACL Shield Advanced mitigates nothing on layer 7. Its price includes AWS WAF for protected resources. One of AWS WAF Classic does not count.",
		Severity: posture.High, Scope: posture.Global, Resource: "AWS::Shield::Protection",
		Requires: inside("ListProtections"),
	}
}

// Place implements posture.Evaluator.
func (e HasWebACL) Place() posture.Place { return e.Account.Place() }

// Evaluate implements posture.Evaluator.
func (e HasWebACL) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c, a := e.Control(), e.Account
	return a.advanced(ctx, c, func() ([]posture.Finding, error) {
		return a.eachGuarded(ctx, c, func(_ Protection, x Edge) (posture.Finding, bool) {
			if x.WebACL == nil || x.WebACL.Classic {
				return c.Fail(x.Resource, x.evidence()), true
			}
			return c.Pass(x.Resource, x.evidence()), true
		})
	})
}

// RateRuleBlocks judges that the web ACL of a protected distribution or
// application load balancer has a rate-based rule that blocks: without one there
// is no credit for what an attack costs. See "Requesting a credit in AWS Shield
// Advanced" in the Developer Guide.
type RateRuleBlocks struct{ Account *Account }

// Control implements posture.Evaluator.
func (e RateRuleBlocks) Control() posture.Control {
	return posture.Control{
		ID:       "shield.rate-rule-block",
		Title:    "Web ACLs of protected resources have a rate-based rule that blocks",
		Doc:      "AWS credits what an attack made the resource cost only where a rate-based rule in block mode stood before it when the attack began. Set a limit well above what one client needs, watch it in count, then block.",
		Severity: posture.High, Scope: posture.Global, Resource: "AWS::Shield::Protection",
		Requires: inside("ListProtections"),
	}
}

// Place implements posture.Evaluator.
func (e RateRuleBlocks) Place() posture.Place { return e.Account.Place() }

// Evaluate implements posture.Evaluator.
func (e RateRuleBlocks) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c, a := e.Control(), e.Account
	return a.advanced(ctx, c, func() ([]posture.Finding, error) {
		return a.eachGuarded(ctx, c, func(_ Protection, x Edge) (posture.Finding, bool) {
			switch {
			case x.WebACL == nil || x.WebACL.Classic:
				return posture.Finding{}, false // HasWebACL's
			case x.WebACL.RateRule == "block":
				return c.Pass(x.Resource, x.evidence()), true
			}
			return c.Fail(x.Resource, x.evidence()), true
		})
	})
}
