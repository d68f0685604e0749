package shield

import (
	"cmp"
	"context"
	"strings"
	"time"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/internal/param"
)

// AutoResponse judges that floods of requests on a protected distribution or
// application load balancer are mitigated without anybody's doing: by the Anti-DDoS
// managed rule group in its web ACL, which is AWS's way since 2026, or by the
// older automatic response. Either passes, also while it counts for a while. A
// load balancer behind protected distributions is mitigated there. See "Automating application
// layer DDoS mitigation with Shield Advanced" in the AWS WAF Developer Guide.
type AutoResponse struct {
	Account *Account
	Count   time.Duration // how long it may count only; default 30 days
}

const defaultCount = 30 * day

// MitigationEvidence is what mitigates floods of requests on a resource.
type MitigationEvidence struct {
	Response Response   `json:"response"`
	AntiDDoS RuleAction `json:"antiDdos,omitempty"`
	Since    time.Time  `json:"since,omitzero"` // when it was first turned on, where that was told
}

// String says it in a sentence.
func (e MitigationEvidence) String() string {
	var what string
	switch {
	case e.AntiDDoS == RuleActs:
		what = "The Anti-DDoS rule group acts"
	case e.Response == ResponseBlock:
		what = "The automatic response blocks"
	case e.AntiDDoS == RuleCount:
		what = "The Anti-DDoS rule group counts and lets through"
	case e.Response == ResponseCount:
		what = "The automatic response counts and lets through"
	default:
		return "Neither the Anti-DDoS rule group nor the automatic response mitigates it."
	}
	if !e.Since.IsZero() {
		what += ", since " + stamp(e.Since)
	}
	return what + "."
}

// Acts tells whether something mitigates, and not only counts.
func (e MitigationEvidence) Acts() bool { return e.AntiDDoS == RuleActs || e.Response == ResponseBlock }

// Control implements posture.Evaluator.
func (e AutoResponse) Control() posture.Control {
	return posture.Control{
		ID:       "shield.auto-response",
		Title:    "Floods of requests are mitigated automatically",
		Doc:      "A flood of requests ruins an evening before a person has written a rule. Put the Anti-DDoS managed rule group into the web ACL, in Count first, and let it act when what it counts is no customer; accounts that have the automatic response may use that.",
		Severity: posture.Medium, Scope: posture.Global, Resource: typeProtection,
		Requires: actions("GetSubscriptionState", "ListProtections"),
		Params:   []posture.Param{param.Days("count", e.Count, defaultCount, "Shield learns a resource's traffic within 24 hours to 30 days")},
	}
}

// Place implements posture.Evaluator.
func (e AutoResponse) Place() posture.Place { return e.Account.Place() }

// Evaluate implements posture.Evaluator.
func (e AutoResponse) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c, a := e.Control(), e.Account
	return a.eachFronted(ctx, c, func(ctx context.Context, at posture.Resource, p Protection, x Exposed) posture.Finding {
		front, err := a.behindProtected(ctx, x)
		if err != nil {
			return c.Unknown(at, err)
		}
		if front != nil {
			return c.NotApplicable(at, "All its traffic comes through "+strings.Join(front, ", ")+", and is mitigated there.")
		}
		seen := MitigationEvidence{Response: p.Response}
		if x.WebACL != nil {
			seen.AntiDDoS = x.WebACL.AntiDDoS
		}
		if seen.Response == ResponseOff && seen.AntiDDoS == RuleNone {
			return c.Fail(at, seen)
		}
		since, err := a.mitigatedSince(ctx, p.ResourceARN)
		if err == nil {
			seen.Since = since
		}
		switch {
		case seen.Acts(): // since when says only how well
			return c.Pass(at, seen)
		case err != nil:
			return c.Unknown(at, err)
		case since.IsZero():
			return c.Unknown(at, notProvided("since when %s is mitigated, as provided, is no time", p.ResourceARN))
		case a.now().Sub(since) > cmp.Or(e.Count, defaultCount):
			return c.Fail(at, seen)
		}
		return c.Pass(at, seen)
	})
}

// behindProtected gives the distributions through which all traffic of a load
// balancer comes, where each of them is protected.
func (a *Account) behindProtected(ctx context.Context, x Exposed) ([]string, error) {
	if x.Kind == Distribution || len(only(x.Behind, Distribution)) == 0 {
		return nil, nil
	}
	all, err := a.Protections(ctx)
	if front := behind(all, x); front != nil {
		return front, nil
	}
	return nil, err // a protection may be on a page that was not read
}

// behind gives the distributions through which all traffic of a resource comes,
// where each of them is among the protections, and nil elsewhere.
func behind(all []Protection, x Exposed) []string {
	front := only(x.Behind, Distribution)
	if _, out := split(all, front); len(front) == 0 || out != nil {
		return nil
	}
	return front
}

