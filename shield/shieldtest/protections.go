package shieldtest

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/shield"
	"github.com/aws/aws-sdk-go-v2/service/shield/types"

	"github.com/awsposture/posture/shield"
)

func (f *Shield) protection(arn string, p *Protection) types.Protection {
	out := types.Protection{
		Id: aws.String(p.ID), Name: aws.String(p.Name), ResourceArn: aws.String(arn), HealthCheckIds: slices.Clone(p.HealthChecks),
		ProtectionArn: aws.String("arn:" + f.place.Partition + ":shield::" + f.place.Account + ":protection/" + p.ID),
	}
	switch p.Response {
	case shield.ResponseCount:
		out.ApplicationLayerAutomaticResponseConfiguration = &types.ApplicationLayerAutomaticResponseConfiguration{
			Status: types.ApplicationLayerAutomaticResponseStatusEnabled, Action: &types.ResponseAction{Count: &types.CountAction{}},
		}
	case shield.ResponseBlock:
		out.ApplicationLayerAutomaticResponseConfiguration = &types.ApplicationLayerAutomaticResponseConfiguration{
			Status: types.ApplicationLayerAutomaticResponseStatusEnabled, Action: &types.ResponseAction{Block: &types.BlockAction{}},
		}
	}
	return out
}

// ListProtections lists the protections.
func (f *Shield) ListProtections(ctx context.Context, in *sdk.ListProtectionsInput, _ ...func(*sdk.Options)) (*sdk.ListProtectionsOutput, error) {
	return read(ctx, f, "ListProtections", in, func(s *State) (*sdk.ListProtectionsOutput, error) {
		cut, next, err := page(f, sorted(s.Protections), in.NextToken, in.MaxResults)
		out := &sdk.ListProtectionsOutput{NextToken: next}
		for _, arn := range cut {
			out.Protections = append(out.Protections, f.protection(arn, s.Protections[arn]))
		}
		return out, err
	})
}

// DescribeProtection gives the protection with an id, or of a resource.
func (f *Shield) DescribeProtection(ctx context.Context, in *sdk.DescribeProtectionInput, _ ...func(*sdk.Options)) (*sdk.DescribeProtectionOutput, error) {
	return read(ctx, f, "DescribeProtection", in, func(s *State) (*sdk.DescribeProtectionOutput, error) {
		if (in.ProtectionId == nil) == (in.ResourceArn == nil) {
			return nil, invalid("Either a protection id or a resource ARN is needed.")
		}
		for arn, p := range s.Protections {
			if aws.ToString(in.ProtectionId) == p.ID || aws.ToString(in.ResourceArn) == arn {
				out := f.protection(arn, p)
				return &sdk.DescribeProtectionOutput{Protection: &out}, nil
			}
		}
		return nil, notFound("The referenced protection does not exist.")
	})
}

// CreateProtection makes a protection; a second one of a resource is refused.
func (f *Shield) CreateProtection(ctx context.Context, in *sdk.CreateProtectionInput, _ ...func(*sdk.Options)) (*sdk.CreateProtectionOutput, error) {
	return write(ctx, f, "CreateProtection", in, func(s *State) (*sdk.CreateProtectionOutput, error) {
		arn := aws.ToString(in.ResourceArn)
		kind, used := shield.KindOf(arn), int64(0)
		for other := range s.Protections {
			if shield.KindOf(other) == kind {
				used++
			}
		}
		switch {
		case s.Subscription.Ended:
			return nil, invalid("The subscription is not active.")
		case kind == "":
			return nil, &types.InvalidResourceException{Message: aws.String("Unrecognized resource '" + arn + "'.")}
		case s.Protections[arn] != nil:
			return nil, &types.ResourceAlreadyExistsException{Message: aws.String("The resource is protected.")}
		case used >= s.Subscription.limit(kind):
			return nil, &types.LimitsExceededException{Message: aws.String("There are too many protections."), Type: aws.String(string(kind)), Limit: used}
		}
		s.made++
		p := &Protection{ID: fmt.Sprintf("protection-%d", s.made), Name: aws.ToString(in.Name)}
		s.Protections[arn] = p
		return &sdk.CreateProtectionOutput{ProtectionId: aws.String(p.ID)}, nil
	})
}

// find gives the protection with an id.
func (s *State) find(id *string) (arn string, p *Protection, err error) {
	for arn, p := range s.Protections {
		if p.ID == aws.ToString(id) {
			return arn, p, nil
		}
	}
	return "", nil, notFound("The referenced protection does not exist.")
}

// DeleteProtection deletes a protection.
func (f *Shield) DeleteProtection(ctx context.Context, in *sdk.DeleteProtectionInput, _ ...func(*sdk.Options)) (*sdk.DeleteProtectionOutput, error) {
	return write(ctx, f, "DeleteProtection", in, func(s *State) (*sdk.DeleteProtectionOutput, error) {
		arn, _, err := s.find(in.ProtectionId)
		if err != nil {
			return nil, err
		}
		delete(s.Protections, arn)
		return &sdk.DeleteProtectionOutput{}, nil
	})
}

