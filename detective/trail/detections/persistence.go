package detections

import (
	"regexp"
	"slices"
	"strings"

	"github.com/awsposture/posture/detective/trail"
	"github.com/awsposture/posture/detective/trail/rule"
)

// securityEvents are the sources of events that tell of an intruder.
var securityEvents = []string{"aws.iam", "aws.signin", "aws.sts", "aws.guardduty", "aws.securityhub", "aws.cloudtrail"}

// forUser is true of a call about a user by a caller who is none: a role or the
// root user.
var forUser = rule.All(rule.Eq("userIdentity.type", "AssumedRole", "FederatedUser", "Root"), rule.Absent("userIdentity.userName"), rule.Has(rp("userName")))

// bucketURL is an expression for URLs of objects in the buckets: with the
// bucket in the host, or in the path.
func bucketURL(names []string) string {
	quoted := make([]string, len(names))
	for i, n := range names {
		quoted[i] = regexp.QuoteMeta(n)
	}
	bucket, host := "(?:"+strings.Join(quoted, "|")+")", `s3(?:\.dualstack)?(?:[.-][a-z]{2}(?:-[a-z]+)+-[0-9]+)?\.amazonaws\.com(?:\.cn)?`
	return `^https://(?:` + bucket + `\.` + host + `/|` + host + `/` + bucket + `/)`
}

