package compliancetest_test

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/compliance/compliancetest"
	"github.com/awsposture/posture/iam"
	"github.com/awsposture/posture/iam/iamtest"
)

// console stands in for *testing.T, which an example does not have: it prints.
type console struct{}

func (console) Helper() {}

func (console) Logf(format string, args ...any) {
	fmt.Println("log: ", strings.ReplaceAll(fmt.Sprintf(format, args...), "\n", "\n     "))
}

func (console) Errorf(format string, args ...any) {
	fmt.Println("FAIL:", strings.ReplaceAll(fmt.Sprintf(format, args...), "\n", "\n     "))
}

func (console) Run(_ string, test func(console)) bool {
	test(console{})
	return true
}

var (
	account = posture.Place{Partition: "aws", Account: "111122223333"}
	today   = func() time.Time { return time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC) }
)

// fake is an in-memory account whose root user has no MFA and an access key.
func fake() *iamtest.IAM {
	f := iamtest.New(account)
	f.Now = today
	f.Edit(func(s *iamtest.State) { s.Root = iamtest.Root{Key: true} })
	return f
}

// scan judges two controls on a new view of the fake.
func scan(f *iamtest.IAM) func(func(posture.Result) bool) {
	view := iam.NewAccount(account, f)
	view.Now = today
	return posture.Scan(context.Background(), []posture.Evaluator{iam.RootMFA{Account: view}, iam.RootAccessKey{Account: view}}, nil)
}

// A failing finding fails the control's subtest, unless an allowance accepts it.
// In a test of yours, the first argument is its *testing.T.
func ExampleAssert() {
	compliancetest.Assert(console{}, scan(fake()), compliancetest.Rule{
		Now: today,
		Allowances: []compliancetest.Allowance{{
			Control: "iam.root-access-key", Resource: "arn:aws:iam::111122223333:root",
			Owner: "platform@example.com", Reason: "the billing export moves to a role in June",
			Expires: time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC),
		}},
	})
	// Output:
	// FAIL: iam.root-mfa fails once: "The root user has MFA" is not so.
	//          arn:aws:iam::111122223333:root (critical): The root user has no MFA and an access key.
	//          Why, and what to do: The root user can do everything, and no policy of the account limits it; a password alone must not open it. Register a second factor, better two, for the root user in the console, or remove the root credentials of member accounts by central root access.
	// log:  The allowance of iam.root-access-key on arn:aws:iam::111122223333:root (platform@example.com; until 2026-07-01T00:00:00Z; the billing export moves to a role in June) allows: arn:aws:iam::111122223333:root (critical): The root user has no MFA and an access key.
}

// What could not be judged fails too, with the action that AWS refused.
func ExampleAssert_unknown() {
	f := fake()
	f.Deny("GetAccountSummary")
	compliancetest.Assert(console{}, scan(f), compliancetest.Rule{Now: today, Allowances: []compliancetest.Allowance{{
		Control: "iam.root-access-key", Resource: "aws/111122223333", Unknown: true,
		Owner: "platform@example.com", Reason: "the scanner's policy is under review",
		Expires: time.Date(2026, 6, 8, 0, 0, 0, 0, time.UTC),
	}}})
	// Output:
	// FAIL: iam.root-mfa is unknown once: whether "The root user has MFA" could not be judged.
	//          aws/111122223333: denied, action iam:GetAccountSummary, refused by the identity-based policy: IAM:GetAccountSummary: User: arn:aws:iam::111122223333:user/scanner is not authorized to perform: iam:GetAccountSummary because no identity-based policy allows the iam:GetAccountSummary action
	//          Allow the principal that scans: iam:GetAccountSummary
	// log:  The allowance of Unknown of iam.root-access-key on aws/111122223333 (platform@example.com; until 2026-06-08T00:00:00Z; the scanner's policy is under review) allows: aws/111122223333: denied, action iam:GetAccountSummary, refused by the identity-based policy: IAM:GetAccountSummary: User: arn:aws:iam::111122223333:user/scanner is not authorized to perform: iam:GetAccountSummary because no identity-based policy allows the iam:GetAccountSummary action
}

// An allowance must go once the finding is gone, and a control that the rule
// names must run.
func ExampleRule() {
	f := fake()
	f.Edit(func(s *iamtest.State) { s.Root = iamtest.Root{MFA: true} })
	compliancetest.Assert(console{}, scan(f), compliancetest.Rule{
		Now:     today,
		MustRun: []string{"iam.root-mfa", "iam.access-key-age"},
		Allowances: []compliancetest.Allowance{{
			Control: "iam.root-access-key", Resource: "arn:aws:iam::111122223333:root",
			Owner: "platform@example.com", Reason: "the billing export moves to a role in June",
			Expires: time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC),
		}},
	})
	// Output:
	// FAIL: The allowance of iam.root-access-key on arn:aws:iam::111122223333:root (platform@example.com; until 2026-07-01T00:00:00Z; the billing export moves to a role in June) allows nothing: the verdict is pass. Remove it.
	// FAIL: iam.access-key-age must run and did not: no result is of it. Add its evaluator to the scan, or take it out of MustRun.
}
