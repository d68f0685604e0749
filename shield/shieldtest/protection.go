package shieldtest

import (
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/shield"
	"github.com/aws/aws-sdk-go-v2/service/shield/types"

	"github.com/awsposture/posture/shield"
)

func (f *Shield) protection(id string, p *Protection) types.Protection {
	out := types.Protection{
		Id: aws.String(id), Name: aws.String(p.Name), ResourceArn: aws.String(p.Resource), HealthCheckIds: slices.Clone(p.HealthChecks), ProtectionArn: aws.String(f.place.ARN("shield", "protection/"+id)),
		ApplicationLayerAutomaticResponseConfiguration: &types.ApplicationLayerAutomaticResponseConfiguration{Status: types.ApplicationLayerAutomaticResponseStatusDisabled},
	}
	c := out.ApplicationLayerAutomaticResponseConfiguration
	switch p.Response {
	case shield.ResponseCount:
		c.Status, c.Action = types.ApplicationLayerAutomaticResponseStatusEnabled, &types.ResponseAction{Count: &types.CountAction{}}
	case shield.ResponseBlock:
		c.Status, c.Action = types.ApplicationLayerAutomaticResponseStatusEnabled, &types.ResponseAction{Block: &types.BlockAction{}}
	}
	return out
}

// of gives the protection of a resource, or Shield's error.
func (s *State) of(arn *string) (id string, p *Protection, err error) {
	for _, id := range sorted(s.Protections) {
		if p := s.Protections[id]; p.Resource == aws.ToString(arn) {
			return id, p, nil
		}
	}
	return "", nil, missing("The referenced protection does not exist.")
}

// ListProtections lists the protections, also after the subscription ended.
func (f *Shield) ListProtections(ctx context.Context, in *sdk.ListProtectionsInput, _ ...func(*sdk.Options)) (*sdk.ListProtectionsOutput, error) {
	return read(ctx, f, "ListProtections", in, func(s *State) (*sdk.ListProtectionsOutput, error) {
		var all []types.Protection
		for _, id := range sorted(s.Protections) {
			all = append(all, f.protection(id, s.Protections[id]))
		}
		cut, next, err := page(f, all, in.NextToken, in.MaxResults)
		return &sdk.ListProtectionsOutput{Protections: cut, NextToken: next}, err
	})
}

// DescribeProtection gives a protection by its id or by its resource.
func (f *Shield) DescribeProtection(ctx context.Context, in *sdk.DescribeProtectionInput, _ ...func(*sdk.Options)) (*sdk.DescribeProtectionOutput, error) {
	return read(ctx, f, "DescribeProtection", in, func(s *State) (*sdk.DescribeProtectionOutput, error) {
		id, p := aws.ToString(in.ProtectionId), s.Protections[aws.ToString(in.ProtectionId)]
		if in.ResourceArn != nil {
			var err error
			if id, p, err = s.of(in.ResourceArn); err != nil {
				return nil, err
			}
		}
		if p == nil {
			return nil, missing("The referenced protection does not exist.")
		}
		out := f.protection(id, p)
		return &sdk.DescribeProtectionOutput{Protection: &out}, nil
	})
}

// CreateProtection protects a resource of a kind that can be.
func (f *Shield) CreateProtection(ctx context.Context, in *sdk.CreateProtectionInput, _ ...func(*sdk.Options)) (*sdk.CreateProtectionOutput, error) {
	return write(ctx, f, "CreateProtection", in, func(s *State) (*sdk.CreateProtectionOutput, error) {
		if _, _, err := s.of(in.ResourceArn); err == nil {
			return nil, &types.ResourceAlreadyExistsException{Message: aws.String("The protection exists already.")}
		}
		if shield.KindOf(aws.ToString(in.ResourceArn)) == shield.KindUnknown {
			return nil, &types.InvalidResourceException{Message: aws.String("The resource cannot be protected.")}
		}
		id := s.next()
		s.Protections[id] = &Protection{Name: aws.ToString(in.Name), Resource: aws.ToString(in.ResourceArn)}
		return &sdk.CreateProtectionOutput{ProtectionId: &id}, nil
	})
}

// DeleteProtection deletes a protection and its health checks with it.
func (f *Shield) DeleteProtection(ctx context.Context, in *sdk.DeleteProtectionInput, _ ...func(*sdk.Options)) (*sdk.DeleteProtectionOutput, error) {
	return write(ctx, f, "DeleteProtection", in, func(s *State) (*sdk.DeleteProtectionOutput, error) {
		if s.Protections[aws.ToString(in.ProtectionId)] == nil {
			return nil, missing("The referenced protection does not exist.")
		}
		delete(s.Protections, aws.ToString(in.ProtectionId))
		return &sdk.DeleteProtectionOutput{}, nil
	})
}

