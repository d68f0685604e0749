package shieldtest

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/shield"
	"github.com/aws/aws-sdk-go-v2/service/shield/types"

	"github.com/awsposture/posture/shield"
)

// GetSubscriptionState tells whether there is a subscription, to everybody.
func (f *Shield) GetSubscriptionState(ctx context.Context, in *sdk.GetSubscriptionStateInput, _ ...func(*sdk.Options)) (*sdk.GetSubscriptionStateOutput, error) {
	return call(ctx, f, "GetSubscriptionState", false, in, func(s *State) (*sdk.GetSubscriptionStateOutput, error) {
		out := &sdk.GetSubscriptionStateOutput{SubscriptionState: types.SubscriptionStateInactive}
		if s.Subscription != nil && !s.Subscription.Ended {
			out.SubscriptionState = types.SubscriptionStateActive
		}
		return out, nil
	})
}

// limit is how many protections of a kind there can be.
func (s *Subscription) limit(k shield.Kind) int64 {
	if most, ok := s.Limits[k]; ok {
		return most
	}
	return 1000
}

// DescribeSubscription gives the subscription, also one that is over.
func (f *Shield) DescribeSubscription(ctx context.Context, in *sdk.DescribeSubscriptionInput, _ ...func(*sdk.Options)) (*sdk.DescribeSubscriptionOutput, error) {
	return read(ctx, f, "DescribeSubscription", in, func(s *State) (*sdk.DescribeSubscriptionOutput, error) {
		sub := s.Subscription
		out := &types.Subscription{
			StartTime: aws.Time(sub.Start), EndTime: aws.Time(sub.End), TimeCommitmentInSeconds: int64((365 * 24 * time.Hour).Seconds()), AutoRenew: types.AutoRenewEnabled,
			SubscriptionArn: aws.String(f.place.ARN("shield", "subscription/example")), ProactiveEngagementStatus: types.ProactiveEngagementStatus(sub.Engagement),
		}
		if sub.NoAutoRenew {
			out.AutoRenew = types.AutoRenewDisabled
		}
		var limits []types.Limit
		for _, k := range shield.Kinds() {
			limits = append(limits, types.Limit{Type: aws.String(string(k)), Max: sub.limit(k)})
		}
		out.SubscriptionLimits = &types.SubscriptionLimits{
			ProtectionLimits:      &types.ProtectionLimits{ProtectedResourceTypeLimits: limits},
			ProtectionGroupLimits: &types.ProtectionGroupLimits{MaxProtectionGroups: 100, PatternTypeLimits: &types.ProtectionGroupPatternTypeLimits{ArbitraryPatternLimits: &types.ProtectionGroupArbitraryPatternLimits{MaxMembers: 10000}}},
		}
		return &sdk.DescribeSubscriptionOutput{Subscription: out}, nil
	})
}

// UpdateSubscription changes whether the subscription renews, in its last 30 days.
func (f *Shield) UpdateSubscription(ctx context.Context, in *sdk.UpdateSubscriptionInput, _ ...func(*sdk.Options)) (*sdk.UpdateSubscriptionOutput, error) {
	return write(ctx, f, "UpdateSubscription", in, func(s *State) (*sdk.UpdateSubscriptionOutput, error) {
		if s.Subscription.End.Sub(f.now()) > 30*24*time.Hour {
			return nil, &types.LockedSubscriptionException{Message: aws.String("The subscription has not yet completed the 1-year commitment.")}
		}
		if in.AutoRenew != "" {
			s.Subscription.NoAutoRenew = in.AutoRenew == types.AutoRenewDisabled
		}
		return &sdk.UpdateSubscriptionOutput{}, nil
	})
}

// EnableProactiveEngagement asks for proactive engagement where it was set up.
func (f *Shield) EnableProactiveEngagement(ctx context.Context, in *sdk.EnableProactiveEngagementInput, _ ...func(*sdk.Options)) (*sdk.EnableProactiveEngagementOutput, error) {
	return write(ctx, f, "EnableProactiveEngagement", in, func(s *State) (*sdk.EnableProactiveEngagementOutput, error) {
		if !s.Subscription.SetUp {
			return nil, noChange("Proactive engagement was not initialized.")
		}
		if s.Subscription.Engagement == shield.EngagementEnabled {
			return nil, noChange("Proactive engagement is enabled.")
		}
		return &sdk.EnableProactiveEngagementOutput{}, s.engage()
	})
}

