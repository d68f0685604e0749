package shield

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/shield"
	"github.com/aws/aws-sdk-go-v2/service/shield/types"
)

// Subscription is whether the account has Shield Advanced.
type Subscription struct{ Active bool }

// Terms are what a subscription says.
type Terms struct {
	Found      bool // false: the account never had one
	Start, End time.Time
	AutoRenew  bool
	Engagement Engagement
	Limits     map[Kind]int64 // most protections, by kind
}

// Engagement is whether the response team calls by itself.
type Engagement string

// The states of proactive engagement.
const (
	EngagementEnabled  Engagement = "ENABLED"
	EngagementDisabled Engagement = "DISABLED"
	EngagementPending  Engagement = "PENDING" // asked for; AWS has not granted it yet
)

// Subscription reads whether the account is subscribed. That it is not is a state,
// not an error. One that has ended is not active, though its protections may still be listed.
func (a *Account) Subscription(ctx context.Context) (Subscription, error) {
	return a.subscription.Get(ctx, func(ctx context.Context) (Subscription, error) { return getSubscription(ctx, a.api) })
}

func getSubscription(ctx context.Context, api Reader) (Subscription, error) {
	out, err := api.GetSubscriptionState(ctx, &shield.GetSubscriptionStateInput{})
	if err != nil {
		return Subscription{}, err
	}
	switch out.SubscriptionState {
	case types.SubscriptionStateActive:
		return Subscription{Active: true}, nil
	case types.SubscriptionStateInactive:
		return Subscription{}, nil
	}
	return Subscription{}, malformed("GetSubscriptionState", "the subscription's state is %q", out.SubscriptionState)
}

// Terms reads the subscription's terms, also of one that has ended.
func (a *Account) Terms(ctx context.Context) (Terms, error) {
	return a.limits.Get(ctx, func(ctx context.Context) (Terms, error) { return getTerms(ctx, a.api) })
}

// active gives the terms of a subscription that is active.
func (a *Account) active(ctx context.Context) (Terms, error) {
	t, err := a.Terms(ctx)
	if err == nil && !t.Found {
		err = malformed("DescribeSubscription", "the subscription is active and was not found")
	}
	return t, err
}

func getTerms(ctx context.Context, api Reader) (Terms, error) {
	out, err := api.DescribeSubscription(ctx, &shield.DescribeSubscriptionInput{})
	switch {
	case sameCode(err, codeNotFound):
		return Terms{}, nil
	case err != nil:
		return Terms{}, err
	case out.Subscription == nil:
		return Terms{}, malformed("DescribeSubscription", "the answer has no subscription")
	}
	s := out.Subscription
	t := Terms{
		Found: true, Start: aws.ToTime(s.StartTime), End: aws.ToTime(s.EndTime), AutoRenew: s.AutoRenew == types.AutoRenewEnabled,
		Engagement: Engagement(s.ProactiveEngagementStatus), Limits: map[Kind]int64{},
	}
	switch t.Engagement {
	case EngagementEnabled, EngagementDisabled, EngagementPending:
	case "":
		t.Engagement = EngagementDisabled // AWS leaves it out until it was asked for once
	default:
		return Terms{}, malformed("DescribeSubscription", "proactive engagement is %q", t.Engagement)
	}
	switch s.AutoRenew {
	case types.AutoRenewEnabled, types.AutoRenewDisabled:
	default:
		return Terms{}, malformed("DescribeSubscription", "the subscription's renewal is %q", s.AutoRenew)
	}
	limits := s.Limits
	if s.SubscriptionLimits != nil && s.SubscriptionLimits.ProtectionLimits != nil {
		limits = append(limits[:len(limits):len(limits)], s.SubscriptionLimits.ProtectionLimits.ProtectedResourceTypeLimits...)
	}
	for _, l := range limits {
		t.Limits[Kind(aws.ToString(l.Type))] = l.Max
	}
	return t, nil
}
