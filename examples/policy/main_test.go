package main

import (
	"os"
	"strings"
	"testing"
)

func ask(more ...string) []string {
	return append([]string{
		"-identity", "testdata/identity.json", "-resource-policy", "testdata/bucket.json",
		"-user", "arn:aws:iam::111122223333:user/ana", "-owner", "111122223333",
	}, more...)
}

// Ana's own report is allowed.
func Example_allowed() {
	run(ask("-action", "s3:GetObject", "-resource", "arn:aws:s3:::example-reports/ana/may.pdf"), os.Stdout, os.Stderr)
	// Output:
	// arn:aws:iam::111122223333:user/ana may s3:GetObject on arn:aws:s3:::example-reports/ana/may.pdf.
	// Why: every policy of the caller allows.
	// - identity policy of the caller: allows
	//     statement "ReadReports" of testdata/identity.json (line 4) allows it
	//     and 1 statement about other actions
	// - resource policy: silent
	//     statement "EncryptedOnly" of testdata/bucket.json (line 3) would deny it, but its condition aws:SecureTransport Bool false does not hold: the request has no such key
	// To refuse it: remove statement "ReadReports" of testdata/identity.json (line 4)
}

// From the wrong network deleting is refused, and the explanation says what
// would have had to be different.
func Example_wrongNetwork() {
	run(ask("-action", "s3:DeleteObject", "-resource", "arn:aws:s3:::example-reports/ana/may.pdf", "aws:SourceIp=198.51.100.7", "aws:SecureTransport=true"), os.Stdout, os.Stderr)
	// Output:
	// arn:aws:iam::111122223333:user/ana may not s3:DeleteObject on arn:aws:s3:::example-reports/ana/may.pdf.
	// No policy of the caller allows it.
	// - identity policy of the caller: silent
	//     statement "FromTheOffice" of testdata/identity.json (line 10) would allow it, but its condition aws:SourceIp IpAddress 203.0.113.0/24 does not hold: the request has 198.51.100.7
	//     and 1 statement about other actions
	// - resource policy: silent
	//     statement "EncryptedOnly" of testdata/bucket.json (line 3) would deny it, but its condition aws:SecureTransport Bool false does not hold: the request has true
	// To allow it: add to the identity policy of the caller: {"Effect":"Allow","Action":"s3:DeleteObject","Resource":"arn:aws:s3:::example-reports/ana/may.pdf"}
}

// Without encryption the bucket refuses everybody.
func Example_denied() {
	run(ask("-action", "s3:GetObject", "-resource", "arn:aws:s3:::example-reports/ana/may.pdf", "aws:SecureTransport=false"), os.Stdout, os.Stderr)
	// Output:
	// arn:aws:iam::111122223333:user/ana may not s3:GetObject on arn:aws:s3:::example-reports/ana/may.pdf.
	// A policy forbids it, and no permission outweighs that.
	// - identity policy of the caller: allows
	//     statement "ReadReports" of testdata/identity.json (line 4) allows it
	//     and 1 statement about other actions
	// - resource policy: denies
	//     statement "EncryptedOnly" of testdata/bucket.json (line 3) denies it
	// To allow it: exempt this request from, or remove, statement "EncryptedOnly" of testdata/bucket.json (line 3)
}

func TestExitCodes(t *testing.T) {
	object := []string{"-action", "s3:GetObject", "-resource", "arn:aws:s3:::example-reports/ana/may.pdf"}
	for want, args := range map[int][]string{
		0: ask(object...),
		1: ask(append(object, "aws:SecureTransport=false")...),
		2: {"-identity", "testdata/none.json"},
	} {
		var out, errs strings.Builder
		if got := run(args, &out, &errs); got != want {
			t.Errorf("%v: exit %d, want %d: %s", args, got, want, errs.String())
		}
	}
	var out, errs strings.Builder
	if code := run(ask(append([]string{"-json"}, object...)...), &out, &errs); code != 0 || !strings.Contains(out.String(), `"verdict": "allow"`) {
		t.Errorf("exit %d, %s", code, out.String())
	}
}
