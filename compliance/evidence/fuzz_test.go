package evidence

import (
	"bytes"
	"encoding/hex"
	"io"
	"strings"
	"testing"
	"time"
)

func FuzzParseManifest(f *testing.F) {
	m := Manifest{Version: 1, Run: "r", Started: time.Unix(0, 0).UTC(), Ended: time.Unix(0, 0).UTC(), Files: []FileEntry{}}
	entry, err := Bytes("a/b", "text/plain", []byte("x")).copy(io.Discard)
	if err != nil {
		f.Fatal(err)
	}
	for range 2 {
		root := merkleRoot(m.leaves())
		m.Root = hex.EncodeToString(root[:])
		if _, err := ParseManifest(canonical(m)); err != nil {
			f.Fatal(err)
		}
		f.Add(canonical(m))
		m.Files, m.Root = append(m.Files, entry), ""
	}
	f.Add([]byte(`{"version":1,"run":"","run":""}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		m, err := ParseManifest(b)
		if err != nil {
			if !strings.HasPrefix(err.Error(), "evidence: "+ManifestName) {
				t.Errorf("the error does not name the manifest: %v", err)
			}
			return
		}
		if !bytes.Equal(canonical(m), b) {
			t.Errorf("read %q, would write %q", b, canonical(m))
		}
		for _, e := range m.Files {
			if checkName(e.Name) != nil {
				t.Errorf("took the name %q", e.Name)
			}
		}
	})
}

func FuzzReadRecording(f *testing.F) {
	r := Recording{Account: "111122223333", Region: "us-east-1", MaxBody: 10, Rules: RulesHash(), Exchanges: []Exchange{
		{Service: "IAM", Operation: "ListUsers", Method: "POST", URL: "https://iam.amazonaws.com/", Body: Body{Text: "Action=ListUsers"}, Call: 1, Attempt: 1, Time: time.Unix(0, 0).UTC(), Status: 200, Answer: Body{Text: "<R/>"}},
		{Service: "IAM", Operation: "ListUsers", Method: "POST", URL: "https://iam.amazonaws.com/", Body: Body{Text: "Action=ListUsers"}, Call: 2, Attempt: 1, Time: time.Unix(0, 0).UTC(), Failure: &Failure{Kind: "timeout", Message: "late"}, Answer: Body{Bytes: []byte{0xff}}},
	}}
	var b bytes.Buffer
	if _, err := r.WriteTo(&b); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Add([]byte("{}\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := ReadRecording(bytes.NewReader(b))
		if err != nil {
			return
		}
		NewPlayer(r) // takes whatever was read
		var once, twice bytes.Buffer
		if _, err := r.WriteTo(&once); err != nil {
			t.Fatal(err)
		}
		again, err := ReadRecording(bytes.NewReader(once.Bytes()))
		if err != nil {
			t.Fatalf("wrote what it cannot read: %v", err)
		}
		if _, err := again.WriteTo(&twice); err != nil || !bytes.Equal(once.Bytes(), twice.Bytes()) {
			t.Errorf("another time it is written otherwise: %v\n%s\n%s", err, once.Bytes(), twice.Bytes())
		}
	})
}

// FuzzRedact gives the redactor any body there may be, with a secret in it that it
// knows. It must not come out, and what holds no secret must come out as it was.
func FuzzRedact(f *testing.F) {
	const secret = "a secret that it knows"
	for _, body := range []string{
		`{"a":["SECRET",{"Password":"x"}],"b":"{\"c\":\"SECRET\"}"}`, `<R><a>SECRET</a><Password>x<!-- SECRET --></Password></R>`, "a=SECRET&Tags.member.1.Key=password&Tags.member.1.Value=x",
		"\xa1\x68Password\x63abc", "<![CDATA[SECRET]]>", `{"a":"\u0053ECRET"}`, "-----BEGIN PRIVATE KEY-----",
	} {
		for _, contentType := range []string{"", "application/x-www-form-urlencoded", "application/cbor"} {
			f.Add(contentType, []byte(body))
		}
	}
	f.Fuzz(func(t *testing.T, contentType string, b []byte) {
		plain := redactor{}
		if got := plain.body(contentType, bytes.Clone(b), "body"); len(plain.notes) == 0 && !bytes.Equal(got.bytes(), b) {
			t.Errorf("nothing was taken out of %q, and it is %q", b, got.bytes())
		}
		r := redactor{seen: []string{secret}}
		got := r.body(contentType, bytes.ReplaceAll(b, []byte("SECRET"), []byte(secret)), "body")
		if bytes.Contains(got.bytes(), []byte(secret)) || bytes.Contains(got.bytes(), []byte(keyMark)) {
			t.Errorf("%q was kept", got.bytes())
		}
		if got.Withheld == "" && len(got.bytes()) > 0 {
			if _, err := parse(contentType, got.bytes()); err != nil {
				t.Errorf("%q does not parse any more: %q", b, got.bytes())
			}
		}
	})
}
