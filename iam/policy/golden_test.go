package policy

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files anew")

// The JSON of explanations and findings is a public format.
func TestGoldenJSON(t *testing.T) {
	p := Policies{
		Identity: []*Document{parseText(Identity, `{"Version":"2012-10-17","Statement":[
  {"Sid":"Home","Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/${aws:username}/*"},
  {"Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"IpAddress":{"aws:SourceIp":["203.0.113.0/24","198.51.100.0/24"]},"Bool":{"aws:MultiFactorAuthPresent":true}}}
]}`)},
		SCPs:     []Level{{Name: "root", Policies: []*Document{doc(SCP, full)}}},
		Resource: doc(Resource, `{"Sid":"TLS","Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"false"}}}`),
	}
	refused := get(alice()).with("aws:SourceIp", "192.0.2.7")
	denied := get(alice()).with("aws:SecureTransport", "false")
	unsure := get(alice()).with("aws:SourceIp", "203.0.113.7")
	unsure.Unknown = []string{"*"}
	e := compile(t, p)
	golden(t, "explanations.json", []Explanation{e.Explain(&refused), e.Explain(&denied), e.Explain(&unsure)})
	golden(t, "findings.json", Lint(lintDoc(Identity, `{"Effect":"Allow","Action":["s3:GetObjet","iam:PassRole"],"Resource":["*","arn:aws:s3:b"]}`), nil))
	answer, err := Outsiders(doc(Resource, to(`"*"`, "Allow", "s3:GetObject", `"Resource":"arn:aws:s3:::b/*"`)), "arn:aws:s3:::b", ownerA, Zone{}, Semantics{})
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "answer.json", answer)
}

func golden(t *testing.T, name string, v any) {
	t.Helper()
	got, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	got = append(got, '\n')
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s: %s", name, diff)
	}
}
