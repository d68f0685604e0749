package compliance_test

import (
	"encoding/json"
	"flag"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/compliance"
)

var update = flag.Bool("update", false, "write the golden files")

// rich is an assessment in which every part of the form occurs.
func rich(t *testing.T) *compliance.Assessment {
	a := control("example.a", posture.Global, posture.Param{Name: "max-age", Value: "90"})
	b := control("example.b", posture.Regional)
	f := &compliance.Framework{Key: "soc2-tsc", Version: "example", Name: "Example", AsOf: "2026-11", Requirements: []compliance.Requirement{
		{ID: "1.1", Title: "A is so", Mappings: []compliance.Mapping{full("example.a")}},
		{ID: "1.10", Title: "B is so", Mappings: []compliance.Mapping{partial("example.b", "sg.unused")}},
		{ID: "2.1", Title: "A plan exists", Kind: compliance.Organizational},
		{ID: "2.2", Title: "A fence stands", Kind: compliance.Physical, Owner: compliance.AWS},
		{ID: "2.3", Title: "No longer asked", Withdrawn: true},
	}}
	return assess(t, compliance.Assessor{
		Frameworks: []*compliance.Framework{f}, Scope: []posture.Place{home, west, east},
		Waivers: []compliance.Waiver{waiver(func(*compliance.Waiver) {}), waiver(func(w *compliance.Waiver) { w.Resource = "thing-7" })},
		Owner:   compliance.Owners{Accounts: map[string]map[string]string{"111122223333": {"owner": "team blue"}}}.Of,
	},
		verdicts(a, home, posture.Fail, posture.Fail, posture.Pass), verdicts(b, west, posture.Pass, posture.Unknown), verdicts(control("example.c", posture.Global), home, posture.NotApplicable))
}

// The JSON of an assessment is a public form: a change of it shows here.
func TestAssessmentJSON(t *testing.T) {
	a := rich(t)
	got, err := json.MarshalIndent(a, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	const golden = "testdata/assessment.json"
	if *update {
		if err := os.WriteFile(golden, append(got, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if string(got)+"\n" != string(want) {
		t.Errorf("the form changed; it is now\n%s", got)
	}
	var back compliance.Assessment
	if err := json.Unmarshal(got, &back); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(*a, back) {
		t.Errorf("read back\n%+v, not\n%+v", back, *a)
	}
	if err := json.Unmarshal([]byte(`{"version":2}`), &back); err == nil || !strings.Contains(err.Error(), "version 2") {
		t.Errorf("version 2: %v", err)
	}
}

// An assessment lists what was not reached, what nobody maps, and one ticket for
// each control, account and owner; its line never shows a share alone.
func TestAssessmentParts(t *testing.T) {
	a := rich(t)
	if !slices.Equal(a.NotReached, []posture.Place{east}) {
		t.Errorf("not reached %v", a.NotReached)
	}
	if !slices.Equal(a.Unmapped, []string{"example.c"}) {
		t.Errorf("unmapped %v", a.Unmapped)
	}
	want := []compliance.Ticket{{GroupKey: compliance.GroupKey{Control: "example.a", Account: "111122223333", Owner: "team blue"}, Severity: posture.High, Findings: 1}}
	if !slices.Equal(a.Tickets, want) {
		t.Errorf("tickets %v", a.Tickets)
	}
	if got, want := a.Frameworks[0].Summary(), "soc2-tsc example: 1 not met, 2 not assessed, 1 manual, of the 4 ids carried"; got != want {
		t.Errorf("summary %q, want %q", got, want)
	}
	var b []compliance.Gap
	for _, c := range a.Controls {
		if c.Control == "example.b" {
			b = c.Gaps
		}
	}
	if len(b) != 2 || b[0].Kind != "denied" || !slices.Equal(b[0].Places, []posture.Place{west}) || b[1].Kind != compliance.GapNotReached || !slices.Equal(b[1].Places, []posture.Place{east}) {
		t.Errorf("gaps %+v", b)
	}
}

// The owner is the resource's, else the account's, else nobody.
func TestOwners(t *testing.T) {
	o := compliance.Owners{Tags: []string{"team", "owner"}, Accounts: map[string]map[string]string{"111122223333": {"owner": "platform"}}, Default: "security"}
	f := posture.Finding{Resource: posture.Resource{Account: "111122223333"}, Tags: map[string]string{"owner": "ana", "team": "blue"}}
	for _, want := range []string{"blue", "ana", "platform", "security"} {
		if got := o.Of(f); got != want {
			t.Errorf("%q, want %q", got, want)
		}
		switch want {
		case "blue":
			f.Tags = map[string]string{"owner": "ana", "team": ""}
		case "ana":
			f.Tags = nil
		case "platform":
			f.Resource.Account = "444455556666"
		}
	}
	key := compliance.Item{Finding: f, Owner: "ana"}.Group()
	if key.Account != "444455556666" || key.Owner != "ana" {
		t.Errorf("key %v", key)
	}
}
