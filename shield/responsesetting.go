package shield

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/shield"
	"github.com/aws/aws-sdk-go-v2/service/shield/types"

	"github.com/awsposture/posture"
)

// ResponseSetting is the setting of a resource's older automatic response. It
// implements posture.Setting[AutoResponse].
type ResponseSetting struct {
	Account  *Account `json:"-"`
	Writer   Writer   `json:"-"`
	Resource string   `json:"resource"` // ARN
}

// Kind implements posture.Setting. Shield makes its rule in the web ACL through a
// service-linked role.
func (s ResponseSetting) Kind() posture.Kind {
	return posture.Kind{
		Name: "shield.auto-response", Reads: actions("DescribeProtection"),
		Writes: append(actions("EnableApplicationLayerAutomaticResponse", "UpdateApplicationLayerAutomaticResponse", "DisableApplicationLayerAutomaticResponse"), "cloudfront:GetDistribution", "iam:CreateServiceLinkedRole", "iam:GetRole", "wafv2:GetWebACL", "wafv2:ListResourcesForWebACL"), Settle: settle,
	}
}

// Target implements posture.Setting.
func (s ResponseSetting) Target() posture.Resource {
	return s.Account.byARN(s.Resource, KindOf(s.Resource))
}

// Get implements posture.Setting.
func (s ResponseSetting) Get(ctx context.Context) (AutoResponse, error) {
	p, ok, err := readProtection(ctx, s.Account.api, s.Resource)
	if !ok {
		return ResponseOff, err
	}
	return p.AutoResponse, err
}

// Set implements posture.Setting. To enable what is enabled is an error of
// Shield's: from count to block is an update.
func (s ResponseSetting) Set(ctx context.Context, want AutoResponse) error {
	is, err := s.Get(ctx)
	if err != nil || is == want {
		return err
	}
	action := &types.ResponseAction{Count: &types.CountAction{}}
	if want == ResponseBlock {
		action = &types.ResponseAction{Block: &types.BlockAction{}}
	}
	switch {
	case want == ResponseOff:
		_, err = s.Writer.DisableApplicationLayerAutomaticResponse(ctx, &shield.DisableApplicationLayerAutomaticResponseInput{ResourceArn: &s.Resource})
	case is == ResponseOff:
		_, err = s.Writer.EnableApplicationLayerAutomaticResponse(ctx, &shield.EnableApplicationLayerAutomaticResponseInput{ResourceArn: &s.Resource, Action: action})
	default:
		_, err = s.Writer.UpdateApplicationLayerAutomaticResponse(ctx, &shield.UpdateApplicationLayerAutomaticResponseInput{ResourceArn: &s.Resource, Action: action})
	}
	return err
}

// MitigateLayer7 plans the automatic mitigation of floods of requests: the
// Anti-DDoS managed rule group in count, which is AWS's default now and is charged;
// or, where the account uses the older automatic response already, that one in
// count. With Block the response of a resource that counts is made to block. One
// whose rule is gone from the web ACL is turned off, to be turned on by the next plan.
type MitigateLayer7 struct {
	Account *Account
	Writer  Writer
	// AntiDDoS plans to add the managed rule group in count to the web ACL of a
	// resource: a change of AWS WAF, whose steps say what it costs. nil refuses.
	AntiDDoS func(context.Context, Edge) ([]posture.Step, error)
	Block    bool
}

// The web ACL capacity and the priority that the mitigation rule takes.
const mitigationCapacity = 150

// Controls implements posture.Remediator.
func (r MitigateLayer7) Controls() []string {
	return []string{"shield.auto-response", "shield.auto-response-target", "shield.mitigation-group"}
}

// Place implements posture.Remediator.
func (r MitigateLayer7) Place() posture.Place { return r.Account.Place() }

// Plan implements posture.Remediator.
func (r MitigateLayer7) Plan(ctx context.Context, fs ...posture.Finding) (posture.Plan, error) {
	target, err := targetOf(r, fs)
	if err != nil {
		return posture.Plan{}, err
	}
	a := r.Account
	active, err := a.toPlan(ctx, target)
	if err != nil || !active {
		return a.newPlan(fs), err
	}
	x, err := a.edgeOf(ctx, target)
	if err != nil {
		return posture.Plan{}, err
	}
	by, err := NewAccount(a.place, a.api).protectionsBy(ctx)
	if err != nil {
		return posture.Plan{}, unreadable(target, err)
	}
	p, protected := by[target.ARN]
	if !protected {
		return a.newPlan(fs), nil
	}
	if err := ofFirewallManager(p, target); err != nil {
		return posture.Plan{}, err
	}
	steps, err := r.steps(ctx, fs, x, p, by)
	plan := a.newPlan(fs, steps...)
	plan.Risk = posture.RiskMedium
	if asked(fs, "shield.mitigation-group") && len(steps) > 0 {
		plan.Warnings = []string{"Automatic response is off after this plan; the plan that answers shield.auto-response then turns it on with a new rule."}
	}
	return plan, err
}

