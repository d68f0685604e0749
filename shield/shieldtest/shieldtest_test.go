package shieldtest_test

import (
	"errors"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/shield"
	"github.com/aws/aws-sdk-go-v2/service/shield/types"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/shield/shieldtest"
)

var (
	place = posture.Place{Partition: "aws", Account: "111122223333"}
	now   = time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)
)

const (
	eipARN  = "arn:aws:ec2:eu-west-1:111122223333:eip-allocation/eipalloc-0a1b2c3d"
	siteARN = "arn:aws:cloudfront::111122223333:distribution/E2EXAMPLE"
)

func subscribed() *shieldtest.Shield {
	f := shieldtest.New(place)
	f.Now = func() time.Time { return now }
	f.Edit(func(s *shieldtest.State) {
		s.Subscription = &shieldtest.Subscription{Start: now.AddDate(0, -6, 0), End: now.AddDate(0, 6, 0)}
	})
	return f
}

func is[E error](t *testing.T, what string, err error) {
	t.Helper()
	if _, ok := errors.AsType[E](err); !ok {
		t.Errorf("%s: %v", what, err)
	}
}

// The fake has the traps of the service.
func TestTraps(t *testing.T) {
	ctx := t.Context()
	f := shieldtest.New(place)
	if out, err := f.GetSubscriptionState(ctx, &sdk.GetSubscriptionStateInput{}); err != nil || out.SubscriptionState != types.SubscriptionStateInactive {
		t.Errorf("without a subscription: %v, %v", out, err)
	}
	_, err := f.DescribeSubscription(ctx, &sdk.DescribeSubscriptionInput{})
	is[*types.ResourceNotFoundException](t, "without a subscription", err)
	_, err = f.CreateProtection(ctx, &sdk.CreateProtectionInput{Name: aws.String("a"), ResourceArn: aws.String(eipARN)})
	is[*types.ResourceNotFoundException](t, "protect without a subscription", err)
	if _, err := f.DescribeAttackStatistics(ctx, &sdk.DescribeAttackStatisticsInput{}); err != nil {
		t.Errorf("statistics without a subscription: %v", err)
	}

	f = subscribed()
	_, err = f.UpdateSubscription(ctx, &sdk.UpdateSubscriptionInput{AutoRenew: types.AutoRenewDisabled})
	is[*types.LockedSubscriptionException](t, "renewal half a year before the end", err)
	_, err = f.AssociateDRTLogBucket(ctx, &sdk.AssociateDRTLogBucketInput{LogBucket: aws.String("example-logs")})
	is[*types.NoAssociatedRoleException](t, "a bucket before the role", err)
	_, err = f.EnableProactiveEngagement(ctx, &sdk.EnableProactiveEngagementInput{})
	is[*types.InvalidOperationException](t, "engagement never set up", err)
	_, err = f.AssociateProactiveEngagementDetails(ctx, &sdk.AssociateProactiveEngagementDetailsInput{EmergencyContactList: []types.EmergencyContact{{EmailAddress: aws.String("a@example.com")}}})
	is[*types.InvalidParameterException](t, "engagement without a phone", err)
	_, err = f.CreateProtection(ctx, &sdk.CreateProtectionInput{Name: aws.String("a"), ResourceArn: aws.String("arn:aws:ec2:eu-west-1:111122223333:elastic-ip/eipalloc-0a1b2c3d")})
	is[*types.InvalidResourceException](t, "EC2's own form of the ARN", err)
	for range 2 {
		_, err = f.CreateProtection(ctx, &sdk.CreateProtectionInput{Name: aws.String("a"), ResourceArn: aws.String(siteARN)})
	}
	is[*types.ResourceAlreadyExistsException](t, "protect twice", err)
	count := &types.ResponseAction{Count: &types.CountAction{}}
	_, err = f.UpdateApplicationLayerAutomaticResponse(ctx, &sdk.UpdateApplicationLayerAutomaticResponseInput{ResourceArn: aws.String(siteARN), Action: count})
	is[*types.InvalidOperationException](t, "update a response that is off", err)
	for range 2 {
		_, err = f.EnableApplicationLayerAutomaticResponse(ctx, &sdk.EnableApplicationLayerAutomaticResponseInput{ResourceArn: aws.String(siteARN), Action: count})
	}
	is[*types.InvalidOperationException](t, "enable a response that is on", err)
	_, err = f.CreateProtectionGroup(ctx, &sdk.CreateProtectionGroupInput{ProtectionGroupId: aws.String("all"), Aggregation: "SUM", Pattern: "ALL", Members: []string{eipARN}})
	is[*types.InvalidParameterException](t, "members of a group of all", err)
	_, err = f.DescribeAttack(ctx, &sdk.DescribeAttackInput{AttackId: aws.String("none")})
	is[*types.AccessDeniedException](t, "an attack that does not exist", err)
}

// Listings page by 20 unasked, and a range of ends hides what goes on.
func TestListings(t *testing.T) {
	ctx, f := t.Context(), subscribed()
	f.Edit(func(s *shieldtest.State) {
		for _, id := range "abcdefghijklmnopqrstuvwxyz" {
			a := &shieldtest.Attack{ResourceARN: eipARN, Start: now.Add(-time.Hour), End: now}
			if id == 'z' {
				a.End = time.Time{}
			}
			s.Attacks[string(id)] = a
		}
	})
	out, err := f.ListAttacks(ctx, &sdk.ListAttacksInput{})
	if err != nil || len(out.AttackSummaries) != 20 || out.NextToken == nil {
		t.Fatalf("%v, %v", out, err)
	}
	rest, err := f.ListAttacks(ctx, &sdk.ListAttacksInput{NextToken: out.NextToken})
	if err != nil || len(rest.AttackSummaries) != 6 || rest.NextToken != nil || rest.AttackSummaries[5].EndTime != nil {
		t.Errorf("%v, %v", rest, err)
	}
	ends, err := f.ListAttacks(ctx, &sdk.ListAttacksInput{MaxResults: aws.Int32(100), EndTime: &types.TimeRange{FromInclusive: aws.Time(now.Add(-time.Minute))}})
	if err != nil || len(ends.AttackSummaries) != 25 {
		t.Errorf("%d attacks have an end, %v", len(ends.AttackSummaries), err)
	}
}
