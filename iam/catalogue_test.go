package iam_test

import (
	_ "embed"
	"strings"
	"testing"

	"github.com/awsposture/posture/iam"
)

//go:embed testdata/controls.tsv
var catalogue string

// TestCatalogue compares the suite with the IAM and Account controls of AWS
// Security Hub and the identity chapter of the CIS AWS Foundations benchmarks 1.4
// to 7.0, as of 2026-11. A row that is not automated says what was looked for,
// and is either for a view of another service or beyond any API.
func TestCatalogue(t *testing.T) {
	have := map[string]bool{}
	for _, e := range iam.Evaluators(nil) {
		have[e.Control().ID] = true
	}
	rows := strings.Split(strings.TrimSpace(catalogue), "\n")[1:]
	automated, missing := 0, map[string][]string{}
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
		switch {
		case len(ours) > 0 && why == "" && looked == "":
			automated++
		case len(ours) == 0 && (why == "no-api" || why == "elsewhere") && looked != "":
			missing[why] = append(missing[why], id)
		default:
			t.Errorf("%s is neither automated nor explained", id)
		}
	}
	t.Logf("%d rows, %d automated by this package; by views of other services: %v; by no API: %v", len(rows), automated, missing["elsewhere"], missing["no-api"])
}
