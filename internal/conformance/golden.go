package conformance

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/awsposture/posture"
)

var writeGolden = flag.Bool("golden", false, "write the golden files of steps anew")

// golden holds the JSON of one step of each kind of setting, and its hashes, in
// a folder of the domain's testdata: plans and receipts that are kept somewhere must be
// read, bound and undone by every later version.
func golden(t *testing.T, folder string, seen map[string]bool, g Ground, p posture.Plan) {
	t.Helper()
	for i, s := range p.Steps {
		if seen[s.Kind.Name] {
			continue
		}
		seen[s.Kind.Name] = true
		path := filepath.Join(folder, s.Kind.Name+".json")
		got := append(encoded(t, s), '\n')
		if *writeGolden {
			if err := os.MkdirAll(folder, 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, got, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Errorf("the kind %s has no golden file: %v", s.Kind.Name, err)
			continue
		}
		if !bytes.Equal(want, got) {
			t.Errorf("%s: was %s, is %s", path, want, got)
		}
		// What is in the file, not what is in memory, must bind.
		var kept posture.Step
		if err := json.Unmarshal(want, &kept); err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		old := p
		old.Steps = append([]posture.Step{}, p.Steps...)
		old.Steps[i] = kept
		if _, err := old.Bind(g.View().Bindings...); err != nil {
			t.Errorf("%s does not bind: %v", path, err)
		}
	}
}
