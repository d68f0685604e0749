// Command gen makes the table of API names from the service models that AWS
// publishes with its SDK for Python (Apache-2.0; only names are taken):
//
//	go run ./internal/gen -models botocore/data -out apis.gz
package main

import (
	"compress/gzip"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

func main() {
	models := flag.String("models", "", "`directory` of the service models")
	out := flag.String("out", "apis.gz", "`file` to write")
	flag.Parse()
	if err := run(*models, *out); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(models, out string) error {
	files, err := filepath.Glob(filepath.Join(models, "*", "*", "service-2.json.gz"))
	if err != nil || len(files) == 0 {
		return fmt.Errorf("no models in %q: %w", models, errors.Join(err, fs.ErrNotExist))
	}
	names := map[string]map[string]bool{}
	for _, f := range files {
		if err := read(f, names); err != nil {
			return fmt.Errorf("%s: %w", f, err)
		}
	}
	w, err := os.Create(out)
	if err != nil {
		return err
	}
	z, err := gzip.NewWriterLevel(w, gzip.BestCompression)
	if err != nil {
		return err
	}
	for _, s := range slices.Sorted(maps.Keys(names)) {
		if _, err := fmt.Fprintf(z, "%s %s\n", s, strings.Join(slices.Sorted(maps.Keys(names[s])), " ")); err != nil {
			return err
		}
	}
	if err := z.Close(); err != nil {
		return err
	}
	return w.Close()
}

// read adds the operations of one model to the names of its service. Event
// sources are called after the name that requests are signed for, or after the
// endpoint; both are kept.
func read(file string, names map[string]map[string]bool) error {
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer f.Close() //nolint:errcheck // only read
	z, err := gzip.NewReader(f)
	if err != nil {
		return err
	}
	text, err := io.ReadAll(z)
	if err != nil {
		return err
	}
	var m struct {
		Metadata   struct{ EndpointPrefix, SigningName string }
		Operations map[string]struct{}
	}
	if err := json.Unmarshal(text, &m); err != nil {
		return err
	}
	for _, s := range []string{m.Metadata.SigningName, m.Metadata.EndpointPrefix} {
		if s == "" || strings.Contains(s, ".") {
			continue
		}
		if names[s] == nil {
			names[s] = map[string]bool{}
		}
		for op := range m.Operations {
			names[s][op] = true
		}
	}
	return nil
}
