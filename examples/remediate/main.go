// Command remediate puts findings of the sample account right, and back: plan,
// approval, apply, verify, undo. It prints the plan as an approver reads it and
// the journal that the run leaves.
package main

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/examples/internal/sample"
	"github.com/awsposture/posture/iam"
	"github.com/awsposture/posture/iam/iamtest"
)

func main() {
	if err := run(context.Background(), os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "remediate:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, w io.Writer) error {
	aws := sample.IAM()

	// Who plans only reads.
	findings, err := failing(ctx, sample.IAMAccount(aws), "iam.password-length", "iam.password-reuse", "iam.role-service-trust")
	if err != nil {
		return err
	}
	plans, err := plan(ctx, sample.IAMAccount(aws), aws, findings)
	if err != nil {
		return err
	}

	// A plan is data: it goes to an approver, who needs no credentials.
	var wire [][]byte
	for _, p := range plans {
		fmt.Fprintf(w, "%s\n", p.Text())
		b, err := json.Marshal(p)
		if err != nil {
			return err
		}
		wire = append(wire, b)
	}

	// Who applies has the clients, and what the approver said.
	journal := new(posture.MemoryJournal)
	public, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		return err
	}
	account := sample.IAMAccount(aws)
	x := &posture.Executor{
		Journal: journal, Signer: private, Now: func() time.Time { return sample.Now },
		Limits: posture.Limits{Targets: 5},
		Caller: func(context.Context) (string, error) {
			return "arn:aws:sts::111122223333:assumed-role/remediator/ben", nil
		},
		Approvals: approvedBy("ana@example.com"),
		Recheck:   func(ctx context.Context, f posture.Finding) (posture.Finding, error) { return again(ctx, aws, f) },
	}
	var receipts []posture.Receipt
	for _, b := range wire {
		var p posture.Plan
		if err := json.Unmarshal(b, &p); err != nil {
			return err
		}
		if p, err = p.Bind(iam.Bindings(account, aws)...); err != nil {
			return err
		}
		r, err := x.Apply(ctx, p)
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "applied %.10s: %s\n", p.ID(), r.Outcome)
		for _, f := range r.Rechecked {
			fmt.Fprintf(w, "  %s is %s: %s\n", f.Control, f.Status, f.Detail)
		}
		receipts = append(receipts, r)
	}

	for i := len(receipts) - 1; i >= 0; i-- {
		r, err := x.Undo(ctx, receipts[i])
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "undone %.10s: %s\n", r.Plan, r.Outcome)
	}
	return printJournal(ctx, w, journal, public)
}

// failing gives the failing findings of some controls.
func failing(ctx context.Context, a *iam.Account, controls ...string) (fs []posture.Finding, err error) {
	for r := range posture.Scan(ctx, iam.Evaluators(a), nil) {
		for _, id := range controls {
			for _, f := range r.Findings {
				if f.Control == id && f.Status == posture.Fail {
					fs = append(fs, f)
				}
			}
		}
	}
	if len(fs) == 0 {
		return nil, fmt.Errorf("nothing fails of %v", controls)
	}
	return fs, nil
}

// plan makes one plan for each target that a remediator answers.
func plan(ctx context.Context, a *iam.Account, w iam.Writer, fs []posture.Finding) (plans []posture.Plan, err error) {
	for _, r := range iam.Remediators(a, w) {
		byTarget := map[posture.Resource][]posture.Finding{}
		var targets []posture.Resource
		for _, f := range fs {
			for _, id := range r.Controls() {
				if id != f.Control {
					continue
				}
				if byTarget[f.Resource] == nil {
					targets = append(targets, f.Resource)
				}
				byTarget[f.Resource] = append(byTarget[f.Resource], f)
			}
		}
		for _, target := range targets {
			p, err := r.Plan(ctx, byTarget[target]...)
			if err != nil {
				return nil, err
			}
			plans = append(plans, p)
		}
	}
	return plans, nil
}

// approvedBy is the consent of one person to whatever is asked: in life it is
// looked up where people give it.
func approvedBy(person string) func(context.Context, string) ([]posture.Approval, error) {
	return func(_ context.Context, plan string) ([]posture.Approval, error) {
		return []posture.Approval{{Plan: plan, Approver: person, Method: "ticket", Time: sample.Now}}, nil
	}
}

// again judges a finding on a view that has seen nothing yet.
func again(ctx context.Context, aws *iamtest.IAM, was posture.Finding) (posture.Finding, error) {
	for r := range posture.Scan(ctx, iam.Evaluators(sample.IAMAccount(aws)), nil) {
		for _, f := range r.Findings {
			if f.Fingerprint() == was.Fingerprint() {
				return f, nil
			}
		}
	}
	return posture.Finding{}, fmt.Errorf("%s says nothing of %s any more", was.Control, was.Resource)
}

func printJournal(ctx context.Context, w io.Writer, j posture.Journal, key ed25519.PublicKey) error {
	fmt.Fprintln(w, "\njournal:")
	for e, err := range j.Read(ctx) {
		if err != nil {
			return err
		}
		what := bytes.NewBufferString(string(e.Phase))
		if e.Undo {
			what.WriteString(", undo")
		}
		if e.Body != nil {
			fmt.Fprintf(what, ": %s on %s", e.Body.Kind.Name, e.Body.Target)
		}
		if len(e.Approvers) > 0 {
			fmt.Fprintf(what, ", approved by %s", e.Approvers)
		}
		fmt.Fprintf(w, "%3d %.10s %s\n", e.Seq, e.Plan, what)
	}
	last, signed, err := posture.CheckJournal(ctx, j, key)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "the chain of %d entries holds; the last signature is entry %d\n", last, signed)
	return nil
}
