package inspectortest

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/inspector2"
	"github.com/aws/aws-sdk-go-v2/service/inspector2/types"

	"github.com/awsposture/posture/inspector"
)

// largestOrgPage is the most that a page of accounts holds.
const largestOrgPage = 50

// ListDelegatedAdminAccounts lists the delegated administrator, for the
// management account only.
func (f *Inspector) ListDelegatedAdminAccounts(ctx context.Context, in *sdk.ListDelegatedAdminAccountsInput, _ ...func(*sdk.Options)) (*sdk.ListDelegatedAdminAccountsOutput, error) {
	return read(ctx, f, "ListDelegatedAdminAccounts", in, func(s *State) (*sdk.ListDelegatedAdminAccountsOutput, error) {
		if !s.Management {
			return nil, denied("Invoking account is not the organization's management account.")
		}
		var all []types.DelegatedAdminAccount
		if s.DelegatedAdmin != "" {
			all = append(all, types.DelegatedAdminAccount{AccountId: aws.String(s.DelegatedAdmin), Status: types.DelegatedAdminStatusEnabled})
		}
		cut, next, err := page(f, all, in.NextToken, in.MaxResults, largestOrgPage)
		return &sdk.ListDelegatedAdminAccountsOutput{DelegatedAdminAccounts: cut, NextToken: next}, err
	})
}

// EnableDelegatedAdminAccount delegates Inspector, where nobody has it yet.
func (f *Inspector) EnableDelegatedAdminAccount(ctx context.Context, in *sdk.EnableDelegatedAdminAccountInput, _ ...func(*sdk.Options)) (*sdk.EnableDelegatedAdminAccountOutput, error) {
	return write(ctx, f, "EnableDelegatedAdminAccount", in, func(s *State) (*sdk.EnableDelegatedAdminAccountOutput, error) {
		switch {
		case !s.Management:
			return nil, denied("Invoking account is not the organization's management account.")
		case s.DelegatedAdmin != "":
			return nil, &types.ConflictException{Message: aws.String("There is a delegated administrator already."), ResourceId: &s.DelegatedAdmin, ResourceType: aws.String("Account")}
		}
		s.DelegatedAdmin = *in.DelegatedAdminAccountId
		return &sdk.EnableDelegatedAdminAccountOutput{DelegatedAdminAccountId: in.DelegatedAdminAccountId}, nil
	})
}

// DisableDelegatedAdminAccount takes the delegation back.
func (f *Inspector) DisableDelegatedAdminAccount(ctx context.Context, in *sdk.DisableDelegatedAdminAccountInput, _ ...func(*sdk.Options)) (*sdk.DisableDelegatedAdminAccountOutput, error) {
	return write(ctx, f, "DisableDelegatedAdminAccount", in, func(s *State) (*sdk.DisableDelegatedAdminAccountOutput, error) {
		switch {
		case !s.Management:
			return nil, denied("Invoking account is not the organization's management account.")
		case s.DelegatedAdmin != *in.DelegatedAdminAccountId:
			return nil, absent("The delegated administrator")
		}
		s.DelegatedAdmin = ""
		return &sdk.DisableDelegatedAdminAccountOutput{DelegatedAdminAccountId: in.DelegatedAdminAccountId}, nil
	})
}

func (s *State) administers() error {
	if s.Organization == nil {
		return denied("Invoking account is not the delegated administrator.")
	}
	return nil
}

// DescribeOrganizationConfiguration gives what new accounts get, to the delegated
// administrator only.
func (f *Inspector) DescribeOrganizationConfiguration(ctx context.Context, in *sdk.DescribeOrganizationConfigurationInput, _ ...func(*sdk.Options)) (*sdk.DescribeOrganizationConfigurationOutput, error) {
	return read(ctx, f, "DescribeOrganizationConfiguration", in, func(s *State) (*sdk.DescribeOrganizationConfigurationOutput, error) {
		if err := s.administers(); err != nil {
			return nil, err
		}
		return &sdk.DescribeOrganizationConfigurationOutput{AutoEnable: s.Organization.auto(), MaxAccountLimitReached: aws.Bool(s.Organization.Full)}, nil
	})
}

