package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsarn "github.com/aws/aws-sdk-go-v2/aws/arn"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/account"
	"github.com/aws/aws-sdk-go-v2/service/account/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go/middleware"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/guardduty"
	"github.com/awsposture/posture/iam"
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
	contacts := account.NewFromConfig(cfg, func(opts *account.Options) { opts.Region = homeRegion(here.Partition) })
	regions, err := enabledRegions(ctx, contacts, o.regions)
	if err != nil {
		// The account may not let itself be asked; what the caller named is left.
		regions = []string{cfg.Region}
		s.notAssessed = append(s.notAssessed, fmt.Sprintf("every region but %s: the enabled regions could not be listed: %s", cfg.Region, posture.CauseOf(err)))
	}

	a := iam.FromConfig(cfg, here)
	a.SecurityContact = securityContact(contacts)
	a.InOrganization, a.Members = organizationFacts(cfg, here)
	a.Analyzers = analyzers(cfg, regions)
	s.evaluators = iam.Evaluators(a)
	for _, region := range regions {
		place := posture.Place{Partition: here.Partition, Account: here.Account, Region: region}
		r := guardduty.FromConfig(cfg, place)
		s.evaluators = append(s.evaluators, guardduty.Evaluators(r)...)
		administered := guardduty.NewOrganization(r)
		administered.Accounts = a.Members
		s.evaluators = append(s.evaluators, guardduty.OrganizationEvaluators(administered)...)
	}
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

// homeRegion is where a partition's account service is.
func homeRegion(partition string) string {
	switch partition {
	case "aws-cn":
		return "cn-northwest-1"
	case "aws-us-gov":
		return "us-gov-west-1"
	}
	return "us-east-1"
}

// enabledRegions are the regions asked for, or those enabled for the account.
func enabledRegions(ctx context.Context, api account.ListRegionsAPIClient, asked []string) (regions []string, err error) {
	if len(asked) > 0 {
		return asked, nil
	}
	pages := account.NewListRegionsPaginator(api, &account.ListRegionsInput{
		MaxResults: aws.Int32(50), RegionOptStatusContains: []types.RegionOptStatus{types.RegionOptStatusEnabled, types.RegionOptStatusEnabledByDefault},
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		for _, r := range page.Regions {
			regions = append(regions, aws.ToString(r.RegionName))
		}
	}
	return regions, nil
}

// securityContact gives the alternate contact for security, nil for none.
func securityContact(api *account.Client) posture.Fact[*iam.Contact] {
	return func(ctx context.Context) (*iam.Contact, error) {
		out, err := api.GetAlternateContact(ctx, &account.GetAlternateContactInput{AlternateContactType: types.AlternateContactTypeSecurity})
		var none *types.ResourceNotFoundException
		switch {
		case errors.As(err, &none) && strings.Contains(none.ErrorMessage(), "No contact"):
			return nil, nil
		case err != nil:
			return nil, err
		}
		c := out.AlternateContact
		return &iam.Contact{Name: aws.ToString(c.Name), Title: aws.ToString(c.Title), Email: aws.ToString(c.EmailAddress), Phone: aws.ToString(c.PhoneNumber)}, nil
	}
}
