package shieldtest

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/shield"
	"github.com/aws/aws-sdk-go-v2/service/shield/types"
)

// DescribeDRTAccess gives what the response team may use.
func (f *Shield) DescribeDRTAccess(ctx context.Context, in *sdk.DescribeDRTAccessInput, _ ...func(*sdk.Options)) (*sdk.DescribeDRTAccessOutput, error) {
	return read(ctx, f, "DescribeDRTAccess", in, func(s *State) (*sdk.DescribeDRTAccessOutput, error) {
		out := &sdk.DescribeDRTAccessOutput{LogBucketList: slices.Clone(s.Buckets)}
		if s.RoleARN != "" {
			out.RoleArn = aws.String(s.RoleARN)
		}
		return out, nil
	})
}

// AssociateDRTRole gives the response team a role in the place of the one before.
func (f *Shield) AssociateDRTRole(ctx context.Context, in *sdk.AssociateDRTRoleInput, _ ...func(*sdk.Options)) (*sdk.AssociateDRTRoleOutput, error) {
	return write(ctx, f, "AssociateDRTRole", in, func(s *State) (*sdk.AssociateDRTRoleOutput, error) {
		s.RoleARN = aws.ToString(in.RoleArn)
		return &sdk.AssociateDRTRoleOutput{}, nil
	})
}

// DisassociateDRTRole takes the response team's role.
func (f *Shield) DisassociateDRTRole(ctx context.Context, in *sdk.DisassociateDRTRoleInput, _ ...func(*sdk.Options)) (*sdk.DisassociateDRTRoleOutput, error) {
	return write(ctx, f, "DisassociateDRTRole", in, func(s *State) (*sdk.DisassociateDRTRoleOutput, error) {
		if s.RoleARN == "" {
			return nil, noChange("There is no role.")
		}
		s.RoleARN = ""
		return &sdk.DisassociateDRTRoleOutput{}, nil
	})
}

// AssociateDRTLogBucket shares a bucket with a response team that has a role.
func (f *Shield) AssociateDRTLogBucket(ctx context.Context, in *sdk.AssociateDRTLogBucketInput, _ ...func(*sdk.Options)) (*sdk.AssociateDRTLogBucketOutput, error) {
	return write(ctx, f, "AssociateDRTLogBucket", in, func(s *State) (*sdk.AssociateDRTLogBucketOutput, error) {
		bucket := aws.ToString(in.LogBucket)
		switch {
		case s.RoleARN == "":
			return nil, &types.NoAssociatedRoleException{Message: aws.String("There is no role.")}
		case slices.Contains(s.Buckets, bucket):
			return nil, noChange("The bucket is associated.")
		case len(s.Buckets) >= 10:
			return nil, &types.LimitsExceededException{Message: aws.String("There are too many buckets."), Limit: 10}
		}
		s.Buckets = append(s.Buckets, bucket)
		return &sdk.AssociateDRTLogBucketOutput{}, nil
	})
}

// DisassociateDRTLogBucket takes a bucket from the response team.
func (f *Shield) DisassociateDRTLogBucket(ctx context.Context, in *sdk.DisassociateDRTLogBucketInput, _ ...func(*sdk.Options)) (*sdk.DisassociateDRTLogBucketOutput, error) {
	return write(ctx, f, "DisassociateDRTLogBucket", in, func(s *State) (*sdk.DisassociateDRTLogBucketOutput, error) {
		i := slices.Index(s.Buckets, aws.ToString(in.LogBucket))
		if i < 0 {
			return nil, noChange("The bucket is not associated.")
		}
		if s.Buckets = slices.Delete(s.Buckets, i, i+1); len(s.Buckets) == 0 {
			s.Buckets = nil
		}
		return &sdk.DisassociateDRTLogBucketOutput{}, nil
	})
}
