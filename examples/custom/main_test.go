package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	sdk "github.com/aws/aws-sdk-go-v2/service/iam"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/iam"
	"github.com/awsposture/posture/iam/iamtest"
)

// Only lines of these controls are compared, so that a control new in package
// iam does not change this test.
const wantOutput = `fail           critical      iam.root-mfa on arn:aws:iam::111122223333:root: The root user has no MFA and an access key.
fail           critical      iam.root-access-key on arn:aws:iam::111122223333:root: The root user has no MFA and an access key.
fail           medium        iam.access-key-age on AWS::IAM::AccessKey AKIAEXAMPLEROBOT0001: Access key AKIAEXAMPLEROBOT0001 of user robot was created at 2025-10-01T09:00:00Z, 243 days ago.
pass           low           example.user-email on arn:aws:iam::111122223333:user/mira: User mira has the tag "email" with the value "mira@example.com".
fail           low           example.user-email on arn:aws:iam::111122223333:user/otto: User otto has the tag "email" with the value "ask the front desk".
fail           low           example.user-email on arn:aws:iam::111122223333:user/robot: User robot has no tag "email".
`

func TestRun(t *testing.T) {
	var out bytes.Buffer
	if err := run(t.Context(), &out); err != nil {
		t.Fatal(err)
	}
	var got strings.Builder
	last := ""
	for line := range strings.Lines(out.String()) {
		last = line
		for _, control := range []string{"iam.root-mfa", "iam.root-access-key", "iam.access-key-age", "example.user-email"} {
			if strings.Contains(line, " "+control+" on ") {
				got.WriteString(line)
			}
		}
	}
	if got.String() != wantOutput {
		t.Errorf("printed\n%s\nwant\n%s", got.String(), wantOutput)
	}
	if want := fmt.Sprintf("%d controls: ", len(iam.Evaluators(nil))+1); !strings.HasPrefix(last, want) {
		t.Errorf("the last line is %q, want %q first", last, want)
	}
}

func TestRunSaysThatItCannotPrint(t *testing.T) {
	if err := run(t.Context(), broken{}); err == nil {
		t.Error("run hides the error of its writer")
	}
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errors.New("the pipe is closed") }

// firstPage is an account that answers the first page of its users only.
type firstPage struct {
	*iamtest.IAM
	asked bool
}

func (f *firstPage) GetAccountAuthorizationDetails(ctx context.Context, in *sdk.GetAccountAuthorizationDetailsInput, opts ...func(*sdk.Options)) (*sdk.GetAccountAuthorizationDetailsOutput, error) {
	if f.asked {
		return nil, errors.New("the connection was reset")
	}
	f.asked = true
	f.PageSize = 1
	return f.IAM.GetAccountAuthorizationDetails(ctx, in, opts...)
}

func judged(t *testing.T, f iam.Reader, e UserEMail) (verdicts string) {
	t.Helper()
	e.Account = iam.NewAccount(place, f)
	for r := range posture.Scan(t.Context(), []posture.Evaluator{e}, nil) {
		for _, f := range r.Findings {
			verdicts += f.Resource.ID + " " + f.Status.String() + "; "
		}
	}
	return verdicts
}

func TestUserEMail(t *testing.T) {
	for _, c := range []struct {
		name string
		tag  string
		make func() iam.Reader
		want string
	}{
		{"default tag", "", func() iam.Reader { return fakeAccount() }, "mira pass; otto fail; robot fail; "},
		{"another tag", "owner", func() iam.Reader { return fakeAccount() }, "mira fail; otto fail; robot fail; "},
		{"no users", "", func() iam.Reader { return iamtest.New(place) }, " not-applicable; "},
		{"refused", "", func() iam.Reader {
			f := fakeAccount()
			f.Deny("GetAccountAuthorizationDetails")
			return f
		}, " unknown; "},
		{"refused after a page", "", func() iam.Reader {
			return &firstPage{IAM: fakeAccount()}
		}, "mira pass;  unknown; "},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := judged(t, c.make(), UserEMail{Tag: c.tag}); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}
