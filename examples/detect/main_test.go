package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/awsposture/posture/detective/trail/rule"
)

var update = flag.Bool("update", false, "write the golden files anew")

// The logs are the sample's, unless others are named.
var sample = []string{"-own", "111122223333"}

func TestSample(t *testing.T) {
	var out, errs bytes.Buffer
	code := run(t.Context(), append(sample, "-sigma", "testdata/rules.yml", "-pattern", "testdata/customers.json"), &out, &errs)
	if code != 1 {
		t.Errorf("exit status %d", code)
	}
	for name, got := range map[string][]byte{"output.txt": out.Bytes(), "lint.txt": errs.Bytes()} {
		if *update {
			if err := os.WriteFile("testdata/"+name, got, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile("testdata/" + name)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), string(got)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// TestJSON reads back every finding, and wants the story's main turns in them.
func TestJSON(t *testing.T) {
	var out, errs bytes.Buffer
	if code := run(t.Context(), append(sample, "-json", "-level", "high"), &out, &errs); code != 1 {
		t.Fatalf("exit status %d: %s", code, errs.String())
	}
	found := map[string]bool{}
	for line := range strings.Lines(out.String()) {
		var h rule.Hit
		if err := json.Unmarshal([]byte(line), &h); err != nil {
			t.Fatal(err)
		}
		if h.Level != "high" && h.Level != "critical" || len(h.Events) == 0 {
			t.Errorf("%+v", h)
		}
		found[h.Rule] = true
	}
	for _, id := range []string{"D001", "D121"} { // logging stopped, an administrator built
		if !found[id] {
			t.Errorf("%s is not found: %v", id, found)
		}
	}
}

func TestExitCodes(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		t.Helper()
		name = dir + "/" + name
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return name
	}
	quiet := t.TempDir()
	if err := os.WriteFile(quiet+"/log.json", []byte(`{"Records":[{"eventVersion":"1.11","eventID":"1","eventName":"ListUsers","eventSource":"iam.amazonaws.com","readOnly":true}]}`), 0o600); err != nil {
		t.Fatal(err)
	}
	bad := write("bad.yml", "title: no condition\ndetection: {s: {eventName: X}}\n")
	pattern := write("bad.json", `{"detail":{"eventName":"ListUsers"}}`)
	broken := t.TempDir()
	if err := os.WriteFile(broken+"/log.json", []byte(`{"Records":[{"eventVersion":]}`), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args []string
		code int
		says string // on either output
	}{
		{[]string{"-logs", quiet}, 0, "Nothing was found."},
		{[]string{"-logs", quiet, "-sigma", bad}, 2, "bad.yml:2"},
		{[]string{"-logs", quiet, "-pattern", pattern}, 2, "detail.eventName"},
		{[]string{"-logs", quiet, "-sigma", dir + "/none.yml"}, 2, "none.yml"},
		{[]string{"-logs", broken}, 2, "log.json"},
		{[]string{"-logs", dir + "/none"}, 2, "none"},
		{[]string{"-logs", quiet, "-level", "loud"}, 2, "critical"},
		{[]string{"more"}, 2, "flags only"},
	} {
		var out, errs bytes.Buffer
		if code := run(t.Context(), c.args, &out, &errs); code != c.code || !strings.Contains(out.String()+errs.String(), c.says) {
			t.Errorf("%v: exit status %d, %s%s", c.args, code, out.String(), errs.String())
		}
	}
}
