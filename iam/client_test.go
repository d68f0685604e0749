package iam_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/iam"
	"github.com/awsposture/posture/internal/awsfake"
)

// TestFromConfig scans through the real client, with its validation, paging and
// errors: the findings are those of the fake alone, by the same calls.
func TestFromConfig(t *testing.T) {
	for name, make := range map[string]func() *world{"good": goodWorld, "bad": badWorld} {
		t.Run(name, func(t *testing.T) {
			all := func(w *world, a *iam.Account) (fs []posture.Finding, calls map[string]int) {
				w.PageSize = 2
				for r := range posture.Scan(t.Context(), suite(a), nil) {
					fs = append(fs, r.Findings...)
				}
				calls = map[string]int{}
				for _, c := range w.Calls() {
					calls[c.Operation]++
				}
				return fs, calls
			}
			alone := make()
			wantFindings, wantCalls := all(alone, alone.account())

			served := make()
			a := iam.FromConfig(awsfake.Services{"IAM": served}.Config("eu-west-1"), place)
			direct := served.account()
			a.Now, a.Members, a.InOrganization, a.SecurityContact, a.Analyzers = direct.Now, direct.Members, direct.InOrganization, direct.SecurityContact, direct.Analyzers
			gotFindings, gotCalls := all(served, a)
			if diff := cmp.Diff(wantFindings, gotFindings); diff != "" {
				t.Errorf("findings (-fake +client):\n%s", diff)
			}
			if diff := cmp.Diff(wantCalls, gotCalls); diff != "" {
				t.Errorf("calls (-fake +client):\n%s", diff)
			}
		})
	}
}

// TestLosses holds what the settings of this package cannot bring back: a
// password and a certificate's private key.
func TestLosses(t *testing.T) {
	if loss := (iam.UserConsolePassword{}).Loss(iam.ConsolePassword{Exists: true}, iam.ConsolePassword{}); loss == "" {
		t.Error("a password comes back")
	}
	if loss := (iam.KeptCertificate{}).Loss(iam.CertificatePresence{Present: true}, iam.CertificatePresence{}); loss == "" {
		t.Error("a private key comes back")
	}
	w := badWorld()
	a := w.account()
	lossy := map[string]bool{}
	for r := range posture.Scan(t.Context(), suite(a), nil) {
		for _, f := range r.Findings {
			for _, rem := range iam.Remediators(a, w) {
				if f.Status != posture.Fail {
					continue
				}
				p, err := rem.Plan(t.Context(), f)
				for _, s := range p.Steps {
					if err == nil && s.Loss != "" {
						lossy[s.Kind.Name] = true
					}
				}
			}
		}
	}
	if diff := cmp.Diff(map[string]bool{"iam.console-password": true, "iam.server-certificate": true}, lossy); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
