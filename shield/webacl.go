package shield

import (
	"context"

	"github.com/awsposture/posture"
)

// ProtectedWebACL judges that a protected distribution or application load
// balancer has a web ACL of AWS WAF; one of AWS WAF Classic does not count. See
// "Application layer protections with AWS WAF web ACLs and Shield Advanced" in the
// AWS WAF Developer Guide.
type ProtectedWebACL struct{ Account *Account }

// WebACLEvidence is the web ACL in front of a protected resource.
type WebACLEvidence struct {
	WebACL   string     `json:"webAcl,omitempty"`
	Classic  bool       `json:"classic,omitempty"`
	RateRule RuleAction `json:"rateRule,omitempty"`
}

// String says it in a sentence.
func (e WebACLEvidence) String() string {
	switch {
	case e.WebACL == "":
		return "No web ACL stands in front of it."
	case e.Classic:
		return "Web ACL " + e.WebACL + " is of AWS WAF Classic, which Shield Advanced does not work with."
	case e.RateRule == RuleNone:
		return "Web ACL " + e.WebACL + " has no rate-based rule that requests reach."
	}
	return "Web ACL " + e.WebACL + " has a rate-based rule; it " + e.RateRule.text() + "."
}

func webACLOf(x Exposed) (e WebACLEvidence) {
	if x.WebACL != nil {
		e = WebACLEvidence{x.WebACL.ARN, x.WebACL.Classic, x.WebACL.RateRule}
	}
	return e
}

// Control implements posture.Evaluator.
func (e ProtectedWebACL) Control() posture.Control {
	return posture.Control{
		ID:       "shield.web-acl",
		Title:    "Protected distributions and application load balancers have a web ACL",
		Doc:      "Shield Advanced sees and stops floods of requests only through AWS WAF, and credits their cost only where a web ACL was there before. Associate one.",
		Severity: posture.High, Scope: posture.Global, Resource: typeProtection,
		Requires: actions("GetSubscriptionState", "ListProtections"),
	}
}

// Place implements posture.Evaluator.
func (e ProtectedWebACL) Place() posture.Place { return e.Account.Place() }

// Evaluate implements posture.Evaluator.
func (e ProtectedWebACL) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c := e.Control()
	return e.Account.eachFronted(ctx, c, func(_ context.Context, at posture.Resource, _ Protection, x Exposed) posture.Finding {
		seen := webACLOf(x)
		if seen.WebACL == "" || seen.Classic {
			return c.Fail(at, seen)
		}
		return c.Pass(at, seen)
	})
}

// eachFronted judges the protections of what AWS WAF stands in front of.
func (a *Account) eachFronted(ctx context.Context, c posture.Control, judge func(context.Context, posture.Resource, Protection, Exposed) posture.Finding) ([]posture.Finding, error) {
	return a.eachProtection(ctx, c, noProtection, func(ctx context.Context, at posture.Resource, p Protection) []posture.Finding {
		if !p.Kind.webACLs() {
			return []posture.Finding{c.NotApplicable(at, "Web ACLs stand in front of distributions and application load balancers only.")}
		}
		x, err := a.facing(ctx, p.ResourceARN)
		if err != nil {
			return []posture.Finding{c.Unknown(at, err)}
		}
		return []posture.Finding{judge(ctx, at, p, x)}
	})
}

// RateRuleBlock judges that the web ACL of a protected distribution or
// application load balancer has a rate-based rule in Block: AWS credits the cost of an attack
// only then. See "Requesting a credit in AWS Shield Advanced" in the AWS WAF Developer Guide.
type RateRuleBlock struct{ Account *Account }

// Control implements posture.Evaluator.
func (e RateRuleBlock) Control() posture.Control {
	return posture.Control{
		ID:       "shield.rate-rule-block",
		Title:    "A rate-based rule blocks in front of protected resources",
		Doc:      "The cost of an attack on a distribution or an application load balancer is credited only where a rate-based rule in Block stood in its web ACL before. Add one with a limit well above what one client needs.",
		Severity: posture.High, Scope: posture.Global, Resource: typeProtection,
		Requires: actions("GetSubscriptionState", "ListProtections"),
	}
}

// Place implements posture.Evaluator.
func (e RateRuleBlock) Place() posture.Place { return e.Account.Place() }

// Evaluate implements posture.Evaluator.
func (e RateRuleBlock) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c := e.Control()
	return e.Account.eachFronted(ctx, c, func(_ context.Context, at posture.Resource, _ Protection, x Exposed) posture.Finding {
		switch seen := webACLOf(x); {
		case seen.WebACL == "" || seen.Classic:
			return c.NotApplicable(at, "It has no web ACL of AWS WAF; shield.web-acl judges that.")
		case seen.RateRule == RuleActs:
			return c.Pass(at, seen)
		default:
			return c.Fail(at, seen)
		}
	})
}
