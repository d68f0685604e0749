package iam

import (
	"context"

	"github.com/awsposture/posture"
)

// userRow is a user beside its row of the credential report. Where the report
// does not know the user yet, Fresh is set and the row is empty: the facts must be read
// from IAM.
type userRow struct {
	User
	Row   ReportRow
	Fresh bool
}

// MayHaveKeys tells whether it is worth asking IAM for the user's keys.
func (u userRow) MayHaveKeys() bool {
	return u.Fresh || u.Row.Keys[0].Exists() || u.Row.Keys[1].Exists()
}

// userRows joins the users with the credential report. What could not be read is
// an error beside the users that can be judged: without a report that is none.
func (a *Account) userRows(ctx context.Context) ([]userRow, Report, error) {
	report, err := a.Report(ctx)
	if report.Users == nil {
		return nil, report, err
	}
	// A row that did not parse is not lost: its user is read from IAM.
	users, err := a.Users(ctx)
	rows := make([]userRow, len(users))
	for i, u := range users {
		row, known := report.Users[u.Name]
		// The user of the row may be an earlier one of the same name.
		rows[i] = userRow{User: u, Row: row, Fresh: !known || u.Created.After(report.Generated)}
		if rows[i].Fresh {
			rows[i].Row = ReportRow{}
		}
	}
	return rows, report, err
}

// tagged puts the user's tags on a finding.
func (u userRow) tagged(f posture.Finding) posture.Finding {
	f.Tags = u.Tags
	return f
}
