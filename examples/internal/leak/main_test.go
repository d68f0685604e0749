package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestCurrent: the logs of the examples are those that this program writes.
func TestCurrent(t *testing.T) {
	dir := t.TempDir()
	if err := write(dir); err != nil {
		t.Fatal(err)
	}
	read := func(root string) map[string]string {
		out := map[string]string{}
		err := filepath.WalkDir(filepath.Join(root, "AWSLogs"), func(path string, d os.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			b, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			rel, err := filepath.Rel(root, path)
			out[filepath.ToSlash(rel)] = string(b)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	if diff := cmp.Diff(read(dir), read("../orchard")); diff != "" {
		t.Errorf("run go run ./examples/internal/leak examples/internal/orchard (-want +got):\n%s", diff)
	}
}
