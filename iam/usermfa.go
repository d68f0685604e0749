package iam

import (
	"context"
	"fmt"
	"time"

	"github.com/awsposture/posture"
)

// UserConsoleMFA judges that every IAM user with a console password has an MFA
// device. See "AWS Multi-factor authentication in IAM" in the IAM User Guide.
type UserConsoleMFA struct{ Account *Account }

// UserMFA judges that every IAM user has an MFA device, with console password
// or without: policies can ask for MFA on API calls too.
type UserMFA struct{ Account *Account }

// UserMFAEvidence is a user's sign-in, as the report had it, or as IAM has it
// where the report would fail the user or does not know it yet.
type UserMFAEvidence struct {
	User    string    `json:"user"`
	Console bool      `json:"console"`
	MFA     bool      `json:"mfa"`
	Report  time.Time `json:"report"`    // when the report was made
	Live    bool      `json:"confirmed"` // read from IAM after the report
}

// String says it in a sentence.
func (e UserMFAEvidence) String() string {
	console, mfa := "has no console password", "no MFA device"
	if e.Console {
		console = "has a console password"
	}
	if e.MFA {
		mfa = "an MFA device"
	}
	return fmt.Sprintf("User %s %s and %s.", e.User, console, mfa)
}

// Control implements posture.Evaluator.
func (e UserConsoleMFA) Control() posture.Control {
	return posture.Control{
		ID:       "iam.user-console-mfa",
		Title:    "Users with a console password have MFA",
		Doc:      "A password alone is guessed, phished and reused. Have the user register a device, or remove the password where people sign in by federation.",
		Severity: posture.Medium, Scope: posture.Global, Resource: "AWS::IAM::User",
		Requires: []string{"iam:GenerateCredentialReport", "iam:GetCredentialReport", "iam:GetAccountAuthorizationDetails", "iam:GetLoginProfile", "iam:ListMFADevices"},
	}
}

// Control implements posture.Evaluator.
func (e UserMFA) Control() posture.Control {
	return posture.Control{
		ID:       "iam.user-mfa",
		Title:    "Every IAM user has MFA",
		Doc:      "With a device, policies can ask for MFA on API calls too, so that a stolen access key is not enough. Register a device for the user, or replace the user by a role.",
		Severity: posture.Low, Scope: posture.Global, Resource: "AWS::IAM::User",
		Requires: []string{"iam:GenerateCredentialReport", "iam:GetCredentialReport", "iam:GetAccountAuthorizationDetails", "iam:ListMFADevices"},
	}
}

// Place implements posture.Evaluator.
func (e UserConsoleMFA) Place() posture.Place { return e.Account.Place() }

// Place implements posture.Evaluator.
func (e UserMFA) Place() posture.Place { return e.Account.Place() }

// Evaluate implements posture.Evaluator.
func (e UserConsoleMFA) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c, a := e.Control(), e.Account
	rows, report, err := a.userRows(ctx)
	fs := posture.Each(ctx, rows, func(ctx context.Context, u userRow) []posture.Finding {
		seen := UserMFAEvidence{User: u.Name, Console: u.Row.Password, MFA: u.Row.MFA, Report: report.Generated}
		if u.Fresh || seen.Console && !seen.MFA {
			seen.Live = true
			login, err := a.Login(ctx, u.Name)
			if err != nil {
				return []posture.Finding{u.tagged(c.Unknown(a.user(u.User), err))}
			}
			if seen.Console = login.Exists; seen.Console {
				devices, err := a.MFADevices(ctx, u.Name)
				if seen.MFA = len(devices) > 0; err != nil && !seen.MFA {
					return []posture.Finding{u.tagged(c.Unknown(a.user(u.User), err))}
				}
			}
		}
		switch {
		case !seen.Console:
			return []posture.Finding{u.tagged(c.NotApplicable(a.user(u.User), "The user has no console password."))}
		case seen.MFA:
			return []posture.Finding{u.tagged(c.Pass(a.user(u.User), seen))}
		}
		return []posture.Finding{u.tagged(c.Fail(a.user(u.User), seen))}
	})
	return c.Judged(fs, err, a.account(), "There is no IAM user.")
}

// Evaluate implements posture.Evaluator.
func (e UserMFA) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c, a := e.Control(), e.Account
	rows, report, err := a.userRows(ctx)
	fs := posture.Each(ctx, rows, func(ctx context.Context, u userRow) []posture.Finding {
		seen := UserMFAEvidence{User: u.Name, Console: u.Row.Password, MFA: u.Row.MFA, Report: report.Generated}
		if !seen.MFA {
			devices, err := a.MFADevices(ctx, u.Name)
			if seen.MFA, seen.Live = len(devices) > 0, true; err != nil && !seen.MFA {
				return []posture.Finding{u.tagged(c.Unknown(a.user(u.User), err))}
			}
		}
		judge := c.Fail
		if seen.MFA {
			judge = c.Pass
		}
		return []posture.Finding{u.tagged(judge(a.user(u.User), seen))}
	})
	return c.Judged(fs, err, a.account(), "There is no IAM user.")
}
