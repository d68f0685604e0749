package guarddutytest

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/guardduty"
	"github.com/aws/aws-sdk-go-v2/service/guardduty/types"

	"github.com/awsposture/posture/guardduty"
)

// ListFilters lists the filters' names.
func (f *GuardDuty) ListFilters(ctx context.Context, in *sdk.ListFiltersInput, _ ...func(*sdk.Options)) (*sdk.ListFiltersOutput, error) {
	return read(ctx, f, "ListFilters", in, func(s *State) (*sdk.ListFiltersOutput, error) {
		d, err := s.detector(in.DetectorId)
		if err != nil {
			return nil, err
		}
		cut, next, err := page(f, sorted(d.Filters), in.NextToken, in.MaxResults)
		return &sdk.ListFiltersOutput{FilterNames: cut, NextToken: next}, err
	})
}

func (s *State) filter(detector, name *string) (*Filter, error) {
	d, err := s.detector(detector)
	if err != nil {
		return nil, err
	}
	v := d.Filters[aws.ToString(name)]
	if v == nil {
		return nil, refuse("The request is rejected because the filter with the specified name does not exist.")
	}
	return v, nil
}

// GetFilter gives a filter, with the deprecated form of its criteria beside the
// new one, as AWS does.
func (f *GuardDuty) GetFilter(ctx context.Context, in *sdk.GetFilterInput, _ ...func(*sdk.Options)) (*sdk.GetFilterOutput, error) {
	return read(ctx, f, "GetFilter", in, func(s *State) (*sdk.GetFilterOutput, error) {
		v, err := s.filter(in.DetectorId, in.FilterName)
		if err != nil {
			return nil, err
		}
		out := &sdk.GetFilterOutput{
			Name: in.FilterName, Description: &v.Description, Rank: aws.Int32(int32(v.Rank)), Action: types.FilterActionNoop, Tags: v.Tags,
			FindingCriteria: &types.FindingCriteria{Criterion: map[string]types.Condition{}},
		}
		if v.Archive {
			out.Action = types.FilterActionArchive
		}
		for attribute, c := range v.Criteria {
			out.FindingCriteria.Criterion[attribute] = types.Condition{
				Equals: c.Equals, Eq: c.Equals, NotEquals: c.NotEquals, Neq: c.NotEquals, Matches: c.Matches, NotMatches: c.NotMatches,
				GreaterThan: c.Greater, GreaterThanOrEqual: c.GreaterOrEqual, LessThan: c.Less, LessThanOrEqual: c.LessOrEqual,
			}
		}
		return out, nil
	})
}

// UpdateFilter replaces the filter: what the call leaves out falls back to
// nothing, which is the worse of what AWS may do.
func (f *GuardDuty) UpdateFilter(ctx context.Context, in *sdk.UpdateFilterInput, _ ...func(*sdk.Options)) (*sdk.UpdateFilterOutput, error) {
	return write(ctx, f, "UpdateFilter", in, func(s *State) (*sdk.UpdateFilterOutput, error) {
		v, err := s.filter(in.DetectorId, in.FilterName)
		switch {
		case err != nil:
			return nil, err
		case s.Administrator != "":
			return nil, refuse("The request failed because a member account cannot manage filters.")
		}
		v.Archive, v.Description, v.Rank = in.Action == types.FilterActionArchive, aws.ToString(in.Description), int(aws.ToInt32(in.Rank))
		v.Criteria = map[string]guardduty.Criterion{}
		if in.FindingCriteria == nil {
			return &sdk.UpdateFilterOutput{Name: in.FilterName}, nil
		}
		for attribute, c := range in.FindingCriteria.Criterion {
			v.Criteria[attribute] = guardduty.Criterion{
				Equals: c.Equals, NotEquals: c.NotEquals, Matches: c.Matches, NotMatches: c.NotMatches,
				Greater: c.GreaterThan, GreaterOrEqual: c.GreaterThanOrEqual, Less: c.LessThan, LessOrEqual: c.LessThanOrEqual,
			}
		}
		return &sdk.UpdateFilterOutput{Name: in.FilterName}, nil
	})
}
