package shield

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/shield"
)

// Writer is the Shield operations that the settings write with; *shield.Client
// fits. It grows in minor releases, as Reader does. CreateSubscription, which binds
// the account for a year, is not among them and never will be.
type Writer interface {
	AssociateDRTLogBucket(context.Context, *shield.AssociateDRTLogBucketInput, ...func(*shield.Options)) (*shield.AssociateDRTLogBucketOutput, error)
	AssociateDRTRole(context.Context, *shield.AssociateDRTRoleInput, ...func(*shield.Options)) (*shield.AssociateDRTRoleOutput, error)
	AssociateHealthCheck(context.Context, *shield.AssociateHealthCheckInput, ...func(*shield.Options)) (*shield.AssociateHealthCheckOutput, error)
	AssociateProactiveEngagementDetails(context.Context, *shield.AssociateProactiveEngagementDetailsInput, ...func(*shield.Options)) (*shield.AssociateProactiveEngagementDetailsOutput, error)
	CreateProtection(context.Context, *shield.CreateProtectionInput, ...func(*shield.Options)) (*shield.CreateProtectionOutput, error)
	CreateProtectionGroup(context.Context, *shield.CreateProtectionGroupInput, ...func(*shield.Options)) (*shield.CreateProtectionGroupOutput, error)
	DeleteProtection(context.Context, *shield.DeleteProtectionInput, ...func(*shield.Options)) (*shield.DeleteProtectionOutput, error)
	DeleteProtectionGroup(context.Context, *shield.DeleteProtectionGroupInput, ...func(*shield.Options)) (*shield.DeleteProtectionGroupOutput, error)
	DisableApplicationLayerAutomaticResponse(context.Context, *shield.DisableApplicationLayerAutomaticResponseInput, ...func(*shield.Options)) (*shield.DisableApplicationLayerAutomaticResponseOutput, error)
	DisableProactiveEngagement(context.Context, *shield.DisableProactiveEngagementInput, ...func(*shield.Options)) (*shield.DisableProactiveEngagementOutput, error)
	DisassociateDRTLogBucket(context.Context, *shield.DisassociateDRTLogBucketInput, ...func(*shield.Options)) (*shield.DisassociateDRTLogBucketOutput, error)
	DisassociateDRTRole(context.Context, *shield.DisassociateDRTRoleInput, ...func(*shield.Options)) (*shield.DisassociateDRTRoleOutput, error)
	DisassociateHealthCheck(context.Context, *shield.DisassociateHealthCheckInput, ...func(*shield.Options)) (*shield.DisassociateHealthCheckOutput, error)
	EnableApplicationLayerAutomaticResponse(context.Context, *shield.EnableApplicationLayerAutomaticResponseInput, ...func(*shield.Options)) (*shield.EnableApplicationLayerAutomaticResponseOutput, error)
	EnableProactiveEngagement(context.Context, *shield.EnableProactiveEngagementInput, ...func(*shield.Options)) (*shield.EnableProactiveEngagementOutput, error)
	UpdateApplicationLayerAutomaticResponse(context.Context, *shield.UpdateApplicationLayerAutomaticResponseInput, ...func(*shield.Options)) (*shield.UpdateApplicationLayerAutomaticResponseOutput, error)
	UpdateEmergencyContactSettings(context.Context, *shield.UpdateEmergencyContactSettingsInput, ...func(*shield.Options)) (*shield.UpdateEmergencyContactSettingsOutput, error)
	UpdateProtectionGroup(context.Context, *shield.UpdateProtectionGroupInput, ...func(*shield.Options)) (*shield.UpdateProtectionGroupOutput, error)
	UpdateSubscription(context.Context, *shield.UpdateSubscriptionInput, ...func(*shield.Options)) (*shield.UpdateSubscriptionOutput, error)
}
