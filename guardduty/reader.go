package guardduty

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/guardduty"
)

// Reader is the GuardDuty operations that the views read with; *guardduty.Client
// fits. It grows in minor releases: who implements it embeds Reader itself, or
// the fake of package guarddutytest.
type Reader interface {
	guardduty.DescribeOrganizationConfigurationAPIClient
	guardduty.ListCoverageAPIClient
	guardduty.ListDetectorsAPIClient
	guardduty.ListFiltersAPIClient
	guardduty.ListFindingsAPIClient
	guardduty.ListIPSetsAPIClient
	guardduty.ListMembersAPIClient
	guardduty.ListOrganizationAdminAccountsAPIClient
	guardduty.ListPublishingDestinationsAPIClient
	guardduty.ListThreatEntitySetsAPIClient
	guardduty.ListThreatIntelSetsAPIClient
	guardduty.ListTrustedEntitySetsAPIClient

	DescribePublishingDestination(context.Context, *guardduty.DescribePublishingDestinationInput, ...func(*guardduty.Options)) (*guardduty.DescribePublishingDestinationOutput, error)
	GetAdministratorAccount(context.Context, *guardduty.GetAdministratorAccountInput, ...func(*guardduty.Options)) (*guardduty.GetAdministratorAccountOutput, error)
	GetDetector(context.Context, *guardduty.GetDetectorInput, ...func(*guardduty.Options)) (*guardduty.GetDetectorOutput, error)
	GetFilter(context.Context, *guardduty.GetFilterInput, ...func(*guardduty.Options)) (*guardduty.GetFilterOutput, error)
	GetFindings(context.Context, *guardduty.GetFindingsInput, ...func(*guardduty.Options)) (*guardduty.GetFindingsOutput, error)
	GetIPSet(context.Context, *guardduty.GetIPSetInput, ...func(*guardduty.Options)) (*guardduty.GetIPSetOutput, error)
	GetMalwareProtectionPlan(context.Context, *guardduty.GetMalwareProtectionPlanInput, ...func(*guardduty.Options)) (*guardduty.GetMalwareProtectionPlanOutput, error)
	GetMemberDetectors(context.Context, *guardduty.GetMemberDetectorsInput, ...func(*guardduty.Options)) (*guardduty.GetMemberDetectorsOutput, error)
	GetThreatEntitySet(context.Context, *guardduty.GetThreatEntitySetInput, ...func(*guardduty.Options)) (*guardduty.GetThreatEntitySetOutput, error)
	GetThreatIntelSet(context.Context, *guardduty.GetThreatIntelSetInput, ...func(*guardduty.Options)) (*guardduty.GetThreatIntelSetOutput, error)
	GetTrustedEntitySet(context.Context, *guardduty.GetTrustedEntitySetInput, ...func(*guardduty.Options)) (*guardduty.GetTrustedEntitySetOutput, error)
	ListMalwareProtectionPlans(context.Context, *guardduty.ListMalwareProtectionPlansInput, ...func(*guardduty.Options)) (*guardduty.ListMalwareProtectionPlansOutput, error)
}
