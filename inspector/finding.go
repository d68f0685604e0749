package inspector

import (
	"cmp"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/inspector2/types"

	"github.com/awsposture/posture"
)

// FindingType is what a finding is of, as the API names it.
type FindingType string

// The types of findings.
const (
	PackageVulnerability FindingType = "PACKAGE_VULNERABILITY"
	NetworkReachability  FindingType = "NETWORK_REACHABILITY"
	CodeVulnerability    FindingType = "CODE_VULNERABILITY"
)

// Finding is a finding of Inspector's.
type Finding struct {
	ARN         string            `json:"arn"`
	Type        FindingType       `json:"type"`
	Status      string            `json:"status"`   // ACTIVE, SUPPRESSED, CLOSED
	Severity    string            `json:"severity"` // as Inspector has it: INFORMATIONAL … CRITICAL, UNTRIAGED
	Title       string            `json:"title"`
	Description string            `json:"description,omitempty"`
	Resource    posture.Resource  `json:"resource"`
	Tags        map[string]string `json:"tags,omitempty"`       // of the resource
	Image       string            `json:"image,omitempty"`      // of an instance its AMI, of a container image its digest
	Repository  string            `json:"repository,omitempty"` // of a container image
	Function    string            `json:"function,omitempty"`   // name
	Role        string            `json:"role,omitempty"`       // ARN of the instance profile or the execution role
	InUse       int64             `json:"inUse,omitempty"`      // tasks and pods that run the image

	Vulnerability string    `json:"vulnerability,omitempty"` // CVE or another list's id
	VendorRating  string    `json:"vendorRating,omitempty"`
	Score         float64   `json:"score,omitempty"`       // Inspector's, adjusted to the resource; 0 none
	CVSS          float64   `json:"cvss,omitempty"`        // the vendor's base score; 0 none
	Adjustments   []string  `json:"adjustments,omitempty"` // why Score differs from CVSS
	EPSS          float64   `json:"epss"`                  // chance of exploitation in 30 days; negative: none
	Exploit       bool      `json:"exploit"`               // an exploit is known to exist
	LastExploit   time.Time `json:"lastExploit,omitzero"`
	Fix           string    `json:"fix,omitempty"` // YES, PARTIAL, NO
	Packages      []Package `json:"packages,omitempty"`
	Network       *Network  `json:"network,omitempty"`
	Code          *Code     `json:"code,omitempty"`

	First          time.Time `json:"firstObserved,omitzero"`
	Last           time.Time `json:"lastObserved,omitzero"`
	Recommendation string    `json:"recommendation,omitempty"`
	URL            string    `json:"url,omitempty"` // of the vulnerability
	References     []string  `json:"references,omitempty"`
}

// Package is a vulnerable package.
type Package struct {
	Name    string `json:"name"`
	Version string `json:"version,omitempty"`
	Fixed   string `json:"fixed,omitempty"` // the version that mends it, "" none
	Manager string `json:"manager,omitempty"`
	Path    string `json:"path,omitempty"`
	Layer   string `json:"layer,omitempty"` // hash of the image layer, or ARN of the Lambda layer, that it came with
}

// Network is a way from outside of its network to an instance.
type Network struct {
	Protocol string   `json:"protocol"`
	From     int32    `json:"from"` // ports
	To       int32    `json:"to"`
	Path     []string `json:"path,omitempty"` // ids of what it leads through
}

// Code is a vulnerability of a function's or repository's own code.
type Code struct {
	Detector string   `json:"detector"`
	File     string   `json:"file,omitempty"`
	Line     int32    `json:"line,omitempty"`
	CWEs     []string `json:"cwes,omitempty"`
}

