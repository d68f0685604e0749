package trail

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"strings"
	"testing"
)

const sessionRecord = `{"eventVersion":"1.08","userIdentity":{"type":"AssumedRole","principalId":"AROAEXAMPLE:mira","arn":"arn:aws:sts::111122223333:assumed-role/deploy/mira","accountId":"111122223333","accessKeyId":"ASIAEXAMPLE","sessionContext":{"sessionIssuer":{"type":"Role","principalId":"AROAEXAMPLE","arn":"arn:aws:iam::111122223333:role/deploy","accountId":"111122223333","userName":"deploy"},"webIdFederationData":{},"attributes":{"creationDate":"2026-03-01T09:00:00Z","mfaAuthenticated":"false"},"sourceIdentity":"mira"},"invokedBy":"s3.amazonaws.com"},` +
	`"eventTime":"2026-03-01T10:00:00Z","eventSource":"s3.amazonaws.com","eventName":"GetObject","awsRegion":"eu-central-1","sourceIPAddress":"192.0.2.7","userAgent":"[aws-sdk-go-v2/1.22.0 ua/2.1 os/linux \"lang\"/go#1.26 \\]","errorCode":"AccessDenied","errorMessage":"no – not “you”",` +
	`"requestParameters":{"bucketName":"example","Host":"example.s3.amazonaws.com","key":"a/{\"b\\\\\"}/[c]"},"responseElements":null,"additionalEventData":{"bytesTransferredIn":0,"x":[[1,{"y":"]"}],[]]},"requestID":"A1B2C3D4E5F60718","eventID":"8f5e2a90-0000-4000-8000-000000000002","readOnly":true,"resources":[{"type":"AWS::S3::Object","ARN":"arn:aws:s3:::example/a"},{"accountId":"111122223333"}],"eventType":"AwsApiCall","managementEvent":false,"recipientAccountId":"111122223333","sharedEventID":"8f5e2a90-0000-4000-8000-000000000003","eventCategory":"Data","vpcEndpointId":"vpce-1","tlsDetails":{"tlsVersion":"TLSv1.3"},"sessionCredentialFromConsole":"true"}`

// changed is a record like those above, with members in another order, missing,
// twice, at another place, escaped, with white space, or with bytes that were
// lost, made up or changed.
func changed(r *rand.Rand) []byte {
	texts := [2]string{record, sessionRecord}
	b := shuffled(r, []byte(texts[r.IntN(2)]), r.IntN(3))
	if r.IntN(4) == 0 {
		var out bytes.Buffer
		if json.Indent(&out, b, "", strings.Repeat(" ", r.IntN(3))) == nil {
			b = out.Bytes()
		}
	}
	for range r.IntN(4) {
		at := r.IntN(len(b))
		switch r.IntN(6) {
		case 0:
			b = append(b[:at:at], b[at+1:]...)
		case 1:
			b = append(b[:at:at], append([]byte{`"\{}[],: .x`[r.IntN(11)]}, b[at:]...)...)
		case 2:
			b = bytes.Clone(b)
			b[at] = `"\{}[],: .n`[r.IntN(11)]
		case 3: // a letter of a key or a text
			if c := b[at]; c >= 'a' && c <= 'z' {
				b = append(b[:at:at], append([]byte(`\u00`+string("67"[(c-'a'+1)/16])+string("0123456789abcdef"[(c-'a'+1)%16])), b[at+1:]...)...)
			}
		case 4:
			if r.IntN(4) == 0 {
				b = b[:at]
			}
		case 5:
			old := []string{`"AccessDenied"`, `"mira"`, `"Role"`, `null`, `"111122223333"`, `{}`}[r.IntN(6)]
			b = bytes.Replace(b, []byte(old), []byte([]string{`null`, `{"type":"Role","a.b":1}`, `[]`, `[{"arn":"x"}]`, `""`, `1.5e3`, `true`, "\"" + strings.Repeat("é", r.IntN(30)) + `"`}[r.IntN(8)]), 1+r.IntN(2))
		}
		if len(b) == 0 {
			return b
		}
	}
	return b
}

// shuffled drops, doubles and moves so many members of an object, at any depth.
func shuffled(r *rand.Rand, object []byte, times int) []byte {
	v, ok := JSON(object)
	if !ok || v.Kind() != KindObject {
		return object
	}
	var ms [][]byte
	for k, m := range v.Members {
		val := m.Raw()
		if r.IntN(3) == 0 {
			val = shuffled(r, val, times)
		}
		ms = append(ms, []byte(`"`+string(k.raw)+`":`+string(val)))
	}
	for range times {
		if len(ms) == 0 {
			break
		}
		i, j := r.IntN(len(ms)), r.IntN(len(ms))
		switch r.IntN(3) {
		case 0:
			ms[i], ms[j] = ms[j], ms[i]
		case 1:
			ms = append(ms[:i], ms[i+1:]...)
		case 2:
			ms = append(ms, ms[i])
		}
	}
	return append(append([]byte("{"), bytes.Join(ms, []byte(","))...), '}')
}

