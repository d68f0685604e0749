package iam

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/awsposture/posture"
)

// Report is the account's credential report. AWS makes one at most every four
// hours, so a row may be out of date: what fails by it is read again.
// See "Getting credential reports for your AWS account" in the IAM User Guide.
type Report struct {
	Generated time.Time
	Root      *ReportRow           // nil: the report had no row for the root user
	Users     map[string]ReportRow // by user name
}

// ReportRow is one user's row. Times are zero where the report has none.
type ReportRow struct {
	User, ARN       string
	Created         time.Time
	Password        bool // the user can sign in to the console; not told for the root user
	PasswordUsed    time.Time
	PasswordChanged time.Time
	MFA             bool
	Keys            [2]ReportKey
}

// ReportKey is one of a user's two access keys. The report does not say which.
type ReportKey struct {
	Active  bool
	Rotated time.Time // created or last changed: the key may be older
	Used    time.Time
}

// Exists tells whether there is such a key, active or not.
func (k ReportKey) Exists() bool { return k.Active || !k.Rotated.IsZero() }

// Report gives the credential report, made now unless AWS has one of the last
// four hours. One that is older than MaxReportAge, or not ready within
// ReportWait, is an error; a row that does not parse is left out and named in the
// error beside the report.
func (a *Account) Report(ctx context.Context) (Report, error) {
	return a.report.Get(ctx, func(ctx context.Context) (Report, error) {
		if err := a.generate(ctx); err != nil {
			return Report{}, err
		}
		out, err := a.api.GetCredentialReport(ctx, &iam.GetCredentialReportInput{})
		if err != nil {
			return Report{}, err
		}
		report, err := parseReport(out.Content)
		if report.Users == nil {
			return Report{}, err
		}
		report.Generated = aws.ToTime(out.GeneratedTime)
		limit := a.MaxReportAge
		if limit <= 0 {
			limit = 4 * time.Hour
		}
		// A few minutes of clock skew do not make a fresh report stale.
		if age := a.now().Sub(report.Generated); age > limit+5*time.Minute {
			return Report{}, &posture.Cause{Kind: posture.CauseStale, Operation: "IAM:GetCredentialReport", Message: fmt.Sprintf(
				"the credential report is from %s, %v ago; asked for at most %v", report.Generated.UTC().Format(time.RFC3339), age.Round(time.Second), limit)}
		}
		return report, err
	})
}

// generate asks for a report until AWS says that it is complete.
func (a *Account) generate(ctx context.Context) error {
	wait := a.ReportWait
	if wait <= 0 {
		wait = time.Minute
	}
	for pause, waited := time.Second, time.Duration(0); ; pause *= 2 {
		out, err := a.api.GenerateCredentialReport(ctx, &iam.GenerateCredentialReportInput{})
		switch {
		case err != nil:
			return err
		case out.State == types.ReportStateTypeComplete:
			return nil
		case waited >= wait:
			return &posture.Cause{Kind: posture.CauseNotReady, Operation: "IAM:GenerateCredentialReport", Message: fmt.Sprintf("the credential report is not ready after %v", waited)}
		}
		pause = min(pause, wait-waited)
		timer := time.NewTimer(pause)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return context.Cause(ctx)
		}
		waited += pause
	}
}

const rootRow = "<root_account>"

func parseReport(content []byte) (Report, error) {
	report := Report{Users: map[string]ReportRow{}}
	lines, err := csv.NewReader(bytes.NewReader(content)).ReadAll()
	if err != nil {
		return Report{}, malformedReport("%v", err)
	}
	if len(lines) == 0 {
		return Report{}, malformedReport("it is empty")
	}
	column := map[string]int{}
	for i, name := range lines[0] {
		column[name] = i
	}
	for _, need := range []string{"user", "arn", "password_enabled", "mfa_active", "access_key_1_active", "access_key_2_active"} {
		if _, ok := column[need]; !ok {
			return Report{}, malformedReport("it has no column %q", need)
		}
	}
	var broken []error
	for i, line := range lines[1:] {
		row, err := parseRow(func(name string) string {
			if at, ok := column[name]; ok {
				return line[at]
			}
			return ""
		})
		if err != nil {
			broken = append(broken, malformedReport("row %d (user %q): %v", i+1, row.User, err))
			continue
		}
		if row.User == rootRow {
			report.Root = &row
		} else {
			report.Users[row.User] = row
		}
	}
	return report, errors.Join(broken...)
}

func parseRow(field func(string) string) (row ReportRow, err error) {
	flag := func(name string) bool {
		switch v := field(name); v {
		case "true", "TRUE":
			return true
		case "false", "FALSE", "not_supported", "N/A", "":
		default:
			err = errors.Join(err, fmt.Errorf("%s is %q", name, v))
		}
		return false
	}
	at := func(name string) time.Time {
		switch v := field(name); v {
		case "", "N/A", "no_information", "not_supported":
		default:
			t, bad := time.Parse(time.RFC3339, v)
			if bad == nil {
				return t.UTC()
			}
			err = errors.Join(err, fmt.Errorf("%s is %q", name, v))
		}
		return time.Time{}
	}
	row = ReportRow{
		User: field("user"), ARN: field("arn"), Created: at("user_creation_time"), Password: flag("password_enabled"),
		PasswordUsed: at("password_last_used"), PasswordChanged: at("password_last_changed"), MFA: flag("mfa_active"),
	}
	for i, n := range []string{"1", "2"} {
		row.Keys[i] = ReportKey{Active: flag("access_key_" + n + "_active"), Rotated: at("access_key_" + n + "_last_rotated"), Used: at("access_key_" + n + "_last_used_date")}
	}
	return row, err
}

func malformedReport(format string, args ...any) error {
	return &posture.Cause{Kind: posture.CauseMalformed, Operation: "IAM:GetCredentialReport", Message: "the credential report does not parse: " + fmt.Sprintf(format, args...)}
}
