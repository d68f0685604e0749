package trail

import (
	"bytes"
	"testing"
)

// TestPlain: what is called plain is the text of a string without escapes, at
// every known member, in records of all shapes; and those that CloudTrail writes
// in its order are called so.
func TestPlain(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		path string
		want string // "" not plain
	}{
		"in order":        {`{"eventVersion":"1.11","userIdentity":{"type":"IAMUser","arn":"a"},"eventTime":"2026-03-01T00:00:00Z"}`, "eventVersion", "1.11"},
		"inside":          {`{"eventVersion":"1.11","userIdentity":{"type":"IAMUser","principalId":"AIDAEXAMPLE"},"eventTime":"2026-03-01T00:00:00Z"}`, "userIdentity.type", "IAMUser"},
		"escaped":         {`{"eventVersion":"1\u002e11","userIdentity":null,"eventTime":"2026-03-01T00:00:00Z"}`, "eventVersion", ""},
		"null":            {`{"eventVersion":null,"userIdentity":null,"eventTime":"2026-03-01T00:00:00Z"}`, "eventVersion", ""},
		"a number":        {`{"eventVersion":1.11,"userIdentity":null,"eventTime":"2026-03-01T00:00:00Z"}`, "eventVersion", ""},
		"absent":          {`{"userIdentity":null,"eventTime":"2026-03-01T00:00:00Z","eventSource":"s"}`, "eventVersion", ""},
		"below a text":    {`{"eventVersion":"1.11","userIdentity":null,"eventTime":"2026-03-01T00:00:00Z"}`, "eventVersion.major", ""},
		"twice":           {`{"eventVersion":"1.11","eventVersion":"\u0032","userIdentity":null,"eventTime":"2026-03-01T00:00:00Z"}`, "eventVersion", "1.11"},
		"another's bytes": {`{"eventVersion":"1.11","userIdentity":{"type":"a\"b","principalId":"AIDAEXAMPLE"},"eventTime":"2026-03-01T00:00:00Z"}`, "userIdentity.type", ""},
	} {
		var e Event
		for range 3 { // what is expected is learned
			if err := e.Parse([]byte(c.text)); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
		}
		p := P(c.path)
		text, ok := e.Plain(&p)
		if ok != (c.want != "") || string(text) != c.want {
			t.Errorf("%s: %q, %t", name, text, ok)
		}
		for h := hEventVersion; h < numHot; h++ {
			p := Path{hot: h}
			text, ok := e.Plain(&p)
			if v := e.at(h); ok && (v.Kind() != KindString || bytes.IndexByte(v.raw, '\\') >= 0 || v.Text() != string(text)) {
				t.Errorf("%s: %s is called plain: %s", name, hotNames[h], v.raw)
			}
		}
	}
}

// TestPlainIsForgotten: a record that cannot be read leaves nothing behind.
func TestPlainIsForgotten(t *testing.T) {
	var e Event
	good := []byte(`{"eventVersion":"1.11","userIdentity":null,"eventTime":"2026-03-01T00:00:00Z"}`)
	for range 3 {
		if err := e.Parse(good); err != nil {
			t.Fatal(err)
		}
	}
	p := P("eventVersion")
	if _, ok := e.Plain(&p); !ok {
		t.Fatal("the first member is not plain")
	}
	for _, bad := range []string{`{"eventVersion":"1.11","userIdentity":null`, `[]`, ``} {
		if err := e.Parse(good); err != nil {
			t.Fatal(err)
		}
		if e.Parse([]byte(bad)) == nil {
			t.Fatalf("%s is a record", bad)
		}
		if text, ok := e.Plain(&p); ok {
			t.Errorf("%q is left after %s", text, bad)
		}
	}
}
