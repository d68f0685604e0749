package shield

import (
	"context"
	"slices"

	"github.com/awsposture/posture"
)

// ResourceProtected judges that everything on the internet that Shield Advanced
// can protect has a protection. Instances and network load balancers are protected
// by their elastic IP addresses. See "Protected resources in AWS Shield Advanced" in the AWS WAF
// Developer Guide.
type ResourceProtected struct{ Account *Account }

// ProtectedEvidence is the protection of a resource, or that it has none.
type ProtectedEvidence struct {
	Kind Kind   `json:"kind"`
	Name string `json:"name,omitempty"` // of the protection
	ID   string `json:"id,omitempty"`   // of the protection, "" none
}

// String says it in a sentence.
func (e ProtectedEvidence) String() string {
	if e.ID == "" {
		return "The internet reaches it, and it has no protection."
	}
	return "Protection " + e.ID + " (" + e.Name + ") protects it."
}

// Control implements posture.Evaluator.
func (e ResourceProtected) Control() posture.Control {
	return posture.Control{
		ID:       "shield.resource-protected",
		Title:    "Every protectable resource on the internet is protected",
		Doc:      "A subscription protects nothing by itself: each resource needs a protection, and only what had one before an attack is detected for itself, mitigated and credited. Create the protections that are missing.",
		Severity: posture.High, Scope: posture.Global, Resource: typeProtection,
		Requires: actions("GetSubscriptionState", "ListProtections"),
	}
}

// Place implements posture.Evaluator.
func (e ResourceProtected) Place() posture.Place { return e.Account.Place() }

// Evaluate implements posture.Evaluator.
func (e ResourceProtected) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c, a := e.Control(), e.Account
	off, err := a.subscribed(ctx, c)
	if off != nil || err != nil {
		return off, err
	}
	exposed, broken := a.exposure(ctx)
	all, err := a.Protections(ctx)
	var fs []posture.Finding
	for _, arn := range protectable(exposed) {
		p, there := find(all, arn)
		seen := ProtectedEvidence{KindOf(arn), p.Name, p.ID}
		switch {
		case there:
			fs = append(fs, c.Pass(a.protection(arn), seen))
		case err != nil: // its protection may be on a page that was not read
			fs = append(fs, c.Unknown(a.protection(arn), err))
		case seen.Kind == "":
			fs = append(fs, c.Unknown(a.protection(arn), malformed("ListProtections", "%s is not an ARN that Shield can protect", arn)))
		default:
			fs = append(fs, c.Fail(a.protection(arn), seen))
		}
	}
	if err == nil {
		err = broken
	}
	return c.Judged(fs, err, a.own(typeSubscription), "The internet reaches nothing of the account that Shield Advanced protects.")
}

// protectable gives the ARNs that can be protected, once each and in order.
func protectable(all []Exposed) (arns []string) {
	for _, x := range all {
		switch {
		case slices.Contains(Kinds(), x.Kind):
			arns = append(arns, x.Resource.ARN)
		case x.Kind == Instance || x.Kind == NLB:
			arns = append(arns, x.EIPs...)
		}
	}
	slices.Sort(arns)
	return slices.Compact(arns)
}

// NotProtectable judges that nothing on the internet is of a kind that Shield
// Advanced cannot protect: a network load balancer or an instance without elastic IP address, a
// custom routing accelerator.
type NotProtectable struct{ Account *Account }

// CoverEvidence is by what a resource could be protected.
type CoverEvidence struct {
	Kind Kind     `json:"kind"`
	EIPs []string `json:"eips,omitempty"`
}

// String says it in a sentence.
func (e CoverEvidence) String() string {
	switch {
	case e.Kind == CustomAccelerator:
		return "Shield Advanced does not protect custom routing accelerators."
	case (e.Kind == NLB || e.Kind == Instance) && len(e.EIPs) == 0:
		return "Shield Advanced protects it only by elastic IP addresses, and it has none."
	}
	return "Shield Advanced can protect it."
}

// Control implements posture.Evaluator.
func (e NotProtectable) Control() posture.Control {
	return posture.Control{
		ID:       "shield.not-protectable",
		Title:    "Nothing on the internet is beyond Shield Advanced",
		Doc:      "What cannot be protected is where an attack meets nothing. Give a network load balancer or an instance elastic IP addresses, use standard accelerators, or put one of those in front.",
		Severity: posture.Medium, Scope: posture.Global, Resource: "AWS::ElasticLoadBalancingV2::LoadBalancer",
		Requires: actions("GetSubscriptionState"),
	}
}

// Place implements posture.Evaluator.
func (e NotProtectable) Place() posture.Place { return e.Account.Place() }

// Evaluate implements posture.Evaluator.
func (e NotProtectable) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c, a := e.Control(), e.Account
	off, err := a.subscribed(ctx, c)
	if off != nil || err != nil {
		return off, err
	}
	exposed, err := a.exposure(ctx)
	var fs []posture.Finding
	for _, x := range exposed {
		if x.Kind == Gateway {
			continue // it takes no traffic that comes from outside
		}
		judge := c.Pass
		if x.Kind == CustomAccelerator || (x.Kind == NLB || x.Kind == Instance) && len(x.EIPs) == 0 {
			judge = c.Fail
		}
		fs = append(fs, judge(x.Resource, CoverEvidence{x.Kind, x.EIPs}))
	}
	return c.Judged(fs, err, a.own(typeSubscription), "The internet reaches nothing of the account.")
}

// Orphans judges that what is protected still exists.
type Orphans struct{ Account *Account }

// OrphanEvidence is a protection and whether what it protects exists.
type OrphanEvidence struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Exists bool   `json:"exists"`
}

// String says it in a sentence.
func (e OrphanEvidence) String() string {
	if e.Exists {
		return "What protection " + e.ID + " (" + e.Name + ") protects exists."
	}
	return "What protection " + e.ID + " (" + e.Name + ") protects does not exist any more."
}

// Control implements posture.Evaluator.
func (e Orphans) Control() posture.Control {
	return posture.Control{
		ID:       "shield.protection-orphan",
		Title:    "What is protected exists",
		Doc:      "A protection outlives its resource, counts against the limit, and lets a list of protections look complete. Delete it once it is clear that the resource will not come back under the same ARN.",
		Severity: posture.Low, Scope: posture.Global, Resource: typeProtection,
		Requires: actions("GetSubscriptionState", "ListProtections"),
	}
}

// Place implements posture.Evaluator.
func (e Orphans) Place() posture.Place { return e.Account.Place() }

// Evaluate implements posture.Evaluator.
func (e Orphans) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c, a := e.Control(), e.Account
	return a.eachProtection(ctx, c, noProtection, func(ctx context.Context, at posture.Resource, p Protection) []posture.Finding {
		all, err := a.Inventory.Get(ctx, "the inventory of what can be protected")
		there := slices.Contains(all[p.Kind], p.ResourceARN)
		_, looked := all[p.Kind]
		switch {
		case there:
			return []posture.Finding{c.Pass(at, OrphanEvidence{p.ID, p.Name, true})}
		case err == nil && !looked:
			err = notProvided("the inventory provided says nothing of kind %q", p.Kind)
		}
		if err != nil {
			return []posture.Finding{c.Unknown(at, err)}
		}
		return []posture.Finding{c.Fail(at, OrphanEvidence{p.ID, p.Name, false})}
	})
}

const noProtection = "The account has no protection; shield.resource-protected judges what should have one."
