// Command gate stops a delivery on vulnerabilities that Amazon Inspector found
// since a baseline. It looks at the shop's images and functions of a sample
// account, says what blocks, what was allowed and until when, and what was never
// scanned, and exits with status 1 where the gate is closed, 2 where it could not
// decide. What makes the next baseline is written with -baseline-out.
//
//	gate [-baseline FILE] [-allow FILE] [-severity WORD] [-baseline-out FILE] [-sarif FILE]
package main

import (
	"bytes"
	"context"
	_ "embed" // the sample's baseline and allowances
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/awsposture/posture/examples/internal/sample"
	"github.com/awsposture/posture/inspector"
)

//go:embed baseline.json
var sampleBaseline []byte

//go:embed allow.json
var sampleAllowances []byte

func main() { os.Exit(run(context.Background(), os.Args[1:], os.Stdout, os.Stderr)) }

func run(ctx context.Context, args []string, w, errs io.Writer) int {
	flags := flag.NewFlagSet("gate", flag.ContinueOnError)
	flags.SetOutput(errs)
	baseline := flags.String("baseline", "", "what was known before, a JSON `file`; default the sample's")
	allow := flags.String("allow", "", "allowances, a JSON `file`; default the sample's")
	severity := flags.String("severity", "HIGH", "a new finding of this `severity` or above blocks")
	next := flags.String("baseline-out", "", "write what is found now to this `file`")
	sarif := flags.String("sarif", "", "write every finding to this `file`")
	switch err := flags.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return 0
	case err != nil:
		return 2
	}
	closed, err := decide(ctx, w, *baseline, *allow, *severity, *next, *sarif)
	switch {
	case err != nil:
		fmt.Fprintln(errs, "gate:", err)
		return 2
	case closed:
		return 1
	}
	return 0
}

func decide(ctx context.Context, w io.Writer, baseline, allow, severity, next, sarif string) (closed bool, err error) {
	region := sample.Inspector()
	gate := inspector.Gate{Now: region.Now(), Severity: severity}
	if err := read(baseline, sampleBaseline, &gate.Baseline); err != nil {
		return true, err
	}
	if err := read(allow, sampleAllowances, &gate.Allow); err != nil {
		return true, err
	}
	if err := gate.Check(); err != nil {
		return true, err
	}
	// That nothing is found means nothing before it is proved that all was looked at.
	proof, err := region.Proof(ctx, inspector.Limits{})
	if err != nil {
		return true, err
	}
	gate.Proof = &proof

	d := gate.Judge(region.Items(ctx))
	fmt.Fprintf(w, "%s\nCoverage: %s\n", d, proof)
	for _, i := range d.Blocking {
		fmt.Fprintf(w, "\nBLOCKS  %s\n        %s\n        %s\n", i.Title, i.Resource.ID, i.Reason)
	}
	for _, r := range d.Unproven {
		fmt.Fprintf(w, "\nUNSEEN  %s\n        %s: %s\n", r.Resource.ID, r.Verdict, r.Why)
	}
	for _, i := range d.Allowed {
		fmt.Fprintf(w, "\nallowed %s\n        %s\n", i.Title, i.Resource.ID)
	}
	for _, a := range d.Expired {
		fmt.Fprintf(w, "\nended   the allowance of %s, on %s: %s\n", a.Vulnerability, a.Until.Format("2006-01-02"), a.Reason)
	}
	for _, a := range d.Unused {
		fmt.Fprintf(w, "\nunused  the allowance of %s: %s\n", a.Vulnerability, a.Reason)
	}
	if d.Err != "" {
		return true, errors.New(d.Err)
	}
	return !d.Pass, keep(ctx, region, next, sarif)
}

// read decodes a file, or the sample's own where no file is named. A member that is
// not known is an error: an allowance whose "resource" is misspelt would allow
// everywhere.
func read(path string, sample []byte, into any) error {
	text := sample
	if path != "" {
		var err error
		if text, err = os.ReadFile(path); err != nil {
			return err
		}
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return fmt.Errorf("%s: there is more after its end", path)
	}
	return nil
}

// keep writes what was asked for.
func keep(ctx context.Context, region *inspector.Region, next, sarif string) error {
	if next != "" {
		b, err := inspector.NewBaseline(region.Now(), region.Items(ctx))
		if err != nil {
			return err
		}
		text, err := json.MarshalIndent(b, "", "\t")
		if err != nil {
			return err
		}
		if err := os.WriteFile(next, append(text, '\n'), 0o644); err != nil {
			return err
		}
	}
	if sarif == "" {
		return nil
	}
	f, err := os.Create(sarif)
	if err != nil {
		return err
	}
	if err := inspector.WriteSARIF(f, region.Items(ctx)); err != nil {
		_ = f.Close() // the first error is the one to tell
		return err
	}
	return f.Close()
}