// ResponseTarget judges that the automatic response of a load balancer is off
// where protected distributions stand in front: it would mitigate the edge.
type ResponseTarget struct{ Account *Account }

// TargetEvidence is the automatic response of a load balancer behind distributions.
type TargetEvidence struct {
	Response Response `json:"response"`
	Behind   []string `json:"behind"`
}

// String says it in a sentence.
func (e TargetEvidence) String() string {
	front := "all its traffic comes through " + strings.Join(e.Behind, ", ") + "."
	if e.Response == ResponseOff {
		return "The automatic response is off, and " + front
	}
	return "The automatic response is on (" + string(e.Response) + "), and " + front
}

// Control implements posture.Evaluator.
func (e ResponseTarget) Control() posture.Control {
	return posture.Control{
		ID:       "shield.auto-response-target",
		Title:    "The automatic response stands where clients arrive",
		Doc:      "Behind a distribution a load balancer sees the edge's addresses, so its automatic response would hit everybody. Protect both, and let the response stand on the distribution only.",
		Severity: posture.Low, Scope: posture.Global, Resource: typeProtection,
		Requires: actions("GetSubscriptionState", "ListProtections"),
	}
}

// Place implements posture.Evaluator.
func (e ResponseTarget) Place() posture.Place { return e.Account.Place() }

// Evaluate implements posture.Evaluator.
func (e ResponseTarget) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c, a := e.Control(), e.Account
	return a.eachProtection(ctx, c, noProtection, func(ctx context.Context, at posture.Resource, p Protection) []posture.Finding {
		if p.Kind != ALB {
			return []posture.Finding{c.NotApplicable(at, "It is no application load balancer.")}
		}
		x, err := a.facing(ctx, p.ResourceARN)
		if err != nil {
			return []posture.Finding{c.Unknown(at, err)}
		}
		seen := TargetEvidence{Response: p.Response}
		seen.Behind, err = a.behindProtected(ctx, x)
		switch {
		case err != nil:
			return []posture.Finding{c.Unknown(at, err)}
		case seen.Behind == nil:
			return []posture.Finding{c.NotApplicable(at, "Its traffic does not all come through protected distributions.")}
		case seen.Response != ResponseOff:
			return []posture.Finding{c.Fail(at, seen)}
		}
		return []posture.Finding{c.Pass(at, seen)}
	})
}

// MitigationGroup judges that the web ACL of a resource whose automatic response
// is on holds the rule through which Shield acts, named ShieldMitigationRuleGroup…, of 150 web ACL
// capacity units.
type MitigationGroup struct{ Account *Account }

// GroupRuleEvidence is whether Shield's rule is in the web ACL.
type GroupRuleEvidence struct {
	WebACL string `json:"webAcl,omitempty"`
	Held   bool   `json:"held"`
}

// String says it in a sentence.
func (e GroupRuleEvidence) String() string {
	switch {
	case e.WebACL == "":
		return "The automatic response is on, and no web ACL stands in front."
	case e.Held:
		return "Web ACL " + e.WebACL + " holds Shield's mitigation rule group."
	}
	return "The automatic response is on, and web ACL " + e.WebACL + " does not hold Shield's mitigation rule group."
}

// Control implements posture.Evaluator.
func (e MitigationGroup) Control() posture.Control {
	return posture.Control{
		ID:       "shield.mitigation-group",
		Title:    "Shield's rule is in the web ACL that it acts through",
		Doc:      "Whoever deletes or renames that rule switches the automatic response off for every resource of the web ACL, and Shield goes on to say that it is enabled. Disable the automatic response and enable it again, and keep code that writes the web ACL from dropping the rule.",
		Severity: posture.High, Scope: posture.Global, Resource: typeProtection,
		Requires: actions("GetSubscriptionState", "ListProtections"),
	}
}

// Place implements posture.Evaluator.
func (e MitigationGroup) Place() posture.Place { return e.Account.Place() }

// Evaluate implements posture.Evaluator.
func (e MitigationGroup) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c, a := e.Control(), e.Account
	return a.eachProtection(ctx, c, noProtection, func(ctx context.Context, at posture.Resource, p Protection) []posture.Finding {
		if p.Response == ResponseOff {
			return []posture.Finding{c.NotApplicable(at, "The automatic response is off; shield.auto-response judges that.")}
		}
		x, err := a.facing(ctx, p.ResourceARN)
		if err != nil {
			return []posture.Finding{c.Unknown(at, err)}
		}
		var seen GroupRuleEvidence
		if x.WebACL != nil {
			seen = GroupRuleEvidence{x.WebACL.ARN, x.WebACL.MitigationGroup}
		}
		if !seen.Held {
			return []posture.Finding{c.Fail(at, seen)}
		}
		return []posture.Finding{c.Pass(at, seen)}
	})
}
