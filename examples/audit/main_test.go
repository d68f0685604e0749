package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden file anew")

// TestRun holds what the audit prints: the outcomes of both frameworks.
func TestRun(t *testing.T) {
	var out bytes.Buffer
	dir := t.TempDir()
	if err := run(t.Context(), &out, dir); err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile("testdata/audit.txt", out.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile("testdata/audit.txt")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), out.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	reports(t, dir)
}

// reports reads the files back: each has every finding.
func reports(t *testing.T, dir string) {
	read := func(name string) []byte {
		b, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	var oscal struct {
		Results struct {
			Results []struct {
				Observations []struct{ Title string }
				Findings     []struct{ Title string }
			}
		} `json:"assessment-results"`
	}
	if err := json.Unmarshal(read("assessment-results.json"), &oscal); err != nil {
		t.Fatal(err)
	}
	page := string(read("report.html"))
	if n, m := len(oscal.Results.Results[0].Observations), strings.Count(page, `<details class="f `); n != m || n < 100 {
		t.Errorf("%d observations in OSCAL, %d findings on the page", n, m)
	}
	for _, want := range []string{"CIS AWS Foundations", "platform@example.com", "iam.root-hardware-mfa"} {
		if !strings.Contains(page, want) {
			t.Errorf("%q is not on the page", want)
		}
	}
	if b := read("bundle.zip"); !bytes.HasPrefix(b, []byte("PK")) {
		t.Error("the bundle is no archive")
	}
}

// Two audits of the same account give the same reports.
func TestReportsAreTheSame(t *testing.T) {
	var files [2][]file
	for i := range files {
		results, scope := scan(t.Context())
		assessment, items, err := assess(results, scope)
		if err != nil {
			t.Fatal(err)
		}
		if files[i], err = render(assessment, items); err != nil {
			t.Fatal(err)
		}
	}
	for i, f := range files[0] {
		if !bytes.Equal(f.content, files[1][i].content) {
			t.Errorf("%s differs", f.name)
		}
	}
}
