package organization

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations"

	"github.com/awsposture/posture/internal/gate"
	"github.com/awsposture/posture/internal/paging"
)

// Service is an AWS service by its principal, and since when it is trusted or
// delegated.
type Service struct {
	Principal string // "guardduty.amazonaws.com"
	Since     time.Time
}

// TrustedServices lists the services that may act on the organization.
func (o *Organization) TrustedServices(ctx context.Context) ([]Service, error) {
	return o.trusted.Get(ctx, func(ctx context.Context) ([]Service, error) { return within(ctx, o, o.listTrusted) })
}

func (o *Organization) listTrusted(ctx context.Context) ([]Service, error) {
	return paging.All(ctx, func(ctx context.Context, token *string) (paging.Page[Service], error) {
		out, err := gate.Do(ctx, &o.gate, func(ctx context.Context) (*organizations.ListAWSServiceAccessForOrganizationOutput, error) {
			return o.api.ListAWSServiceAccessForOrganization(ctx, &organizations.ListAWSServiceAccessForOrganizationInput{MaxResults: aws.Int32(pageSize), NextToken: token})
		})
		if err != nil {
			return paging.Page[Service]{}, err
		}
		page := paging.Page[Service]{Next: out.NextToken}
		for _, s := range out.EnabledServicePrincipals {
			page.Items = append(page.Items, Service{aws.ToString(s.ServicePrincipal), aws.ToTime(s.DateEnabled)})
		}
		return page, nil
	})
}

// DelegatedAdministrator is a member account that administers services for the
// organization.
type DelegatedAdministrator struct {
	Account
	Services []Service
}

// DelegatedAdministrators lists the delegated administrators and their services,
// with one call for each. One whose services could not be read is missing, and
// the error names it. Their Path is not told.
func (o *Organization) DelegatedAdministrators(ctx context.Context) ([]DelegatedAdministrator, error) {
	return o.admins.Get(ctx, func(ctx context.Context) ([]DelegatedAdministrator, error) {
		return within(ctx, o, o.readAdministrators)
	})
}

func (o *Organization) readAdministrators(ctx context.Context) ([]DelegatedAdministrator, error) {
	id, err := o.Identity(ctx)
	if err != nil {
		return nil, err
	}
	var broken []error
	listed, err := paging.All(ctx, func(ctx context.Context, token *string) (paging.Page[Account], error) {
		out, err := gate.Do(ctx, &o.gate, func(ctx context.Context) (*organizations.ListDelegatedAdministratorsOutput, error) {
			return o.api.ListDelegatedAdministrators(ctx, &organizations.ListDelegatedAdministratorsInput{MaxResults: aws.Int32(pageSize), NextToken: token})
		})
		if err != nil {
			return paging.Page[Account]{}, err
		}
		page := paging.Page[Account]{Next: out.NextToken}
		for _, d := range out.DelegatedAdministrators {
			a := Account{ID: aws.ToString(d.Id), Name: aws.ToString(d.Name), ARN: aws.ToString(d.Arn), State: AccountState(d.State), Joined: aws.ToTime(d.JoinedTimestamp)}
			if a.State == "" {
				a.State, a.FromStatus = AccountState(d.Status), true
			}
			a.Management = a.ID == id.Management
			if a.ID == "" {
				broken = append(broken, malformed("ListDelegatedAdministrators", fmt.Sprintf("an account came without an id (name %q)", a.Name)))
				continue
			}
			page.Items = append(page.Items, a)
		}
		return page, nil
	})
	read, unread := parallel(ctx, listed, o.readServices)
	return slices.DeleteFunc(read, func(d DelegatedAdministrator) bool { return d.ID == "" }), errors.Join(append(broken, err, unread)...)
}

func (o *Organization) readServices(ctx context.Context, a Account) (DelegatedAdministrator, error) {
	list, err := paging.All(ctx, func(ctx context.Context, token *string) (paging.Page[Service], error) {
		out, err := gate.Do(ctx, &o.gate, func(ctx context.Context) (*organizations.ListDelegatedServicesForAccountOutput, error) {
			return o.api.ListDelegatedServicesForAccount(ctx, &organizations.ListDelegatedServicesForAccountInput{AccountId: &a.ID, MaxResults: aws.Int32(pageSize), NextToken: token})
		})
		if err != nil {
			return paging.Page[Service]{}, err
		}
		page := paging.Page[Service]{Next: out.NextToken}
		for _, s := range out.DelegatedServices {
			page.Items = append(page.Items, Service{aws.ToString(s.ServicePrincipal), aws.ToTime(s.DelegationEnabledDate)})
		}
		return page, nil
	})
	if err != nil {
		return DelegatedAdministrator{}, fmt.Errorf("services delegated to %s: %w", a.ID, err)
	}
	return DelegatedAdministrator{a, list}, nil
}

// DelegationPolicy gives the organization's resource policy, which lets member
// accounts manage its policies; "" is none.
func (o *Organization) DelegationPolicy(ctx context.Context) (string, error) {
	return o.delegation.Get(ctx, func(ctx context.Context) (string, error) { return within(ctx, o, o.readDelegation) })
}

func (o *Organization) readDelegation(ctx context.Context) (string, error) {
	out, err := gate.Do(ctx, &o.gate, func(ctx context.Context) (*organizations.DescribeResourcePolicyOutput, error) {
		return o.api.DescribeResourcePolicy(ctx, &organizations.DescribeResourcePolicyInput{})
	})
	switch {
	case sameCode(err, "ResourcePolicyNotFoundException"):
		return "", nil
	case err != nil:
		return "", err
	case out.ResourcePolicy == nil || out.ResourcePolicy.Content == nil:
		return "", malformed("DescribeResourcePolicy", "the resource policy came without its document")
	}
	return *out.ResourcePolicy.Content, nil
}
