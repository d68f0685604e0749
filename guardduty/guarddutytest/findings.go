package guarddutytest

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/guardduty"
	"github.com/aws/aws-sdk-go-v2/service/guardduty/types"
)

// ListFindings lists the ids of the findings that meet the criteria.
func (f *GuardDuty) ListFindings(ctx context.Context, in *sdk.ListFindingsInput, _ ...func(*sdk.Options)) (*sdk.ListFindingsOutput, error) {
	return read(ctx, f, "ListFindings", in, func(s *State) (*sdk.ListFindingsOutput, error) {
		d, err := s.detector(in.DetectorId)
		if err != nil {
			return nil, err
		}
		var criteria map[string]types.Condition
		if in.FindingCriteria != nil {
			criteria = in.FindingCriteria.Criterion
		}
		var ids []string
		for _, id := range sorted(d.Findings) {
			meets, err := f.meets(d.Findings[id], criteria)
			if err != nil {
				return nil, err
			}
			if meets {
				ids = append(ids, id)
			}
		}
		cut, next, err := page(f, ids, in.NextToken, in.MaxResults)
		return &sdk.ListFindingsOutput{FindingIds: cut, NextToken: next}, err
	})
}

func (f *GuardDuty) meets(v *Finding, criteria map[string]types.Condition) (bool, error) {
	for attribute, c := range criteria {
		var text string
		switch attribute {
		case "severity":
			if c.GreaterThanOrEqual == nil {
				return false, refuse("The fake knows severity by greaterThanOrEqual only.")
			}
			if v.Severity < float64(*c.GreaterThanOrEqual) {
				return false, nil
			}
			continue
		case "type":
			text = v.Type
		case "accountId":
			text = cmp.Or(v.Account, f.place.Account)
		case "service.archived":
			text = fmt.Sprint(v.Archived)
		default:
			return false, refuse("The fake does not know the criterion " + attribute + ".")
		}
		if !slices.Contains(c.Equals, text) {
			return false, nil
		}
	}
	return true, nil
}

// GetFindings gives up to 50 findings by id; ids that do not exist are left out.
func (f *GuardDuty) GetFindings(ctx context.Context, in *sdk.GetFindingsInput, _ ...func(*sdk.Options)) (*sdk.GetFindingsOutput, error) {
	return read(ctx, f, "GetFindings", in, func(s *State) (*sdk.GetFindingsOutput, error) {
		d, err := s.detector(in.DetectorId)
		switch {
		case err != nil:
			return nil, err
		case len(in.FindingIds) > largestPage:
			return nil, refuse("The request is rejected because the parameter findingIds has too many values.")
		}
		out := &sdk.GetFindingsOutput{}
		for _, id := range in.FindingIds {
			v := d.Findings[id]
			if v == nil {
				continue
			}
			updated := v.Updated
			if updated.IsZero() {
				updated = v.Created
			}
			out.Findings = append(out.Findings, types.Finding{
				Id: aws.String(id), Arn: aws.String(f.place.ARN("guardduty", "detector/"+d.ID+"/finding/"+id)), AccountId: aws.String(cmp.Or(v.Account, f.place.Account)),
				Region: &f.place.Region, Type: &v.Type, Title: &v.Title, Severity: &v.Severity, CreatedAt: stamp(v.Created), UpdatedAt: stamp(updated),
				Service: &types.Service{Archived: &v.Archived},
			})
		}
		return out, nil
	})
}

// ArchiveFindings archives findings.
func (f *GuardDuty) ArchiveFindings(ctx context.Context, in *sdk.ArchiveFindingsInput, _ ...func(*sdk.Options)) (*sdk.ArchiveFindingsOutput, error) {
	return write(ctx, f, "ArchiveFindings", in, func(s *State) (*sdk.ArchiveFindingsOutput, error) {
		return &sdk.ArchiveFindingsOutput{}, s.archive(in.DetectorId, in.FindingIds, true)
	})
}

// UnarchiveFindings takes findings out of the archive.
func (f *GuardDuty) UnarchiveFindings(ctx context.Context, in *sdk.UnarchiveFindingsInput, _ ...func(*sdk.Options)) (*sdk.UnarchiveFindingsOutput, error) {
	return write(ctx, f, "UnarchiveFindings", in, func(s *State) (*sdk.UnarchiveFindingsOutput, error) {
		return &sdk.UnarchiveFindingsOutput{}, s.archive(in.DetectorId, in.FindingIds, false)
	})
}

func (s *State) archive(detector *string, ids []string, to bool) error {
	d, err := s.detector(detector)
	switch {
	case err != nil:
		return err
	case len(ids) > largestPage:
		return refuse("The request is rejected because the parameter findingIds has too many values.")
	}
	for _, id := range ids {
		if v := d.Findings[id]; v != nil {
			v.Archived = to
		}
	}
	return nil
}

