package iam

import "github.com/awsposture/posture"

// Evaluators is the default suite. Evaluators(nil) is the catalogue: the
// controls can be listed, not judged.
func Evaluators(a *Account) []posture.Evaluator {
	return []posture.Evaluator{
		RootMFA{Account: a},
		RootHardwareMFA{Account: a},
		RootAccessKey{Account: a},
		RootRecentUse{Account: a},
		AccessKeyAge{Account: a},
	}
}

// Remediators are the remediators that need no choice of the caller's.
func Remediators(a *Account, w Writer) []posture.Remediator {
	return []posture.Remediator{
		DeactivateKeys{Account: a, Writer: w},
	}
}

// Bindings let decoded steps of this package's settings act again.
func Bindings(a *Account, w Writer) []posture.Binding {
	return []posture.Binding{
		posture.Bind[KeyStatus](AccessKeyStatus{Account: a, Writer: w}),
	}
}
