package shield

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/internal/param"
)

// Subscribed judges that the account is subscribed to Shield Advanced, where it
// must be. See "AWS Shield Advanced overview" in the AWS WAF Developer Guide.
type Subscribed struct {
	Account  *Account
	Required bool // default not: it is a paid commitment of a year, and the owner's choice
}

// SubscriptionEvidence is the subscription as it was read.
type SubscriptionEvidence struct {
	Active bool      `json:"active"`
	Start  time.Time `json:"start,omitzero"`
	End    time.Time `json:"end,omitzero"`
}

// String says it in a sentence.
func (e SubscriptionEvidence) String() string {
	switch {
	case e.Active && e.End.IsZero():
		return "The account is subscribed to Shield Advanced."
	case e.Active:
		return "The account is subscribed to Shield Advanced until " + stamp(e.End) + "."
	case e.End.IsZero():
		return "The account is not subscribed to Shield Advanced."
	}
	return "The account's subscription to Shield Advanced ended on " + stamp(e.End) + "."
}

// Control implements posture.Evaluator.
func (e Subscribed) Control() posture.Control {
	return posture.Control{
		ID:       "shield.subscription",
		Title:    "The account is subscribed to Shield Advanced",
		Doc:      "Without it there is no detection of its own for each resource, no response team and no credit for what an attack costs. Each account subscribes for itself, for a year and at a price for all accounts of one bill: a decision of its owner, which nothing here takes.",
		Severity: posture.High, Scope: posture.Global, Resource: typeSubscription,
		Requires: actions("GetSubscriptionState", "DescribeSubscription"),
		Params:   []posture.Param{{Name: "required", Value: fmt.Sprint(e.Required), Default: "false"}},
	}
}

// Place implements posture.Evaluator.
func (e Subscribed) Place() posture.Place { return e.Account.Place() }

// Evaluate implements posture.Evaluator.
func (e Subscribed) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c, a := e.Control(), e.Account
	if off := a.offered(c); off != nil {
		return off, nil
	}
	s, err := a.Subscription(ctx)
	if err != nil {
		return nil, err
	}
	if !s.Active && !e.Required {
		return []posture.Finding{c.NotApplicable(a.own(typeSubscription), "The account is not subscribed to Shield Advanced, and need not be.")}, nil
	}
	judge, terms := c.Fail, a.Terms
	if s.Active {
		judge, terms = c.Pass, a.active
	}
	t, err := terms(ctx)
	if err != nil {
		return nil, err
	}
	return []posture.Finding{judge(a.own(typeSubscription), SubscriptionEvidence{s.Active, t.Start, t.End})}, nil
}

// AutoRenew judges that the subscription renews by itself.
type AutoRenew struct {
	Account *Account
	Notice  time.Duration // an end that is nearer raises the severity to high; default 60 days
}

const defaultNotice = 60 * day

// RenewalEvidence is what becomes of the subscription at its end.
type RenewalEvidence struct {
	AutoRenew bool      `json:"autoRenew"`
	End       time.Time `json:"end,omitzero"`
}

// String says it in a sentence.
func (e RenewalEvidence) String() string {
	switch {
	case e.End.IsZero() && e.AutoRenew:
		return "The subscription renews by itself; AWS does not say when."
	case e.End.IsZero():
		return "The subscription does not renew; AWS does not say when it ends."
	case e.AutoRenew:
		return "The subscription renews by itself on " + stamp(e.End) + "."
	}
	return "The subscription ends on " + stamp(e.End) + " and does not renew."
}

// Control implements posture.Evaluator.
func (e AutoRenew) Control() posture.Control {
	return posture.Control{
		ID:       "shield.auto-renew",
		Title:    "The subscription to Shield Advanced renews by itself",
		Doc:      "A subscription that ends takes detection, mitigation and the response team with it on a day that nobody watches. Let it renew, or plan its end; AWS lets it be changed in its last 30 days.",
		Severity: posture.Medium, Scope: posture.Global, Resource: typeSubscription,
		Requires: actions("GetSubscriptionState", "DescribeSubscription"),
		Params:   []posture.Param{param.Days("notice", e.Notice, defaultNotice, "")},
	}
}

