package shieldtest

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/shield"
	"github.com/aws/aws-sdk-go-v2/service/shield/types"
)

// ListAttacks lists attacks by the ranges of their start and end. One that goes on
// has no end, so a range of ends hides it.
func (f *Shield) ListAttacks(ctx context.Context, in *sdk.ListAttacksInput, _ ...func(*sdk.Options)) (*sdk.ListAttacksOutput, error) {
	return read(ctx, f, "ListAttacks", in, func(s *State) (*sdk.ListAttacksOutput, error) {
		var all []types.AttackSummary
		for _, id := range sorted(s.Attacks) {
			a := s.Attacks[id]
			if r := in.StartTime; r != nil && (r.FromInclusive != nil && a.Start.Before(*r.FromInclusive) || r.ToExclusive != nil && !a.Start.Before(*r.ToExclusive)) {
				continue
			}
			if in.EndTime != nil && a.End.IsZero() {
				continue
			}
			one := types.AttackSummary{AttackId: aws.String(id), ResourceArn: aws.String(a.Resource), StartTime: aws.Time(a.Start)}
			if !a.End.IsZero() {
				one.EndTime = aws.Time(a.End)
			}
			for _, v := range a.Vectors {
				one.AttackVectors = append(one.AttackVectors, types.AttackVectorDescription{VectorType: aws.String(v)})
			}
			all = append(all, one)
		}
		cut, next, err := page(f, all, in.NextToken, in.MaxResults)
		return &sdk.ListAttacksOutput{AttackSummaries: cut, NextToken: next}, err
	})
}

// DescribeAttack gives one attack.
func (f *Shield) DescribeAttack(ctx context.Context, in *sdk.DescribeAttackInput, _ ...func(*sdk.Options)) (*sdk.DescribeAttackOutput, error) {
	return read(ctx, f, "DescribeAttack", in, func(s *State) (*sdk.DescribeAttackOutput, error) {
		a := s.Attacks[aws.ToString(in.AttackId)]
		if a == nil {
			return nil, &types.AccessDeniedException{Message: aws.String("The attack is not the account's.")}
		}
		out := &types.AttackDetail{AttackId: in.AttackId, ResourceArn: aws.String(a.Resource), StartTime: aws.Time(a.Start)}
		if !a.End.IsZero() {
			out.EndTime = aws.Time(a.End)
		}
		sub := types.SubResourceSummary{Id: aws.String(a.Resource), Type: types.SubResourceTypeUrl}
		for _, v := range a.Vectors {
			sub.AttackVectors = append(sub.AttackVectors, types.SummarizedAttackVector{VectorType: aws.String(v)})
		}
		out.SubResources = []types.SubResourceSummary{sub}
		for _, property := range sorted(a.Sources) {
			p := types.AttackProperty{AttackLayer: types.AttackLayerApplication, AttackPropertyIdentifier: types.AttackPropertyIdentifier(property), Unit: types.UnitRequests}
			for _, name := range sorted(a.Sources[property]) {
				p.Total += a.Sources[property][name]
				p.TopContributors = append(p.TopContributors, types.Contributor{Name: aws.String(name), Value: a.Sources[property][name]})
			}
			out.AttackProperties = append(out.AttackProperties, p)
		}
		for _, m := range a.Mitigations {
			out.Mitigations = append(out.Mitigations, types.Mitigation{MitigationName: aws.String(m)})
		}
		return &sdk.DescribeAttackOutput{Attack: out}, nil
	})
}

// DescribeAttackStatistics counts the attacks of the last year, without a
// subscription too.
func (f *Shield) DescribeAttackStatistics(ctx context.Context, in *sdk.DescribeAttackStatisticsInput, _ ...func(*sdk.Options)) (*sdk.DescribeAttackStatisticsOutput, error) {
	return read(ctx, f, "DescribeAttackStatistics", in, func(s *State) (*sdk.DescribeAttackStatisticsOutput, error) {
		to := f.now()
		out := &sdk.DescribeAttackStatisticsOutput{TimeRange: &types.TimeRange{FromInclusive: aws.Time(to.AddDate(-1, 0, 0)), ToExclusive: aws.Time(to)}, DataItems: []types.AttackStatisticsDataItem{}}
		for _, v := range s.Year {
			item := types.AttackStatisticsDataItem{AttackCount: v.Count}
			most := &types.AttackVolumeStatistics{Max: v.Max}
			switch v.Unit {
			case "bits/s":
				item.AttackVolume = &types.AttackVolume{BitsPerSecond: most}
			case "packets/s":
				item.AttackVolume = &types.AttackVolume{PacketsPerSecond: most}
			case "requests/s":
				item.AttackVolume = &types.AttackVolume{RequestsPerSecond: most}
			}
			out.DataItems = append(out.DataItems, item)
		}
		return out, nil
	})
}
