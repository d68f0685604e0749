package organization_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"
	"github.com/aws/smithy-go"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/iam/organization"
	"github.com/awsposture/posture/iam/organization/organizationtest"
	"github.com/awsposture/posture/internal/awsfake"
)

func api(code, message string) error {
	return &smithy.GenericAPIError{Code: code, Message: message}
}

func parentIs(id string) func(any) bool {
	return func(in any) bool {
		list, ok := in.(*sdk.ListOrganizationalUnitsForParentInput)
		return ok && *list.ParentId == id
	}
}

func config(region string) aws.Config { return aws.Config{Region: region} }

// retold answers with other paths than the fake's.
type retold struct {
	*organizationtest.Organizations
	path string
}

func (r retold) ListAccounts(ctx context.Context, in *sdk.ListAccountsInput, o ...func(*sdk.Options)) (*sdk.ListAccountsOutput, error) {
	out, err := r.Organizations.ListAccounts(ctx, in, o...)
	if err == nil {
		for i := range out.Accounts {
			out.Accounts[i].Paths = []string{r.path}
		}
	}
	return out, err
}

// circular has every unit in itself.
type circular struct {
	*organizationtest.Organizations
}

func (c circular) ListOrganizationalUnitsForParent(_ context.Context, in *sdk.ListOrganizationalUnitsForParentInput, _ ...func(*sdk.Options)) (*sdk.ListOrganizationalUnitsForParentOutput, error) {
	return &sdk.ListOrganizationalUnitsForParentOutput{OrganizationalUnits: []types.OrganizationalUnit{{Id: aws.String(workload)}}}, nil
}

// TestElsewhere does not apply in accounts that do not administer the
// organization, and is Unknown where that cannot be told.
func TestElsewhere(t *testing.T) {
	for _, e := range organization.Evaluators(seenFrom(shop).view()) {
		if fs := judge(t, e); len(fs) != 1 || fs[0].Status != posture.NotApplicable || !strings.Contains(fs[0].Detail, "neither the management account") {
			t.Errorf("%s: %+v", e.Control().ID, fs)
		}
	}
	for _, e := range organization.Evaluators(outsideWorld().view()) {
		if fs := judge(t, e); len(fs) != 1 || fs[0].Status != posture.NotApplicable || !strings.Contains(fs[0].Detail, "belongs to no organization") {
			t.Errorf("%s: %+v", e.Control().ID, fs)
		}
	}
	for name, err := range map[string]error{
		"a principal without permission": awsfake.ErrDenied,
		"denied by an SCP":               api("AccessDeniedException", "User: arn:aws:iam::444455556666:user/scanner is not authorized to perform: organizations:ListRoots on resource: * with an explicit deny in a service control policy"),
		"throttled":                      api("TooManyRequestsException", "AWS Organizations can't complete your request because you made too many"),
		"expired":                        api("ExpiredTokenException", "The security token included in the request is expired"),
	} {
		w := seenFrom(shop)
		w.Inject(awsfake.Fault{Operation: "ListRoots", Err: err})
		if fs := judge(t, organization.AllFeatures{Organization: w.view()}); fs[0].Status != posture.Unknown {
			t.Errorf("%s: %+v", name, fs)
		}
	}
}

// TestPolicyUnread cannot read one SCP: what another denies for certain stands,
// the rest is one Unknown, and nothing fails.
func TestPolicyUnread(t *testing.T) {
	for _, operation := range []string{"DescribePolicy", "ListTargetsForPolicy"} {
		of := func(policy string) func(any) bool {
			return func(in any) bool {
				switch in := in.(type) {
				case *sdk.DescribePolicyInput:
					return *in.PolicyId == policy
				case *sdk.ListTargetsForPolicyInput:
					return *in.PolicyId == policy
				}
				return false
			}
		}
		w := goodWorld()
		w.Inject(awsfake.Fault{Operation: operation, Match: of("p-regions"), Err: api("ServiceException", "an internal error")})
		for _, e := range []posture.Evaluator{organization.Guardrails{Organization: w.view()}, organization.LeaveDenied{Organization: w.view()}} {
			fs := judge(t, e)
			got := statuses(fs)
			last := fs[len(fs)-1]
			if got[shop] != posture.Pass || got[security] != posture.Pass || last.Status != posture.Unknown || !strings.Contains(last.Cause.Message, "internal error") {
				t.Errorf("%s, %s: %+v", operation, e.Control().ID, fs)
			}
		}
		w = goodWorld()
		w.Inject(awsfake.Fault{Operation: operation, Match: of(guardrail), Err: api("ServiceException", "an internal error")})
		for _, e := range []posture.Evaluator{organization.Guardrails{Organization: w.view()}, organization.LeaveDenied{Organization: w.view()}} {
			fs := judge(t, e)
			if slices.ContainsFunc(fs, func(f posture.Finding) bool { return f.Status == posture.Fail || f.Status == posture.Pass }) || fs[len(fs)-1].Status != posture.Unknown {
				t.Errorf("%s, %s: %+v", operation, e.Control().ID, fs)
			}
		}
	}
}

