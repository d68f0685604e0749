// Package supporttest shows the Trusted Advisor of package advisortest as the AWS
// Support API does, for tests: it is a support.Reader and a support.RefreshAPI.
// Its limits are those of package advisortest; of the AWS Support API it has these
// operations only.
package supporttest

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/support"
	"github.com/aws/aws-sdk-go-v2/service/support/types"
	"github.com/aws/smithy-go"

	"github.com/awsposture/posture/advisor"
	"github.com/awsposture/posture/advisor/advisortest"
	"github.com/awsposture/posture/advisor/support"
	"github.com/awsposture/posture/internal/awsfake"
)

// Support is the fake. Make one with New.
type Support struct{ *advisortest.Advisor }

var (
	_ support.Reader     = Support{}
	_ support.RefreshAPI = Support{}
)

// New shows a as the AWS Support API does.
func New(a *advisortest.Advisor) Support { return Support{a} }

func call[I, O any](ctx context.Context, s Support, name string, writes bool, in I, effect func(*advisortest.State) (O, error)) (O, error) {
	op := awsfake.Op{Service: "Support", Name: name, Prefix: "support", Denied: "AccessDeniedException", Write: writes}
	return awsfake.Do(ctx, &s.Faults, op, in, func() (out O, err error) {
		s.Edit(func(state *advisortest.State) {
			if state.NotEntitled {
				err = &smithy.GenericAPIError{Code: "SubscriptionRequiredException", Message: "Amazon Web Services Premium Support Subscription is required to use this service.", Fault: smithy.FaultClient}
				return
			}
			out, err = effect(state)
		})
		return out, err
	})
}

func invalid(why string) error {
	return &smithy.GenericAPIError{Code: "InvalidParameterValueException", Message: why, Fault: smithy.FaultClient}
}

// DescribeTrustedAdvisorChecks lists the checks and their headers.
func (s Support) DescribeTrustedAdvisorChecks(ctx context.Context, in *sdk.DescribeTrustedAdvisorChecksInput, _ ...func(*sdk.Options)) (*sdk.DescribeTrustedAdvisorChecksOutput, error) {
	return call(ctx, s, "DescribeTrustedAdvisorChecks", false, in, func(state *advisortest.State) (*sdk.DescribeTrustedAdvisorChecksOutput, error) {
		out := &sdk.DescribeTrustedAdvisorChecksOutput{}
		for _, c := range state.Checks {
			out.Checks = append(out.Checks, types.TrustedAdvisorCheckDescription{
				Id: aws.String(c.ID), Name: aws.String(c.Name), Category: aws.String(string(c.Category)), Description: aws.String(""), Metadata: aws.StringSlice(c.Headers),
			})
		}
		return out, nil
	})
}

func summary(c *advisortest.Check) *types.TrustedAdvisorResourcesSummary {
	processed, red, yellow, excluded := c.Count()
	if c.NoData {
		processed = 0
	}
	return &types.TrustedAdvisorResourcesSummary{ResourcesProcessed: processed, ResourcesFlagged: red + yellow, ResourcesSuppressed: excluded}
}

func money(c *advisortest.Check) *types.TrustedAdvisorCategorySpecificSummary {
	if c.Category != advisor.CostOptimizing {
		return &types.TrustedAdvisorCategorySpecificSummary{}
	}
	return &types.TrustedAdvisorCategorySpecificSummary{CostOptimizing: &types.TrustedAdvisorCostOptimizingSummary{EstimatedMonthlySavings: float64(c.Savings) / 100}}
}

func timestamp(t time.Time) *string { return aws.String(t.UTC().Format(time.RFC3339)) }

// DescribeTrustedAdvisorCheckSummaries gives counts and colours. An id that is
// none refuses the whole call.
func (s Support) DescribeTrustedAdvisorCheckSummaries(ctx context.Context, in *sdk.DescribeTrustedAdvisorCheckSummariesInput, _ ...func(*sdk.Options)) (*sdk.DescribeTrustedAdvisorCheckSummariesOutput, error) {
	return call(ctx, s, "DescribeTrustedAdvisorCheckSummaries", false, in, func(state *advisortest.State) (*sdk.DescribeTrustedAdvisorCheckSummariesOutput, error) {
		out := &sdk.DescribeTrustedAdvisorCheckSummariesOutput{}
		for _, id := range in.CheckIds {
			c := state.Find(aws.ToString(id))
			if c == nil {
				return nil, invalid("Invalid check id: " + aws.ToString(id))
			}
			n := summary(c)
			out.Summaries = append(out.Summaries, types.TrustedAdvisorCheckSummary{
				CheckId: id, Status: aws.String(advisortest.Status(c.Colour)), Timestamp: timestamp(c.At), HasFlaggedResources: n.ResourcesFlagged > 0,
				ResourcesSummary: n, CategorySpecificSummary: money(c),
			})
		}
		return out, nil
	})
}

