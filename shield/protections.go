package shield

import (
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/shield"
	"github.com/aws/aws-sdk-go-v2/service/shield/types"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/internal/paging"
)

// Protection is Shield Advanced on one resource.
type Protection struct {
	ID, Name     string
	ResourceARN  string
	Kind         Kind
	HealthChecks []string // ids
	AutoResponse AutoResponse
}

// AutoResponse is what the older automatic mitigation of layer 7 attacks does.
type AutoResponse string

// The automatic responses.
const (
	ResponseOff   AutoResponse = "off"
	ResponseCount AutoResponse = "count"
	ResponseBlock AutoResponse = "block"
)

// Protections lists the account's protections in the order of their resources.
func (a *Account) Protections(ctx context.Context) ([]Protection, error) {
	return a.protections.Get(ctx, func(ctx context.Context) ([]Protection, error) {
		all, err := paging.All(ctx, func(ctx context.Context, token *string) (paging.Page[types.Protection], error) {
			out, err := a.api.ListProtections(ctx, &shield.ListProtectionsInput{NextToken: token, MaxResults: aws.Int32(largestPage)})
			if err != nil {
				return paging.Page[types.Protection]{}, err
			}
			return paging.Page[types.Protection]{Items: out.Protections, Next: out.NextToken}, nil
		})
		list := make([]Protection, len(all))
		for i, p := range all {
			list[i] = protectionOf(p)
		}
		slices.SortFunc(list, func(p, q Protection) int { return strings.Compare(p.ResourceARN, q.ResourceARN) })
		return list, err
	})
}

// largestPage is the most that Shield gives at once.
const largestPage = 10000

func protectionOf(p types.Protection) Protection {
	out := Protection{
		ID: aws.ToString(p.Id), Name: aws.ToString(p.Name), ResourceARN: aws.ToString(p.ResourceArn), Kind: KindOf(aws.ToString(p.ResourceArn)),
		HealthChecks: append([]string{}, p.HealthCheckIds...), AutoResponse: ResponseOff,
	}
	slices.Sort(out.HealthChecks)
	r := p.ApplicationLayerAutomaticResponseConfiguration
	if r != nil && r.Status == types.ApplicationLayerAutomaticResponseStatusEnabled && r.Action != nil {
		out.AutoResponse = ResponseCount
		if r.Action.Block != nil {
			out.AutoResponse = ResponseBlock
		}
	}
	return out
}

// protected is the resource that a protection is of. Its id is its ARN's end, so
// that a finding stays the same when the protection is made anew.
func (a *Account) protected(p Protection) posture.Resource {
	return a.byARN(p.ResourceARN, p.Kind)
}

func (a *Account) byARN(arn string, k Kind) posture.Resource {
	id := arn
	if parts := strings.SplitN(arn, ":", 6); len(parts) == 6 {
		id = parts[5]
	}
	at := a.place
	at.Region = regionOf(arn)
	return at.Resource(typeOf(k), id, arn)
}

// protectionsBy gives the protections by the ARN of their resource. Half a list
// is no answer to what is missing from it, so an error leaves none.
func (a *Account) protectionsBy(ctx context.Context) (map[string]Protection, error) {
	all, err := a.Protections(ctx)
	if err != nil {
		return nil, err
	}
	by := make(map[string]Protection, len(all))
	for _, p := range all {
		by[p.ResourceARN] = p
	}
	return by, nil
}
