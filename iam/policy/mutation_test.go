//go:build mutation

package policy

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// mutant is one deliberate fault in the engine. A row of the rule tables whose
// name starts with the rule must fail because of it.
type mutant struct {
	rule, file, old, new string
}

// TestMutants breaks one rule after the other and prints what noticed. It
// builds the package once for each, so that it is run on its own:
//
//	go test -tags mutation -run TestMutants -v -timeout 60m ./iam/policy
func TestMutants(t *testing.T) {
	runMutants(t, mutants, "^Test(Rules|Exemptions|Statements|Conditions|Variables|Matching|Semantics|AuthorizeAll)$")
}

// TestLintMutants does the same to the rules of the linter, named after the test
// and the row that must fail.
//
//	go test -tags mutation -run TestLintMutants -v -timeout 60m ./iam/policy
func TestLintMutants(t *testing.T) {
	for _, m := range lintMutants {
		test, row, _ := strings.Cut(m.rule, "/")
		m.rule = row
		t.Run(test, func(t *testing.T) { runMutants(t, []mutant{m}, "^"+test+"$") })
	}
}

func runMutants(t *testing.T, list []mutant, tests string) {
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range list {
		t.Run(m.rule, func(t *testing.T) {
			name := filepath.Join(dir, m.file)
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			if n := strings.Count(string(text), m.old); n != 1 {
				t.Fatalf("%s has %d places for the mutation, not one: %s", m.file, n, m.old)
			}
			work := t.TempDir()
			broken := filepath.Join(work, m.file)
			if err := os.WriteFile(broken, []byte(strings.Replace(string(text), m.old, m.new, 1)), 0o600); err != nil {
				t.Fatal(err)
			}
			overlay, err := json.Marshal(map[string]any{"Replace": map[string]string{name: broken}})
			if err != nil {
				t.Fatal(err)
			}
			list := filepath.Join(work, "overlay.json")
			if err := os.WriteFile(list, overlay, 0o600); err != nil {
				t.Fatal(err)
			}
			row := strings.ReplaceAll(m.rule, " ", "_")
			rows := tests + "/^" + regexp.QuoteMeta(row) + "$"
			out, err := exec.Command("go", "test", "-vet=off", "-overlay", list, "-run", rows+"|"+strings.TrimSuffix(rows, "$")+"/", "-timeout", "20s", ".").CombinedOutput()
			noticed := noticedBy(string(out), row)
			if err == nil || noticed == "" {
				t.Fatalf("no row noticed\n\t%s\n\t%s\n%s", m.old, m.new, out)
			}
			fmt.Printf("%-4s %-16s noticed by %s\n", m.rule, m.file, noticed)
		})
	}
}

// noticedBy returns the first failed row of the rule, "" for none. A row that
// does not come to an end is named by the message about the time limit.
func noticedBy(out, rule string) string {
	for line := range strings.Lines(out) {
		line = strings.TrimSpace(line)
		rest, failed := strings.CutPrefix(line, "--- FAIL: ")
		if !failed && strings.HasPrefix(line, "Test") && strings.Contains(out, "test timed out") {
			rest, failed = line, true
		}
		name, _, _ := strings.Cut(rest, " ")
		if _, row, ok := strings.Cut(name, "/"); failed && ok && (row == rule || strings.HasPrefix(row, rule+"/")) {
			return name
		}
	}
	return ""
}

// Every rule of the tables that the engine decides must be in the list.
func TestMutantsAreComplete(t *testing.T) {
	have := map[string]bool{}
	for _, m := range mutants {
		have[m.rule] = true
	}
	for letter, n := range map[string]int{"E": 27, "X": 13, "P": 12, "S": 6, "C": 24, "V": 14, "M": 11, "D": 14} {
		for i := 1; i <= n; i++ {
			if rule := fmt.Sprint(letter, i); !have[rule] {
				t.Errorf("no mutant for %s", rule)
			}
		}
	}
}
