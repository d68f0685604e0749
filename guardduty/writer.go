package guardduty

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/guardduty"
)

// Writer is the GuardDuty operations that the settings write with;
// *guardduty.Client fits. It grows in minor releases, as Reader does. A program
// that only scans is never handed one.
type Writer interface {
	ArchiveFindings(context.Context, *guardduty.ArchiveFindingsInput, ...func(*guardduty.Options)) (*guardduty.ArchiveFindingsOutput, error)
	CreateDetector(context.Context, *guardduty.CreateDetectorInput, ...func(*guardduty.Options)) (*guardduty.CreateDetectorOutput, error)
	CreatePublishingDestination(context.Context, *guardduty.CreatePublishingDestinationInput, ...func(*guardduty.Options)) (*guardduty.CreatePublishingDestinationOutput, error)
	DeletePublishingDestination(context.Context, *guardduty.DeletePublishingDestinationInput, ...func(*guardduty.Options)) (*guardduty.DeletePublishingDestinationOutput, error)
	DisableOrganizationAdminAccount(context.Context, *guardduty.DisableOrganizationAdminAccountInput, ...func(*guardduty.Options)) (*guardduty.DisableOrganizationAdminAccountOutput, error)
	EnableOrganizationAdminAccount(context.Context, *guardduty.EnableOrganizationAdminAccountInput, ...func(*guardduty.Options)) (*guardduty.EnableOrganizationAdminAccountOutput, error)
	UnarchiveFindings(context.Context, *guardduty.UnarchiveFindingsInput, ...func(*guardduty.Options)) (*guardduty.UnarchiveFindingsOutput, error)
	UpdateDetector(context.Context, *guardduty.UpdateDetectorInput, ...func(*guardduty.Options)) (*guardduty.UpdateDetectorOutput, error)
	UpdateFilter(context.Context, *guardduty.UpdateFilterInput, ...func(*guardduty.Options)) (*guardduty.UpdateFilterOutput, error)
	UpdateIPSet(context.Context, *guardduty.UpdateIPSetInput, ...func(*guardduty.Options)) (*guardduty.UpdateIPSetOutput, error)
	UpdateMemberDetectors(context.Context, *guardduty.UpdateMemberDetectorsInput, ...func(*guardduty.Options)) (*guardduty.UpdateMemberDetectorsOutput, error)
	UpdateOrganizationConfiguration(context.Context, *guardduty.UpdateOrganizationConfigurationInput, ...func(*guardduty.Options)) (*guardduty.UpdateOrganizationConfigurationOutput, error)
	UpdateTrustedEntitySet(context.Context, *guardduty.UpdateTrustedEntitySetInput, ...func(*guardduty.Options)) (*guardduty.UpdateTrustedEntitySetOutput, error)
}
