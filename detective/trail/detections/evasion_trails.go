package detections

import (
	"maps"
	"slices"

	"github.com/awsposture/posture/detective/trail"
	"github.com/awsposture/posture/detective/trail/rule"
)

// partial is true of advanced selectors none of which takes all management
// events: one that asks for more than their category takes some.
var partial = rule.All(rule.Has(rp("advancedEventSelectors")), rule.No(rule.Each(rp("advancedEventSelectors"), rule.All(
	rule.Eq("fieldSelectors.equals", "Management"), rule.No(foreign("fieldSelectors.field", []string{"eventCategory"}))))))

// deafAlarm is true of an alarm that one event of its filter does not raise, or
// that tells nobody.
func (p *Params) deafAlarm() rule.Expr {
	told := rule.Like(rp("alarmActions"), "?*")
	if len(p.SecurityTopics) > 0 {
		told = listed(rp("alarmActions"), p.SecurityTopics)
	}
	raised := rule.AnyOf(rule.All(rule.Eq(rp("comparisonOperator"), "GreaterThanOrEqualToThreshold"), rule.No(above1(rp("threshold")))),
		rule.All(rule.Eq(rp("comparisonOperator"), "GreaterThanThreshold"), rule.Less(rp("threshold"), 1)))
	return rule.AnyOf(off(rp("actionsEnabled")), rule.No(told),
		foreign(rp("statistic"), []string{"Sum", "SampleCount", "Maximum"}), rule.Has(rp("extendedStatistic")),
		rule.All(rule.Has(rp("comparisonOperator")), rule.No(raised)), rule.More(rp("period"), 301),
		rule.More(rp("datapointsToAlarm"), 2), rule.All(rule.Absent(rp("datapointsToAlarm")), rule.More(rp("evaluationPeriods"), 2)))
}

func above1(path string) rule.Expr {
	return &rule.Atom{Path: trail.P(path), Op: rule.OpGt, Num: 1, Kinds: rule.Numeric}
}

// group is true of the ARN of one of the log groups, otherGroup of what is not:
// without a list only of an empty one.
func group(path string, names []string) rule.Expr {
	if len(names) == 0 {
		return rule.Const(false)
	}
	return rule.Like(path, groupARNs(names)...)
}

func otherGroup(path string, names []string) rule.Expr {
	if len(names) == 0 {
		return rule.Eq(path, "")
	}
	return &rule.Atom{Path: trail.P(path), Op: rule.OpGlob, Texts: groupARNs(names), Neg: true, Kinds: rule.Scalars}
}

func groupARNs(names []string) []string {
	var out []string
	for _, n := range names {
		out = append(out, "*:log-group:"+n, "*:log-group:"+n+":*")
	}
	return out
}

