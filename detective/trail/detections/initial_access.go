package detections

import (
	"slices"

	"github.com/awsposture/posture/detective/trail"
	"github.com/awsposture/posture/detective/trail/rule"
)

// strangePod is true of a service account of a cluster that calls from outside
// the approved networks, strangePipeline of a pipeline's subject that is not
// known. Without a list neither is.
func (p *Params) strangePod() rule.Expr {
	if len(p.ApprovedNetworks) == 0 {
		return rule.Const(false)
	}
	return rule.All(rule.Prefix("userIdentity.userName", "system:serviceaccount:"),
		rule.InNetwork("sourceIPAddress", "0.0.0.0/0", "::/0"), rule.No(within(p.ApprovedNetworks)))
}

func (p *Params) strangePipeline() rule.Expr {
	if len(p.KnownSubjects) == 0 {
		return rule.Const(false)
	}
	return rule.All(rule.Prefix("userIdentity.userName", "repo:", "project_path:", "organization:"),
		rule.No(rule.Like("userIdentity.userName", p.KnownSubjects...)))
}

// initialAccess: what an attacker does who gets in.
func initialAccess(p *Params) []detection {
	places, twoPlaces := twoOf("D056", p.Places, false, []string{"userIdentity.arn"}, 60)
	return []detection{
		{
			ID: "D050", Title: "Root console sign-in", Level: "high", Attack: "T1078.004",
			Source: "signin", Events: "ConsoleLogin",
			When:           rule.Eq("userIdentity.type", "Root"),
			FalsePositives: "documented root task",
			Look:           "address, user agent and MFA of the sign-in; the other sign-ins of the user and of the address",
		},
		{
			ID: "D051", Title: "Root sign-in guessed", Level: "high", Attack: "T1110.001",
			Outcome: failure, Source: "signin", Events: "ConsoleLogin",
			When:           rule.Eq("userIdentity.type", "Root"),
			Correlate:      counted("recipientAccountId", 15, 3),
			FalsePositives: "owner mistyping",
			Look:           "address, user agent and MFA of the sign-in; the other sign-ins of the user and of the address",
		},
		{
			ID: "D052", Title: "IAM user sign-in without MFA", Level: "medium", Attack: "T1078.004",
			Source: "signin", Events: "ConsoleLogin",
			When:           rule.All(rule.Eq("userIdentity.type", "IAMUser"), rule.No(rule.EqFold("additionalEventData.MFAUsed", "Yes"))),
			FalsePositives: "user without MFA before enrolment",
			Look:           "address, user agent and MFA of the sign-in; the other sign-ins of the user and of the address",
		},
		{
			ID: "D053", Title: "Password spray", Level: "high", Attack: "T1110.003",
			Outcome: failure, Source: "signin", Events: "ConsoleLogin",
			Correlate:      distinct("userIdentity.userName", "sourceIPAddress", 10, 5),
			FalsePositives: "shared office address after a password policy change",
			Look:           "address, user agent and MFA of the sign-in; the other sign-ins of the user and of the address",
		},
		{
			// The name is hidden when there is no such user: each such failure is
			// another try.
			ID: "D053.hidden", Title: "Password spray over unknown users", Level: "high", Attack: "T1110.003",
			Outcome: failure, Source: "signin", Events: "ConsoleLogin",
			When:           rule.Eq("userIdentity.userName", trail.HiddenUser),
			Correlate:      counted("sourceIPAddress", 10, 5),
			FalsePositives: "somebody who mistypes a user name again and again",
			Look:           "address, user agent and MFA of the sign-in; the other sign-ins of the user and of the address",
		},
		{
			ID: "D054", Title: "Brute force that succeeded", Level: "high", Attack: "T1110",
			Outcome: whatever, Source: "signin", Events: "ConsoleLogin",
			Correlate: &rule.Correlation{
				Kind: rule.Ordered, GroupBy: []string{"recipientAccountId", "userIdentity.userName"}, Within: minutes(30).duration(),
				Steps: []rule.Step{{All: []string{"D054.failed"}, Min: 5}, {All: []string{"D054.succeeded"}}},
			},
			Feeds: []rule.Rule{
				{ID: "D054.failed", Expr: rule.Has("errorMessage")},
				{ID: "D054.succeeded", Expr: rule.Absent("errorMessage")},
			},
			FalsePositives: "user recalling a password",
			Look:           "address, user agent and MFA of the sign-in; the other sign-ins of the user and of the address",
		},
		{
			ID: "D054.address", Title: "Brute force from one address that succeeded", Level: "high", Attack: "T1110",
			Outcome: whatever, Source: "signin", Events: "ConsoleLogin",
			Correlate: &rule.Correlation{
				Kind: rule.Ordered, GroupBy: []string{"sourceIPAddress"}, Within: minutes(30).duration(),
				Steps: []rule.Step{{All: []string{"D054.address.failed"}, Min: 5}, {All: []string{"D054.address.succeeded"}}},
			},
			Feeds: []rule.Rule{
				{ID: "D054.address.failed", Expr: rule.Has("errorMessage")},
				{ID: "D054.address.succeeded", Expr: rule.Absent("errorMessage")},
			},
			FalsePositives: "an office whose users share an address",
			Look:           "address, user agent and MFA of the sign-in; the other sign-ins of the user and of the address",
		},
		{
			ID: "D055", Title: "MFA fatigue or guessing", Level: "high", Attack: "T1621",
			Outcome: failure, Source: "signin", Events: "ConsoleLogin CheckMfa CredentialVerification",
			When:           rule.AnyOf(rule.ContainsFold("errorMessage", "mfa", "totp", "webauthn"), rule.ContainsFold("additionalEventData.CredentialType", "mfa", "totp", "webauthn"), called("CheckMfa")),
			Correlate:      counted("recipientAccountId userIdentity.userName", 10, 5),
			FalsePositives: "clock drift of a token",
			Look:           "address, user agent and MFA of the sign-in; the other sign-ins of the user and of the address",
		},
		{
			ID: "D055.center", Title: "MFA fatigue or guessing in Identity Center", Level: "high", Attack: "T1621",
			Outcome: whatever, Source: "signin", Events: "CredentialVerification",
			When: rule.All(rule.Has("userIdentity.onBehalfOf.userId"), rule.Eq("serviceEventDetails.CredentialVerification", "Failure"),
				rule.ContainsFold("additionalEventData.CredentialType", "mfa", "totp", "webauthn")),
			Correlate:      counted("userIdentity.onBehalfOf.userId", 10, 5),
			FalsePositives: "clock drift of a token",
			Look:           "the user's other sign-ins, how they were verified, and the roles taken since",
		},
		{
			ID: "D056", Title: "Impossible travel", Level: "medium", Attack: "T1078.004",
			Source: "signin", Events: "ConsoleLogin",
			Correlate: twoPlaces, Feeds: places,
			Needs:          fewer("Places", p.Places, 2),
			FalsePositives: "VPN, mobile carrier exit",
			Look:           "address, user agent and MFA of both sign-ins; what each session did",
		},
		{
			ID: "D057", Title: "Password recovery of root or user", Level: "high", Attack: "T1078.004",
			Outcome: whatever, Source: "signin", Events: "PasswordRecoveryRequested PasswordRecoveryCompleted PasswordUpdated",
			Raise:          raiseIf("critical", rule.All(called("PasswordRecoveryCompleted"), rule.Eq("userIdentity.type", "Root"))),
			FalsePositives: "owner lost the password",
			Look:           "address, user agent and MFA of the sign-in; the other sign-ins of the user and of the address",
		},
		{
			ID: "D058", Title: "Federation sign-in token made by a tool", Level: "medium", Attack: "T1550.001",
			Source: "signin", Events: "GetSigninToken",
			When:           rule.All(rule.No(rule.Prefix("userAgent", "Mozilla/")), notBy(p.ConsoleBrokers)),
			FalsePositives: "in-house console broker",
			Look:           "address, user agent and MFA of the sign-in; the other sign-ins of the user and of the address",
		},
		{
			ID: "D059", Title: "Instance credentials used for the console", Level: "high", Attack: "T1078.004 T1552.005",
			Source: "signin", Events: "ConsoleLogin GetSigninToken",
			When:           rule.Regexp("userIdentity.principalId", `:i-[0-9a-f]{8,17}$`),
			FalsePositives: "none expected",
			Look:           "address, user agent and MFA of the sign-in; the other sign-ins of the user and of the address",
		},
		{
			ID: "D060", Title: "Unknown SAML provider or subject", Level: "medium", Attack: "T1078.004",
			Source: "sts", Events: "AssumeRoleWithSAML",
			Correlate:      firstSeen("userIdentity.identityProvider requestParameters.roleArn", 90),
			FalsePositives: "new application roll-out",
			Look:           "the lineage of the caller, and what the issued session did",
		},
		{
			ID: "D060.provider", Title: "Role taken through an unknown SAML provider", Level: "medium", Attack: "T1078.004",
			Source: "sts", Events: "AssumeRoleWithSAML",
			When:           rule.All(rule.Has(rp("principalArn")), rule.No(rule.AnyOf(listed("userIdentity.identityProvider", p.KnownProviders), listed(rp("principalArn"), p.KnownProviders)))),
			Needs:          needs("KnownProviders", p.KnownProviders),
			FalsePositives: "new application roll-out",
			Look:           "the provider, and who added it; what the issued session did",
		},
		{
			ID: "D061", Title: "Unexpected web identity", Level: "high", Attack: "T1078.004",
			Source: "sts", Events: "AssumeRoleWithWebIdentity",
			When:           rule.AnyOf(foreign("userIdentity.identityProvider", p.KnownProviders), p.strangePod(), p.strangePipeline()),
			Needs:          needs("KnownProviders", slices.Concat(p.KnownProviders, p.KnownSubjects, p.ApprovedNetworks)),
			FalsePositives: "new pipeline",
			Look:           "the lineage of the caller, and what the issued session did",
		},
		{
			ID: "D062", Title: "Root used the API", Level: "high", Attack: "T1078.004",
			Outcome: whatever, Source: "", Events: "",
			When: rule.All(rule.Eq("userIdentity.type", "Root"), rule.Absent("userIdentity.invokedBy"), rule.No(rule.Eq("eventType", "AwsServiceEvent")),
				rule.No(rule.All(on("userIdentity.sessionContext.assumedRoot"), rule.Const(len(p.RootTasks) > 0)))),
			FalsePositives: "documented root task",
			Look:           "the caller's lineage and everything else the session did",
		},
		{
			ID: "D063", Title: "Call from a listed network", Level: "high", Attack: "T1078.004",
			Outcome: whatever, Source: "", Events: "",
			When:           rule.InNetwork("sourceIPAddress", p.ThreatNetworks...),
			Needs:          needs("ThreatNetworks", p.ThreatNetworks),
			FalsePositives: "researcher using Tor",
			Look:           "the caller's lineage and everything else the session did",
		},
		{
			ID: "D064", Title: "Attack tool user agent", Level: "medium", Attack: "T1078.004",
			Outcome: whatever, Source: "", Events: "",
			When:           rule.All(rule.ContainsFold("userAgent", "kali", "parrot", "pentoo", "pacu", "trufflehog", "cloudfox", "scoutsuite", "s3 browser", "endgame", "peirates"), notBy(p.Auditors)),
			FalsePositives: "authorised test; user agents are chosen by the caller",
			Look:           "the caller's lineage and everything else the session did",
		},
		{
			ID: "D065", Title: "AWS quarantined a leaked key", Level: "critical", Attack: "T1552",
			Source: "iam", Events: "AttachUserPolicy PutUserPolicy",
			When:           rule.AnyOf(rule.Contains(rp("policyArn"), "AWSCompromisedKeyQuarantine"), rule.Contains(rp("policyName"), "AWSCompromisedKeyQuarantine")),
			FalsePositives: "none expected",
			Look:           "the user or role concerned: its keys, its policies and what it did since; the lineage of the caller",
		},
		{
			ID: "D067", Title: "Identity Center sign-in from an unlisted network", Level: "medium", Attack: "T1078.004 T1528",
			Outcome: whatever, Source: "signin sso sso-oauth", Events: "UserAuthentication CredentialVerification Authenticate Federate CreateToken CreateTokenWithIAM",
			When:           rule.All(rule.Has("userIdentity.onBehalfOf.userId"), rule.No(within(p.listedNetworks()))),
			Correlate:      firstSeen("userIdentity.onBehalfOf.userId sourceIPAddress", 30),
			Needs:          needs("Networks or OwnPublicIPs", p.listedNetworks()),
			FalsePositives: "travel",
			Look:           "the user's other sign-ins, how they were verified, and the roles taken since",
		},
		{
			ID: "D068", Title: "Unauthenticated identity pool credentials", Level: "medium", Attack: "T1078.004",
			Source: "cognito-identity", Events: "GetCredentialsForIdentity GetId",
			When:           rule.All(rule.AnyOf(rule.Absent("userIdentity.type"), rule.Eq("userIdentity.type", "Unknown")), rule.Absent(rp("logins"))),
			FalsePositives: "pool meant for guests",
			Look:           "the caller's lineage and everything else the session did",
		},
		{
			ID: "D069", Title: "Central root session taken", Level: "medium", Attack: "T1548.005",
			Outcome: whatever, Source: "sts", Events: "AssumeRoot",
			Raise:          raiseIf("high", notBy(p.RootTasks)),
			FalsePositives: "documented root task",
			Look:           "the lineage of the caller, and what the issued session did",
		},
	}
}
