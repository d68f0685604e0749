package iam

import (
	"context"
	"fmt"
	"time"

	"github.com/awsposture/posture"
)

// KeyAtCreation judges that no user with a console password got an active access key
// together with it, as a form with both boxes ticked makes it.
type KeyAtCreation struct{ Account *Account }

// KeyAtCreationEvidence is when a user and a key of it were made.
type KeyAtCreationEvidence struct {
	User        string    `json:"user"`
	KeyID       string    `json:"keyId"`
	UserCreated time.Time `json:"userCreated"`
	KeyCreated  time.Time `json:"keyCreated"`
}

// String says it in a sentence.
func (e KeyAtCreationEvidence) String() string {
	return fmt.Sprintf("Access key %s was made at %s, its user %s at %s.", e.KeyID, stamp(e.KeyCreated), e.User, stamp(e.UserCreated))
}

// together is how close a user and a key made in one go are.
const together = time.Minute

// Control implements posture.Evaluator.
func (e KeyAtCreation) Control() posture.Control {
	return posture.Control{
		ID:       "iam.key-at-creation",
		Title:    "Console users get access keys only when they ask",
		Doc:      "A key made along with the user is often never used, and lies about. Deactivate it; who needs one can make it later.",
		Severity: posture.Low, Scope: posture.Global, Resource: "AWS::IAM::AccessKey",
		Requires: []string{"iam:GenerateCredentialReport", "iam:GetCredentialReport", "iam:GetAccountAuthorizationDetails", "iam:GetLoginProfile", "iam:ListAccessKeys"},
	}
}

// Place implements posture.Evaluator.
func (e KeyAtCreation) Place() posture.Place { return e.Account.Place() }

// Evaluate implements posture.Evaluator.
func (e KeyAtCreation) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c, a := e.Control(), e.Account
	fs, err := a.eachKey(ctx, c, func(ctx context.Context, u userRow, k AccessKey) posture.Finding {
		seen := KeyAtCreationEvidence{u.Name, k.ID, u.Created, k.Created}
		if !k.Active {
			return c.NotApplicable(a.key(k), "The access key is inactive.")
		}
		if k.Created.Sub(u.Created).Abs() > together {
			return c.Pass(a.key(k), seen)
		}
		login, err := a.Login(ctx, u.Name)
		switch {
		case err != nil:
			return c.Unknown(a.key(k), err)
		case !login.Exists:
			return c.NotApplicable(a.key(k), "The user has no console password.")
		}
		return c.Fail(a.key(k), seen)
	})
	return c.Judged(fs, err, a.account(), "No IAM user has an access key.")
}