// TestPanic is an Unknown, also where many are asked at once.
func TestPanic(t *testing.T) {
	w := goodWorld()
	w.Inject(awsfake.Fault{Operation: "DescribePolicy", Do: func() { panic("a test's") }})
	fs := judge(t, organization.Guardrails{Organization: w.view()})
	if last := fs[len(fs)-1]; last.Status != posture.Unknown || last.Cause.Kind != posture.CausePanic {
		t.Errorf("got %+v", fs)
	}
}

// TestMalformedSCP makes one document unreadable.
func TestMalformedSCP(t *testing.T) {
	for _, doc := range []string{"", "{", `{"Statement":[]}`, `{"Statement":{"Effect":"Perhaps","Action":"*","Resource":"*"}}`, `{"Statement":{"Effect":"Deny","Principal":7,"Action":"*","Resource":"*"}}`} {
		w := goodWorld()
		w.Edit(func(s *organizationtest.State) { s.Policies["p-regions"].Document = doc })
		fs := judge(t, organization.LeaveDenied{Organization: w.view()})
		last := fs[len(fs)-1]
		if statuses(fs)[shop] != posture.Pass || last.Status != posture.Unknown || last.Cause.Kind != posture.CauseMalformed || !strings.Contains(last.Cause.Message, "p-regions") {
			t.Errorf("%q: %+v", doc, fs)
		}
	}
}

// TestMalformedDelegation makes the resource policy unreadable: neither pass nor fail.
func TestMalformedDelegation(t *testing.T) {
	w := goodWorld()
	w.Edit(func(s *organizationtest.State) { s.ResourcePolicy = `{"Statement":"x"}` })
	if fs := judge(t, organization.PolicyDelegation{Organization: w.view()}); len(fs) != 1 || fs[0].Cause == nil || fs[0].Cause.Kind != posture.CauseMalformed {
		t.Errorf("got %+v", fs)
	}
}

// TestHalfAPage ends the listing of accounts in the middle.
func TestHalfAPage(t *testing.T) {
	w := goodWorld()
	w.PageSize = 2
	w.Inject(awsfake.Fault{Operation: "ListAccounts", Skip: 1, Err: api("TooManyRequestsException", "slow down")})
	fs := judge(t, organization.AccountActive{Organization: w.view()})
	if len(fs) != 3 || fs[0].Status != posture.Pass || fs[1].Status != posture.Pass || fs[2].Status != posture.Unknown || fs[2].Cause.Kind != posture.CauseThrottled {
		t.Errorf("got %+v", fs)
	}
}

// TestAdministratorUnread cannot read one administrator's services: a service
// that another administers passes, one that nobody known does is Unknown.
func TestAdministratorUnread(t *testing.T) {
	w := goodWorld()
	w.Edit(func(s *organizationtest.State) {
		s.Delegated = map[string][]string{security: {"guardduty.amazonaws.com"}, shop: {"access-analyzer.amazonaws.com"}}
	})
	w.Inject(awsfake.Fault{Operation: "ListDelegatedServicesForAccount", Match: func(in any) bool { return *in.(*sdk.ListDelegatedServicesForAccountInput).AccountId == shop }, Err: awsfake.ErrDenied})
	got := map[string]posture.Status{}
	for _, f := range judge(t, organization.ServiceDelegation{Organization: w.view()}) {
		got[f.Sub] = f.Status
	}
	if got["guardduty.amazonaws.com"] != posture.Pass || got["access-analyzer.amazonaws.com"] != posture.Unknown {
		t.Errorf("got %v", got)
	}
}
