package inspector

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/inspector2"
)

// Reader is the Inspector operations that the views read with;
// *inspector2.Client fits. It grows in minor releases: who implements it embeds
// Reader itself, or the fake of package inspectortest.
type Reader interface {
	inspector2.ListCisScanConfigurationsAPIClient
	inspector2.ListCisScanResultsAggregatedByTargetResourceAPIClient
	inspector2.ListCisScansAPIClient
	inspector2.ListCoverageAPIClient
	inspector2.ListDelegatedAdminAccountsAPIClient
	inspector2.ListFiltersAPIClient
	inspector2.ListFindingsAPIClient
	inspector2.ListMembersAPIClient

	BatchGetAccountStatus(context.Context, *inspector2.BatchGetAccountStatusInput, ...func(*inspector2.Options)) (*inspector2.BatchGetAccountStatusOutput, error)
	BatchGetFindingDetails(context.Context, *inspector2.BatchGetFindingDetailsInput, ...func(*inspector2.Options)) (*inspector2.BatchGetFindingDetailsOutput, error)
	DescribeOrganizationConfiguration(context.Context, *inspector2.DescribeOrganizationConfigurationInput, ...func(*inspector2.Options)) (*inspector2.DescribeOrganizationConfigurationOutput, error)
	GetConfiguration(context.Context, *inspector2.GetConfigurationInput, ...func(*inspector2.Options)) (*inspector2.GetConfigurationOutput, error)
	GetDelegatedAdminAccount(context.Context, *inspector2.GetDelegatedAdminAccountInput, ...func(*inspector2.Options)) (*inspector2.GetDelegatedAdminAccountOutput, error)
	GetEc2DeepInspectionConfiguration(context.Context, *inspector2.GetEc2DeepInspectionConfigurationInput, ...func(*inspector2.Options)) (*inspector2.GetEc2DeepInspectionConfigurationOutput, error)
	GetSbomExport(context.Context, *inspector2.GetSbomExportInput, ...func(*inspector2.Options)) (*inspector2.GetSbomExportOutput, error)
}
