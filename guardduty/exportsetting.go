package guardduty

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/guardduty"
	"github.com/aws/aws-sdk-go-v2/service/guardduty/types"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/internal/refusal"
)

// ExportTarget is where findings arrive; the zero value is nowhere.
type ExportTarget struct {
	BucketARN string `json:"bucketArn,omitempty"`
	KeyARN    string `json:"keyArn,omitempty"`
}

// ExportSetting is the setting of where findings are exported to. It implements
// posture.Setting[ExportTarget]. AWS verifies a new destination, which takes
// minutes; until then findings arrive nowhere.
type ExportSetting struct {
	Region   *Region `json:"-"`
	Writer   Writer  `json:"-"`
	Detector string  `json:"detector"`
}

// Kind implements posture.Setting.
func (s ExportSetting) Kind() posture.Kind {
	return posture.Kind{
		Name: "guardduty.export", Reads: actions("ListPublishingDestinations", "DescribePublishingDestination"),
		Writes: actions("CreatePublishingDestination", "DeletePublishingDestination"), Settle: settle,
	}
}

// Target implements posture.Setting.
func (s ExportSetting) Target() posture.Resource { return s.Region.resource(Detector{ID: s.Detector}) }

// Get implements posture.Setting.
func (s ExportSetting) Get(ctx context.Context) (ExportTarget, error) {
	all, err := listDestinations(ctx, s.Region.api, s.Detector)
	for _, d := range all {
		if d.Status != string(types.PublishingStatusPendingVerification) {
			return ExportTarget{d.BucketARN, d.KeyARN}, nil
		}
	}
	return ExportTarget{}, err
}

// Set implements posture.Setting. It makes a destination or removes the one
// there is; it changes none.
func (s ExportSetting) Set(ctx context.Context, want ExportTarget) error {
	all, err := listDestinations(ctx, s.Region.api, s.Detector)
	if err != nil {
		return err
	}
	for _, d := range all {
		switch {
		case want == ExportTarget{}:
			if _, err := s.Writer.DeletePublishingDestination(ctx, &guardduty.DeletePublishingDestinationInput{DetectorId: &s.Detector, DestinationId: &d.ID}); err != nil {
				return err
			}
		case d.BucketARN == want.BucketARN && d.KeyARN == want.KeyARN:
			return nil // made before, and being verified
		default:
			return fmt.Errorf("guardduty: findings are exported to %s already", d.BucketARN)
		}
	}
	if want == (ExportTarget{}) {
		return nil
	}
	_, err = s.Writer.CreatePublishingDestination(ctx, &guardduty.CreatePublishingDestinationInput{
		DetectorId: &s.Detector, DestinationType: types.DestinationTypeS3,
		DestinationProperties: &types.DestinationProperties{DestinationArn: &want.BucketARN, KmsKeyArn: &want.KeyARN},
	})
	return err
}

// Cost says what exporting will cost.
func (s ExportSetting) Cost(_, to ExportTarget) string {
	if to == (ExportTarget{}) {
		return ""
	}
	return "Amazon S3 and AWS KMS charge for the objects and the requests of the export."
}

// ExportFindings plans to export findings to a bucket of the caller's choice,
// encrypted with a key of the region, where they are exported nowhere yet.
type ExportFindings struct {
	Region    *Region
	Writer    Writer
	BucketARN string // may have a prefix: "arn:aws:s3:::example-findings/guardduty"
	KeyARN    string
}

// Controls implements posture.Remediator.
func (r ExportFindings) Controls() []string { return []string{"guardduty.export"} }

// Place implements posture.Remediator.
func (r ExportFindings) Place() posture.Place { return r.Region.Place() }

// Plan implements posture.Remediator.
func (r ExportFindings) Plan(ctx context.Context, fs ...posture.Finding) (posture.Plan, error) {
	target, err := posture.TargetOf(r, fs)
	if err != nil {
		return posture.Plan{}, err
	}
	if r.BucketARN == "" || r.KeyARN == "" {
		return posture.Plan{}, &posture.Refusal{Reason: posture.ReasonNeedsChoice, Message: "the bucket and the KMS key to export findings to were not given"}
	}
	d, ok, err := r.Region.toPlan(ctx, target)
	if !ok || err != nil {
		return r.Region.newPlan(fs), err
	}
	all, err := listDestinations(ctx, r.Region.api, d.ID)
	if err != nil {
		return posture.Plan{}, refusal.Unreadable(target, err)
	}
	if len(all) > 0 && all[0].Works() {
		return r.Region.newPlan(fs), nil
	}
	if len(all) > 0 {
		return posture.Plan{}, &posture.Refusal{Reason: posture.ReasonNeedsChoice, Message: fmt.Sprintf(
			"findings are exported to %s already, with status %s: put its bucket and key policies right, or remove it", all[0].BucketARN, all[0].Status)}
	}
	setting := ExportSetting{Region: r.Region, Writer: r.Writer, Detector: d.ID}
	step, err := posture.Change(setting, ExportTarget{}, ExportTarget{r.BucketARN, r.KeyARN})
	p := r.Region.newPlan(fs, step)
	p.Needs = []string{
		"The policy of bucket " + r.BucketARN + " lets guardduty.amazonaws.com write and get its location.",
		"The policy of key " + r.KeyARN + " lets guardduty.amazonaws.com encrypt.",
	}
	return p, err
}
