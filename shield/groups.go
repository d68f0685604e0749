package shield

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/shield"
	"github.com/aws/aws-sdk-go-v2/service/shield/types"

	"github.com/awsposture/posture/internal/paging"
)

// Group is a protection group: resources whose attacks are detected and mitigated
// as those of one application.
type Group struct {
	ID          string
	Aggregation string // SUM, MEAN or MAX
	Pattern     string // ALL, BY_RESOURCE_TYPE or ARBITRARY
	Kind        Kind   // of pattern BY_RESOURCE_TYPE
	Members     []string
}

// The pattern of a group whose members are named.
const arbitrary = "ARBITRARY"

// Groups lists the protection groups. The members of a group of another pattern
// than ARBITRARY follow from the pattern.
func (a *Account) Groups(ctx context.Context) ([]Group, error) {
	return a.groups.Get(ctx, func(ctx context.Context) ([]Group, error) {
		all, err := paging.All(ctx, func(ctx context.Context, token *string) (paging.Page[types.ProtectionGroup], error) {
			out, err := a.api.ListProtectionGroups(ctx, &shield.ListProtectionGroupsInput{NextToken: token, MaxResults: aws.Int32(largestPage)})
			if err != nil {
				return paging.Page[types.ProtectionGroup]{}, err
			}
			return paging.Page[types.ProtectionGroup]{Items: out.ProtectionGroups, Next: out.NextToken}, nil
		})
		list := make([]Group, len(all))
		for i, g := range all {
			list[i] = groupOf(g)
		}
		return list, err
	})
}

func groupOf(g types.ProtectionGroup) Group {
	out := Group{ID: aws.ToString(g.ProtectionGroupId), Aggregation: string(g.Aggregation), Pattern: string(g.Pattern), Kind: Kind(g.ResourceType), Members: append([]string{}, g.Members...)}
	slices.Sort(out.Members)
	return out
}

// has tells whether a group takes in a protected resource.
func (g Group) has(arn string) bool {
	switch g.Pattern {
	case "ALL":
		return true
	case "BY_RESOURCE_TYPE":
		return KindOf(arn) == g.Kind
	}
	return slices.Contains(g.Members, arn)
}
