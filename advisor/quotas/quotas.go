// Package quotas reads the quotas of an account from Service Quotas, so that
// package advisor can judge how much of each is used without Trusted Advisor.
//
// A quota says how much may be used, and at most which CloudWatch metric says how
// much is: the use itself is the caller's to measure, with a metric of namespace
// AWS/Usage or by counting resources.
package quotas

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/servicequotas"
	"github.com/aws/aws-sdk-go-v2/service/servicequotas/types"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/advisor"
	"github.com/awsposture/posture/internal/paging"
)

// Reader is the Service Quotas operations that are read with;
// *servicequotas.Client fits. It grows in minor releases: who implements it embeds
// Reader itself, or the fake of package quotastest.
type Reader interface {
	servicequotas.ListAWSDefaultServiceQuotasAPIClient
	servicequotas.ListServiceQuotasAPIClient
}

// Actions are the IAM actions that reading quotas calls.
func Actions() []string {
	return []string{"servicequotas:ListAWSDefaultServiceQuotas", "servicequotas:ListServiceQuotas"}
}

// Quota is a quota as Service Quotas has it.
type Quota struct {
	Service, Code, Name string
	Region              string  // "" of a global one
	Value               float64 // that applies: the account's own, else AWS's default
	Metric              *Metric // that says how much is used; nil none does
}

// Metric is the CloudWatch metric of a quota's use.
type Metric struct {
	Namespace, Name, Statistic string
	Dimensions                 map[string]string
}

// Usage measures how much of a quota is used. ok false says that nobody measures
// it: it is then not judged.
type Usage func(ctx context.Context, q Quota) (used float64, ok bool, err error)

// Region is where quotas are read, with what.
type Region struct {
	Name string
	API  Reader
}

// Regions makes a client of cfg for each region.
func Regions(cfg aws.Config, names ...string) []Region {
	all := make([]Region, len(names))
	for i, name := range names {
		all[i] = Region{name, servicequotas.NewFromConfig(cfg, func(o *servicequotas.Options) { o.Region = name })}
	}
	return all
}

// Fact makes advisor.Account's Quotas: those of some services ("vpc", "iam" …) in
// some regions, with their use. Global quotas, which each region tells of that
// knows them, are given once. What fails is in the error, which names the service
// and the region, or the quota; all else is given beside it.
func Fact(regions []Region, services []string, usage Usage) posture.Fact[[]advisor.Quota] {
	return func(ctx context.Context) (all []advisor.Quota, err error) {
		if usage == nil {
			return nil, &posture.Cause{Kind: posture.CauseNotProvided, Message: "how much of the quotas is used was not provided"}
		}
		var errs []error
		seen := map[string]bool{}
		for _, region := range regions {
			for _, service := range services {
				quotas, err := Read(ctx, region, service)
				if err != nil {
					errs = append(errs, fmt.Errorf("quotas of %s in %s: %w", service, region.Name, err))
				}
				for _, q := range quotas {
					if q.Region == "" && seen[q.Service+"/"+q.Code] {
						continue
					}
					seen[q.Service+"/"+q.Code] = true
					measured, err := measure(ctx, q, usage)
					if err != nil {
						errs = append(errs, fmt.Errorf("use of quota %s of %s in %s: %w", q.Code, q.Service, region.Name, err))
					}
					all = append(all, measured)
				}
			}
		}
		return all, errors.Join(errs...)
	}
}

func measure(ctx context.Context, q Quota, usage Usage) (advisor.Quota, error) {
	out := advisor.Quota{Service: q.Service, Code: q.Code, Name: q.Name, Region: q.Region, Value: advisor.Thousandths(q.Value)}
	used, ok, err := usage(ctx, q)
	if ok && err == nil && !(used >= 0) { // not a number either
		err = fmt.Errorf("%v is no use", used)
	}
	if ok && err == nil {
		out.Used = new(advisor.Thousandths(used))
	}
	return out, err
}

// pageSize is the most that a page of a Service Quotas listing can hold.
const pageSize = 100

// Read reads the quotas of one service in one region: AWS's defaults, and in their
// place those that apply to the account, of which the service does not list all.
// One of which AWS lists an error in place of a value is left out and stands in the
// error.
func Read(ctx context.Context, region Region, service string) ([]Quota, error) {
	list, err := paging.All(ctx, func(ctx context.Context, token *string) (paging.Page[types.ServiceQuota], error) {
		out, err := region.API.ListAWSDefaultServiceQuotas(ctx, &servicequotas.ListAWSDefaultServiceQuotasInput{ServiceCode: &service, MaxResults: aws.Int32(pageSize), NextToken: token})
		if err != nil {
			return paging.Page[types.ServiceQuota]{}, err
		}
		return paging.Page[types.ServiceQuota]{Items: out.Quotas, Next: out.NextToken}, nil
	})
	if err != nil {
		return nil, err // a default is not what applies, and may look used up when it is not
	}
	applied, err := paging.All(ctx, func(ctx context.Context, token *string) (paging.Page[types.ServiceQuota], error) {
		out, err := region.API.ListServiceQuotas(ctx, &servicequotas.ListServiceQuotasInput{ServiceCode: &service, MaxResults: aws.Int32(pageSize), NextToken: token})
		if err != nil {
			return paging.Page[types.ServiceQuota]{}, err
		}
		return paging.Page[types.ServiceQuota]{Items: out.Quotas, Next: out.NextToken}, nil
	})
	if err != nil {
		return nil, err
	}
	at, broken := map[string]int{}, map[string]bool{}
	var (
		all  []Quota
		errs []error
	)
	for _, q := range append(list, applied...) {
		code := aws.ToString(q.QuotaCode)
		if e := q.ErrorReason; e != nil {
			broken[code] = true
			errs = append(errs, fmt.Errorf("quota %s: %w", code, &posture.Cause{Kind: kindOf(e.ErrorCode), Code: string(e.ErrorCode), Message: aws.ToString(e.ErrorMessage)}))
			continue
		}
		if code == "" || q.Value == nil {
			continue // without a value there is nothing to use up
		}
		i, known := at[code]
		if !known {
			i = len(all)
			at[code] = i
			all = append(all, Quota{})
		}
		all[i] = quotaOf(q, region.Name, service)
	}
	return slices.DeleteFunc(all, func(q Quota) bool { return broken[q.Code] }), errors.Join(errs...)
}

func kindOf(code types.ErrorCode) posture.CauseKind {
	switch code {
	case types.ErrorCodeDependencyAccessDeniedError:
		return posture.CauseDenied
	case types.ErrorCodeDependencyThrottlingError:
		return posture.CauseThrottled
	}
	return posture.CauseError
}

func quotaOf(q types.ServiceQuota, region, service string) Quota {
	out := Quota{Service: service, Code: aws.ToString(q.QuotaCode), Name: aws.ToString(q.QuotaName), Region: region, Value: *q.Value}
	if q.GlobalQuota {
		out.Region = ""
	}
	if m := q.UsageMetric; m != nil {
		out.Metric = &Metric{aws.ToString(m.MetricNamespace), aws.ToString(m.MetricName), aws.ToString(m.MetricStatisticRecommendation), m.MetricDimensions}
	}
	return out
}
