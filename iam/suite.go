package iam

import "github.com/awsposture/posture"

// Evaluators is the default suite: every control of the package. Those with a
// parameter that only the caller knows (UserTags, RoleTags, AnalyzerTags,
// RoleBoundary) do not apply until it is set, by editing the slice; those that
// need a fact of another service are Unknown until the view has it.
// UserCentralIdentity fails for every console user until it knows those for emergencies.
// Evaluators(nil) is the catalogue: the controls can be listed, not judged.
func Evaluators(a *Account) []posture.Evaluator {
	suite := []posture.Evaluator{
		RootMFA{a},
		RootHardwareMFA{a},
		RootAccessKey{a},
		RootRecentUse{Account: a},
		RootCentral{a},
		UserConsoleMFA{a},
		UserMFA{a},
		UnusedCredentials{Account: a},
		DormantCredentials{Account: a},
		AccessKeyAge{Account: a},
		SingleActiveKey{a},
		KeyAtCreation{a},
		UserCentralIdentity{Account: a},
		ServiceCredentialAge{Account: a},
		UserDirectPolicies{a},
		UserInGroup{a},
		GroupInUse{a},
		UserTags{Account: a},
		RoleUnused{Account: a},
		RoleWildcardTrust{a},
		RoleExternalTrust{Account: a},
		RoleServiceTrust{Account: a},
		RoleOIDCTrust{Account: a},
		RoleSAMLTrust{a},
		RoleBoundary{Account: a},
		RoleTags{Account: a},
		SAMLProviderValid{Account: a},
		OIDCAudiences{Account: a},
		PolicyFullAdmin{a},
		PolicyServiceWildcard{a},
		PolicySensitiveActions{Account: a},
		PolicyUnused{a},
		SupportRole{a},
		CloudShellFullAccess{a},
		ServerCertificateValid{a},
		ExternalAnalyzer{a},
		AnalyzerTags{Account: a},
		SecurityContact{a},
		OrganizationMember{a},
	}
	for _, rule := range passwordRules() {
		suite = append(suite, PasswordRule{Account: a, Rule: rule})
	}
	return suite
}

// Remediators are the remediators that need no choice of the caller's. RequireMFA and
// MoveToGroup need one: what stops, and who gets what.
func Remediators(a *Account, w Writer) []posture.Remediator {
	return []posture.Remediator{
		DeactivateKeys{Account: a, Writer: w},
		RemoveIdlePassword{a, w},
		RaisePasswordPolicy{Account: a, Writer: w},
		DetachPolicy{a, w},
		DeleteUnusedInlinePolicy{a, w},
		BindTrust{a, w},
		DeleteExpiredCertificate{Account: a, Writer: w},
		RemoveAudience{a, w},
	}
}

// Bindings let decoded steps of this package's settings act again.
func Bindings(a *Account, w Writer) []posture.Binding {
	return []posture.Binding{
		posture.Bind[KeyStatus](AccessKeyStatus{Account: a, Writer: w}),
		posture.Bind[ConsolePassword](UserConsolePassword{Account: a, Writer: w}),
		posture.Bind[PasswordPolicy](AccountPasswordPolicy{Account: a, Writer: w}),
		posture.Bind[Attachment](PolicyAttachment{Account: a, Writer: w}),
		posture.Bind[InlineDocument](PrincipalInlinePolicy{Account: a, Writer: w}),
		posture.Bind[TrustDocument](RoleTrustPolicy{Account: a, Writer: w}),
		posture.Bind[CertificatePresence](KeptCertificate{Account: a, Writer: w}),
		posture.Bind[AudienceState](ProviderAudience{Account: a, Writer: w}),
	}
}
