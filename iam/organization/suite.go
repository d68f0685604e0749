package organization

import "github.com/awsposture/posture"

// Evaluators is the default suite: every control of the package.
// ManagementAccountEmpty is Unknown until the view has the fact that it needs.
// Whether the root credentials of member accounts are managed centrally is
// judged by package iam, which reads it. Evaluators(nil) is the catalogue: the
// controls can be listed, not judged.
func Evaluators(o *Organization) []posture.Evaluator {
	return []posture.Evaluator{
		AllFeatures{o},
		PolicyTypeInForce{Organization: o, Type: SCP},
		PolicyTypeInForce{Organization: o, Type: RCP},
		Guardrails{o},
		LeaveDenied{o},
		AccountInUnit{o},
		AccountActive{o},
		ManagementAccountEmpty{Organization: o},
		PolicyDelegation{Organization: o},
		ServiceDelegation{Organization: o},
		DelegatedAdministratorSound{o},
	}
}

// Remediators are the remediators that need no choice of the caller's.
// AttachGuardrail needs one: which policy.
func Remediators(o *Organization, w Writer) []posture.Remediator {
	return []posture.Remediator{EnablePolicyType{o, w}}
}

// Bindings let decoded steps of this package's settings act again.
func Bindings(o *Organization, w Writer) []posture.Binding {
	return []posture.Binding{
		posture.Bind[TypeStatus](PolicyTypeStatus{Organization: o, Writer: w}),
		posture.Bind[Attachment](PolicyAttachment{Organization: o, Writer: w}),
	}
}
