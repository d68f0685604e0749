package main

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"
)

func TestRun(t *testing.T) {
	var out bytes.Buffer
	if err := run(t.Context(), &out, filepath.Join(t.TempDir(), "bundle.zip")); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"cis-aws 5.0.0:", "aws-fsbp 1.0.0:",
		"1.9            not-met", // ben has a console password and no MFA
		"GuardDuty.1    not-met",
		"files verifies.", "With one bit changed it does not.",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is not in\n%s", want, out.String())
		}
	}
}
