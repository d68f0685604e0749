package inspector

import (
	"context"
	"fmt"
	"iter"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/inspector2"
	"github.com/aws/aws-sdk-go-v2/service/inspector2/types"

	"github.com/awsposture/posture"
)

// findingsPage is the most that a page of ListFindings holds.
const findingsPage = 100

// Query says which findings to stream.
type Query struct {
	Statuses    []string      // ACTIVE, SUPPRESSED, CLOSED; default ACTIVE
	Types       []FindingType // default all
	Resources   []string      // ids; default all
	AllAccounts bool          // an administrator's members' too; default the region's own account
}

func equals[S ~string](values ...S) []types.StringFilter {
	var fs []types.StringFilter
	for _, v := range values {
		fs = append(fs, types.StringFilter{Comparison: types.StringComparisonEquals, Value: aws.String(string(v))})
	}
	return fs
}

// Findings streams the account's active findings, page by page, and keeps none
// of them. Suppressed ones are not among them: see Query. An error comes last,
// with a zero Finding; without one the stream came to its end. Where Inspector is
// not enabled AWS denies the call; ask Status first.
func (r *Region) Findings(ctx context.Context) iter.Seq2[Finding, error] {
	return r.Query(ctx, Query{})
}

// Query streams the findings that q asks for, as Findings does.
func (r *Region) Query(ctx context.Context, q Query) iter.Seq2[Finding, error] {
	criteria := &types.FilterCriteria{FindingStatus: equals(q.Statuses...), FindingType: equals(q.Types...), ResourceId: equals(q.Resources...)}
	if q.Statuses == nil {
		criteria.FindingStatus = equals(string(types.FindingStatusActive))
	}
	if !q.AllAccounts {
		criteria.AwsAccountId = equals(r.place.Account)
	}
	return func(yield func(Finding, error) bool) {
		var token *string
		seen := map[string]bool{}
		for {
			out, err := r.api.ListFindings(ctx, &inspector2.ListFindingsInput{FilterCriteria: criteria, MaxResults: aws.Int32(findingsPage), NextToken: token})
			if err != nil {
				yield(Finding{}, err)
				return
			}
			for _, f := range out.Findings {
				if !yield(findingOf(r.place, f), nil) {
					return
				}
			}
			next := aws.ToString(out.NextToken)
			switch {
			case next == "":
				return
			case seen[next]:
				yield(Finding{}, &posture.Cause{Kind: posture.CauseTruncated, Operation: "Inspector2:ListFindings", Message: fmt.Sprintf("the listing gave the page token %.40q twice", next)})
				return
			}
			seen[next], token = true, out.NextToken
		}
	}
}
