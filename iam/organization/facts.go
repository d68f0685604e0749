package organization

import (
	"context"

	"github.com/awsposture/posture"
)

// Members gives the ids of all accounts of the organization, the management
// account's too; none for an account in no organization. It is the fact that
// iam.Account.Members and others ask for: its method value is one. Elsewhere than
// in the management account or a delegated administrator's the list cannot be
// read, and the error is of kind not provided: take the fact from the
// administrator's view.
func (o *Organization) Members(ctx context.Context) ([]string, error) {
	why, err := o.administers(ctx)
	if err != nil {
		return nil, err
	}
	id, err := o.Identity(ctx)
	switch {
	case err != nil || id == (Identity{}):
		return nil, err
	case why != "":
		return nil, &posture.Cause{Kind: posture.CauseNotProvided, Message: "the organization's accounts are not told here: " + why}
	}
	all, err := o.listed(ctx)
	ids := make([]string, len(all))
	for i, a := range all {
		ids[i] = a.ID
	}
	return ids, err
}

// InOrganization tells whether the account belongs to an organization. Every
// account may ask. It is the fact that iam.Account.InOrganization asks for.
func (o *Organization) InOrganization(ctx context.Context) (bool, error) {
	id, err := o.Identity(ctx)
	return id != Identity{}, err
}

// managementResources asks for the fact once, as for everything that the view reads.
func (o *Organization) managementResources(ctx context.Context) ([]posture.Resource, error) {
	return o.inventory.Get(ctx, func(ctx context.Context) ([]posture.Resource, error) {
		return o.ManagementResources.Get(ctx, "organization.Organization.ManagementResources")
	})
}
