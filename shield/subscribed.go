package shield

import (
	"context"
	"time"

	"github.com/awsposture/posture"
)

// Subscribed judges that the account is subscribed to Shield Advanced, where the
// caller requires it. It is paid for by the year, so it is not required by default, and
// nothing here subscribes.
type Subscribed struct {
	Account  *Account
	Required bool
}

// SubscriptionEvidence is the state of the subscription.
type SubscriptionEvidence struct {
	Active    bool   `json:"active"`
	AutoRenew bool   `json:"autoRenew"`
	End       string `json:"end,omitempty"`
}

// String says it in a sentence.
func (e SubscriptionEvidence) String() string {
	switch {
	case !e.Active:
		return "The account is not subscribed to Shield Advanced."
	case e.AutoRenew:
		return "The subscription to Shield Advanced runs until " + e.End + " and renews itself."
	}
	return "The subscription to Shield Advanced ends at " + e.End + "."
}

// Control implements posture.Evaluator.
func (e Subscribed) Control() posture.Control {
	c := posture.Control{
		ID:       "shield.subscription",
		Title:    "The account is subscribed to Shield Advanced where that is required",
		Doc:      "Each account of an organization subscribes for itself; one price covers them all. Subscribing commits to a year, so a person does it.",
		Severity: posture.High, Scope: posture.Global, Resource: "AWS::Shield::Subscription",
		Params: []posture.Param{{Name: "required", Value: word(e.Required), Default: word(false), Source: "the caller's"}},
	}
	if e.Required {
		c.Requires = actions("GetSubscriptionState", "DescribeSubscription")
	}
	return c
}

func word(b bool) string {
	if b {
		return "true"
	}
	return "false"
}

// Place implements posture.Evaluator.
func (e Subscribed) Place() posture.Place { return e.Account.Place() }

// Evaluate implements posture.Evaluator.
func (e Subscribed) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c, a := e.Control(), e.Account
	return a.standard(c, func() ([]posture.Finding, error) {
		if !e.Required {
			return []posture.Finding{c.NotApplicable(a.account(), "Shield Advanced is not required.")}, nil
		}
		active, err := a.Subscribed(ctx)
		if err != nil {
			return nil, err
		}
		if !active {
			return []posture.Finding{c.Fail(a.account(), SubscriptionEvidence{})}, nil
		}
		s, err := a.Subscription(ctx)
		if err != nil {
			return nil, err
		}
		return []posture.Finding{c.Pass(a.account(), s.evidence())}, nil
	})
}

func (s Subscription) evidence() SubscriptionEvidence {
	return SubscriptionEvidence{Active: true, AutoRenew: s.AutoRenew, End: stamp(s.End)}
}

// AutoRenews judges that the subscription renews itself. One that ends soon is of
// high severity.
type AutoRenews struct {
	Account *Account
	Soon    time.Duration // default 60 days
}

// Control implements posture.Evaluator.
func (e AutoRenews) Control() posture.Control {
	return posture.Control{
		ID:       "shield.auto-renew",
		Title:    "The subscription to Shield Advanced renews itself",
		Doc:      "With the subscription all protections end, in the middle of an attack perhaps. AWS lets the renewal be changed only within the last 30 days.",
		Severity: posture.Medium, Scope: posture.Global, Resource: "AWS::Shield::Subscription",
		Requires: inside("DescribeSubscription"),
		Params:   []posture.Param{days("soon", e.Soon, 60*day, "this library's own choice")},
	}
}

// Place implements posture.Evaluator.
func (e AutoRenews) Place() posture.Place { return e.Account.Place() }

// Evaluate implements posture.Evaluator.
func (e AutoRenews) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c, a := e.Control(), e.Account
	return a.advanced(ctx, c, func() ([]posture.Finding, error) {
		s, err := a.Subscription(ctx)
		switch {
		case err != nil:
			return nil, err
		case s.AutoRenew:
			return []posture.Finding{c.Pass(a.account(), s.evidence())}, nil
		}
		f := c.Fail(a.account(), s.evidence())
		if s.End.Sub(a.now()) < orDefault(e.Soon, 60*day) {
			f.Severity = posture.High
		}
		return []posture.Finding{f}, nil
	})
}