// evasionTrails: what an attacker does who switches off what records.
func evasionTrails(p *Params) []detection {
	return []detection{
		{
			ID: "D001", Title: "Trail logging stopped", Level: "high", Attack: "T1562.008",
			Source: "cloudtrail", Events: "StopLogging",
			FalsePositives: "trail being replaced by a declared change",
			Look:           "which trail, and whether another one still records; everything the same session did in the hour around",
		},
		{
			ID: "D002", Title: "Trail deleted", Level: "high", Attack: "T1562.008",
			Source: "cloudtrail", Events: "DeleteTrail",
			FalsePositives: "trail being replaced by a declared change",
			Look:           "which trail, and whether another one still records; everything the same session did in the hour around",
		},
		{
			ID: "D003", Title: "Trail weakened", Level: "high", Attack: "T1562.008",
			Source: "cloudtrail", Events: "UpdateTrail",
			When: rule.AnyOf(
				off(rp("isMultiRegionTrail"), rp("includeGlobalServiceEvents"), rp("enableLogFileValidation"), rp("isOrganizationTrail")),
				changed(rp("s3BucketName"), p.TrailBuckets), changed(rp("kmsKeyId"), p.TrailKeys), rule.Eq(rp("s3KeyPrefix"), ""),
				otherGroup(rp("cloudWatchLogsLogGroupArn"), p.LoggingGroups)),
			FalsePositives: "planned move to a central bucket; an UpdateTrail that only adds protection must stay silent",
			Look:           "which trail, and whether another one still records; everything the same session did in the hour around",
		},
		{
			ID: "D004", Title: "Trail selectors narrowed", Level: "high", Attack: "T1562.008",
			Source: "cloudtrail", Events: "PutEventSelectors",
			When: rule.AnyOf(
				rule.Eq(rp("eventSelectors.readWriteType"), "ReadOnly", "WriteOnly"),
				off(rp("eventSelectors.includeManagementEvents")),
				rule.Like(rp("eventSelectors.excludeManagementEventSources"), "?*"),
				partial),
			FalsePositives: "cost tuning of data events",
			Look:           "which trail, and whether another one still records; everything the same session did in the hour around",
		},
		{
			ID: "D005", Title: "Insights switched off", Level: "medium", Attack: "T1562.008",
			Source: "cloudtrail", Events: "PutInsightSelectors",
			When: rule.AnyOf(
				rule.No(rule.Eq(rp("insightSelectors.insightType"), "ApiCallRateInsight")),
				rule.No(rule.Eq(rp("insightSelectors.insightType"), "ApiErrorRateInsight"))),
			FalsePositives: "cost tuning",
			Look:           "which trail, and whether another one still records; everything the same session did in the hour around",
		},
		{
			ID: "D006", Title: "CloudTrail Lake store weakened", Level: "high", Attack: "T1562.008",
			Source: "cloudtrail", Events: "DeleteEventDataStore StopEventDataStoreIngestion UpdateEventDataStore",
			When:           rule.AnyOf(called("DeleteEventDataStore", "StopEventDataStoreIngestion"), off(rp("terminationProtectionEnabled")), rule.Less(rp("retentionPeriod"), p.minRetention()), partial),
			FalsePositives: "store being retired after the service was closed to new customers; a store of data events alone",
			Look:           "which trail, and whether another one still records; everything the same session did in the hour around",
		},
		{
			ID: "D007", Title: "Short expiry on a trail bucket", Level: "high", Attack: "T1562.008 T1485",
			Source: "s3", Events: "PutBucketLifecycle PutBucketLifecycleConfiguration",
			When: rule.All(listed(rp("bucketName"), p.TrailBuckets), rule.Each(rp("LifecycleConfiguration.Rule"), rule.All(
				rule.Eq("Status", "Enabled"),
				rule.AnyOf(rule.Less("Expiration.Days", p.minRetention()), rule.Has("Expiration.Date"), rule.Less("NoncurrentVersionExpiration.NoncurrentDays", p.minRetention()))))),
			Needs:          needs("TrailBuckets", p.TrailBuckets),
			FalsePositives: "retention policy change below the parameter",
			Look:           "the bucket and its data; who else may read it now; what the same session read or wrote since",
		},
		{
			ID: "D008", Title: "Trail bucket policy or objects changed", Level: "high", Attack: "T1562.008 T1485",
			Outcome: whatever, Source: "s3", Events: "PutBucketPolicy DeleteBucketPolicy DeleteBucket DeleteObject DeleteObjects PutObject",
			When: rule.All(listed(rp("bucketName"), p.LogBuckets), notBy(p.Archivers), rule.No(rule.All(
				called("PutObject"), rule.Like("userIdentity.invokedBy", "*.amazonaws.com")))),
			Needs:          needs("LogBuckets", p.LogBuckets),
			FalsePositives: "lifecycle expiry by the s3 service itself; log archiving job in ${archive_principals}",
			Look:           "the bucket and its data; who else may read it now; what the same session read or wrote since",
		},
		{
			ID: "D009", Title: "Key of a trail disabled", Level: "high", Attack: "T1562.008 T1486",
			Source: "kms", Events: "DisableKey ScheduleKeyDeletion PutKeyPolicy RevokeGrant",
			When:           key(p.TrailKeys),
			Refine:         unless(func(e *trail.Event) bool { return e.Name() != "PutKeyPolicy" }, judge(barred("kms:generatedatakey", "cloudtrail.amazonaws.com"), rp("policy"))),
			Needs:          needs("TrailKeys", p.TrailKeys),
			FalsePositives: "planned key change",
			Look:           "which key and what it protects; cancel the deletion or enable the key first, then ask why",
		},
		{
			ID: "D011", Title: "Log group or stream deleted", Level: "high", Attack: "T1562.008",
			Source: "logs", Events: "DeleteLogGroup DeleteLogStream",
			When: rule.All(
				rule.AnyOf(listed(rp("logGroupName"), p.LoggingGroups), rule.ContainsFold(rp("logGroupName"), "cloudtrail", "flow", "route53", "waf", "audit")),
				rule.No(rule.Contains("userIdentity.sessionContext.sessionIssuer.arn", ":role/aws-service-role/"))),
			FalsePositives: "ephemeral test groups",
			Look:           "the log group and what feeds it; whether the alarm that rests on it still has data",
		},
		{
			ID: "D012", Title: "Log retention lowered", Level: "medium", Attack: "T1562.008",
			Source: "logs", Events: "PutRetentionPolicy",
			When:           rule.Less(rp("retentionInDays"), p.minRetention()),
			FalsePositives: "cost tuning of application groups",
			Look:           "the log group and what feeds it; whether the alarm that rests on it still has data",
		},
		{
			ID: "D013", Title: "Metric or subscription filter removed", Level: "high", Attack: "T1562.008",
			Source: "logs", Events: "DeleteMetricFilter DeleteSubscriptionFilter DisassociateKmsKey DeleteDestination DeleteResourcePolicy",
			When: rule.AnyOf(anyOrListed(rp("logGroupName"), p.LoggingGroups), group(rp("resourceIdentifier"), p.LoggingGroups),
				called("DeleteDestination", "DeleteResourcePolicy")), // of no group
			FalsePositives: "filter being replaced (a PutMetricFilter on the same group within 5 min by the same actor)",
			Look:           "the log group and what feeds it; whether the alarm that rests on it still has data",
		},
		{
			ID: "D047", Title: "Metric filter no longer covers its theme", Level: "high", Attack: "T1562.008",
			Source: "logs", Events: "PutMetricFilter",
			When:           rule.Eq(rp("filterName"), slices.Sorted(maps.Keys(p.WatchedFilters))...),
			Refine:         uncovered(p.WatchedFilters),
			Needs:          needs("WatchedFilters", slices.Sorted(maps.Keys(p.WatchedFilters))),
			FalsePositives: "a documented exclusion: put it into the pattern that is watched",
			Look:           "what the new pattern leaves out, and the alarm that rests on it",
		},
		{
			ID: "D014", Title: "Security alarm muted", Level: "high", Attack: "T1562.008",
			Source: "monitoring", Events: "DeleteAlarms DisableAlarmActions SetAlarmState PutMetricAlarm",
			When: rule.All(rule.AnyOf(listed(rp("alarmNames"), p.SecurityAlarms), listed(rp("alarmName"), p.SecurityAlarms)),
				rule.AnyOf(rule.No(called("PutMetricAlarm")), p.deafAlarm())),
			Needs:          needs("SecurityAlarms", p.SecurityAlarms),
			FalsePositives: "alarm test with SetAlarmState",
			Look:           "which alarm, what it watched, and what happened while it was mute",
		},
		{
			ID: "D015", Title: "Alerting rule disabled or redirected", Level: "high", Attack: "T1562.008",
			Source: "events", Events: "DeleteRule DisableRule RemoveTargets PutTargets PutRule",
			When: rule.All(rule.AnyOf(listed(rp("name"), p.SecurityRules), listed(rp("rule"), p.SecurityRules)),
				rule.AnyOf(called("DeleteRule", "DisableRule", "RemoveTargets"), rule.Eq(rp("state"), "DISABLED"), foreign(rp("targets.arn"), p.KnownTargets))),
			Needs:          needs("SecurityRules", p.SecurityRules),
			FalsePositives: "rule roll-out by IaC",
			Look:           "the rule's pattern and targets before and after; what should have been alerted meanwhile",
		},
		{
			ID: "D015.pattern", Title: "Alerting rule no longer covers its theme", Level: "high", Attack: "T1562.008",
			Source: "events", Events: "PutRule",
			When:           rule.Eq(rp("name"), slices.Sorted(maps.Keys(p.WatchedPatterns))...),
			Refine:         unmatched(p.WatchedPatterns),
			Needs:          needs("WatchedPatterns", slices.Sorted(maps.Keys(p.WatchedPatterns))),
			FalsePositives: "a documented exclusion: put it into the pattern that is watched",
			Look:           "what the new pattern leaves out, and what should have been alerted meanwhile",
		},
		{
			ID: "D016", Title: "Notification channel cut", Level: "high", Attack: "T1562.008",
			Source: "sns", Events: "DeleteTopic Unsubscribe SetTopicAttributes SetSubscriptionAttributes RemovePermission",
			When: rule.All(rule.AnyOf(listed(rp("topicArn"), p.SecurityTopics), rule.Prefix(rp("subscriptionArn"), colon(p.SecurityTopics)...)), rule.AnyOf(
				called("DeleteTopic", "Unsubscribe", "RemovePermission"),
				rule.All(rule.Eq(rp("attributeName"), "KmsMasterKeyId"), rule.Eq(rp("attributeValue"), "alias/aws/sns")),
				rule.Eq(rp("attributeName"), "Policy"),
				rule.All(called("SetSubscriptionAttributes"), rule.Eq(rp("attributeName"), "FilterPolicy")))),
			Refine:         unless(func(e *trail.Event) bool { return !e.Request().Member("attributeName").Is("Policy") }, judge(barred("sns:publish", "cloudwatch.amazonaws.com", "events.amazonaws.com"), rp("attributeValue"))),
			Needs:          needs("SecurityTopics", p.SecurityTopics),
			FalsePositives: "subscriber leaving the on-call list",
			Look:           "who receives the topic's messages now, and who no longer does",
		},
		{
			ID: "D017", Title: "AWS Config stopped", Level: "high", Attack: "T1562.001 T1562.008",
			Source: "config", Events: "StopConfigurationRecorder DeleteConfigurationRecorder DeleteDeliveryChannel",
			FalsePositives: "region retired by declared change",
			Look:           "the gap in the configuration history, and the changes made in it",
		},
		{
			ID: "D018", Title: "AWS Config weakened", Level: "medium", Attack: "T1562.001",
			Source: "config", Events: "PutConfigurationRecorder DeleteConfigRule DeleteOrganizationConfigRule DeleteConformancePack DeleteOrganizationConformancePack DeleteRetentionConfiguration DeleteAggregationAuthorization DeleteConfigurationAggregator DeleteRemediationConfiguration",
			When: rule.AnyOf(rule.No(called("PutConfigurationRecorder")),
				off(rp("configurationRecorder.recordingGroup.allSupported")),
				rule.Like(rp("configurationRecorder.recordingGroup.exclusionByResourceTypes.resourceTypes"), "?*"),
				rule.Eq(rp("configurationRecorder.recordingMode.recordingFrequency"), "DAILY"),
				rule.Eq(rp("configurationRecorder.recordingMode.recordingModeOverrides.recordingFrequency"), "DAILY")),
			FalsePositives: "rule replaced by a newer version",
			Look:           "the gap in the configuration history, and the changes made in it",
		},
	}
}
