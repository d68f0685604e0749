package main

import (
	"context"
	"fmt"
	"sync/atomic"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsarn "github.com/aws/aws-sdk-go-v2/aws/arn"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go/middleware"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/compliance/suite"
)

// openLive looks at the account of the default credential chain.
func openLive(ctx context.Context, o options) (scope, error) {
	cfg, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		return scope{}, err
	}
	if o.endpoint != "" {
		cfg.BaseEndpoint = &o.endpoint
		cfg.Retryer = func() aws.Retryer { return aws.NopRetryer{} }
	}
	if cfg.Region == "" {
		cfg.Region = "us-east-1"
	}
	var calls atomic.Int64
	cfg.APIOptions = append(cfg.APIOptions, counting(&calls))

	here, err := whoami(ctx, cfg)
	if err != nil {
		return scope{}, err
	}
	s := scope{name: "Account " + here.Account, account: here, calls: func() int { return int(calls.Load()) }}
	regions := o.regions
	if len(regions) == 0 {
		if regions, err = suite.EnabledRegions(ctx, suite.AccountClient(cfg, here.Partition)); err != nil {
			// The account may not let itself be asked: the default region is left.
			regions, s.unlisted = []string{cfg.Region}, true
			s.notAssessed = append(s.notAssessed, fmt.Sprintf("every region but %s: the enabled regions could not be listed: %s", cfg.Region, posture.CauseOf(err)))
		}
	}
	s.evaluators = suite.Account{Config: cfg, Place: here, Regions: regions}.Evaluators()
	return s, nil
}

// counting counts the requests, retries included.
func counting(calls *atomic.Int64) func(*middleware.Stack) error {
	return func(stack *middleware.Stack) error {
		return stack.Deserialize.Add(middleware.DeserializeMiddlewareFunc("count", func(ctx context.Context, in middleware.DeserializeInput, next middleware.DeserializeHandler) (middleware.DeserializeOutput, middleware.Metadata, error) {
			calls.Add(1)
			return next.HandleDeserialize(ctx, in)
		}), middleware.After)
	}
}

// whoami gives the account that the credentials belong to.
func whoami(ctx context.Context, cfg aws.Config) (posture.Place, error) {
	out, err := sts.NewFromConfig(cfg).GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	if err != nil {
		return posture.Place{}, fmt.Errorf("who am I: %w", err)
	}
	arn, err := awsarn.Parse(aws.ToString(out.Arn))
	if err != nil {
		return posture.Place{}, fmt.Errorf("who am I: %q: %w", aws.ToString(out.Arn), err)
	}
	return posture.Place{Partition: arn.Partition, Account: arn.AccountID}, nil
}
