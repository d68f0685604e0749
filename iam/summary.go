package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"github.com/awsposture/posture"
)

// Summary is what GetAccountSummary says of the root user, as it is now.
type Summary struct {
	RootPassword bool // false: root credentials are managed centrally
	RootKey      bool
	RootMFA      bool
}

// RootCredentials tells whether the root user has any long-lived credential. An
// account of an organization that manages root access centrally has none.
func (s Summary) RootCredentials() bool { return s.RootPassword || s.RootKey }

// Summary reads the account summary.
func (a *Account) Summary(ctx context.Context) (Summary, error) {
	return a.summary.Get(ctx, func(ctx context.Context) (Summary, error) {
		out, err := a.api.GetAccountSummary(ctx, &iam.GetAccountSummaryInput{})
		if err != nil {
			return Summary{}, err
		}
		for _, need := range []string{"AccountMFAEnabled", "AccountAccessKeysPresent"} {
			if _, ok := out.SummaryMap[need]; !ok {
				return Summary{}, &posture.Cause{Kind: posture.CauseMalformed, Operation: "IAM:GetAccountSummary", Message: "the summary does not have " + need}
			}
		}
		// An answer without the entry is from before root passwords could be removed.
		password, told := out.SummaryMap["AccountPasswordPresent"]
		return Summary{
			RootPassword: !told || password > 0,
			RootKey:      out.SummaryMap["AccountAccessKeysPresent"] > 0,
			RootMFA:      out.SummaryMap["AccountMFAEnabled"] > 0,
		}, nil
	})
}

// PasswordPolicy is the account's password policy for IAM users. It is a state
// that can be set: see AccountPasswordPolicy. Without one AWS's own defaults hold: 8
// characters of three kinds, no expiry, no memory.
type PasswordPolicy struct {
	Exists      bool `json:"exists"`
	MinLength   int  `json:"minLength"`
	Uppercase   bool `json:"uppercase"`
	Lowercase   bool `json:"lowercase"`
	Numbers     bool `json:"numbers"`
	Symbols     bool `json:"symbols"`
	MaxAgeDays  int  `json:"maxAgeDays"` // 0: passwords do not expire
	Remembered  int  `json:"remembered"` // 0: passwords may be used again
	UsersChange bool `json:"usersChange"`
	HardExpiry  bool `json:"hardExpiry"` // an expired password can only be reset by an administrator
}

// PasswordPolicy reads the account's password policy.
func (a *Account) PasswordPolicy(ctx context.Context) (PasswordPolicy, error) {
	return a.password.Get(ctx, func(ctx context.Context) (PasswordPolicy, error) { return getPasswordPolicy(ctx, a.api) })
}

func getPasswordPolicy(ctx context.Context, api Reader) (PasswordPolicy, error) {
	out, err := api.GetAccountPasswordPolicy(ctx, &iam.GetAccountPasswordPolicyInput{})
	if sameCode(err, "NoSuchEntity") {
		return PasswordPolicy{}, nil
	}
	if err != nil {
		return PasswordPolicy{}, err
	}
	p := out.PasswordPolicy
	if p == nil {
		return PasswordPolicy{}, &posture.Cause{Kind: posture.CauseMalformed, Operation: "IAM:GetAccountPasswordPolicy", Message: "the answer has no policy"}
	}
	return PasswordPolicy{
		Exists: true, MinLength: int(aws.ToInt32(p.MinimumPasswordLength)), Uppercase: p.RequireUppercaseCharacters, Lowercase: p.RequireLowercaseCharacters,
		Numbers: p.RequireNumbers, Symbols: p.RequireSymbols, MaxAgeDays: int(aws.ToInt32(p.MaxPasswordAge)), Remembered: int(aws.ToInt32(p.PasswordReusePrevention)),
		UsersChange: p.AllowUsersToChangePassword, HardExpiry: aws.ToBool(p.HardExpiry),
	}, nil
}

// OrganizationFeatures lists the root access features enabled for the account's
// organization: "RootCredentialsManagement", "RootSessions". Only the
// management account and IAM's delegated administrator may ask.
func (a *Account) OrganizationFeatures(ctx context.Context) ([]string, error) {
	return a.features.Get(ctx, func(ctx context.Context) ([]string, error) {
		out, err := a.api.ListOrganizationsFeatures(ctx, &iam.ListOrganizationsFeaturesInput{})
		if err != nil {
			return nil, err
		}
		var names []string
		for _, f := range out.EnabledFeatures {
			names = append(names, string(f))
		}
		return names, nil
	})
}

// Contact is an alternate contact of the account.
type Contact struct{ Name, Title, Email, Phone string }

// Analyzer is an IAM Access Analyzer analyzer.
type Analyzer struct {
	ARN, Name string
	Type      string // "ACCOUNT", "ORGANIZATION": external access; others are for unused and internal access
	Active    bool
	Tags      map[string]string
}
