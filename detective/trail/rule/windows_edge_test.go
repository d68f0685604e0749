package rule_test

import (
	"bytes"
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/awsposture/posture/detective/trail"
	"github.com/awsposture/posture/detective/trail/rule"
)

// engineOf is an engine with one correlation of the events named F.
func engineOf(t *testing.T, c *rule.Correlation, o *rule.Options) *rule.Engine {
	t.Helper()
	set, err := rule.Compile([]rule.Rule{{ID: "c", Expr: rule.Eq("eventName", "F"), Correlate: c}})
	if err != nil {
		t.Fatal(err)
	}
	return set.Engine(o)
}

// judgeAt judges an event F of someone.
func judgeAt(t testing.TB, g *rule.Engine, at, id, who string) []rule.Hit {
	t.Helper()
	var e trail.Event
	if err := e.Parse(fmt.Appendf(nil, `{"eventName":"F","eventTime":%q,"eventID":%q,"who":"%s"}`, at, id, who)); err != nil {
		t.Fatal(err)
	}
	return g.Event(&e)
}

func restart(t *testing.T, from, to *rule.Engine) *rule.Engine {
	t.Helper()
	var b bytes.Buffer
	if err := from.Save(&b); err != nil {
		t.Fatal(err)
	}
	if err := to.Load(&b); err != nil {
		t.Fatal(err)
	}
	return to
}

// TestTogetherWithoutFields: there is nothing to join where only matches count.
func TestTogetherWithoutFields(t *testing.T) {
	g := engineOf(t, &rule.Correlation{Together: true, Within: time.Minute}, nil)
	judgeAt(t, g, "2026-03-01T10:00:00Z", "1", "u")
	if n := len(g.Close()); n != 1 {
		t.Errorf("%d findings", n)
	}
}

// TestWindowsOfAllTimes: two matches at one time are found whatever that is, and
// however long windows are.
func TestWindowsOfAllTimes(t *testing.T) {
	const year = 365 * 24 * time.Hour
	for _, at := range []string{
		"2026-03-01T10:00:00Z", "", "1970-01-01T00:00:00Z", "1969-12-31T23:00:00Z", "1900-01-01T00:00:00Z", "0001-01-01T00:00:00Z",
		"2262-04-11T23:47:15.999999999Z", "2262-04-11T23:47:16.854775807Z", "2600-01-01T00:00:00Z", "9999-12-31T23:59:59Z",
	} {
		for _, within := range []time.Duration{1, time.Minute, year, 200 * year, 240 * year, math.MaxInt64} {
			for _, kind := range []rule.Kind{rule.Count, rule.FirstSeen} {
				for _, o := range []*rule.Options{nil, {Lateness: time.Hour}, {Early: true, Lateness: math.MaxInt64}} {
					g := engineOf(t, &rule.Correlation{Kind: kind, Within: within, GroupBy: []string{"who"}, Want: rule.AtLeast(2)}, o)
					n := 0
					for _, h := range append(append(judgeAt(t, g, at, "1", "u"), judgeAt(t, g, at, "2", "u")...), g.Close()...) {
						if !h.Early {
							n++
						}
					}
					if n != 1 {
						t.Errorf("%d findings of kind %d at %q within %s, %+v", n, kind, at, within, o)
					}
				}
			}
		}
	}
}

// TestRestartKeepsBytes: what is no UTF-8 is the same group after a restart.
func TestRestartKeepsBytes(t *testing.T) {
	c := &rule.Correlation{Kind: rule.Distinct, Fields: []string{"who", "eventID"}, Within: time.Minute, GroupBy: []string{"who"}, Want: []rule.Bound{{Op: rule.OpEq, N: 4}}}
	g := engineOf(t, c, nil)
	judgeAt(t, g, "2026-03-01T10:00:00Z", "1", "a\xff")
	judgeAt(t, g, "2026-03-01T10:00:00Z", "2", "a\xff")
	g = restart(t, g, engineOf(t, c, nil))
	judgeAt(t, g, "2026-03-01T10:00:00Z", "3", "a\xfe")
	judgeAt(t, g, "2026-03-01T10:00:00Z", "4", "a\xff")
	if hits := g.Close(); len(hits) != 1 || hits[0].Group[0] != "a\xff" {
		t.Errorf("%+v", hits)
	}
}

// TestEarlyAfterRestart: what holds when the state is loaded is said when the
// next match comes.
func TestEarlyAfterRestart(t *testing.T) {
	c := &rule.Correlation{Within: time.Minute, GroupBy: []string{"who"}, Want: rule.AtLeast(2)}
	g := engineOf(t, c, nil)
	judgeAt(t, g, "2026-03-01T10:00:00Z", "1", "u")
	judgeAt(t, g, "2026-03-01T10:00:01Z", "2", "u")
	g = restart(t, g, engineOf(t, c, &rule.Options{Early: true}))
	if hits := judgeAt(t, g, "2026-03-01T10:00:02Z", "3", "u"); len(hits) != 1 || !hits[0].Early {
		t.Errorf("%+v", hits)
	}
}

// TestRoomIsBounded: groups that come and go leave nothing behind, though time
// stands still.
func TestRoomIsBounded(t *testing.T) {
	for _, kind := range []rule.Kind{rule.Count, rule.FirstSeen} {
		g := engineOf(t, &rule.Correlation{Kind: kind, Within: time.Hour, GroupBy: []string{"who"}, Want: rule.AtLeast(2)}, &rule.Options{MaxGroups: 8})
		judgeAt(t, g, "2026-03-01T10:00:00Z", "first", "first")
		for i := range 20_000 {
			judgeAt(t, g, "2026-03-01T10:00:00Z", fmt.Sprint(i), fmt.Sprint("u", i/2))
		}
		if matches, names := g.Room(); matches > 6000 || names > 200 {
			t.Errorf("kind %d: room for %d matches, %d names", kind, matches, names)
		}
	}
}

// TestSightsAreBounded: what is first seen again and again is a match each time.
func TestSightsAreBounded(t *testing.T) {
	g := engineOf(t, &rule.Correlation{Kind: rule.FirstSeen, Within: time.Second, GroupBy: []string{"who"}}, &rule.Options{MaxEvents: 10})
	for i := range 20 {
		judgeAt(t, g, fmt.Sprintf("2026-03-01T10:%02d:00Z", i), fmt.Sprint(i), "u")
	}
	judgeAt(t, g, "2026-03-01T10:03:01Z", "of the fourth", "u")
	if n := len(g.Close()); n != 10 || g.Dropped != 10 {
		t.Errorf("%d findings, %d dropped", n, g.Dropped)
	}
}

// TestEarlyWhileAnotherIsOpen: a window that holds while the one before it is not
// closed is told of when that is, and not only when it closes itself.
func TestEarlyWhileAnotherIsOpen(t *testing.T) {
	g := engineOf(t, &rule.Correlation{Within: 10 * time.Minute, GroupBy: []string{"who"}, Want: rule.AtLeast(2)}, &rule.Options{Early: true, Lateness: 20 * time.Minute})
	var got []string
	for i, minute := range []int{0, 1, 12, 13, 28, 32, 45} {
		for _, h := range judgeAt(t, g, fmt.Sprintf("2026-03-01T10:%02d:00Z", minute), fmt.Sprint(i), []string{"u", fmt.Sprint("v", i)}[min(i/4, 1)]) {
			got = append(got, fmt.Sprint(minute, h.First.Minute(), h.Early))
		}
	}
	if want := []string{"1 0 true", "32 0 false", "32 12 true", "45 12 false"}; !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}
