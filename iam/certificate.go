package iam

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/internal/refusal"
)

// CertificatePresence is whether a TLS certificate is kept in IAM.
type CertificatePresence struct {
	Present bool `json:"present"`
}

// KeptCertificate is the setting of a TLS certificate's presence in IAM. It can only
// go one way. It implements posture.Setting[CertificatePresence].
type KeptCertificate struct {
	Account *Account `json:"-"`
	Writer  Writer   `json:"-"`
	Name    string   `json:"name"`
}

// Kind implements posture.Setting.
func (s KeptCertificate) Kind() posture.Kind {
	return posture.Kind{Name: "iam.server-certificate", Reads: []string{"iam:ListServerCertificates"}, Writes: []string{"iam:DeleteServerCertificate"}, Settle: settle}
}

// Target implements posture.Setting.
func (s KeptCertificate) Target() posture.Resource { return s.Account.certificate(s.Name) }

// Get implements posture.Setting.
func (s KeptCertificate) Get(ctx context.Context) (CertificatePresence, error) {
	list, err := listCertificates(ctx, s.Account.api)
	for _, c := range list {
		if c.Name == s.Name {
			return CertificatePresence{true}, nil
		}
	}
	return CertificatePresence{}, err
}

// Loss says that the private key is gone for good.
func (s KeptCertificate) Loss(from, to CertificatePresence) string {
	if from.Present && !to.Present {
		return "private-key: IAM does not give it out, so nothing can bring the certificate back"
	}
	return ""
}

// Set implements posture.Setting. A certificate cannot be brought back.
func (s KeptCertificate) Set(ctx context.Context, want CertificatePresence) error {
	if want.Present {
		return errors.New("iam: a deleted server certificate cannot be brought back")
	}
	_, err := s.Writer.DeleteServerCertificate(ctx, &iam.DeleteServerCertificateInput{ServerCertificateName: &s.Name})
	if sameCode(err, "NoSuchEntity") {
		return nil
	}
	return err
}

// DeleteExpiredCertificate plans to delete a TLS certificate that has expired. IAM refuses
// where a Classic Load Balancer uses it; other uses IAM does not know.
type DeleteExpiredCertificate struct {
	Account *Account
	Writer  Writer
	// InUse tells whether a listener or a distribution names the certificate; nil
	// leaves it to a person to look.
	InUse func(ctx context.Context, name string) (bool, error)
}

// Controls implements posture.Remediator.
func (r DeleteExpiredCertificate) Controls() []string {
	return []string{"iam.server-certificate-valid"}
}

// Place implements posture.Remediator.
func (r DeleteExpiredCertificate) Place() posture.Place { return r.Account.Place() }

// Plan implements posture.Remediator.
func (r DeleteExpiredCertificate) Plan(ctx context.Context, fs ...posture.Finding) (posture.Plan, error) {
	target, err := posture.TargetOf(r, fs)
	if err != nil {
		return posture.Plan{}, err
	}
	list, err := listCertificates(ctx, r.Account.api)
	if err != nil {
		return posture.Plan{}, refusal.Unreadable(target, err)
	}
	p := posture.NewPlan(r.Place(), r.Account.now(), fs)
	for _, c := range list {
		if c.Name != target.ID || r.Account.now().Before(c.Expires) {
			continue
		}
		if r.InUse == nil {
			p.Needs = []string{"no load balancer listener and no distribution names the certificate"}
		} else if used, err := r.InUse(ctx, c.Name); err != nil {
			return posture.Plan{}, refusal.Unreadable(target, err)
		} else if used {
			return posture.Plan{}, &posture.Refusal{Reason: posture.ReasonNeedsChoice, Message: target.String() + " is in use"}
		}
		step, err := posture.Change(KeptCertificate{r.Account, r.Writer, c.Name}, CertificatePresence{true}, CertificatePresence{})
		if err != nil {
			return posture.Plan{}, err
		}
		p.Steps = append(p.Steps, step)
	}
	return p, nil
}
