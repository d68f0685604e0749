package iam_test

import (
	"time"

	"github.com/awsposture/posture/iam/iamtest"
	"github.com/awsposture/posture/internal/conformance"
)

const github = "token.actions.githubusercontent.com"

var domain = conformance.Domain{
	Prefix:   "iam",
	Fixtures: []conformance.Fixture{fixture("good", goodWorld), fixture("bad", badWorld), fixture("empty", emptyWorld), fixture("gov", govWorld)},
	AlwaysApplies: []string{
		"iam.root-access-key", "iam.root-recent-use", "iam.support-role", "iam.cloudshell-full-access", "iam.security-contact", "iam.organization-member",
		"iam.password-length", "iam.password-reuse", "iam.password-expiry", "iam.password-uppercase", "iam.password-lowercase", "iam.password-number", "iam.password-symbol", "iam.password-self-change",
	},
	Weakenings: []conformance.Weakening{
		spoil("root without MFA", func(s *iamtest.State) { s.Root.MFA = false }, "iam.root-mfa", "iam.root-hardware-mfa"),
		spoil("root with a virtual device", func(s *iamtest.State) { s.Root.VirtualMFA = true }, "iam.root-hardware-mfa"),
		spoil("root with a key", func(s *iamtest.State) { s.Root.Key = true }, "iam.root-access-key"),
		spoil("root signed in", func(s *iamtest.State) { s.Root.PasswordUsed = daysAgo(89) }, "iam.root-recent-use"),
		spoil("root not managed centrally", func(s *iamtest.State) { s.Features = []string{"RootSessions"} }, "iam.root-central"),

		spoil("a short password", func(s *iamtest.State) { s.PasswordPolicy.MinLength = 13 }, "iam.password-length"),
		spoil("23 passwords remembered", func(s *iamtest.State) { s.PasswordPolicy.Remembered = 23 }, "iam.password-reuse"),
		spoil("passwords for ever", func(s *iamtest.State) { s.PasswordPolicy.MaxAgeDays = 0 }, "iam.password-expiry"),
		spoil("passwords for 91 days", func(s *iamtest.State) { s.PasswordPolicy.MaxAgeDays = 91 }, "iam.password-expiry"),
		spoil("no uppercase", func(s *iamtest.State) { s.PasswordPolicy.Uppercase = false }, "iam.password-uppercase"),
		spoil("no lowercase", func(s *iamtest.State) { s.PasswordPolicy.Lowercase = false }, "iam.password-lowercase"),
		spoil("no digit", func(s *iamtest.State) { s.PasswordPolicy.Numbers = false }, "iam.password-number"),
		spoil("no symbol", func(s *iamtest.State) { s.PasswordPolicy.Symbols = false }, "iam.password-symbol"),
		spoil("no change of one's own", func(s *iamtest.State) { s.PasswordPolicy.UsersChange = false }, "iam.password-self-change"),
		spoil("no password policy", func(s *iamtest.State) { s.PasswordPolicy = nil },
			"iam.password-length", "iam.password-reuse", "iam.password-expiry", "iam.password-uppercase", "iam.password-lowercase", "iam.password-number", "iam.password-symbol"),

		spoil("console user without MFA", func(s *iamtest.State) { s.Users["ana"].MFA = nil }, "iam.user-console-mfa", "iam.user-mfa"),
		spoil("idle password", func(s *iamtest.State) { s.Users["ana"].Password.Used = daysAgo(46) }, "iam.unused-credentials"),
		spoil("dormant password", func(s *iamtest.State) {
			s.Users["ana"].Password = &iamtest.Password{Created: daysAgo(200), Used: daysAgo(91)}
		}, "iam.unused-credentials", "iam.dormant-credentials"),
		spoil("idle key", func(s *iamtest.State) {
			s.Users["ana"].Keys[0] = &iamtest.Key{ID: "AKIAANA0000000000001", Created: daysAgo(80), Used: daysAgo(46)}
		}, "iam.unused-credentials"),
		spoil("key never used", func(s *iamtest.State) {
			s.Users["ana"].Keys[0] = &iamtest.Key{ID: "AKIAANA0000000000001", Created: daysAgo(50)}
		}, "iam.unused-credentials"),
		spoil("old key, changed lately", func(s *iamtest.State) {
			s.Users["ana"].Keys[0].Created, s.Users["ana"].Keys[0].Changed = daysAgo(91), daysAgo(1)
		}, "iam.access-key-age"),
		spoil("key made with the user", func(s *iamtest.State) { s.Users["ana"].Created = s.Users["ana"].Keys[0].Created.Add(-time.Second) }, "iam.key-at-creation"),
		spoil("a person's password", func(s *iamtest.State) {
			s.Users["build"].Password = &iamtest.Password{Created: daysAgo(40), Used: daysAgo(1)}
		}, "iam.user-central-identity"),
		spoil("two keys", func(s *iamtest.State) {
			s.Users["ana"].Keys[1] = &iamtest.Key{ID: "AKIAANA0000000000002", Created: daysAgo(5), Used: daysAgo(1)}
		}, "iam.single-active-key"),
		spoil("old API key", func(s *iamtest.State) { s.Users["ana"].Services[0].Created = daysAgo(91) }, "iam.service-credential-age"),
		spoil("policy on a user", func(s *iamtest.State) { s.Users["ana"].Attached = []string{"arn:aws:iam::aws:policy/ReadOnlyAccess"} }, "iam.user-direct-policies"),
		spoil("policy in a user", func(s *iamtest.State) {
			s.Users["ana"].Inline = map[string]string{"x": policy("s3:ListBucket", "*")}
		}, "iam.user-direct-policies"),
		spoil("user in no group", func(s *iamtest.State) {
			s.Users["eve"] = &iamtest.User{Created: daysAgo(1), Tags: owner, MFA: []string{"GAHT12345678"}}
		}, "iam.user-in-group"),
		spoil("empty group", func(s *iamtest.State) { s.Groups["spare"] = &iamtest.Group{} }, "iam.group-in-use"),
		spoil("user without tag", func(s *iamtest.State) { s.Users["ana"].Tags = nil }, "iam.user-tags"),

		spoil("role not used", func(s *iamtest.State) { s.Roles["trail"].LastUsed = daysAgo(91) }, "iam.role-unused"),
		spoil("role never used", func(s *iamtest.State) { s.Roles["trail"].LastUsed = time.Time{} }, "iam.role-unused"),
		spoil("role for everybody", func(s *iamtest.State) { s.Roles["open"].Trust = trust(`"*"`, "") }, "iam.role-wildcard-trust"),
		spoil("role for everybody with an external id", func(s *iamtest.State) {
			s.Roles["open"].Trust = trust(`{"AWS":"*"}`, `{"StringEquals":{"sts:ExternalId":"b7d1"}}`)
		}, "iam.role-wildcard-trust"),
		spoil("role for everybody if the organization is told", func(s *iamtest.State) {
			s.Roles["open"].Trust = trust(`"*"`, `{"StringEqualsIfExists":{"aws:PrincipalOrgID":"o-exampleorgid"}}`)
		}, "iam.role-wildcard-trust"),
		spoil("role for a stranger", func(s *iamtest.State) { s.Roles["vendor"].Trust = trust(`{"AWS":"777788889999"}`, "") }, "iam.role-external-trust"),
		spoilFacts("a member leaves", func(w *world) { w.members = w.members[:1] }, "iam.role-external-trust"),
		spoil("service role for any source", func(s *iamtest.State) {
			s.Roles["trail"].Trust = trust(`{"Service":"cloudtrail.amazonaws.com"}`, "")
		}, "iam.role-service-trust"),
		spoil("service role for any account's source", func(s *iamtest.State) {
			s.Roles["trail"].Trust = trust(`{"Service":"cloudtrail.amazonaws.com"}`, `{"ArnLike":{"aws:SourceArn":"arn:aws:cloudtrail:*:*:trail/*"}}`)
		}, "iam.role-service-trust"),
		spoil("any repository", func(s *iamtest.State) {
			s.Roles["deploy"].Trust = trust(`{"Federated":"arn:aws:iam::111122223333:oidc-provider/`+github+`"}`, `{"StringEquals":{"`+github+`:aud":"sts.amazonaws.com"}}`)
		}, "iam.role-oidc-trust"),
		spoil("any workload of a cluster", func(s *iamtest.State) {
			s.Roles["pod"] = role(trust(`{"Federated":"arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE"}`, ""))
		}, "iam.role-oidc-trust"),
		spoil("any SAML audience", func(s *iamtest.State) {
			s.Roles["people"].Trust = trust(`{"Federated":"arn:aws:iam::111122223333:saml-provider/idp"}`, "")
		}, "iam.role-saml-trust"),
		spoil("role without boundary", func(s *iamtest.State) { s.Roles["team"].Boundary = "" }, "iam.role-boundary", "iam.policy-unused"),
		spoil("role with another boundary", func(s *iamtest.State) {
			s.Roles["team"].Boundary, s.Roles["trail"].Boundary = "arn:aws:iam::111122223333:policy/read", boundary
		}, "iam.role-boundary"),
		spoil("role without tag", func(s *iamtest.State) { s.Roles["team"].Tags = map[string]string{"team": "x"} }, "iam.role-tags"),
		spoil("SAML metadata at its end", func(s *iamtest.State) { s.SAML["idp"] = now.AddDate(0, 0, 29) }, "iam.saml-provider-valid"),
		spoil("one audience more", func(s *iamtest.State) { s.OIDC[github] = append(s.OIDC[github], "other.example.com") }, "iam.oidc-audiences"),

		spoil("everything allowed", func(s *iamtest.State) { s.Policies["read"].Document = policy("*", "*") }, "iam.policy-full-admin", "iam.policy-service-wildcard", "iam.policy-sensitive-actions"),
		spoil("everything allowed in two statements", func(s *iamtest.State) {
			s.Policies["read"].Document = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","NotAction":"iam:*","Resource":"*"},{"Effect":"Allow","Action":"iam:*","Resource":"*"}]}`
		}, "iam.policy-full-admin", "iam.policy-service-wildcard", "iam.policy-sensitive-actions"),
		spoil("everything allowed but one thing denied", func(s *iamtest.State) {
			s.Policies["read"].Document = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"organizations:LeaveOrganization","Resource":"*"}]}`
		}, "iam.policy-service-wildcard", "iam.policy-sensitive-actions"),
		spoil("a service allowed", func(s *iamtest.State) {
			s.Policies["read"].Document = policy("s3:*", "arn:aws:s3:::example-data/*")
		}, "iam.policy-service-wildcard"),
		spoil("decryption allowed", func(s *iamtest.State) { s.Groups["staff"].Inline["list"] = policy("kms:D*", "*") }, "iam.policy-sensitive-actions"),
		spoil("policy attached to nobody", func(s *iamtest.State) { s.Policies["spare"] = &iamtest.Policy{Document: policy("s3:Get*", "*")} }, "iam.policy-unused"),
		spoil("nobody for support", func(s *iamtest.State) { s.Groups["staff"].Attached = s.Groups["staff"].Attached[1:] }, "iam.support-role"),
		spoil("CloudShell", func(s *iamtest.State) {
			s.Groups["staff"].Attached = append(s.Groups["staff"].Attached, "arn:aws:iam::aws:policy/AWSCloudShellFullAccess")
		}, "iam.cloudshell-full-access"),
		spoil("expired certificate", func(s *iamtest.State) { s.Certificates["web"] = daysAgo(0).Add(-time.Second) }, "iam.server-certificate-valid"),
		spoilFacts("a region without analyzer", func(w *world) { w.analyzers["us-east-1"] = nil }, "iam.external-analyzer"),
		spoilFacts("an analyzer that is off", func(w *world) { w.analyzers["eu-west-1"][0].Active = false }, "iam.external-analyzer"),
		spoilFacts("analyzer without tag", func(w *world) { w.analyzers["eu-west-1"][0].Tags = nil }, "iam.analyzer-tags"),
		spoilFacts("no contact", func(w *world) { w.contact = nil }, "iam.security-contact"),
		spoilFacts("no organization", func(w *world) { w.organization = false }, "iam.organization-member"),
	},
	Binary: []string{"iam.policy-attachment", "iam.server-certificate", "iam.oidc-audience"},
	Drifts: map[string]func(conformance.Ground){
		"iam.access-key-status": edit(func(s *iamtest.State) { s.Users["bob"].Keys = nil }),
		"iam.console-password":  edit(func(s *iamtest.State) { s.Users["bob"].Password.ResetRequired = false }),
		"iam.password-policy":   edit(func(s *iamtest.State) { s.PasswordPolicy.MinLength = 7 }),
		"iam.inline-policy": edit(func(s *iamtest.State) {
			s.Groups["nobody"].Inline["all"] = policy("ec2:*", "*")
			s.Roles["team"].Inline["keys"] = policy("ec2:*", "*")
		}),
		"iam.trust-policy": edit(func(s *iamtest.State) {
			s.Roles["trail"].Trust, s.Roles["people"].Trust = trust(`{"AWS":"111122223333"}`, ""), trust(`{"AWS":"111122223333"}`, "")
		}),
	},
}
