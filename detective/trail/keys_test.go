package trail_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/awsposture/posture/detective/trail"
)

// TestRequestKeys: a path of whose keys none is in requestParameters leads to
// nothing, and most paths that lead to nothing are told so.
func TestRequestKeys(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 1))
	keys := []string{"", "a", "b", "ab", "ba", "a.b", "b.a", "a.b.c", "name", "omitted", "reason", "bucketName", `a\b`, "ünïcode", "Name"}
	steps := func() (s []trail.Step) {
		for range 1 + r.IntN(3) {
			s = append(s, trail.Step{Key: keys[r.IntN(len(keys))]})
		}
		return s
	}
	var write func(depth int) string
	write = func(depth int) string {
		switch r.IntN(6) {
		case 0:
			return []string{"1", `"text"`, "null", `[]`, `{}`, `""`}[r.IntN(6)]
		case 1:
			return "[" + write(depth-1) + ", " + write(depth-1) + "]"
		}
		if depth <= 0 {
			return "true"
		}
		var ms []string
		for range r.IntN(4) {
			k := strings.ReplaceAll(keys[r.IntN(len(keys))], `\`, `\\`)
			if r.IntN(20) == 0 && strings.HasPrefix(k, "a") {
				k = `\u0061` + k[1:]
			}
			ms = append(ms, fmt.Sprintf(`"%s"%s:%s`, k, strings.Repeat(" ", r.IntN(2)), write(depth-1)))
		}
		return "{" + strings.Join(ms, ",") + "}"
	}
	told, found, missed := 0, 0, 0
	for range 30_000 {
		text := []byte(`{"requestParameters":` + write(3) + `,"responseElements":` + write(2) + `}`)
		var e trail.Event
		if err := e.Parse(text); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		s := append([]trail.Step{{Key: "requestParameters"}}, steps()...)
		p := trail.Strict(s...)
		if r.IntN(4) > 0 {
			names := make([]string, len(s))
			for i := range s {
				names[i] = s[i].Key
			}
			p = trail.P(strings.Join(names, "."))
		}
		in := trail.InRequest(p)
		if in == 0 {
			t.Fatalf("%s leads into requestParameters", p)
		}
		vs := e.AppendValues(nil, &p)
		switch out := in&e.RequestKeys() == 0; {
		case out && len(vs) > 0:
			t.Fatalf("%s finds %s in %s", p, vs[0].Raw(), text)
		case out:
			told++
		case len(vs) > 0:
			found++
		default:
			missed++
		}
	}
	if told < missed || found < 500 {
		t.Errorf("told of %d, not of %d, %d values: the test says little", told, missed, found)
	}
	for _, p := range []trail.Path{
		trail.P("requestParameters"), trail.P("responseElements.a"), trail.P("userIdentity.arn"), trail.P("odd"),
		trail.Strict(trail.Step{Key: "requestParameters"}, trail.Step{Any: trail.AnyMember}, trail.Step{Key: "a"}),
		trail.Strict(trail.Step{Key: "requestParameters"}, trail.Step{Index: 0, IsIndex: true}),
	} {
		if got := trail.InRequest(p); got != 0 {
			t.Errorf("%s: %x", p, got)
		}
	}
	var e trail.Event
	if e.RequestKeys() != 0 {
		t.Error("an event of nothing has keys")
	}
}
