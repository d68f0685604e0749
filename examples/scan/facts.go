package main

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/accessanalyzer"
	zone "github.com/aws/aws-sdk-go-v2/service/accessanalyzer/types"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/iam"
)

// organizationFacts tell whether the account is in an organization, and which
// accounts are. Only the management account and delegated administrators may list them.
func organizationFacts(cfg aws.Config, here posture.Place) (posture.Fact[bool], posture.Fact[[]string]) {
	api := organizations.NewFromConfig(cfg, func(o *organizations.Options) {
		if o.Region = homeRegion(here.Partition); here.Partition == "aws-cn" {
			o.Region = "cn-northwest-1"
		}
	})
	member := func(ctx context.Context) (bool, error) {
		_, err := api.DescribeOrganization(ctx, &organizations.DescribeOrganizationInput{})
		var none *types.AWSOrganizationsNotInUseException
		if errors.As(err, &none) {
			return false, nil
		}
		return err == nil, err
	}
	members := func(ctx context.Context) (ids []string, err error) {
		pages := organizations.NewListAccountsPaginator(api, &organizations.ListAccountsInput{MaxResults: aws.Int32(20)})
		for pages.HasMorePages() {
			page, err := pages.NextPage(ctx)
			if err != nil {
				return ids, err
			}
			for _, a := range page.Accounts {
				ids = append(ids, aws.ToString(a.Id))
			}
		}
		return ids, nil
	}
	return member, members
}

// analyzers lists the account's Access Analyzer analyzers by region. A region
// that does not answer is left out, and named in the error.
func analyzers(cfg aws.Config, regions []string) posture.Fact[map[string][]iam.Analyzer] {
	return func(ctx context.Context) (map[string][]iam.Analyzer, error) {
		byRegion := map[string][]iam.Analyzer{}
		var broken []error
		for _, region := range regions {
			api := accessanalyzer.NewFromConfig(cfg, func(o *accessanalyzer.Options) { o.Region = region })
			pages := accessanalyzer.NewListAnalyzersPaginator(api, &accessanalyzer.ListAnalyzersInput{MaxResults: aws.Int32(100)})
			list := []iam.Analyzer{}
			var err error
			for err == nil && pages.HasMorePages() {
				var page *accessanalyzer.ListAnalyzersOutput
				if page, err = pages.NextPage(ctx); err == nil {
					for _, z := range page.Analyzers {
						list = append(list, iam.Analyzer{ARN: aws.ToString(z.Arn), Name: aws.ToString(z.Name), Type: string(z.Type), Active: z.Status == zone.AnalyzerStatusActive, Tags: z.Tags})
					}
				}
			}
			if err != nil {
				broken = append(broken, err)
				continue
			}
			byRegion[region] = list
		}
		return byRegion, errors.Join(broken...)
	}
}
