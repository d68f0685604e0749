package inspector

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/inspector2"
	"github.com/aws/aws-sdk-go-v2/service/inspector2/types"
)

// The types of what Inspector scans. Images and code repositories of Inspector
// have no CloudFormation type; these names are formed like one.
const (
	TypeInstance       = "AWS::EC2::Instance"
	TypeImage          = "AWS::ECR::Image"
	TypeRepository     = "AWS::ECR::Repository"
	TypeFunction       = "AWS::Lambda::Function"
	TypeCodeRepository = "AWS::InspectorV2::CodeRepository"
)

// typeOf gives the type of an Inspector resource type, "" for one not known.
func typeOf(t string) string {
	switch types.ResourceType(t) {
	case types.ResourceTypeAwsEc2Instance:
		return TypeInstance
	case types.ResourceTypeAwsEcrContainerImage:
		return TypeImage
	case types.ResourceTypeAwsEcrRepository:
		return TypeRepository
	case types.ResourceTypeAwsLambdaFunction:
		return TypeFunction
	case types.ResourceTypeCodeRepository:
		return TypeCodeRepository
	}
	return ""
}

// Scan is what is looked at: each resource has a coverage row per scan.
type Scan string

// The scans.
const (
	PackageScan Scan = "PACKAGE"
	NetworkScan Scan = "NETWORK"
	CodeScan    Scan = "CODE"
)

// Row is what Inspector says of one scan of one resource.
type Row struct {
	Account     string    `json:"account"`
	Type        string    `json:"type"` // CloudFormation type name; "" for one not known
	ID          string    `json:"id"`   // instance id, image ARN, function ARN with version
	Scan        Scan      `json:"scan"`
	Active      bool      `json:"active"`
	Reason      string    `json:"reason"`
	LastScanned time.Time `json:"lastScanned,omitzero"`
	Mode        string    `json:"mode,omitempty"`     // EC2_SSM_AGENT_BASED, EC2_AGENTLESS …
	Platform    string    `json:"platform,omitempty"` // of an instance: LINUX, WINDOWS, MACOS, UNKNOWN
	InUse       int64     `json:"inUse,omitempty"`    // of an image: the tasks and pods that run it
}

// coveragePage is the most that a page of ListCoverage holds.
const coveragePage = 200

// Coverage lists what Inspector says of the scans of the account's resources.
// With an error it gives the rows that were read before it.
func (r *Region) Coverage(ctx context.Context) ([]Row, error) {
	return r.coverage.Get(ctx, func(ctx context.Context) ([]Row, error) {
		// An administrator is given its members' rows too; they are judged in the
		// members' own regions, or by the organization's view.
		own := &types.CoverageFilterCriteria{AccountId: []types.CoverageStringFilter{{Comparison: types.CoverageStringComparisonEquals, Value: &r.place.Account}}}
		return listCoverage(ctx, r.api, own)
	})
}

func listCoverage(ctx context.Context, api Reader, criteria *types.CoverageFilterCriteria) ([]Row, error) {
	return pages(ctx, func(ctx context.Context, token *string) ([]Row, *string, error) {
		out, err := api.ListCoverage(ctx, &inspector2.ListCoverageInput{FilterCriteria: criteria, MaxResults: aws.Int32(coveragePage), NextToken: token})
		if err != nil {
			return nil, nil, err
		}
		rows := make([]Row, 0, len(out.CoveredResources))
		for _, c := range out.CoveredResources {
			rows = append(rows, rowOf(c))
		}
		return rows, out.NextToken, nil
	})
}

func rowOf(c types.CoveredResource) Row {
	v := Row{
		Account: aws.ToString(c.AccountId), Type: typeOf(string(c.ResourceType)), ID: aws.ToString(c.ResourceId), Scan: Scan(c.ScanType),
		LastScanned: aws.ToTime(c.LastScannedAt).UTC(), Mode: string(c.ScanMode),
	}
	if c.ScanStatus != nil {
		v.Active, v.Reason = c.ScanStatus.StatusCode == types.ScanStatusCodeActive, string(c.ScanStatus.Reason)
	}
	if m := c.ResourceMetadata; m != nil {
		if m.Ec2 != nil {
			v.Platform = string(m.Ec2.Platform)
		}
		if m.EcrImage != nil {
			v.InUse = aws.ToInt64(m.EcrImage.InUseCount)
		}
	}
	return v
}
