package organization_test

import (
	"strings"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/iam/organization"
	"github.com/awsposture/posture/iam/organization/organizationtest"
	"github.com/awsposture/posture/internal/conformance"
)

func delegation(change func(statement string) []string) func(*organizationtest.State) {
	return func(s *organizationtest.State) { s.ResourcePolicy = policy(change(managePolicy)...) }
}

func replaced(old, new string) func(*organizationtest.State) {
	return delegation(func(s string) []string { return []string{strings.Replace(s, old, new, 1)} })
}

func denyLeaving(document string) func(*organizationtest.State) {
	return func(s *organizationtest.State) { s.Policies[guardrail].Document = document }
}

var domain = conformance.Domain{
	Prefix: "organizations",
	Fixtures: []conformance.Fixture{
		fixture("good", goodWorld), fixture("bad", badWorld), fixture("billing", billingWorld), fixture("new", newWorld), fixture("pathless", pathlessWorld), fixture("outside", outsideWorld),
		fixture("delegated administrator", func() *world { return seenFrom(security) }), fixture("member", func() *world { return seenFrom(shop) }),
	},
	Weakenings: []conformance.Weakening{
		spoil("consolidated billing", billingOnly,
			"iam.organization-all-features", "iam.organization-scp-enabled", "iam.organization-rcp-enabled", "iam.organization-guardrails", "iam.organization-leave-denied"),
		spoil("no RCPs", func(s *organizationtest.State) { delete(s.Types, organization.RCP) }, "iam.organization-rcp-enabled"),
		spoil("RCPs on their way out", func(s *organizationtest.State) { s.Types[organization.RCP] = organization.TypePendingDisable }, "iam.organization-rcp-enabled"),
		spoil("no SCPs", func(s *organizationtest.State) { delete(s.Types, organization.SCP) },
			"iam.organization-scp-enabled", "iam.organization-guardrails", "iam.organization-leave-denied"),
		spoil("SCPs on their way in", func(s *organizationtest.State) { s.Types[organization.SCP] = organization.TypePendingEnable },
			"iam.organization-scp-enabled", "iam.organization-guardrails", "iam.organization-leave-denied"),
		spoil("SCPs on their way out", func(s *organizationtest.State) { s.Types[organization.SCP] = organization.TypePendingDisable }, "iam.organization-scp-enabled"),

		spoil("guardrail on one unit only", func(s *organizationtest.State) { s.Policies[guardrail].Targets = []string{web} }, "iam.organization-guardrails", "iam.organization-leave-denied"),
		spoil("guardrail on the management account only", func(s *organizationtest.State) { s.Policies[guardrail].Targets = []string{management} }, "iam.organization-guardrails", "iam.organization-leave-denied"),
		spoil("guardrail that allows everything", denyLeaving(allowsAll), "iam.organization-guardrails", "iam.organization-leave-denied"),
		spoil("leaving is not denied", denyLeaving(policy(statementOf("Deny", "cloudtrail:StopLogging", ""))), "iam.organization-leave-denied"),
		spoil("leaving is denied to some", denyLeaving(policy(statementOf("Deny", "organizations:Leave*", `,"Condition":{"ArnNotLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/admin"}}`))), "iam.organization-leave-denied"),
		spoil("leaving is denied on a resource that it does not have", denyLeaving(`{"Statement":{"Effect":"Deny","Action":"organizations:LeaveOrganization","Resource":"arn:aws:organizations::*:account/*"}}`), "iam.organization-leave-denied"),
		spoil("all but leaving is denied", denyLeaving(`{"Statement":{"Effect":"Deny","NotAction":"ORGANIZATIONS:leave?rganization","Resource":"*"}}`), "iam.organization-leave-denied"),

		spoil("account under the root", func(s *organizationtest.State) { s.Accounts[shop].Parent = root }, "iam.organization-account-in-unit"),
		spoil("suspended account", func(s *organizationtest.State) { s.Accounts[shop].State = organization.StateSuspended }, "iam.organization-account-active"),
		spoil("closed account by its status", func(s *organizationtest.State) { s.OnlyStatus = true }, "iam.organization-account-active"),
		spoil("suspended administrator", func(s *organizationtest.State) { s.Accounts[security].State = organization.StateSuspended }, "iam.organization-account-active", "iam.organization-delegated-administrator"),
		spoil("administrator being closed", func(s *organizationtest.State) { s.Accounts[security].State = organization.StatePendingClosure }, "iam.organization-delegated-administrator"),
		{Name: "workload in the management account", Flips: []string{"iam.organization-management-account-empty"}, Edit: func(g conformance.Ground) {
			w := g.Fake.(*world)
			w.resources = append(w.resources, posture.Resource{Account: management, Type: "AWS::S3::Bucket", ID: "example-data"})
		}},

		spoil("no resource policy", func(s *organizationtest.State) { s.ResourcePolicy = "" }, "iam.organization-policy-delegation"),
		spoil("delegated without attaching", replaced(`"organizations:AttachPolicy",`, ""), "iam.organization-policy-delegation"),
		spoil("delegated to the management account", replaced(security, management), "iam.organization-policy-delegation"),
		spoil("delegated to everybody", replaced(`{"AWS":"arn:aws:iam::`+security+`:root"}`, `"*"`), "iam.organization-policy-delegation"),
		spoil("delegated to everybody too", delegation(func(s string) []string {
			return []string{s, `{"Effect":"Allow","Principal":"*","Action":"organizations:Attach*","Resource":"*","Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-exampleorgid"}}}`}
		}), "iam.organization-policy-delegation"),
		spoil("delegated for tag policies", replaced(`"Resource":"*"`, `"Resource":"*","Condition":{"StringEquals":{"organizations:PolicyType":["TAG_POLICY","BACKUP_POLICY"]}}`), "iam.organization-policy-delegation"),
		spoil("delegated for all but SCPs", replaced(`"Resource":"*"`, `"Resource":"*","Condition":{"StringNotEquals":{"organizations:PolicyType":"SERVICE_CONTROL_POLICY"}}`), "iam.organization-policy-delegation"),
		spoil("delegated and denied", delegation(func(s string) []string {
			return []string{s, `{"Effect":"Deny","Principal":{"AWS":"` + security + `"},"NotAction":"organizations:List*","Resource":"*"}`}
		}), "iam.organization-policy-delegation"),

		spoil("service without administrator", func(s *organizationtest.State) { s.Trusted = append(s.Trusted, "inspector2.amazonaws.com") }, "iam.organization-service-delegation"),
		spoil("management account as administrator", func(s *organizationtest.State) {
			s.Delegated = map[string][]string{security: {"access-analyzer.amazonaws.com"}, management: {"guardduty.amazonaws.com"}}
		}, "iam.organization-service-delegation", "iam.organization-delegated-administrator"),
	},
	Binary: []string{"iam.organization-policy-attachment"},
	Drifts: map[string]func(conformance.Ground){
		"iam.organization-policy-type": edit(func(s *organizationtest.State) { s.Types[organization.RCP] = organization.TypePendingDisable }),
	},
}
