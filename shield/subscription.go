package shield

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/shield"
	"github.com/aws/aws-sdk-go-v2/service/shield/types"
)

// Subscription is the subscription to Shield Advanced.
type Subscription struct {
	Start, End time.Time
	AutoRenew  bool
	Engagement Engagement
	Asked      bool           // proactive engagement was set up at some time
	Limits     map[Kind]int64 // protections of a kind that can be made
}

// Engagement is whether the Shield Response Team calls by itself.
type Engagement string

// The engagements.
const (
	EngagementEnabled  Engagement = "ENABLED"
	EngagementDisabled Engagement = "DISABLED"
	EngagementPending  Engagement = "PENDING" // asked for, and being looked into
)

// Subscribed tells whether the account is subscribed to Shield Advanced. It is
// asked of every account, those without a subscription too.
func (a *Account) Subscribed(ctx context.Context) (bool, error) {
	return a.state.Get(ctx, func(ctx context.Context) (bool, error) {
		out, err := a.api.GetSubscriptionState(ctx, &shield.GetSubscriptionStateInput{})
		if err != nil {
			return false, err
		}
		switch out.SubscriptionState {
		case types.SubscriptionStateActive:
			return true, nil
		case types.SubscriptionStateInactive:
			return false, nil
		}
		return false, malformed("GetSubscriptionState", "the answer has the state "+string(out.SubscriptionState))
	})
}

// Subscription gives the subscription; the zero Subscription where there is none.
func (a *Account) Subscription(ctx context.Context) (Subscription, error) {
	return a.subscription.Get(ctx, func(ctx context.Context) (Subscription, error) { return readSubscription(ctx, a.api) })
}

const notFound = "ResourceNotFoundException"

func readSubscription(ctx context.Context, api Reader) (Subscription, error) {
	out, err := api.DescribeSubscription(ctx, &shield.DescribeSubscriptionInput{})
	if sameCode(err, notFound) {
		return Subscription{}, nil
	}
	if err != nil {
		return Subscription{}, err
	}
	s := out.Subscription
	if s == nil || s.EndTime == nil {
		return Subscription{}, malformed("DescribeSubscription", "the answer has no subscription or no end of it")
	}
	sub := Subscription{
		Start: aws.ToTime(s.StartTime), End: *s.EndTime, AutoRenew: s.AutoRenew == types.AutoRenewEnabled,
		Engagement: Engagement(s.ProactiveEngagementStatus), Asked: s.ProactiveEngagementStatus != "", Limits: map[Kind]int64{},
	}
	if !sub.Asked {
		sub.Engagement = EngagementDisabled // what was never set up is not told
	}
	if l := s.SubscriptionLimits; l != nil && l.ProtectionLimits != nil {
		for _, one := range l.ProtectionLimits.ProtectedResourceTypeLimits {
			sub.Limits[Kind(aws.ToString(one.Type))] = one.Max
		}
	}
	return sub, nil
}
