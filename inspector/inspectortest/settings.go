package inspectortest

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/inspector2"
	"github.com/aws/aws-sdk-go-v2/service/inspector2/types"

	"github.com/awsposture/posture/inspector"
)

// GetConfiguration gives how instances and images are scanned.
func (f *Inspector) GetConfiguration(ctx context.Context, in *sdk.GetConfigurationInput, _ ...func(*sdk.Options)) (*sdk.GetConfigurationOutput, error) {
	return readOn(ctx, f, "GetConfiguration", in, func(s *State) (*sdk.GetConfigurationOutput, error) {
		mode, rescan := types.Ec2ScanModeStatusSuccess, types.EcrRescanDurationStatusSuccess
		if s.modePending > 0 {
			s.modePending--
			mode = types.Ec2ScanModeStatusPending
		}
		if s.rescanPending > 0 {
			s.rescanPending--
			rescan = types.EcrRescanDurationStatusPending
		}
		return &sdk.GetConfigurationOutput{
			Ec2Configuration: &types.Ec2ConfigurationState{ScanModeState: &types.Ec2ScanModeState{ScanMode: types.Ec2ScanMode(s.Mode), ScanModeStatus: mode}},
			EcrConfiguration: &types.EcrConfigurationState{RescanDurationState: &types.EcrRescanDurationState{
				RescanDuration: types.EcrRescanDuration(s.Rescan), PullDateRescanDuration: types.EcrPullDateRescanDuration(s.PullRescan), PullDateRescanMode: types.EcrPullDateRescanMode(s.PullMode), Status: rescan,
			}},
		}, nil
	})
}

// UpdateConfiguration changes the part that the call names, whole.
func (f *Inspector) UpdateConfiguration(ctx context.Context, in *sdk.UpdateConfigurationInput, _ ...func(*sdk.Options)) (*sdk.UpdateConfigurationOutput, error) {
	return writeOwn(ctx, f, "UpdateConfiguration", in, func(s *State) (*sdk.UpdateConfigurationOutput, error) {
		if c := in.Ec2Configuration; c != nil {
			s.Mode, s.modePending = inspector.ScanMode(c.ScanMode), f.Transition
		}
		if c := in.EcrConfiguration; c != nil {
			s.Rescan, s.PullRescan, s.PullMode, s.rescanPending = string(c.RescanDuration), string(c.PullDateRescanDuration), string(c.PullDateRescanMode), f.Transition
		}
		return &sdk.UpdateConfigurationOutput{}, nil
	})
}

// GetEc2DeepInspectionConfiguration gives deep inspection.
func (f *Inspector) GetEc2DeepInspectionConfiguration(ctx context.Context, in *sdk.GetEc2DeepInspectionConfigurationInput, _ ...func(*sdk.Options)) (*sdk.GetEc2DeepInspectionConfigurationOutput, error) {
	return readOn(ctx, f, "GetEc2DeepInspectionConfiguration", in, func(s *State) (*sdk.GetEc2DeepInspectionConfigurationOutput, error) {
		out := &sdk.GetEc2DeepInspectionConfigurationOutput{Status: types.Ec2DeepInspectionStatus(s.Deep), PackagePaths: slices.Clone(s.Paths)}
		if s.deepPending > 0 {
			s.deepPending--
			out.Status = types.Ec2DeepInspectionStatusPending
		}
		return out, nil
	})
}

// UpdateEc2DeepInspectionConfiguration sets deep inspection. Paths that the call
// does not name are gone.
func (f *Inspector) UpdateEc2DeepInspectionConfiguration(ctx context.Context, in *sdk.UpdateEc2DeepInspectionConfigurationInput, _ ...func(*sdk.Options)) (*sdk.UpdateEc2DeepInspectionConfigurationOutput, error) {
	return writeOwn(ctx, f, "UpdateEc2DeepInspectionConfiguration", in, func(s *State) (*sdk.UpdateEc2DeepInspectionConfigurationOutput, error) {
		s.Deep, s.deepPending = "DEACTIVATED", f.Transition
		if aws.ToBool(in.ActivateDeepInspection) {
			s.Deep = "ACTIVATED"
		}
		s.Paths = slices.Clone(in.PackagePaths)
		return &sdk.UpdateEc2DeepInspectionConfigurationOutput{Status: types.Ec2DeepInspectionStatus(s.Deep), PackagePaths: s.Paths}, nil
	})
}

// ListFilters lists the filters.
func (f *Inspector) ListFilters(ctx context.Context, in *sdk.ListFiltersInput, _ ...func(*sdk.Options)) (*sdk.ListFiltersOutput, error) {
	return readOn(ctx, f, "ListFilters", in, func(s *State) (*sdk.ListFiltersOutput, error) {
		var all []types.Filter
		for _, arn := range sorted(s.Filters) {
			v := s.Filters[arn]
			if len(in.Arns) > 0 && !slices.Contains(in.Arns, arn) {
				continue
			}
			owner := v.Owner
			if owner == "" {
				owner = f.place.Account
			}
			filter := types.Filter{Arn: &arn, Name: &v.Name, OwnerId: &owner, Action: types.FilterActionNone, Criteria: &v.Criteria, CreatedAt: aws.Time(f.now()), UpdatedAt: aws.Time(f.now()), Tags: v.Tags}
			if v.Suppress {
				filter.Action = types.FilterActionSuppress
			}
			if v.Reason != "" {
				filter.Reason = &v.Reason
			}
			if v.Description != "" {
				filter.Description = &v.Description
			}
			all = append(all, filter)
		}
		cut, next, err := page(f, all, in.NextToken, in.MaxResults, 100)
		return &sdk.ListFiltersOutput{Filters: cut, NextToken: next}, err
	})
}

// UpdateFilter changes what the call names and leaves the rest.
func (f *Inspector) UpdateFilter(ctx context.Context, in *sdk.UpdateFilterInput, _ ...func(*sdk.Options)) (*sdk.UpdateFilterOutput, error) {
	return write(ctx, f, "UpdateFilter", in, func(s *State) (*sdk.UpdateFilterOutput, error) {
		v := s.Filters[aws.ToString(in.FilterArn)]
		if v == nil {
			return nil, absent("The filter")
		}
		if in.Action != "" {
			v.Suppress = in.Action == types.FilterActionSuppress
		}
		if in.Reason != nil {
			v.Reason = *in.Reason
		}
		if in.Description != nil {
			v.Description = *in.Description
		}
		if in.FilterCriteria != nil {
			v.Criteria = *in.FilterCriteria
		}
		return &sdk.UpdateFilterOutput{Arn: in.FilterArn}, nil
	})
}
