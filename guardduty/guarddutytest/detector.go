package guarddutytest

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/guardduty"
	"github.com/aws/aws-sdk-go-v2/service/guardduty/types"

	"github.com/awsposture/posture/guardduty"
)

// ListDetectors lists the detector's id, if there is one.
func (f *GuardDuty) ListDetectors(ctx context.Context, in *sdk.ListDetectorsInput, _ ...func(*sdk.Options)) (*sdk.ListDetectorsOutput, error) {
	return read(ctx, f, "ListDetectors", in, func(s *State) (*sdk.ListDetectorsOutput, error) {
		var ids []string
		if s.Detector != nil {
			ids = []string{s.Detector.ID}
		}
		cut, next, err := page(f, ids, in.NextToken, in.MaxResults)
		return &sdk.ListDetectorsOutput{DetectorIds: cut, NextToken: next}, err
	})
}

// GetDetector gives the detector, its features and the three sources that are
// always on.
func (f *GuardDuty) GetDetector(ctx context.Context, in *sdk.GetDetectorInput, _ ...func(*sdk.Options)) (*sdk.GetDetectorOutput, error) {
	return read(ctx, f, "GetDetector", in, func(s *State) (*sdk.GetDetectorOutput, error) {
		d, err := s.detector(in.DetectorId)
		if err != nil {
			return nil, err
		}
		out := &sdk.GetDetectorOutput{Status: types.DetectorStatusEnabled, FindingPublishingFrequency: types.FindingPublishingFrequency(d.Frequency), Tags: d.Tags}
		if d.Suspended {
			out.Status = types.DetectorStatusDisabled
		}
		for _, name := range []types.DetectorFeatureResult{"CLOUD_TRAIL", "DNS_LOGS", "FLOW_LOGS"} {
			out.Features = append(out.Features, types.DetectorFeatureConfigurationResult{Name: name, Status: status(!d.Suspended)})
		}
		for _, name := range sorted(d.Features) {
			if strings.Contains(string(name), ".") {
				continue
			}
			r := types.DetectorFeatureConfigurationResult{Name: types.DetectorFeatureResult(name), Status: status(d.Features[name])}
			for _, agent := range agents(d.Features, name) {
				r.AdditionalConfiguration = append(r.AdditionalConfiguration, types.DetectorAdditionalConfigurationResult{
					Name: types.FeatureAdditionalConfiguration(agent), Status: status(d.Features[name+"."+agent]),
				})
			}
			out.Features = append(out.Features, r)
		}
		return out, nil
	})
}

// agents gives the agents whose management belongs to a feature.
func agents[V any](m map[guardduty.Feature]V, of guardduty.Feature) (names []guardduty.Feature) {
	for _, f := range sorted(m) {
		if name, ok := strings.CutPrefix(string(f), string(of)+"."); ok {
			names = append(names, guardduty.Feature(name))
		}
	}
	return names
}

func status(on bool) types.FeatureStatus {
	if on {
		return types.FeatureStatusEnabled
	}
	return types.FeatureStatusDisabled
}

// CreateDetector makes the detector; a second one is refused. A feature that is
// not named is turned on, as AWS does with most.
func (f *GuardDuty) CreateDetector(ctx context.Context, in *sdk.CreateDetectorInput, _ ...func(*sdk.Options)) (*sdk.CreateDetectorOutput, error) {
	return write(ctx, f, "CreateDetector", in, func(s *State) (*sdk.CreateDetectorOutput, error) {
		if s.Detector != nil {
			return nil, refuse("The request is rejected because a detector already exists for the current account.")
		}
		d := NewDetector(guardduty.S3DataEvents, guardduty.EKSAuditLogs, guardduty.EBSMalwareProtection, guardduty.RDSLoginEvents, guardduty.LambdaNetworkLogs)
		d.Suspended, d.Tags = !aws.ToBool(in.Enable), in.Tags
		if in.FindingPublishingFrequency != "" {
			d.Frequency = guardduty.Frequency(in.FindingPublishingFrequency)
		}
		if err := d.set(in.Features); err != nil {
			return nil, err
		}
		s.Detector = d
		return &sdk.CreateDetectorOutput{DetectorId: &d.ID}, nil
	})
}

// UpdateDetector changes what the call names and leaves the rest.
func (f *GuardDuty) UpdateDetector(ctx context.Context, in *sdk.UpdateDetectorInput, _ ...func(*sdk.Options)) (*sdk.UpdateDetectorOutput, error) {
	return write(ctx, f, "UpdateDetector", in, func(s *State) (*sdk.UpdateDetectorOutput, error) {
		d, err := s.detector(in.DetectorId)
		switch {
		case err != nil:
			return nil, err
		case s.Administrator != "":
			return nil, refuse("The request failed because a member account cannot manage this setting.")
		}
		if err := d.set(in.Features); err != nil {
			return nil, err
		}
		if in.Enable != nil {
			d.Suspended = !*in.Enable
		}
		if in.FindingPublishingFrequency != "" {
			d.Frequency = guardduty.Frequency(in.FindingPublishingFrequency)
		}
		return &sdk.UpdateDetectorOutput{}, nil
	})
}

// set changes the features named. Of the two runtime monitorings only one can be
// on, and agents are managed only where their feature is on.
func (d *Detector) set(named []types.DetectorFeatureConfiguration) error {
	changes := map[guardduty.Feature]bool{}
	for _, n := range named {
		changes[guardduty.Feature(n.Name)] = n.Status == types.FeatureStatusEnabled
		for _, a := range n.AdditionalConfiguration {
			changes[guardduty.Feature(n.Name)+"."+guardduty.Feature(a.Name)] = a.Status == types.FeatureStatusEnabled
		}
	}
	return apply(d.Features, changes)
}

func apply(to, changes map[guardduty.Feature]bool) error {
	after := map[guardduty.Feature]bool{}
	for f, on := range to {
		after[f] = on
	}
	for f, on := range changes {
		if _, known := to[f]; !known {
			return refuse("The request is rejected because the feature " + string(f) + " is not supported.")
		}
		after[f] = on
	}
	if after[guardduty.RuntimeMonitoring] && after[guardduty.EKSRuntimeMonitoring] {
		return refuse("The request is rejected because EKS_RUNTIME_MONITORING and RUNTIME_MONITORING cannot both be enabled.")
	}
	for f, on := range after {
		parent, _, isAgent := strings.Cut(string(f), ".")
		to[f] = on && (!isAgent || after[guardduty.Feature(parent)])
	}
	return nil
}

// GetAdministratorAccount gives the administrator of a member, and nothing in
// any other account.
func (f *GuardDuty) GetAdministratorAccount(ctx context.Context, in *sdk.GetAdministratorAccountInput, _ ...func(*sdk.Options)) (*sdk.GetAdministratorAccountOutput, error) {
	return read(ctx, f, "GetAdministratorAccount", in, func(s *State) (*sdk.GetAdministratorAccountOutput, error) {
		if _, err := s.detector(in.DetectorId); err != nil {
			return nil, err
		}
		if s.Administrator == "" {
			return &sdk.GetAdministratorAccountOutput{}, nil
		}
		relation := s.Relation
		if relation == "" {
			relation = "Enabled"
		}
		return &sdk.GetAdministratorAccountOutput{Administrator: &types.Administrator{AccountId: &s.Administrator, RelationshipStatus: &relation}}, nil
	})
}
