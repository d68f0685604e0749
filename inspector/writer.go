package inspector

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/inspector2"
)

// Writer is the Inspector operations that the settings write with;
// *inspector2.Client fits. It grows in minor releases, as Reader does. A program
// that only scans is never handed one.
type Writer interface {
	AssociateMember(context.Context, *inspector2.AssociateMemberInput, ...func(*inspector2.Options)) (*inspector2.AssociateMemberOutput, error)
	CreateCisScanConfiguration(context.Context, *inspector2.CreateCisScanConfigurationInput, ...func(*inspector2.Options)) (*inspector2.CreateCisScanConfigurationOutput, error)
	CreateSbomExport(context.Context, *inspector2.CreateSbomExportInput, ...func(*inspector2.Options)) (*inspector2.CreateSbomExportOutput, error)
	DeleteCisScanConfiguration(context.Context, *inspector2.DeleteCisScanConfigurationInput, ...func(*inspector2.Options)) (*inspector2.DeleteCisScanConfigurationOutput, error)
	Disable(context.Context, *inspector2.DisableInput, ...func(*inspector2.Options)) (*inspector2.DisableOutput, error)
	DisableDelegatedAdminAccount(context.Context, *inspector2.DisableDelegatedAdminAccountInput, ...func(*inspector2.Options)) (*inspector2.DisableDelegatedAdminAccountOutput, error)
	DisassociateMember(context.Context, *inspector2.DisassociateMemberInput, ...func(*inspector2.Options)) (*inspector2.DisassociateMemberOutput, error)
	Enable(context.Context, *inspector2.EnableInput, ...func(*inspector2.Options)) (*inspector2.EnableOutput, error)
	EnableDelegatedAdminAccount(context.Context, *inspector2.EnableDelegatedAdminAccountInput, ...func(*inspector2.Options)) (*inspector2.EnableDelegatedAdminAccountOutput, error)
	UpdateConfiguration(context.Context, *inspector2.UpdateConfigurationInput, ...func(*inspector2.Options)) (*inspector2.UpdateConfigurationOutput, error)
	UpdateEc2DeepInspectionConfiguration(context.Context, *inspector2.UpdateEc2DeepInspectionConfigurationInput, ...func(*inspector2.Options)) (*inspector2.UpdateEc2DeepInspectionConfigurationOutput, error)
	UpdateFilter(context.Context, *inspector2.UpdateFilterInput, ...func(*inspector2.Options)) (*inspector2.UpdateFilterOutput, error)
	UpdateOrganizationConfiguration(context.Context, *inspector2.UpdateOrganizationConfigurationInput, ...func(*inspector2.Options)) (*inspector2.UpdateOrganizationConfigurationOutput, error)
}
