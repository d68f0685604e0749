package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/awsposture/posture"
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
	if code := run(t.Context(), []string{"-format", "jsonl"}, &out, &errs); code != 0 {
		t.Fatalf("exit status %d: %s", code, errs.String())
	}
	count := map[posture.Status]int{}
	for line := range strings.Lines(out.String()) {
		var f posture.Finding
		if err := json.Unmarshal([]byte(line), &f); err != nil {
			t.Fatal(err)
		}
		count[f.Status]++
	}
	if count[posture.Fail] == 0 || count[posture.Pass] == 0 || count[posture.Unknown] == 0 {
		t.Errorf("got %v", count)
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
