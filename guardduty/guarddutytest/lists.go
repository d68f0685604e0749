package guarddutytest

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/guardduty"
	"github.com/aws/aws-sdk-go-v2/service/guardduty/types"

	"github.com/awsposture/posture/guardduty"
)

func (s *State) lists(detector *string, kind guardduty.ListKind) ([]string, error) {
	d, err := s.detector(detector)
	if err != nil {
		return nil, err
	}
	return sorted(d.Lists[kind]), nil
}

// look gives a list and its status, which moves one read nearer to its end.
func (s *State) look(detector *string, kind guardduty.ListKind, id *string) (*List, string, error) {
	d, err := s.detector(detector)
	if err != nil {
		return nil, "", err
	}
	l := d.Lists[kind][aws.ToString(id)]
	if l == nil {
		return nil, "", refuse("The request is rejected because the input list id is not owned by the current account.")
	}
	changing := l.changing > 0
	if changing {
		l.changing--
	}
	switch {
	case l.Failed:
		return l, "ERROR", nil
	case changing && l.Active:
		return l, "ACTIVATING", nil
	case changing:
		return l, "DEACTIVATING", nil
	case l.Active:
		return l, "ACTIVE", nil
	}
	return l, "INACTIVE", nil
}

func (f *GuardDuty) activate(s *State, detector *string, kind guardduty.ListKind, id *string, to *bool) error {
	d, err := s.detector(detector)
	if err != nil {
		return err
	}
	l := d.Lists[kind][aws.ToString(id)]
	switch {
	case l == nil:
		return refuse("The request is rejected because the input list id is not owned by the current account.")
	case s.Administrator != "":
		return refuse("The request failed because a member account cannot manage lists.")
	case to != nil && *to != l.Active:
		l.Active, l.changing = *to, f.Transition
	}
	return nil
}

// ListIPSets lists the ids of the trusted IP lists.
func (f *GuardDuty) ListIPSets(ctx context.Context, in *sdk.ListIPSetsInput, _ ...func(*sdk.Options)) (*sdk.ListIPSetsOutput, error) {
	return read(ctx, f, "ListIPSets", in, func(s *State) (*sdk.ListIPSetsOutput, error) {
		ids, err := s.lists(in.DetectorId, guardduty.IPSet)
		if err != nil {
			return nil, err
		}
		cut, next, err := page(f, ids, in.NextToken, in.MaxResults)
		return &sdk.ListIPSetsOutput{IpSetIds: cut, NextToken: next}, err
	})
}

// GetIPSet gives a trusted IP list.
func (f *GuardDuty) GetIPSet(ctx context.Context, in *sdk.GetIPSetInput, _ ...func(*sdk.Options)) (*sdk.GetIPSetOutput, error) {
	return read(ctx, f, "GetIPSet", in, func(s *State) (*sdk.GetIPSetOutput, error) {
		l, status, err := s.look(in.DetectorId, guardduty.IPSet, in.IpSetId)
		if err != nil {
			return nil, err
		}
		return &sdk.GetIPSetOutput{Name: &l.Name, Format: types.IpSetFormat(l.Format), Location: &l.Location, Status: types.IpSetStatus(status), Tags: l.Tags}, nil
	})
}

// UpdateIPSet activates or deactivates a trusted IP list.
func (f *GuardDuty) UpdateIPSet(ctx context.Context, in *sdk.UpdateIPSetInput, _ ...func(*sdk.Options)) (*sdk.UpdateIPSetOutput, error) {
	return write(ctx, f, "UpdateIPSet", in, func(s *State) (*sdk.UpdateIPSetOutput, error) {
		return &sdk.UpdateIPSetOutput{}, f.activate(s, in.DetectorId, guardduty.IPSet, in.IpSetId, in.Activate)
	})
}

// ListTrustedEntitySets lists the ids of the trusted entity lists.
func (f *GuardDuty) ListTrustedEntitySets(ctx context.Context, in *sdk.ListTrustedEntitySetsInput, _ ...func(*sdk.Options)) (*sdk.ListTrustedEntitySetsOutput, error) {
	return read(ctx, f, "ListTrustedEntitySets", in, func(s *State) (*sdk.ListTrustedEntitySetsOutput, error) {
		ids, err := s.lists(in.DetectorId, guardduty.TrustedEntitySet)
		if err != nil {
			return nil, err
		}
		cut, next, err := page(f, ids, in.NextToken, in.MaxResults)
		return &sdk.ListTrustedEntitySetsOutput{TrustedEntitySetIds: cut, NextToken: next}, err
	})
}

