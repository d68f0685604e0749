package shield_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/shield"
	"github.com/aws/aws-sdk-go-v2/service/shield/types"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/shield"
	"github.com/awsposture/posture/shield/shieldtest"
)

func guard(t *testing.T, a *shield.Account, arn string) posture.Finding {
	t.Helper()
	for _, f := range scan(t, []posture.Evaluator{shield.Layer7Guard{Account: a}})["shield.layer7-guard"] {
		if f.Resource.ARN == arn {
			return f
		}
	}
	t.Fatalf("no finding on %s", arn)
	return posture.Finding{}
}

// What only counts limits nothing.
func TestCountingIsNoGuard(t *testing.T) {
	for name, test := range map[string]struct {
		rate, group shield.RuleAction
		want        posture.Status
		says        string
	}{
		"both count":                      {shield.RuleCount, shield.RuleCount, posture.Fail, "only counts"},
		"the rule counts":                 {shield.RuleCount, shield.RuleNone, posture.Fail, "rate-based rule; it only counts"},
		"the group counts":                {shield.RuleNone, shield.RuleCount, posture.Fail, "Anti-DDoS rule group; it only counts"},
		"the rule counts, the group acts": {shield.RuleCount, shield.RuleActs, posture.Pass, "Anti-DDoS rule group; it acts"},
		"the rule acts":                   {shield.RuleActs, shield.RuleCount, posture.Pass, "rate-based rule; it acts"},
	} {
		w := good().Fake.(*world)
		w.facts.exposed[0].WebACL.RateRule = test.rate
		w.Edit(func(s *shieldtest.State) { s.AntiDDoS[siteACL] = test.group })
		if f := guard(t, w.account(place, w), siteARN); f.Status != test.want || !strings.Contains(f.Detail, test.says) {
			t.Errorf("%s: %s: %s", name, f.Status, f.Detail)
		}
	}
}

// The distribution in front may stand on a page of the inventory that was not
// read; one that is listed twice is not two.
func TestDistributionInFrontNotListed(t *testing.T) {
	w := good().Fake.(*world)
	w.facts.exposed[4].WebACL = nil
	a := w.account(place, w)
	a.Exposed = func(context.Context) ([]shield.Exposed, error) {
		return w.facts.exposed[1:], errors.New("the page was not read")
	}
	if f := guard(t, a, shopARN); f.Status != posture.Unknown {
		t.Errorf("%s: %s", f.Status, f.Detail)
	}
	w.facts.exposed[4].Behind = []string{siteARN, oldSiteARN}
	a = w.account(place, w)
	a.Exposed = func(context.Context) ([]shield.Exposed, error) {
		return append(w.facts.exposed, w.facts.exposed[0]), nil
	}
	if f := guard(t, a, shopARN); f.Status != posture.Fail {
		t.Errorf("%s: %s", f.Status, f.Detail)
	}
}

// retold changes what AWS says of the subscription.
type retold struct {
	*shieldtest.Shield
	change func(*types.Subscription)
}

func (r retold) DescribeSubscription(ctx context.Context, in *sdk.DescribeSubscriptionInput, o ...func(*sdk.Options)) (*sdk.DescribeSubscriptionOutput, error) {
	out, err := r.Shield.DescribeSubscription(ctx, in, o...)
	if err == nil {
		r.change(out.Subscription)
	}
	return out, err
}

// A state that is not known is no state, and a date that is not told no date.
func TestTermsNotKnown(t *testing.T) {
	for name, test := range map[string]struct {
		change  func(*types.Subscription)
		control string
		want    posture.Status
	}{
		"renewal":    {func(s *types.Subscription) { s.AutoRenew = "LATER" }, "shield.auto-renew", posture.Unknown},
		"engagement": {func(s *types.Subscription) { s.ProactiveEngagementStatus = "PAUSED" }, "shield.proactive-engagement", posture.Unknown},
		"end":        {func(s *types.Subscription) { s.EndTime = nil }, "shield.auto-renew", posture.Pass},
		"no end":     {func(s *types.Subscription) { s.EndTime, s.AutoRenew = nil, types.AutoRenewDisabled }, "shield.auto-renew", posture.Fail},
		"end of all": {func(s *types.Subscription) { s.EndTime = nil }, "shield.subscription", posture.Pass},
	} {
		w := good().Fake.(*world)
		f := one(t, scan(t, suite(w.account(place, retold{w.Shield, test.change})))[test.control])
		if f.Status != test.want || strings.Contains(f.Detail, "0001") || !strings.HasSuffix(f.Detail, ".") && f.Status != posture.Unknown {
			t.Errorf("%s: %s: %s", name, f.Status, f.Detail)
		}
	}
}

