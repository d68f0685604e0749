// Package quotastest is an in-memory Service Quotas of one account in one region,
// for tests: a quotas.Reader. It pages, lists of the applied quotas only those
// that differ from AWS's default or are said to be listed, as AWS does, and fails
// on demand through the methods of its embedded Faults. Its limits: quotas of
// resources do not exist, nor requests for increases; and it authorizes nothing.
package quotastest

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/servicequotas"
	"github.com/aws/aws-sdk-go-v2/service/servicequotas/types"

	"github.com/awsposture/posture/advisor/quotas"
	"github.com/awsposture/posture/internal/awsfake"
)

// Quotas is the fake. Fill Services before it is used.
type Quotas struct {
	awsfake.Faults

	Services map[string][]Quota // by service code
}

var _ quotas.Reader = (*Quotas)(nil)

// Quota is a quota of a service.
type Quota struct {
	Code, Name string
	Default    float64
	Applied    float64 // 0: AWS's default applies, and the applied quota is not listed
	Global     bool
	Failing    string // the error code that stands in place of the applied value; "" none
	Metric     *quotas.Metric
}

func (f *Quotas) list(service string, applied bool) (all []types.ServiceQuota, err error) {
	quotas, known := f.Services[service]
	if !known {
		return nil, &types.NoSuchResourceException{Message: aws.String("The specified service does not exist.")}
	}
	for _, q := range quotas {
		value := q.Default
		if applied {
			if value = q.Applied; value == 0 && q.Failing == "" {
				continue
			}
		}
		s := types.ServiceQuota{ServiceCode: &service, QuotaCode: aws.String(q.Code), QuotaName: aws.String(q.Name), Value: &value, GlobalQuota: q.Global}
		if applied && q.Failing != "" {
			s.Value, s.ErrorReason = nil, &types.ErrorReason{ErrorCode: types.ErrorCode(q.Failing), ErrorMessage: aws.String("The quota could not be read.")}
		}
		if m := q.Metric; m != nil {
			s.UsageMetric = &types.MetricInfo{MetricNamespace: &m.Namespace, MetricName: &m.Name, MetricStatisticRecommendation: &m.Statistic, MetricDimensions: m.Dimensions}
		}
		all = append(all, s)
	}
	return all, nil
}

func op(name string) awsfake.Op {
	return awsfake.Op{Service: "Service Quotas", Name: name, Prefix: "servicequotas", Denied: "AccessDeniedException"}
}

// largestPage is the most a page holds, and what it holds unasked.
const largestPage = 100

// ListAWSDefaultServiceQuotas lists AWS's defaults.
func (f *Quotas) ListAWSDefaultServiceQuotas(ctx context.Context, in *sdk.ListAWSDefaultServiceQuotasInput, _ ...func(*sdk.Options)) (*sdk.ListAWSDefaultServiceQuotasOutput, error) {
	return awsfake.Do(ctx, &f.Faults, op("ListAWSDefaultServiceQuotas"), in, func() (*sdk.ListAWSDefaultServiceQuotasOutput, error) {
		all, err := f.list(aws.ToString(in.ServiceCode), false)
		if err != nil {
			return nil, err
		}
		cut, next, err := awsfake.Page(&f.Faults, all, in.NextToken, in.MaxResults, largestPage)
		return &sdk.ListAWSDefaultServiceQuotasOutput{Quotas: cut, NextToken: next}, err
	})
}

// ListServiceQuotas lists the quotas that apply and differ from the default.
func (f *Quotas) ListServiceQuotas(ctx context.Context, in *sdk.ListServiceQuotasInput, _ ...func(*sdk.Options)) (*sdk.ListServiceQuotasOutput, error) {
	return awsfake.Do(ctx, &f.Faults, op("ListServiceQuotas"), in, func() (*sdk.ListServiceQuotasOutput, error) {
		all, err := f.list(aws.ToString(in.ServiceCode), true)
		if err != nil {
			return nil, err
		}
		cut, next, err := awsfake.Page(&f.Faults, all, in.NextToken, in.MaxResults, largestPage)
		return &sdk.ListServiceQuotasOutput{Quotas: cut, NextToken: next}, err
	})
}
