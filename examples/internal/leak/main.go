// Command leak writes the CloudTrail logs that the examples whodidwhat and
// detect read: a morning at Example Orchard, a company that does not exist, in
// which the access key of a build job leaks and is used to stay and to climb.
//
//	go run ./examples/internal/leak examples/internal/orchard
package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: leak directory")
		os.Exit(2)
	}
	if err := write(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func write(dir string) error {
	all, err := files()
	if err != nil {
		return err
	}
	for _, key := range slices.Sorted(maps.Keys(all)) {
		name := filepath.Join(dir, filepath.FromSlash(key))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(name, all[key], 0o644); err != nil {
			return err
		}
	}
	return nil
}

// files are the log files by key. An event is in a file that is delivered at
// least five minutes after it, with others of its account and region.
func files() (map[string][]byte, error) {
	lines := map[string][]string{}
	for i, e := range story() {
		e.finish(i)
		b, err := json.Marshal(e)
		if err != nil {
			return nil, err
		}
		delivered := e.at.Add(20 * minute).Truncate(15 * minute)
		key := fmt.Sprintf("AWSLogs/%s/CloudTrail/%s/%s/%[1]s_CloudTrail_%[2]s_%[4]s_ExampleOrchard00.json",
			e.Recipient, e.Region, delivered.Format("2006/01/02"), delivered.Format("20060102T1504Z"))
		lines[key] = append(lines[key], string(b))
	}
	out := map[string][]byte{}
	for key, ls := range lines {
		// CloudTrail keeps no order within a file.
		for i := 0; i+1 < len(ls); i += 2 {
			ls[i], ls[i+1] = ls[i+1], ls[i]
		}
		out[key] = []byte("{\"Records\":[\n" + strings.Join(ls, ",\n") + "\n]}\n")
	}
	return out, nil
}