func stamp(t time.Time) *string {
	if t.IsZero() {
		return nil
	}
	return aws.String(t.UTC().Format("2006-01-02T15:04:05.000Z"))
}

// ListCoverage lists runtime coverage, of the accounts asked for.
func (f *GuardDuty) ListCoverage(ctx context.Context, in *sdk.ListCoverageInput, _ ...func(*sdk.Options)) (*sdk.ListCoverageOutput, error) {
	return read(ctx, f, "ListCoverage", in, func(s *State) (*sdk.ListCoverageOutput, error) {
		d, err := s.detector(in.DetectorId)
		if err != nil {
			return nil, err
		}
		var rows []types.CoverageResource
		for _, c := range d.Coverage {
			account := cmp.Or(c.Account, f.place.Account)
			if asked(in.FilterCriteria, account) {
				rows = append(rows, c.row(account, d.ID))
			}
		}
		cut, next, err := page(f, rows, in.NextToken, in.MaxResults)
		return &sdk.ListCoverageOutput{Resources: cut, NextToken: next}, err
	})
}

func asked(criteria *types.CoverageFilterCriteria, account string) bool {
	if criteria == nil {
		return true
	}
	return !slices.ContainsFunc(criteria.FilterCriterion, func(c types.CoverageFilterCriterion) bool {
		return c.CriterionKey == types.CoverageFilterCriterionKeyAccountId && !slices.Contains(c.FilterCondition.Equals, account)
	})
}

func (c Coverage) row(account, detector string) types.CoverageResource {
	r := types.CoverageResource{AccountId: &account, DetectorId: &detector, ResourceId: aws.String(strings.ToLower(c.Kind) + "-" + c.Resource), CoverageStatus: types.CoverageStatusHealthy, ResourceDetails: &types.CoverageResourceDetails{ResourceType: types.ResourceType(c.Kind)}}
	if c.Issue != "" {
		r.CoverageStatus, r.Issue = types.CoverageStatusUnhealthy, &c.Issue
	}
	switch c.Kind {
	case "EC2":
		r.ResourceDetails.Ec2InstanceDetails = &types.CoverageEc2InstanceDetails{InstanceId: &c.Resource}
	case "ECS":
		r.ResourceDetails.EcsClusterDetails = &types.CoverageEcsClusterDetails{ClusterName: &c.Resource}
	case "EKS":
		r.ResourceDetails.EksClusterDetails = &types.CoverageEksClusterDetails{ClusterName: &c.Resource}
	}
	return r
}

// ListMalwareProtectionPlans lists the ids of the malware protection plans.
func (f *GuardDuty) ListMalwareProtectionPlans(ctx context.Context, in *sdk.ListMalwareProtectionPlansInput, _ ...func(*sdk.Options)) (*sdk.ListMalwareProtectionPlansOutput, error) {
	return read(ctx, f, "ListMalwareProtectionPlans", in, func(s *State) (*sdk.ListMalwareProtectionPlansOutput, error) {
		cut, next, err := page(f, sorted(s.Plans), in.NextToken, nil)
		out := &sdk.ListMalwareProtectionPlansOutput{NextToken: next}
		for _, id := range cut {
			out.MalwareProtectionPlans = append(out.MalwareProtectionPlans, types.MalwareProtectionPlanSummary{MalwareProtectionPlanId: aws.String(id)})
		}
		return out, err
	})
}

// GetMalwareProtectionPlan gives one malware protection plan.
func (f *GuardDuty) GetMalwareProtectionPlan(ctx context.Context, in *sdk.GetMalwareProtectionPlanInput, _ ...func(*sdk.Options)) (*sdk.GetMalwareProtectionPlanOutput, error) {
	return read(ctx, f, "GetMalwareProtectionPlan", in, func(s *State) (*sdk.GetMalwareProtectionPlanOutput, error) {
		p := s.Plans[aws.ToString(in.MalwareProtectionPlanId)]
		if p == nil {
			return nil, &types.ResourceNotFoundException{Message: aws.String("The requested resource can't be found.")}
		}
		out := &sdk.GetMalwareProtectionPlanOutput{
			Arn: aws.String(f.place.ARN("guardduty", "malware-protection-plan/"+*in.MalwareProtectionPlanId)), Tags: p.Tags,
			ProtectedResource: &types.CreateProtectedResource{S3Bucket: &types.CreateS3BucketResource{BucketName: &p.Bucket}},
			Status:            types.MalwareProtectionPlanStatus(cmp.Or(p.Status, "ACTIVE")),
		}
		if p.Reason != "" {
			out.StatusReasons = []types.MalwareProtectionPlanStatusReason{{Message: &p.Reason}}
		}
		return out, nil
	})
}
