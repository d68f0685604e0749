package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/awsposture/posture/iam/policy"
)

// write makes an unpacked package with one service.
func write(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	all := map[string]string{
		"package.json":                    `{"version":"1.2.3","updatedAt":"2030-01-02T03:04:05Z"}`,
		"LICENSE.txt":                     "MIT",
		"data/services.json":              `["toy"]`,
		"data/rcpSupportedServices.json":  `["toy"]`,
		"data/actions/toy.json":           `{"play":{"name":"Play","accessLevel":"Tagging, Write","resourceTypes":[{"name":"box","required":true,"conditionKeys":["toy:Colour"]}],"conditionKeys":["aws:TagKeys"]},"list":{"name":"List","accessLevel":"List","resourceTypes":[],"conditionKeys":[]}}`,
		"data/resourceTypes/toy.json":     `{"box":{"key":"box","arn":"arn:${Partition}:toy:::box/${Name}","conditionKeys":[]}}`,
		"data/conditionKeys/toy.json":     `{"toy:colour":{"key":"toy:Colour","type":"String"}}`,
		"data/unused/by-the-generator.js": "",
	}
	for name, text := range files {
		all[name] = text
	}
	for name, text := range all {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestGenerate(t *testing.T) {
	from, to := write(t, nil), t.TempDir()
	if err := run(from, to, "", false); err != nil {
		t.Fatal(err)
	}
	first, err := os.ReadFile(filepath.Join(to, "data", "actions.gz"))
	if err != nil {
		t.Fatal(err)
	}
	c, err := policy.ReadCatalog(bytes.NewReader(first))
	if err != nil {
		t.Fatal(err)
	}
	if version, date := c.Version(); version != "1.2.3" || date != "2030-01-02" {
		t.Errorf("version %s of %s", version, date)
	}
	s := c.Service("toy")
	a := s.Action("PLAY")
	if a == nil || a.Levels != "TW" || len(a.Types) != 1 || !a.Required[0] || s.Types[a.Types[0]].ARN != "arn:${Partition}:toy:::box/${Name}" {
		t.Fatalf("got %+v", a)
	}
	var keys []string
	for _, k := range a.Keys {
		keys = append(keys, s.Keys[k].Name+" "+s.Keys[k].Type)
	}
	if got := strings.Join(keys, ", "); got != "aws:TagKeys , toy:Colour String" {
		t.Errorf("keys %s", got)
	}
	source, err := os.ReadFile(filepath.Join(to, "data_gen.go"))
	if err != nil || !strings.Contains(string(source), `const DataVersion = "1.2.3"`) || !strings.Contains(string(source), `"toy",`) {
		t.Errorf("%v, %s", err, source)
	}
	// Again, over its own output: the same bytes.
	if err := run(from, to, "", false); err != nil {
		t.Fatal(err)
	}
	if second, _ := os.ReadFile(filepath.Join(to, "data", "actions.gz")); !bytes.Equal(first, second) {
		t.Error("the second run wrote other bytes")
	}
}

func TestGenerateRefuses(t *testing.T) {
	list := filepath.Join(t.TempDir(), "list")
	if err := os.WriteFile(list, []byte("toy:Play\ntoy:Break\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	fewer := write(t, map[string]string{"data/actions/toy.json": `{"list":{"name":"List","accessLevel":"List"}}`})
	dangling := write(t, map[string]string{"data/actions/toy.json": `{"play":{"name":"Play","accessLevel":"Write","resourceTypes":[{"name":"bag"}]}}`})
	to := t.TempDir()
	if err := run(write(t, nil), to, "", false); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ from, require, want string }{
		"falling counts":  {fewer, "", "fell from 2 to 1"},
		"undefined type":  {dangling, "", "resource type bag is not defined"},
		"required action": {write(t, nil), list, "toy:Break"},
		"no package":      {t.TempDir(), "", "package.json"},
	} {
		if err := run(c.from, to, c.require, false); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := run(fewer, to, "", true); err != nil {
		t.Errorf("forced: %v", err)
	}
}
