package guardduty

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/guardduty"
	"github.com/aws/aws-sdk-go-v2/service/guardduty/types"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/internal/gate"
)

// Filter is a filter of findings, whole. One that archives is a suppression
// rule. It is a state that can be set: see FilterSetting.
type Filter struct {
	Name        string               `json:"name"` // "": there is no such filter
	Archive     bool                 `json:"archive"`
	Description string               `json:"description,omitempty"`
	Rank        int                  `json:"rank,omitempty"`
	Criteria    map[string]Criterion `json:"criteria,omitempty"` // by attribute of a finding, "type"
	Tags        map[string]string    `json:"tags,omitempty"`
}

// Criterion is what one attribute must be. The deprecated forms of the API (eq,
// neq, gt, gte, lt, lte) are read as their successors.
type Criterion struct {
	Equals         []string `json:"equals,omitempty"`
	NotEquals      []string `json:"notEquals,omitempty"`
	Matches        []string `json:"matches,omitempty"` // with the wildcards * and ?
	NotMatches     []string `json:"notMatches,omitempty"`
	Greater        *int64   `json:"greaterThan,omitempty"`
	GreaterOrEqual *int64   `json:"greaterThanOrEqual,omitempty"`
	Less           *int64   `json:"lessThan,omitempty"`
	LessOrEqual    *int64   `json:"lessThanOrEqual,omitempty"`
}

// FilterNames lists the names of the region's filters.
func (r *Region) FilterNames(ctx context.Context) ([]string, error) {
	return r.filterNames.Get(ctx, func(ctx context.Context) ([]string, error) {
		d, err := r.Detector(ctx)
		if err != nil || d.ID == "" {
			return nil, err
		}
		return pages(ctx, func(ctx context.Context, token *string) ([]string, *string, error) {
			out, err := r.api.ListFilters(ctx, &guardduty.ListFiltersInput{DetectorId: &d.ID, MaxResults: aws.Int32(pageSize), NextToken: token})
			if err != nil {
				return nil, nil, err
			}
			return out.FilterNames, out.NextToken, nil
		})
	})
}

// Filter reads one filter.
func (r *Region) Filter(ctx context.Context, name string) (Filter, error) {
	return r.filter.Get(ctx, name, func(ctx context.Context) (Filter, error) {
		d, err := r.Detector(ctx)
		if err != nil {
			return Filter{}, err
		}
		return gate.Do(ctx, &r.gate, func(ctx context.Context) (Filter, error) { return getFilter(ctx, r.api, d.ID, name) })
	})
}

func getFilter(ctx context.Context, api Reader, detector, name string) (Filter, error) {
	out, err := api.GetFilter(ctx, &guardduty.GetFilterInput{DetectorId: &detector, FilterName: &name})
	switch {
	case err != nil:
		return Filter{}, err
	case out.Action != types.FilterActionArchive && out.Action != types.FilterActionNoop:
		return Filter{}, malformed("GetFilter", "the action of filter %s is %q", name, out.Action)
	}
	f := Filter{Name: name, Archive: out.Action == types.FilterActionArchive, Description: aws.ToString(out.Description), Rank: int(aws.ToInt32(out.Rank)), Tags: out.Tags}
	if out.FindingCriteria == nil {
		return f, nil
	}
	f.Criteria = map[string]Criterion{}
	for attribute, c := range out.FindingCriteria.Criterion {
		f.Criteria[attribute] = criterionOf(c)
	}
	return f, nil
}

func criterionOf(c types.Condition) Criterion {
	either := func(now *int64, was *int32) *int64 {
		if now == nil && was != nil {
			return aws.Int64(int64(*was))
		}
		return now
	}
	both := func(now, was []string) []string {
		all := slices.Concat(now, was) // AWS answers with the same values in both
		slices.Sort(all)
		return slices.Compact(all)
	}
	return Criterion{
		Equals: both(c.Equals, c.Eq), NotEquals: both(c.NotEquals, c.Neq), Matches: c.Matches, NotMatches: c.NotMatches,
		Greater: either(c.GreaterThan, c.Gt), GreaterOrEqual: either(c.GreaterThanOrEqual, c.Gte),
		Less: either(c.LessThan, c.Lt), LessOrEqual: either(c.LessThanOrEqual, c.Lte),
	}
}

func (c Criterion) condition() types.Condition {
	return types.Condition{
		Equals: c.Equals, NotEquals: c.NotEquals, Matches: c.Matches, NotMatches: c.NotMatches,
		GreaterThan: c.Greater, GreaterThanOrEqual: c.GreaterOrEqual, LessThan: c.Less, LessThanOrEqual: c.LessOrEqual,
	}
}

func (r *Region) filterResource(d Detector, name string) posture.Resource {
	return r.place.Resource("AWS::GuardDuty::Filter", name, r.arn(d, "/filter/"+name))
}
