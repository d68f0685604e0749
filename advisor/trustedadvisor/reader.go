package trustedadvisor

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/trustedadvisor"
)

// Reader is the Trusted Advisor operations that Source reads with;
// *trustedadvisor.Client fits. It grows in minor releases: who implements it
// embeds Reader itself, or the fake of package trustedadvisortest.
type Reader interface {
	trustedadvisor.ListChecksAPIClient
	trustedadvisor.ListRecommendationsAPIClient
	trustedadvisor.ListRecommendationResourcesAPIClient

	GetRecommendation(context.Context, *trustedadvisor.GetRecommendationInput, ...func(*trustedadvisor.Options)) (*trustedadvisor.GetRecommendationOutput, error)
}

// WriteAPI is the Trusted Advisor operations that Writer writes with;
// *trustedadvisor.Client fits. A program that only scans is never handed one.
type WriteAPI interface {
	BatchUpdateRecommendationResourceExclusion(context.Context, *trustedadvisor.BatchUpdateRecommendationResourceExclusionInput, ...func(*trustedadvisor.Options)) (*trustedadvisor.BatchUpdateRecommendationResourceExclusionOutput, error)
	UpdateRecommendationLifecycle(context.Context, *trustedadvisor.UpdateRecommendationLifecycleInput, ...func(*trustedadvisor.Options)) (*trustedadvisor.UpdateRecommendationLifecycleOutput, error)
}
