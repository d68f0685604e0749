package organizationtest

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"github.com/awsposture/posture/iam/organization"
)

func (f *Organizations) arn(s *State, resource string) *string {
	return aws.String("arn:" + cmp.Or(f.place.Partition, "aws") + ":organizations::" + s.Management + ":" + resource)
}

// DescribeOrganization describes the organization, to every account of it.
func (f *Organizations) DescribeOrganization(ctx context.Context, in *sdk.DescribeOrganizationInput, _ ...func(*sdk.Options)) (*sdk.DescribeOrganizationOutput, error) {
	return anyone(ctx, f, "DescribeOrganization", in, func(s *State) (*sdk.DescribeOrganizationOutput, error) {
		set := types.OrganizationFeatureSetConsolidatedBilling
		if s.AllFeatures {
			set = types.OrganizationFeatureSetAll
		}
		return &sdk.DescribeOrganizationOutput{Organization: &types.Organization{
			Id: aws.String(s.ID), Arn: f.arn(s, "organization/"+s.ID), FeatureSet: set,
			MasterAccountId: aws.String(s.Management), MasterAccountArn: f.arn(s, "account/"+s.ID+"/"+s.Management),
		}}, nil
	})
}

func (f *Organizations) root(s *State) types.Root {
	r := types.Root{Id: aws.String(s.Root), Arn: f.arn(s, "root/"+s.ID+"/"+s.Root), Name: aws.String("Root")}
	for _, t := range slices.Sorted(maps.Keys(s.Types)) {
		r.PolicyTypes = append(r.PolicyTypes, types.PolicyTypeSummary{Type: types.PolicyType(t), Status: types.PolicyTypeStatus(s.Types[t])})
	}
	return r
}

// ListRoots lists the one root, with the policy types that are not disabled.
func (f *Organizations) ListRoots(ctx context.Context, in *sdk.ListRootsInput, _ ...func(*sdk.Options)) (*sdk.ListRootsOutput, error) {
	return read(ctx, f, "ListRoots", in, func(s *State) (*sdk.ListRootsOutput, error) {
		cut, next, err := page(f, []types.Root{f.root(s)}, in.NextToken, in.MaxResults)
		return &sdk.ListRootsOutput{Roots: cut, NextToken: next}, err
	})
}

func (f *Organizations) account(s *State, id string) types.Account {
	a := s.Accounts[id]
	state := a.state()
	out := types.Account{Id: &id, Arn: f.arn(s, "account/"+s.ID+"/"+id), Name: aws.String(a.Name), JoinedTimestamp: aws.Time(a.Joined), State: types.AccountState(state), Status: status(state)}
	if s.OnlyStatus {
		out.State = ""
	}
	if !s.NoPaths {
		out.Paths = []string{s.path(a.Parent) + id + "/"}
	}
	return out
}

func (a *Account) state() organization.AccountState {
	return cmp.Or(a.State, organization.StateActive)
}

// status is what AWS's older member says of a state.
func status(s organization.AccountState) types.AccountStatus {
	if s == organization.StateClosed {
		return types.AccountStatusSuspended
	}
	return types.AccountStatus(s)
}

// ListAccounts lists every account.
func (f *Organizations) ListAccounts(ctx context.Context, in *sdk.ListAccountsInput, _ ...func(*sdk.Options)) (*sdk.ListAccountsOutput, error) {
	return read(ctx, f, "ListAccounts", in, func(s *State) (*sdk.ListAccountsOutput, error) {
		cut, next, err := page(f, sorted(s.Accounts), in.NextToken, in.MaxResults)
		return &sdk.ListAccountsOutput{Accounts: f.accounts(s, cut), NextToken: next}, err
	})
}

func (f *Organizations) accounts(s *State, ids []string) (out []types.Account) {
	for _, id := range ids {
		out = append(out, f.account(s, id))
	}
	return out
}

// ListAccountsForParent lists the accounts in the root or a unit, not below it.
func (f *Organizations) ListAccountsForParent(ctx context.Context, in *sdk.ListAccountsForParentInput, _ ...func(*sdk.Options)) (*sdk.ListAccountsForParentOutput, error) {
	return read(ctx, f, "ListAccountsForParent", in, func(s *State) (*sdk.ListAccountsForParentOutput, error) {
		if err := s.parent(in.ParentId); err != nil {
			return nil, err
		}
		held := slices.DeleteFunc(sorted(s.Accounts), func(id string) bool { return s.Accounts[id].Parent != *in.ParentId })
		cut, next, err := page(f, held, in.NextToken, in.MaxResults)
		return &sdk.ListAccountsForParentOutput{Accounts: f.accounts(s, cut), NextToken: next}, err
	})
}

func (s *State) parent(id *string) error {
	if aws.ToString(id) == s.Root || s.Units[aws.ToString(id)] != nil {
		return nil
	}
	return &types.ParentNotFoundException{Message: aws.String("You specified a parent that doesn't exist: " + aws.ToString(id))}
}

// ListOrganizationalUnitsForParent lists the units in the root or a unit.
func (f *Organizations) ListOrganizationalUnitsForParent(ctx context.Context, in *sdk.ListOrganizationalUnitsForParentInput, _ ...func(*sdk.Options)) (*sdk.ListOrganizationalUnitsForParentOutput, error) {
	return read(ctx, f, "ListOrganizationalUnitsForParent", in, func(s *State) (*sdk.ListOrganizationalUnitsForParentOutput, error) {
		if err := s.parent(in.ParentId); err != nil {
			return nil, err
		}
		below := slices.DeleteFunc(sorted(s.Units), func(id string) bool { return s.Units[id].Parent != *in.ParentId })
		cut, next, err := page(f, below, in.NextToken, in.MaxResults)
		out := &sdk.ListOrganizationalUnitsForParentOutput{NextToken: next}
		for _, id := range cut {
			out.OrganizationalUnits = append(out.OrganizationalUnits, types.OrganizationalUnit{Id: &id, Name: aws.String(s.Units[id].Name), Arn: f.arn(s, "ou/"+s.ID+"/"+id), Path: aws.String(s.path(id))})
		}
		return out, err
	})
}
