package shieldtest

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/shield"
	"github.com/aws/aws-sdk-go-v2/service/shield/types"

	"github.com/awsposture/posture/shield"
)

func (g *Group) sdk(id string) types.ProtectionGroup {
	return types.ProtectionGroup{
		ProtectionGroupId: aws.String(id), Aggregation: types.ProtectionGroupAggregation(g.Aggregation), Pattern: types.ProtectionGroupPattern(g.Pattern),
		ResourceType: types.ProtectedResourceType(g.Kind), Members: slices.Clone(g.Members),
	}
}

// ListProtectionGroups lists the groups.
func (f *Shield) ListProtectionGroups(ctx context.Context, in *sdk.ListProtectionGroupsInput, _ ...func(*sdk.Options)) (*sdk.ListProtectionGroupsOutput, error) {
	return read(ctx, f, "ListProtectionGroups", in, func(s *State) (*sdk.ListProtectionGroupsOutput, error) {
		cut, next, err := page(f, sorted(s.Groups), in.NextToken, in.MaxResults)
		out := &sdk.ListProtectionGroupsOutput{NextToken: next}
		for _, id := range cut {
			out.ProtectionGroups = append(out.ProtectionGroups, s.Groups[id].sdk(id))
		}
		return out, err
	})
}

// DescribeProtectionGroup gives one group.
func (f *Shield) DescribeProtectionGroup(ctx context.Context, in *sdk.DescribeProtectionGroupInput, _ ...func(*sdk.Options)) (*sdk.DescribeProtectionGroupOutput, error) {
	return read(ctx, f, "DescribeProtectionGroup", in, func(s *State) (*sdk.DescribeProtectionGroupOutput, error) {
		id := aws.ToString(in.ProtectionGroupId)
		if s.Groups[id] == nil {
			return nil, notFound("The referenced protection group does not exist.")
		}
		g := s.Groups[id].sdk(id)
		return &sdk.DescribeProtectionGroupOutput{ProtectionGroup: &g}, nil
	})
}

// group makes a group of what a call says, which must fit its pattern.
func group(aggregation types.ProtectionGroupAggregation, pattern types.ProtectionGroupPattern, kind types.ProtectedResourceType, members []string) (*Group, error) {
	if (pattern == types.ProtectionGroupPatternArbitrary) != (len(members) > 0) || (pattern == types.ProtectionGroupPatternByResourceType) != (kind != "") {
		return nil, invalid("Members go with the pattern ARBITRARY, a resource type with BY_RESOURCE_TYPE.")
	}
	return &Group{string(aggregation), string(pattern), shield.Kind(kind), slices.Clone(members)}, nil
}

// CreateProtectionGroup makes a group.
func (f *Shield) CreateProtectionGroup(ctx context.Context, in *sdk.CreateProtectionGroupInput, _ ...func(*sdk.Options)) (*sdk.CreateProtectionGroupOutput, error) {
	return write(ctx, f, "CreateProtectionGroup", in, func(s *State) (*sdk.CreateProtectionGroupOutput, error) {
		g, err := group(in.Aggregation, in.Pattern, in.ResourceType, in.Members)
		id := aws.ToString(in.ProtectionGroupId)
		switch {
		case err != nil:
			return nil, err
		case s.Groups[id] != nil:
			return nil, &types.ResourceAlreadyExistsException{Message: aws.String("The protection group exists.")}
		}
		s.Groups[id] = g
		return &sdk.CreateProtectionGroupOutput{}, nil
	})
}

// UpdateProtectionGroup replaces a group.
func (f *Shield) UpdateProtectionGroup(ctx context.Context, in *sdk.UpdateProtectionGroupInput, _ ...func(*sdk.Options)) (*sdk.UpdateProtectionGroupOutput, error) {
	return write(ctx, f, "UpdateProtectionGroup", in, func(s *State) (*sdk.UpdateProtectionGroupOutput, error) {
		g, err := group(in.Aggregation, in.Pattern, in.ResourceType, in.Members)
		id := aws.ToString(in.ProtectionGroupId)
		switch {
		case err != nil:
			return nil, err
		case s.Groups[id] == nil:
			return nil, notFound("The referenced protection group does not exist.")
		}
		s.Groups[id] = g
		return &sdk.UpdateProtectionGroupOutput{}, nil
	})
}

// DeleteProtectionGroup deletes a group.
func (f *Shield) DeleteProtectionGroup(ctx context.Context, in *sdk.DeleteProtectionGroupInput, _ ...func(*sdk.Options)) (*sdk.DeleteProtectionGroupOutput, error) {
	return write(ctx, f, "DeleteProtectionGroup", in, func(s *State) (*sdk.DeleteProtectionGroupOutput, error) {
		id := aws.ToString(in.ProtectionGroupId)
		if s.Groups[id] == nil {
			return nil, notFound("The referenced protection group does not exist.")
		}
		delete(s.Groups, id)
		return &sdk.DeleteProtectionGroupOutput{}, nil
	})
}
