package support

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/support"
	"github.com/aws/aws-sdk-go-v2/service/support/types"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/advisor"
)

// Source is Trusted Advisor as the AWS Support API shows it. It implements
// advisor.Source.
type Source struct{ api Reader }

// NewSource makes a source that reads with api.
func NewSource(api Reader) Source { return Source{api} }

// FromConfig makes the view of Trusted Advisor in the account at p, read through
// the AWS Support API with a client of cfg.
func FromConfig(cfg aws.Config, p posture.Place) *advisor.Account {
	return advisor.NewAccount(p, NewSource(Client(cfg, p)))
}

// Client makes the AWS Support client that FromConfig reads with. It fits
// RefreshAPI too. The SDK sends it to the partition's one endpoint, whichever of
// the partition's regions cfg has; only a cfg without a region gets one.
func Client(cfg aws.Config, p posture.Place) *support.Client {
	return support.NewFromConfig(cfg, func(o *support.Options) {
		if o.Region != "" {
			return
		}
		switch p.Partition {
		case "aws-us-gov":
			o.Region = "us-gov-west-1"
		case "aws", "":
			o.Region = "us-east-1"
		}
	})
}

// Actions implements advisor.Source.
func (Source) Actions() advisor.Actions {
	return advisor.Actions{
		Results:   []string{"support:DescribeTrustedAdvisorChecks", "support:DescribeTrustedAdvisorCheckSummaries"},
		Resources: []string{"support:DescribeTrustedAdvisorCheckResult"},
	}
}

// language is that of the headers, which must be that of the results.
const language = "en"

// batch is how many checks one call asks for. AWS names no limit; all of them at
// once is an answer of a megabyte.
const batch = 100

// Results implements advisor.Source.
func (s Source) Results(ctx context.Context) ([]advisor.Result, error) {
	out, err := s.api.DescribeTrustedAdvisorChecks(ctx, &support.DescribeTrustedAdvisorChecksInput{Language: aws.String(language)})
	if err != nil {
		return nil, err
	}
	results := make([]advisor.Result, 0, len(out.Checks))
	for some := range slices.Chunk(out.Checks, batch) {
		summarized, err := s.summaries(ctx, some)
		results = append(results, summarized...)
		if err != nil {
			return results, err
		}
	}
	return results, nil
}

// summaries reads the results of some checks. A check without a summary has no
// result.
func (s Source) summaries(ctx context.Context, checks []types.TrustedAdvisorCheckDescription) ([]advisor.Result, error) {
	ids := make([]*string, len(checks))
	for i, c := range checks {
		if ids[i] = c.Id; aws.ToString(c.Id) == "" {
			return nil, malformed("DescribeTrustedAdvisorChecks", "check %q has no id", aws.ToString(c.Name))
		}
	}
	out, err := s.api.DescribeTrustedAdvisorCheckSummaries(ctx, &support.DescribeTrustedAdvisorCheckSummariesInput{CheckIds: ids})
	if err != nil {
		return nil, err
	}
	of := map[string]types.TrustedAdvisorCheckSummary{}
	for _, summary := range out.Summaries {
		of[aws.ToString(summary.CheckId)] = summary
	}
	var (
		results []advisor.Result
		errs    []error
	)
	for _, c := range checks {
		r := advisor.Result{Check: checkOf(c), Colour: advisor.NotAvailable}
		if err := fill(&r, of[r.Check.ID]); err != nil {
			errs = append(errs, err) // the others stand
			continue
		}
		results = append(results, r)
	}
	return results, errors.Join(errs...)
}

func checkOf(c types.TrustedAdvisorCheckDescription) advisor.Check {
	check := advisor.Check{ID: aws.ToString(c.Id), Name: aws.ToString(c.Name)}
	if c.Category != nil {
		check.Categories = []advisor.Category{advisor.Category(*c.Category)}
	}
	for _, h := range c.Metadata {
		check.Headers = append(check.Headers, aws.ToString(h))
	}
	return check
}

// fill puts a summary into the result of its check.
func fill(r *advisor.Result, s types.TrustedAdvisorCheckSummary) error {
	r.Colour = advisor.ColourOf(aws.ToString(s.Status))
	if n := s.ResourcesSummary; n != nil {
		// What somebody excluded is called suppressed here; ignored is what AWS
		// left out by itself.
		r.Processed, r.Flagged, r.Excluded = n.ResourcesProcessed, n.ResourcesFlagged, n.ResourcesSuppressed
	} else if r.Colour != advisor.NotAvailable && !s.HasFlaggedResources {
		// It would look as if there were nothing to look at.
		return malformed("DescribeTrustedAdvisorCheckSummaries", "the summary of check %s has no counts", r.Check.ID)
	}
	if s.HasFlaggedResources && r.Flagged+r.Excluded == 0 {
		r.Flagged = 1 // the counts are missing: it must be asked for its resources
	}
	if c := s.CategorySpecificSummary; c != nil && c.CostOptimizing != nil {
		r.Savings = advisor.CentsOf(c.CostOptimizing.EstimatedMonthlySavings)
	}
	if r.Colour == advisor.NotAvailable {
		return nil
	}
	at, err := time.Parse(time.RFC3339, aws.ToString(s.Timestamp))
	if err != nil {
		return malformed("DescribeTrustedAdvisorCheckSummaries", "the timestamp of check %s is %q", r.Check.ID, aws.ToString(s.Timestamp))
	}
	r.At = at
	return nil
}

// Resources implements advisor.Source. r must be a result of this source, whose
// check has its headers.
func (s Source) Resources(ctx context.Context, r advisor.Result) ([]advisor.Flagged, error) {
	out, err := s.api.DescribeTrustedAdvisorCheckResult(ctx, &support.DescribeTrustedAdvisorCheckResultInput{CheckId: &r.Check.ID, Language: aws.String(language)})
	if err != nil {
		return nil, err
	}
	if out.Result == nil {
		return nil, malformed("DescribeTrustedAdvisorCheckResult", "there is no result of check %s", r.Check.ID)
	}
	rows := make([]advisor.Flagged, 0, len(out.Result.FlaggedResources))
	for _, f := range out.Result.FlaggedResources {
		meta := advisor.Metadata(r.Check.Headers, f.Metadata)
		rows = append(rows, advisor.Flagged{
			RowID: aws.ToString(f.ResourceId), ID: advisor.Identity(r.Check.ID, "", aws.ToString(f.ResourceId), meta), Region: aws.ToString(f.Region),
			Colour: advisor.ColourOf(aws.ToString(f.Status)), Excluded: f.IsSuppressed, Meta: meta, Savings: advisor.SavingsIn(meta),
		})
	}
	return rows, nil
}

func malformed(operation, format string, args ...any) error {
	return &posture.Cause{Kind: posture.CauseMalformed, Operation: "Support:" + operation, Message: fmt.Sprintf(format, args...)}
}
