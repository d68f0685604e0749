package organizationtest

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"
)

// ListAWSServiceAccessForOrganization lists the trusted services.
func (f *Organizations) ListAWSServiceAccessForOrganization(ctx context.Context, in *sdk.ListAWSServiceAccessForOrganizationInput, _ ...func(*sdk.Options)) (*sdk.ListAWSServiceAccessForOrganizationOutput, error) {
	return read(ctx, f, "ListAWSServiceAccessForOrganization", in, func(s *State) (*sdk.ListAWSServiceAccessForOrganizationOutput, error) {
		cut, next, err := page(f, s.Trusted, in.NextToken, in.MaxResults)
		out := &sdk.ListAWSServiceAccessForOrganizationOutput{NextToken: next}
		for _, p := range cut {
			out.EnabledServicePrincipals = append(out.EnabledServicePrincipals, types.EnabledServicePrincipal{ServicePrincipal: &p})
		}
		return out, err
	})
}

// ListDelegatedAdministrators lists the delegated administrators, of one service
// if it is named.
func (f *Organizations) ListDelegatedAdministrators(ctx context.Context, in *sdk.ListDelegatedAdministratorsInput, _ ...func(*sdk.Options)) (*sdk.ListDelegatedAdministratorsOutput, error) {
	return read(ctx, f, "ListDelegatedAdministrators", in, func(s *State) (*sdk.ListDelegatedAdministratorsOutput, error) {
		var all []types.DelegatedAdministrator
		for _, id := range sorted(s.Delegated) {
			for _, p := range s.Delegated[id] {
				if in.ServicePrincipal != nil && p != *in.ServicePrincipal {
					continue
				}
				a := types.Account{Id: &id}
				if s.Accounts[id] != nil {
					a = f.account(s, id)
				}
				all = append(all, types.DelegatedAdministrator{Id: a.Id, Arn: a.Arn, Name: a.Name, JoinedTimestamp: a.JoinedTimestamp, State: a.State, Status: a.Status})
				break
			}
		}
		cut, next, err := page(f, all, in.NextToken, in.MaxResults)
		return &sdk.ListDelegatedAdministratorsOutput{DelegatedAdministrators: cut, NextToken: next}, err
	})
}

// ListDelegatedServicesForAccount lists the services that an account administers.
func (f *Organizations) ListDelegatedServicesForAccount(ctx context.Context, in *sdk.ListDelegatedServicesForAccountInput, _ ...func(*sdk.Options)) (*sdk.ListDelegatedServicesForAccountOutput, error) {
	return read(ctx, f, "ListDelegatedServicesForAccount", in, func(s *State) (*sdk.ListDelegatedServicesForAccountOutput, error) {
		services, ok := s.Delegated[aws.ToString(in.AccountId)]
		if !ok {
			return nil, &types.AccountNotRegisteredException{Message: aws.String("The specified account is not a delegated administrator for this AWS service.")}
		}
		cut, next, err := page(f, services, in.NextToken, in.MaxResults)
		out := &sdk.ListDelegatedServicesForAccountOutput{NextToken: next}
		for _, p := range cut {
			out.DelegatedServices = append(out.DelegatedServices, types.DelegatedService{ServicePrincipal: &p})
		}
		return out, err
	})
}

// DescribeResourcePolicy gives the delegation policy.
func (f *Organizations) DescribeResourcePolicy(ctx context.Context, in *sdk.DescribeResourcePolicyInput, _ ...func(*sdk.Options)) (*sdk.DescribeResourcePolicyOutput, error) {
	return read(ctx, f, "DescribeResourcePolicy", in, func(s *State) (*sdk.DescribeResourcePolicyOutput, error) {
		if s.ResourcePolicy == "" {
			return nil, &types.ResourcePolicyNotFoundException{Message: aws.String("We can't find a resource policy request with the parameter that you specified.")}
		}
		return &sdk.DescribeResourcePolicyOutput{ResourcePolicy: &types.ResourcePolicy{Content: aws.String(s.ResourcePolicy)}}, nil
	})
}
