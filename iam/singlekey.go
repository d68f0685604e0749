package iam

import (
	"context"
	"fmt"
	"strings"

	"github.com/awsposture/posture"
)

// SingleActiveKey judges that no IAM user has two active access keys for longer
// than a rotation takes: the second is there to replace the first.
type SingleActiveKey struct{ Account *Account }

// SingleActiveKeyEvidence is a user's active keys.
type SingleActiveKeyEvidence struct {
	User   string   `json:"user"`
	Active []string `json:"active"` // key ids
}

// String says it in a sentence.
func (e SingleActiveKeyEvidence) String() string {
	if len(e.Active) == 0 {
		return fmt.Sprintf("User %s has no active access key.", e.User)
	}
	return fmt.Sprintf("User %s has %d active access keys: %s.", e.User, len(e.Active), strings.Join(e.Active, ", "))
}

// Control implements posture.Evaluator.
func (e SingleActiveKey) Control() posture.Control {
	return posture.Control{
		ID:       "iam.single-active-key",
		Title:    "Users have one active access key",
		Doc:      "A second key is for the time of a rotation; afterwards it doubles what can be stolen. Find out which key is still used and deactivate the other.",
		Severity: posture.Low, Scope: posture.Global, Resource: "AWS::IAM::User",
		Requires: []string{"iam:GenerateCredentialReport", "iam:GetCredentialReport", "iam:GetAccountAuthorizationDetails", "iam:ListAccessKeys"},
	}
}

// Place implements posture.Evaluator.
func (e SingleActiveKey) Place() posture.Place { return e.Account.Place() }

// Evaluate implements posture.Evaluator.
func (e SingleActiveKey) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c, a := e.Control(), e.Account
	rows, _, err := a.userRows(ctx)
	fs := posture.Each(ctx, rows, func(ctx context.Context, u userRow) []posture.Finding {
		if !u.MayHaveKeys() {
			return nil
		}
		keys, err := a.AccessKeys(ctx, u.Name)
		if err != nil {
			return []posture.Finding{u.tagged(c.Unknown(a.user(u.User), err))}
		}
		seen := SingleActiveKeyEvidence{User: u.Name}
		for _, k := range keys {
			if k.Active {
				seen.Active = append(seen.Active, k.ID)
			}
		}
		judge := c.Pass
		if len(seen.Active) > 1 {
			judge = c.Fail
		}
		return []posture.Finding{u.tagged(judge(a.user(u.User), seen))}
	})
	return c.Judged(fs, err, a.account(), "No IAM user has an access key.")
}
