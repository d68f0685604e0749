package iam

import (
	"context"
	"fmt"
	"time"

	"github.com/awsposture/posture"
)

// ServerCertificateValid judges that no TLS certificate kept in IAM has expired.
type ServerCertificateValid struct{ Account *Account }

// ServerCertificateEvidence is a certificate and its end.
type ServerCertificateEvidence struct {
	Name    string    `json:"name"`
	Expires time.Time `json:"expires"`
}

// String says it in a sentence.
func (e ServerCertificateEvidence) String() string {
	return fmt.Sprintf("Certificate %s expires at %s.", e.Name, stamp(e.Expires))
}

// Control implements posture.Evaluator.
func (e ServerCertificateValid) Control() posture.Control {
	return posture.Control{
		ID:       "iam.server-certificate-valid",
		Title:    "No expired TLS certificate is kept in IAM",
		Doc:      "An expired certificate that is deployed by mistake breaks what it should protect. Delete it, and keep certificates in AWS Certificate Manager, which renews them.",
		Severity: posture.Medium, Scope: posture.Global, Resource: "AWS::IAM::ServerCertificate",
		Requires: []string{"iam:ListServerCertificates"},
	}
}

// Place implements posture.Evaluator.
func (e ServerCertificateValid) Place() posture.Place { return e.Account.Place() }

// Evaluate implements posture.Evaluator.
func (e ServerCertificateValid) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c, a := e.Control(), e.Account
	list, err := a.ServerCertificates(ctx)
	var fs []posture.Finding
	for _, x := range list {
		r := a.certificate(x.Name)
		seen := ServerCertificateEvidence{x.Name, x.Expires}
		switch {
		case x.Expires.IsZero():
			fs = append(fs, c.Unknown(r, &posture.Cause{Kind: posture.CauseMalformed, Operation: "IAM:ListServerCertificates", Message: "the certificate came without its end"}))
		case a.now().After(x.Expires):
			fs = append(fs, c.Fail(r, seen))
		default:
			fs = append(fs, c.Pass(r, seen))
		}
	}
	return c.Judged(fs, err, a.account(), "No certificate is kept in IAM.")
}

func (a *Account) certificate(name string) posture.Resource {
	return a.place.Resource("AWS::IAM::ServerCertificate", name, "")
}
