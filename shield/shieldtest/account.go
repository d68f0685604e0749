package shieldtest

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/shield"
	"github.com/aws/aws-sdk-go-v2/service/shield/types"

	"github.com/awsposture/posture/shield"
)

// GetSubscriptionState tells whether the account is subscribed; every account may
// ask.
func (f *Shield) GetSubscriptionState(ctx context.Context, in *sdk.GetSubscriptionStateInput, _ ...func(*sdk.Options)) (*sdk.GetSubscriptionStateOutput, error) {
	return read(ctx, f, "GetSubscriptionState", in, func(s *State) (*sdk.GetSubscriptionStateOutput, error) {
		if s.Subscription == nil || s.Subscription.Expired {
			return &sdk.GetSubscriptionStateOutput{SubscriptionState: types.SubscriptionStateInactive}, nil
		}
		return &sdk.GetSubscriptionStateOutput{SubscriptionState: types.SubscriptionStateActive}, nil
	})
}

// DescribeSubscription gives the subscription; not to have one is an error.
func (f *Shield) DescribeSubscription(ctx context.Context, in *sdk.DescribeSubscriptionInput, _ ...func(*sdk.Options)) (*sdk.DescribeSubscriptionOutput, error) {
	return read(ctx, f, "DescribeSubscription", in, func(s *State) (*sdk.DescribeSubscriptionOutput, error) {
		b := s.Subscription
		if b == nil {
			return nil, missing("The subscription does not exist.")
		}
		out := &types.Subscription{
			StartTime: &b.Start, EndTime: &b.End, TimeCommitmentInSeconds: int64(b.End.Sub(b.Start).Seconds()), AutoRenew: types.AutoRenewDisabled,
			ProactiveEngagementStatus: types.ProactiveEngagementStatus(b.Engagement), SubscriptionArn: aws.String(f.place.ARN("shield", "subscription")),
			SubscriptionLimits: &types.SubscriptionLimits{
				ProtectionLimits:      &types.ProtectionLimits{},
				ProtectionGroupLimits: &types.ProtectionGroupLimits{MaxProtectionGroups: 100, PatternTypeLimits: &types.ProtectionGroupPatternTypeLimits{ArbitraryPatternLimits: &types.ProtectionGroupArbitraryPatternLimits{MaxMembers: 10000}}},
			},
		}
		if b.AutoRenew {
			out.AutoRenew = types.AutoRenewEnabled
		}
		for _, k := range shield.Kinds() {
			limit, set := b.Limits[k]
			if !set {
				limit = 1000
			}
			out.SubscriptionLimits.ProtectionLimits.ProtectedResourceTypeLimits = append(out.SubscriptionLimits.ProtectionLimits.ProtectedResourceTypeLimits, types.Limit{Type: aws.String(string(k)), Max: limit})
		}
		return &sdk.DescribeSubscriptionOutput{Subscription: out}, nil
	})
}

// UpdateSubscription changes the renewal, within the last 30 days only.
func (f *Shield) UpdateSubscription(ctx context.Context, in *sdk.UpdateSubscriptionInput, _ ...func(*sdk.Options)) (*sdk.UpdateSubscriptionOutput, error) {
	return write(ctx, f, "UpdateSubscription", in, func(s *State) (*sdk.UpdateSubscriptionOutput, error) {
		if s.Subscription.End.AddDate(0, 0, -30).After(f.now()) {
			return nil, &types.LockedSubscriptionException{Message: aws.String("The subscription can be changed within its last 30 days only.")}
		}
		s.Subscription.AutoRenew = in.AutoRenew == types.AutoRenewEnabled
		return &sdk.UpdateSubscriptionOutput{}, nil
	})
}

// DescribeDRTAccess tells what the response team may use.
func (f *Shield) DescribeDRTAccess(ctx context.Context, in *sdk.DescribeDRTAccessInput, _ ...func(*sdk.Options)) (*sdk.DescribeDRTAccessOutput, error) {
	return read(ctx, f, "DescribeDRTAccess", in, func(s *State) (*sdk.DescribeDRTAccessOutput, error) {
		out := &sdk.DescribeDRTAccessOutput{LogBucketList: slices.Clone(s.Buckets)}
		if s.Role != "" {
			out.RoleArn = aws.String(s.Role)
		}
		return out, nil
	})
}

// AssociateDRTRole puts a role in the place of another.
func (f *Shield) AssociateDRTRole(ctx context.Context, in *sdk.AssociateDRTRoleInput, _ ...func(*sdk.Options)) (*sdk.AssociateDRTRoleOutput, error) {
	return write(ctx, f, "AssociateDRTRole", in, func(s *State) (*sdk.AssociateDRTRoleOutput, error) {
		s.Role = aws.ToString(in.RoleArn)
		return &sdk.AssociateDRTRoleOutput{}, nil
	})
}

// DisassociateDRTRole takes the role away.
func (f *Shield) DisassociateDRTRole(ctx context.Context, in *sdk.DisassociateDRTRoleInput, _ ...func(*sdk.Options)) (*sdk.DisassociateDRTRoleOutput, error) {
	return write(ctx, f, "DisassociateDRTRole", in, func(s *State) (*sdk.DisassociateDRTRoleOutput, error) {
		s.Role = ""
		return &sdk.DisassociateDRTRoleOutput{}, nil
	})
}

