// Package sample is the AWS account of a small company that does not exist, for
// the examples: fakes that hold it, with the weaknesses that a real one has.
package sample

import (
	"context"
	"time"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/iam"
	"github.com/awsposture/posture/iam/iamtest"
)

// Account is where the sample is.
var Account = posture.Place{Partition: "aws", Account: "111122223333"}

// Now is the time at which the sample is looked at.
var Now = time.Date(2026, time.June, 1, 9, 0, 0, 0, time.UTC)

func clock() time.Time { return Now }

func ago(days int) time.Time { return Now.AddDate(0, 0, -days) }

func fact[T any](v T) posture.Fact[T] {
	return func(context.Context) (T, error) { return v, nil }
}

// IAMAccount is the view of the sample's IAM, with what other services know.
func IAMAccount(f *iamtest.IAM) *iam.Account {
	a := iam.NewAccount(Account, f)
	a.Now = clock
	a.InOrganization = fact(true)
	a.Members = fact([]string{"111122223333", "444455556666"})
	a.SecurityContact = fact[*iam.Contact](nil)
	a.Analyzers = fact(map[string][]iam.Analyzer{"eu-west-1": {{Name: "account", Type: "ACCOUNT", Active: true}}, "us-east-1": nil})
	return a
}

// IAM makes the sample's IAM.
func IAM() *iamtest.IAM {
	f := iamtest.New(Account)
	f.Now = clock
	f.Edit(func(s *iamtest.State) {
		s.Root = iamtest.Root{MFA: true, VirtualMFA: true, PasswordUsed: ago(12)}
		s.PasswordPolicy = &iamtest.PasswordPolicy{MinLength: 8, Uppercase: true, Lowercase: true, Numbers: true, UsersChange: true}
		people(f, s)
		machines(f, s)
		s.Certificates["www-2024"] = ago(200)
	})
	// The identity that scans is from before API keys were asked for.
	f.Deny("ListServiceSpecificCredentials")
	return f
}

// people are the staff: some by federation, some still as IAM users.
func people(f *iamtest.IAM, s *iamtest.State) {
	mfa := func(name string) []string { return []string{f.ARN("mfa/" + name)} }
	s.Groups["developers"] = &iamtest.Group{Attached: []string{f.ARN("policy/develop"), "arn:aws:iam::aws:policy/AWSCloudShellFullAccess"}}
	s.Groups["admins"] = &iamtest.Group{Attached: []string{"arn:aws:iam::aws:policy/AdministratorAccess"}}
	s.Groups["interns-2023"] = &iamtest.Group{Inline: map[string]string{"try-things": allow("*", "*")}}
	s.Users["ana"] = &iamtest.User{
		Created: ago(900), Groups: []string{"admins", "developers"}, MFA: mfa("ana"), Tags: map[string]string{"owner": "ana@example.com"},
		Password: &iamtest.Password{Created: ago(40), Used: ago(1)},
	}
	s.Users["ben"] = &iamtest.User{ // never registered a device, and has two keys
		Created: ago(500), Groups: []string{"developers"}, Password: &iamtest.Password{Created: ago(200), Used: ago(3)},
		Keys: []*iamtest.Key{{ID: "AKIABENEXAMPLE000001", Created: ago(400), Used: ago(2)}, {ID: "AKIABENEXAMPLE000002", Created: ago(20), Used: ago(15)}},
	}
	s.Users["chloe"] = &iamtest.User{ // left the company in winter
		Created: ago(1200), Groups: []string{"developers"}, MFA: mfa("chloe"), Password: &iamtest.Password{Created: ago(700), Used: ago(160)},
		Keys: []*iamtest.Key{{ID: "AKIACHLOEEXAMPLE0001", Created: ago(800), Used: ago(170)}}, Attached: []string{"arn:aws:iam::aws:policy/AmazonS3FullAccess"},
	}
	s.Roles["sso-developer"] = &iamtest.Role{Created: ago(300), LastUsed: ago(0), Trust: trust(`{"Federated":"`+f.ARN("saml-provider/directory")+`"}`, "sts:AssumeRoleWithSAML", `"StringEquals":{"SAML:aud":"https://signin.aws.amazon.com/saml"}`)}
	s.SAML["directory"] = Now.AddDate(0, 0, 20)
}

// machines are what the company runs and what looks after it.
func machines(f *iamtest.IAM, s *iamtest.State) {
	s.Policies["develop"] = &iamtest.Policy{Created: ago(800), Document: allow("s3:*", "*")}
	s.Policies["reports"] = &iamtest.Policy{Created: ago(800), Document: allow("s3:GetObject", "arn:aws:s3:::example-reports/*")}
	s.Policies["old-migration"] = &iamtest.Policy{Created: ago(1000), Document: allow("dms:StartReplicationTask", "*")}
	s.Users["backup"] = &iamtest.User{Created: ago(1100), Keys: []*iamtest.Key{{ID: "AKIABACKUPEXAMPLE001", Created: ago(1100), Used: ago(0)}}, Attached: []string{f.ARN("policy/reports")}}
	s.Roles["web"] = &iamtest.Role{
		Created: ago(700), LastUsed: ago(0), Trust: trust(`{"Service":"ec2.amazonaws.com"}`, "sts:AssumeRole", ""),
		Inline: map[string]string{"secrets": allow("secretsmanager:GetSecretValue", "*")},
	}
	s.Roles["deploy"] = &iamtest.Role{
		Created: ago(400), LastUsed: ago(1), Attached: []string{f.ARN("policy/develop")},
		Trust: trust(`{"Federated":"`+f.ARN("oidc-provider/token.actions.githubusercontent.com")+`"}`, "sts:AssumeRoleWithWebIdentity", `"StringEquals":{"token.actions.githubusercontent.com:aud":"sts.amazonaws.com"}`),
	}
	s.OIDC["token.actions.githubusercontent.com"] = []string{"sts.amazonaws.com"}
	s.Roles["monitoring-vendor"] = &iamtest.Role{Created: ago(600), LastUsed: ago(0), Attached: []string{"arn:aws:iam::aws:policy/ReadOnlyAccess"}, Trust: trust(`{"AWS":"arn:aws:iam::777788889999:root"}`, "sts:AssumeRole", "")}
	s.Roles["trail-to-logs"] = &iamtest.Role{Created: ago(700), LastUsed: ago(0), Trust: trust(`{"Service":"cloudtrail.amazonaws.com"}`, "sts:AssumeRole", "")}
	s.Roles["data-lake-poc"] = &iamtest.Role{Created: ago(500), LastUsed: ago(330), Trust: trust(`{"AWS":"arn:aws:iam::444455556666:root"}`, "sts:AssumeRole", ""), Inline: map[string]string{"everything": allow("*", "*")}}
	s.Roles["AWSServiceRoleForSupport"] = &iamtest.Role{Path: "/aws-service-role/support.amazonaws.com/", Created: ago(1200), Trust: trust(`{"Service":"support.amazonaws.com"}`, "sts:AssumeRole", "")}
}

func allow(action, resource string) string {
	return `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"` + action + `","Resource":"` + resource + `"}]}`
}

func trust(principal, action, condition string) string {
	if condition != "" {
		condition = `,"Condition":{` + condition + `}`
	}
	return `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":` + principal + `,"Action":"` + action + `"` + condition + `}]}`
}
