package iam

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/internal/param"
)

// RootMFA judges that the root user has MFA, of any kind. A root user without
// password and access key passes: there is nothing that a second factor would
// protect. See "Multi-factor authentication for AWS account root user" and
// "Centrally manage root access for member accounts" in the IAM User Guide.
type RootMFA struct{ Account *Account }

// RootEvidence is what the root controls saw.
type RootEvidence struct {
	Password bool     `json:"password"`
	Key      bool     `json:"key"`
	MFA      bool     `json:"mfa"`
	Virtual  []string `json:"virtual,omitempty"` // serial numbers of virtual devices, where they were asked for
}

// String says it in a sentence.
func (e RootEvidence) String() string {
	if !e.Password && !e.Key {
		return "The root user has neither password nor access key: its credentials are managed centrally."
	}
	mfa := "no MFA"
	switch {
	case e.MFA && len(e.Virtual) > 0:
		mfa = "a virtual MFA device, " + strings.Join(e.Virtual, ", ")
	case e.MFA:
		mfa = "MFA"
	}
	key := "no access key"
	if e.Key {
		key = "an access key"
	}
	return fmt.Sprintf("The root user has %s and %s.", mfa, key)
}

// noRootConsole is the root user of an AWS GovCloud (US) account: it has no
// password, and at most an access key made by AWS Support on request. See "IAM" in
// the AWS GovCloud (US) User Guide.
const noRootConsole = "The root user of an AWS GovCloud (US) account cannot sign in to the console."

func (a *Account) noRootConsole() bool { return a.place.Partition == "aws-us-gov" }

func rootEvidence(s Summary) RootEvidence {
	return RootEvidence{Password: s.RootPassword, Key: s.RootKey, MFA: s.RootMFA}
}

// Control implements posture.Evaluator.
func (e RootMFA) Control() posture.Control {
	return posture.Control{
		ID:       "iam.root-mfa",
		Title:    "The root user has MFA",
		Doc:      "The root user can do everything, and no policy of the account limits it; a password alone must not open it. Register a second factor, better two, for the root user in the console, or remove the root credentials of member accounts by central root access.",
		Severity: posture.Critical, Scope: posture.Global, Resource: "AWS::IAM::Account",
		Requires: []string{"iam:GetAccountSummary"},
	}
}

// Place implements posture.Evaluator.
func (e RootMFA) Place() posture.Place { return e.Account.Place() }

// Evaluate implements posture.Evaluator.
func (e RootMFA) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	if e.Account.noRootConsole() {
		return []posture.Finding{e.Control().NotApplicable(e.Account.account(), noRootConsole)}, nil
	}
	s, err := e.Account.Summary(ctx)
	if err != nil {
		return nil, err
	}
	judge := e.Control().Fail
	if s.RootMFA || !s.RootCredentials() {
		judge = e.Control().Pass
	}
	return []posture.Finding{judge(e.Account.account(), rootEvidence(s))}, nil
}

// RootHardwareMFA judges that no virtual device can serve as the root user's
// second factor: a phone that is lost, cloned or sold must not open the account.
// AWS does not say which hardware devices a root user has, only the virtual ones.
type RootHardwareMFA struct{ Account *Account }

// Control implements posture.Evaluator.
func (e RootHardwareMFA) Control() posture.Control {
	return posture.Control{
		ID:       "iam.root-hardware-mfa",
		Title:    "The root user has hardware MFA",
		Doc:      "A hardware key or token cannot be copied as the seed of a virtual device can. Register a hardware device for the root user and remove the virtual ones.",
		Severity: posture.Critical, Scope: posture.Global, Resource: "AWS::IAM::Account",
		Requires: []string{"iam:GetAccountSummary", "iam:ListVirtualMFADevices"},
	}
}

// Place implements posture.Evaluator.
func (e RootHardwareMFA) Place() posture.Place { return e.Account.Place() }

