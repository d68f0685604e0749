package report

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/compliance"
	"github.com/google/go-cmp/cmp"
)

// threeChanges are a failure that is new, one that passes now and one that is gone.
func threeChanges() ([]compliance.Item, Header) {
	items := []compliance.Item{small()[0], small()[4]}
	h := header()
	gone := small()[0].Finding
	gone.Resource.ID, gone.Resource.ARN = "example-old", ""
	h.Comparison = &compliance.Comparison{Before: finished.AddDate(0, -1, 0), After: finished, Counts: map[compliance.Change]int{compliance.New: 1, compliance.Fixed: 1, compliance.Gone: 1}}
	for i, f := range []posture.Finding{items[0].Finding, items[1].Finding, gone} {
		h.Comparison.Changes = append(h.Comparison.Changes, compliance.Changed{Change: []compliance.Change{compliance.New, compliance.Fixed, compliance.Gone}[i], Failing: compliance.Failing{
			Fingerprint: f.Fingerprint(), Control: f.Control, Resource: f.Resource, Severity: f.Severity, Owner: "web",
		}})
	}
	return items, h
}

func TestChangeInOCSF(t *testing.T) {
	items, h := threeChanges()
	for _, c := range []struct {
		f     Format
		class int
	}{{OCSFCompliance{}, 2003}, {OCSFDetection{}, 2004}} {
		var got []string
		for _, e := range lines[ocsf](t, write(t, c.f, h, slices.Values(items))) {
			got = append(got, e.ActivityName+" "+e.Status+" "+e.Unmapped["change"])
			if e.TypeUID != c.class*100+e.ActivityID {
				t.Errorf("type %d", e.TypeUID)
			}
		}
		if diff := cmp.Diff([]string{"Create New new", "Close Resolved fixed", "Close Resolved gone"}, got); diff != "" {
			t.Errorf("%T (-want +got)\n%s", c.f, diff)
		}
	}
	for change, want := range map[string]int{"": 1, "new": 1, "open": 2, "regressed": 2, "not-seen": 2, "fixed": 3, "gone": 3} {
		if got, _ := ocsfActivity(change); got != want {
			t.Errorf("%s: activity %d", change, got)
		}
	}
}

