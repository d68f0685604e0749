package guardduty

import (
	"cmp"
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/guardduty"
	"github.com/aws/aws-sdk-go-v2/service/guardduty/types"

	"github.com/awsposture/posture"
)

// Covered is a resource that runtime monitoring knows of.
type Covered struct {
	Type   string // CloudFormation type name
	ID     string // instance id or cluster name
	Status string // HEALTHY, UNHEALTHY
	Issue  string
}

// Coverage lists the account's resources that runtime monitoring knows of.
func (r *Region) Coverage(ctx context.Context) ([]Covered, error) {
	return r.coverage.Get(ctx, func(ctx context.Context) ([]Covered, error) {
		d, err := r.Detector(ctx)
		if err != nil || d.ID == "" {
			return nil, err
		}
		// An administrator is given its members' resources too; they are judged in
		// the members' own regions.
		own := &types.CoverageFilterCriteria{FilterCriterion: []types.CoverageFilterCriterion{{
			CriterionKey: types.CoverageFilterCriterionKeyAccountId, FilterCondition: &types.CoverageFilterCondition{Equals: []string{r.place.Account}},
		}}}
		return pages(ctx, func(ctx context.Context, token *string) ([]Covered, *string, error) {
			out, err := r.api.ListCoverage(ctx, &guardduty.ListCoverageInput{DetectorId: &d.ID, FilterCriteria: own, MaxResults: aws.Int32(pageSize), NextToken: token})
			if err != nil {
				return nil, nil, err
			}
			var all []Covered
			for _, c := range out.Resources {
				all = append(all, coveredOf(c))
			}
			return all, out.NextToken, nil
		})
	})
}

func coveredOf(c types.CoverageResource) Covered {
	v := Covered{ID: aws.ToString(c.ResourceId), Status: string(c.CoverageStatus), Issue: aws.ToString(c.Issue)}
	d := c.ResourceDetails
	if d == nil {
		return v
	}
	switch {
	case d.Ec2InstanceDetails != nil:
		v.Type, v.ID = "AWS::EC2::Instance", cmp.Or(aws.ToString(d.Ec2InstanceDetails.InstanceId), v.ID)
	case d.EksClusterDetails != nil:
		v.Type, v.ID = "AWS::EKS::Cluster", cmp.Or(aws.ToString(d.EksClusterDetails.ClusterName), v.ID)
	case d.EcsClusterDetails != nil:
		v.Type, v.ID = "AWS::ECS::Cluster", cmp.Or(aws.ToString(d.EcsClusterDetails.ClusterName), v.ID)
	}
	return v
}

// coverable are the types that runtime monitoring covers.
var coverable = []string{"AWS::EC2::Instance", "AWS::ECS::Cluster", "AWS::EKS::Cluster"}

// RuntimeCoverage judges that runtime monitoring receives events from every
// instance and cluster. Those that GuardDuty does not know of, Region.Inventory
// tells. See "Reviewing runtime coverage statistics and troubleshooting issues" in
// the GuardDuty User Guide.
type RuntimeCoverage struct{ Region *Region }

// CoverageEvidence is what is known of one resource's coverage.
type CoverageEvidence struct {
	Resource string `json:"resource"`
	Known    bool   `json:"known"` // GuardDuty lists it
	Healthy  bool   `json:"healthy"`
	Issue    string `json:"issue,omitempty"`
}

// String says it in a sentence.
func (e CoverageEvidence) String() string {
	switch {
	case !e.Known:
		return fmt.Sprintf("Runtime monitoring does not know of %s: it has no agent.", e.Resource)
	case e.Healthy:
		return fmt.Sprintf("Runtime monitoring receives events from %s.", e.Resource)
	}
	return fmt.Sprintf("Runtime monitoring does not receive events from %s: %s.", e.Resource, cmp.Or(e.Issue, "AWS does not say why"))
}

// Control implements posture.Evaluator.
func (e RuntimeCoverage) Control() posture.Control {
	return posture.Control{
		ID:       "guardduty.coverage",
		Title:    "Runtime monitoring receives events from every host",
		Doc:      "A host without a working agent is a blind spot that the switch does not show. Follow the issue that GuardDuty names, and leave the agents to its automated management.",
		Severity: posture.Medium, Scope: posture.Regional, Resource: "AWS::EC2::Instance",
		Requires: actions("ListDetectors", "GetDetector", "ListCoverage"),
	}
}

// Place implements posture.Evaluator.
func (e RuntimeCoverage) Place() posture.Place { return e.Region.Place() }

// Evaluate implements posture.Evaluator.
func (e RuntimeCoverage) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c, r := e.Control(), e.Region
	d, off, err := r.enabled(ctx, c)
	if off != nil || err != nil {
		return off, err
	}
	if !d.Features[RuntimeMonitoring] && !d.Features[EKSRuntimeMonitoring] {
		return []posture.Finding{c.NotApplicable(r.resource(d), "Runtime monitoring is off; guardduty.runtime judges that.")}, nil
	}
	rows, err := r.Coverage(ctx)
	var (
		fs    []posture.Finding
		known = map[[2]string]bool{}
	)
	for _, row := range rows {
		known[[2]string{row.Type, row.ID}] = true
		at, seen := r.place.Resource(row.Type, row.ID, ""), CoverageEvidence{row.ID, true, row.Status == string(types.CoverageStatusHealthy), row.Issue}
		switch {
		case row.Type == "" || row.Status == "":
			fs = append(fs, c.Unknown(at, malformed("ListCoverage", "the row of %q has no status, or does not say what it is of", row.ID)))
		case seen.Healthy:
			fs = append(fs, c.Pass(at, seen))
		default:
			fs = append(fs, c.Fail(at, seen))
		}
	}
	if err != nil { // what is not listed may stand on the page that was not read
		return fs, err
	}
	missing, err := e.unknown(ctx, d, known)
	return c.Judged(append(fs, missing...), err, r.resource(d), "The region has nothing that runtime monitoring would cover.")
}

// unknown judges what is in the inventory and GuardDuty does not list. The older
// form of runtime monitoring covers clusters of EKS only.
func (e RuntimeCoverage) unknown(ctx context.Context, d Detector, known map[[2]string]bool) (fs []posture.Finding, err error) {
	covers := coverable
	if !d.Features[RuntimeMonitoring] {
		covers = []string{"AWS::EKS::Cluster"}
	}
	if _, err := e.Region.count(ctx, covers); err != nil {
		return nil, err
	}
	all, err := e.Region.Inventory.Get(ctx, "the region's inventory")
	for _, t := range covers {
		for _, resource := range all[t] {
			if !known[[2]string{t, resource.ID}] {
				fs = append(fs, e.Control().Fail(resource, CoverageEvidence{Resource: resource.ID}))
			}
		}
	}
	return fs, err
}
