package support

import (
	"context"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/support"
	"github.com/aws/aws-sdk-go-v2/service/support/types"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/advisor"
)

// Refresher refreshes checks. It implements advisor.Refresher.
type Refresher struct{ api RefreshAPI }

// NewRefresher makes a refresher that asks with api.
func NewRefresher(api RefreshAPI) Refresher { return Refresher{api} }

// Refreshes implements advisor.Refresher. One check that AWS refreshes by itself
// makes AWS refuse all of them; they are then asked for one by one.
func (r Refresher) Refreshes(ctx context.Context, checks []string) ([]advisor.Refresh, error) {
	out, err := r.api.DescribeTrustedAdvisorCheckRefreshStatuses(ctx, &support.DescribeTrustedAdvisorCheckRefreshStatusesInput{CheckIds: aws.StringSlice(checks)})
	switch {
	case byAWS(err) && len(checks) == 1:
		return []advisor.Refresh{{Check: checks[0], State: advisor.RefreshByAWS}}, nil
	case byAWS(err):
		var all []advisor.Refresh
		for i := range checks {
			one, err := r.Refreshes(ctx, checks[i:i+1])
			if err != nil {
				return all, err
			}
			all = append(all, one...)
		}
		return all, nil
	case err != nil:
		return nil, err
	}
	all := make([]advisor.Refresh, len(out.Statuses))
	for i, s := range out.Statuses {
		all[i] = refreshOf(s)
	}
	return all, nil
}

// Refresh implements advisor.Refresher.
func (r Refresher) Refresh(ctx context.Context, check string) (advisor.Refresh, error) {
	out, err := r.api.RefreshTrustedAdvisorCheck(ctx, &support.RefreshTrustedAdvisorCheckInput{CheckId: &check})
	switch {
	case byAWS(err):
		return advisor.Refresh{Check: check, State: advisor.RefreshByAWS}, nil
	case err != nil:
		return advisor.Refresh{}, err
	case out.Status == nil:
		return advisor.Refresh{}, malformed("RefreshTrustedAdvisorCheck", "there is no status of check %s", check)
	}
	return refreshOf(*out.Status), nil
}

func refreshOf(s types.TrustedAdvisorCheckRefreshStatus) advisor.Refresh {
	return advisor.Refresh{Check: aws.ToString(s.CheckId), State: advisor.RefreshState(aws.ToString(s.Status)), Next: time.Duration(s.MillisUntilNextRefreshable) * time.Millisecond}
}

// byAWS tells whether AWS refuses to refresh a check since it does so by itself.
func byAWS(err error) bool {
	c := posture.CauseOf(err)
	return c != nil && strings.HasPrefix(c.Code, "InvalidParameterValue")
}
