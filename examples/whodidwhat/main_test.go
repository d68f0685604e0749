package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files anew")

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
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

func ask(t *testing.T, args ...string) []byte {
	t.Helper()
	var out, errs bytes.Buffer
	if code := run(t.Context(), args, &out, &errs); code != 0 {
		t.Fatalf("%v: exit status %d: %s", args, code, errs.String())
	}
	return out.Bytes()
}

func TestGolden(t *testing.T) {
	golden(t, "timeline.txt", ask(t, "-who", "build-bot", "-from", "2026-03-02T08:00:00Z"))
	golden(t, "timeline.jsonl", ask(t, "-who", "AKIAEXAMPLEHELPER001", "-writes", "-json"))
	golden(t, "changes.txt", ask(t, "-changes", "support-helper"))
	golden(t, "bucket.txt", ask(t, "-changes", "example-orchard-customers"))
}

// TestBehind: what the last session did leads back to the build job, through
// two roles and a user that was made on the way.
func TestBehind(t *testing.T) {
	var id string
	for line := range strings.Lines(string(ask(t, "-action", "PutBucketPolicy", "-json"))) {
		var e struct{ Events []struct{ ID string } }
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			t.Fatal(err)
		}
		id = e.Events[0].ID
	}
	golden(t, "lineage.txt", ask(t, "-event", id))
	var chain struct {
		Hops  []struct{ Kind string }
		Actor struct{ Name string }
	}
	if err := json.Unmarshal(ask(t, "-event", id, "-json"), &chain); err != nil {
		t.Fatal(err)
	}
	if len(chain.Hops) != 3 || chain.Actor.Name != "arn:aws:iam::111122223333:user/build-bot" {
		t.Errorf("%+v", chain)
	}
}

func TestExitCodes(t *testing.T) {
	broken := t.TempDir()
	if err := os.WriteFile(broken+"/log.json", []byte(`{"Records":[{"eventVersion":"1.11","eventName":"ListUsers"},{"eventVersion":]}`), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args []string
		code int
		says string
	}{
		{[]string{"-logs", broken}, 1, "log.json"},
		{[]string{"-logs", broken + "/none"}, 2, "none"},
		{[]string{"more"}, 2, "flags only"},
		{[]string{"-event", "gone"}, 2, "no event gone"},
		{[]string{"-event", "0000001"}, 2, "the ids of 16 events begin with 0000001"},
		{[]string{"-outcome", "luck"}, 2, "-outcome luck is not success"},
		{[]string{"-from", "yesterday"}, 2, "yesterday"},
		{[]string{"more"}, 2, "flags only"},
	} {
		var out, errs bytes.Buffer
		if code := run(t.Context(), c.args, &out, &errs); code != c.code || !strings.Contains(errs.String(), c.says) {
			t.Errorf("%v: exit status %d, %s", c.args, code, errs.String())
		}
	}
}

// TestAsked: an empty answer says so, and an id may be cut short.
func TestAsked(t *testing.T) {
	for _, c := range []struct{ args, want string }{
		{"-who nobody", nothing},
		{"-changes nothing-of-ours", nothing},
		{"-event 0000001e", "is   IAM user arn:aws:iam::111122223333:user/build-bot (proved)"},
	} {
		var out, errs bytes.Buffer
		if code := run(t.Context(), strings.Fields(c.args), &out, &errs); code != 0 || !strings.Contains(out.String(), c.want) {
			t.Errorf("%s: exit status %d, %q, %q", c.args, code, out.String(), errs.String())
		}
	}
}
