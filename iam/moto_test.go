//go:build moto

package iam_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/iam"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/iam"
	"github.com/awsposture/posture/internal/conformance"
	"github.com/awsposture/posture/internal/mototest"
)

// TestMoto makes an insecure account on the emulator, scans it over HTTP with the
// real client, remediates, and scans again.
func TestMoto(t *testing.T) {
	cfg, account := mototest.Config(t, "us-east-1")
	p := posture.Place{Partition: "aws", Account: account}
	client := iam.Client(cfg, p)
	insecure(t, client)

	// The emulator makes everything now; a quarter of a year later it is old.
	later := time.Now().AddDate(0, 0, 100)
	view := func() *iam.Account {
		a := iam.FromConfig(cfg, p)
		// The emulator's reports are all from 2015.
		a.Now, a.MaxReportAge = func() time.Time { return later }, 50*365*24*time.Hour
		return a
	}
	before := scan(t, view())
	for id, want := range map[string]posture.Status{
		"iam.root-access-key": posture.Pass, "iam.access-key-age": posture.Fail, "iam.unused-credentials": posture.Fail, "iam.user-console-mfa": posture.Fail,
		"iam.user-direct-policies": posture.Fail, "iam.policy-full-admin": posture.Fail, "iam.password-length": posture.Fail, "iam.role-service-trust": posture.Fail,
		"iam.cloudshell-full-access": posture.Fail, "iam.support-role": posture.Fail, "iam.oidc-audiences": posture.Fail, "iam.group-in-use": posture.Fail,
		// What the emulator does not have must not be taken for something that is not there.
		"iam.root-central": posture.Unknown, "iam.service-credential-age": posture.Unknown,
	} {
		if got := before.status[id]; got != want {
			t.Errorf("%s is %s, want %s", id, got, want)
		}
	}
	for id, f := range before.unknown {
		noRoot := id == "iam.root-recent-use" // the emulator's report has no row for the root user
		if f.Cause.Kind != posture.CauseError && f.Cause.Kind != posture.CauseNotProvided && !noRoot {
			t.Errorf("%s is unknown: %v", id, f.Cause)
		}
	}

	a := view()
	plans := 0
	for _, r := range iam.Remediators(a, client) {
		if _, ok := r.(iam.RemoveAudience); ok {
			continue // the emulator has no RemoveClientIDFromOpenIDConnectProvider
		}
		for _, fs := range before.byTarget(r) {
			plan, err := r.Plan(t.Context(), fs...)
			if err != nil {
				t.Logf("no plan: %v", err)
				continue
			}
			x := conformance.Executor(plan)
			receipt, err := x.Apply(t.Context(), plan)
			if err != nil {
				t.Errorf("%s on %s: %s, %v", fs[0].Control, fs[0].Resource, receipt.Outcome, err)
			}
			plans++
		}
	}
	after := scan(t, view())
	for _, id := range []string{"iam.password-length", "iam.password-reuse", "iam.password-symbol", "iam.role-service-trust", "iam.cloudshell-full-access"} {
		if got := after.status[id]; got != posture.Pass {
			t.Errorf("after %d plans %s is %s", plans, id, got)
		}
	}
	for _, id := range []string{"iam.access-key-age", "iam.unused-credentials", "iam.user-console-mfa"} {
		if got := after.status[id]; got != posture.NotApplicable {
			t.Errorf("after %d plans %s is %s", plans, id, got)
		}
	}
	t.Logf("%d evaluators, %d plans applied over HTTP", len(before.status), plans)
}

type scanned struct {
	status  map[string]posture.Status // the worst of each control
	unknown map[string]posture.Finding
	failing []posture.Finding
}

func scan(t *testing.T, a *iam.Account) scanned {
	t.Helper()
	s := scanned{status: map[string]posture.Status{}, unknown: map[string]posture.Finding{}}
	for r := range posture.Scan(t.Context(), iam.Evaluators(a), nil) {
		s.status[r.Control.ID] = posture.NotApplicable
		for _, f := range r.Findings {
			switch {
			case f.Status == posture.Fail:
				s.failing = append(s.failing, f)
				s.status[r.Control.ID] = posture.Fail
			case f.Status == posture.Unknown && s.status[r.Control.ID] != posture.Fail:
				s.unknown[r.Control.ID] = f
				s.status[r.Control.ID] = posture.Unknown
			case f.Status == posture.Pass && s.status[r.Control.ID] == posture.NotApplicable:
				s.status[r.Control.ID] = posture.Pass
			}
		}
	}
	return s
}

func (s scanned) byTarget(r posture.Remediator) map[posture.Resource][]posture.Finding {
	out := map[posture.Resource][]posture.Finding{}
	for _, f := range s.failing {
		for _, id := range r.Controls() {
			if f.Control == id {
				out[f.Resource] = append(out[f.Resource], f)
			}
		}
	}
	return out
}

func insecure(t *testing.T, c *sdk.Client) {
	t.Helper()
	ctx := t.Context()
	must := func(_ any, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(c.CreateUser(ctx, &sdk.CreateUserInput{UserName: aws.String("bob")}))
	must(c.CreateLoginProfile(ctx, &sdk.CreateLoginProfileInput{UserName: aws.String("bob"), Password: aws.String("an-example-password-1A")}))
	must(c.CreateAccessKey(ctx, &sdk.CreateAccessKeyInput{UserName: aws.String("bob")}))
	must(c.AttachUserPolicy(ctx, &sdk.AttachUserPolicyInput{UserName: aws.String("bob"), PolicyArn: aws.String("arn:aws:iam::aws:policy/AWSCloudShellFullAccess")}))
	must(c.CreateGroup(ctx, &sdk.CreateGroupInput{GroupName: aws.String("nobody")}))
	must(c.PutGroupPolicy(ctx, &sdk.PutGroupPolicyInput{GroupName: aws.String("nobody"), PolicyName: aws.String("all"), PolicyDocument: aws.String(policy("*", "*"))}))
	must(c.CreatePolicy(ctx, &sdk.CreatePolicyInput{PolicyName: aws.String("everything"), PolicyDocument: aws.String(policy("*", "*"))}))
	must(c.CreateRole(ctx, &sdk.CreateRoleInput{RoleName: aws.String("trail"), AssumeRolePolicyDocument: aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"cloudtrail.amazonaws.com"},"Action":"sts:AssumeRole"}]}`)}))
	must(c.CreateOpenIDConnectProvider(ctx, &sdk.CreateOpenIDConnectProviderInput{
		Url: aws.String("https://" + github), ClientIDList: []string{"sts.amazonaws.com", "other.example.com"}, ThumbprintList: []string{"0000000000000000000000000000000000000000"},
	}))
}
