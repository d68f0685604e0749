// Package trustedadvisortest shows the Trusted Advisor of package advisortest as
// its own API does, for tests: it is a trustedadvisor.Reader and a
// trustedadvisor.WriteAPI. Its limits are those of package advisortest; of the
// filters of a listing it knows the type of recommendation only.
package trustedadvisortest

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/trustedadvisor"
	"github.com/aws/aws-sdk-go-v2/service/trustedadvisor/types"

	"github.com/awsposture/posture/advisor/advisortest"
	"github.com/awsposture/posture/advisor/trustedadvisor"
	"github.com/awsposture/posture/internal/awsfake"
)

// TrustedAdvisor is the fake. Make one with New.
type TrustedAdvisor struct{ *advisortest.Advisor }

var (
	_ trustedadvisor.Reader   = TrustedAdvisor{}
	_ trustedadvisor.WriteAPI = TrustedAdvisor{}
)

// New shows a as the Trusted Advisor API does.
func New(a *advisortest.Advisor) TrustedAdvisor { return TrustedAdvisor{a} }

func call[I, O any](ctx context.Context, t TrustedAdvisor, name string, writes bool, in I, effect func(*advisortest.State) (O, error)) (O, error) {
	op := awsfake.Op{Service: "TrustedAdvisor", Name: name, Prefix: "trustedadvisor", Denied: "AccessDeniedException", Write: writes}
	return awsfake.Do(ctx, &t.Faults, op, in, func() (out O, err error) {
		t.Edit(func(state *advisortest.State) {
			if state.NotEntitled {
				err = &types.AccessDeniedException{Message: aws.String("AWS Premium Support Subscription is required to use this service.")}
				return
			}
			out, err = effect(state)
		})
		return out, err
	})
}

// largestPage is the most a page holds, and what it holds unasked.
const largestPage = 200

func page[T any](t TrustedAdvisor, items []T, token *string, most *int32) ([]T, *string, error) {
	if most != nil && (*most < 1 || *most > largestPage) {
		return nil, nil, invalid("maxResults must be between 1 and 200")
	}
	return awsfake.Page(&t.Faults, items, token, most, largestPage)
}

func invalid(why string) error { return &types.ValidationException{Message: aws.String(why)} }

func (t TrustedAdvisor) arn(account, what string) *string {
	return aws.String("arn:" + t.Place().Partition + ":trustedadvisor::" + account + ":" + what)
}

func (t TrustedAdvisor) recommendation(id string) *string {
	return t.arn(t.Place().Account, "recommendation/"+id)
}

func (t TrustedAdvisor) row(c *advisortest.Check, r *advisortest.Row) *string {
	return t.arn(t.Place().Account, "recommendation-resource/rec-"+c.ID+"/"+r.ID)
}

// ListChecks lists the checks.
func (t TrustedAdvisor) ListChecks(ctx context.Context, in *sdk.ListChecksInput, _ ...func(*sdk.Options)) (*sdk.ListChecksOutput, error) {
	return call(ctx, t, "ListChecks", false, in, func(s *advisortest.State) (*sdk.ListChecksOutput, error) {
		cut, next, err := page(t, s.Checks, in.NextToken, in.MaxResults)
		out := &sdk.ListChecksOutput{NextToken: next}
		for _, c := range cut {
			out.CheckSummaries = append(out.CheckSummaries, types.CheckSummary{
				Id: aws.String(c.ID), Arn: t.arn("", "check/"+c.ID), Name: aws.String(c.Name), Source: source(c), Pillars: []types.RecommendationPillar{types.RecommendationPillar(c.Category)},
			})
		}
		return out, err
	})
}

func source(c *advisortest.Check) types.RecommendationSource {
	if c.Source == "" {
		return types.RecommendationSourceTaCheck
	}
	return types.RecommendationSource(c.Source)
}
