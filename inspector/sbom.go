package inspector

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/inspector2"
	"github.com/aws/aws-sdk-go-v2/service/inspector2/types"
)

// SBOMFormat is the format of a software bill of materials, as the API names it.
type SBOMFormat string

// The formats.
const (
	CycloneDX SBOMFormat = "CYCLONEDX_1_4"
	SPDX      SBOMFormat = "SPDX_2_3"
)

// SBOMRequest asks Inspector to write the software bills of materials of what it
// scans to a bucket. It changes nothing that Inspector judges; the bucket's
// policy and the key's must admit Inspector. See "Exporting SBOMs with Amazon
// Inspector" in the Inspector User Guide.
type SBOMRequest struct {
	Format    SBOMFormat // default CycloneDX
	Bucket    string     // name, in the region
	Prefix    string     // of the objects' keys
	KeyARN    string     // of the KMS key that the objects are encrypted with; must be given
	Resources []string   // ids; default everything that is scanned
}

// SBOMExport is how far an export is.
type SBOMExport struct {
	ID      string     `json:"id"`
	Format  SBOMFormat `json:"format"`
	Status  string     `json:"status"` // IN_PROGRESS, SUCCEEDED, FAILED, CANCELLED
	Bucket  string     `json:"bucket"`
	Prefix  string     `json:"prefix"` // the objects are below it
	Failure string     `json:"failure,omitempty"`
}

// Done tells whether the export has ended, well or not.
func (e SBOMExport) Done() bool { return e.Status != string(types.ExternalReportStatusInProgress) }

// Start begins an export and gives its id. Inspector does one at a time.
func (q SBOMRequest) Start(ctx context.Context, w Writer) (id string, err error) {
	switch {
	case q.Bucket == "":
		return "", fmt.Errorf("inspector: an SBOM export needs a bucket")
	case q.KeyARN == "":
		return "", fmt.Errorf("inspector: an SBOM export to bucket %s needs the KMS key to encrypt it with", q.Bucket)
	}
	in := &inspector2.CreateSbomExportInput{
		ReportFormat:  types.SbomReportFormat(cmp.Or(q.Format, CycloneDX)),
		S3Destination: &types.Destination{BucketName: &q.Bucket, KmsKeyArn: &q.KeyARN},
	}
	if q.Prefix != "" {
		in.S3Destination.KeyPrefix = &q.Prefix
	}
	for _, r := range q.Resources {
		if in.ResourceFilterCriteria == nil {
			in.ResourceFilterCriteria = &types.ResourceFilterCriteria{}
		}
		in.ResourceFilterCriteria.ResourceId = append(in.ResourceFilterCriteria.ResourceId, types.ResourceStringFilter{Comparison: types.ResourceStringComparisonEquals, Value: &r})
	}
	out, err := w.CreateSbomExport(ctx, in)
	if err != nil {
		return "", err
	}
	if aws.ToString(out.ReportId) == "" {
		return "", malformed("CreateSbomExport", "the answer has no report id")
	}
	return *out.ReportId, nil
}

// SBOMExport reads how far an export is.
func (r *Region) SBOMExport(ctx context.Context, id string) (SBOMExport, error) {
	out, err := r.api.GetSbomExport(ctx, &inspector2.GetSbomExportInput{ReportId: &id})
	if err != nil {
		return SBOMExport{}, err
	}
	e := SBOMExport{ID: id, Format: SBOMFormat(out.Format), Status: string(out.Status)}
	if out.S3Destination != nil {
		e.Bucket, e.Prefix = aws.ToString(out.S3Destination.BucketName), aws.ToString(out.S3Destination.KeyPrefix)
	}
	if out.ErrorCode != "" {
		e.Failure = string(out.ErrorCode) + ": " + aws.ToString(out.ErrorMessage)
	}
	if e.Status == "" {
		return e, malformed("GetSbomExport", "export %s has no status", id)
	}
	return e, nil
}

// AwaitSBOM waits until an export has ended, looking every interval, or until ctx
// ends. An export that did not succeed is an error. interval 0 is 15 seconds.
func (r *Region) AwaitSBOM(ctx context.Context, id string, interval time.Duration) (SBOMExport, error) {
	tick := time.NewTicker(cmp.Or(max(interval, 0), 15*time.Second))
	defer tick.Stop()
	for {
		e, err := r.SBOMExport(ctx, id)
		switch {
		case err != nil:
			return e, err
		case e.Status == string(types.ExternalReportStatusSucceeded):
			return e, nil
		case e.Done():
			return e, fmt.Errorf("inspector: SBOM export %s is %s: %s", id, e.Status, cmp.Or(e.Failure, "AWS does not say why"))
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return e, fmt.Errorf("inspector: SBOM export %s is still %s: %w", id, e.Status, context.Cause(ctx))
		}
	}
}