// AssociateHealthCheck gives a protection a health check.
func (f *Shield) AssociateHealthCheck(ctx context.Context, in *sdk.AssociateHealthCheckInput, _ ...func(*sdk.Options)) (*sdk.AssociateHealthCheckOutput, error) {
	return write(ctx, f, "AssociateHealthCheck", in, func(s *State) (*sdk.AssociateHealthCheckOutput, error) {
		_, p, err := s.find(in.ProtectionId)
		_, id, ok := strings.Cut(aws.ToString(in.HealthCheckArn), ":healthcheck/")
		switch {
		case err != nil:
			return nil, err
		case !ok:
			return nil, invalid("The health check ARN is not one.")
		case slices.Contains(p.HealthChecks, id):
			return nil, invalid("The health check is associated already.")
		}
		p.HealthChecks = append(p.HealthChecks, id)
		return &sdk.AssociateHealthCheckOutput{}, nil
	})
}

// DisassociateHealthCheck takes a health check from a protection.
func (f *Shield) DisassociateHealthCheck(ctx context.Context, in *sdk.DisassociateHealthCheckInput, _ ...func(*sdk.Options)) (*sdk.DisassociateHealthCheckOutput, error) {
	return write(ctx, f, "DisassociateHealthCheck", in, func(s *State) (*sdk.DisassociateHealthCheckOutput, error) {
		_, p, err := s.find(in.ProtectionId)
		if err != nil {
			return nil, err
		}
		_, id, _ := strings.Cut(aws.ToString(in.HealthCheckArn), ":healthcheck/")
		i := slices.Index(p.HealthChecks, id)
		if i < 0 {
			return nil, notFound("The health check is not associated.")
		}
		if p.HealthChecks = slices.Delete(p.HealthChecks, i, i+1); len(p.HealthChecks) == 0 {
			p.HealthChecks = nil
		}
		return &sdk.DisassociateHealthCheckOutput{}, nil
	})
}

// respond changes the automatic response of a resource that has a protection.
// enabled is whether it must be on before.
func (s *State) respond(arn *string, enabled bool, to shield.Response) error {
	p := s.Protections[aws.ToString(arn)]
	switch {
	case p == nil:
		return notFound("The resource is not protected.")
	case (p.Response == "" || p.Response == shield.ResponseOff) == enabled:
		return noChange("The automatic response is not in a state to be changed so.")
	case to != "" && shield.KindOf(*arn) != shield.Distribution && shield.KindOf(*arn) != shield.ALB:
		return invalid("The resource has no automatic response.")
	}
	p.Response = to
	return nil
}

func action(a *types.ResponseAction) shield.Response {
	if a != nil && a.Block != nil {
		return shield.ResponseBlock
	}
	return shield.ResponseCount
}

// EnableApplicationLayerAutomaticResponse turns the automatic response on where it is off.
func (f *Shield) EnableApplicationLayerAutomaticResponse(ctx context.Context, in *sdk.EnableApplicationLayerAutomaticResponseInput, _ ...func(*sdk.Options)) (*sdk.EnableApplicationLayerAutomaticResponseOutput, error) {
	return write(ctx, f, "EnableApplicationLayerAutomaticResponse", in, func(s *State) (*sdk.EnableApplicationLayerAutomaticResponseOutput, error) {
		return &sdk.EnableApplicationLayerAutomaticResponseOutput{}, s.respond(in.ResourceArn, false, action(in.Action))
	})
}

// UpdateApplicationLayerAutomaticResponse changes the automatic response where it is on.
func (f *Shield) UpdateApplicationLayerAutomaticResponse(ctx context.Context, in *sdk.UpdateApplicationLayerAutomaticResponseInput, _ ...func(*sdk.Options)) (*sdk.UpdateApplicationLayerAutomaticResponseOutput, error) {
	return write(ctx, f, "UpdateApplicationLayerAutomaticResponse", in, func(s *State) (*sdk.UpdateApplicationLayerAutomaticResponseOutput, error) {
		return &sdk.UpdateApplicationLayerAutomaticResponseOutput{}, s.respond(in.ResourceArn, true, action(in.Action))
	})
}

// DisableApplicationLayerAutomaticResponse turns the automatic response off.
func (f *Shield) DisableApplicationLayerAutomaticResponse(ctx context.Context, in *sdk.DisableApplicationLayerAutomaticResponseInput, _ ...func(*sdk.Options)) (*sdk.DisableApplicationLayerAutomaticResponseOutput, error) {
	return write(ctx, f, "DisableApplicationLayerAutomaticResponse", in, func(s *State) (*sdk.DisableApplicationLayerAutomaticResponseOutput, error) {
		return &sdk.DisableApplicationLayerAutomaticResponseOutput{}, s.respond(in.ResourceArn, true, "")
	})
}
