package organization

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/awsposture/posture"
)

// ManagementAccountEmpty judges that the management account holds nothing but
// what administers the organization. What it holds is the fact
// Organization.ManagementResources.
type ManagementAccountEmpty struct {
	Organization *Organization
	// Allowed are the CloudFormation resource types that may be there; * stands
	// for any text. Default: those that administer, pay for and log the organization.
	Allowed []string
}

// administrative are the types of resources that an organization has in its
// management account without running a workload there.
func administrative() []string {
	return []string{
		"AWS::BCMDataExports::*", "AWS::Budgets::*", "AWS::CE::*", "AWS::CloudFormation::*", "AWS::CloudTrail::*", "AWS::Config::*", "AWS::ControlTower::*",
		"AWS::CUR::*", "AWS::IAM::*", "AWS::Organizations::*", "AWS::ServiceCatalog::*", "AWS::SSO::*",
	}
}

// ManagementAccountEvidence is what the management account holds beside what it may.
type ManagementAccountEvidence struct {
	Account   string   `json:"account"`
	Count     int      `json:"count"`
	Resources []string `json:"resources"` // the first of them
}

const shownResources = 20

// String says it in a sentence.
func (e ManagementAccountEvidence) String() string {
	if e.Count == 0 {
		return fmt.Sprintf("Management account %s holds no workload.", e.Account)
	}
	return fmt.Sprintf("Management account %s holds %d resources of workloads, such as %s.", e.Account, e.Count, e.Resources[0])
}

// Control implements posture.Evaluator.
func (e ManagementAccountEmpty) Control() posture.Control {
	allowed, standard := strings.Join(e.allowed(), ","), strings.Join(administrative(), ",")
	return posture.Control{
		ID:       "iam.organization-management-account-empty",
		Title:    "The management account runs no workload",
		Doc:      "No control policy binds the management account, and who takes it over has every account: whatever runs in it is a way in. Move workloads to member accounts, and administer services from delegated administrators.",
		Severity: posture.High, Scope: posture.Organization, Resource: "AWS::Organizations::Account",
		Requires: []string{"organizations:DescribeOrganization", "organizations:ListRoots"},
		Params:   []posture.Param{{Name: "allowed-types", Value: allowed, Default: standard, Source: "Best practices for the management account, AWS Organizations User Guide", AsOf: "2026-11"}},
	}
}

func (e ManagementAccountEmpty) allowed() []string {
	if e.Allowed == nil {
		return administrative()
	}
	return e.Allowed
}

// Place implements posture.Evaluator.
func (e ManagementAccountEmpty) Place() posture.Place { return e.Organization.Place() }

// Evaluate implements posture.Evaluator.
func (e ManagementAccountEmpty) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c, o := e.Control(), e.Organization
	return o.judged(ctx, c, func(ctx context.Context, id Identity) ([]posture.Finding, error) {
		all, err := o.managementResources(ctx)
		seen := ManagementAccountEvidence{Account: id.Management}
		for _, r := range all {
			elsewhere := r.Account != "" && r.Account != id.Management
			if elsewhere || covers(e.allowed(), r.Type) {
				continue
			}
			seen.Resources = append(seen.Resources, r.String())
		}
		slices.Sort(seen.Resources)
		seen.Count = len(seen.Resources)
		seen.Resources = seen.Resources[:min(seen.Count, shownResources)]
		account := o.accountResource(Account{ID: id.Management})
		switch {
		case seen.Count > 0:
			return []posture.Finding{c.Fail(account, seen)}, err
		case err != nil:
			return nil, err
		}
		return []posture.Finding{c.Pass(account, seen)}, nil
	})
}
