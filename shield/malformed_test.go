package shield_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/shield"
	"github.com/aws/aws-sdk-go-v2/service/shield/types"
	smithy "github.com/aws/smithy-go"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/internal/awsfake"
	"github.com/awsposture/posture/shield"
	"github.com/awsposture/posture/shield/shieldtest"
)

// odd answers with what AWS should not.
type odd struct {
	*shieldtest.Shield
	protections []types.Protection
	broken      error // of every page of protections but the first
	state       types.SubscriptionState
	attacks     []types.AttackSummary
}

func (o odd) ListProtections(ctx context.Context, in *sdk.ListProtectionsInput, opts ...func(*sdk.Options)) (*sdk.ListProtectionsOutput, error) {
	if o.protections == nil {
		return o.Shield.ListProtections(ctx, in, opts...)
	}
	if in.NextToken != nil {
		return nil, o.broken
	}
	out := &sdk.ListProtectionsOutput{Protections: o.protections}
	if o.broken != nil {
		out.NextToken = aws.String("more")
	}
	return out, nil
}

func (o odd) GetSubscriptionState(ctx context.Context, in *sdk.GetSubscriptionStateInput, opts ...func(*sdk.Options)) (*sdk.GetSubscriptionStateOutput, error) {
	if o.state == "" {
		return o.Shield.GetSubscriptionState(ctx, in, opts...)
	}
	return &sdk.GetSubscriptionStateOutput{SubscriptionState: o.state}, nil
}

func (o odd) ListAttacks(ctx context.Context, in *sdk.ListAttacksInput, opts ...func(*sdk.Options)) (*sdk.ListAttacksOutput, error) {
	if o.attacks == nil {
		return o.Shield.ListAttacks(ctx, in, opts...)
	}
	return &sdk.ListAttacksOutput{AttackSummaries: o.attacks}, nil
}

func TestMalformedAnswers(t *testing.T) {
	w := good().Fake.(*world)
	for name, test := range map[string]struct {
		api     odd
		control string
		says    string
	}{
		"no resource": {odd{protections: []types.Protection{{Id: aws.String("p-1")}}}, "shield.health-check", `protection "p-1" names no resource`},
		"new state":   {odd{state: "SLEEPING"}, "shield.subscription", `"SLEEPING"`},
		"no start":    {odd{attacks: []types.AttackSummary{{AttackId: aws.String("a")}}}, "shield.attack-open", "no start"},
	} {
		t.Run(name, func(t *testing.T) {
			test.api.Shield = w.Shield
			f := one(t, scan(t, suite(w.account(place, test.api)))[test.control])
			if f.Status != posture.Unknown || f.Cause.Kind != posture.CauseMalformed || !strings.Contains(f.Cause.Message, test.says) {
				t.Errorf("%s, %v", f.Status, f.Cause)
			}
		})
	}
}

// An ARN that is none is judged without a panic, and never as protected.
func TestMalformedARNs(t *testing.T) {
	w := good().Fake.(*world)
	w.facts.exposed = append(w.facts.exposed, shield.Exposed{Resource: posture.Resource{ARN: "elastic-ip"}, Kind: shield.EIP})
	api := odd{Shield: w.Shield, protections: []types.Protection{{Id: aws.String("p-1"), ResourceArn: aws.String("nonsense")}}}
	all := scan(t, suite(w.account(place, api)))
	if f := on(t, all["shield.resource-protected"], "elastic-ip"); f.Status != posture.Unknown {
		t.Errorf("resource-protected is %s: %s", f.Status, f.Detail)
	}
	if f := on(t, all["shield.ddos-alarm"], "nonsense"); f.Status != posture.Fail {
		t.Errorf("ddos-alarm is %s: %s", f.Status, f.Detail)
	}
	for id, fs := range all {
		for _, f := range fs {
			if f.Status == posture.Unknown && f.Cause.Kind == posture.CausePanic {
				t.Errorf("%s: %v", id, f.Cause)
			}
		}
	}
}

// That a resource is not there is the service's to say: the same status from
// anything on the way, without words, is no answer.
func TestNotFoundWithoutWords(t *testing.T) {
	for op, control := range map[string]string{
		"DescribeDRTAccess": "shield.srt-access", "DescribeEmergencyContactSettings": "shield.contacts", "DescribeSubscription": "shield.auto-renew",
	} {
		for words, want := range map[string]posture.Status{"": posture.Unknown, "There is none.": posture.Fail} {
			if op == "DescribeSubscription" {
				want = posture.Unknown // an active subscription that is not there
			}
			w := good().Fake.(*world)
			w.Inject(awsfake.Fault{Operation: op, Err: &smithy.GenericAPIError{Code: "ResourceNotFoundException", Message: words}})
			if f := one(t, scan(t, suite(w.account(place, w)))[control]); f.Status != want {
				t.Errorf("%s says %q: %s is %s: %s", op, words, control, f.Status, f.Detail)
			}
		}
	}
}

// Whether the distribution in front is protected may stand on a page that was
// not read.
func TestDistributionInFrontNotRead(t *testing.T) {
	w := good().Fake.(*world)
	api := odd{Shield: w.Shield, protections: []types.Protection{{Id: aws.String("p-e"), ResourceArn: aws.String(shopARN)}}, broken: &types.InternalErrorException{Message: aws.String("An internal error.")}}
	all := scan(t, suite(w.account(place, api)))
	for _, id := range []string{"shield.auto-response", "shield.auto-response-target"} {
		if f := on(t, all[id], shopARN); f.Status != posture.Unknown {
			t.Errorf("%s is %s: %s", id, f.Status, f.Detail)
		}
	}
	api.broken = nil // read to the end, it is not protected
	all = scan(t, suite(w.account(place, api)))
	if f := on(t, all["shield.auto-response"], shopARN); f.Status != posture.Fail {
		t.Errorf("shield.auto-response is %s: %s", f.Status, f.Detail)
	}
	if f := on(t, all["shield.auto-response-target"], shopARN); f.Status != posture.NotApplicable {
		t.Errorf("shield.auto-response-target is %s: %s", f.Status, f.Detail)
	}
}

// A distribution of another account in front is not judged here, so what stands
// behind it is.
func TestDistributionOfAnotherAccount(t *testing.T) {
	w := good().Fake.(*world)
	w.facts.exposed[4].Behind = []string{strings.Replace(siteARN, "111122223333", "444455556666", 1)}
	w.facts.exposed[4].WebACL = nil
	fs := scan(t, suite(w.account(place, w)))["shield.layer7-guard"]
	i := slices.IndexFunc(fs, func(f posture.Finding) bool { return f.Resource.ARN == shopARN })
	if i < 0 || fs[i].Status != posture.Fail {
		t.Errorf("%v", fs)
	}
}

// Shield is global: a region in the place changes nothing.
func TestPlaceHasNoRegion(t *testing.T) {
	p := place
	p.Region = "eu-west-1"
	if got := shield.NewAccount(p, nil).Place(); got != place {
		t.Errorf("the place is %s", got)
	}
	var none *shield.Account
	if got := none.Place(); got != (posture.Place{}) {
		t.Errorf("the place of none is %s", got)
	}
}
