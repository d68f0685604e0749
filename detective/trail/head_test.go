package trail_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/awsposture/posture/detective/trail"
)

// heads are the paths of the members of a head, in the order of its bits.
var heads = []string{"eventSource", "eventName", "eventType", "eventCategory", "readOnly", "errorCode", "userIdentity.type", "userIdentity.invokedBy"}

// headValues are texts of which some are a part of others, in all lengths about
// a word's, up to some that are too long.
func headValues() (vs []string) {
	vs = []string{"", "true", "false", "null", "0", "[]", `["a","b"]`, `{"a":1}`, `"\u0061"`, `"a"`, "\"a\x00\"", "\"a\x00\x00\""}
	for n := range 34 {
		vs = append(vs, `"`+strings.Repeat("x", n)+`"`)
	}
	return append(vs, `"`+strings.Repeat("y", 150)+`"`, `"`+strings.Repeat("y", 300)+`"`)
}

// TestHead: keys of the same members are equal when all values are, and only
// then; no key is made only where it is allowed not to be.
func TestHead(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 7))
	vs := headValues()
	var all trail.Head
	var paths []trail.Path
	for i, p := range heads {
		paths = append(paths, trail.P(p))
		if got := trail.InHead(paths[i]); got != 1<<i {
			t.Fatalf("%s is member %b", p, got)
		}
		all |= 1 << i
	}
	type headed struct {
		key  trail.HeadKey
		raw  string
		text []byte
	}
	none, same := 0, 0
	for range 300 {
		members := trail.Head(r.IntN(int(all) + 1))
		var seen []headed
		for range 60 {
			pick := make([]string, len(heads))
			for i := range pick {
				// Few values for one set of events, so that some heads are equal.
				if pick[i] = vs[(int(members)*7+r.IntN(2)*(i+1))%len(vs)]; r.IntN(40) == 0 {
					pick[i] = vs[r.IntN(len(vs))]
				}
			}
			text := headEvent(r, pick)
			var e trail.Event
			if err := e.Parse(text); err != nil {
				t.Fatalf("%s: %v", text, err)
			}
			key, ok := e.Head(members)
			raw, size := "", 0
			for i := range paths {
				if v, _ := e.Scalar(&paths[i]); members&(1<<i) != 0 {
					raw += fmt.Sprintf("%d:%s ", i, v.Raw())
					size += 8 + len(v.Raw())
				}
			}
			if !ok {
				if none++; size <= 8*len(key)-8 {
					t.Fatalf("no key of %b for %s", members, text)
				}
				continue
			}
			for _, o := range seen {
				if (key == o.key) != (raw == o.raw) {
					t.Fatalf("of %b: equal is %v for\n%s\n%s", members, key == o.key, text, o.text)
				}
				if key == o.key {
					same++
				}
			}
			seen = append(seen, headed{key, raw, text})
		}
	}
	if none < 100 || same < 1000 {
		t.Errorf("%d without a key, %d equal: the test says little", none, same)
	}
}

// headEvent is a record of the members of a head, in some order, with or without
// white space.
func headEvent(r *rand.Rand, values []string) []byte {
	write := func(ms []string) string {
		r.Shuffle(len(ms), func(i, j int) { ms[i], ms[j] = ms[j], ms[i] })
		return "{" + strings.Join(ms, [...]string{",", ", \n"}[r.IntN(2)]) + "}"
	}
	var top, identity []string
	for i, v := range values {
		key, to := heads[i], &top
		if k, ok := strings.CutPrefix(key, "userIdentity."); ok {
			key, to = k, &identity
		}
		if v != "" {
			*to = append(*to, `"`+key+`":`+strings.Repeat(" ", r.IntN(2))+v)
		}
	}
	top = append(top, `"userIdentity":`+write(identity))
	if r.IntN(2) == 0 {
		top = append(top, `"eventVersion":"1.11"`)
	}
	return []byte(write(top))
}

// TestHeadOdd: an identity that is no object may hold more than one value.
func TestHeadOdd(t *testing.T) {
	for text, want := range map[string]bool{
		`{"readOnly":1}`:                        true,
		`{"eventName":"A","userIdentity":null}`: true,
		`{"eventName":"A","userIdentity":[{"type":"Root"},{"type":"AWSService"}]}`: false,
		`{"eventName":"A","userIdentity":"Root"}`:                                  true, // without members
	} {
		var e trail.Event
		if err := e.Parse([]byte(text)); err != nil {
			t.Fatal(err)
		}
		if _, ok := e.Head(1<<len(heads) - 1); ok != want {
			t.Errorf("%s: %v", text, ok)
		}
	}
}