// AssociateDRTLogBucket lets the team read a bucket: at most ten, with a role.
func (f *Shield) AssociateDRTLogBucket(ctx context.Context, in *sdk.AssociateDRTLogBucketInput, _ ...func(*sdk.Options)) (*sdk.AssociateDRTLogBucketOutput, error) {
	return write(ctx, f, "AssociateDRTLogBucket", in, func(s *State) (*sdk.AssociateDRTLogBucketOutput, error) {
		switch bucket := aws.ToString(in.LogBucket); {
		case s.Role == "":
			return nil, &types.NoAssociatedRoleException{Message: aws.String("No role is associated with the account.")}
		case len(s.Buckets) >= 10:
			return nil, &types.LimitsExceededException{Message: aws.String("There are 10 buckets already."), Limit: 10}
		case slices.Contains(s.Buckets, bucket):
			return nil, refused("The bucket is associated already.")
		default:
			s.Buckets = append(s.Buckets, bucket)
		}
		return &sdk.AssociateDRTLogBucketOutput{}, nil
	})
}

// DisassociateDRTLogBucket takes a bucket away.
func (f *Shield) DisassociateDRTLogBucket(ctx context.Context, in *sdk.DisassociateDRTLogBucketInput, _ ...func(*sdk.Options)) (*sdk.DisassociateDRTLogBucketOutput, error) {
	return write(ctx, f, "DisassociateDRTLogBucket", in, func(s *State) (*sdk.DisassociateDRTLogBucketOutput, error) {
		s.Buckets = slices.DeleteFunc(s.Buckets, func(b string) bool { return b == aws.ToString(in.LogBucket) })
		if len(s.Buckets) == 0 {
			s.Buckets = nil
		}
		return &sdk.DisassociateDRTLogBucketOutput{}, nil
	})
}

// DescribeEmergencyContactSettings lists the contacts.
func (f *Shield) DescribeEmergencyContactSettings(ctx context.Context, in *sdk.DescribeEmergencyContactSettingsInput, _ ...func(*sdk.Options)) (*sdk.DescribeEmergencyContactSettingsOutput, error) {
	return read(ctx, f, "DescribeEmergencyContactSettings", in, func(s *State) (*sdk.DescribeEmergencyContactSettingsOutput, error) {
		if s.Subscription == nil {
			return nil, missing("The subscription does not exist.")
		}
		out := &sdk.DescribeEmergencyContactSettingsOutput{}
		for _, c := range s.Contacts {
			e := types.EmergencyContact{EmailAddress: aws.String(c.Email)}
			if c.Phone != "" {
				e.PhoneNumber = aws.String(c.Phone)
			}
			if c.Notes != "" {
				e.ContactNotes = aws.String(c.Notes)
			}
			out.EmergencyContactList = append(out.EmergencyContactList, e)
		}
		return out, nil
	})
}

func contacts(list []types.EmergencyContact) (all []shield.Contact) {
	for _, c := range list {
		all = append(all, shield.Contact{Email: aws.ToString(c.EmailAddress), Phone: aws.ToString(c.PhoneNumber), Notes: aws.ToString(c.ContactNotes)})
	}
	return all
}

// UpdateEmergencyContactSettings replaces the whole list.
func (f *Shield) UpdateEmergencyContactSettings(ctx context.Context, in *sdk.UpdateEmergencyContactSettingsInput, _ ...func(*sdk.Options)) (*sdk.UpdateEmergencyContactSettingsOutput, error) {
	return write(ctx, f, "UpdateEmergencyContactSettings", in, func(s *State) (*sdk.UpdateEmergencyContactSettingsOutput, error) {
		s.Contacts = contacts(in.EmergencyContactList)
		return &sdk.UpdateEmergencyContactSettingsOutput{}, nil
	})
}

func (f *Shield) engage(s *State) {
	s.Subscription.Engagement = shield.EngagementEnabled
	if f.Review {
		s.Subscription.Engagement = shield.EngagementPending
	}
}

// AssociateProactiveEngagementDetails sets proactive engagement up, once.
func (f *Shield) AssociateProactiveEngagementDetails(ctx context.Context, in *sdk.AssociateProactiveEngagementDetailsInput, _ ...func(*sdk.Options)) (*sdk.AssociateProactiveEngagementDetailsOutput, error) {
	return write(ctx, f, "AssociateProactiveEngagementDetails", in, func(s *State) (*sdk.AssociateProactiveEngagementDetailsOutput, error) {
		if s.Subscription.Engagement != "" {
			return nil, refused("Proactive engagement is set up already; use EnableProactiveEngagement.")
		}
		s.Contacts = contacts(in.EmergencyContactList)
		f.engage(s)
		return &sdk.AssociateProactiveEngagementDetailsOutput{}, nil
	})
}

// EnableProactiveEngagement enables what was set up.
func (f *Shield) EnableProactiveEngagement(ctx context.Context, in *sdk.EnableProactiveEngagementInput, _ ...func(*sdk.Options)) (*sdk.EnableProactiveEngagementOutput, error) {
	return write(ctx, f, "EnableProactiveEngagement", in, func(s *State) (*sdk.EnableProactiveEngagementOutput, error) {
		if s.Subscription.Engagement == "" {
			return nil, refused("Proactive engagement was never set up.")
		}
		f.engage(s)
		return &sdk.EnableProactiveEngagementOutput{}, nil
	})
}

// DisableProactiveEngagement disables it.
func (f *Shield) DisableProactiveEngagement(ctx context.Context, in *sdk.DisableProactiveEngagementInput, _ ...func(*sdk.Options)) (*sdk.DisableProactiveEngagementOutput, error) {
	return write(ctx, f, "DisableProactiveEngagement", in, func(s *State) (*sdk.DisableProactiveEngagementOutput, error) {
		s.Subscription.Engagement = shield.EngagementDisabled
		return &sdk.DisableProactiveEngagementOutput{}, nil
	})
}