func (o *Organization) auto() *types.AutoEnable {
	get := func(t inspector.ScanType) *bool {
		if on, offered := o.AutoEnable[t]; offered {
			return &on
		}
		return nil
	}
	return &types.AutoEnable{Ec2: get(inspector.EC2), Ecr: get(inspector.ECR), Lambda: get(inspector.Lambda), LambdaCode: get(inspector.LambdaCode), CodeRepository: get(inspector.CodeRepository)}
}

// UpdateOrganizationConfiguration sets what new accounts get. What the call does
// not name is turned off.
func (f *Inspector) UpdateOrganizationConfiguration(ctx context.Context, in *sdk.UpdateOrganizationConfigurationInput, _ ...func(*sdk.Options)) (*sdk.UpdateOrganizationConfigurationOutput, error) {
	return write(ctx, f, "UpdateOrganizationConfiguration", in, func(s *State) (*sdk.UpdateOrganizationConfigurationOutput, error) {
		if err := s.administers(); err != nil {
			return nil, err
		}
		a := in.AutoEnable
		if aws.ToBool(a.LambdaCode) && !aws.ToBool(a.Lambda) {
			return nil, invalid("lambdaCode needs lambda")
		}
		for t, on := range map[inspector.ScanType]*bool{inspector.EC2: a.Ec2, inspector.ECR: a.Ecr, inspector.Lambda: a.Lambda, inspector.LambdaCode: a.LambdaCode, inspector.CodeRepository: a.CodeRepository} {
			if _, offered := s.Organization.AutoEnable[t]; offered || on != nil {
				s.Organization.AutoEnable[t] = aws.ToBool(on)
			}
		}
		return &sdk.UpdateOrganizationConfigurationOutput{AutoEnable: s.Organization.auto()}, nil
	})
}

// ListMembers lists the accounts that the administrator knows of.
func (f *Inspector) ListMembers(ctx context.Context, in *sdk.ListMembersInput, _ ...func(*sdk.Options)) (*sdk.ListMembersOutput, error) {
	return read(ctx, f, "ListMembers", in, func(s *State) (*sdk.ListMembersOutput, error) {
		if err := s.administers(); err != nil {
			return nil, err
		}
		var all []types.Member
		for _, id := range sorted(s.Organization.Members) {
			status := s.Organization.Members[id].Status
			if status == "" {
				status = "ENABLED"
			}
			if status == "ENABLED" || !aws.ToBool(in.OnlyAssociated) {
				all = append(all, types.Member{AccountId: &id, DelegatedAdminAccountId: &f.place.Account, RelationshipStatus: types.RelationshipStatus(status)})
			}
		}
		cut, next, err := page(f, all, in.NextToken, in.MaxResults, largestOrgPage)
		return &sdk.ListMembersOutput{Members: cut, NextToken: next}, err
	})
}

// AssociateMember makes an account a member, which gets what new accounts get.
func (f *Inspector) AssociateMember(ctx context.Context, in *sdk.AssociateMemberInput, _ ...func(*sdk.Options)) (*sdk.AssociateMemberOutput, error) {
	return write(ctx, f, "AssociateMember", in, func(s *State) (*sdk.AssociateMemberOutput, error) {
		if err := s.administers(); err != nil {
			return nil, err
		}
		m := NewMember()
		for t, on := range s.Organization.AutoEnable {
			if on {
				m.Types[t] = inspector.ScanEnabled
			}
		}
		s.Organization.Members[*in.AccountId] = m
		return &sdk.AssociateMemberOutput{AccountId: in.AccountId}, nil
	})
}

// DisassociateMember forgets a member.
func (f *Inspector) DisassociateMember(ctx context.Context, in *sdk.DisassociateMemberInput, _ ...func(*sdk.Options)) (*sdk.DisassociateMemberOutput, error) {
	return write(ctx, f, "DisassociateMember", in, func(s *State) (*sdk.DisassociateMemberOutput, error) {
		if err := s.administers(); err != nil {
			return nil, err
		}
		if s.Organization.Members[*in.AccountId] == nil {
			return nil, absent("The member")
		}
		delete(s.Organization.Members, *in.AccountId)
		return &sdk.DisassociateMemberOutput{AccountId: in.AccountId}, nil
	})
}