// AssociateProactiveEngagementDetails sets proactive engagement up, with all
// contacts, and asks for it.
func (f *Shield) AssociateProactiveEngagementDetails(ctx context.Context, in *sdk.AssociateProactiveEngagementDetailsInput, _ ...func(*sdk.Options)) (*sdk.AssociateProactiveEngagementDetailsOutput, error) {
	return write(ctx, f, "AssociateProactiveEngagementDetails", in, func(s *State) (*sdk.AssociateProactiveEngagementDetailsOutput, error) {
		if s.Subscription.SetUp {
			return nil, noChange("Proactive engagement was initialized before.")
		}
		s.Contacts = contacts(in.EmergencyContactList)
		if err := s.engage(); err != nil {
			return nil, err
		}
		s.Subscription.SetUp = true
		return &sdk.AssociateProactiveEngagementDetailsOutput{}, nil
	})
}

func (s *State) engage() error {
	phone := false
	for _, c := range s.Contacts {
		phone = phone || c.Phone != ""
	}
	switch {
	case !phone:
		return invalid("At least one phone number is needed.")
	case s.Subscription.Reviewed:
		s.Subscription.Engagement = shield.EngagementPending
	default:
		s.Subscription.Engagement = shield.EngagementEnabled
	}
	return nil
}

// DisableProactiveEngagement turns proactive engagement off.
func (f *Shield) DisableProactiveEngagement(ctx context.Context, in *sdk.DisableProactiveEngagementInput, _ ...func(*sdk.Options)) (*sdk.DisableProactiveEngagementOutput, error) {
	return write(ctx, f, "DisableProactiveEngagement", in, func(s *State) (*sdk.DisableProactiveEngagementOutput, error) {
		if e := s.Subscription.Engagement; e == shield.EngagementDisabled || e == "" {
			return nil, noChange("Proactive engagement is disabled.")
		}
		s.Subscription.Engagement = shield.EngagementDisabled
		return &sdk.DisableProactiveEngagementOutput{}, nil
	})
}

func contacts(list []types.EmergencyContact) (all []shield.Contact) {
	for _, c := range list {
		all = append(all, shield.Contact{Email: aws.ToString(c.EmailAddress), Phone: aws.ToString(c.PhoneNumber), Notes: aws.ToString(c.ContactNotes)})
	}
	return all
}

// DescribeEmergencyContactSettings gives the contacts.
func (f *Shield) DescribeEmergencyContactSettings(ctx context.Context, in *sdk.DescribeEmergencyContactSettingsInput, _ ...func(*sdk.Options)) (*sdk.DescribeEmergencyContactSettingsOutput, error) {
	return read(ctx, f, "DescribeEmergencyContactSettings", in, func(s *State) (*sdk.DescribeEmergencyContactSettingsOutput, error) {
		out := &sdk.DescribeEmergencyContactSettingsOutput{}
		for _, c := range s.Contacts {
			x := types.EmergencyContact{EmailAddress: aws.String(c.Email)}
			if c.Phone != "" {
				x.PhoneNumber = aws.String(c.Phone)
			}
			if c.Notes != "" {
				x.ContactNotes = aws.String(c.Notes)
			}
			out.EmergencyContactList = append(out.EmergencyContactList, x)
		}
		return out, nil
	})
}

// UpdateEmergencyContactSettings replaces the contacts.
func (f *Shield) UpdateEmergencyContactSettings(ctx context.Context, in *sdk.UpdateEmergencyContactSettingsInput, _ ...func(*sdk.Options)) (*sdk.UpdateEmergencyContactSettingsOutput, error) {
	return write(ctx, f, "UpdateEmergencyContactSettings", in, func(s *State) (*sdk.UpdateEmergencyContactSettingsOutput, error) {
		if len(in.EmergencyContactList) > 10 {
			return nil, invalid("There can be at most 10 contacts.")
		}
		s.Contacts = contacts(in.EmergencyContactList)
		return &sdk.UpdateEmergencyContactSettingsOutput{}, nil
	})
}