// DescribeTrustedAdvisorCheckResult gives a check's resources, what it says of
// them by position.
func (s Support) DescribeTrustedAdvisorCheckResult(ctx context.Context, in *sdk.DescribeTrustedAdvisorCheckResultInput, _ ...func(*sdk.Options)) (*sdk.DescribeTrustedAdvisorCheckResultOutput, error) {
	return call(ctx, s, "DescribeTrustedAdvisorCheckResult", false, in, func(state *advisortest.State) (*sdk.DescribeTrustedAdvisorCheckResultOutput, error) {
		c := state.Find(aws.ToString(in.CheckId))
		if c == nil {
			return nil, invalid("Invalid check id: " + aws.ToString(in.CheckId))
		}
		out := &types.TrustedAdvisorCheckResult{CheckId: in.CheckId, Status: aws.String(advisortest.Status(c.Colour)), Timestamp: timestamp(c.At), ResourcesSummary: summary(c), CategorySpecificSummary: money(c)}
		for _, r := range c.Rows {
			row := types.TrustedAdvisorResourceDetail{ResourceId: aws.String(r.ID), Region: aws.String(r.Region), Status: aws.String(advisortest.Status(r.Colour)), IsSuppressed: r.Excluded}
			for _, v := range r.Values {
				if v == advisortest.Null {
					row.Metadata = append(row.Metadata, nil)
					continue
				}
				row.Metadata = append(row.Metadata, aws.String(v))
			}
			out.FlaggedResources = append(out.FlaggedResources, row)
		}
		return &sdk.DescribeTrustedAdvisorCheckResultOutput{Result: out}, nil
	})
}

// DescribeTrustedAdvisorCheckRefreshStatuses gives how far refreshes are. What was
// asked for is done by the next time that somebody looks.
func (s Support) DescribeTrustedAdvisorCheckRefreshStatuses(ctx context.Context, in *sdk.DescribeTrustedAdvisorCheckRefreshStatusesInput, _ ...func(*sdk.Options)) (*sdk.DescribeTrustedAdvisorCheckRefreshStatusesOutput, error) {
	return call(ctx, s, "DescribeTrustedAdvisorCheckRefreshStatuses", false, in, func(state *advisortest.State) (*sdk.DescribeTrustedAdvisorCheckRefreshStatusesOutput, error) {
		out := &sdk.DescribeTrustedAdvisorCheckRefreshStatusesOutput{}
		for _, id := range in.CheckIds {
			c := state.Find(aws.ToString(id))
			if c == nil || c.ByAWS {
				return nil, invalid("Check " + aws.ToString(id) + " is refreshed automatically or does not exist.")
			}
			if c.Refresh == advisor.RefreshEnqueued {
				c.Refresh, c.At = advisor.RefreshSuccess, s.Time()
			}
			out.Statuses = append(out.Statuses, status(c))
		}
		return out, nil
	})
}

func status(c *advisortest.Check) types.TrustedAdvisorCheckRefreshStatus {
	state := c.Refresh
	if state == "" {
		state = advisor.RefreshNone
	}
	return types.TrustedAdvisorCheckRefreshStatus{CheckId: aws.String(c.ID), Status: aws.String(string(state)), MillisUntilNextRefreshable: c.Next.Milliseconds()}
}

// RefreshTrustedAdvisorCheck asks for a refresh. Before its time nothing happens.
func (s Support) RefreshTrustedAdvisorCheck(ctx context.Context, in *sdk.RefreshTrustedAdvisorCheckInput, _ ...func(*sdk.Options)) (*sdk.RefreshTrustedAdvisorCheckOutput, error) {
	return call(ctx, s, "RefreshTrustedAdvisorCheck", true, in, func(state *advisortest.State) (*sdk.RefreshTrustedAdvisorCheckOutput, error) {
		c := state.Find(aws.ToString(in.CheckId))
		if c == nil || c.ByAWS {
			return nil, invalid("Check " + aws.ToString(in.CheckId) + " cannot be refreshed on demand.")
		}
		if c.Next <= 0 {
			c.Refresh, c.Next = advisor.RefreshEnqueued, 5*time.Minute
		}
		st := status(c)
		return &sdk.RefreshTrustedAdvisorCheckOutput{Status: &st}, nil
	})
}
