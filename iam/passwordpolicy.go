package iam

import (
	"cmp"
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/internal/refusal"
)

// AccountPasswordPolicy is the setting of the account's password policy. It
// implements posture.Setting[PasswordPolicy].
type AccountPasswordPolicy struct {
	Account *Account `json:"-"`
	Writer  Writer   `json:"-"`
}

// Kind implements posture.Setting.
func (s AccountPasswordPolicy) Kind() posture.Kind {
	return posture.Kind{Name: "iam.password-policy", Reads: []string{"iam:GetAccountPasswordPolicy"}, Writes: []string{"iam:UpdateAccountPasswordPolicy", "iam:DeleteAccountPasswordPolicy"}, Settle: settle}
}

// Target implements posture.Setting.
func (s AccountPasswordPolicy) Target() posture.Resource { return s.Account.account() }

// Get implements posture.Setting.
func (s AccountPasswordPolicy) Get(ctx context.Context) (PasswordPolicy, error) {
	return getPasswordPolicy(ctx, s.Account.api)
}

// Set implements posture.Setting. The call replaces the whole policy, so every
// field is sent.
func (s AccountPasswordPolicy) Set(ctx context.Context, want PasswordPolicy) error {
	if !want.Exists {
		_, err := s.Writer.DeleteAccountPasswordPolicy(ctx, &iam.DeleteAccountPasswordPolicyInput{})
		if sameCode(err, "NoSuchEntity") {
			return nil
		}
		return err
	}
	in := &iam.UpdateAccountPasswordPolicyInput{
		MinimumPasswordLength: aws.Int32(int32(want.MinLength)), RequireUppercaseCharacters: want.Uppercase, RequireLowercaseCharacters: want.Lowercase,
		RequireNumbers: want.Numbers, RequireSymbols: want.Symbols, AllowUsersToChangePassword: want.UsersChange, HardExpiry: &want.HardExpiry,
	}
	// AWS has no way to write "none" but to leave the field out.
	if want.MaxAgeDays > 0 {
		in.MaxPasswordAge = aws.Int32(int32(want.MaxAgeDays))
	}
	if want.Remembered > 0 {
		in.PasswordReusePrevention = aws.Int32(int32(want.Remembered))
	}
	_, err := s.Writer.UpdateAccountPasswordPolicy(ctx, in)
	return err
}

// RaisePasswordPolicy plans to raise the rules of the account's password policy
// that failed, all in one step. No rule gets laxer than it is.
type RaisePasswordPolicy struct {
	Account    *Account
	Writer     Writer
	MinLength  int // default 14
	Remembered int // default 24
	MaxAgeDays int // default 90
}

// Controls implements posture.Remediator.
func (r RaisePasswordPolicy) Controls() (ids []string) {
	for _, rule := range passwordRules() {
		ids = append(ids, "iam.password-"+string(rule))
	}
	return ids
}

// Place implements posture.Remediator.
func (r RaisePasswordPolicy) Place() posture.Place { return r.Account.Place() }

// Plan implements posture.Remediator.
func (r RaisePasswordPolicy) Plan(ctx context.Context, fs ...posture.Finding) (posture.Plan, error) {
	target, err := posture.TargetOf(r, fs)
	if err != nil {
		return posture.Plan{}, err
	}
	setting := AccountPasswordPolicy{Account: r.Account, Writer: r.Writer}
	is, err := setting.Get(ctx)
	if err != nil {
		return posture.Plan{}, refusal.Unreadable(target, err)
	}
	return planOne(r.Account, fs, setting, is, r.raised(is, fs), posture.RiskLow)
}

// raised is the policy with the failed rules raised. A policy made where there
// was none must not be laxer than AWS's default of three kinds of characters, so it asks for all
// four.
func (r RaisePasswordPolicy) raised(p PasswordPolicy, fs []posture.Finding) PasswordPolicy {
	if !p.Exists {
		p = PasswordPolicy{Exists: true, MinLength: 8, Uppercase: true, Lowercase: true, Numbers: true, Symbols: true, UsersChange: true}
	}
	for _, f := range fs {
		switch PasswordRuleName(f.Control[len("iam.password-"):]) {
		case PasswordLength:
			p.MinLength = max(p.MinLength, cmp.Or(r.MinLength, 14))
		case PasswordReuse:
			p.Remembered = max(p.Remembered, cmp.Or(r.Remembered, 24))
		case PasswordExpiry:
			if most := cmp.Or(r.MaxAgeDays, 90); p.MaxAgeDays == 0 || p.MaxAgeDays > most {
				p.MaxAgeDays = most
			}
		case PasswordUppercase:
			p.Uppercase = true
		case PasswordLowercase:
			p.Lowercase = true
		case PasswordNumber:
			p.Numbers = true
		case PasswordSymbol:
			p.Symbols = true
		case PasswordChange:
			p.UsersChange = true
		}
	}
	return p
}