func check(arn *string) string {
	return aws.ToString(arn)[strings.LastIndexByte(aws.ToString(arn), '/')+1:]
}

// AssociateHealthCheck gives a protection its one health check.
func (f *Shield) AssociateHealthCheck(ctx context.Context, in *sdk.AssociateHealthCheckInput, _ ...func(*sdk.Options)) (*sdk.AssociateHealthCheckOutput, error) {
	return write(ctx, f, "AssociateHealthCheck", in, func(s *State) (*sdk.AssociateHealthCheckOutput, error) {
		p := s.Protections[aws.ToString(in.ProtectionId)]
		switch {
		case p == nil:
			return nil, missing("The referenced protection does not exist.")
		case len(p.HealthChecks) > 0:
			return nil, &types.LimitsExceededException{Message: aws.String("A protection has one health check."), Limit: 1}
		}
		p.HealthChecks = []string{check(in.HealthCheckArn)}
		return &sdk.AssociateHealthCheckOutput{}, nil
	})
}

// DisassociateHealthCheck takes the health check away.
func (f *Shield) DisassociateHealthCheck(ctx context.Context, in *sdk.DisassociateHealthCheckInput, _ ...func(*sdk.Options)) (*sdk.DisassociateHealthCheckOutput, error) {
	return write(ctx, f, "DisassociateHealthCheck", in, func(s *State) (*sdk.DisassociateHealthCheckOutput, error) {
		p := s.Protections[aws.ToString(in.ProtectionId)]
		if p == nil || !slices.Contains(p.HealthChecks, check(in.HealthCheckArn)) {
			return nil, missing("The protection does not have the health check.")
		}
		p.HealthChecks = nil
		return &sdk.DisassociateHealthCheckOutput{}, nil
	})
}

func response(a *types.ResponseAction) shield.AutoResponse {
	if a != nil && a.Block != nil {
		return shield.ResponseBlock
	}
	return shield.ResponseCount
}

// EnableApplicationLayerAutomaticResponse turns automatic response on; on what is
// on it is an error.
func (f *Shield) EnableApplicationLayerAutomaticResponse(ctx context.Context, in *sdk.EnableApplicationLayerAutomaticResponseInput, _ ...func(*sdk.Options)) (*sdk.EnableApplicationLayerAutomaticResponseOutput, error) {
	return write(ctx, f, "EnableApplicationLayerAutomaticResponse", in, func(s *State) (*sdk.EnableApplicationLayerAutomaticResponseOutput, error) {
		_, p, err := s.of(in.ResourceArn)
		switch {
		case err != nil:
			return nil, err
		case p.Response != "" && p.Response != shield.ResponseOff:
			return nil, refused("Automatic response is enabled already.")
		}
		p.Response = response(in.Action)
		return &sdk.EnableApplicationLayerAutomaticResponseOutput{}, nil
	})
}

// UpdateApplicationLayerAutomaticResponse changes what it does.
func (f *Shield) UpdateApplicationLayerAutomaticResponse(ctx context.Context, in *sdk.UpdateApplicationLayerAutomaticResponseInput, _ ...func(*sdk.Options)) (*sdk.UpdateApplicationLayerAutomaticResponseOutput, error) {
	return write(ctx, f, "UpdateApplicationLayerAutomaticResponse", in, func(s *State) (*sdk.UpdateApplicationLayerAutomaticResponseOutput, error) {
		_, p, err := s.of(in.ResourceArn)
		switch {
		case err != nil:
			return nil, err
		case p.Response == "" || p.Response == shield.ResponseOff:
			return nil, refused("Automatic response is not enabled.")
		}
		p.Response = response(in.Action)
		return &sdk.UpdateApplicationLayerAutomaticResponseOutput{}, nil
	})
}

// DisableApplicationLayerAutomaticResponse turns it off.
func (f *Shield) DisableApplicationLayerAutomaticResponse(ctx context.Context, in *sdk.DisableApplicationLayerAutomaticResponseInput, _ ...func(*sdk.Options)) (*sdk.DisableApplicationLayerAutomaticResponseOutput, error) {
	return write(ctx, f, "DisableApplicationLayerAutomaticResponse", in, func(s *State) (*sdk.DisableApplicationLayerAutomaticResponseOutput, error) {
		_, p, err := s.of(in.ResourceArn)
		if err != nil {
			return nil, err
		}
		p.Response = ""
		return &sdk.DisableApplicationLayerAutomaticResponseOutput{}, nil
	})
}
