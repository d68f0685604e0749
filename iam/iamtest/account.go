package iamtest

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
)

// GetAccountSummary tells of the root user's credentials and counts.
func (f *IAM) GetAccountSummary(ctx context.Context, in *sdk.GetAccountSummaryInput, _ ...func(*sdk.Options)) (*sdk.GetAccountSummaryOutput, error) {
	return read(ctx, f, "GetAccountSummary", in, func(s *State) (*sdk.GetAccountSummaryOutput, error) {
		flag := func(b bool) int32 {
			if b {
				return 1
			}
			return 0
		}
		return &sdk.GetAccountSummaryOutput{SummaryMap: map[string]int32{
			"AccountMFAEnabled": flag(s.Root.MFA), "AccountAccessKeysPresent": flag(s.Root.Key), "AccountPasswordPresent": flag(!s.Root.NoPassword),
			"Users": int32(len(s.Users)), "Groups": int32(len(s.Groups)), "Roles": int32(len(s.Roles)), "Policies": int32(len(s.Policies)),
		}}, nil
	})
}

type report struct {
	made    time.Time
	content []byte
}

// reportLife is how long AWS keeps giving the same credential report.
const reportLife = 4 * time.Hour

// GenerateCredentialReport makes a report of the state as it is, unless there is
// one of the last four hours.
func (f *IAM) GenerateCredentialReport(ctx context.Context, in *sdk.GenerateCredentialReportInput, _ ...func(*sdk.Options)) (*sdk.GenerateCredentialReportOutput, error) {
	return read(ctx, f, "GenerateCredentialReport", in, func(s *State) (*sdk.GenerateCredentialReportOutput, error) {
		if f.report == nil || f.now().Sub(f.report.made) > reportLife {
			if f.polls++; f.polls <= f.ReportPolls {
				state := types.ReportStateTypeInprogress
				if f.polls == 1 {
					state = types.ReportStateTypeStarted
				}
				return &sdk.GenerateCredentialReportOutput{State: state}, nil
			}
			f.report, f.polls = &report{made: f.now(), content: f.rows(s)}, 0
		}
		return &sdk.GenerateCredentialReportOutput{State: types.ReportStateTypeComplete}, nil
	})
}

// GetCredentialReport gives the report made last.
func (f *IAM) GetCredentialReport(ctx context.Context, in *sdk.GetCredentialReportInput, _ ...func(*sdk.Options)) (*sdk.GetCredentialReportOutput, error) {
	return read(ctx, f, "GetCredentialReport", in, func(*State) (*sdk.GetCredentialReportOutput, error) {
		switch {
		case f.report == nil:
			return nil, &types.CredentialReportNotPresentException{Message: aws.String("No report is present")}
		case f.now().Sub(f.report.made) > reportLife:
			return nil, &types.CredentialReportExpiredException{Message: aws.String("The report has expired")}
		}
		return &sdk.GetCredentialReportOutput{Content: f.report.content, GeneratedTime: &f.report.made, ReportFormat: types.ReportFormatTypeTextCsv}, nil
	})
}

const reportColumns = "user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,password_next_rotation,mfa_active," +
	"access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,access_key_1_last_used_region,access_key_1_last_used_service," +
	"access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date,access_key_2_last_used_region,access_key_2_last_used_service," +
	"cert_1_active,cert_1_last_rotated,cert_2_active,cert_2_last_rotated"

func (f *IAM) rows(s *State) []byte {
	var b strings.Builder
	b.WriteString(reportColumns)
	root := []string{"<root_account>", f.ARN("root"), "2015-01-01T00:00:00+00:00", "not_supported", date(s.Root.PasswordUsed, "no_information"), "not_supported", "not_supported", fmt.Sprint(s.Root.MFA)}
	if s.Root.Key {
		root = append(root, keyCells(&Key{Created: date2015, Used: s.Root.KeyUsed})...)
	} else {
		root = append(root, keyCells(nil)...)
	}
	line(&b, append(root, keyCells(nil)...))
	for _, name := range sorted(s.Users) {
		u := s.Users[name]
		cells := []string{name, f.ARN("user/" + name), date(u.Created, "N/A")}
		if u.Password != nil {
			cells = append(cells, "true", date(u.Password.Used, "no_information"), date(u.Password.Created, "N/A"), "N/A")
		} else {
			cells = append(cells, "false", "N/A", "N/A", "N/A")
		}
		cells = append(cells, fmt.Sprint(len(u.MFA) > 0))
		for i := range 2 {
			var k *Key
			if i < len(u.Keys) {
				k = u.Keys[i]
			}
			cells = append(cells, keyCells(k)...)
		}
		line(&b, cells)
	}
	return []byte(b.String())
}

var date2015 = time.Date(2015, 1, 1, 0, 0, 0, 0, time.UTC)

func line(b *strings.Builder, cells []string) {
	b.WriteString("\n" + strings.Join(append(cells, "false", "N/A", "false", "N/A"), ","))
}

