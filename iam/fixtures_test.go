package iam_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/iam"
	"github.com/awsposture/posture/iam/iamtest"
	"github.com/awsposture/posture/internal/conformance"
)

var (
	place = posture.Place{Partition: "aws", Account: "111122223333"}
	now   = time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)
)

func daysAgo(n int) time.Time { return now.AddDate(0, 0, -n) }

func clock() time.Time { return now }

func newFake(p posture.Place) *iamtest.IAM {
	f := iamtest.New(p)
	f.Now = clock
	return f
}

// world is a fake account and the facts that come from other services.
type world struct {
	*iamtest.IAM
	place        posture.Place
	members      []string
	contact      *iam.Contact
	analyzers    map[string][]iam.Analyzer
	organization string
}

func fact[T any](v T) posture.Fact[T] {
	return func(context.Context) (T, error) { return v, nil }
}

func (w *world) account() *iam.Account {
	a := iam.NewAccount(w.place, w.IAM)
	a.Now = clock
	a.Members, a.SecurityContact, a.Analyzers, a.Organization = fact(w.members), fact(w.contact), fact(w.analyzers), fact(w.organization)
	return a
}

const boundary = "arn:aws:iam::111122223333:policy/team-boundary"

// suite is the default one, with the parameters that only a caller knows.
func suite(a *iam.Account) []posture.Evaluator {
	all := iam.Evaluators(a)
	for i, e := range all {
		switch e := e.(type) {
		case iam.UserTags:
			e.Keys = []string{"owner"}
			all[i] = e
		case iam.RoleTags:
			e.Keys = []string{"owner"}
			all[i] = e
		case iam.AnalyzerTags:
			e.Keys = []string{"owner"}
			all[i] = e
		case iam.UserCentralIdentity:
			e.BreakGlass = []string{"ana"}
			all[i] = e
		case iam.RoleBoundary:
			e.Boundaries, e.Required = []string{boundary}, func(r iam.Role) bool { return r.Name == "team" }
			all[i] = e
		}
	}
	return all
}

func (w *world) ground() conformance.Ground {
	return conformance.Ground{
		Fake: w, Faults: &w.Faults, State: w.State,
		View: func() conformance.View {
			a := w.account()
			return conformance.View{Evaluators: suite(a), Remediators: iam.Remediators(a, w), Bindings: iam.Bindings(a, w)}
		},
	}
}