// Place implements posture.Evaluator.
func (e AutoRenew) Place() posture.Place { return e.Account.Place() }

// Evaluate implements posture.Evaluator.
func (e AutoRenew) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c, a := e.Control(), e.Account
	off, err := a.subscribed(ctx, c)
	if off != nil || err != nil {
		return off, err
	}
	t, err := a.active(ctx)
	if err != nil {
		return nil, err
	}
	here, seen := a.own(typeSubscription), RenewalEvidence{t.AutoRenew, t.End}
	if t.AutoRenew {
		return []posture.Finding{c.Pass(here, seen)}, nil
	}
	f := c.Fail(here, seen)
	if t.End.Sub(a.now()) < cmp.Or(e.Notice, defaultNotice) {
		f.Severity = posture.High
	}
	return []posture.Finding{f}, nil
}

// ProtectionQuota judges that there is room for more protections, by kind. Its Sub
// is the kind.
type ProtectionQuota struct {
	Account *Account
	Percent int64 // of a limit that may be used; default 80
}

const defaultPercent = 80

// QuotaEvidence is how much of a limit is used.
type QuotaEvidence struct {
	Kind Kind  `json:"kind"`
	Used int64 `json:"used"`
	Most int64 `json:"most"`
}

// String says it in a sentence.
func (e QuotaEvidence) String() string {
	return fmt.Sprintf("%d of %d protections of kind %s are used.", e.Used, e.Most, e.Kind)
}

// Control implements posture.Evaluator.
func (e ProtectionQuota) Control() posture.Control {
	return posture.Control{
		ID:       "shield.protection-quota",
		Title:    "There is room for more protections",
		Doc:      "At the limit the next load balancer goes without, and nobody is told. Ask AWS Support for a higher limit before.",
		Severity: posture.Low, Scope: posture.Global, Resource: typeSubscription,
		Requires: actions("GetSubscriptionState", "DescribeSubscription", "ListProtections"),
		Params:   []posture.Param{{Name: "percent", Value: fmt.Sprint(cmp.Or(e.Percent, defaultPercent)), Default: fmt.Sprint(defaultPercent), Unit: "%"}},
	}
}

// Place implements posture.Evaluator.
func (e ProtectionQuota) Place() posture.Place { return e.Account.Place() }

// Evaluate implements posture.Evaluator.
func (e ProtectionQuota) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c, a := e.Control(), e.Account
	off, err := a.subscribed(ctx, c)
	if off != nil || err != nil {
		return off, err
	}
	t, err := a.active(ctx)
	if err != nil {
		return nil, err
	}
	all, broken := a.Protections(ctx)
	used := map[Kind]int64{}
	for _, p := range all {
		used[p.Kind]++
	}
	var fs []posture.Finding
	for _, k := range Kinds() {
		seen, here := QuotaEvidence{k, used[k], t.Limits[k]}, a.own(typeSubscription)
		switch full := seen.Used*100 >= seen.Most*cmp.Or(e.Percent, defaultPercent); {
		case seen.Most <= 0 && seen.Used > 0:
			fs = append(fs, c.Unknown(here, malformed("DescribeSubscription", "the subscription has no limit for %s", k)).Part(string(k)))
		case seen.Most <= 0:
		case full:
			fs = append(fs, c.Fail(here, seen).Part(string(k)))
		case broken == nil:
			fs = append(fs, c.Pass(here, seen).Part(string(k)))
		}
	}
	if len(fs) == 0 && broken == nil {
		return nil, malformed("DescribeSubscription", "the subscription has no limits")
	}
	return fs, broken
}
