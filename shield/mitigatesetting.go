package shield

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/internal/refusal"
)

// WebACLs reads and sets what the Anti-DDoS managed rule group,
// AWSManagedRulesAntiDDoSRuleSet, does in a web ACL of AWS WAF. The caller implements it over AWS WAF: SetAntiDDoS
// puts the group before every other rule, changes its action or takes it out, and
// leaves all else in the web ACL as it is.
type WebACLs interface {
	AntiDDoS(ctx context.Context, webACL string) (RuleAction, error)
	SetAntiDDoS(ctx context.Context, webACL string, want RuleAction) error
}

// AntiDDoSSetting is the setting of the Anti-DDoS managed rule group in a web ACL.
// It implements posture.Setting[RuleAction].
type AntiDDoSSetting struct {
	Account *Account `json:"-"`
	WebACLs WebACLs  `json:"-"`
	WebACL  string   `json:"webAcl"`           // its ARN
	Fronts  []string `json:"fronts,omitempty"` // ARNs of what the web ACL stands in front of
}

// Kind implements posture.Setting.
func (s AntiDDoSSetting) Kind() posture.Kind {
	return posture.Kind{Name: "shield.anti-ddos-group", Reads: []string{"wafv2:GetWebACL"}, Writes: []string{"wafv2:GetWebACL", "wafv2:UpdateWebACL"}, Settle: settle}
}

// Target implements posture.Setting.
func (s AntiDDoSSetting) Target() posture.Resource {
	return s.Account.place.Resource("AWS::WAFv2::WebACL", s.WebACL, s.WebACL)
}

// Get implements posture.Setting.
func (s AntiDDoSSetting) Get(ctx context.Context) (RuleAction, error) {
	if s.WebACLs == nil {
		return "", notProvided("what reads and sets web ACLs was not provided")
	}
	return s.WebACLs.AntiDDoS(ctx, s.WebACL)
}

// Set implements posture.Setting.
func (s AntiDDoSSetting) Set(ctx context.Context, want RuleAction) error {
	if s.WebACLs == nil {
		return notProvided("what reads and sets web ACLs was not provided")
	}
	return s.WebACLs.SetAntiDDoS(ctx, s.WebACL, want)
}

// Touches gives the protections of what shares the web ACL.
func (s AntiDDoSSetting) Touches() (all []posture.Resource) {
	for _, arn := range s.Fronts {
		all = append(all, s.Account.protection(arn))
	}
	return all
}

// Cost says what the rule group will cost.
func (s AntiDDoSSetting) Cost(from, to RuleAction) string {
	if from != RuleNone || to == RuleNone {
		return ""
	}
	return "AWS WAF charges for the Anti-DDoS managed rule group a month and by requests, beyond what a Shield Advanced subscription includes; see AWS WAF pricing."
}

// MitigateFloods plans the mitigation of floods of requests. Where the automatic
// response is in use in the account already it enables that, elsewhere it puts the
// Anti-DDoS managed rule group into the web ACL, for which it needs WebACLs. Either
// begins in Count; what counted for long enough is made to act. A web ACL that
// Firewall Manager makes is refused as its own.
type MitigateFloods struct {
	Account *Account
	Writer  Writer
	WebACLs WebACLs       // nil: the Anti-DDoS managed rule group is not planned
	Count   time.Duration // how long it counts before it is made to act, as AutoResponse has it; default 30 days
}

// Controls implements posture.Remediator.
func (r MitigateFloods) Controls() []string { return []string{"shield.auto-response"} }

// Place implements posture.Remediator.
func (r MitigateFloods) Place() posture.Place { return r.Account.Place() }

// What Shield's rule group takes of a web ACL, and what a web ACL can have. See
// "Web ACL capacity units" in the AWS WAF Developer Guide.
const (
	mitigationCapacity = 150
	coveredCapacity    = 1500 // by the base price of AWS WAF, and by a subscription
	mostCapacity       = 5000
)

