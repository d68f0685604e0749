package organization

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/internal/gate"
	"github.com/awsposture/posture/internal/paging"
)

// Identity is which organization the account belongs to. The zero value is none.
type Identity struct {
	ID, ARN     string
	Management  string // the management account's id
	AllFeatures bool   // false: consolidated billing only
}

// Identity tells which organization the account belongs to; every account may
// ask. An account in no organization has the zero Identity and no error.
func (o *Organization) Identity(ctx context.Context) (Identity, error) {
	return o.identity.Get(ctx, o.readIdentity)
}

func (o *Organization) readIdentity(ctx context.Context) (Identity, error) {
	out, err := gate.Do(ctx, &o.gate, func(ctx context.Context) (*organizations.DescribeOrganizationOutput, error) {
		return o.api.DescribeOrganization(ctx, &organizations.DescribeOrganizationInput{})
	})
	switch {
	case sameCode(err, "AWSOrganizationsNotInUseException"):
		return Identity{}, nil
	case err != nil:
		return Identity{}, err
	case out.Organization == nil || aws.ToString(out.Organization.Id) == "" || aws.ToString(out.Organization.MasterAccountId) == "":
		return Identity{}, malformed("DescribeOrganization", "the organization came without its id or its management account")
	}
	return Identity{
		ID: *out.Organization.Id, ARN: aws.ToString(out.Organization.Arn), Management: *out.Organization.MasterAccountId,
		AllFeatures: out.Organization.FeatureSet == types.OrganizationFeatureSetAll,
	}, nil
}

// within asks what only an organization has: an account in none has the zero T,
// and no error.
func within[T any](ctx context.Context, o *Organization, ask func(context.Context) (T, error)) (T, error) {
	id, err := o.Identity(ctx)
	if err != nil || id == (Identity{}) {
		var none T
		return none, err
	}
	return ask(ctx)
}

// Root is the root of the organization's tree, and the policy types in force.
type Root struct {
	ID    string
	Types map[PolicyType]TypeStatus // by type; one that is missing is disabled
}

// Root gives the root. Only the management account and delegated administrators
// may ask, here and for all that the methods below read; an account in no
// organization has none of it.
func (o *Organization) Root(ctx context.Context) (Root, error) {
	return o.root.Get(ctx, func(ctx context.Context) (Root, error) { return within(ctx, o, o.readRoot) })
}

func (o *Organization) readRoot(ctx context.Context) (Root, error) {
	roots, err := paging.All(ctx, func(ctx context.Context, token *string) (paging.Page[types.Root], error) {
		out, err := gate.Do(ctx, &o.gate, func(ctx context.Context) (*organizations.ListRootsOutput, error) {
			return o.api.ListRoots(ctx, &organizations.ListRootsInput{MaxResults: aws.Int32(pageSize), NextToken: token})
		})
		if err != nil {
			return paging.Page[types.Root]{}, err
		}
		return paging.Page[types.Root]{Items: out.Roots, Next: out.NextToken}, nil
	})
	switch {
	case err != nil:
		return Root{}, err
	case len(roots) != 1 || aws.ToString(roots[0].Id) == "":
		return Root{}, malformed("ListRoots", "an organization has one root with an id; the answer does not")
	}
	root := Root{ID: *roots[0].Id, Types: map[PolicyType]TypeStatus{}}
	for _, t := range roots[0].PolicyTypes {
		root.Types[PolicyType(t.Type)] = TypeStatus(t.Status)
	}
	return root, nil
}

// administers says why this account does not administer the organization, or ""
// where it does.
//
// AWS answers a member account that administers nothing with a denial as it does
// a principal without permission. The latter's names the action, the former's
// does not. An account that the organization's resource policy lets read some
// things, but not the root, is taken for one that administers nothing.
func (o *Organization) administers(ctx context.Context) (why string, err error) {
	id, err := o.Identity(ctx)
	switch {
	case err != nil:
		return "", err
	case id == Identity{}:
		return "The account belongs to no organization.", nil
	case id.Management == o.place.Account:
		return "", nil
	}
	_, err = o.Root(ctx)
	if c := posture.CauseOf(err); c != nil && c.Kind == posture.CauseDenied && c.Action == "" {
		return "The account is neither the management account nor a delegated administrator.", nil
	}
	return "", err
}

// judged gives what judge finds, where this account administers the organization.
func (o *Organization) judged(ctx context.Context, c posture.Control, judge func(context.Context, Identity) ([]posture.Finding, error)) ([]posture.Finding, error) {
	why, err := o.administers(ctx)
	if err != nil {
		return nil, err
	}
	id, err := o.Identity(ctx)
	if err != nil {
		return nil, err
	}
	if why != "" {
		return []posture.Finding{c.NotApplicable(o.organization(id), why)}, nil
	}
	return judge(ctx, id)
}

// organization is the resource of a control that judges the organization itself.
func (o *Organization) organization(id Identity) posture.Resource {
	return o.place.Resource("AWS::Organizations::Organization", id.ID, id.ARN)
}

func malformed(operation, message string) error {
	return &posture.Cause{Kind: posture.CauseMalformed, Operation: "Organizations:" + operation, Message: message}
}

// pageSize is the largest page that the listings of AWS Organizations give.
const pageSize = 20
