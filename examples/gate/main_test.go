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

// TestRun holds what the sample prints, and that the gate is closed.
func TestRun(t *testing.T) {
	var out, errs bytes.Buffer
	if code := run(t.Context(), nil, &out, &errs); code != 1 {
		t.Fatalf("exit status %d: %s", code, errs.String())
	}
	if *update {
		if err := os.WriteFile("testdata/output.txt", out.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile("testdata/output.txt")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), out.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// With what is found now as the baseline, only what was never scanned blocks.
func TestNextBaseline(t *testing.T) {
	dir := t.TempDir()
	next, sarif := filepath.Join(dir, "baseline.json"), filepath.Join(dir, "findings.sarif")
	var out, errs bytes.Buffer
	if code := run(t.Context(), []string{"-baseline-out", next, "-sarif", sarif}, &out, &errs); code != 1 {
		t.Fatalf("exit status %d: %s", code, errs.String())
	}
	text, err := os.ReadFile(sarif)
	if err != nil || !json.Valid(text) || !bytes.Contains(text, []byte("CVE-2026-4000")) {
		t.Errorf("%s, %v", text, err)
	}
	out.Reset()
	if code := run(t.Context(), []string{"-baseline", next}, &out, &errs); code != 1 || strings.Contains(out.String(), "BLOCKS") || !strings.Contains(out.String(), "UNSEEN") {
		t.Errorf("exit status %d: %s%s", code, out.String(), errs.String())
	}
}

// What cannot be read decides nothing.
func TestExitStatus(t *testing.T) {
	dir := t.TempDir()
	file := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	for name, args := range map[string][]string{
		"a severity not known":         {"-severity", "severe"},
		"no such baseline":             {"-baseline", filepath.Join(dir, "none")},
		"a baseline that is no JSON":   {"-baseline", file("a", "<>")},
		"an allowance for ever":        {"-allow", file("b", `[{"vulnerability":"CVE-2026-2000","reason":"later"}]`)},
		"an allowance with a typo":     {"-allow", file("c", `[{"vulnerability":"CVE-2026-2000","resuorce":"shop","reason":"later","until":"2026-07-01T00:00:00Z"}]`)},
		"two lists of allowances":      {"-allow", file("d", `[] [{"vulnerability":"CVE-2026-2000"}]`)},
		"a flag not known":             {"-forgive"},
		"a place that is no folder":    {"-baseline-out", filepath.Join(dir, "none", "x")},
		"a report that cannot be made": {"-sarif", filepath.Join(dir, "none", "x")},
	} {
		var out, errs bytes.Buffer
		if code := run(t.Context(), args, &out, &errs); code != 2 || errs.Len() == 0 {
			t.Errorf("%s: exit status %d: %s", name, code, errs.String())
		}
	}
}
