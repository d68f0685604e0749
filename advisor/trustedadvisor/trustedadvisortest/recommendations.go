package trustedadvisortest

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/trustedadvisor"
	"github.com/aws/aws-sdk-go-v2/service/trustedadvisor/types"

	"github.com/awsposture/posture/advisor"
	"github.com/awsposture/posture/advisor/advisortest"
)

// ListRecommendations lists the recommendation of each check that has a result,
// and the priority ones.
func (t TrustedAdvisor) ListRecommendations(ctx context.Context, in *sdk.ListRecommendationsInput, _ ...func(*sdk.Options)) (*sdk.ListRecommendationsOutput, error) {
	return call(ctx, t, "ListRecommendations", false, in, func(s *advisortest.State) (*sdk.ListRecommendationsOutput, error) {
		var all []types.RecommendationSummary
		if in.Type != types.RecommendationTypePriority {
			for _, c := range s.Checks {
				if c.Colour == advisor.Green || c.Colour == advisor.Yellow || c.Colour == advisor.Red {
					all = append(all, t.standard(c))
				}
			}
		}
		if in.Type != types.RecommendationTypeStandard {
			for _, p := range s.Priorities {
				all = append(all, types.RecommendationSummary{
					Arn: t.recommendation(p.ID), Id: aws.String(p.ID), Name: aws.String(p.Name), Type: types.RecommendationTypePriority, Status: types.RecommendationStatus(advisortest.Status(p.Colour)),
					Pillars: pillars(p.Category), LifecycleStage: types.RecommendationLifecycleStage(p.Stage), CreatedAt: aws.Time(p.Created), LastUpdatedAt: aws.Time(p.Created),
				})
			}
		}
		cut, next, err := page(t, all, in.NextToken, in.MaxResults)
		return &sdk.ListRecommendationsOutput{RecommendationSummaries: cut, NextToken: next}, err
	})
}

func pillars(c advisor.Category) []types.RecommendationPillar {
	return []types.RecommendationPillar{types.RecommendationPillar(c)}
}

func (t TrustedAdvisor) standard(c *advisortest.Check) types.RecommendationSummary {
	processed, red, yellow, excluded := c.Count()
	r := types.RecommendationSummary{
		Arn: t.recommendation("rec-" + c.ID), Id: aws.String("rec-" + c.ID), Name: aws.String(c.Name), CheckArn: t.arn("", "check/"+c.ID), Type: types.RecommendationTypeStandard,
		Status: types.RecommendationStatus(advisortest.Status(c.Colour)), Pillars: pillars(c.Category), Source: source(c), LastUpdatedAt: aws.Time(c.At),
		ResourcesAggregates: &types.RecommendationResourcesAggregates{ErrorCount: &red, WarningCount: &yellow, ExcludedCount: &excluded, OkCount: aws.Int64(processed - red - yellow - excluded)},
	}
	if c.NoData {
		r.StatusReason = types.StatusReasonNoDataOk
	}
	if c.Category == advisor.CostOptimizing {
		r.PillarSpecificAggregates = &types.RecommendationPillarSpecificAggregates{CostOptimizing: &types.RecommendationCostOptimizingAggregates{EstimatedMonthlySavings: aws.Float64(float64(c.Savings) / 100)}}
	}
	return r
}

func notFound() error {
	return &types.ResourceNotFoundException{Message: aws.String("The recommendation does not exist.")}
}

func (t TrustedAdvisor) check(s *advisortest.State, arn *string) *advisortest.Check {
	for _, c := range s.Checks {
		if *t.recommendation("rec-" + c.ID) == aws.ToString(arn) {
			return c
		}
	}
	return nil
}

func (t TrustedAdvisor) priority(s *advisortest.State, arn *string) *advisortest.Priority {
	for _, p := range s.Priorities {
		if *t.recommendation(p.ID) == aws.ToString(arn) {
			return p
		}
	}
	return nil
}

// ListRecommendationResources lists what a check says of each resource, by name.
func (t TrustedAdvisor) ListRecommendationResources(ctx context.Context, in *sdk.ListRecommendationResourcesInput, _ ...func(*sdk.Options)) (*sdk.ListRecommendationResourcesOutput, error) {
	return call(ctx, t, "ListRecommendationResources", false, in, func(s *advisortest.State) (*sdk.ListRecommendationResourcesOutput, error) {
		c := t.check(s, in.RecommendationIdentifier)
		if c == nil {
			return nil, notFound()
		}
		cut, next, err := page(t, c.Rows, in.NextToken, in.MaxResults)
		out := &sdk.ListRecommendationResourcesOutput{NextToken: next}
		for _, r := range cut {
			row := types.RecommendationResourceSummary{
				Arn: t.row(c, r), Id: aws.String(r.ID), RecommendationArn: in.RecommendationIdentifier, RegionCode: aws.String(r.Region), Status: types.ResourceStatus(advisortest.Status(r.Colour)),
				ExclusionStatus: types.ExclusionStatusIncluded, Metadata: map[string]string{}, LastUpdatedAt: aws.Time(c.At),
			}
			if r.Resource != "" {
				row.AwsResourceId = aws.String(r.Resource)
			}
			if r.Excluded {
				row.ExclusionStatus = types.ExclusionStatusExcluded
			}
			for i, h := range c.Headers {
				if i < len(r.Values) && r.Values[i] != advisortest.Null {
					row.Metadata[h] = r.Values[i]
				}
			}
			out.RecommendationResourceSummaries = append(out.RecommendationResourceSummaries, row)
		}
		return out, err
	})
}

