package inspectortest

import (
	"context"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/inspector2"
	"github.com/aws/aws-sdk-go-v2/service/inspector2/types"

	"github.com/awsposture/posture/inspector"
)

// ListCisScans lists the CIS scans.
func (f *Inspector) ListCisScans(ctx context.Context, in *sdk.ListCisScansInput, _ ...func(*sdk.Options)) (*sdk.ListCisScansOutput, error) {
	return readOn(ctx, f, "ListCisScans", in, func(s *State) (*sdk.ListCisScansOutput, error) {
		var all []types.CisScan
		for _, v := range s.Scans {
			all = append(all, types.CisScan{
				ScanArn: &v.ARN, ScanConfigurationArn: &v.Configuration, ScanName: &v.Name, SecurityLevel: types.CisSecurityLevel(fmt.Sprintf("LEVEL_%d", v.Level)), Status: types.CisScanStatus(v.Status),
				ScanDate: &v.Time, FailedChecks: aws.Int32(int32(v.Failed)), TotalChecks: aws.Int32(int32(v.Total)), Targets: &types.CisTargets{AccountIds: v.Accounts},
			})
		}
		cut, next, err := page(f, all, in.NextToken, in.MaxResults, 100)
		return &sdk.ListCisScansOutput{Scans: cut, NextToken: next}, err
	})
}

// ListCisScanResultsAggregatedByTargetResource lists what a scan says of each
// instance.
func (f *Inspector) ListCisScanResultsAggregatedByTargetResource(ctx context.Context, in *sdk.ListCisScanResultsAggregatedByTargetResourceInput, _ ...func(*sdk.Options)) (*sdk.ListCisScanResultsAggregatedByTargetResourceOutput, error) {
	return readOn(ctx, f, "ListCisScanResultsAggregatedByTargetResource", in, func(s *State) (*sdk.ListCisScanResultsAggregatedByTargetResourceOutput, error) {
		i := slices.IndexFunc(s.Scans, func(v Scan) bool { return v.ARN == aws.ToString(in.ScanArn) })
		if i < 0 {
			return nil, absent("The scan")
		}
		var all []types.CisTargetResourceAggregation
		for _, t := range s.Scans[i].Targets {
			if t.Account == "" {
				t.Account = f.place.Account
			}
			if in.FilterCriteria != nil && len(in.FilterCriteria.AccountIdFilters) > 0 && aws.ToString(in.FilterCriteria.AccountIdFilters[0].Value) != t.Account {
				continue
			}
			all = append(all, types.CisTargetResourceAggregation{
				ScanArn: in.ScanArn, AccountId: &t.Account, Platform: &t.Platform, TargetResourceId: &t.Instance, TargetStatus: types.CisTargetStatus(t.Status), TargetStatusReason: types.CisTargetStatusReason(t.Why),
				StatusCounts: &types.StatusCounts{Failed: aws.Int32(int32(t.Failed)), Passed: aws.Int32(int32(t.Passed)), Skipped: aws.Int32(int32(t.Skipped))},
			})
		}
		cut, next, err := page(f, all, in.NextToken, in.MaxResults, 1000)
		return &sdk.ListCisScanResultsAggregatedByTargetResourceOutput{TargetResourceAggregations: cut, NextToken: next}, err
	})
}

// ListCisScanConfigurations lists the CIS scan configurations.
func (f *Inspector) ListCisScanConfigurations(ctx context.Context, in *sdk.ListCisScanConfigurationsInput, _ ...func(*sdk.Options)) (*sdk.ListCisScanConfigurationsOutput, error) {
	return readOn(ctx, f, "ListCisScanConfigurations", in, func(s *State) (*sdk.ListCisScanConfigurationsOutput, error) {
		var all []types.CisScanConfiguration
		for _, arn := range sorted(s.Schedules) {
			v := s.Schedules[arn]
			all = append(all, types.CisScanConfiguration{
				ScanConfigurationArn: &arn, ScanName: &v.Name, OwnerId: &f.place.Account, SecurityLevel: v.Level, Schedule: v.Schedule, Targets: &types.CisTargets{AccountIds: v.Accounts, TargetResourceTags: v.Tags},
			})
		}
		cut, next, err := page(f, all, in.NextToken, in.MaxResults, 100)
		return &sdk.ListCisScanConfigurationsOutput{ScanConfigurations: cut, NextToken: next}, err
	})
}

