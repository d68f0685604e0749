package shield

import "github.com/awsposture/posture"

// Evaluators is the default suite: Standard first, then what lives inside of the
// subscription. Evaluators(nil) is the catalogue: the controls can be listed, not
// judged.
func Evaluators(a *Account) []posture.Evaluator {
	return []posture.Evaluator{
		EdgeFronted{Account: a},
		Layer7Guard{Account: a},
		AttacksSeen{Account: a},
		// Not required until the caller says so: it is paid for by the year.
		Subscribed{Account: a},
		AutoRenews{Account: a},
		ResourceProtected{Account: a},
		NotProtectable{Account: a},
		ProtectionOrphan{Account: a},
		ProtectionQuota{Account: a},
		HealthChecked{Account: a},
		HealthCheckState{Account: a},
		HasWebACL{Account: a},
		RateRuleBlocks{Account: a},
		Layer7Mitigated{Account: a},
		ResponseTarget{Account: a},
		MitigationGroup{Account: a},
		ResponseTeamAccess{Account: a},
		ResponseTeamTrust{Account: a},
		ResponseTeamLogs{Account: a},
		EmergencyContacts{Account: a},
		ProactiveEngagement{Account: a},
		ProtectionGroups{Account: a},
		DDoSAlarm{Account: a},
		AttackOpen{Account: a},
	}
}

// Remediators are the remediators that need no choice of the caller's.
// AssociateChecks, NameContacts and GiveTeamRole need one, RaiseAlarms a way to
// make alarms, MitigateLayer7.AntiDDoS one to change web ACLs.
func Remediators(a *Account, w Writer) []posture.Remediator {
	return []posture.Remediator{
		ProtectResources{Account: a, Writer: w},
		RenewSubscription{Account: a, Writer: w},
		MitigateLayer7{Account: a, Writer: w},
		ShareLogs{Account: a, Writer: w},
		EngageTeam{Account: a, Writer: w},
		GroupApplications{Account: a, Writer: w},
	}
}

// Bindings let decoded steps of this package's settings act again.
func Bindings(a *Account, w Writer) []posture.Binding {
	return []posture.Binding{
		posture.Bind[ProtectionState](ProtectionSetting{Account: a, Writer: w}),
		posture.Bind[Checks](ChecksSetting{Account: a, Writer: w}),
		posture.Bind[ContactList](ContactSetting{Account: a, Writer: w}),
		posture.Bind[TeamRole](TeamRoleSetting{Account: a, Writer: w}),
		posture.Bind[SharedBucket](LogBucketSetting{Account: a, Writer: w}),
		posture.Bind[Engagement](EngagementSetting{Account: a, Writer: w}),
		posture.Bind[Renewal](RenewalSetting{Account: a, Writer: w}),
		posture.Bind[GroupState](GroupSetting{Account: a, Writer: w}),
		posture.Bind[AutoResponse](ResponseSetting{Account: a, Writer: w}),
	}
}
