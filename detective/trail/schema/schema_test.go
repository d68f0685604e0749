package schema

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestTable(t *testing.T) {
	lines := strings.Split(strings.TrimSpace(namesText), "\n")
	if !slices.IsSorted(lines) {
		t.Error("the sources are not in order")
	}
	seen := map[string]bool{}
	for _, l := range lines {
		f := strings.Fields(l)
		if seen[f[0]] || !strings.HasSuffix(f[0], ".amazonaws.com") || strings.ToLower(f[0]) != f[0] {
			t.Errorf("source %q is there twice or no source", f[0])
		}
		seen[f[0]] = true
		if !slices.IsSorted(f[1:]) || len(slices.Compact(slices.Clone(f[1:]))) != len(f)-1 {
			t.Errorf("the names of %s are out of order or repeated", f[0])
		}
		for _, n := range f[1:] {
			if Normalize(n) != n {
				t.Errorf("%s of %s carries a date", n, f[0])
			}
			if s := Spelling(strings.ToLower(n)); !strings.EqualFold(s, n) {
				t.Errorf("%s is spelled %q", n, s)
			}
			if !slices.Contains(Sources(n), f[0]) || !slices.Contains(Names(f[0]), n) {
				t.Errorf("%s of %s is not found", n, f[0])
			}
			if instead, not := NotEvent(f[0], n); not {
				t.Errorf("%s is an event of %s and said to be recorded as %q", n, f[0], instead)
			}
		}
	}
	if got := EventSources(); len(got) != len(lines) || !KnownSource(got[0]) || KnownSource("example.amazonaws.com") {
		t.Errorf("%d sources of %d lines", len(got), len(lines))
	}
	// What is recorded instead is an event itself, or the table leads astray.
	for service, names := range notEvents {
		for name, instead := range names {
			if _, again := NotEvent(service+".amazonaws.com", instead); instead != "" && (again || instead == name) {
				t.Errorf("%s:%s leads to %s, which is no event either", service, name, instead)
			}
		}
	}
}

func TestNormalize(t *testing.T) {
	for name, want := range map[string]string{
		"UpdateFunctionCode20150331v2": "UpdateFunctionCode", "Invoke20150331": "Invoke", "UpdateDistribution2020_05_31": "UpdateDistribution",
		"CreateUser": "CreateUser", "GetV2": "GetV2", "20150331": "20150331", "": "", "Batch12345678": "Batch12345678", "Getv2": "Getv2",
		"X2020_13": "X2020_13",
	} {
		if got := Normalize(name); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}

func TestNotEvent(t *testing.T) {
	for _, c := range []struct {
		source, name, instead string
		not                   bool
	}{
		{"s3.amazonaws.com", "ListAllMyBuckets", "ListBuckets", true},
		{"s3.amazonaws.com", "ListBuckets", "", false},
		{"", "ListAllMyBuckets", "ListBuckets", true},
		{"iam.amazonaws.com", "PassRole", "", true},
		{"s3.amazonaws.com", "PutLifecycleConfiguration", "PutBucketLifecycle", true},
		{"elasticfilesystem.amazonaws.com", "PutLifecycleConfiguration", "", false}, // an event of that service
		{"s3.amazonaws.com", "PutReplicationConfiguration", "PutBucketReplication", true},
		{"ecr.amazonaws.com", "PutReplicationConfiguration", "", false},
		{"", "PutReplicationConfiguration", "", false}, // ecr's
		{"kms.amazonaws.com", "ReEncryptTo", "ReEncrypt", true},
		{"", "CreateUser", "", false},
	} {
		if instead, not := NotEvent(c.source, c.name); instead != c.instead || not != c.not {
			t.Errorf("%s %s: %q %v", c.source, c.name, instead, not)
		}
	}
}

func TestPaths(t *testing.T) {
	for path, want := range map[string]bool{
		"eventName": true, "eventname": false, "errorCode.x": false, "requestParameters": true, "requestParameters.a.b": true, "userIdentity.arn": true,
		"userIdentity.ARN": false, "userIdentity.sessionContext.sessionIssuer.arn": true, "userIdentity.sessionContext.issuer": false, "resources.ARN": true, "resources.name": false,
		"": false, "detail.eventName": false, "userIdentity.sessionContext.attributes.mfaAuthenticated": true,
	} {
		if KnownPath(path) != want {
			t.Errorf("%q: %v", path, !want)
		}
	}
	for _, p := range Paths() {
		if !KnownPath(p) {
			t.Errorf("%s is listed and not known", p)
		}
	}
	for path := range words {
		if !KnownPath(path) || len(Words(path)) < 2 {
			t.Errorf("%s has words and is no member", path)
		}
	}
}

func ExampleNotEvent() {
	fmt.Println(NotEvent("s3.amazonaws.com", "PutLifecycleConfiguration"))
	// Output: PutBucketLifecycle true
}
