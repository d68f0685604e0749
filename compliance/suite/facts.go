package suite

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/accessanalyzer"
	zone "github.com/aws/aws-sdk-go-v2/service/accessanalyzer/types"
	"github.com/aws/aws-sdk-go-v2/service/account"
	"github.com/aws/aws-sdk-go-v2/service/account/types"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/iam"
)

// AccountClient makes a client of the account service, which has one home region
// a partition.
func AccountClient(cfg aws.Config, partition string) *account.Client {
	return account.NewFromConfig(cfg, func(o *account.Options) {
		switch partition {
		case "aws-cn":
			o.Region = "cn-northwest-1"
		case "aws-us-gov":
			o.Region = "us-gov-west-1"
		default:
			o.Region = "us-east-1"
		}
	})
}

// EnabledRegions lists the regions that are enabled for the account.
func EnabledRegions(ctx context.Context, api account.ListRegionsAPIClient) (regions []string, err error) {
	pages := account.NewListRegionsPaginator(api, &account.ListRegionsInput{
		MaxResults: aws.Int32(50), RegionOptStatusContains: []types.RegionOptStatus{types.RegionOptStatusEnabled, types.RegionOptStatusEnabledByDefault},
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return regions, err
		}
		for _, r := range page.Regions {
			regions = append(regions, aws.ToString(r.RegionName))
		}
	}
	return regions, nil
}

// securityContact gives the alternate contact for security; nil is none, which
// AWS answers with a ResourceNotFoundException.
func securityContact(cfg aws.Config, here posture.Place) posture.Fact[*iam.Contact] {
	api := AccountClient(cfg, here.Partition)
	return func(ctx context.Context) (*iam.Contact, error) {
		out, err := api.GetAlternateContact(ctx, &account.GetAlternateContactInput{AlternateContactType: types.AlternateContactTypeSecurity})
		// An answer of status 404 without a message is no word of the service's.
		if none, ok := errors.AsType[*types.ResourceNotFoundException](err); ok && none.Message != nil {
			return nil, nil
		}
		if err != nil || out.AlternateContact == nil {
			return nil, err
		}
		c := out.AlternateContact
		return &iam.Contact{Name: aws.ToString(c.Name), Title: aws.ToString(c.Title), Email: aws.ToString(c.EmailAddress), Phone: aws.ToString(c.PhoneNumber)}, nil
	}
}

// analyzers lists the account's Access Analyzer analyzers by region. A region
// that does not answer is left out, and named in the error; other is why there may
// be more regions.
func analyzers(cfg aws.Config, regions []string, other error) posture.Fact[map[string][]iam.Analyzer] {
	return func(ctx context.Context) (map[string][]iam.Analyzer, error) {
		byRegion := map[string][]iam.Analyzer{}
		broken := []error{other}
		for _, region := range regions {
			list, err := analyzersIn(ctx, cfg, region)
			if err != nil {
				broken = append(broken, fmt.Errorf("%s: %w", region, err))
				continue
			}
			byRegion[region] = list
		}
		return byRegion, errors.Join(broken...)
	}
}

func analyzersIn(ctx context.Context, cfg aws.Config, region string) ([]iam.Analyzer, error) {
	api := accessanalyzer.NewFromConfig(cfg, func(o *accessanalyzer.Options) { o.Region = region })
	list := []iam.Analyzer{}
	pages := accessanalyzer.NewListAnalyzersPaginator(api, &accessanalyzer.ListAnalyzersInput{MaxResults: aws.Int32(100)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return list, err
		}
		for _, z := range page.Analyzers {
			list = append(list, iam.Analyzer{ARN: aws.ToString(z.Arn), Name: aws.ToString(z.Name), Type: string(z.Type), Active: z.Status == zone.AnalyzerStatusActive, Tags: z.Tags})
		}
	}
	return list, nil
}
