package guardduty

import "github.com/awsposture/posture"

// suiteFeatures are the features that have a control, in the suite's order.
var suiteFeatures = []Feature{S3DataEvents, EKSAuditLogs, LambdaNetworkLogs, RDSLoginEvents, EBSMalwareProtection, RuntimeMonitoring, EKSAgent, ECSAgent, EC2Agent, AIProtection}

// Evaluators is the default suite of a region. Evaluators(nil) is the catalogue:
// the controls can be listed, not judged.
func Evaluators(r *Region) []posture.Evaluator {
	evs := []posture.Evaluator{
		Enabled{Region: r},
	}
	for _, f := range suiteFeatures {
		evs = append(evs, Protection{Region: r, Feature: f})
	}
	return append(evs,
		PublishingFrequency{Region: r},
		Export{Region: r},
		Route{Region: r},
		TrustedLists{Region: r},
		ThreatLists{Region: r},
		Suppression{Region: r},
		RuntimeCoverage{Region: r},
		MalwarePlans{Region: r},
		UnreviewedFindings{Region: r},
		OpenSequences{Region: r},
		NotStopped{Region: r},
		// No tag key is asked for until the caller sets Keys.
		RequiredTags{Region: r, Of: TaggedDetector},
		RequiredTags{Region: r, Of: TaggedFilter},
		RequiredTags{Region: r, Of: TaggedIPSet},
	)
}

// Remediators are the remediators of a region that need no choice of the
// caller's. ExportFindings needs a bucket and a key, CloseFindings somebody who says
// that a finding is dealt with.
func Remediators(r *Region, w Writer) []posture.Remediator {
	return []posture.Remediator{
		EnableGuardDuty{Region: r, Writer: w},
		EnableProtections{Region: r, Writer: w},
		RaiseFrequency{Region: r, Writer: w},
		StopSuppressing{Region: r, Writer: w},
		DeactivateTrustedLists{Region: r, Writer: w},
	}
}

// Bindings let decoded steps of this package's settings in a region act again.
func Bindings(r *Region, w Writer) []posture.Binding {
	return []posture.Binding{
		posture.Bind[DetectorState](DetectorSwitch{Region: r, Writer: w}),
		posture.Bind[Switch](FeatureSwitch{Region: r, Writer: w}),
		posture.Bind[Frequency](FrequencySetting{Region: r, Writer: w}),
		posture.Bind[Filter](FilterSetting{Region: r, Writer: w}),
		posture.Bind[Switch](ListSwitch{Region: r, Writer: w}),
		posture.Bind[FindingState](FindingSetting{Region: r, Writer: w}),
		posture.Bind[ExportTarget](ExportSetting{Region: r, Writer: w}),
	}
}

// OrganizationEvaluators is the default suite of an organization, for the
// management account and for the delegated administrator's in each region; in any
// other account each is not applicable. What an administrator sets for its
// members, Evaluators judges in the administrator's own region: filters, lists,
// frequency, export. OrganizationEvaluators(nil) is the catalogue.
func OrganizationEvaluators(o *Organization) []posture.Evaluator {
	return []posture.Evaluator{
		DelegatedAdmin{Organization: o},
		OrganizationAutoEnable{Organization: o},
		Members{Organization: o},
		MemberFeatures{Organization: o},
	}
}

// OrganizationRemediators are the remediators of an organization.
func OrganizationRemediators(o *Organization, w Writer) []posture.Remediator {
	return []posture.Remediator{
		DelegateAdministrator{Organization: o, Writer: w},
		AutoEnableOrganization{Organization: o, Writer: w},
		EnableMemberFeatures{Organization: o, Writer: w},
	}
}

// OrganizationBindings let decoded steps of this package's settings of an
// organization act again.
func OrganizationBindings(o *Organization, w Writer) []posture.Binding {
	return []posture.Binding{
		posture.Bind[AdminAccount](DelegatedAdminSetting{Organization: o, Writer: w}),
		posture.Bind[OrganizationConfig](OrganizationSetting{Organization: o, Writer: w}),
		posture.Bind[Switch](MemberFeatureSwitch{Organization: o, Writer: w}),
	}
}
