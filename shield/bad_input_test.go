package shield_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	sdk "github.com/aws/aws-sdk-go-v2/service/shield"
	"github.com/aws/aws-sdk-go-v2/service/shield/types"
	"github.com/aws/smithy-go"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/internal/awsfake"
	"github.com/awsposture/posture/shield"
	"github.com/awsposture/posture/shield/shieldtest"
)

// TestNoFacts judges without what other services know: nothing passes that needs
// it, and the cause names the fact.
func TestNoFacts(t *testing.T) {
	w := good()
	a := shield.NewAccount(place, w.Shield)
	a.Now = clock
	without := map[string]string{
		"shield.edge-fronted": "Edges", "shield.layer7-guard": "Edges", "shield.resource-protected": "Edges", "shield.not-protectable": "Edges", "shield.web-acl": "Edges", "shield.rate-rule-block": "Edges",
		"shield.auto-response": "Edges", "shield.auto-response-target": "Edges", "shield.mitigation-group": "Edges", "shield.protection-group": "Edges",
		"shield.protection-orphan": "Existing", "shield.health-check-state": "HealthChecks", "shield.ddos-alarm": "Alarms", "shield.srt-access": "Role", "shield.srt-trust-condition": "Role",
		"shield.srt-log-buckets": "LogBuckets", "shield.proactive-engagement": "ResponseTeam",
	}
	for id, fs := range judge(t, suite(a)...) {
		last := fs[len(fs)-1]
		fact, needs := without[id]
		switch {
		case !needs && last.Status == posture.Unknown:
			t.Errorf("%s is unknown: %s", id, last.Detail)
		case needs && (last.Status != posture.Unknown || last.Cause.Kind != posture.CauseNotProvided || !strings.Contains(last.Detail, "shield.Account."+fact)):
			t.Errorf("%s: %+v", id, last)
		}
	}
	w.facts.edges[0].WebACL.AntiDDoS = "count"
	a.Edges = give(&w.facts.edges)
	for _, since := range []posture.Fact[map[string]time.Time]{nil, give(new(map[string]time.Time))} {
		b := shield.NewAccount(place, w.Shield)
		b.Now, b.Edges, b.CountingSince = clock, a.Edges, since
		fs := judge(t, shield.Layer7Mitigated{Account: b})["shield.auto-response"]
		if fs[0].Status != posture.Unknown || fs[0].Cause.Kind != posture.CauseNotProvided {
			t.Errorf("since when it counts is not known: %+v", fs[0])
		}
	}
}

// TestFailures has each call fail in each way: what needs it is Unknown with its
// cause, and nothing passes by it.
func TestFailures(t *testing.T) {
	for name, c := range map[string]struct {
		err  error
		kind posture.CauseKind
	}{
		"denied":    {&types.AccessDeniedException{}, posture.CauseDenied},
		"internal":  {&types.InternalErrorException{}, posture.CauseError},
		"throttled": {&smithy.GenericAPIError{Code: "ThrottlingException", Message: "Rate exceeded"}, posture.CauseThrottled},
	} {
		for _, op := range []string{"GetSubscriptionState", "DescribeSubscription", "ListProtections", "ListProtectionGroups", "DescribeDRTAccess", "DescribeEmergencyContactSettings", "ListAttacks", "DescribeAttackStatistics"} {
			t.Run(name+" "+op, func(t *testing.T) {
				w := good()
				w.Inject(awsfake.Fault{Operation: op, Err: c.err})
				evs := suite(w.facts.account(place, w.Shield))
				for r := range posture.Scan(t.Context(), evs, nil) {
					needs := false
					for _, action := range r.Control.Requires {
						needs = needs || action == "shield:"+op
					}
					unknown := r.Findings[len(r.Findings)-1].Status == posture.Unknown
					if needs != unknown {
						t.Errorf("%s needs it: %v; is unknown: %v", r.Control.ID, needs, unknown)
					}
					if unknown && r.Findings[len(r.Findings)-1].Cause.Kind != c.kind {
						t.Errorf("%s: %+v", r.Control.ID, r.Findings[len(r.Findings)-1].Cause)
					}
				}
			})
		}
	}
}