// Plan implements posture.Remediator.
func (r MitigateFloods) Plan(ctx context.Context, fs ...posture.Finding) (posture.Plan, error) {
	a := r.Account
	target, p, ok, err := a.toPlanOn(ctx, r, fs)
	switch {
	case err != nil:
		return posture.Plan{}, err
	case !ok || p.ID == "":
		return a.newPlan(fs), nil
	}
	exposed, err := a.Exposed.Get(ctx, "what the internet reaches of the account")
	if err != nil {
		return posture.Plan{}, refusal.Unreadable(target, err)
	}
	i := slices.IndexFunc(exposed, func(x Exposed) bool { return x.Resource.ARN == target.ID })
	if i < 0 {
		return a.newPlan(fs), nil // the internet does not reach it any more
	}
	acl := exposed[i].WebACL
	if acl == nil || acl.Classic {
		return posture.Plan{}, refuse(posture.ReasonNotRemediable, target.ID+" has no web ACL of AWS WAF to mitigate with; shield.web-acl judges that")
	}
	if strings.Contains(acl.ARN, "/webacl/FMManagedWebACLV2") {
		return posture.Plan{}, managed("web ACL " + acl.ARN)
	}
	all, err := listProtections(ctx, a.api)
	if err != nil {
		return posture.Plan{}, refusal.Unreadable(target, err)
	}
	older := acl.MitigationGroup || slices.ContainsFunc(all, func(p Protection) bool { return p.Response != ResponseOff })
	group := acl.AntiDDoS
	if r.WebACLs != nil {
		if group, err = r.WebACLs.AntiDDoS(ctx, acl.ARN); err != nil {
			return posture.Plan{}, refusal.Unreadable(target, err)
		}
	}
	since, sinceErr := asked(ctx, a, a.MitigatedSince, target.ID, "since when a resource is mitigated")
	counted := sinceErr == nil && !since.IsZero() && a.now().Sub(since) > cmp.Or(r.Count, defaultCount)
	switch counts := p.Response == ResponseCount || group == RuleCount; {
	case p.Response == ResponseBlock || group == RuleActs:
		return a.newPlan(fs), nil
	case counts && sinceErr != nil:
		return posture.Plan{}, refusal.Unreadable(target, sinceErr)
	case counts && !counted:
		return a.newPlan(fs), nil // it learns
	case group == RuleCount && r.WebACLs != nil:
		return r.group(fs, exposed, acl.ARN, RuleCount, RuleActs)
	case p.Response == ResponseCount && group == RuleNone:
		return r.response(fs, target.ID, 0, ResponseCount, ResponseBlock)
	case group == RuleNone && older && acl.Capacity+mitigationCapacity > mostCapacity && !acl.MitigationGroup:
		return posture.Plan{}, refuse(posture.ReasonNotRemediable, fmt.Sprintf("web ACL %s takes %d of %d capacity units, and Shield's rule group takes %d", acl.ARN, acl.Capacity, mostCapacity, mitigationCapacity))
	case group == RuleNone && older:
		return r.response(fs, target.ID, acl.Capacity, ResponseOff, ResponseCount)
	case r.WebACLs == nil:
		return posture.Plan{}, refuse(posture.ReasonNotRemediable, "nothing was given to set the Anti-DDoS managed rule group of web ACL "+acl.ARN+" with")
	}
	return r.group(fs, exposed, acl.ARN, RuleNone, RuleCount)
}

func (r MitigateFloods) response(fs []posture.Finding, arn string, capacity int, from, to Response) (posture.Plan, error) {
	step, err := posture.Change(ResponseSetting{Account: r.Account, Writer: r.Writer, ResourceARN: arn, Capacity: capacity}, from, to)
	p := r.Account.newPlan(fs, step)
	if to == ResponseBlock {
		p.Risk = posture.RiskMedium
		p.Needs = []string{"What the automatic response counted so far was no customer's."}
	}
	return p, err
}

func (r MitigateFloods) group(fs []posture.Finding, exposed []Exposed, acl string, from, to RuleAction) (posture.Plan, error) {
	setting := AntiDDoSSetting{Account: r.Account, WebACLs: r.WebACLs, WebACL: acl}
	for _, x := range exposed {
		if x.WebACL != nil && x.WebACL.ARN == acl {
			setting.Fronts = append(setting.Fronts, x.Resource.ARN)
		}
	}
	slices.Sort(setting.Fronts)
	step, err := posture.Change(setting, from, to)
	p := r.Account.newPlan(fs, step)
	p.Risk = posture.RiskMedium
	if to == RuleActs {
		p.Needs = []string{"What the Anti-DDoS managed rule group counted so far was no customer's."}
	}
	return p, err
}
