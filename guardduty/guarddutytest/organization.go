package guarddutytest

import (
	"cmp"
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/guardduty"
	"github.com/aws/aws-sdk-go-v2/service/guardduty/types"

	"github.com/awsposture/posture/guardduty"
)

// NewOrganization makes what the delegated administrator's account holds: no
// account gets anything by itself, and there is no member.
func NewOrganization() *Organization {
	o := &Organization{AutoEnable: guardduty.AutoEnableNone, Features: map[guardduty.Feature]guardduty.AutoEnable{}, Members: map[string]*Member{}}
	for _, f := range features {
		o.Features[f] = guardduty.AutoEnableNone
	}
	return o
}

// NewMember makes an enabled member with some features on.
func NewMember(on ...guardduty.Feature) *Member {
	return &Member{Features: NewDetector(on...).Features}
}

func (s *State) organization(detector *string) (*Organization, error) {
	if _, err := s.detector(detector); err != nil {
		return nil, err
	}
	if s.Organization == nil {
		return nil, refuse("The request failed because you do not have required AWS Organization master permission.")
	}
	return s.Organization, nil
}

// DescribeOrganizationConfiguration tells the delegated administrator what
// accounts get by themselves.
func (f *GuardDuty) DescribeOrganizationConfiguration(ctx context.Context, in *sdk.DescribeOrganizationConfigurationInput, _ ...func(*sdk.Options)) (*sdk.DescribeOrganizationConfigurationOutput, error) {
	return read(ctx, f, "DescribeOrganizationConfiguration", in, func(s *State) (*sdk.DescribeOrganizationConfigurationOutput, error) {
		o, err := s.organization(in.DetectorId)
		if err != nil {
			return nil, err
		}
		var all []types.OrganizationFeatureConfigurationResult
		for _, name := range sorted(o.Features) {
			if strings.Contains(string(name), ".") {
				continue
			}
			r := types.OrganizationFeatureConfigurationResult{Name: types.OrgFeature(name), AutoEnable: types.OrgFeatureStatus(o.Features[name])}
			for _, agent := range agents(o.Features, name) {
				r.AdditionalConfiguration = append(r.AdditionalConfiguration, types.OrganizationAdditionalConfigurationResult{
					Name: types.OrgFeatureAdditionalConfiguration(agent), AutoEnable: types.OrgFeatureStatus(o.Features[name+"."+agent]),
				})
			}
			all = append(all, r)
		}
		cut, next, err := page(f, all, in.NextToken, in.MaxResults)
		return &sdk.DescribeOrganizationConfigurationOutput{
			AutoEnableOrganizationMembers: types.AutoEnableMembers(o.AutoEnable), MemberAccountLimitReached: aws.Bool(false), Features: cut, NextToken: next,
		}, err
	})
}

// UpdateOrganizationConfiguration changes what the call names. Both runtime
// monitorings in one call are refused.
func (f *GuardDuty) UpdateOrganizationConfiguration(ctx context.Context, in *sdk.UpdateOrganizationConfigurationInput, _ ...func(*sdk.Options)) (*sdk.UpdateOrganizationConfigurationOutput, error) {
	return write(ctx, f, "UpdateOrganizationConfiguration", in, func(s *State) (*sdk.UpdateOrganizationConfigurationOutput, error) {
		o, err := s.organization(in.DetectorId)
		if err != nil {
			return nil, err
		}
		if in.AutoEnableOrganizationMembers == "" {
			return nil, refuse("The request is rejected because autoEnableOrganizationMembers has no value.")
		}
		named := map[guardduty.Feature]guardduty.AutoEnable{}
		for _, n := range in.Features {
			named[guardduty.Feature(n.Name)] = guardduty.AutoEnable(n.AutoEnable)
			for _, a := range n.AdditionalConfiguration {
				named[guardduty.Feature(n.Name)+"."+guardduty.Feature(a.Name)] = guardduty.AutoEnable(a.AutoEnable)
			}
		}
		if named[guardduty.RuntimeMonitoring] != "" && named[guardduty.EKSRuntimeMonitoring] != "" {
			return nil, refuse("The request is rejected because it names EKS_RUNTIME_MONITORING and RUNTIME_MONITORING.")
		}
		o.AutoEnable = guardduty.AutoEnable(in.AutoEnableOrganizationMembers)
		for feature, v := range named {
			o.Features[feature] = v
		}
		return &sdk.UpdateOrganizationConfigurationOutput{}, nil
	})
}

