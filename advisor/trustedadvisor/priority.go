package trustedadvisor

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/trustedadvisor"
	"github.com/aws/aws-sdk-go-v2/service/trustedadvisor/types"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/advisor"
)

// PriorityActions implements advisor.PriorityReader.
func (Source) PriorityActions() (list, get []string) {
	return []string{"trustedadvisor:ListRecommendations"}, []string{"trustedadvisor:GetRecommendation"}
}

// Priorities implements advisor.PriorityReader.
func (s Source) Priorities(ctx context.Context) ([]advisor.Priority, error) {
	all, err := s.recommendations(ctx, types.RecommendationTypePriority)
	ps := make([]advisor.Priority, len(all))
	for i, r := range all {
		ps[i] = advisor.Priority{
			ARN: aws.ToString(r.Arn), Name: aws.ToString(r.Name), Colour: advisor.ColourOf(string(r.Status)), Stage: advisor.Stage(r.LifecycleStage),
			Created: aws.ToTime(r.CreatedAt), Updated: aws.ToTime(r.LastUpdatedAt), Category: first(r.Pillars),
		}
	}
	return ps, err
}

// Priority implements advisor.PriorityReader.
func (s Source) Priority(ctx context.Context, arn string) (advisor.Priority, bool, error) {
	out, err := s.api.GetRecommendation(ctx, &trustedadvisor.GetRecommendationInput{RecommendationIdentifier: &arn})
	c := posture.CauseOf(err)
	switch {
	case c != nil && c.Code == "ResourceNotFoundException":
		return advisor.Priority{}, false, nil
	case err != nil:
		return advisor.Priority{}, false, entitled(err)
	case out.Recommendation == nil:
		return advisor.Priority{}, false, malformed("GetRecommendation", "there is no recommendation")
	}
	r := out.Recommendation
	return advisor.Priority{
		ARN: aws.ToString(r.Arn), Name: aws.ToString(r.Name), Colour: advisor.ColourOf(string(r.Status)), Stage: advisor.Stage(r.LifecycleStage),
		Created: aws.ToTime(r.CreatedAt), Updated: aws.ToTime(r.LastUpdatedAt), Category: first(r.Pillars),
	}, true, nil
}

func first(pillars []types.RecommendationPillar) advisor.Category {
	if all := categories(pillars); len(all) > 0 {
		return all[0]
	}
	return ""
}
