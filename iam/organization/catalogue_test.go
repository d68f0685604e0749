package organization_test

import (
	_ "embed"
	"strings"
	"testing"

	"github.com/awsposture/posture/iam/organization"
)

//go:embed testdata/controls.tsv
var catalogue string

// TestCatalogue compares the suite with the organization chapter of CIS AWS
// Foundations 7.0, as of 2026-11. A row that is not or only partly automated says
// what was looked for.
func TestCatalogue(t *testing.T) {
	have := map[string]bool{}
	for _, e := range organization.Evaluators(nil) {
		have[e.Control().ID] = true
	}
	rows := strings.Split(strings.TrimSuffix(catalogue, "\n"), "\n")[1:]
	if len(rows) != 6 {
		t.Errorf("%d rows", len(rows))
	}
	for _, row := range rows {
		cells := strings.Split(row, "\t")
		if len(cells) != 5 {
			t.Fatalf("%q has %d cells", row, len(cells))
		}
		id, ours, why, looked := cells[1], strings.Fields(cells[2]), cells[3], cells[4]
		for _, control := range ours {
			if !have[control] {
				t.Errorf("%s names %s, which is not in the suite", id, control)
			}
		}
		if whole := len(ours) > 0 && why == "" && looked == ""; !whole && (why == "" || looked == "") {
			t.Errorf("%s is neither automated nor explained", id)
		}
	}
}