func (s *State) management() error {
	if s.Management {
		return nil
	}
	return refuse("The request failed because you are not the master account for your AWS Organization.")
}

// ListOrganizationAdminAccounts tells the management account who the delegated
// administrator is.
func (f *GuardDuty) ListOrganizationAdminAccounts(ctx context.Context, in *sdk.ListOrganizationAdminAccountsInput, _ ...func(*sdk.Options)) (*sdk.ListOrganizationAdminAccountsOutput, error) {
	return read(ctx, f, "ListOrganizationAdminAccounts", in, func(s *State) (*sdk.ListOrganizationAdminAccountsOutput, error) {
		if err := s.management(); err != nil {
			return nil, err
		}
		var all []types.AdminAccount
		if s.DelegatedAdmin != "" {
			all = append(all, types.AdminAccount{AdminAccountId: aws.String(s.DelegatedAdmin), AdminStatus: types.AdminStatusEnabled})
		}
		cut, next, err := page(f, all, in.NextToken, in.MaxResults)
		return &sdk.ListOrganizationAdminAccountsOutput{AdminAccounts: cut, NextToken: next}, err
	})
}

// EnableOrganizationAdminAccount delegates GuardDuty; a second administrator is
// refused.
func (f *GuardDuty) EnableOrganizationAdminAccount(ctx context.Context, in *sdk.EnableOrganizationAdminAccountInput, _ ...func(*sdk.Options)) (*sdk.EnableOrganizationAdminAccountOutput, error) {
	return write(ctx, f, "EnableOrganizationAdminAccount", in, func(s *State) (*sdk.EnableOrganizationAdminAccountOutput, error) {
		if err := s.management(); err != nil {
			return nil, err
		}
		if s.DelegatedAdmin != "" && s.DelegatedAdmin != aws.ToString(in.AdminAccountId) {
			return nil, refuse("The request failed because another account is already enabled as GuardDuty delegated administrator for the organization.")
		}
		s.DelegatedAdmin = aws.ToString(in.AdminAccountId)
		return &sdk.EnableOrganizationAdminAccountOutput{}, nil
	})
}

// DisableOrganizationAdminAccount takes the delegation back.
func (f *GuardDuty) DisableOrganizationAdminAccount(ctx context.Context, in *sdk.DisableOrganizationAdminAccountInput, _ ...func(*sdk.Options)) (*sdk.DisableOrganizationAdminAccountOutput, error) {
	return write(ctx, f, "DisableOrganizationAdminAccount", in, func(s *State) (*sdk.DisableOrganizationAdminAccountOutput, error) {
		if err := s.management(); err != nil {
			return nil, err
		}
		if s.DelegatedAdmin != aws.ToString(in.AdminAccountId) {
			return nil, refuse("The request failed because the account is not enabled as GuardDuty delegated administrator for the organization.")
		}
		s.DelegatedAdmin = ""
		return &sdk.DisableOrganizationAdminAccountOutput{}, nil
	})
}

