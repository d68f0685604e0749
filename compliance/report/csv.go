package report

import (
	"encoding/csv"
	"io"
	"iter"
	"strconv"
	"strings"

	"github.com/awsposture/posture/compliance"
)

// CSV writes a line for each finding under one of column names, as RFC 4180 has
// it. A cell that a spreadsheet would take for a formula begins with an
// apostrophe. Columns are added at the end only.
type CSV struct{}

var columns = []string{
	"status", "waived", "severity", "control", "title", "domain", "partition", "account", "region", "resource_type", "resource_id", "resource_arn",
	"part", "owner", "detail", "cause", "waiver_owner", "waiver_reason", "waiver_expires", "requirements", "fix", "evidence", "tags",
	"fingerprint", "assessed_at", "tool_version", "change",
}

// Write implements Format.
func (CSV) Write(w io.Writer, h Header, items iter.Seq[compliance.Item]) error {
	out := csv.NewWriter(w)
	out.UseCRLF = true
	if err := out.Write(columns); err != nil {
		return err
	}
	err := h.walk(items, func(r row) error {
		f := r.Finding
		cells := []string{
			f.Status.String(), strconv.FormatBool(r.state == waived), r.severity.String(), r.Control.ID, r.Control.Title, r.domain,
			f.Resource.Partition, f.Resource.Account, f.Resource.Region, f.Resource.Type, f.Resource.ID, f.Resource.ARN,
			f.Sub, r.Owner, f.Detail, r.cause(), "", "", "", refs(r.Requirements), r.Control.Doc, string(r.evidence), tagList(f.Tags),
			r.id, stamp(h.Finished), h.Version, r.change,
		}
		if v := r.Waiver; v != nil {
			copy(cells[16:], []string{v.Owner, v.Reason, day(v.Expires)})
		}
		for i, c := range cells {
			cells[i] = cell(c)
		}
		return out.Write(cells)
	})
	if err != nil {
		return err
	}
	out.Flush()
	return out.Error()
}

// cell is a value on one line that no spreadsheet computes. The wide forms of
// the signs count too: East Asian spreadsheets take them.
func cell(s string) string {
	s = line(s)
	for _, start := range []string{"=", "+", "-", "@", "＝", "＋", "－", "＠"} {
		if strings.HasPrefix(s, start) {
			return "'" + s
		}
	}
	return s
}
