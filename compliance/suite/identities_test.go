package suite_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/smithy-go"
	"github.com/google/go-cmp/cmp"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/advisor/advisortest"
	"github.com/awsposture/posture/compliance/suite"
	"github.com/awsposture/posture/iam/iamtest"
	"github.com/awsposture/posture/internal/awsfake"
	"github.com/awsposture/posture/shield"
	"github.com/awsposture/posture/shield/shieldtest"
)

// judged runs the controls of an account that have one of the ids, and gives the
// findings of each.
func judged(t *testing.T, a suite.Account, ids ...string) map[string][]posture.Finding {
	t.Helper()
	evs := slices.DeleteFunc(a.Evaluators(), func(e posture.Evaluator) bool { return !slices.Contains(ids, e.Control().ID) })
	if len(evs) != len(ids) {
		t.Fatalf("%d evaluators of %v", len(evs), ids)
	}
	all := map[string][]posture.Finding{}
	for r := range posture.Scan(t.Context(), evs, nil) {
		all[r.Control.ID] = r.Findings
	}
	return all
}

const (
	localKeys   = "advisor.local.dqdjqyerm5"
	localPolicy = "advisor.local.yw2k9pupzl"
	localMFA    = "advisor.local.7dafemodos"
	localKey    = "advisor.local.c2vlfg0f4h"
)

// What IAM tells is judged as Trusted Advisor judges it, whether or not the account
// may ask Trusted Advisor.
func TestRecomputed(t *testing.T) {
	ago := func(days int) time.Time { return time.Now().AddDate(0, 0, -days) }
	policy := iamtest.PasswordPolicy{Uppercase: true, Lowercase: true, Numbers: true, Symbols: true}
	lacking := policy
	lacking.Symbols = false
	keys := func(keys ...*iamtest.Key) func(*iamtest.State) {
		return func(s *iamtest.State) {
			clear(s.Users)
			s.Users["ana"] = &iamtest.User{Created: ago(2000), Keys: keys}
		}
	}
	for name, test := range map[string]struct {
		id     string
		change func(*iamtest.State)
		want   posture.Status
		as     posture.Severity
	}{
		"no password policy":       {localPolicy, func(s *iamtest.State) { s.PasswordPolicy = nil }, posture.Fail, posture.High},
		"policy without symbols":   {localPolicy, func(s *iamtest.State) { s.PasswordPolicy = &lacking }, posture.Fail, posture.Medium},
		"whole policy":             {localPolicy, func(s *iamtest.State) { s.PasswordPolicy = &policy }, posture.Pass, posture.High},
		"root with MFA":            {localMFA, func(s *iamtest.State) { s.Root = iamtest.Root{MFA: true} }, posture.Pass, posture.High},
		"root without password":    {localMFA, func(s *iamtest.State) { s.Root = iamtest.Root{NoPassword: true} }, posture.Pass, posture.High},
		"root with password alone": {localMFA, func(s *iamtest.State) { s.Root = iamtest.Root{} }, posture.Fail, posture.High},
		"root without key":         {localKey, func(s *iamtest.State) { s.Root = iamtest.Root{} }, posture.Pass, posture.High},
		"root with key":            {localKey, func(s *iamtest.State) { s.Root = iamtest.Root{Key: true, MFA: true} }, posture.Fail, posture.High},
		"young key":                {localKeys, keys(&iamtest.Key{ID: "AKIAEXAMPLE000000001", Created: ago(89)}), posture.Pass, posture.High},
		"rotated key":              {localKeys, keys(&iamtest.Key{ID: "AKIAEXAMPLE000000001", Created: ago(900), Changed: ago(5)}), posture.Pass, posture.High},
		"old key":                  {localKeys, keys(&iamtest.Key{ID: "AKIAEXAMPLE000000001", Created: ago(92)}), posture.Fail, posture.Medium},
		"very old second key":      {localKeys, keys(&iamtest.Key{ID: "AKIAEXAMPLE000000001", Created: ago(5)}, &iamtest.Key{ID: "AKIAEXAMPLE000000002", Created: ago(800)}), posture.Fail, posture.High},
		"old key that is off":      {localKeys, keys(&iamtest.Key{ID: "AKIAEXAMPLE000000001", Created: ago(900), Inactive: true}), posture.NotApplicable, posture.High},
		"no key":                   {localKeys, keys(), posture.NotApplicable, posture.High},
	} {
		for _, entitled := range []bool{true, false} {
			f := newFakes()
			f.advice.Edit(func(s *advisortest.State) { s.NotEntitled = !entitled })
			f.iam.Edit(test.change)
			fs := judged(t, f.account(), test.id)[test.id]
			if len(fs) != 1 || fs[0].Status != test.want || fs[0].Severity != test.as && test.want == posture.Fail {
				t.Errorf("%s, entitled %t: %+v", name, entitled, fs)
			}
			if calls := f.advice.Calls(); len(calls) > 0 {
				t.Errorf("%s: Trusted Advisor is asked for %v", name, calls)
			}
		}
	}
}

