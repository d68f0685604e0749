package compliance_test

import (
	"bytes"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/compliance"
)

func waiver(change func(*compliance.Waiver)) compliance.Waiver {
	w := compliance.Waiver{
		Control: "example.a", Resource: "thing-0", Owner: "ana@example.com", Reason: "The supplier puts it right in March.",
		Created: noon.AddDate(0, -1, 0), Expires: time.Date(2026, 12, 31, 0, 0, 0, 0, time.UTC),
	}
	change(&w)
	return w
}

// What a waiver covers: exactly what it names, and every field that it has.
func TestWaiverCovers(t *testing.T) {
	a := control("example.a", posture.Global)
	a.Replaces = []string{"example.old"}
	thing := home.Resource("AWS::Example::Thing", "thing-0", "arn:aws:example::111122223333:thing/0")
	f := a.Fail(thing, nil).Part("rule-1")
	f.Tags = map[string]string{"env": "test", "team": "blue"}
	paths := map[string]string{"111122223333": "o-ex/r-ab12/ou-ab12-11111111/ou-ab12-22222222/"}
	for name, c := range map[string]struct {
		change func(*compliance.Waiver)
		want   bool
	}{
		"by id":                     {func(*compliance.Waiver) {}, true},
		"by ARN":                    {func(w *compliance.Waiver) { w.Resource = thing.ARN }, true},
		"a part of an id":           {func(w *compliance.Waiver) { w.Resource = "thing" }, false},
		"of another part":           {func(w *compliance.Waiver) { w.Sub = "rule-2" }, false},
		"of that part":              {func(w *compliance.Waiver) { w.Sub = "rule-1" }, true},
		"by fingerprint":            {func(w *compliance.Waiver) { w.Resource, w.Fingerprint = "", f.Fingerprint() }, true},
		"by another fingerprint":    {func(w *compliance.Waiver) { w.Fingerprint = "1-00000000000000000000000000000000" }, false},
		"of another control":        {func(w *compliance.Waiver) { w.Control = "example.b" }, false},
		"of the control's old id":   {func(w *compliance.Waiver) { w.Control = "example.old" }, true},
		"by account":                {func(w *compliance.Waiver) { w.Resource, w.Accounts = "", []string{"444455556666", "111122223333"} }, true},
		"by another account":        {func(w *compliance.Waiver) { w.Accounts = []string{"444455556666"} }, false},
		"in another region":         {func(w *compliance.Waiver) { w.Regions = []string{"eu-west-1"} }, false},
		"by unit":                   {func(w *compliance.Waiver) { w.Resource, w.OUs = "", []string{"o-ex/r-ab12/ou-ab12-11111111"} }, true},
		"by a unit of similar name": {func(w *compliance.Waiver) { w.Resource, w.OUs = "", []string{"o-ex/r-ab12/ou-ab12-1111"} }, false},
		"by tag":                    {func(w *compliance.Waiver) { w.Resource, w.Tags = "", map[string]string{"env": "test"} }, true},
		"by two tags, one not":      {func(w *compliance.Waiver) { w.Tags = map[string]string{"env": "test", "team": "red"} }, false},
		"on its last day":           {func(w *compliance.Waiver) { w.Expires = noon.Truncate(24 * time.Hour) }, true},
		"before it begins":          {func(w *compliance.Waiver) { w.Created = noon.AddDate(0, 0, 1) }, false},
		"on the day it was made":    {func(w *compliance.Waiver) { w.Created = noon.Add(time.Hour) }, true},
		"undated, for a year":       {func(w *compliance.Waiver) { w.Created, w.Expires = time.Time{}, noon.AddDate(1, 0, 0) }, true},
		"undated, for ever":         {func(w *compliance.Waiver) { w.Created, w.Expires = time.Time{}, noon.AddDate(70, 0, 0) }, false},
		"the day after":             {func(w *compliance.Waiver) { w.Expires = noon.AddDate(0, 0, -1) }, false},
	} {
		t.Run(name, func(t *testing.T) {
			w := waiver(c.change)
			if err := w.Validate(); err != nil {
				t.Fatal(err)
			}
			q := compliance.Requirement{Mappings: []compliance.Mapping{full("example.a")}}
			s := compliance.Assessor{Waivers: []compliance.Waiver{w}, OUPath: func(a string) string { return paths[a] }, Scope: []posture.Place{home}, Now: clock, Frameworks: []*compliance.Framework{example(q)}}
			got := assess(t, s, posture.Result{Control: a, Place: home, Findings: []posture.Finding{f}, Started: noon})
			use, outcome := got.Waivers[0], got.Frameworks[0].Requirements[0].Outcome
			if c.want && (outcome != compliance.Excepted || len(use.Hits) != 1 || use.Hits[0].Fingerprint != f.Fingerprint() || use.Problem != "") ||
				!c.want && (outcome != compliance.NotMet || len(use.Hits) != 0 || use.Problem == "") {
				t.Errorf("%s, use %+v", outcome, use)
			}
		})
	}
}

