package support

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/support"
)

// Reader is the AWS Support operations that Source reads with; *support.Client
// fits. It grows in minor releases: who implements it embeds Reader itself, or the
// fake of package supporttest.
type Reader interface {
	DescribeTrustedAdvisorCheckResult(context.Context, *support.DescribeTrustedAdvisorCheckResultInput, ...func(*support.Options)) (*support.DescribeTrustedAdvisorCheckResultOutput, error)
	DescribeTrustedAdvisorCheckSummaries(context.Context, *support.DescribeTrustedAdvisorCheckSummariesInput, ...func(*support.Options)) (*support.DescribeTrustedAdvisorCheckSummariesOutput, error)
	DescribeTrustedAdvisorChecks(context.Context, *support.DescribeTrustedAdvisorChecksInput, ...func(*support.Options)) (*support.DescribeTrustedAdvisorChecksOutput, error)
}

// RefreshAPI is the AWS Support operations of refreshing; *support.Client fits.
type RefreshAPI interface {
	DescribeTrustedAdvisorCheckRefreshStatuses(context.Context, *support.DescribeTrustedAdvisorCheckRefreshStatusesInput, ...func(*support.Options)) (*support.DescribeTrustedAdvisorCheckRefreshStatusesOutput, error)
	RefreshTrustedAdvisorCheck(context.Context, *support.RefreshTrustedAdvisorCheckInput, ...func(*support.Options)) (*support.RefreshTrustedAdvisorCheckOutput, error)
}
