package iam

import (
	"cmp"
	"context"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/internal/refusal"
)

// RequireMFA plans to embed a policy in a user that denies everything but the
// registration of an MFA device until the user has signed in with one. It is
// no remediator of the default set: it does not give the user a device, and it
// stops access keys that are used without MFA.
type RequireMFA struct {
	Account *Account
	Writer  Writer
	Policy  string // the inline policy's name; default "require-mfa"
}

// mfaPolicy lets a user without MFA do what it needs to get one, on itself only.
const mfaPolicy = `{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "DenyAllButOwnMFAWithoutMFA",
      "Effect": "Deny",
      "NotAction": [
        "iam:ChangePassword",
        "iam:CreateVirtualMFADevice",
        "iam:EnableMFADevice",
        "iam:GetAccountPasswordPolicy",
        "iam:GetMFADevice",
        "iam:GetUser",
        "iam:ListMFADevices",
        "iam:ListVirtualMFADevices",
        "iam:ResyncMFADevice",
        "sts:GetSessionToken"
      ],
      "Resource": "*",
      "Condition": {
        "BoolIfExists": {
          "aws:MultiFactorAuthPresent": "false"
        }
      }
    }
  ]
}`

// Controls implements posture.Remediator.
func (r RequireMFA) Controls() []string { return []string{"iam.user-console-mfa", "iam.user-mfa"} }

// Place implements posture.Remediator.
func (r RequireMFA) Place() posture.Place { return r.Account.Place() }

// Plan implements posture.Remediator. A policy of that name with other content is
// somebody else's: it is refused.
func (r RequireMFA) Plan(ctx context.Context, fs ...posture.Finding) (posture.Plan, error) {
	target, err := posture.TargetOf(r, fs)
	if err != nil {
		return posture.Plan{}, err
	}
	setting := PrincipalInlinePolicy{r.Account, r.Writer, KindUser, target.ID, cmp.Or(r.Policy, "require-mfa")}
	is, err := setting.Get(ctx)
	want := InlineDocument{Exists: true, Document: mfaPolicy}
	switch {
	case err != nil:
		return posture.Plan{}, refusal.Unreadable(target, err)
	case is.Exists && is != want:
		return posture.Plan{}, &posture.Refusal{Reason: posture.ReasonNeedsChoice, Message: "user " + target.ID + " has another inline policy named " + setting.Policy}
	}
	p, err := planOne(r.Account, fs, setting, is, want, posture.RiskHigh)
	p.Impact.Unknown = []string{"whether the user's access keys are used without MFA: such calls will be denied"}
	p.Needs = []string{"the user can register an MFA device: the policy denies all else until it has signed in with one"}
	return p, err
}