// ListMembers lists the accounts that the administrator knows of; unasked, only
// those that are associated.
func (f *GuardDuty) ListMembers(ctx context.Context, in *sdk.ListMembersInput, _ ...func(*sdk.Options)) (*sdk.ListMembersOutput, error) {
	return read(ctx, f, "ListMembers", in, func(s *State) (*sdk.ListMembersOutput, error) {
		if _, err := s.detector(in.DetectorId); err != nil {
			return nil, err
		}
		var all []types.Member
		for _, id := range sorted(s.members()) {
			status := cmp.Or(s.Organization.Members[id].Status, "Enabled")
			if aws.ToString(in.OnlyAssociated) == "false" || status == "Enabled" || status == "Disabled" {
				all = append(all, types.Member{AccountId: aws.String(id), RelationshipStatus: &status, AdministratorId: &f.place.Account})
			}
		}
		cut, next, err := page(f, all, in.NextToken, in.MaxResults)
		return &sdk.ListMembersOutput{Members: cut, NextToken: next}, err
	})
}

func (s *State) members() map[string]*Member {
	if s.Organization == nil {
		return nil
	}
	return s.Organization.Members
}

// GetMemberDetectors gives the features of up to 50 members.
func (f *GuardDuty) GetMemberDetectors(ctx context.Context, in *sdk.GetMemberDetectorsInput, _ ...func(*sdk.Options)) (*sdk.GetMemberDetectorsOutput, error) {
	return read(ctx, f, "GetMemberDetectors", in, func(s *State) (*sdk.GetMemberDetectorsOutput, error) {
		if _, err := s.detector(in.DetectorId); err != nil {
			return nil, err
		}
		if len(in.AccountIds) > largestPage {
			return nil, refuse("The request is rejected because the parameter accountIds has too many values.")
		}
		out := &sdk.GetMemberDetectorsOutput{}
		for _, id := range in.AccountIds {
			m := s.members()[id]
			if m == nil || m.NoAnswer != "" {
				why := "The request is rejected because the given account ID is not an associated member of account the current account."
				if m != nil {
					why = m.NoAnswer
				}
				out.UnprocessedAccounts = append(out.UnprocessedAccounts, types.UnprocessedAccount{AccountId: aws.String(id), Result: &why})
				continue
			}
			c := types.MemberDataSourceConfiguration{AccountId: aws.String(id)}
			for _, name := range sorted(m.Features) {
				if strings.Contains(string(name), ".") {
					continue
				}
				r := types.MemberFeaturesConfigurationResult{Name: types.OrgFeature(name), Status: status(m.Features[name])}
				for _, agent := range agents(m.Features, name) {
					r.AdditionalConfiguration = append(r.AdditionalConfiguration, types.MemberAdditionalConfigurationResult{
						Name: types.OrgFeatureAdditionalConfiguration(agent), Status: status(m.Features[name+"."+agent]),
					})
				}
				c.Features = append(c.Features, r)
			}
			out.MemberDataSourceConfigurations = append(out.MemberDataSourceConfigurations, c)
		}
		return out, nil
	})
}

// UpdateMemberDetectors changes the features named, in the accounts named.
func (f *GuardDuty) UpdateMemberDetectors(ctx context.Context, in *sdk.UpdateMemberDetectorsInput, _ ...func(*sdk.Options)) (*sdk.UpdateMemberDetectorsOutput, error) {
	return write(ctx, f, "UpdateMemberDetectors", in, func(s *State) (*sdk.UpdateMemberDetectorsOutput, error) {
		if _, err := s.detector(in.DetectorId); err != nil {
			return nil, err
		}
		changes := map[guardduty.Feature]bool{}
		for _, n := range in.Features {
			changes[guardduty.Feature(n.Name)] = n.Status == types.FeatureStatusEnabled
			for _, a := range n.AdditionalConfiguration {
				changes[guardduty.Feature(n.Name)+"."+guardduty.Feature(a.Name)] = a.Status == types.FeatureStatusEnabled
			}
		}
		out := &sdk.UpdateMemberDetectorsOutput{}
		for _, id := range in.AccountIds {
			m := s.members()[id]
			if m == nil {
				out.UnprocessedAccounts = append(out.UnprocessedAccounts, types.UnprocessedAccount{AccountId: aws.String(id), Result: aws.String("The account is not an associated member.")})
				continue
			}
			if err := apply(m.Features, changes); err != nil {
				return nil, err
			}
		}
		return out, nil
	})
}
