package guardduty

import (
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/guardduty"
	"github.com/aws/aws-sdk-go-v2/service/guardduty/types"

	"github.com/awsposture/posture"
)

// Destination is where findings are exported to.
type Destination struct {
	ID        string `json:"id"`
	Status    string `json:"status"` // PUBLISHING, PENDING_VERIFICATION, STOPPED …
	BucketARN string `json:"bucketArn"`
	KeyARN    string `json:"keyArn,omitempty"`
}

// Works tells whether findings arrive there, encrypted with a KMS key.
func (d Destination) Works() bool {
	return d.Status == string(types.PublishingStatusPublishing) && d.KeyARN != ""
}

// Destinations reads where the region's findings are exported to.
func (r *Region) Destinations(ctx context.Context) ([]Destination, error) {
	return r.destinations.Get(ctx, func(ctx context.Context) ([]Destination, error) {
		d, err := r.Detector(ctx)
		if err != nil || d.ID == "" {
			return nil, err
		}
		return listDestinations(ctx, r.api, d.ID)
	})
}

func listDestinations(ctx context.Context, api Reader, detector string) ([]Destination, error) {
	ids, err := pages(ctx, func(ctx context.Context, token *string) ([]string, *string, error) {
		out, err := api.ListPublishingDestinations(ctx, &guardduty.ListPublishingDestinationsInput{DetectorId: &detector, MaxResults: aws.Int32(pageSize), NextToken: token})
		if err != nil {
			return nil, nil, err
		}
		var ids []string
		for _, d := range out.Destinations {
			ids = append(ids, aws.ToString(d.DestinationId))
		}
		return ids, out.NextToken, nil
	})
	var all []Destination
	for _, id := range ids { // a detector has one
		out, err := api.DescribePublishingDestination(ctx, &guardduty.DescribePublishingDestinationInput{DetectorId: &detector, DestinationId: &id})
		if err != nil {
			return all, err
		}
		d := Destination{ID: id, Status: string(out.Status)}
		if out.DestinationProperties != nil {
			d.BucketARN, d.KeyARN = aws.ToString(out.DestinationProperties.DestinationArn), aws.ToString(out.DestinationProperties.KmsKeyArn)
		}
		if d.Status == "" {
			return all, malformed("DescribePublishingDestination", "destination %s has no status", id)
		}
		all = append(all, d)
	}
	return all, err
}

// Export judges that findings are exported to an S3 bucket, encrypted with a KMS
// key. See "Exporting generated GuardDuty findings to Amazon S3" in the GuardDuty
// User Guide.
type Export struct{ Region *Region }

// ExportEvidence is the destinations as they were read.
type ExportEvidence struct {
	Destinations []Destination `json:"destinations,omitempty"`
}

// String says it in a sentence.
func (e ExportEvidence) String() string {
	if len(e.Destinations) == 0 {
		return "Findings are exported nowhere; GuardDuty forgets them after 90 days."
	}
	var all []string
	for _, d := range e.Destinations {
		key := "without a KMS key"
		if d.KeyARN != "" {
			key = "with key " + d.KeyARN
		}
		all = append(all, fmt.Sprintf("to %s %s, status %s", d.BucketARN, key, d.Status))
	}
	return "Findings are exported " + strings.Join(all, "; ") + "."
}

// Control implements posture.Evaluator.
func (e Export) Control() posture.Control {
	return posture.Control{
		ID:       "guardduty.export",
		Title:    "Findings are exported, encrypted",
		Doc:      "GuardDuty keeps findings for 90 days, and who may write to GuardDuty may archive them before. Export them to a bucket in an account of its own; the bucket's and the key's policies must let guardduty.amazonaws.com write.",
		Severity: posture.Medium, Scope: posture.Regional, Resource: "AWS::GuardDuty::Detector",
		Requires: actions("ListDetectors", "GetDetector", "GetAdministratorAccount", "ListPublishingDestinations", "DescribePublishingDestination"),
	}
}

// Place implements posture.Evaluator.
func (e Export) Place() posture.Place { return e.Region.Place() }

// Evaluate implements posture.Evaluator.
func (e Export) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c := e.Control()
	d, off, err := e.Region.own(ctx, c)
	if off != nil || err != nil {
		return off, err
	}
	all, err := e.Region.Destinations(ctx)
	judge := c.Fail
	for _, destination := range all {
		if destination.Works() {
			judge, err = c.Pass, nil // one is enough, whatever could not be read beside it
		}
	}
	if err != nil {
		return nil, err
	}
	f := judge(e.Region.resource(d), ExportEvidence{all})
	f.Tags = d.Tags
	return []posture.Finding{f}, nil
}
