package trustedadvisor

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/trustedadvisor"
	"github.com/aws/aws-sdk-go-v2/service/trustedadvisor/types"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/advisor"
	"github.com/awsposture/posture/internal/paging"
)

// Source is Trusted Advisor as its own API shows it. It implements advisor.Source
// and advisor.PriorityReader.
type Source struct{ api Reader }

// NewSource makes a source that reads with api.
func NewSource(api Reader) Source { return Source{api} }

// FromConfig makes the view of Trusted Advisor in the account at p, read through
// its own API with a client of cfg.
func FromConfig(cfg aws.Config, p posture.Place) *advisor.Account {
	return advisor.NewAccount(p, NewSource(Client(cfg, p)))
}

// Client makes the Trusted Advisor client that FromConfig reads with. It fits
// WriteAPI too. The API has endpoints in a few regions, and the same data in each:
// it is asked in the partition's home region, whatever region cfg has.
func Client(cfg aws.Config, p posture.Place) *trustedadvisor.Client {
	return trustedadvisor.NewFromConfig(cfg, func(o *trustedadvisor.Options) {
		switch p.Partition {
		case "aws-us-gov":
			o.Region = "us-gov-west-1"
		case "aws", "":
			o.Region = "us-east-1"
		}
	})
}

// Actions implements advisor.Source.
func (Source) Actions() advisor.Actions {
	return advisor.Actions{
		Results:   []string{"trustedadvisor:ListChecks", "trustedadvisor:ListRecommendations"},
		Resources: []string{"trustedadvisor:ListRecommendationResources"},
	}
}

// pageSize is the most that a page of any Trusted Advisor listing can hold.
const pageSize = 200

func pages[T any](ctx context.Context, read func(ctx context.Context, token *string) ([]T, *string, error)) ([]T, error) {
	all, err := paging.All(ctx, func(ctx context.Context, token *string) (paging.Page[T], error) {
		items, next, err := read(ctx, token)
		return paging.Page[T]{Items: items, Next: next}, err
	})
	return all, entitled(err)
}

// entitled tells the refusal of an account whose support plan does not include the
// API, which AWS gives the code of a missing permission, from such a one.
func entitled(err error) error {
	c := posture.CauseOf(err)
	if c == nil || c.Kind != posture.CauseDenied || c.Action != "" || !strings.Contains(strings.ToLower(c.Message), "subscription") {
		return err
	}
	c.Kind = posture.CauseNotEntitled
	return c
}

// Results implements advisor.Source.
func (s Source) Results(ctx context.Context) ([]advisor.Result, error) {
	results, err := pages(ctx, func(ctx context.Context, token *string) ([]advisor.Result, *string, error) {
		out, err := s.api.ListChecks(ctx, &trustedadvisor.ListChecksInput{MaxResults: aws.Int32(pageSize), NextToken: token})
		if err != nil {
			return nil, nil, err
		}
		var all []advisor.Result
		for _, c := range out.CheckSummaries {
			check, err := checkOf(c)
			if err != nil {
				return all, nil, err
			}
			all = append(all, advisor.Result{Check: check, Colour: advisor.NotAvailable})
		}
		return all, out.NextToken, nil
	})
	if err != nil && len(results) == 0 {
		return nil, err
	}
	broken := []error{err}
	at := map[string]int{}
	for i, r := range results {
		at[r.Check.ID] = i
	}
	recommendations, err := s.recommendations(ctx, types.RecommendationTypeStandard)
	broken = append(broken, err)
	for _, r := range recommendations {
		i, known := at[last(r.CheckArn)]
		if !known {
			// A recommendation of a check that is not listed: judge it all the
			// same.
			i = len(results)
			at[last(r.CheckArn)] = i
			results = append(results, advisor.Result{Check: advisor.Check{ID: last(r.CheckArn), Name: aws.ToString(r.Name), Source: string(r.Source), Categories: categories(r.Pillars)}})
		}
		broken = append(broken, fill(&results[i], r))
	}
	err = errors.Join(broken...)
	if err != nil { // those without a recommendation may have one all the same
		results = slices.DeleteFunc(results, func(r advisor.Result) bool { return r.ARN == "" })
	}
	return results, err
}

