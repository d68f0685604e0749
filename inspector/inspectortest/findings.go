package inspectortest

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/inspector2"
	"github.com/aws/aws-sdk-go-v2/service/inspector2/types"

	"github.com/awsposture/posture/inspector"
)

// resourceTypes are Inspector's names of the types.
var resourceTypes = map[string]types.ResourceType{
	inspector.TypeInstance: types.ResourceTypeAwsEc2Instance, inspector.TypeImage: types.ResourceTypeAwsEcrContainerImage, inspector.TypeRepository: types.ResourceTypeAwsEcrRepository,
	inspector.TypeFunction: types.ResourceTypeAwsLambdaFunction, inspector.TypeCodeRepository: types.ResourceTypeCodeRepository,
}

// ListCoverage lists the coverage rows.
func (f *Inspector) ListCoverage(ctx context.Context, in *sdk.ListCoverageInput, _ ...func(*sdk.Options)) (*sdk.ListCoverageOutput, error) {
	return readOn(ctx, f, "ListCoverage", in, func(s *State) (*sdk.ListCoverageOutput, error) {
		var all []types.CoveredResource
		for _, r := range s.Coverage {
			if in.FilterCriteria != nil && len(in.FilterCriteria.AccountId) > 0 && !slices.ContainsFunc(in.FilterCriteria.AccountId, func(c types.CoverageStringFilter) bool { return aws.ToString(c.Value) == r.Account }) {
				continue
			}
			all = append(all, Covered(r))
		}
		cut, next, err := page(f, all, in.NextToken, in.MaxResults, 200)
		return &sdk.ListCoverageOutput{CoveredResources: cut, NextToken: next}, err
	})
}

// Covered gives a coverage row as the API does.
func Covered(r inspector.Row) types.CoveredResource {
	c := types.CoveredResource{
		AccountId: &r.Account, ResourceId: &r.ID, ResourceType: types.CoverageResourceType(resourceTypes[r.Type]), ScanType: types.ScanType(r.Scan), ScanMode: types.ScanMode(r.Mode),
		ScanStatus: &types.ScanStatus{StatusCode: types.ScanStatusCodeInactive, Reason: types.ScanStatusReason(r.Reason)},
	}
	if r.Active {
		c.ScanStatus.StatusCode = types.ScanStatusCodeActive
	}
	if !r.LastScanned.IsZero() {
		c.LastScannedAt = &r.LastScanned
	}
	switch r.Type {
	case inspector.TypeInstance:
		c.ResourceMetadata = &types.ResourceScanMetadata{Ec2: &types.Ec2Metadata{Platform: types.Ec2Platform(r.Platform)}}
	case inspector.TypeImage:
		c.ResourceMetadata = &types.ResourceScanMetadata{EcrImage: &types.EcrContainerImageMetadata{InUseCount: &r.InUse}}
	}
	return c
}

// ListFindings lists the findings.
func (f *Inspector) ListFindings(ctx context.Context, in *sdk.ListFindingsInput, _ ...func(*sdk.Options)) (*sdk.ListFindingsOutput, error) {
	return readOn(ctx, f, "ListFindings", in, func(s *State) (*sdk.ListFindingsOutput, error) {
		fits := func(filters []types.StringFilter, value string) bool {
			return len(filters) == 0 || slices.ContainsFunc(filters, func(c types.StringFilter) bool { return aws.ToString(c.Value) == value })
		}
		c := in.FilterCriteria
		if c == nil {
			c = &types.FilterCriteria{}
		}
		var all []types.Finding
		for _, v := range s.Findings {
			v = f.whole(v)
			if fits(c.AwsAccountId, v.Resource.Account) && fits(c.FindingStatus, v.Status) && fits(c.FindingType, string(v.Type)) && fits(c.ResourceId, v.Resource.ID) {
				all = append(all, Listed(v))
			}
		}
		cut, next, err := page(f, all, in.NextToken, in.MaxResults, 100)
		return &sdk.ListFindingsOutput{Findings: cut, NextToken: next}, err
	})
}

// whole fills in what a finding of the state may leave out.
func (f *Inspector) whole(v inspector.Finding) inspector.Finding {
	if v.Resource.Account == "" {
		v.Resource.Account = f.place.Account
	}
	if v.Status == "" {
		v.Status = "ACTIVE"
	}
	if v.Type == "" {
		v.Type = inspector.PackageVulnerability
	}
	return v
}