// persistence: what an attacker does who stays.
func persistence(p *Params) []detection {
	return []detection{
		{
			ID: "D080", Title: "Access key made for another user", Level: "high", Attack: "T1098.001",
			Source: "iam", Events: "CreateAccessKey",
			When: rule.AnyOf(rule.Eq("userIdentity.type", "Root"),
				rule.All(rule.Eq("userIdentity.type", "IAMUser"), forAnother),
				rule.All(rule.Eq("userIdentity.type", "AssumedRole"), notBy(p.KeyIssuers))),
			FalsePositives: "key rotation tool",
			Look:           "the user or role concerned: its keys, its policies and what it did since; the lineage of the caller",
		},
		{
			ID: "D081", Title: "IAM user created outside the pipeline", Level: "medium", Attack: "T1136.003",
			Source: "iam", Events: "CreateUser",
			When:           notBy(p.IaC),
			FalsePositives: "manual onboarding",
			Look:           "the user or role concerned: its keys, its policies and what it did since; the lineage of the caller",
		},
		{
			ID: "D082", Title: "Console password set for another user", Level: "high", Attack: "T1098.001",
			Source: "iam", Events: "CreateLoginProfile UpdateLoginProfile",
			When:           rule.AnyOf(forAnother, forUser, rule.All(rule.Eq("userIdentity.type", "Root"), rule.Absent(rp("userName")))),
			FalsePositives: "help desk reset",
			Look:           "the user or role concerned: its keys, its policies and what it did since; the lineage of the caller",
		},
		{
			ID: "D083", Title: "Trust policy opened", Level: "high", Attack: "T1098.003 T1484.002",
			Source: "iam", Events: "CreateRole UpdateAssumeRolePolicy",
			Refine:         judge(either(either(p.public(), p.external()), p.trust()), rp("assumeRolePolicyDocument"), rp("policyDocument")),
			FalsePositives: "new vendor role with an external id",
			Look:           "the user or role concerned: its keys, its policies and what it did since; the lineage of the caller",
		},
		{
			ID: "D084", Title: "Federation provider changed", Level: "high", Attack: "T1484.002 T1606.002",
			Source: "iam", Events: "CreateSAMLProvider UpdateSAMLProvider DeleteSAMLProvider CreateOpenIDConnectProvider DeleteOpenIDConnectProvider AddClientIDToOpenIDConnectProvider UpdateOpenIDConnectProviderThumbprint",
			FalsePositives: "certificate renewal",
			Look:           "the user or role concerned: its keys, its policies and what it did since; the lineage of the caller",
		},
		{
			ID: "D085", Title: "Identity Center access changed", Level: "medium", Attack: "T1098.003",
			Source: "sso sso-directory identitystore", Events: "CreateUser CreateGroup AddMemberToGroup CreateGroupMembership CreateAccountAssignment PutInlinePolicyToPermissionSet AttachManagedPolicyToPermissionSet AttachCustomerManagedPolicyReferenceToPermissionSet DeletePermissionsBoundaryFromPermissionSet UpdatePermissionSet ProvisionPermissionSet EnableExternalIdPConfigurationForDirectory AssociateDirectory CreateTrustedTokenIssuer",
			When:           rule.All(notBy(p.IaC), rule.No(rule.ContainsFold("userAgent", "scim"))),
			Raise:          raiseIf("high", rule.AnyOf(listed(rp("groupId"), p.SensitiveRoles), listed(rp("permissionSetArn"), p.SensitiveRoles), listed(rp("principalId"), p.SensitiveRoles))),
			FalsePositives: "normal onboarding",
			Look:           "the caller's lineage and everything else the session did",
		},
		{
			ID: "D086", Title: "Roles Anywhere trust added", Level: "high", Attack: "T1098.003",
			Source: "rolesanywhere", Events: "CreateTrustAnchor UpdateTrustAnchor EnableTrustAnchor CreateProfile UpdateProfile",
			Refine:         p.strangeCA,
			FalsePositives: "planned CA",
			Look:           "the caller's lineage and everything else the session did",
		},
		{
			ID: "D087", Title: "MFA device changed", Level: "high", Attack: "T1098.005 T1556.006",
			Source: "iam", Events: "CreateVirtualMFADevice EnableMFADevice DeactivateMFADevice DeleteVirtualMFADevice ResyncMFADevice",
			When: rule.AnyOf(rule.All(called("DeactivateMFADevice", "DeleteVirtualMFADevice"), rule.AnyOf(forAnother, forUser)),
				rule.All(called("EnableMFADevice"), rule.No(on("userIdentity.sessionContext.attributes.mfaAuthenticated")))),
			FalsePositives: "phone replaced",
			Look:           "the user or role concerned: its keys, its policies and what it did since; the lineage of the caller",
		},
		{
			ID: "D088", Title: "Other credential types added", Level: "medium", Attack: "T1098.001",
			Source: "iam", Events: "UploadSSHPublicKey CreateServiceSpecificCredential ResetServiceSpecificCredential UploadSigningCertificate UpdateAccessKey",
			When:           rule.AnyOf(rule.No(called("UpdateAccessKey")), rule.Eq(rp("status"), "Active")),
			FalsePositives: "CodeCommit user",
			Look:           "the user or role concerned: its keys, its policies and what it did since; the lineage of the caller",
		},
		{
			ID: "D089", Title: "Federated or session token by a key", Level: "medium", Attack: "T1550.001 T1098.001",
			Source: "sts", Events: "GetFederationToken GetSessionToken",
			Correlate:      firstSeen("userIdentity.accessKeyId", 90),
			FalsePositives: "broker application; aws-vault users",
			Look:           "the lineage of the caller, and what the issued session did",
		},
		{
			ID: "D089.admin", Title: "Federated token with an administrator policy", Level: "high", Attack: "T1550.001 T1098.001",
			Source: "sts", Events: "GetFederationToken",
			Refine: unless(func(e *trail.Event) bool {
				for el := range e.Request().Member("policyArns").Elements {
					arn := el.Member("arn").Text()
					if slices.ContainsFunc(adminPolicies, func(end string) bool { return strings.HasSuffix(arn, end) }) {
						return true
					}
				}
				return false
			}, judge(p.admin(), rp("policy"))),
			FalsePositives: "broker application",
			Look:           "whose key it was; the lineage of the caller, and what the issued session did",
		},
		{
			ID: "D090", Title: "Lambda shared with outsiders", Level: "high", Attack: "T1098 T1546",
			Source: "lambda", Events: "AddPermission~ AddLayerVersionPermission~",
			When: rule.All(rule.AnyOf(rule.Eq(rp("principal"), "*"), p.outside(rp("principal"))), rule.Absent(rp("sourceArn")), rule.Absent(rp("sourceAccount")),
				rule.Absent(rp("principalOrgID")), rule.Absent(rp("organizationId"))),
			FalsePositives: "partner event source",
			Look:           "the function's code, role and triggers; its invocations since",
		},
		{
			ID: "D091", Title: "Lambda code or layer replaced", Level: "medium", Attack: "T1648 T1525",
			Source: "lambda", Events: "UpdateFunctionCode~ UpdateFunctionConfiguration~ PublishLayerVersion~ CreateFunction~",
			When:           rule.AnyOf(notBy(p.IaC), p.outside(rp("layers"))),
			FalsePositives: "hot fix by a developer; a layer of AWS or a vendor, whose account belongs among the partners",
			Look:           "the function's code, role and triggers; its invocations since",
		},
		{
			ID: "D092", Title: "Lambda URL without auth", Level: "medium", Attack: "T1648",
			Source: "lambda", Events: "CreateFunctionUrlConfig~ UpdateFunctionUrlConfig~",
			When:           rule.Eq(rp("authType"), "NONE"),
			FalsePositives: "public webhook",
			Look:           "the function's code, role and triggers; its invocations since",
		},
		{
			ID: "D093", Title: "Event-driven backdoor", Level: "medium", Attack: "T1546",
			Source: "events", Events: "PutRule",
			When:           rule.All(rule.Contains(rp("eventPattern"), securityEvents...), notBy(p.IaC)),
			FalsePositives: "alerting roll-out",
			Look:           "the rule's pattern and targets before and after; what should have been alerted meanwhile",
		},
		{
			// In either order: a rule may get its pattern when it has its targets.
			ID: "D093.target", Title: "Security events sent to an unknown target", Level: "medium", Attack: "T1546",
			Source: "events", Events: "PutRule PutTargets",
			Correlate: &rule.Correlation{
				Kind: rule.Temporal, GroupBy: []string{"recipientAccountId", "awsRegion", "rule"}, Within: minutes(60).duration(),
				Aliases: map[string]map[string]string{"rule": {"D093.target.rule": rp("name"), "D093.target.sent": rp("rule")}},
			},
			Feeds: []rule.Rule{
				{ID: "D093.target.rule", Expr: rule.All(called("PutRule"), rule.Contains(rp("eventPattern"), securityEvents...))},
				{ID: "D093.target.sent", Expr: rule.All(called("PutTargets"), foreign(rp("targets.arn"), p.KnownTargets))},
			},
			Needs:          needs("KnownTargets", p.KnownTargets),
			FalsePositives: "alerting roll-out",
			Look:           "the rule's pattern, and what its target does with the events",
		},
		{
			ID: "D094", Title: "Key pair made or imported", Level: "low", Attack: "T1098.004",
			Source: "ec2", Events: "CreateKeyPair ImportKeyPair",
			Correlate:      firstSeen("principal eventName", 90),
			FalsePositives: "developer",
			Look:           "the instances, volumes or networks concerned, and what they can reach",
		},
		{
			ID: "D095", Title: "User data of an instance replaced", Level: "high", Attack: "T1059 T1578.005",
			Source: "ec2", Events: "StopInstances ModifyInstanceAttribute StartInstances",
			Correlate: &rule.Correlation{
				Kind: rule.Ordered, GroupBy: []string{"instance"}, Within: minutes(60).duration(),
				Aliases: map[string]map[string]string{"instance": {
					"D095.stop": rp("instancesSet.items.instanceId"), "D095.modify": rp("instanceId"), "D095.start": rp("instancesSet.items.instanceId"),
				}},
				Steps: []rule.Step{{All: []string{"D095.stop"}}, {All: []string{"D095.modify"}}, {All: []string{"D095.start"}}},
			},
			Feeds: []rule.Rule{
				{ID: "D095.stop", Expr: called("StopInstances")},
				{ID: "D095.modify", Expr: rule.All(called("ModifyInstanceAttribute"), rule.Has(rp("userData")))},
				{ID: "D095.start", Expr: called("StartInstances")},
			},
			FalsePositives: "maintenance script",
			Look:           "the instances, volumes or networks concerned, and what they can reach",
		},
		{
			ID: "D096", Title: "Instance profile swapped", Level: "medium", Attack: "T1098.003",
			Source: "ec2", Events: "AssociateIamInstanceProfile ReplaceIamInstanceProfileAssociation",
			When:           notBy(p.IaC),
			FalsePositives: "operator fixing a permission",
			Look:           "the instances, volumes or networks concerned, and what they can reach",
		},
		{
			ID: "D097", Title: "Stack with IAM capability", Level: "medium", Attack: "T1098.003",
			Source: "cloudformation", Events: "CreateStack CreateStackSet CreateStackInstances UpdateStack ExecuteChangeSet",
			When:           rule.All(rule.Eq(rp("capabilities"), "CAPABILITY_NAMED_IAM", "CAPABILITY_IAM"), notBy(p.IaC)),
			FalsePositives: "new deployment role",
			Look:           "the caller's lineage and everything else the session did",
		},
		{
			ID: "D097.template", Title: "Stack of a template from elsewhere", Level: "medium", Attack: "T1098.003",
			Source: "cloudformation", Events: "CreateStack CreateStackSet UpdateStack",
			When:           rule.All(rule.Has(rp("templateURL")), rule.No(rule.Regexp(rp("templateURL"), bucketURL(p.OwnBuckets)))),
			Needs:          needs("OwnBuckets", p.OwnBuckets),
			FalsePositives: "a vendor's template; the buckets that the console makes for uploads, when they are not listed",
			Look:           "the template and what it made; who owns the bucket it came from",
		},
		{
			ID: "D098", Title: "Build project opened or repointed", Level: "medium", Attack: "T1525",
			Source: "codebuild", Events: "UpdateProject UpdateProjectVisibility CreateWebhook UpdateWebhook",
			When: rule.AnyOf(rule.Eq(rp("projectVisibility"), "PUBLIC_READ"), rule.Has(rp("serviceRole")), rule.Has(rp("source.location")),
				rule.All(called("CreateWebhook", "UpdateWebhook"), rule.No(rule.Eq(rp("filterGroups.type"), "ACTOR_ACCOUNT_ID")))),
			FalsePositives: "pipeline refactoring",
			Look:           "the caller's lineage and everything else the session did",
		},
		{
			ID: "D099", Title: "Container image or registry policy changed", Level: "medium", Attack: "T1525",
			Source: "ecr", Events: "PutImage",
			When:           notBy(p.Pipelines),
			FalsePositives: "manual hot fix",
			Look:           "the caller's lineage and everything else the session did",
		},
		{
			ID: "D099.policy", Title: "Container registry opened", Level: "medium", Attack: "T1525",
			Source: "ecr", Events: "SetRepositoryPolicy PutRegistryPolicy",
			Refine:         judge(either(p.public(), p.external()), rp("policyText")),
			FalsePositives: "an account of a partner that pulls images",
			Look:           "the images, who may read or write them now, and who did since",
		},
		{
			ID: "D100", Title: "EKS cluster access granted", Level: "high", Attack: "T1098.003",
			Source: "eks", Events: "CreateAccessEntry AssociateAccessPolicy UpdateAccessEntry",
			When:           rule.AnyOf(rule.Suffix(rp("policyArn"), "ClusterAdminPolicy"), rule.Eq(rp("kubernetesGroups"), "system:masters")),
			FalsePositives: "platform roll-out",
			Look:           "the caller's lineage and everything else the session did",
		},
		{
			ID: "D101", Title: "SSM document added or shared", Level: "medium", Attack: "T1651 T1546",
			Source: "ssm", Events: "CreateDocument UpdateDocument CreateAssociation UpdateAssociation ModifyDocumentPermission",
			Correlate:      firstSeen("principal eventName", 90),
			FalsePositives: "fleet management",
			Look:           "the document and the instances it ran on; what the session typed",
		},
		{
			ID: "D102", Title: "Domain transfer or lock removed", Level: "high", Attack: "T1584.001",
			Outcome: whatever, Source: "route53domains", Events: "TransferDomainToAnotherAwsAccount DisableDomainTransferLock RetrieveDomainAuthCode DisableDomainAutoRenew",
			FalsePositives: "domain sale",
			Look:           "the caller's lineage and everything else the session did",
		},
		{
			ID: "D103", Title: "Bedrock API key", Level: "high", Attack: "T1098.001",
			Source: "iam", Events: "CreateServiceSpecificCredential CreateUser CreateAccessKey CreateLoginProfile",
			When:           rule.AnyOf(rule.Eq(rp("serviceName"), "bedrock.amazonaws.com"), rule.Prefix(rp("userName"), "BedrockAPIKey-")),
			Raise:          raiseIf("critical", called("CreateAccessKey", "CreateLoginProfile")),
			FalsePositives: "sanctioned API key",
			Look:           "the user or role concerned: its keys, its policies and what it did since; the lineage of the caller",
		},
		{
			// The user that Bedrock makes for a key is for Bedrock alone.
			ID: "D103.used", Title: "Bedrock API key's user used elsewhere", Level: "high", Attack: "T1098.001",
			Outcome: whatever, Source: "", Events: "",
			When:           rule.All(rule.Eq("userIdentity.type", "IAMUser"), rule.Prefix("userIdentity.userName", "BedrockAPIKey-"), rule.No(rule.Prefix("eventSource", "bedrock"))),
			FalsePositives: "none expected",
			Look:           "how the user came to other credentials, its policies, and what it did",
		},
	}
}