// hollow answers with empty structures.
type hollow struct{ *shieldtest.Shield }

func (hollow) DescribeSubscription(context.Context, *sdk.DescribeSubscriptionInput, ...func(*sdk.Options)) (*sdk.DescribeSubscriptionOutput, error) {
	return &sdk.DescribeSubscriptionOutput{}, nil
}

func (hollow) DescribeProtection(context.Context, *sdk.DescribeProtectionInput, ...func(*sdk.Options)) (*sdk.DescribeProtectionOutput, error) {
	return &sdk.DescribeProtectionOutput{}, nil
}

func (hollow) DescribeAttack(context.Context, *sdk.DescribeAttackInput, ...func(*sdk.Options)) (*sdk.DescribeAttackOutput, error) {
	return &sdk.DescribeAttackOutput{}, nil
}

func (hollow) GetSubscriptionState(context.Context, *sdk.GetSubscriptionStateInput, ...func(*sdk.Options)) (*sdk.GetSubscriptionStateOutput, error) {
	return &sdk.GetSubscriptionStateOutput{}, nil
}

func (hollow) ListProtections(context.Context, *sdk.ListProtectionsInput, ...func(*sdk.Options)) (*sdk.ListProtectionsOutput, error) {
	return &sdk.ListProtectionsOutput{Protections: []types.Protection{{}}}, nil
}

func TestNilMembers(t *testing.T) {
	h := hollow{good().Shield}
	a := shield.NewAccount(place, h)
	_, state := a.Subscribed(t.Context())
	_, subscription := a.Subscription(t.Context())
	_, detail := a.Detail(t.Context(), "a1")
	_, protection := shield.ProtectionSetting{Account: a, Resource: site}.Get(t.Context())
	for name, err := range map[string]error{"state": state, "subscription": subscription, "attack": detail, "protection": protection} {
		var cause *posture.Cause
		if !errors.As(err, &cause) || cause.Kind != posture.CauseMalformed {
			t.Errorf("%s: %v", name, err)
		}
	}
	all, err := a.Protections(t.Context())
	if err != nil || len(all) != 1 || all[0].Kind != shield.KindUnknown || all[0].AutoResponse != shield.ResponseOff {
		t.Errorf("%+v, %v", all, err)
	}
}

// TestHalfAListing judges the protections that were read, and adds an Unknown for
// the rest; what asks for something missing from the list gets no verdict.
func TestHalfAListing(t *testing.T) {
	w := good()
	w.PageSize = 2
	w.Inject(awsfake.Fault{Operation: "ListProtections", Skip: 1, Err: &types.InternalErrorException{}})
	a := w.facts.account(place, w.Shield)
	if fs := judge(t, shield.HealthChecked{Account: a})["shield.health-check"]; len(fs) != 3 || fs[2].Status != posture.Unknown {
		t.Errorf("%+v", fs)
	}
	if fs := judge(t, shield.ResourceProtected{Account: a})["shield.resource-protected"]; len(fs) != 1 || fs[0].Status != posture.Unknown {
		t.Errorf("%+v", fs)
	}
}

// TestPartitions judges nothing where there is no Shield Advanced, and asks nothing.
func TestPartitions(t *testing.T) {
	for _, partition := range []string{"aws-cn", "aws-us-gov"} {
		w := good()
		p := posture.Place{Partition: partition, Account: "111122223333"}
		for id, fs := range judge(t, suite(w.facts.account(p, w.Shield))...) {
			if len(fs) != 1 || fs[0].Status != posture.NotApplicable || !strings.Contains(fs[0].Detail, partition) {
				t.Errorf("%s: %+v", id, fs)
			}
		}
		if len(w.Calls()) > 0 {
			t.Errorf("%s: %v", partition, w.Calls())
		}
	}
}