// Listed gives a finding as the API does.
func Listed(v inspector.Finding) types.Finding {
	out := types.Finding{
		FindingArn: &v.ARN, AwsAccountId: &v.Resource.Account, Type: types.FindingType(v.Type), Status: types.FindingStatus(v.Status), Severity: types.Severity(v.Severity),
		Title: &v.Title, Description: &v.Description, FirstObservedAt: &v.First, LastObservedAt: &v.Last, FixAvailable: types.FixAvailable(v.Fix), ExploitAvailable: types.ExploitAvailableNo,
		Remediation: &types.Remediation{Recommendation: &types.Recommendation{Text: &v.Recommendation}}, Resources: []types.Resource{resource(v)},
	}
	if v.Score > 0 {
		out.InspectorScore = &v.Score
	}
	if v.EPSS >= 0 {
		out.Epss = &types.EpssDetails{Score: v.EPSS}
	}
	if v.Exploit {
		out.ExploitAvailable = types.ExploitAvailableYes
	}
	if !v.LastExploit.IsZero() {
		out.ExploitabilityDetails = &types.ExploitabilityDetails{LastKnownExploitAt: &v.LastExploit}
	}
	switch {
	case v.Network != nil:
		d := &types.NetworkReachabilityDetails{Protocol: types.NetworkProtocol(v.Network.Protocol), OpenPortRange: &types.PortRange{Begin: &v.Network.From, End: &v.Network.To}, NetworkPath: &types.NetworkPath{}}
		for _, id := range v.Network.Path {
			d.NetworkPath.Steps = append(d.NetworkPath.Steps, types.Step{ComponentId: &id, ComponentType: aws.String("AWS::EC2::NetworkComponent")})
		}
		out.NetworkReachabilityDetails = d
	case v.Code != nil:
		out.CodeVulnerabilityDetails = &types.CodeVulnerabilityDetails{DetectorName: &v.Code.Detector, Cwes: v.Code.CWEs, FilePath: &types.CodeFilePath{FilePath: &v.Code.File, StartLine: &v.Code.Line}}
	default:
		out.PackageVulnerabilityDetails = packages(v)
	}
	return out
}

func packages(v inspector.Finding) *types.PackageVulnerabilityDetails {
	d := &types.PackageVulnerabilityDetails{VulnerabilityId: &v.Vulnerability, Source: aws.String("NVD"), VendorSeverity: &v.VendorRating, SourceUrl: &v.URL, ReferenceUrls: v.References}
	if v.CVSS > 0 {
		d.Cvss = []types.CvssScore{{BaseScore: &v.CVSS, Version: aws.String("3.1")}}
	}
	for _, p := range v.Packages {
		fixed := p.Fixed
		if fixed == "" {
			fixed = "NotAvailable"
		}
		q := types.VulnerablePackage{Name: &p.Name, Version: &p.Version, FixedInVersion: &fixed, PackageManager: types.PackageManager(p.Manager), FilePath: &p.Path}
		if v.Resource.Type == inspector.TypeFunction {
			q.SourceLambdaLayerArn = &p.Layer
		} else {
			q.SourceLayerHash = &p.Layer
		}
		d.VulnerablePackages = append(d.VulnerablePackages, q)
	}
	return d
}

func resource(v inspector.Finding) types.Resource {
	r := types.Resource{Id: &v.Resource.ID, Type: resourceTypes[v.Resource.Type], Tags: v.Tags, Details: &types.ResourceDetails{}}
	switch v.Resource.Type {
	case inspector.TypeInstance:
		r.Details.AwsEc2Instance = &types.AwsEc2InstanceDetails{ImageId: &v.Image, IamInstanceProfileArn: &v.Role}
	case inspector.TypeImage:
		r.Details.AwsEcrContainerImage = &types.AwsEcrContainerImageDetails{ImageHash: &v.Image, RepositoryName: &v.Repository, InUseCount: &v.InUse}
	case inspector.TypeFunction:
		r.Details.AwsLambdaFunction = &types.AwsLambdaFunctionDetails{FunctionName: &v.Function, ExecutionRoleArn: &v.Role}
	}
	return r
}

// BatchGetFindingDetails gives what is known of the findings' vulnerabilities, of
// ten findings at most.
func (f *Inspector) BatchGetFindingDetails(ctx context.Context, in *sdk.BatchGetFindingDetailsInput, _ ...func(*sdk.Options)) (*sdk.BatchGetFindingDetailsOutput, error) {
	return readOn(ctx, f, "BatchGetFindingDetails", in, func(s *State) (*sdk.BatchGetFindingDetailsOutput, error) {
		if len(in.FindingArns) > 10 {
			return nil, invalid("at most 10 findings can be asked for")
		}
		out := &sdk.BatchGetFindingDetailsOutput{}
		for _, arn := range in.FindingArns {
			i := slices.IndexFunc(s.Findings, func(v inspector.Finding) bool { return v.ARN == arn })
			if i < 0 || s.Findings[i].Vulnerability == "" || slices.Contains(s.Gone, arn) {
				out.Errors = append(out.Errors, types.FindingDetailsError{FindingArn: &arn, ErrorCode: types.FindingDetailsErrorCodeFindingDetailsNotFound, ErrorMessage: aws.String("The finding has no details.")})
				continue
			}
			out.FindingDetails = append(out.FindingDetails, detail(arn, s.Details[s.Findings[i].Vulnerability]))
		}
		return out, nil
	})
}

func detail(arn string, e inspector.Exploitation) types.FindingDetail {
	d := types.FindingDetail{FindingArn: &arn}
	if e.Known {
		d.CisaData = &types.CisaData{DateAdded: &e.Added, DateDue: &e.Due, Action: aws.String("Apply mitigations per vendor instructions.")}
	}
	if !e.Observed.IsZero() {
		d.ExploitObserved = &types.ExploitObserved{FirstSeen: &e.Observed, LastSeen: &e.Observed}
	}
	return d
}
