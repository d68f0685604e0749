package main

import (
	"bytes"
	"flag"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/compliance"
	"github.com/awsposture/posture/compliance/report"
)

var update = flag.Bool("update", false, "write the golden file anew")

var took = regexp.MustCompile(`API calls in \S+\.`)

// TestSample holds what the sample scan prints: its findings, and the number of
// API calls, which must not creep up.
func TestSample(t *testing.T) {
	var out, errs bytes.Buffer
	if code := run(t.Context(), nil, &out, &errs); code != 0 {
		t.Fatalf("exit status %d: %s", code, errs.String())
	}
	got := took.ReplaceAllString(out.String(), "API calls.")
	if *update {
		if err := os.WriteFile("testdata/sample.txt", []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile("testdata/sample.txt")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestJSONLines reads back every finding.
func TestJSONLines(t *testing.T) {
	var out, errs bytes.Buffer
	if code := run(t.Context(), []string{"-format", "jsonl", "-framework", "cis-aws@5.0.0"}, &out, &errs); code != 0 {
		t.Fatalf("exit status %d: %s", code, errs.String())
	}
	h, items, err := report.ReadJSONLines(&out)
	if err != nil {
		t.Fatal(err)
	}
	if len(h.Frameworks) != 1 || len(h.Frameworks[0].Outcomes) < 3 || len(h.Places) < 4 {
		t.Errorf("header %+v", h)
	}
	count, required := map[posture.Status]int{}, 0
	for it, err := range items {
		if err != nil {
			t.Fatal(err)
		}
		count[it.Finding.Status]++
		required += len(it.Requirements)
	}
	if count[posture.Fail] == 0 || count[posture.Pass] == 0 || count[posture.Unknown] == 0 || required == 0 {
		t.Errorf("got %v, %d requirements", count, required)
	}
}

// Every format is written, and begins as its readers expect.
func TestFormats(t *testing.T) {
	begins := map[string]string{
		"asff": `[{"SchemaVersion":"2018-10-08"`, "csv": "status,waived,severity", "html": "<!doctype html>", "jsonl": `{"version":1,"header":`, "junit": "<?xml", "md": "# Sample account",
		"ocsf": `{"activity_id":1`, "ocsf-detection": `{"activity_id":1`, "oscal": `{"assessment-results":`, "sarif": `{"$schema":`,
	}
	for name := range formats {
		var out, errs bytes.Buffer
		if code := run(t.Context(), []string{"-format", name}, &out, &errs); code != 0 {
			t.Fatalf("%s: exit status %d: %s", name, code, errs.String())
		}
		if !strings.HasPrefix(out.String(), begins[name]) || begins[name] == "" || !strings.Contains(out.String(), "iam.root-hardware-mfa") {
			t.Errorf("%s: %.200s", name, out.String())
		}
	}
}

func TestFramework(t *testing.T) {
	var out, errs bytes.Buffer
	if code := run(t.Context(), []string{"-framework", "cis-aws@5.0.0,aws-fsbp@1.0.0"}, &out, &errs); code != 0 {
		t.Fatalf("exit status %d: %s", code, errs.String())
	}
	for _, want := range []string{"\nREQUIREMENTS\n  cis-aws 5.0.0: ", "\n  aws-fsbp 1.0.0: ", " not met, "} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is not in\n%s", want, out.String())
		}
	}
}

// Where the regions could not be listed, nothing that is judged by region is met.
func TestRegionsNotListed(t *testing.T) {
	home := posture.Place{Partition: "aws", Account: "111122223333"}
	west := home
	west.Region = "eu-west-1"
	c := posture.Control{ID: "guardduty.detector-enabled", Scope: posture.Regional, Resource: "AWS::GuardDuty::Detector"}
	against := &compliance.Framework{Key: "example", Version: "1", Requirements: []compliance.Requirement{{ID: "R-1", Mappings: []compliance.Mapping{{Controls: []string{c.ID}, Strength: compliance.Full}}}}}
	for unlisted, want := range map[bool]compliance.Outcome{false: compliance.Met, true: compliance.NotAssessed} {
		s := scope{account: home, unlisted: unlisted}
		a := compliance.Assessor{Frameworks: []*compliance.Framework{against}, Scope: s.declared([]posture.Place{home, west})}
		got, err := a.Assess(func(yield func(posture.Result) bool) {
			yield(posture.Result{Control: c, Place: west, Started: time.Now(), Findings: []posture.Finding{c.Pass(west.Resource(c.Resource, "d", ""), nil)}})
		})
		if err != nil {
			t.Fatal(err)
		}
		if o := got.Frameworks[0].Requirements[0].Outcome; o != want {
			t.Errorf("unlisted %v: %s", unlisted, o)
		}
	}
}

func TestExitStatus(t *testing.T) {
	for args, want := range map[string]int{
		"":                    0,
		"-fail-on high":       1,
		"-fail-on critical":   1,
		"-fail-on terrible":   2,
		"-format xml":         2,
		"-regions eu-west-1":  2,
		"something":           2,
		"-h":                  0,
		"-live -format words": 2,

		"-framework cis-aws@0":           2,
		"-framework cis-aws":             2,
		"-framework cis-aws@5.0.0":       0,
		"-format sarif -fail-on high":    1,
		"-framework cis-aws@5.0.0,other": 2,
	} {
		var out, errs bytes.Buffer
		if got := run(t.Context(), strings.Fields(args), &out, &errs); got != want {
			t.Errorf("%q: exit status %d, want %d: %s", args, got, want, errs.String())
		}
	}
	notAssessed := summary{unknown: []posture.Finding{{}}}
	if got := notAssessed.status(posture.Low); got != 2 {
		t.Errorf("what could not be assessed gives %d", got)
	}
	notAssessed.failing = []posture.Finding{{Severity: posture.Low}}
	if got := notAssessed.status(posture.Low); got != 1 {
		t.Errorf("findings do not beat it: %d", got)
	}
	if got := notAssessed.status(posture.High); got != 2 {
		t.Errorf("a finding below the threshold counts: %d", got)
	}
}
