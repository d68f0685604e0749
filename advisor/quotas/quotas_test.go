package quotas_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/advisor"
	"github.com/awsposture/posture/advisor/advisortest"
	"github.com/awsposture/posture/advisor/quotas"
	"github.com/awsposture/posture/advisor/quotas/quotastest"
	"github.com/awsposture/posture/advisor/trustedadvisor"
	"github.com/awsposture/posture/advisor/trustedadvisor/trustedadvisortest"
	"github.com/awsposture/posture/internal/awsfake"
)

var vpcMetric = quotas.Metric{Namespace: "AWS/Usage", Name: "ResourceCount", Statistic: "Maximum", Dimensions: map[string]string{"Service": "VPC"}}

func fake() *quotastest.Quotas {
	return &quotastest.Quotas{Services: map[string][]quotastest.Quota{
		"vpc": {{Code: "L-F678F1CE", Name: "VPCs per Region", Default: 5, Applied: 10, Metric: &vpcMetric}, {Code: "L-A4707A72", Name: "Internet gateways per Region", Default: 5}, {Code: "L-0EA8095F", Name: "Rules per security group", Default: 60}},
		"iam": {{Code: "L-FE177D64", Name: "Roles per account", Default: 1000, Global: true}},
	}}
}

// used is what the account uses; rules are not measured.
func used(_ context.Context, q quotas.Quota) (float64, bool, error) {
	switch q.Code {
	case "L-F678F1CE":
		if diff := cmp.Diff(&vpcMetric, q.Metric); diff != "" {
			return 0, false, errors.New(diff)
		}
		return 7, true, nil
	case "L-A4707A72":
		return 4, true, nil
	case "L-FE177D64":
		return 1000, true, nil
	}
	return 0, false, nil
}

func regions(f *quotastest.Quotas) []quotas.Region {
	f.PageSize = 1
	return quotas.Regions(awsfake.Services{"Service Quotas": f}.Config("us-east-1"), "us-east-1", "eu-west-1")
}

// The applied quota goes before the default, a global one is given once, and what
// is not measured has no use.
func TestFact(t *testing.T) {
	got, err := quotas.Fact(regions(fake()), []string{"vpc", "iam"}, used)(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	vpc := func(region string) []advisor.Quota {
		return []advisor.Quota{
			{Service: "vpc", Code: "L-F678F1CE", Name: "VPCs per Region", Region: region, Value: 10_000, Used: new(int64(7000))},
			{Service: "vpc", Code: "L-A4707A72", Name: "Internet gateways per Region", Region: region, Value: 5000, Used: new(int64(4000))},
			{Service: "vpc", Code: "L-0EA8095F", Name: "Rules per security group", Region: region, Value: 60_000},
		}
	}
	want := append(vpc("us-east-1"), advisor.Quota{Service: "iam", Code: "L-FE177D64", Name: "Roles per account", Value: 1_000_000, Used: new(int64(1_000_000))})
	if diff := cmp.Diff(append(want, vpc("eu-west-1")...), got); diff != "" {
		t.Error(diff)
	}
}

// What fails is named, and the rest is kept.
func TestFaults(t *testing.T) {
	for _, op := range []string{"ListAWSDefaultServiceQuotas", "ListServiceQuotas"} {
		f := fake()
		f.Inject(awsfake.Fault{Operation: op, Times: 1, Err: awsfake.ErrDenied})
		got, err := quotas.Fact(regions(f), []string{"vpc"}, used)(t.Context())
		if c := posture.CauseOf(err); c == nil || c.Kind != posture.CauseDenied || c.Action != "servicequotas:"+op || !strings.Contains(err.Error(), "vpc in us-east-1") {
			t.Errorf("denied %s: %v", op, err)
		}
		if len(got) != 3 || got[0].Region != "eu-west-1" {
			t.Errorf("denied %s: %v", op, got)
		}
	}
	_, err := quotas.Fact(regions(fake()), []string{"example"}, used)(t.Context())
	if err == nil || !strings.Contains(err.Error(), "example in eu-west-1") {
		t.Errorf("a service that is none: %v", err)
	}
	got, err := quotas.Fact(regions(fake()), []string{"iam"}, func(context.Context, quotas.Quota) (float64, bool, error) { return 1, true, errors.New("no metric") })(t.Context())
	if err == nil || !strings.Contains(err.Error(), "L-FE177D64 of iam") || len(got) != 1 || got[0].Used != nil {
		t.Errorf("a use that is not known: %v, %v", got, err)
	}
	if _, err := quotas.Fact(regions(fake()), []string{"iam"}, nil)(t.Context()); posture.CauseOf(err).Kind != posture.CauseNotProvided {
		t.Errorf("without usage: %v", err)
	}
}

// A use that is no number is not a use of nothing.
func TestUseThatIsNone(t *testing.T) {
	for _, v := range []float64{math.NaN(), -1} {
		got, err := quotas.Fact(regions(fake()), []string{"iam"}, func(context.Context, quotas.Quota) (float64, bool, error) { return v, true, nil })(t.Context())
		if err == nil || !strings.Contains(err.Error(), "L-FE177D64 of iam") || len(got) != 1 || got[0].Used != nil {
			t.Errorf("%v: %v, %v", v, got, err)
		}
	}
}

// A quota of which AWS could not tell what applies is named in the error and left
// out: its default may be less than what the account was granted.
func TestQuotaThatFails(t *testing.T) {
	f := fake()
	f.Services["vpc"][0].Failing = "DEPENDENCY_THROTTLING_ERROR"
	got, err := quotas.Fact(regions(f), []string{"vpc"}, used)(t.Context())
	if c := posture.CauseOf(err); c == nil || c.Code != "DEPENDENCY_THROTTLING_ERROR" || !strings.Contains(err.Error(), "L-F678F1CE") {
		t.Errorf("because of %v", err)
	}
	if len(got) != 4 || got[0].Code != "L-A4707A72" {
		t.Errorf("got %+v", got)
	}
}

// ExampleFact judges service limits where the account's support plan does not
// include Trusted Advisor's API.
func ExampleFact() {
	place := posture.Place{Partition: "aws", Account: "111122223333"}
	plain := advisortest.New(place)
	plain.Edit(func(s *advisortest.State) { s.NotEntitled = true })
	account := advisor.NewAccount(place, trustedadvisor.NewSource(trustedadvisortest.New(plain)))

	// A real program makes the regions with quotas.Regions, and measures with
	// CloudWatch.
	account.Quotas = quotas.Fact([]quotas.Region{{Name: "eu-west-1", API: fake()}}, []string{"vpc", "iam"}, used)
	for r := range posture.Scan(context.Background(), []posture.Evaluator{advisor.Limits{Account: account}}, nil) {
		for _, f := range r.Findings {
			fmt.Println(f.Status, f.Severity, f.Detail)
		}
	}
	// Output:
	// pass medium Recomputed: 70 percent of quota "VPCs per Region" (L-F678F1CE) of vpc is used in eu-west-1.
	// fail low Recomputed: 80 percent of quota "Internet gateways per Region" (L-A4707A72) of vpc is used in eu-west-1.
	// fail medium Recomputed: 100 percent of quota "Roles per account" (L-FE177D64) of iam is used globally.
}
