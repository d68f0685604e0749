package shieldtest

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/shield"
	"github.com/aws/aws-sdk-go-v2/service/shield/types"
)

// within tells whether a time is in a range; nil is every time.
func within(t time.Time, r *types.TimeRange) bool {
	return r == nil || (r.FromInclusive == nil || !t.Before(*r.FromInclusive)) && (r.ToExclusive == nil || t.Before(*r.ToExclusive))
}

// ListAttacks lists attacks. A range of ends hides those that go on.
func (f *Shield) ListAttacks(ctx context.Context, in *sdk.ListAttacksInput, _ ...func(*sdk.Options)) (*sdk.ListAttacksOutput, error) {
	return read(ctx, f, "ListAttacks", in, func(s *State) (*sdk.ListAttacksOutput, error) {
		var ids []string
		for _, id := range sorted(s.Attacks) {
			a := s.Attacks[id]
			if within(a.Start, in.StartTime) && (in.EndTime == nil || !a.End.IsZero() && within(a.End, in.EndTime)) {
				ids = append(ids, id)
			}
		}
		cut, next, err := page(f, ids, in.NextToken, in.MaxResults)
		out := &sdk.ListAttacksOutput{NextToken: next}
		for _, id := range cut {
			a := s.Attacks[id]
			x := types.AttackSummary{AttackId: aws.String(id), ResourceArn: aws.String(a.ResourceARN), StartTime: aws.Time(a.Start)}
			if !a.End.IsZero() {
				x.EndTime = aws.Time(a.End)
			}
			for _, v := range a.Vectors {
				x.AttackVectors = append(x.AttackVectors, types.AttackVectorDescription{VectorType: aws.String(v)})
			}
			out.AttackSummaries = append(out.AttackSummaries, x)
		}
		return out, err
	})
}

// DescribeAttack gives one attack. An id that does not exist is refused as a
// missing permission is.
func (f *Shield) DescribeAttack(ctx context.Context, in *sdk.DescribeAttackInput, _ ...func(*sdk.Options)) (*sdk.DescribeAttackOutput, error) {
	return read(ctx, f, "DescribeAttack", in, func(s *State) (*sdk.DescribeAttackOutput, error) {
		a := s.Attacks[aws.ToString(in.AttackId)]
		if a == nil {
			return nil, &types.AccessDeniedException{Message: aws.String("The attack does not exist, or you may not see it.")}
		}
		out := &types.AttackDetail{
			AttackId: in.AttackId, ResourceArn: aws.String(a.ResourceARN), StartTime: aws.Time(a.Start),
			AttackCounters: []types.SummarizedCounter{{Name: aws.String("PACKETS"), Unit: aws.String("PACKETS_PER_SECOND"), Max: a.Peak, Average: a.Peak / 2, Sum: a.Peak * 2, N: 4}},
		}
		if !a.End.IsZero() {
			out.EndTime = aws.Time(a.End)
		}
		for _, m := range a.Mitigations {
			out.Mitigations = append(out.Mitigations, types.Mitigation{MitigationName: aws.String(m)})
		}
		property := types.AttackProperty{AttackLayer: types.AttackLayerNetwork, AttackPropertyIdentifier: types.AttackPropertyIdentifierSourceIpAddress, Unit: types.UnitPackets}
		for _, source := range sorted(a.Sources) {
			property.Total += a.Sources[source]
			property.TopContributors = append(property.TopContributors, types.Contributor{Name: aws.String(source), Value: a.Sources[source]})
		}
		if property.TopContributors != nil {
			out.AttackProperties = []types.AttackProperty{property}
		}
		part := types.SubResourceSummary{Id: aws.String(a.Part), Type: types.SubResourceTypeIp}
		for _, v := range a.Vectors {
			part.AttackVectors = append(part.AttackVectors, types.SummarizedAttackVector{VectorType: aws.String(v)})
		}
		out.SubResources = []types.SubResourceSummary{part}
		return &sdk.DescribeAttackOutput{Attack: out}, nil
	})
}

// DescribeAttackStatistics gives the attacks of the last year in numbers, to
// everybody; the rate of requests only with a subscription.
func (f *Shield) DescribeAttackStatistics(ctx context.Context, in *sdk.DescribeAttackStatisticsInput, _ ...func(*sdk.Options)) (*sdk.DescribeAttackStatisticsOutput, error) {
	return call(ctx, f, "DescribeAttackStatistics", false, in, func(s *State) (*sdk.DescribeAttackStatisticsOutput, error) {
		to := f.now().UTC().Truncate(24 * time.Hour)
		out := &sdk.DescribeAttackStatisticsOutput{TimeRange: &types.TimeRange{FromInclusive: aws.Time(to.AddDate(-1, 0, 0)), ToExclusive: &to}}
		for _, x := range s.Statistics {
			d, most := types.AttackStatisticsDataItem{AttackCount: x.Attacks}, &types.AttackVolumeStatistics{Max: x.Most}
			switch {
			case x.Unit == "bits":
				d.AttackVolume = &types.AttackVolume{BitsPerSecond: most}
			case x.Unit == "packets":
				d.AttackVolume = &types.AttackVolume{PacketsPerSecond: most}
			case x.Unit == "requests" && s.Subscription != nil:
				d.AttackVolume = &types.AttackVolume{RequestsPerSecond: most}
			}
			out.DataItems = append(out.DataItems, d)
		}
		return out, nil
	})
}