func TestChangeInASFF(t *testing.T) {
	items, h := threeChanges()
	var got []string
	for _, batch := range lines[[]asff](t, write(t, ASFF{}, h, slices.Values(items))) {
		for _, f := range batch {
			got = append(got, f.RecordState+" "+f.Compliance.Status+" "+f.Fields["posture/Change"])
			if f.RecordState == "ARCHIVED" && f.ID != h.Comparison.Changes[2].Fingerprint {
				t.Errorf("what is archived is %s", f.ID)
			}
		}
	}
	if diff := cmp.Diff([]string{"ACTIVE FAILED new", "ACTIVE PASSED fixed", "ARCHIVED NOT_AVAILABLE gone"}, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestChangeInSARIF(t *testing.T) {
	for change, want := range map[string]string{"": "", "new": "new", "regressed": "new", "open": "unchanged", "fixed": "updated", "not-seen": "updated", "gone": "updated"} {
		if got := sarifBaseline(row{change: change}); got != want {
			t.Errorf("%s: %s", change, got)
		}
	}
	items, h := threeChanges()
	var log struct {
		Runs []struct{ Results []sarifResult }
	}
	if err := json.Unmarshal(write(t, SARIF{}, h, slices.Values(items)), &log); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range log.Runs[0].Results {
		got = append(got, r.Kind+" "+r.Baseline)
	}
	if diff := cmp.Diff([]string{"fail new", "pass updated", "notApplicable absent"}, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// What is gone and still has an item, since nothing of its kind is left, is written once.
func TestGoneOnce(t *testing.T) {
	none := small()[5]
	h := header()
	h.Comparison = &compliance.Comparison{Changes: []compliance.Changed{{Change: compliance.Gone, Failing: compliance.Failing{
		Fingerprint: none.Finding.Fingerprint(), Control: none.Control.ID, Resource: none.Finding.Resource,
	}}}}
	if all := lines[ocsf](t, write(t, OCSFCompliance{}, h, slices.Values([]compliance.Item{none}))); len(all) != 1 || all[0].ActivityName != "Close" {
		t.Errorf("%+v", all)
	}
}

func TestChangeInText(t *testing.T) {
	items, h := threeChanges()
	rows, err := csv.NewReader(bytes.NewReader(write(t, CSV{}, h, slices.Values(items)))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var column []string
	for _, row := range rows {
		column = append(column, row[len(row)-1])
	}
	if !slices.Equal(column, []string{"change", "new", "fixed"}) {
		t.Errorf("CSV: %v", column)
	}
	for name, want := range map[string][]string{
		"jsonl":      {`"change":"new"}`, `"change":"fixed"}`, `"counts":{"fixed":1,"gone":1,"new":1}`},
		"md":         {"### Changes since 2026-05-01", "| New | 1 |", "| Fail, new |", "| Pass, fixed |"},
		"html":       {"<h3>Changes since 2026-05-01</h3>", `<select id="change">`, `<span class="c">new</span>`, `data-c="fixed"`, `href="#?change=gone"`},
		"oscal.json": {`{"name":"change","ns":"` + oscalNamespace + `","value":"new"}`, `"value":"gone: 1"`},
		"junit.xml":  {"\nChange: new\n"},
	} {
		got := string(write(t, formats[name], h, slices.Values(items)))
		for _, w := range want {
			if !strings.Contains(got, w) {
				t.Errorf("%s: %s is not in\n%s", name, w, got)
			}
		}
		if plain := string(write(t, formats[name], header(), slices.Values(items))); strings.Contains(strings.ToLower(strings.ReplaceAll(plain, pageScript, "")), "change:") || strings.Contains(plain, `"change"`) && name != "html" {
			t.Errorf("%s speaks of changes without a comparison", name)
		}
	}
}

// Whoever must act stands in every format, with every verdict that asks for action.
func TestOwnerInEveryFormat(t *testing.T) {
	for name, f := range formats {
		for i, it := range small()[:4] {
			if it.Owner = "team-violet"; it.Finding.Status == posture.Unknown && name == "detection.jsonl" {
				continue
			}
			if got := string(write(t, f, header(), slices.Values([]compliance.Item{it}))); !strings.Contains(got, "team-violet") {
				t.Errorf("%s: item %d has no owner", name, i)
			}
		}
	}
}

func TestHeaderOf(t *testing.T) {
	here, there := posture.Place{Partition: "aws", Account: "111122223333"}, posture.Place{Partition: "aws", Account: "444455556666"}
	got := HeaderOf(&compliance.Assessment{
		At: finished, Scope: []posture.Place{here, there}, NotReached: []posture.Place{there}, Cut: true,
		Frameworks: []compliance.FrameworkResult{{Framework: "cis-aws", Version: "5.0.0", Name: "CIS", Total: 63, Outcomes: map[compliance.Outcome]int{compliance.NotMet: 3, compliance.Met: 60}, Requirements: []compliance.RequirementResult{{
			ID: "P-1", Title: "Doors are locked", Owner: compliance.AWS, Outcome: compliance.Inherited, AWSPart: "The data centres.", CustomerPart: "Offices.", Programs: []string{"iso-27001", "soc-2"}, Reports: []string{"soc-2"},
		}, {
			ID: "P-2", Title: "Media are destroyed", Owner: compliance.Shared, AWSPart: "The hardware.", CustomerPart: "Data.", Gaps: []compliance.Gap{{Kind: compliance.GapInheritance}},
		}, {
			ID: "1.9", Title: "A second factor", CustomerPart: "All of it: AWS provides the means.", Outcome: compliance.NotMet, Controls: []compliance.ControlState{{Control: "iam.user-mfa", State: compliance.ControlFail}}, Reports: []string{"soc2"},
			Gaps: []compliance.Gap{{Kind: compliance.GapNotRun, Control: "iam.x"}, {Kind: compliance.GapNotRun, Control: "iam.x"}, {Kind: compliance.GapPlanned}}, Attestation: &compliance.Attestation{},
		}}}},
		Waivers: []compliance.WaiverUse{{Waiver: compliance.Waiver{ID: "w1"}, Problem: "It matches no failing finding."}, {Waiver: compliance.Waiver{ID: "w2", Resource: "thing"}, Hits: make([]compliance.Hit, 2)}, {Waiver: compliance.Waiver{ID: "w3"}, Hits: make([]compliance.Hit, 1)}},
	})
	want := Header{
		Finished: finished, Places: []posture.Place{here}, Gaps: []Gap{{there, "no result came from it"}},
		Notes: []string{"The results were not read to their end.", "Waiver w1: It matches no failing finding.", "Waiver w3: It names no resource, and covers 1 failing finding."},
		Frameworks: []Framework{{Key: "cis-aws", Version: "5.0.0", Title: "CIS", Total: 63, Outcomes: []Outcome{{"met", 60}, {"not met", 3}}, Requirements: []Requirement{
			{ID: "P-1", Title: "Doors are locked", Outcome: "inherited", Basis: "report: soc-2", Shares: "AWS: The data centres. Customer: Offices. AWS programs that speak to it: iso-27001, soc-2 (report held)."},
			{ID: "P-2", Title: "Media are destroyed", Outcome: "not assessed", Basis: "missing: no provider report", Shares: "AWS: The hardware. Customer: Data. No AWS program in the catalogue speaks to it."},
			{ID: "1.9", Title: "A second factor", Outcome: "not met", Basis: "attested; iam.user-mfa: fail; missing: not run iam.x; missing: planned; report: soc2"},
		}}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	for o := range 8 {
		if !slices.Contains(outcomeOrder[:], compliance.Outcome(o)) {
			t.Errorf("%v is not printed", compliance.Outcome(o))
		}
	}
}
