package shieldtest_test

import (
	"testing"
	"time"

	sdk "github.com/aws/aws-sdk-go-v2/service/shield"
	"github.com/aws/aws-sdk-go-v2/service/shield/types"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/shield"
	"github.com/awsposture/posture/shield/shieldtest"
)

const site = "arn:aws:cloudfront::111122223333:distribution/EDFDVBD6EXAMPLE"

func subscribed() *shieldtest.Shield {
	f := shieldtest.New(posture.Place{Partition: "aws", Account: "111122223333"})
	f.Edit(func(s *shieldtest.State) {
		s.Subscription = &shieldtest.Subscription{End: time.Now().AddDate(0, 6, 0)}
		s.Protections["p1"] = &shieldtest.Protection{Name: "site", Resource: site, HealthChecks: []string{"c1"}}
		s.Groups["g"] = &shieldtest.Group{Aggregation: "SUM", Pattern: "BY_RESOURCE_TYPE", Kind: shield.Distribution}
	})
	return f
}

// TestTraps has the fake refuse what AWS refuses, with AWS's code.
func TestTraps(t *testing.T) {
	f, none := subscribed(), shieldtest.New(posture.Place{Partition: "aws", Account: "111122223333"})
	ctx, p1, arn, bucket, missing := t.Context(), "p1", site, "example-logs", "nobody"
	block := &types.ResponseAction{Block: &types.BlockAction{}}
	health := "arn:aws:route53:::healthcheck/c2"
	for name, c := range map[string]struct {
		code string
		call func() error
	}{
		"not subscribed": {"ResourceNotFoundException", func() error {
			_, err := none.CreateProtection(ctx, &sdk.CreateProtectionInput{Name: &p1, ResourceArn: &arn})
			return err
		}},
		"no subscription": {"ResourceNotFoundException", func() error { _, err := none.DescribeSubscription(ctx, &sdk.DescribeSubscriptionInput{}); return err }},
		"protected already": {"ResourceAlreadyExistsException", func() error {
			_, err := f.CreateProtection(ctx, &sdk.CreateProtectionInput{Name: &p1, ResourceArn: &arn})
			return err
		}},
		"cannot be protected": {"InvalidResourceException", func() error {
			_, err := f.CreateProtection(ctx, &sdk.CreateProtectionInput{Name: &p1, ResourceArn: &missing})
			return err
		}},
		"renewal is locked": {"LockedSubscriptionException", func() error {
			_, err := f.UpdateSubscription(ctx, &sdk.UpdateSubscriptionInput{AutoRenew: types.AutoRenewEnabled})
			return err
		}},
		"bucket without role": {"NoAssociatedRoleException", func() error {
			_, err := f.AssociateDRTLogBucket(ctx, &sdk.AssociateDRTLogBucketInput{LogBucket: &bucket})
			return err
		}},
		"second health check": {"LimitsExceededException", func() error {
			_, err := f.AssociateHealthCheck(ctx, &sdk.AssociateHealthCheckInput{ProtectionId: &p1, HealthCheckArn: &health})
			return err
		}},
		"update of what is off": {"InvalidOperationException", func() error {
			_, err := f.UpdateApplicationLayerAutomaticResponse(ctx, &sdk.UpdateApplicationLayerAutomaticResponseInput{ResourceArn: &arn, Action: block})
			return err
		}},
		"engagement not set up": {"InvalidOperationException", func() error {
			_, err := f.EnableProactiveEngagement(ctx, &sdk.EnableProactiveEngagementInput{})
			return err
		}},
		"page of too much": {"InvalidParameterException", func() error {
			n := int32(10001)
			_, err := f.ListProtections(ctx, &sdk.ListProtectionsInput{MaxResults: &n})
			return err
		}},
		"group that is not": {"ResourceNotFoundException", func() error {
			_, err := f.ListResourcesInProtectionGroup(ctx, &sdk.ListResourcesInProtectionGroupInput{ProtectionGroupId: &missing})
			return err
		}},
		"protection that is not": {"ResourceNotFoundException", func() error {
			_, err := f.DeleteProtection(ctx, &sdk.DeleteProtectionInput{ProtectionId: &missing})
			return err
		}},
	} {
		t.Run(name, func(t *testing.T) {
			if cause := posture.CauseOf(c.call()); cause == nil || cause.Code != c.code {
				t.Errorf("got %v", cause)
			}
		})
	}
}

// A range of ends hides the attacks that go on, and a group by type has who is of
// the type.
func TestListings(t *testing.T) {
	f := subscribed()
	f.Edit(func(s *shieldtest.State) {
		s.Attacks["open"] = &shieldtest.Attack{Resource: site, Start: time.Now()}
		s.Attacks["over"] = &shieldtest.Attack{Resource: site, Start: time.Now(), End: time.Now()}
	})
	for want, in := range map[int]*sdk.ListAttacksInput{2: {}, 1: {EndTime: &types.TimeRange{}}} {
		if out, err := f.ListAttacks(t.Context(), in); err != nil || len(out.AttackSummaries) != want {
			t.Errorf("%d attacks, not %d: %v", len(out.AttackSummaries), want, err)
		}
	}
	g := "g"
	if out, err := f.ListResourcesInProtectionGroup(t.Context(), &sdk.ListResourcesInProtectionGroupInput{ProtectionGroupId: &g}); err != nil || len(out.ResourceArns) != 1 {
		t.Errorf("%v, %v", out, err)
	}
}
