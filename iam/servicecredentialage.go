package iam

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/internal/param"
)

// ServiceCredentialAge judges that no active service-specific credential, of
// which API keys for Amazon Bedrock are one kind, is older than Max. The credential report does not know
// them. See "Service-specific credentials for IAM users" in the IAM User Guide.
type ServiceCredentialAge struct {
	Account *Account
	Max     time.Duration // default 90 days
}

// ServiceCredentialEvidence is one credential and its age.
type ServiceCredentialEvidence struct {
	User    string    `json:"user"`
	ID      string    `json:"id"`
	Service string    `json:"service"`
	Created time.Time `json:"created"`
	Expires time.Time `json:"expires,omitzero"` // zero: never
	Age     int       `json:"ageDays"`
}

// String says it in a sentence.
func (e ServiceCredentialEvidence) String() string {
	return fmt.Sprintf("Credential %s of user %s for %s was created at %s, %d days ago.", e.ID, e.User, e.Service, stamp(e.Created), e.Age)
}

// Control implements posture.Evaluator.
func (e ServiceCredentialAge) Control() posture.Control {
	return posture.Control{
		ID:       "iam.service-credential-age",
		Title:    "Service-specific credentials are rotated in time",
		Doc:      "An API key or a password for one service is a long-lived credential like an access key, and is overlooked more easily. Reset or deactivate it; prefer roles and short-term keys.",
		Severity: posture.Medium, Scope: posture.Global, Resource: "AWS::IAM::ServiceSpecificCredential",
		Requires: []string{"iam:ListServiceSpecificCredentials"},
		Params:   []posture.Param{param.Days("max-age", e.Max, 90*day, "as for access keys, AWS FSBP IAM.3")},
	}
}

// Place implements posture.Evaluator.
func (e ServiceCredentialAge) Place() posture.Place { return e.Account.Place() }

// Evaluate implements posture.Evaluator.
func (e ServiceCredentialAge) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c, a, most := e.Control(), e.Account, cmp.Or(e.Max, 90*day)
	list, err := a.ServiceCredentials(ctx)
	var fs []posture.Finding
	for _, k := range list {
		r := a.place.Resource("AWS::IAM::ServiceSpecificCredential", k.ID, "")
		age := a.now().Sub(k.Created)
		seen := ServiceCredentialEvidence{k.User, k.ID, k.Service, k.Created, k.Expires, int(age / day)}
		switch {
		case !k.Active:
			fs = append(fs, c.NotApplicable(r, "The credential is inactive."))
		case !k.Expires.IsZero() && k.Expires.Before(a.now()):
			fs = append(fs, c.NotApplicable(r, "The credential has expired."))
		case age > most:
			fs = append(fs, c.Fail(r, seen))
		default:
			fs = append(fs, c.Pass(r, seen))
		}
	}
	return c.Judged(fs, err, a.account(), "No IAM user has a service-specific credential.")
}
