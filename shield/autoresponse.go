package shield

import (
	"context"
	"fmt"
	"time"

	"github.com/awsposture/posture"
)

// Layer7Mitigated judges that floods of requests to protected distributions and
// application load balancers are mitigated by themselves: by the Anti-DDoS
// managed rule group, which is AWS's default since 2026-03-26 and is charged, or by
// the older automatic response. Either in count passes for Grace. See "Automating application layer DDoS mitigation" in the Developer Guide.
type Layer7Mitigated struct {
	Account *Account
	Grace   time.Duration // for which counting is enough; default 30 days
}

// ResponseEvidence is how a resource's layer 7 attacks are mitigated.
type ResponseEvidence struct {
	Response   AutoResponse `json:"response"`           // the older automatic response
	AntiDDoS   string       `json:"antiDdos,omitempty"` // the managed rule group: "act", "count"
	Group      bool         `json:"mitigationGroup"`    // Shield's rule is in the web ACL
	Since      string       `json:"countingSince,omitempty"`
	Redundant  bool         `json:"redundant,omitempty"` // all traffic comes through a protected distribution
	ResourceOf Kind         `json:"kind"`
}

// String says it in a sentence.
func (e ResponseEvidence) String() string {
	text := fmt.Sprintf("Automatic response of the %s is %s, the Anti-DDoS rule group %s", e.ResourceOf, e.Response, orDefault(e.AntiDDoS, "not there"))
	switch {
	case e.Redundant:
		return text + "; a protected distribution stands before it."
	case e.Response != ResponseOff && !e.Group:
		return text + "; Shield's mitigation rule group is missing from the web ACL."
	case e.Since != "":
		return text + "; in count since " + e.Since + "."
	}
	return text + "."
}

func (x Edge) response(p Protection) ResponseEvidence {
	e := ResponseEvidence{Response: p.AutoResponse, ResourceOf: x.Kind}
	if x.WebACL != nil {
		e.AntiDDoS, e.Group = x.WebACL.AntiDDoS, x.WebACL.MitigationGroup
	}
	return e
}

// Control implements posture.Evaluator.
func (e Layer7Mitigated) Control() posture.Control {
	return posture.Control{
		ID:       "shield.auto-response",
		Title:    "Floods of requests to protected resources are mitigated by themselves",
		Doc:      "Without automatic mitigation a person must see the flood, write a rule and deploy it. Add the managed rule group AWSManagedRulesAntiDDoSRuleSet in count, look, and let it act; where the older automatic response is in use already, enable that.",
		Severity: posture.Medium, Scope: posture.Global, Resource: "AWS::Shield::Protection",
		Requires: inside("ListProtections"),
		Params:   []posture.Param{days("grace", e.Grace, baseline, "AWS: up to 30 days of baseline")},
	}
}

// Place implements posture.Evaluator.
func (e Layer7Mitigated) Place() posture.Place { return e.Account.Place() }

// Evaluate implements posture.Evaluator.
func (e Layer7Mitigated) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c, a := e.Control(), e.Account
	return a.advanced(ctx, c, func() ([]posture.Finding, error) {
		return a.eachGuarded(ctx, c, func(p Protection, x Edge) (posture.Finding, bool) {
			seen := x.response(p)
			switch {
			case x.WebACL == nil || x.WebACL.Classic, x.BehindDistribution:
				return posture.Finding{}, false // HasWebACL's, or the distribution's
			case seen.AntiDDoS == "act", seen.Response == ResponseBlock:
				return c.Pass(x.Resource, seen), true
			case seen.AntiDDoS == "" && seen.Response == ResponseOff:
				return c.Fail(x.Resource, seen), true
			}
			since, err := a.countingSince(ctx)
			if err != nil {
				return c.Unknown(x.Resource, err), true
			}
			began, known := since[x.Resource.ARN]
			if !known {
				return c.Unknown(x.Resource, &posture.Cause{Kind: posture.CauseNotProvided, Message: "since when the mitigation of " + x.Resource.ARN + " has been in count is not known"}), true
			}
			seen.Since = stamp(began)
			if a.now().Sub(began) > orDefault(e.Grace, baseline) {
				return c.Fail(x.Resource, seen), true
			}
			return c.Pass(x.Resource, seen), true
		})
	})
}

// baseline is how long AWS may need to learn a resource's normal traffic, in
// which counting is enough.
const baseline = 30 * day

// ResponseTarget judges that the older automatic response is not on for a load
// balancer all of whose traffic comes through a protected distribution: it would
// take the distribution's addresses for attackers. It belongs on the distribution.
type ResponseTarget struct{ Account *Account }

// Control implements posture.Evaluator.
func (e ResponseTarget) Control() posture.Control {
	return posture.Control{
		ID:       "shield.auto-response-target",
		Title:    "Automatic response is on at the edge, not behind it",
		Doc:      "Behind CloudFront a load balancer sees requests of a few addresses only. Enable automatic response on the distribution and disable it on the load balancer; protect both.",
		Severity: posture.Low, Scope: posture.Global, Resource: "AWS::Shield::Protection",
		Requires: inside("ListProtections"),
	}
}

// Place implements posture.Evaluator.
func (e ResponseTarget) Place() posture.Place { return e.Account.Place() }

// Evaluate implements posture.Evaluator.
func (e ResponseTarget) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c, a := e.Control(), e.Account
	return a.advanced(ctx, c, func() ([]posture.Finding, error) {
		return a.eachGuarded(ctx, c, func(p Protection, x Edge) (posture.Finding, bool) {
			seen := x.response(p)
			seen.Redundant = x.BehindDistribution
			switch {
			case x.Kind != ApplicationBalancer:
				return posture.Finding{}, false
			case x.BehindDistribution && p.AutoResponse != ResponseOff:
				return c.Fail(x.Resource, seen), true
			}
			return c.Pass(x.Resource, seen), true
		})
	})
}

// MitigationGroup judges that where the older automatic response is on, the web
// ACL still holds the rule group into which Shield writes its mitigations. Who
// deletes or renames it switches the response off for every resource of the web ACL.
type MitigationGroup struct{ Account *Account }

// Control implements posture.Evaluator.
func (e MitigationGroup) Control() posture.Control {
	return posture.Control{
		ID:       "shield.mitigation-group",
		Title:    "Web ACLs hold the rule group of automatic response",
		Doc:      "Shield writes its mitigations into a rule named ShieldMitigationRuleGroup… at priority 10,000,000. Without it automatic response does nothing and still shows as enabled. Disable and enable it to have the rule made anew, and keep it out of templates that replace the web ACL.",
		Severity: posture.High, Scope: posture.Global, Resource: "AWS::Shield::Protection",
		Requires: inside("ListProtections"),
	}
}

// Place implements posture.Evaluator.
func (e MitigationGroup) Place() posture.Place { return e.Account.Place() }

// Evaluate implements posture.Evaluator.
func (e MitigationGroup) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c, a := e.Control(), e.Account
	return a.advanced(ctx, c, func() ([]posture.Finding, error) {
		return a.eachGuarded(ctx, c, func(p Protection, x Edge) (posture.Finding, bool) {
			seen := x.response(p)
			switch {
			case p.AutoResponse == ResponseOff:
				return posture.Finding{}, false
			case !seen.Group:
				return c.Fail(x.Resource, seen), true
			}
			return c.Pass(x.Resource, seen), true
		})
	})
}