// sameScan fails when an event, which may have read others before, reads a text
// in another way than the slow scanner.
func sameScan(t *testing.T, e *Event, text []byte) (ok bool) {
	t.Helper()
	var slow Event
	end, err := e.scan(text, 0)
	want, wantErr := slow.slowScan(text, 0)
	switch {
	case end != want || (err == nil) != (wantErr == nil):
		t.Fatalf("%q: end %d and %v, want %d and %v", text, end, err, want, wantErr)
	case e.dup != slow.dup || e.uiOdd != slow.uiOdd || e.uiDots != slow.uiDots:
		if err == nil {
			t.Fatalf("%q: duplicate %d, odd %v, dots %v, want %d, %v, %v", text, e.dup, e.uiOdd, e.uiDots, slow.dup, slow.uiOdd, slow.uiDots)
		}
	}
	for h := range numHot {
		if got, want := e.at(h), slow.at(h); !bytes.Equal(got.raw, want.raw) || (got.raw == nil) != (want.raw == nil) {
			t.Fatalf("%q: %s of %s is %q, want %q", text, hotNames[h], hotNames[hotParent(h)], got.raw, want.raw)
		}
	}
	return err == nil
}

// TestScanAgainstSlow reads changed records with the scanner and a slow one.
func TestScanAgainstSlow(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 26))
	var e Event
	read, duplicates, odd := 0, 0, 0
	const n = 20_000
	for range n {
		text := changed(r)
		// What is behind the record is not to be looked at.
		if r.IntN(2) == 0 {
			text = append(text[:len(text):len(text)], `,{"eventVersion":"1.11","userIdentity":{"type":"Root"},"padding":"............................................"}`...)
		}
		if sameScan(t, &e, text) {
			read++
			if e.dup != hotNone {
				duplicates++
			}
			if e.uiOdd || e.uiDots {
				odd++
			}
		}
	}
	if read < n/4 || read > n*9/10 || duplicates < n/50 || odd < 20 {
		t.Errorf("%d of %d records could be read, %d with duplicates, %d with an odd caller: the test says little", read, n, duplicates, odd)
	}
}

// TestOddRecordsAgainstSlow is about callers that are no objects, alone and
// beside one that is, and about objects that end early or are empty.
func TestOddRecordsAgainstSlow(t *testing.T) {
	var e Event
	values := []string{`null`, `{}`, `{ }`, `[]`, `[{"arn":"x"}]`, `"Root"`, `7`, `{"type":"Root"}`, `{"type":null,"a.b":1}`, `{"type":"Root",}`, `{,}`, `{"sessionContext":{"attributes":{}}}`, `{"sessionContext":[]}`, ``, `nul`, `nullx`}
	for _, a := range values {
		for _, b := range values {
			for _, text := range []string{
				`{"userIdentity":` + a + `,"userIdentity":` + b + `}`,
				`{"eventVersion":"1.11","userIdentity":{"sessionContext":` + a + ` , "sessionContext":` + b + `,"arn":"x"},"eventTime":"2026-03-01T10:00:00Z"}`,
				`{"eventName":` + a + ` ,"eventName":` + b + ` }`,
			} {
				sameScan(t, &e, []byte(text))
			}
		}
	}
}

func TestEveryObjectHasARow(t *testing.T) {
	rows := map[Hot]bool{}
	for h, o := range hotObjects {
		if o == nil {
			continue
		}
		if o.first < numHot || o.first >= hotRows || rows[o.first] {
			t.Errorf("row %d of %s is not its own", o.first, hotNames[h])
		}
		rows[o.first] = true
	}
	if len(rows) != 5 {
		t.Errorf("%d objects", len(rows))
	}
}

func TestMembersEndWhereTheTextIsNoObject(t *testing.T) {
	for text, want := range map[string]string{
		`{"a":1,"b":2}`:       "ab",
		` { "a":1 , "b":2 } `: "ab",
		`{"a":1,}`:            "",
		`{"a":1,2}`:           "",
		`{"a":1,"b":2,}`:      "a",
		`{"a":1,"b"}`:         "a",
		`{"a":1,"b":}`:        "a",
		`{"a" 1}`:             "",
		`{}`:                  "",
		`["a"]`:               "",
	} {
		v, ok := JSON([]byte(text))
		got := ""
		for k, m := range v.Members {
			got += k.String()
			if !bytes.Equal(v.Member(k.String()).Raw(), m.Raw()) {
				t.Errorf("%s: %s is %s, Member says %s", text, k, m.Raw(), v.Member(k.String()).Raw())
			}
		}
		if got != want || !ok {
			t.Errorf("%s: members %q, want %q", text, got, want)
		}
	}
}

// TestStringEndAgainstSlow does the same with strings that begin and end
// anywhere.
func TestStringEndAgainstSlow(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 26))
	const letters = "\"\\!#[]\x00\x01\x7f\x80\xa2\xdc\xa1\xa3\xdb\xdd\xff"
	for range 200_000 {
		b := make([]byte, r.IntN(70))
		sparse := 1 + r.IntN(40)
		for i := range b {
			b[i] = 'a'
			if r.IntN(sparse) == 0 {
				b[i] = letters[r.IntN(len(letters))]
			}
		}
		i := r.IntN(len(b) + 1)
		if got, want := stringEnd(b, i), slowStringEnd(b, i); got != want {
			t.Fatalf("%q from %d: %d, want %d", b, i, got, want)
		}
		if got, want := valueEnd(b, i), slowValueEnd(b, i); got != want {
			t.Fatalf("%q from %d: value to %d, want %d", b, i, got, want)
		}
	}
}
