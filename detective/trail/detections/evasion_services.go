package detections

import (
	"github.com/awsposture/posture/detective/trail"
	"github.com/awsposture/posture/detective/trail/rule"
)

// severe is true of a condition on the severity of findings that holds for one
// of 7 or more.
func severe(path string) rule.Expr {
	at := func(op string) string { return rp(path + "." + op) }
	upTo7 := func(op string) rule.Expr {
		return &rule.Atom{Path: trail.P(at(op)), Op: rule.OpLe, Num: 7, Kinds: rule.Numeric}
	}
	return rule.All(rule.Has(rp(path)), rule.AnyOf(rule.More(at("eq"), 7), rule.More(at("equals"), 7),
		rule.No(rule.AnyOf(rule.Has(at("eq")), rule.Has(at("equals")), rule.Less(at("lte"), 7), rule.Less(at("lessThanOrEqual"), 7), upTo7("lt"), upTo7("lessThan")))))
}

// evasionServices: what an attacker does who switches off what watches.
func evasionServices(p *Params) []detection {
	return []detection{
		{
			ID: "D019", Title: "GuardDuty off or feature disabled", Level: "high", Attack: "T1562.001",
			Source: "guardduty", Events: "DeleteDetector UpdateDetector UpdateMemberDetectors UpdateOrganizationConfiguration",
			When: rule.AnyOf(called("DeleteDetector"), off(rp("enable")),
				rule.Eq(rp("features.status"), "DISABLED"), rule.Eq(rp("features.additionalConfiguration.status"), "DISABLED"),
				rule.Eq(rp("features.autoEnable"), "NONE"), rule.Eq(rp("features.additionalConfiguration.autoEnable"), "NONE"),
				rule.Eq(rp("autoEnableOrganizationMembers"), "NONE"), off(rp("autoEnable"))),
			FalsePositives: "cost tuning of one protection plan",
			Look:           "findings before the change, and the other calls of the session: switching a detector off is seldom the first",
		},
		{
			ID: "D020", Title: "GuardDuty suppression rule", Level: "medium", Attack: "T1562.001",
			Source: "guardduty", Events: "CreateFilter UpdateFilter",
			When:           rule.Eq(rp("action"), "ARCHIVE"),
			Raise:          raiseIf("high", rule.AnyOf(rule.Absent(rp("findingCriteria.criterion.type")), severe("findingCriteria.criterion.severity"))),
			FalsePositives: "documented tuning",
			Look:           "findings before the change, and the other calls of the session: switching a detector off is seldom the first",
		},
		{
			ID: "D021", Title: "GuardDuty trusted or threat list changed", Level: "high", Attack: "T1562.001",
			Source: "guardduty", Events: "CreateIPSet UpdateIPSet DeleteThreatIntelSet UpdateThreatIntelSet DeleteThreatEntitySet CreateTrustedEntitySet UpdateTrustedEntitySet",
			When:           rule.AnyOf(rule.No(called("UpdateThreatIntelSet")), off(rp("activate"))),
			FalsePositives: "scanner addresses added by the security team",
			Look:           "findings before the change, and the other calls of the session: switching a detector off is seldom the first",
		},
		{
			ID: "D022", Title: "GuardDuty member detached", Level: "high", Attack: "T1562.001",
			Source: "guardduty", Events: "DisassociateFromMasterAccount DisassociateFromAdministratorAccount DisassociateMembers DeleteMembers StopMonitoringMembers DeleteInvitations DisableOrganizationAdminAccount",
			FalsePositives: "account closure",
			Look:           "findings before the change, and the other calls of the session: switching a detector off is seldom the first",
		},
		{
			ID: "D023", Title: "GuardDuty findings hidden", Level: "medium", Attack: "T1562.001",
			Source: "guardduty", Events: "DeletePublishingDestination ArchiveFindings UpdateFindingsFeedback",
			When:           rule.AnyOf(called("DeletePublishingDestination"), rule.All(nth(9, "findingIds"), rule.AnyOf(called("ArchiveFindings"), rule.Eq(rp("feedback"), "NOT_USEFUL")))),
			FalsePositives: "analyst closing a batch",
			Look:           "findings before the change, and the other calls of the session: switching a detector off is seldom the first",
		},
		{
			ID: "D024", Title: "Security Hub weakened", Level: "high", Attack: "T1562.001",
			Source: "securityhub", Events: "DisableSecurityHub BatchDisableStandards UpdateStandardsControl BatchUpdateStandardsControlAssociations DeleteMembers DisassociateMembers DisassociateFromAdministratorAccount DeleteFindingAggregator DisableImportFindingsForProduct DisableOrganizationAdminAccount",
			When: rule.AnyOf(rule.No(called("UpdateStandardsControl", "BatchUpdateStandardsControlAssociations")),
				rule.Eq(rp("ControlStatus"), "DISABLED"), rule.Eq(rp("StandardsControlAssociationUpdates.AssociationStatus"), "DISABLED"),
				rule.Eq(rp("controlStatus"), "DISABLED"), rule.Eq(rp("standardsControlAssociationUpdates.associationStatus"), "DISABLED")),
			FalsePositives: "control disabled with a recorded reason",
			Look:           "which controls or findings vanished, and the session's other calls",
		},
		{
			ID: "D025", Title: "Findings suppressed in bulk", Level: "medium", Attack: "T1562.001",
			Source: "securityhub", Events: "BatchUpdateFindings UpdateFindings CreateAutomationRule BatchUpdateAutomationRules DeleteInsight UpdateInsight",
			When: rule.AnyOf(rule.All(called("BatchUpdateFindings"), nth(9, "FindingIdentifiers"), rule.Eq(rp("Workflow.Status"), "SUPPRESSED")),
				rule.All(called("CreateAutomationRule", "BatchUpdateAutomationRules"), rule.AnyOf(rule.ContainsFold("requestParameters", `"suppressed"`),
					rule.Eq(rp("Actions.FindingFieldsUpdate.Severity.Label"), "LOW", "INFORMATIONAL"),
					rule.Eq(rp("UpdateAutomationRulesRequestItems.Actions.FindingFieldsUpdate.Severity.Label"), "LOW", "INFORMATIONAL")))),
			FalsePositives: "documented suppression",
			Look:           "which controls or findings vanished, and the session's other calls",
		},
		{
			ID: "D026", Title: "Macie weakened", Level: "medium", Attack: "T1562.001",
			Source: "macie2", Events: "DisableMacie UpdateMacieSession DeleteMember DisassociateMember DisassociateFromAdministratorAccount ArchiveFindings CreateFindingsFilter UpdateAutomatedDiscoveryConfiguration",
			When: rule.AnyOf(called("DisableMacie", "DeleteMember", "DisassociateMember", "DisassociateFromAdministratorAccount", "ArchiveFindings"),
				rule.Eq(rp("status"), "PAUSED", "DISABLED"), rule.Eq(rp("action"), "ARCHIVE")),
			FalsePositives: "cost tuning",
			Look:           "the caller's lineage and everything else the session did",
		},
		{
			ID: "D027", Title: "Access analyzer removed or muted", Level: "medium", Attack: "T1562.001",
			Source: "access-analyzer", Events: "DeleteAnalyzer CreateArchiveRule UpdateArchiveRule",
			FalsePositives: "archive rule for a known partner",
			Look:           "the caller's lineage and everything else the session did",
		},
		{
			ID: "D028", Title: "Inspector weakened", Level: "medium", Attack: "T1562.001",
			Source: "inspector2", Events: "Disable DisableDelegatedAdminAccount CreateFilter UpdateFilter DisassociateMember",
			When:           rule.AnyOf(called("Disable", "DisableDelegatedAdminAccount", "DisassociateMember"), rule.EqFold(rp("action"), "SUPPRESS")),
			FalsePositives: "suppression of an accepted vulnerability",
			Look:           "the caller's lineage and everything else the session did",
		},
		{
			ID: "D029", Title: "Detective graph removed", Level: "medium", Attack: "T1562.001",
			Source: "detective", Events: "DeleteGraph DeleteMembers DisassociateMembership",
			FalsePositives: "service retired",
			Look:           "the caller's lineage and everything else the session did",
		},
		{
			ID: "D030", Title: "VPC flow logs removed", Level: "high", Attack: "T1562.008",
			Source: "ec2", Events: "DeleteFlowLogs",
			FalsePositives: "VPC teardown",
			Look:           "the instances, volumes or networks concerned, and what they can reach",
		},
		{
			ID: "D031", Title: "Resolver query logging removed", Level: "high", Attack: "T1562.008",
			Source: "route53resolver", Events: "DeleteResolverQueryLogConfig DisassociateResolverQueryLogConfig",
			FalsePositives: "VPC teardown",
			Look:           "the caller's lineage and everything else the session did",
		},
		{
			ID: "D032", Title: "Public zone query logging removed", Level: "medium", Attack: "T1562.008",
			Source: "route53", Events: "DeleteQueryLoggingConfig",
			FalsePositives: "zone removed",
			Look:           "the caller's lineage and everything else the session did",
		},
		{
			ID: "D033", Title: "Bucket access logging removed", Level: "medium", Attack: "T1562.008",
			Source: "s3", Events: "PutBucketLogging",
			When:           rule.Absent(rp("BucketLoggingStatus.LoggingEnabled")),
			FalsePositives: "log target moved to data events",
			Look:           "the bucket and its data; who else may read it now; what the same session read or wrote since",
		},
		{
			ID: "D034", Title: "Load balancer access logs off", Level: "medium", Attack: "T1562.008",
			Source: "elasticloadbalancing", Events: "ModifyLoadBalancerAttributes",
			When: rule.AnyOf(off(rp("loadBalancerAttributes.accessLog.enabled")), rule.Each(rp("attributes"), rule.All(
				rule.Eq("key", "access_logs.s3.enabled", "connection_logs.s3.enabled"), off("value")))),
			FalsePositives: "test balancer",
			Look:           "the caller's lineage and everything else the session did",
		},
		{
			ID: "D035", Title: "CloudFront logs off", Level: "medium", Attack: "T1562.008",
			Source: "cloudfront", Events: "UpdateDistribution~",
			When:           off(rp("distributionConfig.logging.enabled")),
			FalsePositives: "move to standard logging v2",
			Look:           "the caller's lineage and everything else the session did",
		},
		{
			ID: "D036", Title: "WAF weakened", Level: "high", Attack: "T1562.007",
			Source: "wafv2 waf waf-regional", Events: "DeleteLoggingConfiguration DeleteWebACL DisassociateWebACL DeleteRuleGroup DeleteIPSet UpdateIPSet UpdateWebACL DeleteRule DeleteRateBasedRule",
			When: rule.AnyOf(rule.No(called("UpdateIPSet", "UpdateWebACL")),
				rule.All(called("UpdateIPSet"), rule.AnyOf(rule.Suffix(rp("addresses"), "/0"), rule.No(rule.Like(rp("addresses"), "?*")))),
				rule.All(called("UpdateWebACL"), rule.AnyOf(rule.Has(rp("rules.action.count")), rule.Has(rp("rules.overrideAction.count")),
					rule.Has(rp("rules.statement.managedRuleGroupStatement.ruleActionOverrides.actionToUse.count")),
					rule.All(rule.Eq("eventSource", "wafv2.amazonaws.com"), rule.No(nth(0, "rules"))),
					rule.Eq(rp("updates.action"), "DELETE"), rule.Eq(rp("updates.activatedRule.action.type"), "COUNT"), rule.Eq(rp("updates.activatedRule.overrideAction.type"), "COUNT")))),
			FalsePositives: "rule tuning with a change record",
			Look:           "the caller's lineage and everything else the session did",
		},
		{
			ID: "D037", Title: "Account leaves the organization", Level: "critical", Attack: "T1666",
			Outcome: whatever, Source: "organizations", Events: "LeaveOrganization RemoveAccountFromOrganization",
			FalsePositives: "account sold or merged",
			Look:           "the account's policies before and after; who in the management account did it",
		},
		{
			ID: "D038", Title: "Organization policy weakened", Level: "high", Attack: "T1666 T1562.001",
			Source: "organizations", Events: "DetachPolicy DeletePolicy UpdatePolicy DisablePolicyType MoveAccount DisableAWSServiceAccess DeregisterDelegatedAdministrator",
			Raise:          raiseIf("critical", rule.All(called("DisableAWSServiceAccess"), rule.Contains(rp("servicePrincipal"), "guardduty", "securityhub", "cloudtrail", "config", "access-analyzer", "macie", "inspector", "detective", "fms"))),
			FalsePositives: "organization restructuring",
			Look:           "the account's policies before and after; who in the management account did it",
		},
		{
			ID: "D039", Title: "EKS logging off or endpoint public", Level: "high", Attack: "T1562.008",
			Source: "eks", Events: "UpdateClusterConfig",
			When: rule.AnyOf(
				rule.Each(rp("logging.clusterLogging"), rule.All(off("enabled"), rule.Eq("types", "api", "audit", "authenticator"))),
				rule.All(on(rp("resourcesVpcConfig.endpointPublicAccess")), rule.Suffix(rp("resourcesVpcConfig.publicAccessCidrs"), "/0"))),
			FalsePositives: "cluster debugging",
			Look:           "the caller's lineage and everything else the session did",
		},
		{
			ID: "D040", Title: "Bedrock invocation logging off", Level: "high", Attack: "T1562.008",
			Source: "bedrock", Events: "DeleteModelInvocationLoggingConfiguration PutModelInvocationLoggingConfiguration",
			When: rule.AnyOf(called("DeleteModelInvocationLoggingConfiguration"), rule.No(on(
				rp("loggingConfig.textDataDeliveryEnabled"), rp("loggingConfig.imageDataDeliveryEnabled"), rp("loggingConfig.embeddingDataDeliveryEnabled"),
				rp("loggingConfig.videoDataDeliveryEnabled"), rp("loggingConfig.audioDataDeliveryEnabled"))),
				foreign(rp("loggingConfig.s3Config.bucketName"), p.LogBuckets), foreign(rp("loggingConfig.cloudWatchConfig.logGroupName"), p.LoggingGroups),
				foreign(rp("loggingConfig.cloudWatchConfig.largeDataDeliveryS3Config.bucketName"), p.LogBuckets)),
			FalsePositives: "destination moved",
			Look:           "the principal's other calls, the regions, and the bill",
		},
		{
			ID: "D041", Title: "Bedrock guardrail weakened", Level: "medium", Attack: "T1562.001",
			Source: "bedrock", Events: "DeleteGuardrail UpdateGuardrail",
			When:           rule.AnyOf(called("DeleteGuardrail"), rule.Eq(rp("contentPolicyConfig.filtersConfig.inputStrength"), "NONE"), rule.Eq(rp("contentPolicyConfig.filtersConfig.outputStrength"), "NONE")),
			FalsePositives: "guardrail tuning",
			Look:           "the principal's other calls, the regions, and the bill",
		},
		{
			ID: "D042", Title: "Database activity stream stopped", Level: "high", Attack: "T1562.008",
			Source: "rds", Events: "StopActivityStream",
			FalsePositives: "cluster migration",
			Look:           "the database and its snapshots: who can read them now",
		},
		{
			ID: "D043", Title: "Region switched on or off", Level: "high", Attack: "T1535",
			Source: "account", Events: "EnableRegion DisableRegion",
			When:           anyOrForeign(rp("RegionName"), p.AllowedRegions),
			FalsePositives: "planned expansion",
			Look:           "the caller's lineage and everything else the session did",
		},
		{
			ID: "D044", Title: "Request content hidden by size", Level: "high", Attack: "T1562.008",
			Outcome: whatever, Source: "", Events: "",
			When: rule.All(rule.Eq("eventSource", "iam.amazonaws.com", "s3.amazonaws.com", "kms.amazonaws.com", "organizations.amazonaws.com", "lambda.amazonaws.com"),
				rule.No(on("readOnly")), rule.AnyOf(on(rp("omitted")), rule.Prefix(rp("reason"), "requestParameters"))),
			FalsePositives: "very large generated policies",
			Look:           "the caller's lineage and everything else the session did",
		},
		{
			ID: "D045", Title: "Serial console access enabled", Level: "medium", Attack: "T1021.008",
			Source: "ec2", Events: "EnableSerialConsoleAccess",
			FalsePositives: "break-glass repair",
			Look:           "the instances, volumes or networks concerned, and what they can reach",
		},
		{
			ID: "D046", Title: "Session Manager preferences changed", Level: "medium", Attack: "T1562.008",
			Source: "ssm", Events: "UpdateServiceSetting UpdateDocument CreateDocument DeleteDocument UpdateDocumentDefaultVersion",
			When:           rule.AnyOf(rule.Contains(rp("name"), "SSM-SessionManagerRunShell"), rule.Contains(rp("settingId"), "/ssm/documents", "/ssm/managed-instance")),
			FalsePositives: "preferences managed by IaC",
			Look:           "the document and the instances it ran on; what the session typed",
		},
	}
}