func trust(principal, condition string) string {
	if condition != "" {
		condition = `,"Condition":` + condition
	}
	return fmt.Sprintf(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":%s,"Action":["sts:AssumeRole","sts:AssumeRoleWithWebIdentity","sts:AssumeRoleWithSAML"]%s}]}`, principal, condition)
}

func policy(action, resource string) string {
	return fmt.Sprintf(`{"Version":"2012-10-17","Statement":{"Sid":"One","Effect":"Allow","Action":"%s","Resource":"%s"}}`, action, resource)
}

var owner = map[string]string{"owner": "ana@example.com"}

func role(trust string) *iamtest.Role {
	return &iamtest.Role{Created: daysAgo(200), LastUsed: daysAgo(2), Trust: trust, Tags: owner}
}

// goodWorld is an account on which nothing fails.
func goodWorld() *world {
	w := &world{
		IAM: newFake(place), place: place, members: []string{"111122223333", "444455556666"}, organization: "o-exampleorgid", contact: &iam.Contact{Name: "Duty", Email: "security@example.com"},
		analyzers: map[string][]iam.Analyzer{"eu-west-1": {{Name: "external", Type: "ACCOUNT", Active: true, Tags: owner}}},
	}
	w.Edit(func(s *iamtest.State) {
		s.Root, s.Features = iamtest.Root{MFA: true}, []string{"RootCredentialsManagement"}
		s.PasswordPolicy = &iamtest.PasswordPolicy{MinLength: 16, Remembered: 24, MaxAgeDays: 60, Uppercase: true, Lowercase: true, Numbers: true, Symbols: true, UsersChange: true}
		s.Users["ana"] = &iamtest.User{
			Created: daysAgo(400), Tags: owner, Groups: []string{"staff"}, MFA: []string{"arn:aws:iam::111122223333:mfa/ana"},
			Password: &iamtest.Password{Created: daysAgo(50), Used: daysAgo(1)},
			Keys:     []*iamtest.Key{{ID: "AKIAANA0000000000001", Created: daysAgo(30), Used: daysAgo(3)}, {ID: "AKIAANA0000000000002", Created: daysAgo(300), Inactive: true}},
			Services: []*iamtest.ServiceCredential{{ID: "ACCAANA1", Service: "bedrock.amazonaws.com", Created: daysAgo(20)}},
		}
		s.Users["build"] = &iamtest.User{Created: daysAgo(40), Tags: owner, Groups: []string{"staff"}, MFA: []string{"GAHT12345678"}}
		s.Groups["staff"] = &iamtest.Group{Attached: []string{"arn:aws:iam::aws:policy/AWSSupportAccess", w.ARN("policy/read")}, Inline: map[string]string{"list": policy("s3:ListBucket", "*")}}
		s.Policies["read"] = &iamtest.Policy{Document: policy("s3:GetObject", "arn:aws:s3:::example-data/*")}
		s.Policies["team-boundary"] = &iamtest.Policy{Document: policy("s3:Get*", "*")}
		s.Roles["team"] = role(trust(`{"AWS":"arn:aws:iam::444455556666:root"}`, ""))
		s.Roles["team"].Boundary = boundary
		s.Roles["vendor"] = role(trust(`{"AWS":"arn:aws:iam::777788889999:root"}`, `{"StringEquals":{"sts:ExternalId":"b7d1"}}`))
		s.Roles["open"] = role(trust(`"*"`, `{"StringEquals":{"aws:PrincipalOrgID":"o-exampleorgid"}}`))
		s.Roles["trail"] = role(trust(`{"Service":"cloudtrail.amazonaws.com"}`, `{"StringEquals":{"aws:SourceAccount":"111122223333"}}`))
		s.Roles["deploy"] = role(trust(`{"Federated":"`+w.ARN("oidc-provider/token.actions.githubusercontent.com")+`"}`, `{"StringLike":{"token.actions.githubusercontent.com:sub":"repo:example/*"}}`))
		s.Roles["people"] = role(trust(`{"Federated":"`+w.ARN("saml-provider/idp")+`"}`, `{"StringEquals":{"SAML:aud":"https://signin.aws.amazon.com/saml"}}`))
		s.Roles["AWSServiceRoleForSupport"] = &iamtest.Role{Path: "/aws-service-role/support.amazonaws.com/", Created: daysAgo(900), Trust: trust(`{"Service":"support.amazonaws.com"}`, "")}
		s.SAML["idp"] = now.AddDate(1, 0, 0)
		s.OIDC["token.actions.githubusercontent.com"] = []string{"sts.amazonaws.com"}
		s.Certificates["web"] = now.AddDate(0, 3, 0)
	})
	return w
}

// badWorld is an account on which every control fails.
func badWorld() *world {
	w := &world{IAM: newFake(place), place: place, analyzers: map[string][]iam.Analyzer{"eu-west-1": {{Name: "unused", Type: "ACCOUNT_UNUSED_ACCESS", Active: true}}}}
	w.Edit(func(s *iamtest.State) {
		s.Root, s.Features = iamtest.Root{Key: true, PasswordUsed: daysAgo(2)}, []string{}
		s.Users["bob"] = &iamtest.User{
			Created: daysAgo(800), Attached: []string{"arn:aws:iam::aws:policy/AWSCloudShellFullAccess"},
			Password: &iamtest.Password{Created: daysAgo(700), Used: daysAgo(120), ResetRequired: true},
			Keys:     []*iamtest.Key{{ID: "AKIABOB0000000000001", Created: daysAgo(400), Changed: daysAgo(10), Used: daysAgo(300)}, {ID: "AKIABOB0000000000002", Created: daysAgo(800)}},
			Services: []*iamtest.ServiceCredential{{ID: "ACCABOB1", Service: "codecommit.amazonaws.com", Created: daysAgo(91)}},
		}
		s.PasswordPolicy = &iamtest.PasswordPolicy{MinLength: 6, HardExpiry: true}
		s.Groups["nobody"] = &iamtest.Group{Inline: map[string]string{"all": policy("*", "*")}, Attached: []string{"arn:aws:iam::aws:policy/AWSCloudShellFullAccess"}}
		s.Policies["spare"] = &iamtest.Policy{Document: policy("s3:*", "*")}
		s.Roles["team"] = &iamtest.Role{Created: daysAgo(100), Trust: trust(`"*"`, ""), Inline: map[string]string{"keys": policy("kms:Decrypt", "*")}, Attached: []string{"arn:aws:iam::aws:policy/AWSCloudShellFullAccess"}}
		s.Roles["vendor"] = role(trust(`{"AWS":"999988887777"}`, ""))
		s.Roles["trail"] = role(trust(`{"Service":"cloudtrail.amazonaws.com"}`, ""))
		s.Roles["deploy"] = role(trust(`{"Federated":"`+w.ARN("oidc-provider/token.actions.githubusercontent.com")+`"}`, `{"StringLike":{"token.actions.githubusercontent.com:sub":"repo:*"}}`))
		s.Roles["people"] = role(trust(`{"Federated":"`+w.ARN("saml-provider/idp")+`"}`, ""))
		s.SAML["idp"] = daysAgo(1)
		s.OIDC["token.actions.githubusercontent.com"] = []string{"sts.amazonaws.com", "other.example.com"}
		s.Certificates["web"] = daysAgo(1)
	})
	return w
}

// emptyWorld is an account with nobody in it but a root user with a virtual device.
func emptyWorld() *world {
	w := &world{IAM: newFake(place), place: place}
	w.Edit(func(s *iamtest.State) { s.Root = iamtest.Root{MFA: true, VirtualMFA: true} })
	return w
}

// govWorld is an AWS GovCloud (US) account: its root user cannot sign in.
func govWorld() *world {
	gov := posture.Place{Partition: "aws-us-gov", Account: "111122223333"}
	return &world{IAM: newFake(gov), place: gov}
}

func fixture(name string, make func() *world) conformance.Fixture {
	return conformance.Fixture{Name: name, Make: func() conformance.Ground { return make().ground() }}
}

func edit(change func(*iamtest.State)) func(conformance.Ground) {
	return func(g conformance.Ground) { g.Fake.(*world).Edit(change) }
}

func spoil(name string, change func(*iamtest.State), flips ...string) conformance.Weakening {
	return conformance.Weakening{Name: name, Edit: edit(change), Flips: flips}
}

func spoilFacts(name string, change func(*world), flips ...string) conformance.Weakening {
	return conformance.Weakening{Name: name, Flips: flips, Edit: func(g conformance.Ground) { change(g.Fake.(*world)) }}
}

func TestEvaluators(t *testing.T) { conformance.Evaluators(t, domain) }

func TestRemediators(t *testing.T) { conformance.Remediators(t, domain) }