func (r MitigateLayer7) steps(ctx context.Context, fs []posture.Finding, x Edge, p Protection, by map[string]Protection) ([]posture.Step, error) {
	setting := ResponseSetting{Account: r.Account, Writer: r.Writer, Resource: x.Resource.ARN}
	switch {
	case asked(fs, "shield.auto-response-target"):
		if p.AutoResponse == ResponseOff || !x.BehindDistribution {
			return nil, nil
		}
		return changed(setting, p.AutoResponse, ResponseOff)
	case asked(fs, "shield.mitigation-group"):
		if p.AutoResponse == ResponseOff || x.WebACL != nil && x.WebACL.MitigationGroup {
			return nil, nil
		}
		// Without its rule the response does nothing. Shield makes the rule anew when
		// the response is enabled, which is the next plan.
		return changed(setting, p.AutoResponse, ResponseOff)
	case x.WebACL == nil || x.WebACL.Classic:
		return nil, choose(x.Resource.String() + " needs a web ACL of AWS WAF first")
	case x.WebACL.AntiDDoS == "act" || p.AutoResponse == ResponseBlock:
		return nil, nil
	case p.AutoResponse == ResponseCount && r.Block:
		return changed(setting, ResponseCount, ResponseBlock)
	case p.AutoResponse == ResponseCount, x.WebACL.AntiDDoS == "count":
		since, err := r.Account.CountingSince.Get(ctx, "shield.Account.CountingSince")
		if began, known := since[x.Resource.ARN]; err == nil && known && r.Account.now().Sub(began) <= baseline {
			return nil, nil
		}
		return nil, choose("look at what is counted on " + x.Resource.String() + ", and let automatic response block then, or the rule group of the web ACL act")
	}
	inUse := false
	for _, other := range by {
		inUse = inUse || other.AutoResponse != ResponseOff
	}
	switch {
	case inUse && (x.WebACL.Capacity < mitigationCapacity || !x.WebACL.LastFree):
		return nil, choose(fmt.Sprintf("web ACL %s has %d capacity units free, of which automatic response takes %d at the free priority 10,000,000", x.WebACL.ARN, x.WebACL.Capacity, mitigationCapacity))
	case inUse:
		return changed(setting, ResponseOff, ResponseCount)
	case r.AntiDDoS == nil:
		return nil, choose("add the managed rule group AWSManagedRulesAntiDDoSRuleSet in count to web ACL " + x.WebACL.ARN + "; it is charged")
	}
	return r.AntiDDoS(ctx, x)
}

// RaiseAlarms plans alarms on DDoSDetected, which are of another service.
type RaiseAlarms struct {
	Account *Account
	// Alarm plans an alarm on DDoSDetected above 0 for a resource, in a region, with
	// an action, and missing data not breaching.
	Alarm func(ctx context.Context, region, resourceARN string) ([]posture.Step, error)
}

// Controls implements posture.Remediator.
func (r RaiseAlarms) Controls() []string { return []string{"shield.ddos-alarm"} }

// Place implements posture.Remediator.
func (r RaiseAlarms) Place() posture.Place { return r.Account.Place() }

// Plan implements posture.Remediator.
func (r RaiseAlarms) Plan(ctx context.Context, fs ...posture.Finding) (posture.Plan, error) {
	target, err := targetOf(r, fs)
	if err != nil {
		return posture.Plan{}, err
	}
	a := r.Account
	active, err := a.toPlan(ctx, target)
	if err != nil || !active {
		return a.newPlan(fs), err
	}
	p, ok, err := readProtection(ctx, a.api, target.ARN)
	switch {
	case err != nil:
		return posture.Plan{}, unreadable(target, err)
	case !ok:
		return a.newPlan(fs), nil
	case r.Alarm == nil:
		return posture.Plan{}, choose("make an alarm on DDoSDetected for " + target.String() + " in " + metricRegions(p)[0])
	}
	steps, err := r.Alarm(ctx, metricRegions(p)[0], target.ARN)
	return a.newPlan(fs, steps...), err
}
