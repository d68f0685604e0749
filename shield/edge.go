package shield

import (
	"context"
	"slices"
	"strings"

	"github.com/awsposture/posture"
)

// EdgeFronted judges that what answers HTTP on the internet is reached through
// CloudFront or Global Accelerator, where Shield Standard absorbs network and
// transport attacks. See "AWS best practices for DDoS resiliency".
type EdgeFronted struct{ Account *Account }

// ExposureEvidence is how the internet reaches a resource.
type ExposureEvidence struct {
	Kind   Kind     `json:"kind"`
	Behind []string `json:"behind,omitempty"`
}

// String says it in a sentence.
func (e ExposureEvidence) String() string {
	switch {
	case e.Kind == Distribution || e.Kind == Accelerator:
		return "It is the edge itself."
	case len(e.Behind) > 0:
		return "All its traffic comes through " + strings.Join(e.Behind, ", ") + "."
	}
	return "The internet reaches it directly."
}

// Control implements posture.Evaluator.
func (e EdgeFronted) Control() posture.Control {
	return posture.Control{
		ID:       "shield.edge-fronted",
		Title:    "HTTP resources are reached through the edge",
		Doc:      "Shield Standard absorbs floods where AWS's edge is, for every account and for free; a resource that is reached directly has to bear them itself. Put CloudFront or Global Accelerator in front of it, and let nothing else reach it.",
		Severity: posture.Low, Scope: posture.Global, Resource: "AWS::ElasticLoadBalancingV2::LoadBalancer",
	}
}

// Place implements posture.Evaluator.
func (e EdgeFronted) Place() posture.Place { return e.Account.Place() }

// Evaluate implements posture.Evaluator.
func (e EdgeFronted) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c := e.Control()
	return e.Account.eachHTTP(ctx, c, func(x Exposed) posture.Finding {
		judge, seen := c.Fail, ExposureEvidence{x.Kind, x.Behind}
		if x.Kind == Distribution || x.Kind == Accelerator || len(x.Behind) > 0 {
			judge = c.Pass
		}
		return judge(x.Resource, seen)
	})
}

// eachHTTP judges what answers HTTP on the internet.
func (a *Account) eachHTTP(ctx context.Context, c posture.Control, judge func(Exposed) posture.Finding) ([]posture.Finding, error) {
	if off := a.offered(c); off != nil {
		return off, nil
	}
	all, err := a.exposure(ctx)
	var fs []posture.Finding
	for _, x := range all {
		if x.HTTP {
			fs = append(fs, judge(x))
		}
	}
	return c.Judged(fs, err, a.own(typeSubscription), "Nothing of the account answers HTTP on the internet.")
}

// Layer7Guard judges that something limits floods of requests before they reach
// what answers HTTP on the internet: a rate-based rule or the Anti-DDoS managed rule
// group in its web ACL, which acts and does not only count. What a distribution
// stands in front of is guarded there.
type Layer7Guard struct{ Account *Account }

// GuardEvidence is what limits requests.
type GuardEvidence struct {
	WebACL   string     `json:"webAcl,omitempty"`
	RateRule RuleAction `json:"rateRule,omitempty"`
	AntiDDoS RuleAction `json:"antiDdos,omitempty"`
	Behind   []string   `json:"behind,omitempty"`
}

// String says it in a sentence.
func (e GuardEvidence) String() string {
	switch {
	case len(e.Behind) > 0:
		return "All its traffic comes through " + strings.Join(e.Behind, ", ") + "."
	case e.WebACL == "":
		return "No web ACL stands in front of it."
	case e.RateRule == RuleNone && e.AntiDDoS == RuleNone:
		return "Web ACL " + e.WebACL + " has no rate-based rule and no Anti-DDoS rule group that requests reach."
	case e.RateRule == RuleNone || e.RateRule == RuleCount && e.AntiDDoS == RuleActs:
		return "Web ACL " + e.WebACL + " has the Anti-DDoS rule group; it " + e.AntiDDoS.text() + "."
	}
	return "Web ACL " + e.WebACL + " has a rate-based rule; it " + e.RateRule.text() + "."
}

func (r RuleAction) text() string {
	if r == RuleCount {
		return "only counts"
	}
	return "acts"
}

// Control implements posture.Evaluator.
func (e Layer7Guard) Control() posture.Control {
	return posture.Control{
		ID:       "shield.layer7-guard",
		Title:    "Something limits floods of requests",
		Doc:      "Shield Standard does not look into requests: a flood of them that are each well formed reaches the application. Put a web ACL in front of it, with a rate-based rule or the Anti-DDoS managed rule group, in Count first, and let it act when what it counts is no customer.",
		Severity: posture.Medium, Scope: posture.Global, Resource: "AWS::WAFv2::WebACL",
	}
}

// Place implements posture.Evaluator.
func (e Layer7Guard) Place() posture.Place { return e.Account.Place() }

// Evaluate implements posture.Evaluator.
func (e Layer7Guard) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c, a := e.Control(), e.Account
	exposed, unread := a.exposure(ctx) // eachHTTP reports the error
	return a.eachHTTP(ctx, c, func(x Exposed) posture.Finding {
		front := only(x.Behind, Distribution)
		if len(front) > 0 && known(exposed, front) {
			return c.NotApplicable(x.Resource, GuardEvidence{Behind: front}.String()+" It is judged there.")
		}
		var seen GuardEvidence
		if x.WebACL != nil {
			seen = GuardEvidence{WebACL: x.WebACL.ARN, RateRule: x.WebACL.RateRule, AntiDDoS: x.WebACL.AntiDDoS}
		}
		switch {
		case seen.RateRule == RuleActs || seen.AntiDDoS == RuleActs:
			return c.Pass(x.Resource, seen)
		case len(front) > 0 && unread != nil: // what is in front may be on a page that was not read
			return c.Unknown(x.Resource, unread)
		}
		return c.Fail(x.Resource, seen)
	})
}

// only gives the ARNs of a kind, where all of them are of it.
func only(arns []string, k Kind) []string {
	for _, arn := range arns {
		if KindOf(arn) != k {
			return nil
		}
	}
	return arns
}

// known tells whether every ARN is among what is exposed, and so judged.
func known(all []Exposed, arns []string) bool {
	return !slices.ContainsFunc(arns, func(arn string) bool {
		return !slices.ContainsFunc(all, func(x Exposed) bool { return x.Resource.ARN == arn })
	})
}
