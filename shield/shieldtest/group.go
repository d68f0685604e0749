package shieldtest

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/shield"
	"github.com/aws/aws-sdk-go-v2/service/shield/types"

	"github.com/awsposture/posture/shield"
)

// ListProtectionGroups lists the protection groups.
func (f *Shield) ListProtectionGroups(ctx context.Context, in *sdk.ListProtectionGroupsInput, _ ...func(*sdk.Options)) (*sdk.ListProtectionGroupsOutput, error) {
	return read(ctx, f, "ListProtectionGroups", in, func(s *State) (*sdk.ListProtectionGroupsOutput, error) {
		var all []types.ProtectionGroup
		for _, id := range sorted(s.Groups) {
			g := s.Groups[id]
			all = append(all, types.ProtectionGroup{
				ProtectionGroupId: aws.String(id), Aggregation: types.ProtectionGroupAggregation(g.Aggregation), Pattern: types.ProtectionGroupPattern(g.Pattern), ResourceType: types.ProtectedResourceType(g.Kind),
				Members: slices.Clone(g.Members), ProtectionGroupArn: aws.String(f.place.ARN("shield", "protection-group/"+id)),
			})
		}
		cut, next, err := page(f, all, in.NextToken, in.MaxResults)
		return &sdk.ListProtectionGroupsOutput{ProtectionGroups: cut, NextToken: next}, err
	})
}

// ListResourcesInProtectionGroup lists the protected members of a group.
func (f *Shield) ListResourcesInProtectionGroup(ctx context.Context, in *sdk.ListResourcesInProtectionGroupInput, _ ...func(*sdk.Options)) (*sdk.ListResourcesInProtectionGroupOutput, error) {
	return read(ctx, f, "ListResourcesInProtectionGroup", in, func(s *State) (*sdk.ListResourcesInProtectionGroupOutput, error) {
		g := s.Groups[aws.ToString(in.ProtectionGroupId)]
		if g == nil {
			return nil, missing("The protection group does not exist.")
		}
		var all []string
		for _, id := range sorted(s.Protections) {
			arn := s.Protections[id].Resource
			if g.Pattern == "ALL" || g.Pattern == "BY_RESOURCE_TYPE" && shield.KindOf(arn) == g.Kind || slices.Contains(g.Members, arn) {
				all = append(all, arn)
			}
		}
		cut, next, err := page(f, all, in.NextToken, in.MaxResults)
		return &sdk.ListResourcesInProtectionGroupOutput{ResourceArns: cut, NextToken: next}, err
	})
}

func group(aggregation types.ProtectionGroupAggregation, pattern types.ProtectionGroupPattern, k types.ProtectedResourceType, members []string) *Group {
	return &Group{Aggregation: string(aggregation), Pattern: string(pattern), Kind: shield.Kind(k), Members: slices.Clone(members)}
}

// CreateProtectionGroup makes a group.
func (f *Shield) CreateProtectionGroup(ctx context.Context, in *sdk.CreateProtectionGroupInput, _ ...func(*sdk.Options)) (*sdk.CreateProtectionGroupOutput, error) {
	return write(ctx, f, "CreateProtectionGroup", in, func(s *State) (*sdk.CreateProtectionGroupOutput, error) {
		if s.Groups[aws.ToString(in.ProtectionGroupId)] != nil {
			return nil, &types.ResourceAlreadyExistsException{Message: aws.String("The protection group exists already.")}
		}
		s.Groups[aws.ToString(in.ProtectionGroupId)] = group(in.Aggregation, in.Pattern, in.ResourceType, in.Members)
		return &sdk.CreateProtectionGroupOutput{}, nil
	})
}

// UpdateProtectionGroup replaces a group's content.
func (f *Shield) UpdateProtectionGroup(ctx context.Context, in *sdk.UpdateProtectionGroupInput, _ ...func(*sdk.Options)) (*sdk.UpdateProtectionGroupOutput, error) {
	return write(ctx, f, "UpdateProtectionGroup", in, func(s *State) (*sdk.UpdateProtectionGroupOutput, error) {
		if s.Groups[aws.ToString(in.ProtectionGroupId)] == nil {
			return nil, missing("The protection group does not exist.")
		}
		s.Groups[aws.ToString(in.ProtectionGroupId)] = group(in.Aggregation, in.Pattern, in.ResourceType, in.Members)
		return &sdk.UpdateProtectionGroupOutput{}, nil
	})
}

// DeleteProtectionGroup deletes a group.
func (f *Shield) DeleteProtectionGroup(ctx context.Context, in *sdk.DeleteProtectionGroupInput, _ ...func(*sdk.Options)) (*sdk.DeleteProtectionGroupOutput, error) {
	return write(ctx, f, "DeleteProtectionGroup", in, func(s *State) (*sdk.DeleteProtectionGroupOutput, error) {
		if s.Groups[aws.ToString(in.ProtectionGroupId)] == nil {
			return nil, missing("The protection group does not exist.")
		}
		delete(s.Groups, aws.ToString(in.ProtectionGroupId))
		return &sdk.DeleteProtectionGroupOutput{}, nil
	})
}
