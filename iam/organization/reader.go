package organization

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/organizations"
)

// Reader is the operations of AWS Organizations that the view reads with;
// *organizations.Client fits. It grows in minor releases: who implements it
// embeds Reader itself, or the fake of package organizationtest.
type Reader interface {
	organizations.ListAccountsAPIClient
	organizations.ListAccountsForParentAPIClient
	organizations.ListAWSServiceAccessForOrganizationAPIClient
	organizations.ListDelegatedAdministratorsAPIClient
	organizations.ListDelegatedServicesForAccountAPIClient
	organizations.ListOrganizationalUnitsForParentAPIClient
	organizations.ListPoliciesAPIClient
	organizations.ListPoliciesForTargetAPIClient
	organizations.ListRootsAPIClient
	organizations.ListTargetsForPolicyAPIClient

	DescribeOrganization(context.Context, *organizations.DescribeOrganizationInput, ...func(*organizations.Options)) (*organizations.DescribeOrganizationOutput, error)
	DescribePolicy(context.Context, *organizations.DescribePolicyInput, ...func(*organizations.Options)) (*organizations.DescribePolicyOutput, error)
	DescribeResourcePolicy(context.Context, *organizations.DescribeResourcePolicyInput, ...func(*organizations.Options)) (*organizations.DescribeResourcePolicyOutput, error)
}
