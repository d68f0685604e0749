package iam

import (
	"context"
	"slices"
	"strings"

	"github.com/awsposture/posture"
)

// UserCentralIdentity judges that people sign in through federation or IAM
// Identity Center: no IAM user has a console password, but those in BreakGlass,
// who are for the day on which federation is down.
type UserCentralIdentity struct {
	Account    *Account
	BreakGlass []string // user names
}

// Control implements posture.Evaluator.
func (e UserCentralIdentity) Control() posture.Control {
	return posture.Control{
		ID:       "iam.user-central-identity",
		Title:    "People sign in through federation, not as IAM users",
		Doc:      "Who leaves the company is removed from its directory, and forgotten in the accounts. Give people access by IAM Identity Center or a SAML provider, and remove their IAM users' passwords.",
		Severity: posture.Low, Scope: posture.Global, Resource: "AWS::IAM::User",
		Requires: []string{"iam:GenerateCredentialReport", "iam:GetCredentialReport", "iam:GetAccountAuthorizationDetails", "iam:GetLoginProfile"},
		Params:   []posture.Param{{Name: "break-glass", Value: strings.Join(e.BreakGlass, ","), Source: "the caller's"}},
	}
}

// Place implements posture.Evaluator.
func (e UserCentralIdentity) Place() posture.Place { return e.Account.Place() }

// Evaluate implements posture.Evaluator.
func (e UserCentralIdentity) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c, a := e.Control(), e.Account
	rows, report, err := a.userRows(ctx)
	fs := posture.Each(ctx, rows, func(ctx context.Context, u userRow) []posture.Finding {
		seen := UserMFAEvidence{User: u.Name, Console: u.Row.Password, MFA: u.Row.MFA, Report: report.Generated}
		if slices.Contains(e.BreakGlass, u.Name) {
			return []posture.Finding{u.tagged(c.NotApplicable(a.user(u.User), "The user is for emergencies."))}
		}
		if u.Fresh || seen.Console {
			login, err := a.Login(ctx, u.Name)
			if err != nil {
				return []posture.Finding{u.tagged(c.Unknown(a.user(u.User), err))}
			}
			seen.Console, seen.Live = login.Exists, true
		}
		judge := c.Pass
		if seen.Console {
			judge = c.Fail
		}
		return []posture.Finding{u.tagged(judge(a.user(u.User), seen))}
	})
	return c.Judged(fs, err, a.account(), "There is no IAM user.")
}
