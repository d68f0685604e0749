package digest

import (
	"strings"
	"testing"

	"github.com/awsposture/posture/detective/trail"
)

// TestTwoTrailsOfOneName: the chain of one, which is cut short, does not hide
// behind the other's.
func TestTwoTrailsOfOneName(t *testing.T) {
	b := bucket{}
	b.build(region, 6, chainOptions{})
	other := bucket{}
	other.build(region, 6, chainOptions{home: "eu-west-1"})
	for k, v := range other {
		b[k] = v
	}
	if got, _ := problems(t, b, span(8)); got != "" {
		t.Fatalf("whole: %q", got)
	}
	for h := 5; h <= 6; h++ {
		delete(b, strings.Replace(digestKey(region, at(h), ""), "_us-east-1_", "_eu-west-1_", 1))
	}
	if got, rep := problems(t, b, span(8)); got != "newest digests missing" || rep.Status() != Broken {
		t.Errorf("cut: %q", got)
	}
}

// TestListedTwice: a listing that names an object again changes nothing.
func TestListedTwice(t *testing.T) {
	b := bucket{}
	b.build(region, 4, chainOptions{})
	b[digestKey(region, at(4), "")].meta = nil
	twice := func(yield func(trail.Object, error) bool) {
		for range 2 {
			for o, err := range b.source() {
				if !yield(o, err) {
					return
				}
			}
		}
	}
	rep, err := Verify(t.Context(), twice, &fakeKeys{}, span(6))
	if err != nil || rep.Status() != Incomplete || rep.Streams[0].Digests != 4 || len(rep.Streams[0].Findings) != 1 {
		t.Errorf("%+v %v", rep, err)
	}
}