// The resource of what is recomputed is the one that the domain iam names.
func TestRecomputedResources(t *testing.T) {
	f := newFakes()
	all := judged(t, f.account(), localKeys, localPolicy, localMFA, localKey)
	user := here.Resource("AWS::IAM::User", "bob", "arn:aws:iam::111122223333:user/bob")
	account := here.Resource("AWS::IAM::Account", here.Account, "arn:aws:iam::111122223333:root")
	for id, want := range map[string]posture.Resource{localKeys: user, localPolicy: account, localMFA: account, localKey: account} {
		if len(all[id]) != 1 || all[id][0].Resource != want {
			t.Errorf("%s: %+v", id, all[id])
		}
	}
}

// The root user of a GovCloud account cannot sign in, and has nothing to register
// MFA in: that it has none is no fault, as the domain iam says.
func TestRecomputedInGovCloud(t *testing.T) {
	f := newFakes()
	f.iam.Edit(func(s *iamtest.State) { s.Root = iamtest.Root{} })
	a := f.account()
	a.Place.Partition = "aws-us-gov"
	all := judged(t, a, localMFA, "iam.root-mfa")
	for id, fs := range all {
		if len(fs) != 1 || fs[0].Status != posture.NotApplicable {
			t.Errorf("%s: %+v", id, fs)
		}
	}
}

// What IAM does not tell is unknown, with its own cause, and nothing else is.
func TestRecomputedUnread(t *testing.T) {
	for operation, unread := range map[string][]string{
		"GetAccountPasswordPolicy": {localPolicy}, "GetAccountSummary": {localMFA, localKey}, "GetCredentialReport": {localKeys}, "GenerateCredentialReport": {localKeys},
	} {
		for _, fault := range []awsfake.Fault{{Operation: operation, Err: awsfake.ErrDenied}, {Operation: operation, Err: &smithy.GenericAPIError{Code: "Throttling", Message: "Rate exceeded"}}} {
			f := newFakes()
			f.iam.Inject(fault)
			var got []string
			for id, fs := range judged(t, f.account(), localKeys, localPolicy, localMFA, localKey) {
				if fs[0].Status != posture.Unknown {
					continue
				}
				if got = append(got, id); fs[0].Cause.Operation != "IAM:"+operation {
					t.Errorf("%s: %s is unknown because of %v", operation, id, fs[0].Cause)
				}
			}
			slices.Sort(got)
			if diff := cmp.Diff(unread, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", operation, diff)
			}
		}
	}
}

// Under the policy that the suite prints, nothing that is recomputed is refused,
// whatever the state of the account: which is what TestPolicySuffices proves of one.
func TestPolicySufficesWherever(t *testing.T) {
	for name, change := range map[string]func(*fakes){
		"not entitled": func(f *fakes) { f.advice.Edit(func(s *advisortest.State) { s.NotEntitled = true }) },
		"engaged":      engage,
		"no role":      func(f *fakes) { f.shield.Edit(func(s *shieldtest.State) { s.RoleARN = "" }) },
		"role gone":    func(f *fakes) { f.shield.Edit(func(s *shieldtest.State) { s.RoleARN += "-gone" }) },
	} {
		free := newFakes()
		change(free)
		unknown(t, free.account())
		document, err := free.account().Policy()
		if err != nil {
			t.Fatal(err)
		}
		bound := newFakes()
		change(bound)
		bound.authorize(engine(t, document).reads, free.called())
		for _, f := range unknown(t, bound.account()) {
			if f.Cause.Kind == posture.CauseDenied {
				t.Errorf("%s: %s is unknown: %v", name, f.Control, f.Cause)
			}
		}
	}
}

// engage sets proactive engagement up, with all that it needs but the plan.
func engage(f *fakes) {
	f.shield.Edit(func(s *shieldtest.State) {
		s.Subscription.Engagement = shield.EngagementEnabled
		s.Contacts = []shield.Contact{{Email: "security@example.com", Phone: "+15555550100"}}
		for _, p := range s.Protections {
			p.HealthChecks = []string{"11111111-2222-3333-4444-555555555555"}
		}
	})
}