func keyCells(k *Key) []string {
	if k == nil {
		return []string{"false", "N/A", "N/A", "N/A", "N/A"}
	}
	changed := k.Changed
	if changed.IsZero() {
		changed = k.Created
	}
	cells := []string{fmt.Sprint(!k.Inactive), date(changed, "N/A"), date(k.Used, "N/A")}
	if k.Used.IsZero() {
		return append(cells, "N/A", "N/A")
	}
	return append(cells, "us-east-1", "s3")
}

func date(t time.Time, none string) string {
	if t.IsZero() {
		return none
	}
	return t.UTC().Format("2006-01-02T15:04:05+00:00")
}

// GetAccountPasswordPolicy gives the password policy, or NoSuchEntity.
func (f *IAM) GetAccountPasswordPolicy(ctx context.Context, in *sdk.GetAccountPasswordPolicyInput, _ ...func(*sdk.Options)) (*sdk.GetAccountPasswordPolicyOutput, error) {
	return read(ctx, f, "GetAccountPasswordPolicy", in, func(s *State) (*sdk.GetAccountPasswordPolicyOutput, error) {
		p := s.PasswordPolicy
		if p == nil {
			return nil, missing("password policy", "account "+f.place.Account)
		}
		out := &types.PasswordPolicy{
			MinimumPasswordLength: aws.Int32(int32(p.MinLength)), RequireUppercaseCharacters: p.Uppercase, RequireLowercaseCharacters: p.Lowercase, RequireNumbers: p.Numbers,
			RequireSymbols: p.Symbols, AllowUsersToChangePassword: p.UsersChange, ExpirePasswords: p.MaxAgeDays > 0, HardExpiry: aws.Bool(p.HardExpiry),
		}
		if p.MaxAgeDays > 0 {
			out.MaxPasswordAge = aws.Int32(int32(p.MaxAgeDays))
		}
		if p.Remembered > 0 {
			out.PasswordReusePrevention = aws.Int32(int32(p.Remembered))
		}
		return &sdk.GetAccountPasswordPolicyOutput{PasswordPolicy: out}, nil
	})
}

// UpdateAccountPasswordPolicy replaces the whole policy: what the call leaves
// out falls back to AWS's default.
func (f *IAM) UpdateAccountPasswordPolicy(ctx context.Context, in *sdk.UpdateAccountPasswordPolicyInput, _ ...func(*sdk.Options)) (*sdk.UpdateAccountPasswordPolicyOutput, error) {
	return write(ctx, f, "UpdateAccountPasswordPolicy", in, func(s *State) (*sdk.UpdateAccountPasswordPolicyOutput, error) {
		p := &PasswordPolicy{
			MinLength: 6, Uppercase: in.RequireUppercaseCharacters, Lowercase: in.RequireLowercaseCharacters, Numbers: in.RequireNumbers, Symbols: in.RequireSymbols,
			MaxAgeDays: int(aws.ToInt32(in.MaxPasswordAge)), Remembered: int(aws.ToInt32(in.PasswordReusePrevention)), UsersChange: in.AllowUsersToChangePassword, HardExpiry: aws.ToBool(in.HardExpiry),
		}
		if in.MinimumPasswordLength != nil {
			p.MinLength = int(*in.MinimumPasswordLength)
		}
		if p.MinLength < 6 || p.MinLength > 128 || p.MaxAgeDays < 0 || p.MaxAgeDays > 1095 || p.Remembered < 0 || p.Remembered > 24 {
			return nil, &types.MalformedPolicyDocumentException{Message: aws.String("a value is outside its range")}
		}
		s.PasswordPolicy = p
		return &sdk.UpdateAccountPasswordPolicyOutput{}, nil
	})
}

// DeleteAccountPasswordPolicy removes the policy, or answers NoSuchEntity.
func (f *IAM) DeleteAccountPasswordPolicy(ctx context.Context, in *sdk.DeleteAccountPasswordPolicyInput, _ ...func(*sdk.Options)) (*sdk.DeleteAccountPasswordPolicyOutput, error) {
	return write(ctx, f, "DeleteAccountPasswordPolicy", in, func(s *State) (*sdk.DeleteAccountPasswordPolicyOutput, error) {
		if s.PasswordPolicy == nil {
			return nil, missing("password policy", "account "+f.place.Account)
		}
		s.PasswordPolicy = nil
		return &sdk.DeleteAccountPasswordPolicyOutput{}, nil
	})
}

// ListOrganizationsFeatures lists the organization's root access features.
func (f *IAM) ListOrganizationsFeatures(ctx context.Context, in *sdk.ListOrganizationsFeaturesInput, _ ...func(*sdk.Options)) (*sdk.ListOrganizationsFeaturesOutput, error) {
	return read(ctx, f, "ListOrganizationsFeatures", in, func(s *State) (*sdk.ListOrganizationsFeaturesOutput, error) {
		if s.Features == nil {
			return nil, &types.AccountNotManagementOrDelegatedAdministratorException{Message: aws.String("the account is neither the management account nor a delegated administrator")}
		}
		out := &sdk.ListOrganizationsFeaturesOutput{OrganizationId: aws.String("o-exampleorgid")}
		for _, x := range s.Features {
			out.EnabledFeatures = append(out.EnabledFeatures, types.FeatureType(x))
		}
		return out, nil
	})
}