func (s Source) recommendations(ctx context.Context, kind types.RecommendationType) ([]types.RecommendationSummary, error) {
	return pages(ctx, func(ctx context.Context, token *string) ([]types.RecommendationSummary, *string, error) {
		out, err := s.api.ListRecommendations(ctx, &trustedadvisor.ListRecommendationsInput{Type: kind, MaxResults: aws.Int32(pageSize), NextToken: token})
		if err != nil {
			return nil, nil, err
		}
		for i, r := range out.RecommendationSummaries {
			if aws.ToString(r.Arn) == "" || kind == types.RecommendationTypeStandard && last(r.CheckArn) == "" {
				return out.RecommendationSummaries[:i], nil, malformed("ListRecommendations", "recommendation %q has no ARN, or no check", aws.ToString(r.Name))
			}
		}
		return out.RecommendationSummaries, out.NextToken, nil
	})
}

func checkOf(c types.CheckSummary) (advisor.Check, error) {
	id := orLast(c.Id, c.Arn)
	if id == "" {
		return advisor.Check{}, malformed("ListChecks", "check %q has no id", aws.ToString(c.Name))
	}
	return advisor.Check{ID: id, Name: aws.ToString(c.Name), Source: string(c.Source), Categories: categories(c.Pillars)}, nil
}

func categories(pillars []types.RecommendationPillar) (all []advisor.Category) {
	for _, p := range pillars {
		all = append(all, advisor.Category(p))
	}
	return all
}

// fill puts a recommendation into the result of its check. One without counts is
// refused, since it would look as if there were nothing to look at.
func fill(r *advisor.Result, s types.RecommendationSummary) error {
	if s.ResourcesAggregates == nil && s.StatusReason != types.StatusReasonNoDataOk {
		return malformed("ListRecommendations", "recommendation %s of check %s has no counts", aws.ToString(s.Arn), r.Check.ID)
	}
	r.Colour, r.ARN = advisor.ColourOf(string(s.Status)), aws.ToString(s.Arn)
	r.NoData = s.StatusReason == types.StatusReasonNoDataOk
	r.At = aws.ToTime(s.LastUpdatedAt)
	if n := s.ResourcesAggregates; n != nil {
		r.Flagged, r.Excluded = aws.ToInt64(n.ErrorCount)+aws.ToInt64(n.WarningCount), aws.ToInt64(n.ExcludedCount)
		r.Processed = aws.ToInt64(n.OkCount) + r.Flagged + r.Excluded
	}
	if c := s.PillarSpecificAggregates; c != nil && c.CostOptimizing != nil {
		r.Savings = advisor.CentsOf(aws.ToFloat64(c.CostOptimizing.EstimatedMonthlySavings))
	}
	return nil
}

// Resources implements advisor.Source.
func (s Source) Resources(ctx context.Context, r advisor.Result) ([]advisor.Flagged, error) {
	return pages(ctx, func(ctx context.Context, token *string) ([]advisor.Flagged, *string, error) {
		out, err := s.api.ListRecommendationResources(ctx, &trustedadvisor.ListRecommendationResourcesInput{RecommendationIdentifier: &r.ARN, MaxResults: aws.Int32(pageSize), NextToken: token})
		if err != nil {
			return nil, nil, err
		}
		rows := make([]advisor.Flagged, 0, len(out.RecommendationResourceSummaries))
		for _, f := range out.RecommendationResourceSummaries {
			rows = append(rows, advisor.Flagged{
				RowID: aws.ToString(f.Id), RowARN: aws.ToString(f.Arn), ID: advisor.Identity(r.Check.ID, aws.ToString(f.AwsResourceId), aws.ToString(f.Id), f.Metadata), Region: region(f.RegionCode),
				Colour: advisor.ColourOf(string(f.Status)), Excluded: f.ExclusionStatus == types.ExclusionStatusExcluded, Meta: f.Metadata, Savings: advisor.SavingsIn(f.Metadata),
			})
		}
		return rows, out.NextToken, nil
	})
}

// region is a row's region, "" where it is global.
func region(code *string) string {
	if r := aws.ToString(code); r != "global" && r != "-" {
		return r
	}
	return ""
}

func last(arn *string) string {
	return aws.ToString(arn)[strings.LastIndexByte(aws.ToString(arn), '/')+1:]
}

func orLast(id, arn *string) string {
	if aws.ToString(id) != "" {
		return *id
	}
	return last(arn)
}

func malformed(operation, format string, args ...any) error {
	return &posture.Cause{Kind: posture.CauseMalformed, Operation: "TrustedAdvisor:" + operation, Message: fmt.Sprintf(format, args...)}
}