// findingOf reads a finding. Its resource is in the region looked at, in the
// finding's own account.
func findingOf(p posture.Place, f types.Finding) Finding {
	p.Account = cmp.Or(aws.ToString(f.AwsAccountId), p.Account)
	v := Finding{
		ARN: aws.ToString(f.FindingArn), Type: FindingType(f.Type), Status: string(f.Status), Severity: string(f.Severity), Title: aws.ToString(f.Title), Description: aws.ToString(f.Description),
		Score: aws.ToFloat64(f.InspectorScore), EPSS: -1, Exploit: f.ExploitAvailable == types.ExploitAvailableYes, Fix: string(f.FixAvailable),
		First: aws.ToTime(f.FirstObservedAt).UTC(), Last: aws.ToTime(f.LastObservedAt).UTC(),
	}
	if f.Epss != nil {
		v.EPSS = f.Epss.Score
	}
	if f.ExploitabilityDetails != nil {
		v.LastExploit = aws.ToTime(f.ExploitabilityDetails.LastKnownExploitAt).UTC()
	}
	if f.InspectorScoreDetails != nil && f.InspectorScoreDetails.AdjustedCvss != nil {
		for _, a := range f.InspectorScoreDetails.AdjustedCvss.Adjustments {
			v.Adjustments = append(v.Adjustments, aws.ToString(a.Metric)+": "+aws.ToString(a.Reason))
		}
	}
	if f.Remediation != nil && f.Remediation.Recommendation != nil {
		v.Recommendation = aws.ToString(f.Remediation.Recommendation.Text)
	}
	if len(f.Resources) > 0 { // the API gives one
		v.readResource(p, f.Resources[0])
	} else {
		v.Resource = p.Resource("", v.ARN, "")
	}
	v.readPackages(f.PackageVulnerabilityDetails)
	if d := f.NetworkReachabilityDetails; d != nil && d.OpenPortRange != nil { // without ports it shows nothing
		v.Network = &Network{Protocol: string(d.Protocol), From: aws.ToInt32(d.OpenPortRange.Begin), To: aws.ToInt32(d.OpenPortRange.End)}
		if d.NetworkPath != nil {
			for _, s := range d.NetworkPath.Steps {
				v.Network.Path = append(v.Network.Path, aws.ToString(s.ComponentId))
			}
		}
	}
	if d := f.CodeVulnerabilityDetails; d != nil {
		v.Code = &Code{Detector: aws.ToString(d.DetectorName), CWEs: d.Cwes}
		if d.FilePath != nil {
			v.Code.File, v.Code.Line = aws.ToString(d.FilePath.FilePath), aws.ToInt32(d.FilePath.StartLine)
		}
	}
	return v
}

func (v *Finding) readResource(p posture.Place, r types.Resource) {
	id, arn := aws.ToString(r.Id), ""
	if r.Type != types.ResourceTypeAwsEc2Instance {
		arn = id
	}
	v.Resource, v.Tags = p.Resource(typeOf(string(r.Type)), assetID(typeOf(string(r.Type)), id), arn), r.Tags
	switch d := r.Details; {
	case d == nil:
	case d.AwsEc2Instance != nil:
		v.Image, v.Role = aws.ToString(d.AwsEc2Instance.ImageId), aws.ToString(d.AwsEc2Instance.IamInstanceProfileArn)
	case d.AwsEcrContainerImage != nil:
		v.Image, v.Repository, v.InUse = aws.ToString(d.AwsEcrContainerImage.ImageHash), aws.ToString(d.AwsEcrContainerImage.RepositoryName), aws.ToInt64(d.AwsEcrContainerImage.InUseCount)
	case d.AwsLambdaFunction != nil:
		v.Function, v.Role = aws.ToString(d.AwsLambdaFunction.FunctionName), aws.ToString(d.AwsLambdaFunction.ExecutionRoleArn)
	}
}

func (v *Finding) readPackages(d *types.PackageVulnerabilityDetails) {
	if d == nil {
		return
	}
	v.Vulnerability, v.VendorRating, v.URL, v.References = aws.ToString(d.VulnerabilityId), aws.ToString(d.VendorSeverity), aws.ToString(d.SourceUrl), d.ReferenceUrls
	for _, c := range d.Cvss {
		v.CVSS = max(v.CVSS, aws.ToFloat64(c.BaseScore))
	}
	if n := len(d.VulnerablePackages); n > 0 {
		v.Packages = make([]Package, 0, n)
	}
	for _, p := range d.VulnerablePackages {
		fixed := aws.ToString(p.FixedInVersion)
		if fixed == "NotAvailable" {
			fixed = ""
		}
		v.Packages = append(v.Packages, Package{
			Name: aws.ToString(p.Name), Version: aws.ToString(p.Version), Fixed: fixed, Manager: string(p.PackageManager), Path: aws.ToString(p.FilePath),
			Layer: cmp.Or(aws.ToString(p.SourceLayerHash), aws.ToString(p.SourceLambdaLayerArn)),
		})
	}
}

// Rating gives the severity in posture's terms. UNTRIAGED, which the vendor has
// not rated, counts as High; a severity not known too.
func (v Finding) Rating() posture.Severity {
	switch v.Severity {
	case "CRITICAL":
		return posture.Critical
	case "MEDIUM":
		return posture.Medium
	case "LOW":
		return posture.Low
	case "INFORMATIONAL":
		return posture.Informational
	}
	return posture.High
}

// Fixable tells whether there is a fix for every package: PARTIAL is not one.
func (v Finding) Fixable() bool { return v.Fix == string(types.FixAvailableYes) }

// score is the CVSS score that the finding is ranked by: Inspector's, else the
// vendor's, else the least of its severity.
func (v Finding) score() float64 {
	switch {
	case v.Score > 0:
		return v.Score
	case v.CVSS > 0:
		return v.CVSS
	}
	return []float64{0, 0, 0.1, 4, 7, 9}[v.Rating()]
}
