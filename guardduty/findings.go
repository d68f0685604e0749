package guardduty

import (
	"context"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/guardduty"
	"github.com/aws/aws-sdk-go-v2/service/guardduty/types"
)

// OpenFinding is an unarchived finding of severity High or Critical.
type OpenFinding struct {
	ID       string
	ARN      string
	Type     string
	Title    string
	Severity float64 // 7.0 to 10.0
	Created  time.Time
	Updated  time.Time
}

// OpenFindings reads the account's unarchived findings of severity High or
// Critical. A finding that goes away while it is read is left out.
func (r *Region) OpenFindings(ctx context.Context) ([]OpenFinding, error) {
	return r.findings.Get(ctx, func(ctx context.Context) ([]OpenFinding, error) {
		d, err := r.Detector(ctx)
		if err != nil || d.ID == "" {
			return nil, err
		}
		ids, listed := pages(ctx, func(ctx context.Context, token *string) ([]string, *string, error) {
			out, err := r.api.ListFindings(ctx, &guardduty.ListFindingsInput{DetectorId: &d.ID, FindingCriteria: r.openAndSevere(), MaxResults: aws.Int32(pageSize), NextToken: token})
			if err != nil {
				return nil, nil, err
			}
			return out.FindingIds, out.NextToken, nil
		})
		var all []OpenFinding
		for batch := range slices.Chunk(ids, pageSize) {
			out, err := r.api.GetFindings(ctx, &guardduty.GetFindingsInput{DetectorId: &d.ID, FindingIds: batch})
			if err != nil {
				return all, err
			}
			for _, f := range out.Findings {
				all = append(all, openFindingOf(f))
			}
		}
		return all, listed
	})
}

// openAndSevere leaves out what an administrator sees of its members: that is
// judged in the members' own regions.
func (r *Region) openAndSevere() *types.FindingCriteria {
	return &types.FindingCriteria{Criterion: map[string]types.Condition{
		"severity":         {GreaterThanOrEqual: aws.Int64(7)},
		"service.archived": {Equals: []string{"false"}},
		"accountId":        {Equals: []string{r.place.Account}},
	}}
}

func openFindingOf(f types.Finding) OpenFinding {
	return OpenFinding{
		ID: aws.ToString(f.Id), ARN: aws.ToString(f.Arn), Type: aws.ToString(f.Type), Title: aws.ToString(f.Title),
		Severity: aws.ToFloat64(f.Severity), Created: moment(f.CreatedAt), Updated: moment(f.UpdatedAt),
	}
}

// moment reads a time of GuardDuty's; zero is one that does not parse.
func moment(s *string) time.Time {
	t, err := time.Parse(time.RFC3339, aws.ToString(s))
	if err != nil {
		return time.Time{}
	}
	return t
}