// A count is of one measure, and an attack has several: nobody knows their sum.
func TestStatisticsAreNotSummed(t *testing.T) {
	s := shield.Statistics{From: daysAgo(365), To: now, Counts: []shield.Count{{Attacks: 3, Unit: "bits", Most: 5}, {Attacks: 3, Unit: "packets", Most: 7}, {}}}
	if text := s.String(); strings.Contains(text, "6 attacks") || !strings.Contains(text, "3 of at most 7 packets a second") {
		t.Error(text)
	}
	if text := (shield.Statistics{From: daysAgo(365), To: now, Counts: []shield.Count{{}}}).String(); !strings.Contains(text, "no attack") {
		t.Error(text)
	}
}

// A value that is never wanted ends no subscription and closes no bucket.
func TestSettingsRefuseZero(t *testing.T) {
	w := good().Fake.(*world)
	w.Edit(func(s *shieldtest.State) { s.Subscription.End = daysAgo(-10) })
	a := w.account(place, w)
	was := w.State()
	for name, err := range map[string]error{
		"no renewal":    shield.RenewalSetting{Account: a, Writer: w}.Set(t.Context(), shield.RenewalNone),
		"empty renewal": shield.RenewalSetting{Account: a, Writer: w}.Set(t.Context(), ""),
		"empty sharing": shield.LogBucketSetting{Account: a, Writer: w, Bucket: "example-logs"}.Set(t.Context(), ""),
	} {
		if err == nil {
			t.Errorf("%s is set", name)
		}
	}
	if is := w.State(); is != was {
		t.Errorf("was %s\nis %s", was, is)
	}
}

// The automatic response is stopped only where the edge is still in front.
func TestStopOnlyWhatIsMisplaced(t *testing.T) {
	f := failing("shield.auto-response-target", shopARN)
	w := good().Fake.(*world)
	w.Edit(func(s *shieldtest.State) { s.Protections[shopARN].Response = shield.ResponseBlock })
	for name, test := range map[string]struct {
		change func()
		steps  int
	}{
		"still in front":  {func() {}, 1},
		"not protected":   {func() { w.Edit(func(s *shieldtest.State) { delete(s.Protections, siteARN) }) }, 0},
		"not in front":    {func() { w.facts.exposed[4].Behind = nil }, 0},
		"not reached now": {func() { w.facts.exposed = w.facts.exposed[:4] }, 0},
	} {
		w = good().Fake.(*world)
		w.Edit(func(s *shieldtest.State) { s.Protections[shopARN].Response = shield.ResponseBlock })
		test.change()
		p, err := shield.StopMisplacedResponse{Account: w.account(place, w), Writer: w}.Plan(t.Context(), f)
		if err != nil || len(p.Steps) != test.steps {
			t.Errorf("%s: %d steps, %v", name, len(p.Steps), err)
		}
	}
}

// Firewall Manager writes its web ACLs anew: nothing is put into them.
func TestWebACLOfFirewallManager(t *testing.T) {
	w := good().Fake.(*world)
	acl := "arn:aws:wafv2:us-east-1:111122223333:global/webacl/FMManagedWebACLV2-edge-1700000000000/3"
	w.facts.exposed[0].WebACL.ARN = acl
	_, err := shield.MitigateFloods{Account: w.account(place, w), Writer: w, WebACLs: w.WebACLs()}.Plan(t.Context(), failing("shield.auto-response", siteARN))
	refusal, ok := errors.AsType[*posture.Refusal](err)
	if !ok || refusal.Reason != posture.ReasonManagedElsewhere || refusal.Owner != "AWS Firewall Manager" {
		t.Errorf("%v", err)
	}
}

// Who asks for an application to be grouped does not ask for members to be taken out.
func TestGroupKeepsItsMembers(t *testing.T) {
	w := good().Fake.(*world)
	w.Edit(func(s *shieldtest.State) { s.Groups["shop"].Members = []string{goneARN, siteARN} })
	f := posture.Finding{Control: "shield.protection-group", Status: posture.Fail, Resource: place.Resource("AWS::Shield::ProtectionGroup", "shop", "")}
	plan := func(fs ...posture.Finding) string {
		p, err := shield.GroupProtections{Account: w.account(place, w), Writer: w}.Plan(t.Context(), fs...)
		if err != nil || len(p.Steps) != 1 {
			t.Fatalf("%v, %v", p.Steps, err)
		}
		return string(p.Steps[0].After)
	}
	if after := plan(f.Part("application")); !strings.Contains(after, goneARN) || !strings.Contains(after, apiARN) {
		t.Errorf("grouped: %s", after)
	}
	if after := plan(f); strings.Contains(after, goneARN) || strings.Contains(after, apiARN) {
		t.Errorf("pruned: %s", after)
	}
}