// The narrowest of several waivers is shown, each notes its hits, and a broad
// one lists what it hits.
func TestNarrowestWaiver(t *testing.T) {
	a := control("example.a", posture.Global)
	s := compliance.Assessor{
		Scope: []posture.Place{home}, Now: clock,
		Waivers: []compliance.Waiver{
			waiver(func(w *compliance.Waiver) { w.ID, w.Resource, w.Accounts = "broad", "", []string{"111122223333"} }),
			waiver(func(w *compliance.Waiver) { w.ID = "exact" }),
		},
	}
	run, err := s.Start()
	if err != nil {
		t.Fatal(err)
	}
	var shown []string
	for item := range run.Items(only(verdicts(a, home, posture.Fail, posture.Fail, posture.Unknown, posture.Pass))) {
		if item.Waiver != nil {
			shown = append(shown, item.Waiver.ID)
		}
	}
	if want := []string{"exact", "broad"}; !slices.Equal(shown, want) {
		t.Errorf("shown %v, want %v", shown, want)
	}
	got := run.Assessment()
	if n, m := len(got.Waivers[0].Hits), len(got.Waivers[1].Hits); n != 2 || m != 1 || !got.Waivers[0].Waiver.Broad() || got.Waivers[1].Waiver.Broad() {
		t.Errorf("hits %d and %d", n, m)
	}
	if c := got.Controls[0].Counts; c != (compliance.Counts{Pass: 1, Waived: 2, Unknown: 1}) {
		t.Errorf("counts %+v", c)
	}
}

// A waiver of a critical finding that holds for more than 90 days covers none,
// and a waiver whose control did not run is not called needless.
func TestWaiverProblems(t *testing.T) {
	critical := control("example.a", posture.Global)
	critical.Severity = posture.Critical
	long := waiver(func(w *compliance.Waiver) { w.Expires = noon.AddDate(0, 4, 0) })
	elsewhere := waiver(func(w *compliance.Waiver) { w.Control = "example.never" })
	undated := waiver(func(w *compliance.Waiver) { w.Created, w.Expires = time.Time{}, noon.AddDate(0, 4, 0) })
	early := waiver(func(w *compliance.Waiver) { w.Created, w.Expires = noon.AddDate(0, 0, 2), noon.AddDate(0, 1, 0) })
	idle := waiver(func(w *compliance.Waiver) { w.Resource = "thing-9" })
	got := assess(t, compliance.Assessor{Waivers: []compliance.Waiver{long, elsewhere, undated, early, idle}}, verdicts(critical, home, posture.Fail))
	for i, want := range map[int]string{2: "90 days", 3: "It begins on 2026-11-27", 4: "It matches no failing finding."} {
		if u := got.Waivers[i]; len(u.Hits) != 0 || !strings.Contains(u.Problem, want) {
			t.Errorf("%+v", u)
		}
	}
	cut := assess(t, compliance.Assessor{Waivers: []compliance.Waiver{idle}}, verdicts(critical, home, posture.Fail, posture.Unknown))
	if u := cut.Waivers[0]; !strings.Contains(u.Problem, "not judged everywhere") {
		t.Errorf("a waiver of what nobody could see is called needless: %+v", u)
	}
	if u := got.Waivers[0]; len(u.Hits) != 0 || u.TooLong != 1 || !strings.Contains(u.Problem, "90 days") {
		t.Errorf("%+v", u)
	}
	if u := got.Waivers[1]; !strings.Contains(u.Problem, "not known") {
		t.Errorf("%+v", u)
	}
}

func TestWaiverValidate(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*compliance.Waiver)
		want   string
	}{
		"control":      {func(w *compliance.Waiver) { w.Control = "" }, "names no control"},
		"wildcard":     {func(w *compliance.Waiver) { w.Resource = "thing-*" }, "wildcard"},
		"owner":        {func(w *compliance.Waiver) { w.Owner = "" }, "no owner"},
		"reason":       {func(w *compliance.Waiver) { w.Reason = " \t" }, "no reason"},
		"expiry":       {func(w *compliance.Waiver) { w.Expires = time.Time{} }, "no expiry"},
		"approver":     {func(w *compliance.Waiver) { w.Approver = w.Owner }, "one person"},
		"everything":   {func(w *compliance.Waiver) { w.Resource = "" }, "everywhere"},
		"organization": {func(w *compliance.Waiver) { w.Resource, w.OUs = "", []string{"o-ex/r-ab12"} }, "whole organization"},
		"region only":  {func(w *compliance.Waiver) { w.Resource, w.Regions = "", []string{"eu-west-1"} }, "everywhere"},
		"part alone":   {func(w *compliance.Waiver) { w.Resource, w.Sub, w.Accounts = "", "x", []string{"111122223333"} }, "no resource"},
		"kind":         {func(w *compliance.Waiver) { w.Kind = "whatever" }, "not known"},
		"compensation": {func(w *compliance.Waiver) { w.Kind = "compensating-control" }, "does not name"},
		"backwards":    {func(w *compliance.Waiver) { w.Expires = w.Created.AddDate(0, 0, -1) }, "before it was made"},
		"too long":     {func(w *compliance.Waiver) { w.Expires = w.Created.AddDate(1, 0, 1) }, "365 days"},
	} {
		if err := waiver(c.change).Validate(); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := (compliance.Waiver{}).Validate(); err == nil {
		t.Error("the zero waiver is valid")
	}
	if _, err := (compliance.Assessor{Scope: []posture.Place{home}, Waivers: []compliance.Waiver{{}}}).Start(); err == nil {
		t.Error("an assessor takes a waiver that is not valid")
	}
}

