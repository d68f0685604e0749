package iam

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/internal/param"
)

// UnusedCredentials judges that no console password and no active access key of
// an IAM user has been idle for longer than Max. A credential that was never
// used counts from when it was made. What is idle by the credential report is
// read again from IAM before it fails.
type UnusedCredentials struct {
	Account *Account
	Max     time.Duration // default 45 days
}

// DormantCredentials is UnusedCredentials at the laxer bound of AWS FSBP and PCI
// DSS, as a control of its own.
type DormantCredentials struct {
	Account *Account
	Max     time.Duration // default 90 days
}

// UnusedCredentialEvidence is one credential and its last use.
type UnusedCredentialEvidence struct {
	User   string    `json:"user"`
	KeyID  string    `json:"keyId,omitempty"` // "": the console password
	Made   time.Time `json:"made"`            // created or, for a password, last changed
	Used   time.Time `json:"used,omitzero"`   // zero: never
	Idle   int       `json:"idleDays"`
	Report time.Time `json:"report"`    // when the credential report was made
	Live   bool      `json:"confirmed"` // read from IAM after the report
}

// String says it in a sentence.
func (e UnusedCredentialEvidence) String() string {
	what := "The console password"
	if e.KeyID != "" {
		what = "Access key " + e.KeyID
	}
	return fmt.Sprintf("%s of user %s was last used %s, idle for %d days.", what, e.User, lastUsed(e.Used), e.Idle)
}

var unusedActions = []string{
	"iam:GenerateCredentialReport", "iam:GetCredentialReport", "iam:GetAccountAuthorizationDetails",
	"iam:ListAccessKeys", "iam:GetAccessKeyLastUsed", "iam:GetLoginProfile", "iam:GetUser",
}

// Control implements posture.Evaluator.
func (e UnusedCredentials) Control() posture.Control {
	return posture.Control{
		ID:       "iam.unused-credentials",
		Title:    "Credentials idle for 45 days are disabled",
		Doc:      "Nobody misses a credential that nobody uses, nor notices when it is stolen. Deactivate the access key, remove the console password.",
		Severity: posture.Medium, Scope: posture.Global, Resource: "AWS::IAM::User", Requires: unusedActions,
		Params: []posture.Param{param.Days("max-idle", e.Max, 45*day, "CIS AWS Foundations; Security Hub IAM.22")},
	}
}

// Control implements posture.Evaluator.
func (e DormantCredentials) Control() posture.Control {
	return posture.Control{
		ID:       "iam.dormant-credentials",
		Title:    "Credentials idle for 90 days are disabled",
		Doc:      "A credential that was not used for a quarter of a year belongs to somebody who left or to something that was switched off. Deactivate the access key, remove the console password.",
		Severity: posture.Medium, Scope: posture.Global, Resource: "AWS::IAM::User", Requires: unusedActions,
		Params: []posture.Param{param.Days("max-idle", e.Max, 90*day, "AWS FSBP IAM.8; PCI DSS 8.2.6")},
	}
}

// Place implements posture.Evaluator.
func (e UnusedCredentials) Place() posture.Place { return e.Account.Place() }

// Place implements posture.Evaluator.
func (e DormantCredentials) Place() posture.Place { return e.Account.Place() }

// Evaluate implements posture.Evaluator.
func (e UnusedCredentials) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	return idle{e.Account, e.Control(), cmp.Or(e.Max, 45*day)}.evaluate(ctx)
}

// Evaluate implements posture.Evaluator.
func (e DormantCredentials) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	return idle{e.Account, e.Control(), cmp.Or(e.Max, 90*day)}.evaluate(ctx)
}

// idle is the judgement both controls share.
type idle struct {
	*Account
	control posture.Control
	most    time.Duration
}

func (e idle) evaluate(ctx context.Context) ([]posture.Finding, error) {
	rows, report, err := e.userRows(ctx)
	fs := posture.Each(ctx, rows, func(ctx context.Context, u userRow) (fs []posture.Finding) {
		if u.Fresh || u.Row.Password {
			fs = append(fs, e.password(ctx, u, report.Generated)...)
		}
		if u.Fresh || u.Row.Keys[0].Active || u.Row.Keys[1].Active {
			fs = append(fs, e.accessKeys(ctx, u, report.Generated)...)
		}
		return fs
	})
	return e.control.Judged(fs, err, e.account(), "No IAM user has a console password or an active access key.")
}

func (e idle) since(made, used time.Time) time.Duration {
	if used.After(made) {
		made = used
	}
	return e.now().Sub(made)
}

func (e idle) verdict(u userRow, r posture.Resource, seen UnusedCredentialEvidence) posture.Finding {
	since := e.since(seen.Made, seen.Used)
	seen.Idle = int(since / day)
	judge := e.control.Pass
	if since > e.most {
		judge = e.control.Fail
	}
	return u.tagged(judge(r, seen))
}

// passwordPart marks the findings that speak of a user's console password.
const passwordPart = "console-password"

func (e idle) password(ctx context.Context, u userRow, made time.Time) []posture.Finding {
	seen := UnusedCredentialEvidence{User: u.Name, Made: u.Row.PasswordChanged, Used: u.Row.PasswordUsed, Report: made}
	if u.Fresh || e.since(seen.Made, seen.Used) > e.most {
		seen.Live = true
		login, err := e.Login(ctx, u.Name)
		if err == nil && !login.Exists {
			return nil
		}
		if err == nil {
			seen.Used, err = e.PasswordLastUsed(ctx, u.Name)
		}
		if err != nil {
			return []posture.Finding{u.tagged(e.control.Unknown(e.user(u.User), err).Part(passwordPart))}
		}
		// The report knows when the password was changed; IAM only when it was made.
		if login.Created.After(seen.Made) {
			seen.Made = login.Created
		}
	}
	return []posture.Finding{e.verdict(u, e.user(u.User), seen).Part(passwordPart)}
}

func (e idle) accessKeys(ctx context.Context, u userRow, made time.Time) (fs []posture.Finding) {
	keys, err := e.AccessKeys(ctx, u.Name)
	for _, k := range keys {
		if !k.Active {
			continue
		}
		// The report does not say which key a column speaks of, so the older use
		// of the two bounds both.
		seen := UnusedCredentialEvidence{User: u.Name, KeyID: k.ID, Made: k.Created, Used: u.leastRecentUse(), Report: made}
		if e.since(seen.Made, seen.Used) > e.most {
			var err error
			if seen.Used, err = e.KeyLastUsed(ctx, k.ID); err != nil {
				fs = append(fs, u.tagged(e.control.Unknown(e.key(k), err)))
				continue
			}
			seen.Live = true
		}
		fs = append(fs, e.verdict(u, e.key(k), seen))
	}
	if err != nil {
		fs = append(fs, u.tagged(e.control.Unknown(e.user(u.User), err)))
	}
	return fs
}

// leastRecentUse is the older last use of the active keys; zero where one was
// never used, or the report does not know the user.
func (u userRow) leastRecentUse() time.Time {
	var least *time.Time
	for _, k := range u.Row.Keys {
		if k.Active && (least == nil || k.Used.Before(*least)) {
			least = &k.Used
		}
	}
	if least == nil {
		return time.Time{}
	}
	return *least
}
