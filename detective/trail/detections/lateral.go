package detections

import "github.com/awsposture/posture/detective/trail/rule"

// lateral: what an attacker does who moves on.
func lateral(p *Params) []detection {
	return []detection{
		{
			ID: "D150", Title: "Keys pushed to many instances", Level: "high", Attack: "T1021.008 T1098.004",
			Outcome: whatever, Source: "ec2-instance-connect", Events: "SendSSHPublicKey SendSerialConsoleSSHPublicKey",
			Correlate:      distinct("requestParameters.instanceId", "session", 10, 2),
			FalsePositives: "operator on a fleet",
			Look:           "the caller's lineage and everything else the session did",
		},
		{
			ID: "D150.serial", Title: "Key pushed to a serial console", Level: "high", Attack: "T1021.008 T1098.004",
			Outcome: whatever, Source: "ec2-instance-connect", Events: "SendSerialConsoleSSHPublicKey",
			FalsePositives: "rescue of an instance without network",
			Look:           "the instance and what it can reach; whether serial console access should be on at all",
		},
		{
			ID: "D151", Title: "Remote commands on many instances", Level: "medium", Attack: "T1651 T1021.007",
			Source: "ssm", Events: "StartSession ResumeSession SendCommand",
			Correlate:      distinct("requestParameters.target requestParameters.instanceIds requestParameters.targets.values", "session", 10, 3),
			FalsePositives: "patching",
			Look:           "the document and the instances it ran on; what the session typed",
		},
		{
			ID: "D151.tags", Title: "Remote command on whatever has a tag", Level: "medium", Attack: "T1651 T1021.007",
			Source: "ssm", Events: "SendCommand",
			When:           rule.AnyOf(rule.Prefix(rp("targets.key"), "tag:", "tag-key", "resource-groups:"), rule.Eq(rp("targets.values"), "*")),
			FalsePositives: "patching",
			Look:           "the document and the instances it ran on",
		},
		{
			ID: "D151.newcomer", Title: "Remote command by a newcomer", Level: "medium", Attack: "T1651 T1021.007",
			Source: "ssm", Events: "StartSession ResumeSession SendCommand",
			Correlate:      firstSeen("principal", 30),
			FalsePositives: "new operator",
			Look:           "the document and the instances it ran on; what the session typed",
		},
		{
			ID: "D151.document", Title: "Script run by remote command", Level: "medium", Attack: "T1651 T1021.007",
			Source: "ssm", Events: "StartSession SendCommand",
			When: rule.AnyOf(rule.Suffix(rp("documentName"), "AWS-RunShellScript", "AWS-RunPowerShellScript"),
				rule.All(rule.Like(rp("documentName"), "arn:*:ssm:*:????????????:document/*"), p.outside(rp("documentName")))),
			FalsePositives: "patching, a partner's document",
			Look:           "the commands, who shared the document, and the instances it ran on",
		},
		{
			ID: "D152", Title: "Many roles from one session", Level: "medium", Attack: "T1550.001 T1548.005",
			Outcome: whatever, Source: "sts", Events: "AssumeRole",
			Correlate:      distinct("requestParameters.roleArn", "session", 15, 8),
			FalsePositives: "cross-account automation",
			Look:           "the lineage of the caller, and what the issued session did",
		},
		{
			ID: "D153", Title: "Console switch into a strong role", Level: "low", Attack: "T1548.005",
			Source: "signin", Events: "SwitchRole",
			When:           rule.AnyOf(contained("additionalEventData.SwitchTo", p.SensitiveRoles), contained("userIdentity.arn", p.SensitiveRoles)),
			Needs:          needs("SensitiveRoles", p.SensitiveRoles),
			FalsePositives: "administrator at work",
			Look:           "address, user agent and MFA of the sign-in; the other sign-ins of the user and of the address",
		},
	}
}
