package iam

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/internal/param"
)

// AccessKeyAge judges that no active access key of an IAM user is older than
// Max. Age counts from the key's creation; the credential report's rotation
// date, which also moves when a key is changed, only tells which users have
// keys. See "Manage access keys for IAM users" in the IAM User Guide.
type AccessKeyAge struct {
	Account *Account
	Max     time.Duration // default 90 days
}

// AccessKeyAgeEvidence is one key and its age.
type AccessKeyAgeEvidence struct {
	User    string    `json:"user"`
	KeyID   string    `json:"keyId"`
	Created time.Time `json:"created"`
	Age     int       `json:"ageDays"`
}

// String says it in a sentence.
func (e AccessKeyAgeEvidence) String() string {
	return fmt.Sprintf("Access key %s of user %s was created at %s, %d days ago.", e.KeyID, e.User, stamp(e.Created), e.Age)
}

// Control implements posture.Evaluator.
func (e AccessKeyAge) Control() posture.Control {
	return posture.Control{
		ID:       "iam.access-key-age",
		Title:    "Access keys are rotated in time",
		Doc:      "An access key works until somebody ends it, and the older it is the more places hold a copy. Replace it by a role where that can be; otherwise make a new key, move the workload, and deactivate the old one.",
		Severity: posture.Medium, Scope: posture.Global, Resource: "AWS::IAM::AccessKey",
		Requires: []string{"iam:GenerateCredentialReport", "iam:GetCredentialReport", "iam:GetAccountAuthorizationDetails", "iam:ListAccessKeys"},
		Params:   []posture.Param{param.Days("max-age", e.Max, 90*day, "AWS FSBP IAM.3; CIS AWS Foundations")},
	}
}

// Place implements posture.Evaluator.
func (e AccessKeyAge) Place() posture.Place { return e.Account.Place() }

// Evaluate implements posture.Evaluator.
func (e AccessKeyAge) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c, now, most := e.Control(), e.Account.now(), cmp.Or(e.Max, 90*day)
	fs, err := e.Account.eachKey(ctx, c, func(_ context.Context, u userRow, k AccessKey) posture.Finding {
		age := now.Sub(k.Created)
		seen := AccessKeyAgeEvidence{User: u.Name, KeyID: k.ID, Created: k.Created, Age: int(age / day)}
		switch {
		case !k.Active:
			return c.NotApplicable(e.Account.key(k), "The access key is inactive.")
		case age > most:
			return c.Fail(e.Account.key(k), seen)
		}
		return c.Pass(e.Account.key(k), seen)
	})
	return c.Judged(fs, err, e.Account.account(), "No IAM user has an access key.")
}

// eachKey judges every access key of every user, as it is now.
func (a *Account) eachKey(ctx context.Context, c posture.Control, judge func(context.Context, userRow, AccessKey) posture.Finding) ([]posture.Finding, error) {
	rows, _, err := a.userRows(ctx)
	return posture.Each(ctx, rows, func(ctx context.Context, u userRow) (fs []posture.Finding) {
		if !u.MayHaveKeys() {
			return nil
		}
		keys, err := a.AccessKeys(ctx, u.Name)
		for _, k := range keys {
			f := judge(ctx, u, k)
			f.Tags = u.Tags
			fs = append(fs, f)
		}
		if err != nil {
			fs = append(fs, c.Unknown(a.user(u.User), err))
		}
		return fs
	}), err
}

func (a *Account) user(u User) posture.Resource {
	return a.place.Resource("AWS::IAM::User", u.Name, u.ARN)
}

func (a *Account) key(k AccessKey) posture.Resource {
	return a.place.Resource("AWS::IAM::AccessKey", k.ID, "")
}
