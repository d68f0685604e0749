package organization_test

import (
	"context"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/iam/organization"
	"github.com/awsposture/posture/iam/organization/organizationtest"
)

// holes answers with one thing more, or in place of it, that lacks its members.
type holes struct {
	*organizationtest.Organizations
	in string // the operation
}

func (h holes) DescribeOrganization(ctx context.Context, in *sdk.DescribeOrganizationInput, o ...func(*sdk.Options)) (*sdk.DescribeOrganizationOutput, error) {
	if h.in == "DescribeOrganization" {
		return &sdk.DescribeOrganizationOutput{}, nil
	}
	return h.Organizations.DescribeOrganization(ctx, in, o...)
}

func (h holes) ListRoots(ctx context.Context, in *sdk.ListRootsInput, o ...func(*sdk.Options)) (*sdk.ListRootsOutput, error) {
	if h.in == "ListRoots" {
		return &sdk.ListRootsOutput{}, nil
	}
	return h.Organizations.ListRoots(ctx, in, o...)
}

func (h holes) ListAccounts(ctx context.Context, in *sdk.ListAccountsInput, o ...func(*sdk.Options)) (*sdk.ListAccountsOutput, error) {
	out, err := h.Organizations.ListAccounts(ctx, in, o...)
	if h.in == "ListAccounts" {
		out.Accounts = append([]types.Account{{Name: aws.String("nobody")}}, out.Accounts...)
	}
	return out, err
}

func (h holes) ListOrganizationalUnitsForParent(ctx context.Context, in *sdk.ListOrganizationalUnitsForParentInput, o ...func(*sdk.Options)) (*sdk.ListOrganizationalUnitsForParentOutput, error) {
	out, err := h.Organizations.ListOrganizationalUnitsForParent(ctx, in, o...)
	if h.in == "ListOrganizationalUnitsForParent" && *in.ParentId == root {
		out.OrganizationalUnits = append([]types.OrganizationalUnit{{}}, out.OrganizationalUnits...)
	}
	return out, err
}

func (h holes) ListPolicies(ctx context.Context, in *sdk.ListPoliciesInput, o ...func(*sdk.Options)) (*sdk.ListPoliciesOutput, error) {
	out, err := h.Organizations.ListPolicies(ctx, in, o...)
	if h.in == "ListPolicies" {
		out.Policies = append([]types.PolicySummary{{}}, out.Policies...)
	}
	return out, err
}

func (h holes) DescribePolicy(ctx context.Context, in *sdk.DescribePolicyInput, o ...func(*sdk.Options)) (*sdk.DescribePolicyOutput, error) {
	if h.in == "DescribePolicy" && *in.PolicyId == "p-regions" {
		return &sdk.DescribePolicyOutput{Policy: &types.Policy{}}, nil
	}
	return h.Organizations.DescribePolicy(ctx, in, o...)
}

func (h holes) ListDelegatedAdministrators(ctx context.Context, in *sdk.ListDelegatedAdministratorsInput, o ...func(*sdk.Options)) (*sdk.ListDelegatedAdministratorsOutput, error) {
	out, err := h.Organizations.ListDelegatedAdministrators(ctx, in, o...)
	if h.in == "ListDelegatedAdministrators" {
		out.DelegatedAdministrators = append([]types.DelegatedAdministrator{{}}, out.DelegatedAdministrators...)
	}
	return out, err
}

func (h holes) DescribeResourcePolicy(ctx context.Context, in *sdk.DescribeResourcePolicyInput, o ...func(*sdk.Options)) (*sdk.DescribeResourcePolicyOutput, error) {
	if h.in == "DescribeResourcePolicy" {
		return &sdk.DescribeResourcePolicyOutput{}, nil
	}
	return h.Organizations.DescribeResourcePolicy(ctx, in, o...)
}

// TestMissingMembers gives answers without what they should have: the rest is
// judged, and what is missing is one Unknown.
func TestMissingMembers(t *testing.T) {
	for operation, c := range map[string]struct {
		judge  func(*organization.Organization) posture.Evaluator
		judged int
	}{
		"DescribeOrganization": {func(o *organization.Organization) posture.Evaluator { return organization.AllFeatures{Organization: o} }, 0},
		"ListRoots": {func(o *organization.Organization) posture.Evaluator {
			return organization.PolicyTypeInForce{Organization: o}
		}, 0},
		"ListAccounts": {func(o *organization.Organization) posture.Evaluator {
			return organization.AccountActive{Organization: o}
		}, 4},
		"ListPolicies":   {func(o *organization.Organization) posture.Evaluator { return organization.LeaveDenied{Organization: o} }, 4},
		"DescribePolicy": {func(o *organization.Organization) posture.Evaluator { return organization.LeaveDenied{Organization: o} }, 4},
		"ListDelegatedAdministrators": {func(o *organization.Organization) posture.Evaluator {
			return organization.DelegatedAdministratorSound{Organization: o}
		}, 1},
		"DescribeResourcePolicy": {func(o *organization.Organization) posture.Evaluator {
			return organization.PolicyDelegation{Organization: o}
		}, 0},
	} {
		o := organization.NewOrganization(place, holes{goodWorld().Organizations, operation})
		fs := judge(t, c.judge(o))
		last := fs[len(fs)-1]
		if len(fs) != c.judged+1 || last.Status != posture.Unknown || last.Cause.Kind != posture.CauseMalformed {
			t.Errorf("%s: %+v", operation, fs)
		}
	}
	units, err := organization.NewOrganization(place, holes{goodWorld().Organizations, "ListOrganizationalUnitsForParent"}).Units(t.Context())
	if cause := posture.CauseOf(err); len(units) != 3 || cause == nil || cause.Kind != posture.CauseMalformed {
		t.Errorf("units: %+v, %v", units, err)
	}
}
