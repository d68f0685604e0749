package iam_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/aws/smithy-go"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/iam"
	"github.com/awsposture/posture/iam/iamtest"
	"github.com/awsposture/posture/internal/awsfake"
)

// judge scans with one evaluator.
func judge(t *testing.T, e posture.Evaluator) []posture.Finding {
	t.Helper()
	for r := range posture.Scan(t.Context(), []posture.Evaluator{e}, nil) {
		return r.Findings
	}
	t.Fatal("no result")
	return nil
}

func api(code, message string) error {
	return &smithy.GenericAPIError{Code: code, Message: message}
}

// TestCauses fails one operation in each way that AWS does; what needs it is
// Unknown with that cause, what does not is as before.
func TestCauses(t *testing.T) {
	for name, c := range map[string]struct {
		err  error
		kind posture.CauseKind
	}{
		"denied":         {awsfake.ErrDenied, posture.CauseDenied},
		"denied by SCP":  {api("AccessDenied", "User: arn:aws:iam::111122223333:user/scanner is not authorized to perform: iam:GetAccountSummary with an explicit deny in a service control policy"), posture.CauseSCP},
		"throttled":      {api("Throttling", "Rate exceeded"), posture.CauseThrottled},
		"expired":        {api("ExpiredToken", "The security token included in the request is expired"), posture.CauseCredentials},
		"closed region":  {api("OptInRequired", "not opted in"), posture.CauseClosedRegion},
		"server failure": {api("ServiceFailure", "an internal error"), posture.CauseError},
	} {
		t.Run(name, func(t *testing.T) {
			w := goodWorld()
			w.Inject(awsfake.Fault{Operation: "GetAccountSummary", Err: c.err})
			a := w.account()
			fs := judge(t, iam.RootMFA{Account: a})
			if len(fs) != 1 || fs[0].Status != posture.Unknown || fs[0].Cause.Kind != c.kind {
				t.Errorf("got %+v, cause %v", fs, fs[0].Cause)
			}
			if fs := judge(t, iam.PasswordRule{Account: a, Rule: iam.PasswordLength}); fs[0].Status != posture.Pass {
				t.Errorf("what does not need it is %s", fs[0].Status)
			}
		})
	}
}

// TestHalfAPage ends the listing of principals in the middle: what was read is
// judged, the rest is one Unknown.
func TestHalfAPage(t *testing.T) {
	w := goodWorld()
	w.PageSize = 2
	w.Inject(awsfake.Fault{Operation: "GetAccountAuthorizationDetails", Skip: 1, Err: api("Throttling", "Rate exceeded")})
	fs := judge(t, iam.UserInGroup{Account: w.account()})
	if len(fs) != 3 || fs[0].Status != posture.Pass || fs[1].Status != posture.Pass || fs[2].Status != posture.Unknown || fs[2].Cause.Kind != posture.CauseThrottled {
		t.Errorf("got %+v", fs)
	}
	// Nobody with the support policy was seen; there may be one on the rest.
	if fs := judge(t, iam.SupportRole{Account: w.account()}); fs[0].Status == posture.Fail {
		t.Error("a holder on an unread page is taken for none")
	}
}

// TestMalformedDocuments makes one document unreadable: only its holder is Unknown.
func TestMalformedDocuments(t *testing.T) {
	for _, doc := range []string{"", "{", `{"Version":"2012-10-17"}`, `{"Statement":[{"Effect":"Maybe","Action":"*","Resource":"*"}]}`, `[]`, `{"Statement":{"Effect":"Allow","Principal":"everyone","Action":"sts:AssumeRole"}}`} {
		w := goodWorld()
		w.Edit(func(s *iamtest.State) { s.Policies["read"].Document, s.Roles["team"].Trust = doc, doc })
		for _, e := range []posture.Evaluator{iam.PolicyFullAdmin{Account: w.account()}, iam.RoleExternalTrust{Account: w.account()}} {
			unknown := slices.DeleteFunc(judge(t, e), func(f posture.Finding) bool { return f.Status != posture.Unknown })
			if strings.Contains(doc, "everyone") && e.Control().ID == "iam.policy-full-admin" {
				continue // an identity policy has no principal
			}
			if len(unknown) != 1 || unknown[0].Cause.Kind != posture.CauseMalformed || !strings.HasSuffix(unknown[0].Resource.ARN, "policy/read") && unknown[0].Resource.ID != "team" {
				t.Errorf("document %q: %s gives %+v", doc, e.Control().ID, unknown)
			}
		}
	}
}