const waiverText = `{
  "version": 1,
  "waivers": [
    {
      "id": "W-1",
      "control": "iam.access-key-age",
      "resource": "AKIAIOSFODNN7EXAMPLE",
      "owner": "ana@example.com",
      "approver": "bo@example.com",
      "reason": "The supplier rotates in March <see ticket>.",
      "kind": "scheduled-fix",
      "ticket": "EX-12",
      "created": "2026-11-01",
      "expires": "2027-03-31"
    },
    {
      "control": "iam.user-mfa",
      "ous": [
        "o-ex/r-ab12/ou-ab12-11111111"
      ],
      "tags": {
        "env": "test"
      },
      "owner": "ana@example.com",
      "reason": "Test accounts.",
      "expires": "2027-03-31"
    }
  ]
}
`

// What is read is written again, byte by byte.
func TestWaiverFile(t *testing.T) {
	ws, err := compliance.ReadWaivers(strings.NewReader(waiverText))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := compliance.WriteWaivers(&b, ws); err != nil {
		t.Fatal(err)
	}
	if b.String() != waiverText {
		t.Errorf("written %s", b.String())
	}
	if err := compliance.WriteWaivers(&b, []compliance.Waiver{{}}); err == nil {
		t.Error("a waiver that is not valid was written")
	}
}

// A fault is named by its place, and the sound waivers are kept.
func TestWaiverFileFaults(t *testing.T) {
	sound := `{"control":"example.a","resource":"x","owner":"o","reason":"r","expires":"2027-01-01"}`
	for name, c := range map[string]struct {
		text, want string
		kept       int
	}{
		"unknown member": {`{"version":1,"waivers":[` + sound + `,{"control":"example.a","resource":"x","owner":"o","reason":"r","expires":"2027-01-01","regoin":"eu-west-1"}]}`, "number 2", 1},
		"a time":         {`{"version":1,"waivers":[{"control":"example.a","resource":"x","owner":"o","reason":"r","expires":"2027-01-01T00:00:00Z"},` + sound + `]}`, "number 1: expires", 1},
		"twice":          {`{"version":1,"waivers":[{"id":"1",` + sound[1:] + `,{"id":"1",` + sound[1:] + `]}`, "stands twice", 1},
		"no reason":      {`{"version":1,"waivers":[{"control":"example.a","resource":"x","owner":"o","expires":"2027-01-01"}]}`, "no reason", 0},
		"version":        {`{"version":2,"waivers":[` + sound + `]}`, "version 2", 0},
		"no version":     {`{"waivers":[` + sound + `]}`, "version 0", 0},
		"not JSON":       {`waivers: []`, "waiver file", 0},
		"more":           {`{"version":1,"waivers":[]} {}`, "more than one", 0},
	} {
		ws, err := compliance.ReadWaivers(strings.NewReader(c.text))
		if err == nil || !strings.Contains(err.Error(), c.want) || len(ws) != c.kept {
			t.Errorf("%s: %d kept, %v", name, len(ws), err)
		}
	}
}

// Whatever is read is valid and reads the same when it is written.
func FuzzReadWaivers(f *testing.F) {
	f.Add(waiverText)
	f.Add(`{"version":1,"waivers":[{}]}`)
	f.Fuzz(func(t *testing.T, text string) {
		ws, _ := compliance.ReadWaivers(strings.NewReader(text))
		var b bytes.Buffer
		if err := compliance.WriteWaivers(&b, ws); err != nil {
			t.Fatalf("%v was read and is not written: %v", ws, err)
		}
		again, err := compliance.ReadWaivers(&b)
		if err != nil || !reflect.DeepEqual(ws, again) && len(ws) > 0 {
			t.Fatalf("%v was read, and again %v, %v", ws, again, err)
		}
	})
}
