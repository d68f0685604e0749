package organization

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations"

	"github.com/awsposture/posture/internal/gate"
	"github.com/awsposture/posture/internal/paging"
)

// Unit is an organizational unit.
type Unit struct {
	ID, Name, ARN string
	Parent        string // the root's or a unit's id
	Path          string // as aws:PrincipalOrgPaths has it, ending with the unit itself and a slash
}

// maxDepth is how deep units can stand in one another: a deeper answer goes
// round. See "Quotas and service limits for AWS Organizations" in its User Guide.
const maxDepth = 5

// Units lists the organizational units, those above before those in them, with
// one call for each and one for the root. The units below one that could not be
// read are missing, and the error names it.
func (o *Organization) Units(ctx context.Context) ([]Unit, error) {
	return o.units.Get(ctx, func(ctx context.Context) ([]Unit, error) {
		id, err := o.Identity(ctx)
		if err != nil || id == (Identity{}) {
			return nil, err
		}
		root, err := o.Root(ctx)
		if err != nil {
			return nil, err
		}
		var (
			all    []Unit
			broken []error
			level  = []Unit{{ID: root.ID, Path: id.ID + "/" + root.ID + "/"}}
		)
		for depth := 0; len(level) > 0; depth++ {
			if depth > maxDepth {
				broken = append(broken, malformed("ListOrganizationalUnitsForParent", fmt.Sprintf("units stand more than %d deep", maxDepth)))
				break
			}
			below, err := parallel(ctx, level, o.listUnits)
			broken = append(broken, err)
			level = slices.Concat(below...)
			all = append(all, level...)
		}
		return all, errors.Join(broken...)
	})
}

func (o *Organization) listUnits(ctx context.Context, parent Unit) ([]Unit, error) {
	var broken []error
	all, err := paging.All(ctx, func(ctx context.Context, token *string) (paging.Page[Unit], error) {
		out, err := gate.Do(ctx, &o.gate, func(ctx context.Context) (*organizations.ListOrganizationalUnitsForParentOutput, error) {
			return o.api.ListOrganizationalUnitsForParent(ctx, &organizations.ListOrganizationalUnitsForParentInput{ParentId: &parent.ID, MaxResults: aws.Int32(pageSize), NextToken: token})
		})
		if err != nil {
			return paging.Page[Unit]{}, fmt.Errorf("units in %s: %w", parent.ID, err)
		}
		page := paging.Page[Unit]{Next: out.NextToken}
		for _, u := range out.OrganizationalUnits {
			id := aws.ToString(u.Id)
			if id == "" {
				broken = append(broken, malformed("ListOrganizationalUnitsForParent", fmt.Sprintf("a unit in %s came without an id (name %q)", parent.ID, aws.ToString(u.Name))))
				continue
			}
			page.Items = append(page.Items, Unit{ID: id, Name: aws.ToString(u.Name), ARN: aws.ToString(u.Arn), Parent: parent.ID, Path: parent.Path + id + "/"})
		}
		return page, nil
	})
	return all, errors.Join(append(broken, err)...)
}