func TestReportNotReady(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := goodWorld()
		w.ReportPolls = 1000
		began := time.Now()
		fs := judge(t, iam.UserMFA{Account: w.account()})
		if len(fs) == 0 || fs[0].Cause == nil || fs[0].Cause.Kind != posture.CauseNotReady {
			t.Errorf("got %+v", fs)
		}
		if waited := time.Since(began); waited != time.Minute {
			t.Errorf("waited %v", waited)
		}
		w.ReportPolls = 3
		if fs := judge(t, iam.UserMFA{Account: w.account()}); fs[0].Status != posture.Pass {
			t.Errorf("ready after three polls, got %+v", fs)
		}
	})
}

func TestReportTooOld(t *testing.T) {
	w := goodWorld()
	first := w.account()
	if _, err := first.Report(t.Context()); err != nil {
		t.Fatal(err)
	}
	later := w.account()
	later.MaxReportAge, later.Now = time.Hour, func() time.Time { return now.Add(2 * time.Hour) }
	fs := judge(t, iam.UserMFA{Account: later})
	if len(fs) != 1 || fs[0].Cause == nil || fs[0].Cause.Kind != posture.CauseStale {
		t.Errorf("got %+v", fs)
	}
}

// TestReportBehind changes users after the report: failures are read again, and
// users that it does not know are read from IAM.
func TestReportBehind(t *testing.T) {
	w := badWorld()
	if _, err := w.account().Report(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.Edit(func(s *iamtest.State) {
		s.Users["bob"].MFA = []string{"GAHT12345678"}
		for _, k := range s.Users["bob"].Keys {
			k.Inactive = true
		}
		s.Users["new"] = &iamtest.User{Created: now.Add(time.Minute), Password: &iamtest.Password{Created: now.Add(time.Minute)}, Keys: []*iamtest.Key{{ID: "AKIANEW0000000000001", Created: daysAgo(100)}}}
	})
	status := func(e posture.Evaluator) map[string]posture.Status {
		out := map[string]posture.Status{}
		for _, f := range judge(t, e) {
			out[f.Resource.ID] = f.Status
		}
		return out
	}
	a := w.account()
	if got := status(iam.UserConsoleMFA{Account: a}); got["bob"] != posture.Pass || got["new"] != posture.Fail {
		t.Errorf("MFA: %v", got)
	}
	if got := status(iam.AccessKeyAge{Account: a}); got["AKIABOB0000000000001"] != posture.NotApplicable || got["AKIANEW0000000000001"] != posture.Fail {
		t.Errorf("key age: %v", got)
	}
}

// broken answers with missing members.
type broken struct {
	*iamtest.IAM
	details *sdk.GetAccountAuthorizationDetailsOutput
	report  string
	summary map[string]int32
}

func (b broken) GetAccountAuthorizationDetails(context.Context, *sdk.GetAccountAuthorizationDetailsInput, ...func(*sdk.Options)) (*sdk.GetAccountAuthorizationDetailsOutput, error) {
	return b.details, nil
}

func (b broken) GetCredentialReport(context.Context, *sdk.GetCredentialReportInput, ...func(*sdk.Options)) (*sdk.GetCredentialReportOutput, error) {
	return &sdk.GetCredentialReportOutput{Content: []byte(b.report), GeneratedTime: aws.Time(now)}, nil
}

func (b broken) GetAccountSummary(context.Context, *sdk.GetAccountSummaryInput, ...func(*sdk.Options)) (*sdk.GetAccountSummaryOutput, error) {
	return &sdk.GetAccountSummaryOutput{SummaryMap: b.summary}, nil
}

func (b broken) GetAccountPasswordPolicy(context.Context, *sdk.GetAccountPasswordPolicyInput, ...func(*sdk.Options)) (*sdk.GetAccountPasswordPolicyOutput, error) {
	return &sdk.GetAccountPasswordPolicyOutput{}, nil
}

// TestMissingMembers gives answers without what they should have.
func TestMissingMembers(t *testing.T) {
	const head = "user,arn,user_creation_time,password_enabled,password_last_used,mfa_active,access_key_1_active,access_key_2_active\n"
	details := &sdk.GetAccountAuthorizationDetailsOutput{
		UserDetailList: []types.UserDetail{{}, {UserName: aws.String("ana"), Arn: aws.String("arn:aws:iam::111122223333:user/ana")}},
		RoleDetailList: []types.RoleDetail{{RoleName: aws.String("nameless")}}, GroupDetailList: []types.GroupDetail{{}}, Policies: []types.ManagedPolicyDetail{{}},
	}
	for name, c := range map[string]struct {
		answer broken
		judge  func(*iam.Account) posture.Evaluator
		judged int
	}{
		"a user without a name":       {broken{details: details}, func(a *iam.Account) posture.Evaluator { return iam.UserInGroup{Account: a} }, 1},
		"no summary":                  {broken{details: details}, func(a *iam.Account) posture.Evaluator { return iam.RootMFA{Account: a} }, 0},
		"no password policy":          {broken{details: details}, func(a *iam.Account) posture.Evaluator { return iam.PasswordRule{Account: a, Rule: iam.PasswordLength} }, 0},
		"an empty report":             {broken{details: details}, func(a *iam.Account) posture.Evaluator { return iam.UserMFA{Account: a} }, 0},
		"a report without columns":    {broken{details: details, report: "user,arn\nana,x\n"}, func(a *iam.Account) posture.Evaluator { return iam.UserMFA{Account: a} }, 0},
		"a report without a root row": {broken{details: details, report: head}, func(a *iam.Account) posture.Evaluator { return iam.RootRecentUse{Account: a} }, 0},
		"a root row that is no row":   {broken{details: details, report: head + "<root_account>,x,yesterday,maybe,N/A,true,true,true\n"}, func(a *iam.Account) posture.Evaluator { return iam.RootRecentUse{Account: a} }, 0},
	} {
		t.Run(name, func(t *testing.T) {
			c.answer.IAM = newFake(place)
			a := iam.NewAccount(place, c.answer)
			a.Now = clock
			fs := judge(t, c.judge(a))
			last := fs[len(fs)-1]
			if len(fs) != c.judged+1 || last.Status != posture.Unknown || last.Cause.Kind != posture.CauseMalformed {
				t.Errorf("got %+v", fs)
			}
		})
	}
}

// TestFactsNotProvided judges without what other services know.
func TestFactsNotProvided(t *testing.T) {
	w := goodWorld()
	a := iam.NewAccount(place, w)
	a.Now = clock
	for _, e := range []posture.Evaluator{iam.SecurityContact{Account: a}, iam.OrganizationMember{Account: a}, iam.ExternalAnalyzer{Account: a}, iam.AnalyzerTags{Account: a, Keys: []string{"owner"}}, iam.RoleExternalTrust{Account: a}} {
		fs := slices.DeleteFunc(judge(t, e), func(f posture.Finding) bool { return f.Status != posture.Unknown })
		if len(fs) == 0 || fs[0].Cause.Kind != posture.CauseNotProvided || !strings.Contains(fs[0].Cause.Message, "iam.Account.") {
			t.Errorf("%s: %+v", e.Control().ID, fs)
		}
	}
}

// TestRootCentralElsewhere asks from accounts that do not administer.
func TestRootCentralElsewhere(t *testing.T) {
	for code, want := range map[string]posture.Status{
		"OrganizationNotFoundException": posture.NotApplicable, "AccountNotManagementOrDelegatedAdministratorException": posture.NotApplicable,
		"ServiceAccessNotEnabledException": posture.Fail, "AccessDenied": posture.Unknown,
	} {
		w := goodWorld()
		w.Inject(awsfake.Fault{Operation: "ListOrganizationsFeatures", Err: api(code, "no")})
		if fs := judge(t, iam.RootCentral{Account: w.account()}); len(fs) != 1 || fs[0].Status != want {
			t.Errorf("%s: %+v", code, fs)
		}
	}
}

// TestRootWithoutCredentials is a member account whose root credentials were removed.
func TestRootWithoutCredentials(t *testing.T) {
	w := goodWorld()
	w.Edit(func(s *iamtest.State) { s.Root = iamtest.Root{NoPassword: true} })
	for _, e := range []posture.Evaluator{iam.RootMFA{Account: w.account()}, iam.RootHardwareMFA{Account: w.account()}} {
		fs := judge(t, e)
		seen, err := posture.EvidenceAs[iam.RootEvidence](fs[0])
		if fs[0].Status != posture.Pass || err != nil || seen.Password || seen.Key {
			t.Errorf("%s: %+v, %v", e.Control().ID, fs, err)
		}
	}
}

// TestPartitions judges the same account in each partition: ARNs follow it.
func TestPartitions(t *testing.T) {
	for _, partition := range []string{"aws", "aws-us-gov", "aws-cn"} {
		p := posture.Place{Partition: partition, Account: "111122223333", Region: "anywhere"}
		f := newFake(p)
		f.Edit(func(s *iamtest.State) {
			s.Root = iamtest.Root{MFA: true, VirtualMFA: true}
			s.Groups["support"] = &iamtest.Group{Attached: []string{"arn:" + partition + ":iam::aws:policy/AWSSupportAccess"}}
			s.Roles["people"] = role(trust(`{"Federated":"`+f.ARN("saml-provider/idp")+`"}`, ""))
		})
		a := iam.NewAccount(p, f)
		a.Now = clock
		if fs := judge(t, iam.SupportRole{Account: a}); fs[0].Status != posture.Pass || fs[0].Resource.Region != "" {
			t.Errorf("%s: support role %+v", partition, fs)
		}
		want := posture.Fail // the virtual device is the root user's, by ARN
		if partition == "aws-us-gov" {
			want = posture.NotApplicable
		}
		if fs := judge(t, iam.RootHardwareMFA{Account: a}); fs[0].Status != want {
			t.Errorf("%s: hardware MFA %+v", partition, fs)
		}
		failing := judge(t, iam.RoleSAMLTrust{Account: a})
		plan, err := iam.BindTrust{Account: a, Writer: f}.Plan(t.Context(), failing...)
		if err != nil || len(plan.Steps) != 1 || !strings.Contains(string(plan.Steps[0].After), iam.SAMLAudience(partition)) {
			t.Errorf("%s: plan %+v, %v", partition, plan, err)
		}
	}
}

func TestClientRegion(t *testing.T) {
	for partition, region := range map[string]string{"aws": "us-east-1", "aws-us-gov": "us-gov-west-1", "aws-cn": "cn-north-1"} {
		c := iam.Client(aws.Config{Region: "eu-west-1"}, posture.Place{Partition: partition})
		if got := c.Options().Region; got != region {
			t.Errorf("%s: %s", partition, got)
		}
	}
}

// TestTruncatedWithoutMarker is a listing that says there is more and not where.
func TestTruncatedWithoutMarker(t *testing.T) {
	a := iam.NewAccount(place, broken{IAM: newFake(place), details: &sdk.GetAccountAuthorizationDetailsOutput{IsTruncated: true}})
	_, err := a.Users(t.Context())
	var cause *posture.Cause
	if !errors.As(err, &cause) || cause.Kind != posture.CauseTruncated {
		t.Errorf("got %v", err)
	}
}