// CreateCisScanConfiguration makes a configuration, and a completed scan of it.
func (f *Inspector) CreateCisScanConfiguration(ctx context.Context, in *sdk.CreateCisScanConfigurationInput, _ ...func(*sdk.Options)) (*sdk.CreateCisScanConfigurationOutput, error) {
	return write(ctx, f, "CreateCisScanConfiguration", in, func(s *State) (*sdk.CreateCisScanConfigurationOutput, error) {
		if !s.Account.on() {
			return nil, denied("Invoking account does not have access to this resource: Inspector is not enabled.")
		}
		arn := f.place.ARN("inspector2", fmt.Sprintf("owner/%s/cis-configuration/%s", f.place.Account, *in.ScanName))
		s.Schedules[arn] = &Schedule{Name: *in.ScanName, Level: in.SecurityLevel, Schedule: in.Schedule, Accounts: in.Targets.AccountIds, Tags: in.Targets.TargetResourceTags}
		level := 1
		if in.SecurityLevel == types.CisSecurityLevelLevel2 {
			level = 2
		}
		s.Scans = append(s.Scans, Scan{CISScan: inspector.CISScan{
			ARN: arn + "/scan/1", Configuration: arn, Name: *in.ScanName, Level: level, Status: "COMPLETED", Time: f.now(), Accounts: in.Targets.AccountIds,
		}})
		return &sdk.CreateCisScanConfigurationOutput{ScanConfigurationArn: &arn}, nil
	})
}

// DeleteCisScanConfiguration deletes a configuration and its scans.
func (f *Inspector) DeleteCisScanConfiguration(ctx context.Context, in *sdk.DeleteCisScanConfigurationInput, _ ...func(*sdk.Options)) (*sdk.DeleteCisScanConfigurationOutput, error) {
	return write(ctx, f, "DeleteCisScanConfiguration", in, func(s *State) (*sdk.DeleteCisScanConfigurationOutput, error) {
		arn := aws.ToString(in.ScanConfigurationArn)
		if s.Schedules[arn] == nil {
			return nil, absent("The configuration")
		}
		delete(s.Schedules, arn)
		if s.Scans = slices.DeleteFunc(s.Scans, func(v Scan) bool { return v.Configuration == arn }); len(s.Scans) == 0 {
			s.Scans = nil
		}
		return &sdk.DeleteCisScanConfigurationOutput{ScanConfigurationArn: &arn}, nil
	})
}

// CreateSbomExport begins an export, one at a time.
func (f *Inspector) CreateSbomExport(ctx context.Context, in *sdk.CreateSbomExportInput, _ ...func(*sdk.Options)) (*sdk.CreateSbomExportOutput, error) {
	return write(ctx, f, "CreateSbomExport", in, func(s *State) (*sdk.CreateSbomExportOutput, error) {
		if !s.Account.on() {
			return nil, denied("Invoking account does not have access to this resource: Inspector is not enabled.")
		}
		for _, e := range s.Exports {
			if e.pending > 0 {
				return nil, invalid("an export is in progress already")
			}
		}
		id := fmt.Sprintf("report-%d", len(s.Exports)+1)
		s.Exports[id] = &Export{
			Format: string(in.ReportFormat), Bucket: aws.ToString(in.S3Destination.BucketName), Prefix: aws.ToString(in.S3Destination.KeyPrefix), Key: aws.ToString(in.S3Destination.KmsKeyArn), pending: f.Transition,
		}
		return &sdk.CreateSbomExportOutput{ReportId: &id}, nil
	})
}

// GetSbomExport tells how far an export is.
func (f *Inspector) GetSbomExport(ctx context.Context, in *sdk.GetSbomExportInput, _ ...func(*sdk.Options)) (*sdk.GetSbomExportOutput, error) {
	return readOn(ctx, f, "GetSbomExport", in, func(s *State) (*sdk.GetSbomExportOutput, error) {
		e := s.Exports[aws.ToString(in.ReportId)]
		if e == nil {
			return nil, absent("The report")
		}
		out := &sdk.GetSbomExportOutput{
			ReportId: in.ReportId, Format: types.SbomReportFormat(e.Format), Status: types.ExternalReportStatusSucceeded,
			S3Destination: &types.Destination{BucketName: &e.Bucket, KeyPrefix: &e.Prefix, KmsKeyArn: &e.Key},
		}
		switch {
		case e.pending > 0:
			e.pending--
			out.Status = types.ExternalReportStatusInProgress
		case e.Failure != "":
			out.Status, out.ErrorCode, out.ErrorMessage = types.ExternalReportStatusFailed, types.ReportingErrorCode(e.Failure), aws.String("The export failed.")
		}
		return out, nil
	})
}
