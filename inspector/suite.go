package inspector

import "github.com/awsposture/posture"

// Evaluators is the default suite of a region. Evaluators(nil) is the catalogue:
// the controls can be listed, not judged. Code repositories are not asked for,
// since many scan them with something else: set Enabled.Optional to false to ask.
func Evaluators(r *Region) []posture.Evaluator {
	return []posture.Evaluator{
		Enabled{Region: r, Type: EC2},
		Enabled{Region: r, Type: ECR},
		Enabled{Region: r, Type: Lambda},
		Enabled{Region: r, Type: LambdaCode},
		Enabled{Region: r, Type: CodeRepository, Optional: true},
		EC2ScanMode{Region: r},
		ECRRescan{Region: r},
		DeepInspected{Region: r},
		Covered{Region: r},
		Suppression{Region: r},
		CISScanned{Region: r},
		KnownExploited{Region: r},
		ExploitReachable{Region: r},
		Objective{Region: r},
		ReachablePort{Region: r},
	}
}

// Remediators are the remediators of a region that need no choice of the
// caller's. ScheduleCIS needs to know which instances.
func Remediators(r *Region, w Writer) []posture.Remediator {
	return []posture.Remediator{
		EnableScanning{Region: r, Writer: w},
		WidenScanning{Region: r, Writer: w},
		ActivateDeepInspection{Region: r, Writer: w},
		StopSuppressing{Region: r, Writer: w},
	}
}

// Bindings let decoded steps of this package's settings in a region act again.
func Bindings(r *Region, w Writer) []posture.Binding {
	return []posture.Binding{
		posture.Bind[ScanState](ScanSwitch{Region: r, Writer: w}),
		posture.Bind[Configuration](ConfigurationSetting{Region: r, Writer: w}),
		posture.Bind[DeepInspection](DeepInspectionSetting{Region: r, Writer: w}),
		posture.Bind[Filter](FilterSetting{Region: r, Writer: w}),
		posture.Bind[CISSchedule](CISSetting{Region: r, Writer: w}),
	}
}

// OrganizationEvaluators is the default suite of an organization, for the
// management account and for the delegated administrator's in each region; in any
// other account each is not applicable. OrganizationEvaluators(nil) is the catalogue.
func OrganizationEvaluators(o *Organization) []posture.Evaluator {
	return []posture.Evaluator{
		DelegatedAdmin{Organization: o},
		OrganizationAutoEnable{Organization: o},
		Members{Organization: o},
		MemberCoverage{Organization: o},
	}
}

// OrganizationRemediators are the remediators of an organization.
func OrganizationRemediators(o *Organization, w Writer) []posture.Remediator {
	return []posture.Remediator{
		DelegateAdministrator{Organization: o, Writer: w},
		AutoEnableOrganization{Organization: o, Writer: w},
		EnrolMembers{Organization: o, Writer: w},
	}
}

// OrganizationBindings let decoded steps of this package's settings of an
// organization act again.
func OrganizationBindings(o *Organization, w Writer) []posture.Binding {
	var r *Region
	if o != nil {
		r = o.region
	}
	return []posture.Binding{
		posture.Bind[AdminAccount](DelegatedAdminSetting{Organization: o, Writer: w}),
		posture.Bind[AutoEnable](AutoEnableSetting{Organization: o, Writer: w}),
		posture.Bind[string](MemberSetting{Organization: o, Writer: w}),
		posture.Bind[ScanState](ScanSwitch{Region: r, Writer: w}), // of a member
	}
}
