package shield

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/shield"
)

// Reader is the Shield operations that the view reads with; *shield.Client fits.
// It grows in minor releases: who implements it embeds Reader itself, or the fake
// of package shieldtest.
type Reader interface {
	shield.ListAttacksAPIClient
	shield.ListProtectionGroupsAPIClient
	shield.ListProtectionsAPIClient

	DescribeAttack(context.Context, *shield.DescribeAttackInput, ...func(*shield.Options)) (*shield.DescribeAttackOutput, error)
	DescribeAttackStatistics(context.Context, *shield.DescribeAttackStatisticsInput, ...func(*shield.Options)) (*shield.DescribeAttackStatisticsOutput, error)
	DescribeDRTAccess(context.Context, *shield.DescribeDRTAccessInput, ...func(*shield.Options)) (*shield.DescribeDRTAccessOutput, error)
	DescribeEmergencyContactSettings(context.Context, *shield.DescribeEmergencyContactSettingsInput, ...func(*shield.Options)) (*shield.DescribeEmergencyContactSettingsOutput, error)
	DescribeProtection(context.Context, *shield.DescribeProtectionInput, ...func(*shield.Options)) (*shield.DescribeProtectionOutput, error)
	DescribeProtectionGroup(context.Context, *shield.DescribeProtectionGroupInput, ...func(*shield.Options)) (*shield.DescribeProtectionGroupOutput, error)
	DescribeSubscription(context.Context, *shield.DescribeSubscriptionInput, ...func(*shield.Options)) (*shield.DescribeSubscriptionOutput, error)
	GetSubscriptionState(context.Context, *shield.GetSubscriptionStateInput, ...func(*shield.Options)) (*shield.GetSubscriptionStateOutput, error)
}