// The support plan is known to have the response team where Trusted Advisor's API
// answers, and to lack it where that says so; else it is not known.
func TestResponseTeamOfThePlan(t *testing.T) {
	const id = "shield.proactive-engagement"
	for name, test := range map[string]struct {
		change func(*fakes)
		want   posture.Status
		cause  posture.CauseKind
	}{
		"entitled":     {func(*fakes) {}, posture.Pass, ""},
		"not entitled": {func(f *fakes) { f.advice.Edit(func(s *advisortest.State) { s.NotEntitled = true }) }, posture.Fail, ""},
		"denied":       {func(f *fakes) { f.advice.Deny("ListChecks") }, posture.Unknown, posture.CauseDenied},
		"denied later": {func(f *fakes) { f.advice.Deny("ListRecommendations") }, posture.Unknown, posture.CauseDenied},
	} {
		f := newFakes()
		engage(f)
		test.change(f)
		fs := judged(t, f.account(), id)[id]
		if len(fs) != 1 || fs[0].Status != test.want || test.cause != "" && fs[0].Cause.Kind != test.cause {
			t.Errorf("%s: %+v", name, fs)
		}
	}
	// Where no plan has Trusted Advisor's API, that it is not offered says nothing of
	// the plan.
	f := newFakes()
	engage(f)
	a := f.account()
	a.Place.Partition = "aws-cn"
	for _, e := range a.Evaluators() {
		engagement, ok := e.(shield.ProactiveEngagement)
		if !ok {
			continue
		}
		if has, err := engagement.Account.ResponseTeam(t.Context()); has || posture.CauseOf(err) == nil || posture.CauseOf(err).Kind != posture.CauseNotProvided {
			t.Errorf("not offered: %t, %v", has, err)
		}
	}
}

// What IAM tells of the response team's role decides whether the team has access,
// and whether for this account only.
func TestResponseTeamRole(t *testing.T) {
	const (
		access    = "arn:aws:iam::aws:policy/service-role/AWSShieldDRTAccessPolicy"
		condition = `,"Condition":{"%s":{"aws:SourceAccount":%s}}`
	)
	trust := func(service, more string) string {
		return `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"Service":"` + service + `"},"Action":"sts:AssumeRole"` + more + `}}`
	}
	when := func(operator, accounts string) string {
		return trust("drt.shield.amazonaws.com", fmt.Sprintf(condition, operator, accounts))
	}
	own := `"` + here.Account + `"`
	pass, fail, none := posture.Pass, posture.Fail, posture.NotApplicable
	for name, test := range map[string]struct {
		attached    []string
		trust       string
		access, one posture.Status // the verdicts on access, and on the condition
	}{
		"whole":                      {[]string{access}, when("StringEquals", own), pass, pass},
		"without a condition":        {[]string{access}, trust("drt.shield.amazonaws.com", ""), pass, fail},
		"for another account too":    {[]string{access}, when("StringEquals", `[`+own+`,"444455556666"]`), pass, fail},
		"for a pattern of accounts":  {[]string{access}, when("StringLike", `"11112222333*"`), pass, fail},
		"for every account":          {[]string{access}, when("StringLike", `"*"`), pass, fail},
		"for all but one":            {[]string{access}, when("StringNotEquals", `"999999999999"`), pass, fail},
		"where it is told at all":    {[]string{access}, when("StringEqualsIfExists", own), pass, pass},
		"for another account":        {[]string{access}, when("StringEquals", `"444455556666"`), fail, none},
		"another service":            {[]string{access}, trust("shield.amazonaws.com", ""), fail, none},
		"denied after all":           {[]string{access}, strings.Replace(when("StringEquals", own), `"Allow"`, `"Deny"`, 1), fail, none},
		"without the policy":         {nil, when("StringEquals", own), fail, pass},
		"a policy of the same name":  {[]string{"arn:aws:iam::111122223333:policy/service-role/AWSShieldDRTAccessPolicy"}, when("StringEquals", own), fail, pass},
		"trust that does not parse":  {[]string{access}, `{"Version":`, posture.Unknown, posture.Unknown},
		"the account itself trusted": {[]string{access}, `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"sts:AssumeRole"}}`, fail, none},
	} {
		f := newFakes()
		f.iam.Edit(func(s *iamtest.State) {
			s.Roles["outside"] = &iamtest.Role{Created: time.Now(), Trust: test.trust, Attached: test.attached}
		})
		all := judged(t, f.account(), "shield.srt-access", "shield.srt-trust-condition")
		for id, want := range map[string]posture.Status{"shield.srt-access": test.access, "shield.srt-trust-condition": test.one} {
			if fs := all[id]; len(fs) != 1 || fs[0].Status != want {
				t.Errorf("%s, %s: %+v, want %s", name, id, fs, want)
			} else if want == posture.Unknown && fs[0].Cause.Kind != posture.CauseMalformed {
				t.Errorf("%s, %s: because of %v", name, id, fs[0].Cause)
			}
		}
	}
}

// A role that is gone is no access, and roles that cannot be listed are no word on
// whether it is there.
func TestResponseTeamRoleGone(t *testing.T) {
	f := newFakes()
	f.iam.Edit(func(s *iamtest.State) { delete(s.Roles, "outside") })
	fs := judged(t, f.account(), "shield.srt-access")["shield.srt-access"]
	if len(fs) != 1 || fs[0].Status != posture.Fail {
		t.Errorf("gone: %+v", fs)
	}
	f.iam.Deny("GetAccountAuthorizationDetails")
	fs = judged(t, f.account(), "shield.srt-access")["shield.srt-access"]
	if len(fs) != 1 || fs[0].Status != posture.Unknown || fs[0].Cause.Kind != posture.CauseDenied || fs[0].Cause.Operation != "IAM:GetAccountAuthorizationDetails" {
		t.Errorf("denied: %+v", fs)
	}
}
