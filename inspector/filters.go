package inspector

import (
	"context"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/inspector2"
	"github.com/aws/aws-sdk-go-v2/service/inspector2/types"

	"github.com/awsposture/posture"
)

// Filter is a filter of findings. One that suppresses is a suppression rule. It
// is a state of which the suppression alone can be set: see FilterSetting.
type Filter struct {
	Name        string                 `json:"name"` // "": there is no such filter
	Suppresses  bool                   `json:"suppresses"`
	Reason      string                 `json:"reason,omitempty"`
	Description string                 `json:"description,omitempty"`
	Owner       string                 `json:"owner,omitempty"` // account id
	Criteria    map[string][]Condition `json:"criteria,omitempty"`

	ARN  string            `json:"-"`
	Tags map[string]string `json:"-"` // another operation's to set
}

// Condition is one condition on an attribute of findings. Attributes have the
// API's names: severity, vulnerabilityId, ecrImageRepositoryName.
type Condition struct {
	Comparison string `json:"comparison"`    // EQUALS, PREFIX, NOT_EQUALS, RANGE
	Key        string `json:"key,omitempty"` // of a tag
	Value      string `json:"value"`         // of a range "from..to", an open end empty
}

// filtersPage is the most that a page of ListFilters holds.
const filtersPage = 100

// Filters lists the account's filters.
func (r *Region) Filters(ctx context.Context) ([]Filter, error) {
	return r.filters.Get(ctx, func(ctx context.Context) ([]Filter, error) { return listFilters(ctx, r.api) })
}

func listFilters(ctx context.Context, api Reader, arns ...string) ([]Filter, error) {
	return pages(ctx, func(ctx context.Context, token *string) ([]Filter, *string, error) {
		out, err := api.ListFilters(ctx, &inspector2.ListFiltersInput{Arns: arns, MaxResults: aws.Int32(filtersPage), NextToken: token})
		if err != nil {
			return nil, nil, err
		}
		var all []Filter
		for _, f := range out.Filters {
			v := Filter{
				Name: aws.ToString(f.Name), Suppresses: f.Action == types.FilterActionSuppress, Reason: aws.ToString(f.Reason), Description: aws.ToString(f.Description),
				Owner: aws.ToString(f.OwnerId), ARN: aws.ToString(f.Arn), Tags: f.Tags,
			}
			if v.Name == "" {
				return all, nil, malformed("ListFilters", "filter %q has no name", v.ARN)
			}
			if f.Criteria != nil {
				v.Criteria = criteriaOf(*f.Criteria)
			}
			all = append(all, v)
		}
		return all, out.NextToken, nil
	})
}

// criteriaOf reads the criteria by their attributes' names, so that an
// attribute that a later SDK adds is not lost from sight.
func criteriaOf(c types.FilterCriteria) map[string][]Condition {
	all := map[string][]Condition{}
	v := reflect.ValueOf(c)
	for i := range v.NumField() {
		if name := v.Type().Field(i).Name; v.Field(i).Kind() == reflect.Slice {
			for j := range v.Field(i).Len() {
				name = strings.ToLower(name[:1]) + name[1:]
				all[name] = append(all[name], conditionOf(v.Field(i).Index(j).Interface()))
			}
		}
	}
	return all
}

func conditionOf(f any) Condition {
	switch f := f.(type) {
	case types.StringFilter:
		return Condition{Comparison: string(f.Comparison), Value: aws.ToString(f.Value)}
	case types.MapFilter:
		return Condition{Comparison: string(f.Comparison), Key: aws.ToString(f.Key), Value: aws.ToString(f.Value)}
	case types.NumberFilter:
		return span(number(f.LowerInclusive), number(f.UpperInclusive))
	case types.DateFilter:
		return span(moment(f.StartInclusive), moment(f.EndInclusive))
	case types.PortRangeFilter:
		return span(port(f.BeginInclusive), port(f.EndInclusive))
	case types.PackageFilter:
		var parts []string
		v := reflect.ValueOf(f)
		for i := range v.NumField() {
			if !v.Type().Field(i).IsExported() {
				continue
			}
			if s, ok := v.Field(i).Interface().(*types.StringFilter); ok && s != nil {
				parts = append(parts, fmt.Sprintf("%s %s %s", strings.ToLower(v.Type().Field(i).Name), s.Comparison, aws.ToString(s.Value)))
			}
		}
		return Condition{Comparison: "EQUALS", Value: strings.Join(parts, ", ")}
	}
	return Condition{Comparison: "UNKNOWN", Value: fmt.Sprintf("%T", f)}
}

func span(from, to string) Condition { return Condition{Comparison: "RANGE", Value: from + ".." + to} }

func number(f *float64) string {
	if f == nil {
		return ""
	}
	return strconv.FormatFloat(*f, 'f', -1, 64)
}

func port(n *int32) string {
	if n == nil {
		return ""
	}
	return strconv.Itoa(int(*n))
}

func moment(t *time.Time) string {
	if t == nil {
		return ""
	}
	return stamp(*t)
}

func (r *Region) filterResource(f Filter) posture.Resource {
	return r.place.Resource("AWS::InspectorV2::Filter", f.Name, f.ARN)
}
