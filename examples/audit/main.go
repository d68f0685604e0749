// Command audit assesses the sample account against two frameworks, reports on it
// as an HTML page and in OSCAL, keeps both with the findings, their parameters and
// the assessments as a signed bundle, and verifies the bundle offline, untouched
// and tampered with.
//
//	audit [-out FOLDER]
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
	"path/filepath"
	"slices"
	"time"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/compliance"
	"github.com/awsposture/posture/compliance/evidence"
	"github.com/awsposture/posture/compliance/report"
	"github.com/awsposture/posture/examples/internal/sample"
	"github.com/awsposture/posture/guardduty"
	"github.com/awsposture/posture/iam"
)

func main() {
	out := flag.String("out", "", "keep report.html, assessment-results.json and bundle.zip in this folder")
	flag.Parse()
	if err := run(context.Background(), os.Stdout, *out); err != nil {
		fmt.Fprintln(os.Stderr, "audit:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, w io.Writer, out string) error {
	results, scope := scan(ctx)
	assessment, items, err := assess(results, scope)
	if err != nil {
		return err
	}
	reports, err := render(assessment, items)
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
	return prove(w, results, assessment, reports, out)
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

func assess(results []posture.Result, scope []posture.Place) (*compliance.Assessment, []compliance.Item, error) {
	cis, err := compliance.Load("cis-aws", "5.0.0")
	if err != nil {
		return nil, nil, err
	}
	fsbp, err := compliance.Load("aws-fsbp", "1.0.0")
	if err != nil {
		return nil, nil, err
	}
	run, err := compliance.Assessor{
		Frameworks: []*compliance.Framework{cis, fsbp}, Scope: scope, Now: func() time.Time { return sample.Now },
		Owner: compliance.Owners{Default: "platform@example.com"}.Of,
	}.Start()
	if err != nil {
		return nil, nil, err
	}
	items := slices.Collect(run.Items(slices.Values(results)))
	slices.SortStableFunc(items, report.Urgency(sample.Now))
	return run.Assessment(), items, nil
}

// file is a report by its name.
type file struct {
	name, mediaType string
	content         []byte
}

// render writes what a reader and what a governance tool asks for.
func render(assessment *compliance.Assessment, items []compliance.Item) ([]file, error) {
	h := report.HeaderOf(assessment)
	h.Title = "Sample account " + sample.Account.Account
	var page, oscal bytes.Buffer
	if err := (report.HTML{}).Write(&page, h, slices.Values(items)); err != nil {
		return nil, err
	}
	if err := (report.OSCAL{}).Write(&oscal, h, slices.Values(items)); err != nil {
		return nil, err
	}
	return []file{{"report.html", "text/html", page.Bytes()}, {"assessment-results.json", "application/json", oscal.Bytes()}}, nil
}

// prove writes the bundle and verifies it as somebody else would, with nothing
// but the archive and the public key.
func prove(w io.Writer, results []posture.Result, assessment *compliance.Assessment, reports []file, out string) error {
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
	for _, f := range reports {
		bundle.Files = append(bundle.Files, evidence.Bytes("reports/"+f.name, f.mediaType, f.content))
	}
	bundle.Manifest.Run = "sample " + assessment.At.Format(time.DateOnly)
	bundle.Manifest.Tool = evidence.ThisTool()
	bundle.Manifest.Started, bundle.Manifest.Ended = assessment.At, assessment.At // the sample's clock stands
	bundle.Manifest.Declared, bundle.Manifest.Reached = assessment.Scope, report.HeaderOf(assessment).Places
	if _, err := bundle.WriteZip(&archive); err != nil {
		return err
	}
	if out != "" {
		for _, f := range append(reports, file{name: "bundle.zip", content: archive.Bytes()}) {
			if err := os.WriteFile(filepath.Join(out, f.name), f.content, 0o600); err != nil {
				return err
			}
		}
	}
	manifest, err := evidence.VerifyZip(bytes.NewReader(archive.Bytes()), int64(archive.Len()), public)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "The bundle of %d files verifies. It speaks of %d of the %d places declared.\n", len(manifest.Files), len(manifest.Reached), len(manifest.Declared))
	tampered := bytes.Clone(archive.Bytes())
	tampered[len(tampered)/2] ^= 1
	if _, err := evidence.VerifyZip(bytes.NewReader(tampered), int64(len(tampered)), public); err == nil {
		return fmt.Errorf("a bundle with one bit changed verifies")
	}
	fmt.Fprintln(w, "With one bit changed it does not.")
	return nil
}
