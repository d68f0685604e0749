package trustedadvisor

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/trustedadvisor"
	"github.com/aws/aws-sdk-go-v2/service/trustedadvisor/types"
	"github.com/aws/smithy-go"

	"github.com/awsposture/posture/advisor"
)

// Writer changes exclusions and stages. It implements advisor.Writer.
type Writer struct{ api WriteAPI }

// NewWriter makes a writer that writes with api.
func NewWriter(api WriteAPI) Writer { return Writer{api} }

// WriteActions implements advisor.Writer.
func (Writer) WriteActions() (exclude, move []string) {
	return []string{"trustedadvisor:BatchUpdateRecommendationResourceExclusion"}, []string{"trustedadvisor:UpdateRecommendationLifecycle"}
}

// Exclude implements advisor.Writer. A row that AWS refuses by itself, within an
// answer that is good, is an error with the code that AWS gives for the row.
func (w Writer) Exclude(ctx context.Context, rowARN string, excluded bool) error {
	out, err := w.api.BatchUpdateRecommendationResourceExclusion(ctx, &trustedadvisor.BatchUpdateRecommendationResourceExclusionInput{
		RecommendationResourceExclusions: []types.RecommendationResourceExclusion{{Arn: &rowARN, IsExcluded: &excluded}},
	})
	if err != nil {
		return entitled(err)
	}
	for _, e := range out.BatchUpdateRecommendationResourceExclusionErrors {
		return fmt.Errorf("row %s: %w", rowARN, &smithy.GenericAPIError{Code: aws.ToString(e.ErrorCode), Message: aws.ToString(e.ErrorMessage)})
	}
	return nil
}

// Move implements advisor.Writer.
func (w Writer) Move(ctx context.Context, arn string, to advisor.Stage, why advisor.Reason) error {
	in := &trustedadvisor.UpdateRecommendationLifecycleInput{RecommendationIdentifier: &arn, LifecycleStage: types.UpdateRecommendationLifecycleStage(to)}
	if to == advisor.StageDismissed || to == advisor.StageResolved { // the others take no reason
		in.UpdateReasonCode = types.UpdateRecommendationLifecycleStageReasonCode(why.Code)
		if why.Text != "" {
			in.UpdateReason = &why.Text
		}
	}
	_, err := w.api.UpdateRecommendationLifecycle(ctx, in)
	return entitled(err)
}
