package report_test

import (
	"fmt"
	"os"
	"slices"
	"time"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/compliance"
	"github.com/awsposture/posture/compliance/report"
)

// Results are assessed, and what passes through is written, most urgent first.
func Example() {
	account := posture.Place{Partition: "aws", Account: "111122223333"}
	mfa := posture.Control{ID: "iam.user-mfa", Title: "Users have a second factor", Severity: posture.High, Doc: "A password alone is guessed. Give the user a passkey.", Resource: "AWS::IAM::User"}
	now := time.Date(2026, time.June, 1, 9, 0, 0, 0, time.UTC)
	results := []posture.Result{{Control: mfa, Place: account, Started: now, Findings: []posture.Finding{
		mfa.Pass(account.Resource("AWS::IAM::User", "ana", ""), nil).Detailf("User ana has a passkey."),
		mfa.Fail(account.Resource("AWS::IAM::User", "ben", ""), nil).Detailf("User ben signs in with a password alone."),
	}}}

	run, err := compliance.Assessor{
		Scope: []posture.Place{account}, Now: func() time.Time { return now }, Owner: compliance.Owners{Default: "platform@example.com"}.Of,
	}.Start()
	if err != nil {
		fmt.Println(err)
		return
	}
	items := slices.Collect(run.Items(slices.Values(results)))
	slices.SortStableFunc(items, report.Urgency(now))
	h := report.HeaderOf(run.Assessment())
	if err := (report.JUnit{}).Write(os.Stdout, h, slices.Values(items)); err != nil {
		fmt.Println(err)
	}
	// Output:
	// <?xml version="1.0" encoding="UTF-8"?>
	// <testsuites>
	// <testsuite name="iam.user-mfa" package="iam.user-mfa" id="0" timestamp="2026-06-01T09:00:00" hostname="aws/111122223333" tests="2" failures="1" errors="0" skipped="0" time="0">
	// <properties><property name="tool" value="posture, finished 2026-06-01T09:00:00Z."/></properties>
	// <testcase name="AWS::IAM::User ben" classname="iam.user-mfa" time="0"><failure message="User ben signs in with a password alone." type="high">Why and what to do: A password alone is guessed. Give the user a passkey.
	// Owner: platform@example.com
	// Fingerprint: 1-b35ebf53ab6091e248ff0655b15afca3</failure></testcase>
	// <testcase name="AWS::IAM::User ana" classname="iam.user-mfa" time="0"/>
	// <system-out></system-out><system-err></system-err>
	// </testsuite>
	// </testsuites>
}

// Two snapshots make a comparison, and every format says what is new.
func ExampleHeader_comparison() {
	account := posture.Place{Partition: "aws", Account: "111122223333"}
	mfa := posture.Control{ID: "iam.user-mfa", Title: "Users have a second factor", Severity: posture.High, Resource: "AWS::IAM::User"}
	at := func(day int, verdict func(posture.Resource, any) posture.Finding) (*compliance.Run, []compliance.Item) {
		now := time.Date(2026, time.June, day, 9, 0, 0, 0, time.UTC)
		run, err := compliance.Assessor{Scope: []posture.Place{account}, Now: func() time.Time { return now }, Keep: true}.Start()
		if err != nil {
			fmt.Println(err)
		}
		ben := verdict(account.Resource("AWS::IAM::User", "ben", ""), nil)
		return run, slices.Collect(run.Items(slices.Values([]posture.Result{{Control: mfa, Place: account, Started: now, Findings: []posture.Finding{ben}}})))
	}
	before, _ := at(1, mfa.Pass)
	after, items := at(8, mfa.Fail)
	comparison := compliance.Compare(before.Snapshot(), after.Snapshot())

	h := report.HeaderOf(after.Assessment())
	h.Comparison = &comparison
	if err := (report.Markdown{}).Write(os.Stdout, h, slices.Values(items)); err != nil {
		fmt.Println(err)
	}
	// Output:
	// # AWS security posture
	//
	// posture, finished 2026-06-08T09:00:00Z.
	//
	// Assessed: aws/111122223333
	//
	// ## Summary
	//
	// | Findings | Fail | Unknown | Waived | Pass | Not applicable |
	// |---|---|---|---|---|---|
	// | 1 | 1 | 0 | 0 | 0 | 0 |
	//
	// | Severity | Fail | Unknown | Waived |
	// |---|---|---|---|
	// | critical | 0 | 0 | 0 |
	// | high | 1 | 0 | 0 |
	// | medium | 0 | 0 | 0 |
	// | low | 0 | 0 | 0 |
	// | informational | 0 | 0 | 0 |
	//
	// ### Changes since 2026-06-01
	//
	// | Change | Count |
	// |---|---|
	// | New | 0 |
	// | Regressed | 1 |
	// | Open | 0 |
	// | Not seen | 0 |
	// | Fixed | 0 |
	// | Gone | 0 |
	//
	// ## Findings
	//
	// | Verdict | Severity | Control | Resource | Account | Region | Owner | What was observed |
	// |---|---|---|---|---|---|---|---|
	// | Fail, regressed | high | `iam.user-mfa` | `AWS::IAM::User ben` | 111122223333 |  |  | Users have a second factor |
	//
	// ## What to do
	//
	// ### `iam.user-mfa` Users have a second factor
}