// Evaluate implements posture.Evaluator.
func (e RootHardwareMFA) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c, here := e.Control(), e.Account.account()
	if e.Account.noRootConsole() {
		return []posture.Finding{c.NotApplicable(here, noRootConsole)}, nil
	}
	s, err := e.Account.Summary(ctx)
	if err != nil {
		return nil, err
	}
	seen := rootEvidence(s)
	if !s.RootCredentials() {
		return []posture.Finding{c.Pass(here, seen)}, nil
	}
	if !s.RootMFA {
		return []posture.Finding{c.Fail(here, seen)}, nil
	}
	devices, err := e.Account.VirtualMFADevices(ctx)
	for _, d := range devices {
		if d.User == here.ARN {
			seen.Virtual = append(seen.Virtual, d.Serial)
		}
	}
	switch {
	case len(seen.Virtual) > 0:
		return []posture.Finding{c.Fail(here, seen)}, nil
	case err != nil: // the device may stand on a page that was not read
		return nil, err
	}
	return []posture.Finding{c.Pass(here, seen)}, nil
}

// RootAccessKey judges that the root user has no access key.
type RootAccessKey struct{ Account *Account }

// Control implements posture.Evaluator.
func (e RootAccessKey) Control() posture.Control {
	return posture.Control{
		ID:       "iam.root-access-key",
		Title:    "The root user has no access key",
		Doc:      "A root access key gives the whole account to whoever finds it, without MFA and without limit. Sign in as root, move what uses the key to a role, and delete the key.",
		Severity: posture.Critical, Scope: posture.Global, Resource: "AWS::IAM::Account",
		Requires: []string{"iam:GetAccountSummary"},
	}
}

// Place implements posture.Evaluator.
func (e RootAccessKey) Place() posture.Place { return e.Account.Place() }

// Evaluate implements posture.Evaluator.
func (e RootAccessKey) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	s, err := e.Account.Summary(ctx)
	if err != nil {
		return nil, err
	}
	judge := e.Control().Pass
	if s.RootKey {
		judge = e.Control().Fail
	}
	return []posture.Finding{judge(e.Account.account(), rootEvidence(s))}, nil
}

// RootRecentUse judges that the root user was not used within Idle before the
// credential report was made. Only the report tells of root's use.
type RootRecentUse struct {
	Account *Account
	Idle    time.Duration // default 90 days
}

// RootUseEvidence is when the root user was last used.
type RootUseEvidence struct {
	Password time.Time `json:"password,omitzero"` // zero: never, as far as the report knows
	Keys     time.Time `json:"keys,omitzero"`     // the later of both keys
	Report   time.Time `json:"report"`            // when the report was made
}

// String says it in a sentence.
func (e RootUseEvidence) String() string {
	return fmt.Sprintf("By the report of %s the root password was last used %s, a root access key %s.", stamp(e.Report), lastUsed(e.Password), lastUsed(e.Keys))
}

// Control implements posture.Evaluator.
func (e RootRecentUse) Control() posture.Control {
	return posture.Control{
		ID:       "iam.root-recent-use",
		Title:    "The root user is not in everyday use",
		Doc:      "Work as root is beyond every policy and hard to attribute to a person. Use roles for everyday work and keep root for the few tasks that need it.",
		Severity: posture.High, Scope: posture.Global, Resource: "AWS::IAM::Account",
		Requires: []string{"iam:GenerateCredentialReport", "iam:GetCredentialReport"},
		Params:   []posture.Param{param.Days("idle", e.Idle, 90*day, "CIS AWS Foundations, root user unused")},
	}
}

// Place implements posture.Evaluator.
func (e RootRecentUse) Place() posture.Place { return e.Account.Place() }

// Evaluate implements posture.Evaluator.
func (e RootRecentUse) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	report, err := e.Account.Report(ctx)
	if report.Root == nil {
		if err == nil {
			err = malformedReport("it has no row %q", rootRow)
		}
		return nil, err
	}
	seen := RootUseEvidence{Password: report.Root.PasswordUsed, Report: report.Generated}
	for _, k := range report.Root.Keys {
		if k.Used.After(seen.Keys) {
			seen.Keys = k.Used
		}
	}
	since := e.Account.now().Add(-cmp.Or(e.Idle, 90*day))
	judge := e.Control().Pass
	if seen.Password.After(since) || seen.Keys.After(since) {
		judge = e.Control().Fail
	}
	return []posture.Finding{judge(e.Account.account(), seen)}, nil
}
