package shield

import "github.com/awsposture/posture"

// Evaluators is the default suite. Evaluators(nil) is the catalogue: the controls
// can be listed, not judged.
func Evaluators(a *Account) []posture.Evaluator {
	return []posture.Evaluator{
		// Shield Standard, which every account has.
		EdgeFronted{a},
		Layer7Guard{a},
		AttacksSeen{a},
		// Shield Advanced. It is not asked for until the caller sets Required.
		Subscribed{Account: a},
		AutoRenew{Account: a},
		ResourceProtected{a},
		NotProtectable{a},
		Orphans{a},
		ProtectionQuota{Account: a},
		HealthChecks{a},
		HealthCheckState{a},
		ProtectedWebACL{a},
		RateRuleBlock{a},
		AutoResponse{Account: a},
		ResponseTarget{a},
		MitigationGroup{a},
		SRTAccess{a},
		SRTTrustCondition{a},
		SRTLogBuckets{a},
		EmergencyContacts{a},
		ProactiveEngagement{a},
		ProtectionGroups{a},
		DDoSAlarms{a},
		NoAttackOpen{a},
	}
}

// Remediators are the remediators that need no choice of the caller's. Of the
// others, AttachHealthChecks needs a health check, GrantResponseTeam a role, AddContacts
// people, AlarmOnAttacks what an alarm does, RenewSubscription somebody who pays,
// and MitigateFloods the web ACLs, without which it enables the automatic response only.
func Remediators(a *Account, w Writer) []posture.Remediator {
	return []posture.Remediator{
		ProtectResources{a, w},
		GroupProtections{a, w},
		MitigateFloods{Account: a, Writer: w},
		StopMisplacedResponse{a, w},
		ShareLogBuckets{a, w},
		EnableEngagement{a, w},
	}
}

// Bindings let decoded steps of this package's settings act again. acls and
// alarms may be nil where no step needs them.
func Bindings(a *Account, w Writer, acls WebACLs, alarms AlarmStore) []posture.Binding {
	return []posture.Binding{
		posture.Bind[ProtectionState](ProtectionSetting{Account: a, Writer: w}),
		posture.Bind[HealthCheckIDs](HealthCheckSetting{Account: a, Writer: w}),
		posture.Bind[Response](ResponseSetting{Account: a, Writer: w}),
		posture.Bind[RuleAction](AntiDDoSSetting{Account: a, WebACLs: acls}),
		posture.Bind[TeamRole](TeamRoleSetting{Account: a, Writer: w}),
		posture.Bind[Sharing](LogBucketSetting{Account: a, Writer: w}),
		posture.Bind[ContactList](ContactsSetting{Account: a, Writer: w}),
		posture.Bind[Engagement](EngagementSetting{Account: a, Writer: w}),
		posture.Bind[Group](GroupSetting{Account: a, Writer: w}),
		posture.Bind[AlarmState](AlarmSetting{Account: a, Alarms: alarms}),
		posture.Bind[Renewal](RenewalSetting{Account: a, Writer: w}),
	}
}