// GetRecommendation gives a recommendation of either type.
func (t TrustedAdvisor) GetRecommendation(ctx context.Context, in *sdk.GetRecommendationInput, _ ...func(*sdk.Options)) (*sdk.GetRecommendationOutput, error) {
	return call(ctx, t, "GetRecommendation", false, in, func(s *advisortest.State) (*sdk.GetRecommendationOutput, error) {
		if p := t.priority(s, in.RecommendationIdentifier); p != nil {
			return &sdk.GetRecommendationOutput{Recommendation: &types.Recommendation{
				Arn: t.recommendation(p.ID), Id: aws.String(p.ID), Name: aws.String(p.Name), Type: types.RecommendationTypePriority, Status: types.RecommendationStatus(advisortest.Status(p.Colour)),
				Pillars: pillars(p.Category), LifecycleStage: types.RecommendationLifecycleStage(p.Stage), CreatedAt: aws.Time(p.Created), LastUpdatedAt: aws.Time(p.Created),
			}}, nil
		}
		c := t.check(s, in.RecommendationIdentifier)
		if c == nil {
			return nil, notFound()
		}
		r := t.standard(c)
		return &sdk.GetRecommendationOutput{Recommendation: &types.Recommendation{Arn: r.Arn, Id: r.Id, Name: r.Name, Type: r.Type, Status: r.Status, Pillars: r.Pillars, Source: r.Source, LastUpdatedAt: r.LastUpdatedAt}}, nil
	})
}

// BatchUpdateRecommendationResourceExclusion excludes and includes rows, 25 at
// most. A row that it does not know is refused by itself.
func (t TrustedAdvisor) BatchUpdateRecommendationResourceExclusion(ctx context.Context, in *sdk.BatchUpdateRecommendationResourceExclusionInput, _ ...func(*sdk.Options)) (*sdk.BatchUpdateRecommendationResourceExclusionOutput, error) {
	return call(ctx, t, "BatchUpdateRecommendationResourceExclusion", true, in, func(s *advisortest.State) (*sdk.BatchUpdateRecommendationResourceExclusionOutput, error) {
		if n := len(in.RecommendationResourceExclusions); n < 1 || n > 25 {
			return nil, invalid("recommendationResourceExclusions must have between 1 and 25 members")
		}
		out := &sdk.BatchUpdateRecommendationResourceExclusionOutput{}
		for _, e := range in.RecommendationResourceExclusions {
			if !t.exclude(s, aws.ToString(e.Arn), aws.ToBool(e.IsExcluded)) {
				out.BatchUpdateRecommendationResourceExclusionErrors = append(out.BatchUpdateRecommendationResourceExclusionErrors, types.UpdateRecommendationResourceExclusionError{
					Arn: e.Arn, ErrorCode: aws.String("ResourceNotFoundException"), ErrorMessage: aws.String("The recommendation resource does not exist."),
				})
			}
		}
		return out, nil
	})
}

func (t TrustedAdvisor) exclude(s *advisortest.State, arn string, excluded bool) bool {
	for _, c := range s.Checks {
		for _, r := range c.Rows {
			if *t.row(c, r) == arn {
				r.Excluded = excluded
				return true
			}
		}
	}
	return false
}

// UpdateRecommendationLifecycle moves a priority recommendation to a stage. To
// dismiss one takes a reason, and the reason "other" takes words.
func (t TrustedAdvisor) UpdateRecommendationLifecycle(ctx context.Context, in *sdk.UpdateRecommendationLifecycleInput, _ ...func(*sdk.Options)) (*sdk.UpdateRecommendationLifecycleOutput, error) {
	return call(ctx, t, "UpdateRecommendationLifecycle", true, in, func(s *advisortest.State) (*sdk.UpdateRecommendationLifecycleOutput, error) {
		p := t.priority(s, in.RecommendationIdentifier)
		switch {
		case p == nil && t.check(s, in.RecommendationIdentifier) != nil:
			return nil, invalid("Only priority recommendations have a lifecycle.")
		case p == nil:
			return nil, notFound()
		case in.LifecycleStage == types.UpdateRecommendationLifecycleStageDismissed && in.UpdateReasonCode == "":
			return nil, invalid("A reason is required to dismiss a recommendation.")
		case in.UpdateReasonCode == types.UpdateRecommendationLifecycleStageReasonCodeOther && strings.TrimSpace(aws.ToString(in.UpdateReason)) == "":
			return nil, invalid("The reason other requires an update reason.")
		case !slices.Contains(in.LifecycleStage.Values(), in.LifecycleStage):
			return nil, invalid("lifecycleStage must be one of the enumeration")
		case in.UpdateReason != nil && (utf8.RuneCountInString(*in.UpdateReason) < 10 || utf8.RuneCountInString(*in.UpdateReason) > 4096):
			return nil, invalid("updateReason must have between 10 and 4096 characters")
		}
		p.Stage = advisor.Stage(in.LifecycleStage)
		return &sdk.UpdateRecommendationLifecycleOutput{}, nil
	})
}
