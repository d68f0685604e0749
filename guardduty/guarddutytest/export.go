package guarddutytest

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/guardduty"
	"github.com/aws/aws-sdk-go-v2/service/guardduty/types"
)

func (d *Destination) status() types.PublishingStatus {
	switch {
	case d.pending > 0:
		d.pending--
		return types.PublishingStatusPendingVerification
	case d.Broken:
		return types.PublishingStatusUnableToPublishFixDestinationProperty
	}
	return types.PublishingStatusPublishing
}

// ListPublishingDestinations lists where findings are exported to.
func (f *GuardDuty) ListPublishingDestinations(ctx context.Context, in *sdk.ListPublishingDestinationsInput, _ ...func(*sdk.Options)) (*sdk.ListPublishingDestinationsOutput, error) {
	return read(ctx, f, "ListPublishingDestinations", in, func(s *State) (*sdk.ListPublishingDestinationsOutput, error) {
		d, err := s.detector(in.DetectorId)
		if err != nil {
			return nil, err
		}
		cut, next, err := page(f, sorted(d.Destinations), in.NextToken, in.MaxResults)
		out := &sdk.ListPublishingDestinationsOutput{NextToken: next}
		for _, id := range cut {
			out.Destinations = append(out.Destinations, types.Destination{DestinationId: aws.String(id), DestinationType: types.DestinationTypeS3, Status: types.PublishingStatusPublishing})
		}
		return out, err
	})
}

// DescribePublishingDestination gives one destination.
func (f *GuardDuty) DescribePublishingDestination(ctx context.Context, in *sdk.DescribePublishingDestinationInput, _ ...func(*sdk.Options)) (*sdk.DescribePublishingDestinationOutput, error) {
	return read(ctx, f, "DescribePublishingDestination", in, func(s *State) (*sdk.DescribePublishingDestinationOutput, error) {
		d, err := s.detector(in.DetectorId)
		if err != nil {
			return nil, err
		}
		v := d.Destinations[aws.ToString(in.DestinationId)]
		if v == nil {
			return nil, refuse("The request is rejected because the destination does not exist.")
		}
		out := &sdk.DescribePublishingDestinationOutput{
			DestinationId: in.DestinationId, DestinationType: types.DestinationTypeS3, Status: v.status(),
			DestinationProperties: &types.DestinationProperties{DestinationArn: &v.BucketARN},
		}
		if v.KeyARN != "" {
			out.DestinationProperties.KmsKeyArn = &v.KeyARN
		}
		return out, nil
	})
}

// CreatePublishingDestination makes a destination; a second one is refused.
func (f *GuardDuty) CreatePublishingDestination(ctx context.Context, in *sdk.CreatePublishingDestinationInput, _ ...func(*sdk.Options)) (*sdk.CreatePublishingDestinationOutput, error) {
	return write(ctx, f, "CreatePublishingDestination", in, func(s *State) (*sdk.CreatePublishingDestinationOutput, error) {
		d, err := s.detector(in.DetectorId)
		switch p := in.DestinationProperties; {
		case err != nil:
			return nil, err
		case len(d.Destinations) > 0:
			return nil, refuse("The request failed because a publishing destination of this type already exists.")
		case p == nil || p.DestinationArn == nil || p.KmsKeyArn == nil:
			return nil, refuse("The request is rejected because a destination needs a bucket and a KMS key.")
		default:
			id := fmt.Sprintf("destination%d", len(d.Destinations)+1)
			d.Destinations[id] = &Destination{BucketARN: *p.DestinationArn, KeyARN: *p.KmsKeyArn, pending: f.Transition}
			return &sdk.CreatePublishingDestinationOutput{DestinationId: &id}, nil
		}
	})
}

// DeletePublishingDestination removes a destination.
func (f *GuardDuty) DeletePublishingDestination(ctx context.Context, in *sdk.DeletePublishingDestinationInput, _ ...func(*sdk.Options)) (*sdk.DeletePublishingDestinationOutput, error) {
	return write(ctx, f, "DeletePublishingDestination", in, func(s *State) (*sdk.DeletePublishingDestinationOutput, error) {
		d, err := s.detector(in.DetectorId)
		if err != nil {
			return nil, err
		}
		if d.Destinations[aws.ToString(in.DestinationId)] == nil {
			return nil, refuse("The request is rejected because the destination does not exist.")
		}
		delete(d.Destinations, *in.DestinationId)
		return &sdk.DeletePublishingDestinationOutput{}, nil
	})
}
