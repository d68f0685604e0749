package detections

import (
	"github.com/awsposture/posture/detective/trail"
	"github.com/awsposture/posture/detective/trail/rule"
)

// credentialAccess: what an attacker does who takes credentials.
func credentialAccess(p *Params) []detection {
	networks, twoNetworks := twoOf("D075", p.Networks, true, []string{"userIdentity.accessKeyId"}, 60)
	return []detection{
		{
			ID: "D070", Title: "Windows passwords requested", Level: "high", Attack: "T1555",
			Outcome: whatever, Source: "ec2", Events: "GetPasswordData",
			Correlate:      counted("session", 10, 5),
			FalsePositives: "build farm",
			Look:           "the instances, volumes or networks concerned, and what they can reach",
		},
		{
			ID: "D071", Title: "Secrets read in bulk", Level: "high", Attack: "T1555.006",
			Source: "secretsmanager", Events: "GetSecretValue BatchGetSecretValue",
			Correlate:      distinct("requestParameters.secretId requestParameters.secretIdList", "session", 10, 10),
			FalsePositives: "deployment job of many services",
			Look:           "which secrets, and what they open; rotate those",
		},
		{
			// A filter that only says what not to take takes everything.
			ID: "D071.all", Title: "All secrets read by a newcomer", Level: "high", Attack: "T1555.006",
			Source: "secretsmanager", Events: "BatchGetSecretValue",
			When: rule.All(rule.Absent(rp("secretIdList")), rule.No(&rule.Atom{
				Path: trail.P(rp("filters.values")), Op: rule.OpGlob, Texts: []string{"!*", ""}, Neg: true, Kinds: rule.Scalars,
			})),
			Correlate:      firstSeen("principal", 90),
			FalsePositives: "a new backup of all secrets",
			Look:           "which secrets, and what they open; rotate those",
		},
		{
			ID: "D072", Title: "Parameters decrypted in bulk", Level: "high", Attack: "T1555.006",
			Source: "ssm", Events: "GetParameter GetParameters GetParametersByPath",
			When:           on(rp("withDecryption")),
			Correlate:      distinct("requestParameters.name requestParameters.names requestParameters.path", "session", 10, 20),
			FalsePositives: "configuration loader",
			Look:           "the document and the instances it ran on; what the session typed",
		},
		{
			ID: "D073", Title: "Instance credentials used elsewhere", Level: "high", Attack: "T1552.005",
			Outcome: whatever, Source: "", Events: "",
			When: rule.All(
				rule.AnyOf(rule.Has("userIdentity.sessionContext.ec2RoleDelivery"), rule.Regexp("userIdentity.principalId", `:i-[0-9a-f]{8,17}$`)),
				rule.Regexp("sourceIPAddress", `^[0-9a-fA-F.:]+$`), rule.No(rule.InNetwork("sourceIPAddress", p.OwnPublicIPs...)),
				rule.No(rule.All(rule.InNetwork("sourceIPAddress", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fd00::/8"),
					rule.Has("vpcEndpointId"), rule.No(foreign("vpcEndpointAccountId", p.OwnAccounts))))),
			Needs:          needs("OwnPublicIPs", p.OwnPublicIPs),
			FalsePositives: "instance behind a NAT outside the inventory",
			Look:           "the caller's lineage and everything else the session did",
		},
		{
			ID: "D074", Title: "IMDSv1 allowed again", Level: "medium", Attack: "T1552.005",
			Source: "ec2", Events: "ModifyInstanceMetadataOptions ModifyInstanceMetadataDefaults",
			When:           rule.ContainsFold("requestParameters", `"httptokens":"optional"`),
			FalsePositives: "legacy agent",
			Look:           "the instances, volumes or networks concerned, and what they can reach",
		},
		{
			ID: "D075", Title: "One session from two networks", Level: "high", Attack: "T1550.001",
			Outcome: whatever, Source: "", Events: "",
			When:      rule.All(rule.Prefix("userIdentity.accessKeyId", "AKIA", "ASIA"), rule.Absent("userIdentity.invokedBy")),
			Correlate: twoNetworks, Feeds: networks,
			Needs:          fewer("Networks", p.Networks, 1),
			FalsePositives: "mobile client, VPN reconnect",
			Look:           "what the session did from either network, and who holds the key",
		},
		{
			ID: "D076", Title: "Container credential endpoint in a command", Level: "high", Attack: "T1552.007",
			Source: "ecs", Events: "RegisterTaskDefinition RunTask",
			When:           rule.ContainsFold("requestParameters", "aws_container_credentials_relative_uri", "169.254.170.2"),
			FalsePositives: "agent that documents the variable",
			Look:           "the caller's lineage and everything else the session did",
		},
		{
			// Known by the address alone: whose network it is in would need a table.
			ID: "D077", Title: "Identity Center token used elsewhere", Level: "high", Attack: "T1528 T1550.001",
			Outcome: whatever, Source: "sso", Events: "GetRoleCredentials ListAccountRoles ListAccounts",
			When:           rule.All(rule.Has("userIdentity.onBehalfOf.userId"), rule.No(within(p.OwnPublicIPs))),
			Correlate:      firstSeen("userIdentity.onBehalfOf.userId sourceIPAddress", 30),
			FalsePositives: "travel; a provider that changes addresses",
			Look:           "the user's sign-ins, and what the roles did whose credentials were fetched",
		},
		{
			ID: "D077.many", Title: "Many roles taken through Identity Center", Level: "high", Attack: "T1528 T1550.001",
			Outcome: whatever, Source: "sso", Events: "GetRoleCredentials",
			When:           rule.Has("userIdentity.onBehalfOf.userId"),
			Correlate:      combined("requestParameters.accountId requestParameters.roleName serviceEventDetails.account_id serviceEventDetails.role_name", "userIdentity.onBehalfOf.userId", 10, 21),
			FalsePositives: "multi-account script",
			Look:           "the user's sign-ins, and what the roles did whose credentials were fetched",
		},
		{
			ID: "D078", Title: "Instance console read", Level: "low", Attack: "T1552",
			Source: "ec2", Events: "GetConsoleScreenshot GetConsoleOutput",
			Correlate:      firstSeen("principal eventName", 90),
			FalsePositives: "support work",
			Look:           "the instances, volumes or networks concerned, and what they can reach",
		},
		{
			ID: "D079", Title: "Mass decrypt", Level: "medium", Attack: "T1555",
			Source: "kms", Events: "Decrypt ReEncrypt GenerateDataKey",
			Correlate:      counted("session", 10, 200),
			FalsePositives: "new batch job",
			Look:           "which key and what it protects; cancel the deletion or enable the key first, then ask why",
		},
	}
}
