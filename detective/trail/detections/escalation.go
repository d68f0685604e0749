package detections

import (
	"strings"

	"github.com/awsposture/posture/detective/trail"
	"github.com/awsposture/posture/detective/trail/rule"
)

// sensitive is true of the name or ARN of a sensitive role; without a list of
// none.
func (p *Params) sensitive(path string) rule.Expr {
	if len(p.SensitiveRoles) == 0 {
		return rule.Const(false)
	}
	var globs []string
	for _, r := range p.SensitiveRoles {
		globs = append(globs, r)
		if !strings.HasPrefix(r, "arn:") {
			globs = append(globs, "arn:*:role/"+r, "arn:*:role/*/"+r)
		} else if i := strings.LastIndexByte(r, '/'); i >= 0 {
			globs = append(globs, r[i+1:])
		}
	}
	return rule.Like(path, globs...)
}

// escalation: what an attacker does who becomes more.
func escalation(p *Params) []detection {
	return []detection{
		{
			ID: "D110", Title: "Administrator policy attached", Level: "high", Attack: "T1098.003",
			Source: "iam", Events: "AttachUserPolicy AttachRolePolicy AttachGroupPolicy",
			When:           rule.Suffix(rp("policyArn"), adminPolicies...),
			FalsePositives: "break-glass set-up; IaC role in ${iac_principals}",
			Look:           "the user or role concerned: its keys, its policies and what it did since; the lineage of the caller",
		},
		{
			ID: "D111", Title: "Escalating policy written", Level: "high", Attack: "T1098.003",
			Source: "iam", Events: "PutUserPolicy PutRolePolicy PutGroupPolicy CreatePolicy CreatePolicyVersion",
			Refine:         judge(p.admin(), rp("policyDocument")),
			FalsePositives: "IaC role",
			Look:           "the user or role concerned: its keys, its policies and what it did since; the lineage of the caller",
		},
		{
			ID: "D112", Title: "Default policy version switched", Level: "medium", Attack: "T1098.003",
			Source: "iam", Events: "SetDefaultPolicyVersion",
			When:           notBy(p.IaC),
			FalsePositives: "roll back by an operator",
			Look:           "the user or role concerned: its keys, its policies and what it did since; the lineage of the caller",
		},
		{
			ID: "D113", Title: "User added to a strong group", Level: "high", Attack: "T1098.003 T1069.003",
			Source: "iam", Events: "AddUserToGroup",
			When:           rule.AnyOf(rule.Same(rp("userName"), "userIdentity.userName"), rule.ContainsFold(rp("groupName"), "admin")),
			FalsePositives: "normal onboarding",
			Look:           "the user or role concerned: its keys, its policies and what it did since; the lineage of the caller",
		},
		{
			ID: "D114", Title: "Permissions boundary removed or replaced", Level: "high", Attack: "T1098.003",
			Source: "iam", Events: "DeleteUserPermissionsBoundary DeleteRolePermissionsBoundary PutUserPermissionsBoundary PutRolePermissionsBoundary",
			When:           rule.AnyOf(called("DeleteUserPermissionsBoundary", "DeleteRolePermissionsBoundary"), rule.Suffix(rp("permissionsBoundary"), adminPolicies...)),
			FalsePositives: "boundary roll-out",
			Look:           "the user or role concerned: its keys, its policies and what it did since; the lineage of the caller",
		},
		{
			ID: "D115", Title: "Role put into an instance profile", Level: "medium", Attack: "T1098.003",
			Source: "iam", Events: "AddRoleToInstanceProfile CreateInstanceProfile",
			When:           notBy(p.IaC),
			FalsePositives: "new service roll-out",
			Look:           "the user or role concerned: its keys, its policies and what it did since; the lineage of the caller",
		},
		{
			ID: "D116", Title: "Unusual role assumption", Level: "medium", Attack: "T1548.005 T1550.001",
			Source: "sts", Events: "AssumeRole",
			Correlate:      firstSeen("principal requestParameters.roleArn", 90),
			FalsePositives: "new team member",
			Look:           "the lineage of the caller, and what the issued session did",
		},
		{
			ID: "D116.chained", Title: "Sensitive role assumed from another role", Level: "medium", Attack: "T1548.005 T1550.001",
			Source: "sts", Events: "AssumeRole",
			When:           rule.All(rule.Eq("userIdentity.type", "AssumedRole"), p.sensitive(rp("roleArn"))),
			Needs:          needs("SensitiveRoles", p.SensitiveRoles),
			FalsePositives: "an automation that goes through a role of its own",
			Look:           "the lineage of the caller down to the human, and what the issued session did",
		},
		{
			ID: "D117", Title: "Role assumed from outside the organization", Level: "medium", Attack: "T1199",
			Source: "sts", Events: "AssumeRole",
			When:           rule.All(rule.Eq("userIdentity.type", "AWSAccount"), foreign("userIdentity.accountId", p.accounts())),
			Raise:          raiseIf("high", rule.Absent(rp("externalId"))),
			Needs:          needs("OwnAccounts", p.OwnAccounts),
			FalsePositives: "vendor access",
			Look:           "the lineage of the caller, and what the issued session did",
		},
		{
			ID: "D118", Title: "Role passed to Glue", Level: "medium", Attack: "T1098.003",
			Source: "glue", Events: "CreateDevEndpoint UpdateDevEndpoint CreateJob UpdateJob CreateSession",
			When:           rule.AnyOf(called("CreateDevEndpoint", "UpdateDevEndpoint"), notBy(p.IaC), p.sensitive(rp("role")), p.sensitive(rp("jobUpdate.role"))),
			FalsePositives: "data engineer",
			Look:           "the caller's lineage and everything else the session did",
		},
		{
			ID: "D119", Title: "Role passed to SageMaker", Level: "medium", Attack: "T1098.003",
			Source: "sagemaker", Events: "CreateNotebookInstance CreatePresignedNotebookInstanceUrl CreateNotebookInstanceLifecycleConfig UpdateNotebookInstanceLifecycleConfig CreatePresignedDomainUrl",
			Correlate:      firstSeen("principal eventName", 90),
			FalsePositives: "data scientist",
			Look:           "the caller's lineage and everything else the session did",
		},
		{
			// The lifecycle configuration is a script that runs as root when the
			// notebook starts, with the notebook's role. Its record names no
			// notebook, hence the grouping by who does it.
			ID: "D119.lifecycle", Title: "Start script of a notebook replaced", Level: "high", Attack: "T1098.003",
			Source: "sagemaker",
			Correlate: &rule.Correlation{
				Kind: rule.Ordered, GroupBy: []string{"principal"}, Within: minutes(60).duration(),
				Steps: []rule.Step{{All: []string{"D119.lifecycle.stop"}}, {All: []string{"D119.lifecycle.change"}}, {All: []string{"D119.lifecycle.start"}}},
			},
			Feeds: []rule.Rule{
				{ID: "D119.lifecycle.stop", Expr: called("StopNotebookInstance")},
				{ID: "D119.lifecycle.change", Expr: rule.AnyOf(called("UpdateNotebookInstanceLifecycleConfig"),
					rule.All(called("UpdateNotebookInstance"), rule.Has(rp("lifecycleConfigName"))))},
				{ID: "D119.lifecycle.start", Expr: called("StartNotebookInstance")},
			},
			FalsePositives: "data scientist",
			Look:           "what the script does, and what the notebook's role did since",
		},
		{
			ID: "D120", Title: "Key access granted to outsiders", Level: "high", Attack: "T1098.003",
			Source: "kms", Events: "PutKeyPolicy CreateGrant",
			When:           rule.AnyOf(called("PutKeyPolicy"), p.outside(rp("granteePrincipal"))),
			Refine:         unless(func(e *trail.Event) bool { return e.Name() == "CreateGrant" }, judge(p.external(), rp("policy"))),
			FalsePositives: "partner replication",
			Look:           "which key and what it protects; cancel the deletion or enable the key first, then ask why",
		},
		{
			ID: "D121", Title: "New administrator user built", Level: "critical", Attack: "T1136.003 T1098",
			Source: "iam", Events: "CreateUser AttachUserPolicy PutUserPolicy AddUserToGroup CreateAccessKey CreateLoginProfile",
			Correlate: &rule.Correlation{
				Kind: rule.Ordered, GroupBy: []string{"principal", rp("userName")}, Within: minutes(15).duration(),
				Steps: []rule.Step{{All: []string{"D121.user"}}, {All: []string{"D121.right", "D121.credential"}}},
			},
			Feeds: []rule.Rule{
				{ID: "D121.user", Expr: called("CreateUser")},
				{ID: "D121.right", Expr: called("AttachUserPolicy", "PutUserPolicy", "AddUserToGroup")},
				{ID: "D121.credential", Expr: called("CreateAccessKey", "CreateLoginProfile")},
			},
			FalsePositives: "account factory",
			Look:           "the user or role concerned: its keys, its policies and what it did since; the lineage of the caller",
		},
	}
}