// To delete a protection loses what nothing brings back, and the plan says so.
func TestLossOfProtection(t *testing.T) {
	a := shield.NewAccount(place, nil)
	s := shield.ProtectionSetting{Account: a, ResourceARN: siteARN}
	gone, err := posture.Change(s, shield.ProtectionState{Name: "site"}, shield.ProtectionState{})
	if err != nil || gone.Loss == "" {
		t.Errorf("%q, %v", gone.Loss, err)
	}
	made, err := posture.Change(s, shield.ProtectionState{}, shield.ProtectionState{Name: "site"})
	if err != nil || made.Loss != "" {
		t.Errorf("%q, %v", made.Loss, err)
	}
}

// An alarm whose threshold no attack reaches, or that none is under, tells of none:
// the metric is 1 in an attack and 0 without.
func TestAlarmThatNeverGoesOff(t *testing.T) {
	for _, test := range []struct {
		comparison string
		threshold  float64
		want       posture.Status
	}{
		{"GreaterThanOrEqualToThreshold", 1, posture.Pass},
		{"GreaterThanThreshold", 0, posture.Pass},
		{"GreaterThanThreshold", 0.5, posture.Pass},
		{"GreaterThanThreshold", 1, posture.Fail},
		{"GreaterThanOrEqualToThreshold", 100, posture.Fail},
		{"GreaterThanOrEqualToThreshold", 0, posture.Fail},
		{"LessThanThreshold", 1, posture.Fail},
		{"", 0, posture.Fail},
	} {
		w := good().Fake.(*world)
		w.Edit(func(s *shieldtest.State) { delete(s.Alarms, shieldtest.AlarmKey("eu-west-1", "attack "+eipARN)) })
		w.facts.alarms = []shield.Alarm{{Name: "own", Region: "eu-west-1", Metric: "DDoSDetected", ResourceARN: eipARN, Actions: 1, Comparison: test.comparison, Threshold: test.threshold}}
		f := on(t, scan(t, suite(w.account(place, w)))["shield.ddos-alarm"], eipARN)
		if f.Status != test.want || f.Status == posture.Fail && !strings.Contains(f.Detail, "own does not tell an attack from none") {
			t.Errorf("%s %v: %s: %s", test.comparison, test.threshold, f.Status, f.Detail)
		}
	}
}

// A telephone number that AWS does not take is refused before anything is planned.
func TestContactsThatAWSRefuses(t *testing.T) {
	for _, c := range []shield.Contact{{Email: "a@example.com", Phone: "555-0100"}, {Email: "a@example.com", Phone: "+0123456"}, {Phone: "+12065550100"}} {
		w := good().Fake.(*world)
		w.Edit(func(s *shieldtest.State) { s.Contacts = nil })
		_, err := shield.AddContacts{Account: w.account(place, w), Writer: w, Contacts: []shield.Contact{c}}.Plan(t.Context(), ofAccount("shield.contacts", "ProactiveEngagement"))
		if refusal, ok := errors.AsType[*posture.Refusal](err); !ok || refusal.Reason != posture.ReasonNeedsChoice {
			t.Errorf("%v: %v", c, err)
		}
	}
}

// A group without an id is no group.
func TestGroupWithoutID(t *testing.T) {
	w := good().Fake.(*world)
	f := one(t, scan(t, suite(w.account(place, nameless{w.Shield})))["shield.protection-group"])
	if f.Status != posture.Unknown || f.Cause.Kind != posture.CauseMalformed {
		t.Errorf("%s: %s", f.Status, f.Detail)
	}
}

type nameless struct{ *shieldtest.Shield }

func (n nameless) ListProtectionGroups(context.Context, *sdk.ListProtectionGroupsInput, ...func(*sdk.Options)) (*sdk.ListProtectionGroupsOutput, error) {
	return &sdk.ListProtectionGroupsOutput{ProtectionGroups: []types.ProtectionGroup{{Pattern: types.ProtectionGroupPatternAll, Aggregation: types.ProtectionGroupAggregationSum, ProtectionGroupArn: aws.String("arn")}}}, nil
}
