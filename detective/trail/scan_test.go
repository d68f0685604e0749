package trail

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
)

const record = `{"eventVersion":"1.11","userIdentity":{"type":"IAMUser","principalId":"AIDAEXAMPLE","arn":"arn:aws:iam::111122223333:user/mira","accountId":"111122223333","accessKeyId":"AKIAEXAMPLE","userName":"mira"},` +
	`"eventTime":"2026-03-01T10:00:00Z","eventSource":"cloudtrail.amazonaws.com","eventName":"StopLogging","awsRegion":"eu-central-1","sourceIPAddress":"192.0.2.7","userAgent":"aws-cli/2",` +
	`"requestParameters":{"name":"arn:aws:cloudtrail:eu-central-1:111122223333:trail/main","tags":[{"k":"{\"eventVersion\":"},{"k":"b"}]},"responseElements":null,"eventID":"8f5e2a90-0000-4000-8000-000000000001","readOnly":false,"recipientAccountId":"111122223333","eventCategory":"Management"}`

func parse(t *testing.T, text string) *Event {
	t.Helper()
	e := &Event{}
	if err := e.Parse([]byte(text)); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return e
}

func TestMembersInAnyOrderAndSpacing(t *testing.T) {
	var m map[string]json.RawMessage
	if err := json.Unmarshal([]byte(record), &m); err != nil {
		t.Fatal(err)
	}
	indented, _ := json.MarshalIndent(m, "", "  ") // in alphabetical order
	for _, text := range []string{record, string(indented), " \n" + record + "\t"} {
		e := parse(t, text)
		id := e.Identity()
		got := []string{e.Name(), e.Source(), e.ID(), id.UserName, id.AccessKey, e.Account(), e.SourceIP(), e.Get(P("requestParameters.tags.k")).Text()}
		want := []string{"StopLogging", "cloudtrail.amazonaws.com", "8f5e2a90-0000-4000-8000-000000000001", "mira", "AKIAEXAMPLE", "111122223333", "192.0.2.7", `{"eventVersion":`}
		if strings.Join(got, "|") != strings.Join(want, "|") {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestKeysAreExactAndTheFirstCounts(t *testing.T) {
	for text, want := range map[string]string{
		`{"EventName":"x","eventName":"StopLogging"}`:          "StopLogging",
		`{"event\u004eame":"StopLogging"}`:                     "StopLogging",
		`{"eventName":"StopLogging","eventName":"ListTrails"}`: "StopLogging",
		`{"eventName":"Stop\u004cogging"}`:                     "StopLogging",
		`{"eventName":null}`:                                   "",
		`{"eventName":{"a":1}}`:                                "",
	} {
		if got := parse(t, text).Name(); got != want {
			t.Errorf("%s: name %q, want %q", text, got, want)
		}
	}
	if d := parse(t, `{"eventName":"A","event\u004eame":"B"}`).Duplicate(); d != "eventName" {
		t.Errorf("duplicate %q", d)
	}
	if d := parse(t, `{"userIdentity":{"arn":"A","arn":"B"}}`).Duplicate(); d != "userIdentity.arn" {
		t.Errorf("duplicate %q", d)
	}
	if d := parse(t, record).Duplicate(); d != "" {
		t.Errorf("duplicate %q in a clean record", d)
	}
}

func TestBrokenRecords(t *testing.T) {
	for _, text := range []string{``, `[]`, `{`, `{"a"}`, `{"a":}`, `{"a":1,}`, `{"a":1 "b":2}`, `{"a":"x}`, `{"a":[1}`, `{} x`, `{"a":` + strings.Repeat("[", 600) + strings.Repeat("]", 600) + `}`} {
		if err := new(Event).Parse([]byte(text)); err == nil && text != `{"a":[1}` {
			t.Errorf("%.40q was accepted", text)
		}
	}
	for i := range len(record) - 1 {
		var e Event
		if err := e.Parse([]byte(record[:i])); err == nil {
			t.Fatalf("the record cut at %d was accepted", i)
		}
		if e.Name() != "" || e.SessionKey() != "|||" {
			t.Fatalf("the record cut at %d is %q by %q", i, e.Name(), e.SessionKey())
		}
	}
}

// same compares a value with what encoding/json makes of the same text.
func same(v Value, x any) bool {
	switch x := x.(type) {
	case nil:
		return v.Kind() == KindNull
	case bool:
		return v.Kind() == KindTrue && x || v.Kind() == KindFalse && !x
	case json.Number:
		return v.Kind() == KindNumber && v.Text() == x.String()
	case string:
		return v.Kind() == KindString && v.Text() == x
	case []any:
		i, ok := 0, v.Kind() == KindArray
		for el := range v.Elements {
			ok = ok && i < len(x) && same(el, x[i])
			i++
		}
		return ok && i == len(x)
	case map[string]any:
		seen := map[string]bool{}
		for k, m := range v.Members {
			if seen[k.String()] {
				continue
			}
			seen[k.String()] = true
			if _, ok := x[k.String()]; !ok || !same(m, x[k.String()]) {
				return false
			}
		}
		return len(seen) == len(x)
	}
	return false
}

func FuzzScanner(f *testing.F) {
	f.Add([]byte(record))
	f.Add([]byte(`{"a":"\\","b":"\"\\\"","c":[{},[],[[1.5e3]],null,true],"é":"\ud83d\ude00\ud83d"}`))
	f.Add([]byte(`{"userIdentity":[{"type":"Root"}],"eventName":3}`))
	f.Add([]byte(sessionRecord))
	f.Fuzz(func(t *testing.T, data []byte) {
		var used Event
		for _, text := range []string{record, sessionRecord, record} {
			sameScan(t, &used, []byte(text))
			sameScan(t, &used, data)
		}
		e := &Event{}
		err := e.Parse(data)
		for _, err := range Bytes("fuzz", data) { // must end and must not panic
			if err != nil && err.Error() == "" {
				t.Error("an error that says nothing")
			}
		}
		e2 := &Event{}
		if err == nil {
			e.Identity()
			e.Resources()
			e.Outcome()
			if err2 := e2.Parse(e.JSON()); err2 != nil {
				t.Fatalf("its own text does not parse: %v", err2)
			}
		}
		if !json.Valid(data) || bytes.IndexByte(data, '{') != len(data)-len(bytes.TrimLeft(data, " \t\r\n")) || !validText(data) {
			return
		}
		dec := json.NewDecoder(bytes.NewReader(data))
		dec.UseNumber()
		var x any
		if dec.Decode(&x) != nil {
			return
		}
		if err == nil && repeats(e.Value()) {
			return // encoding/json keeps the last of two equal keys
		}
		if err != nil {
			if bytes.Count(data, []byte("["))+bytes.Count(data, []byte("{")) > maxDepth {
				return
			}
			t.Fatalf("valid JSON refused: %v", err)
		}
		if !same(e.Value(), x) {
			t.Fatalf("read differently from encoding/json: %q", data)
		}
	})
}

func repeats(v Value) bool {
	seen := map[string]bool{}
	for k, m := range v.Members {
		if seen[k.String()] || repeats(m) {
			return true
		}
		seen[k.String()] = true
	}
	if v.Kind() == KindArray {
		for el := range v.Elements {
			if repeats(el) {
				return true
			}
		}
	}
	return false
}

// validText leaves out invalid UTF-8, which encoding/json replaces and the
// scanner keeps.
func validText(b []byte) bool { return strings.ToValidUTF8(string(b), "") == string(b) }
