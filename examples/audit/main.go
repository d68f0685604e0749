// Command audit assesses the sample account against two frameworks, keeps the
// findings, their parameters and the assessments as a signed bundle, and verifies
// the bundle offline, untouched and tampered with.
//
//	audit [-out FILE]
package main

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/compliance"
	"github.com/awsposture/posture/compliance/evidence"
	"github.com/awsposture/posture/examples/internal/sample"
	"github.com/awsposture/posture/guardduty"
	"github.com/awsposture/posture/iam"
)

func main() {
	out := flag.String("out", "", "keep the bundle, a zip archive, in this file")
	flag.Parse()
	if err := run(context.Background(), os.Stdout, *out); err != nil {
		fmt.Fprintln(os.Stderr, "audit:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, w io.Writer, out string) error {
	results, scope := scan(ctx)
	assessment, err := assess(results, scope)
	if err != nil {
		return err
	}
	for _, f := range assessment.Frameworks {
		fmt.Fprintf(w, "%s\n%s\n", f.Name, f.Summary())
		for _, r := range f.Requirements {
			if r.Outcome == compliance.NotMet {
				fmt.Fprintf(w, "  %-14s %s: %v\n", r.ID, r.Outcome, r.Controls)
			}
		}
		fmt.Fprintln(w)
	}
	return prove(w, results, assessment, out)
}

// scan judges the sample account once, for both frameworks.
func scan(ctx context.Context) (results []posture.Result, scope []posture.Place) {
	scope = []posture.Place{sample.Account}
	evs := iam.Evaluators(sample.IAMAccount(sample.IAM()))
	for _, f := range sample.GuardDuty() {
		scope = append(scope, f.Place())
		evs = slices.Concat(evs, guardduty.Evaluators(sample.GuardDutyRegion(f)))
	}
	return slices.Collect(posture.Scan(ctx, evs, nil)), scope
}

func assess(results []posture.Result, scope []posture.Place) (*compliance.Assessment, error) {
	cis, err := compliance.Load("cis-aws", "5.0.0")
	if err != nil {
		return nil, err
	}
	fsbp, err := compliance.Load("aws-fsbp", "1.0.0")
	if err != nil {
		return nil, err
	}
	return compliance.Assessor{Frameworks: []*compliance.Framework{cis, fsbp}, Scope: scope}.Assess(slices.Values(results))
}

// prove writes the bundle and verifies it as somebody else would, with nothing
// but the archive and the public key.
func prove(w io.Writer, results []posture.Result, assessment *compliance.Assessment, out string) error {
	public, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		return err
	}
	judged, err := json.MarshalIndent(assessment, "", "  ")
	if err != nil {
		return err
	}
	var archive bytes.Buffer
	bundle := evidence.Bundle{Signer: private, Files: []evidence.File{
		evidence.Findings(results), evidence.Parameters(results), evidence.Bytes("assessment.json", "application/json", judged),
	}}
	bundle.Manifest.Tool = evidence.ThisTool()
	if _, err := bundle.WriteZip(&archive); err != nil {
		return err
	}
	if out != "" {
		if err := os.WriteFile(out, archive.Bytes(), 0o600); err != nil {
			return err
		}
	}
	manifest, err := evidence.VerifyZip(bytes.NewReader(archive.Bytes()), int64(archive.Len()), public)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "The bundle of %d files verifies.\n", len(manifest.Files))
	tampered := bytes.Clone(archive.Bytes())
	tampered[len(tampered)/2] ^= 1
	if _, err := evidence.VerifyZip(bytes.NewReader(tampered), int64(len(tampered)), public); err == nil {
		return fmt.Errorf("a bundle with one bit changed verifies")
	}
	fmt.Fprintln(w, "With one bit changed it does not.")
	return nil
}
