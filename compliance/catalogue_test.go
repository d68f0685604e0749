package compliance_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/advisor"
	"github.com/awsposture/posture/compliance"
	"github.com/awsposture/posture/guardduty"
	"github.com/awsposture/posture/iam"
	"github.com/awsposture/posture/iam/organization"
	"github.com/awsposture/posture/inspector"
	"github.com/awsposture/posture/shield"
)

// existing are the ids of the controls that domains have.
func existing() []string {
	var ids []string
	for _, e := range slices.Concat(
		iam.Evaluators(nil), organization.Evaluators(nil), guardduty.Evaluators(nil), guardduty.OrganizationEvaluators(nil), shield.Evaluators(nil), advisor.Evaluators(nil),
		inspector.Evaluators(nil), inspector.OrganizationEvaluators(nil),
	) {
		ids = append(ids, e.Control().ID)
	}
	return ids
}

func load(t testing.TB, key, version string) *compliance.Framework {
	t.Helper()
	f, err := compliance.Load(key, version)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func loadAll(t testing.TB) []*compliance.Framework {
	t.Helper()
	heads, err := compliance.Frameworks()
	if err != nil {
		t.Fatal(err)
	}
	var all []*compliance.Framework
	for _, h := range heads {
		all = append(all, load(t, h.Key, h.Version))
	}
	return all
}

// plannedIDs are the controls that the catalogue may name before a domain has them.
func plannedIDs(t testing.TB) map[string]bool {
	t.Helper()
	planned, err := compliance.Planned()
	if err != nil {
		t.Fatal(err)
	}
	ids := map[string]bool{}
	for _, p := range planned {
		if ids[p.ID] {
			t.Errorf("planned control %s stands twice", p.ID)
		}
		if p.Basis == "" {
			t.Errorf("planned control %s has no basis", p.ID)
		}
		ids[p.ID] = true
	}
	return ids
}

// No reference dangles, either way: what a mapping names exists or is planned,
// what is planned does not exist yet, and every control that exists is mapped to
// its pillar at least.
func TestNoDanglingReference(t *testing.T) {
	planned, exists, mapped := plannedIDs(t), existing(), map[string]bool{}
	for _, f := range loadAll(t) {
		for _, id := range f.Controls() {
			mapped[id] = true
			if !slices.Contains(exists, id) && !planned[id] {
				t.Errorf("%s maps %s, which neither exists nor is planned", f, id)
			}
		}
	}
	for _, id := range exists {
		if planned[id] {
			t.Errorf("%s exists: take it out of planned.tsv", id)
		}
		if !mapped[id] {
			t.Errorf("no framework maps %s", id)
		}
	}
	for id := range planned {
		if !mapped[id] {
			t.Errorf("no framework maps the planned control %s", id)
		}
	}
}

// Totals are what the rows count, ids are well formed and alone, and the only
// frameworks without a total are those whose ids nobody publishes as a list.
func TestFrameworks(t *testing.T) {
	noTotal := []string{"cis-aws@1.2.0", "fedramp@20x", "pci-dss@3.2.1", "pci-dss@4.0.1"}
	want := map[string]int{
		"cis-aws@1.4.0": 58, "cis-aws@3.0.0": 62, "cis-aws@5.0.0": 63, "cis-aws@6.0.0": 63, "cis-aws@7.0.0": 70,
		"aws-fsbp@1.0.0": 368, "aws-tagging@1.0.0": 140, "aws-wa-security@2024-11": 63, "aws-wa@2024-11": 6,
		"nist-800-53-low@r5": 149, "nist-800-53-moderate@r5": 287, "nist-800-53-high@r5": 370, "nist-800-53-privacy@r5": 96,
		"nist-csf@2.0": 106, "nist-800-171@r2": 110, "nist-800-171@r3": 97, "fedramp@r5-low": 156, "fedramp@r5-moderate": 323, "fedramp@r5-high": 410,
		"soc2-tsc@2017": 61, "iso-27001@2022": 93, "gdpr@2016-679": 99,
	}
	for _, f := range loadAll(t) {
		if err := f.Validate(); err != nil {
			t.Error(err)
		}
		n := len(f.Active())
		switch {
		case slices.Contains(noTotal, f.String()):
			if f.Total != 0 || n == 0 {
				t.Errorf("%s: total %d, carried %d", f, f.Total, n)
			}
		case f.Total != n:
			t.Errorf("%s: total %d, and %d requirements are listed", f, f.Total, n)
		}
		if w, ok := want[f.String()]; ok && w != n {
			t.Errorf("%s: %d requirements, want %d", f, n, w)
		}
		delete(want, f.String())
		for _, cell := range []string{f.Name, f.Publisher, f.Status, f.AsOf, f.Source, f.Basis, f.Text} {
			if cell == "" || cell != strings.TrimSpace(cell) {
				t.Errorf("%s: a description is %q", f, cell)
			}
		}
	}
	for name := range want {
		t.Errorf("%s is not carried", name)
	}
}

// A title is one phrase, and what is AWS's alone is not shown by a control of
// the customer's.
func TestRequirements(t *testing.T) {
	untitled := []string{"cis-aws@1.2.0", "pci-dss@3.2.1", "pci-dss@4.0.1"} // lists of ids only
	for _, f := range loadAll(t) {
		for _, r := range f.Requirements {
			if r.Title == "" && !r.Withdrawn && !slices.Contains(untitled, f.String()) {
				t.Errorf("%s has no title", f.Ref(r.ID))
			}
			if strings.HasSuffix(r.Title, ".") || r.Title != strings.TrimSpace(r.Title) {
				t.Errorf("%s: title %q", f.Ref(r.ID), r.Title)
			}
			if r.Owner == compliance.AWS && len(r.Mappings) > 0 {
				t.Errorf("%s is AWS's part, and controls are mapped to it", f.Ref(r.ID))
			}
			if r.Kind == compliance.Physical && r.Owner != compliance.AWS {
				t.Errorf("%s is physical and not AWS's", f.Ref(r.ID))
			}
			for _, m := range r.Mappings {
				if m.Source == "" || m.Strength == compliance.Full && slices.Contains(r.Labels, "manual") {
					t.Errorf("%s: mapping %+v: without source, or full for what a person judges", f.Ref(r.ID), m)
				}
			}
		}
	}
}

// Ids are text: a benchmark with 1.1 and 1.10 has both.
func TestTrailingZero(t *testing.T) {
	ids := map[string]bool{}
	for _, r := range load(t, "cis-aws", "3.0.0").Requirements {
		ids[r.ID] = true
	}
	for _, id := range []string{"1.1", "1.10", "1.2", "1.20"} {
		if !ids[id] {
			t.Errorf("%s is missing", id)
		}
	}
}

// Every control of Security Hub is mapped, or says why not; one that AWS has
// retired is not mapped.
func TestHubControls(t *testing.T) {
	hub, err := compliance.HubControls()
	if err != nil {
		t.Fatal(err)
	}
	reasons, mapped := map[string]int{}, 0
	seen := map[string]bool{}
	for _, c := range hub {
		if seen[c.ID] {
			t.Errorf("%s stands twice", c.ID)
		}
		seen[c.ID] = true
		switch {
		case len(c.Controls) > 0 && c.Reason == "" && (c.Strength == compliance.Full && !c.Wider) == (c.Differs == ""):
			mapped++
			if strings.HasPrefix(c.Status, "retired") {
				t.Errorf("%s is retired and mapped", c.ID)
			}
		case len(c.Controls) == 0 && c.Reason != "":
			reasons[c.Reason]++
		default:
			t.Errorf("%s is neither mapped with a strength nor explained: %+v", c.ID, c)
		}
	}
	if len(hub) != 593 {
		t.Errorf("%d controls, want 593", len(hub))
	}
	t.Logf("%d Security Hub controls, %d mapped", len(hub), mapped)
	for reason, n := range reasons {
		t.Logf("%d: %s", n, reason)
	}
}

// What package iam says it answers of Security Hub is what the catalogue says.
func TestAgreesWithIAM(t *testing.T) {
	text, err := os.ReadFile("../iam/testdata/controls.tsv")
	if err != nil {
		t.Fatal(err)
	}
	hub, err := compliance.HubControls()
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for line := range strings.Lines(string(text)) {
		cells := strings.Split(strings.TrimRight(line, "\n"), "\t")
		if cells[0] != "securityhub" {
			continue
		}
		n++
		i := slices.IndexFunc(hub, func(c compliance.HubControl) bool { return c.ID == cells[1] })
		want := strings.Fields(cells[2])
		slices.Sort(want)
		if i < 0 || !slices.Equal(hub[i].Controls, want) {
			t.Errorf("%s: want %v", cells[1], want)
		}
	}
	if n < 25 {
		t.Errorf("only %d rows", n)
	}
}

// Each edge that AWS gives from a Security Hub control to a CIS benchmark stands
// in the crosswalk too: the controls that answer one answer the other.
func TestCrosswalkAgreesWithHub(t *testing.T) {
	edges := compliance.HubCISEdges(t)
	if len(edges) < 100 {
		t.Fatalf("only %d edges", len(edges))
	}
	for _, e := range edges {
		version, id, _ := strings.Cut(e.CIS, ":")
		f := load(t, "cis-aws", version)
		if !slices.ContainsFunc(f.Requirements, func(r compliance.Requirement) bool { return r.ID == id }) {
			t.Errorf("%s is related to %s, which the benchmark does not have", e.Hub, e.CIS)
		}
	}
}

// What is judged, planned and open is printed for every framework, and the
// numbers add up.
func TestCoverage(t *testing.T) {
	t.Logf("%-26s %6s %9s %6s %8s %7s %10s", "framework", "total", "existing", "begun", "planned", "manual", "uncovered")
	for _, f := range loadAll(t) {
		c := f.Coverage(existing())
		t.Logf("%-26s %6d %9d %6d %8d %7d %10d", f, len(f.Active()), len(c.Existing), len(c.Begun), len(c.Planned), len(c.Manual), len(c.Uncovered))
		if n := len(c.Existing) + len(c.Begun) + len(c.Planned) + len(c.Manual) + len(c.Uncovered); n != len(f.Active()) {
			t.Errorf("%s: %d of %d requirements are counted", f, n, len(f.Active()))
		}
	}
}

// The default parameters of the controls that exist are strict enough for every
// minimum that is asked of them.
func TestMinimumsNameParameters(t *testing.T) {
	controls := map[string]posture.Control{}
	for _, e := range iam.Evaluators(nil) {
		controls[e.Control().ID] = e.Control()
	}
	n := 0
	for _, f := range loadAll(t) {
		for _, r := range f.Requirements {
			for _, m := range r.Mappings {
				for _, least := range m.Minimums {
					n++
					if !slices.ContainsFunc(controls[least.Control].Params, func(p posture.Param) bool { return p.Name == least.Param }) {
						t.Errorf("%s: %s has no parameter %s", f.Ref(r.ID), least.Control, least.Param)
					}
					if compliance.Weaker(m.Minimums, least.Control, controls[least.Control].Params) {
						t.Errorf("%s: the defaults of %s are weaker than %s", f.Ref(r.ID), least.Control, least)
					}
				}
			}
		}
	}
	if n < 30 {
		t.Errorf("only %d minimums", n)
	}
}
