package trail

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// TestIdentityFromItsText: an identity that is kept as text is the same when it
// is decoded, in records of all shapes, and what is plain in them is plain text.
func TestIdentityFromItsText(t *testing.T) {
	r := rand.New(rand.NewPCG(21, 22))
	var e Event
	read, full, plain := 0, 0, 0
	for range 20_000 {
		text := changed(r)
		if e.Parse(text) != nil {
			continue
		}
		read++
		id := e.Identity()
		if got := ParseIdentity(e.IdentityJSON()); got != id {
			t.Fatalf("%s:\n got %+v\nwant %+v", text, got, id)
		}
		if id.ARN != "" && id.Session.IssuerARN != "" {
			full++
		}
		for h := hEventVersion; h < numHot; h++ {
			p := Path{hot: h}
			got, ok := e.Plain(&p)
			if !ok {
				continue
			}
			plain++
			if v := e.at(h); v.Kind() != KindString || strings.Contains(string(v.raw), `\`) || v.Text() != string(got) {
				t.Fatalf("%s is called plain: %s", hotNames[h], v.raw)
			}
		}
	}
	if read < 5000 || full < 500 || plain < 20_000 {
		t.Errorf("%d records, %d sessions, %d plain members: the test says little", read, full, plain)
	}
	if got := ParseIdentity([]byte("no JSON")); got != (Identity{}) {
		t.Errorf("no JSON is %+v", got)
	}
}
