package trail

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"
)

// slowSessionKey is SessionKey by the decoded identity.
func slowSessionKey(e *Event) string {
	id := e.Identity()
	switch {
	case id.AccessKey != "":
		return id.AccessKey
	case id.PrincipalID != "" && id.Session.Created != "":
		return id.PrincipalID + "@" + id.Session.Created
	}
	who := id.ARN
	if who == "" && id.UserName != HiddenUser {
		who = id.UserName
	}
	if who == "" {
		who = id.PrincipalID
	}
	return strings.Join([]string{id.Type, id.Account, who, e.SourceIP()}, "|")
}

func TestCallerAgainstDecodedIdentity(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	texts := []any{"", nil, 3, map[string]any{"a": 1}, []any{"Role"}, "Role", "AssumedRole", "AWSService", "AWSService", HiddenUser, "arn:aws:sts::111122223333:assumed-role/deploy/mira", "arn:aws:iam::111122223333:role/x", "mi\"ra", "111122223333", "2026-03-01T10:00:00Z"}
	object := func(keys ...string) map[string]any {
		m := map[string]any{}
		for _, k := range keys {
			if r.IntN(3) > 0 {
				m[k] = texts[r.IntN(len(texts))]
			}
		}
		return m
	}
	distinct := map[string]bool{}
	for range 20_000 {
		ui := object("type", "principalId", "arn", "accountId", "accessKeyId", "userName", "invokedBy")
		if r.IntN(2) == 0 {
			s := object("sessionIssuer", "attributes")
			if r.IntN(4) > 0 {
				s["sessionIssuer"] = object("type", "arn", "userName", "principalId")
			}
			if r.IntN(4) > 0 {
				s["attributes"] = object("creationDate", "mfaAuthenticated")
			}
			ui["sessionContext"] = s
		}
		if r.IntN(4) == 0 {
			ui["onBehalfOf"] = object("userId")
		}
		text, err := json.Marshal(map[string]any{"userIdentity": ui, "sourceIPAddress": "192.0.2.1"})
		if err != nil {
			t.Fatal(err)
		}
		e := parse(t, string(text))
		if got, want := string(e.AppendPrincipal([]byte("x")))[1:], e.Identity().Principal(); got != want {
			t.Fatalf("%s: principal %q, want %q", text, got, want)
		}
		if got, want := string(e.AppendSessionKey([]byte("x")))[1:], slowSessionKey(e); got != want {
			t.Fatalf("%s: session %q, want %q", text, got, want)
		}
		distinct[e.SessionKey()] = true
	}
	if len(distinct) < 50 {
		t.Errorf("only %d sessions: the test says little", len(distinct))
	}
}

func TestTimeAgainstThePackage(t *testing.T) {
	try := func(text string) {
		e := parse(t, fmt.Sprintf(`{"eventTime":%q}`, text))
		want, err := time.Parse(time.RFC3339, text)
		if err != nil {
			want = time.Time{}
		}
		if got := e.Time(); !got.Equal(want) || got.IsZero() != want.IsZero() {
			t.Fatalf("%q is %v, want %v", text, got, want)
		}
	}
	for d := time.Date(1899, 12, 30, 1, 2, 3, 0, time.UTC); d.Year() < 2110; d = d.Add(997*time.Minute + 31*time.Second) {
		try(d.Format(time.RFC3339))
	}
	for _, text := range []string{"0000-01-01T00:00:00Z", "2026-02-29T00:00:00Z", "2026-02-28T23:59:60Z", "2026-13-01T00:00:00Z", "2026-1-01T00:00:00ZZ", "2026-03-01T24:00:00Z", "2026-03-00T00:00:00Z", "2026-03-01T10:00:00+01:00", "2026-03-01t10:00:00Z", "yesterday"} {
		try(text)
	}
}