// GetTrustedEntitySet gives a trusted entity list.
func (f *GuardDuty) GetTrustedEntitySet(ctx context.Context, in *sdk.GetTrustedEntitySetInput, _ ...func(*sdk.Options)) (*sdk.GetTrustedEntitySetOutput, error) {
	return read(ctx, f, "GetTrustedEntitySet", in, func(s *State) (*sdk.GetTrustedEntitySetOutput, error) {
		l, status, err := s.look(in.DetectorId, guardduty.TrustedEntitySet, in.TrustedEntitySetId)
		if err != nil {
			return nil, err
		}
		return &sdk.GetTrustedEntitySetOutput{
			Name: &l.Name, Format: types.TrustedEntitySetFormat(l.Format), Location: &l.Location, Status: types.TrustedEntitySetStatus(status), Tags: l.Tags,
		}, nil
	})
}

// UpdateTrustedEntitySet activates or deactivates a trusted entity list.
func (f *GuardDuty) UpdateTrustedEntitySet(ctx context.Context, in *sdk.UpdateTrustedEntitySetInput, _ ...func(*sdk.Options)) (*sdk.UpdateTrustedEntitySetOutput, error) {
	return write(ctx, f, "UpdateTrustedEntitySet", in, func(s *State) (*sdk.UpdateTrustedEntitySetOutput, error) {
		return &sdk.UpdateTrustedEntitySetOutput{}, f.activate(s, in.DetectorId, guardduty.TrustedEntitySet, in.TrustedEntitySetId, in.Activate)
	})
}

// ListThreatIntelSets lists the ids of the threat IP lists.
func (f *GuardDuty) ListThreatIntelSets(ctx context.Context, in *sdk.ListThreatIntelSetsInput, _ ...func(*sdk.Options)) (*sdk.ListThreatIntelSetsOutput, error) {
	return read(ctx, f, "ListThreatIntelSets", in, func(s *State) (*sdk.ListThreatIntelSetsOutput, error) {
		ids, err := s.lists(in.DetectorId, guardduty.ThreatIntelSet)
		if err != nil {
			return nil, err
		}
		cut, next, err := page(f, ids, in.NextToken, in.MaxResults)
		return &sdk.ListThreatIntelSetsOutput{ThreatIntelSetIds: cut, NextToken: next}, err
	})
}

// GetThreatIntelSet gives a threat IP list.
func (f *GuardDuty) GetThreatIntelSet(ctx context.Context, in *sdk.GetThreatIntelSetInput, _ ...func(*sdk.Options)) (*sdk.GetThreatIntelSetOutput, error) {
	return read(ctx, f, "GetThreatIntelSet", in, func(s *State) (*sdk.GetThreatIntelSetOutput, error) {
		l, status, err := s.look(in.DetectorId, guardduty.ThreatIntelSet, in.ThreatIntelSetId)
		if err != nil {
			return nil, err
		}
		return &sdk.GetThreatIntelSetOutput{Name: &l.Name, Format: types.ThreatIntelSetFormat(l.Format), Location: &l.Location, Status: types.ThreatIntelSetStatus(status), Tags: l.Tags}, nil
	})
}

// ListThreatEntitySets lists the ids of the threat entity lists.
func (f *GuardDuty) ListThreatEntitySets(ctx context.Context, in *sdk.ListThreatEntitySetsInput, _ ...func(*sdk.Options)) (*sdk.ListThreatEntitySetsOutput, error) {
	return read(ctx, f, "ListThreatEntitySets", in, func(s *State) (*sdk.ListThreatEntitySetsOutput, error) {
		ids, err := s.lists(in.DetectorId, guardduty.ThreatEntitySet)
		if err != nil {
			return nil, err
		}
		cut, next, err := page(f, ids, in.NextToken, in.MaxResults)
		return &sdk.ListThreatEntitySetsOutput{ThreatEntitySetIds: cut, NextToken: next}, err
	})
}

// GetThreatEntitySet gives a threat entity list.
func (f *GuardDuty) GetThreatEntitySet(ctx context.Context, in *sdk.GetThreatEntitySetInput, _ ...func(*sdk.Options)) (*sdk.GetThreatEntitySetOutput, error) {
	return read(ctx, f, "GetThreatEntitySet", in, func(s *State) (*sdk.GetThreatEntitySetOutput, error) {
		l, status, err := s.look(in.DetectorId, guardduty.ThreatEntitySet, in.ThreatEntitySetId)
		if err != nil {
			return nil, err
		}
		return &sdk.GetThreatEntitySetOutput{
			Name: &l.Name, Format: types.ThreatEntitySetFormat(l.Format), Location: &l.Location, Status: types.ThreatEntitySetStatus(status), Tags: l.Tags,
		}, nil
	})
}
