package rule_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/awsposture/posture/detective/trail/rule"
)

// FuzzLoad: whatever a state says, the engine that loads it goes on.
func FuzzLoad(f *testing.F) {
	set := func(o *rule.Options) *rule.Engine {
		s, err := rule.Compile([]rule.Rule{
			{ID: "a", Silent: true, Expr: rule.Eq("eventName", "F")},
			{ID: "c", Correlate: &rule.Correlation{Rules: []string{"a"}, Within: time.Minute, GroupBy: []string{"who"}, Want: rule.AtLeast(2)}},
			{ID: "d", Correlate: &rule.Correlation{Kind: rule.Distinct, Fields: []string{"who"}, Rules: []string{"a"}, Within: 1, Want: rule.AtLeast(3)}},
			{ID: "f", Correlate: &rule.Correlation{Kind: rule.FirstSeen, Rules: []string{"a"}, Within: time.Hour, GroupBy: []string{"who"}}},
			{ID: "e", Correlate: &rule.Correlation{Kind: rule.Temporal, Rules: []string{"c", "d"}, Within: time.Hour}},
		})
		if err != nil {
			f.Fatal(err)
		}
		return s.Engine(o)
	}
	times := []string{"2026-03-01T10:00:00Z", "2026-03-01T10:00:01Z", "2026-03-01T12:00:00Z"}
	for _, o := range []*rule.Options{nil, {Early: true, Lateness: time.Minute}} {
		g := set(o)
		for i, at := range times {
			judgeAt(f, g, at, string(rune('a'+i)), "u\xff")
		}
		var b bytes.Buffer
		if err := g.Save(&b); err != nil {
			f.Fatal(err)
		}
		f.Add(b.Bytes())
	}
	f.Add([]byte(`{"version":2,"windows":{"c":{"closed":-9223372036854775808,"groups":[{"key":null,"early":true,"entries":[{"at":-200000000000,"rule":"a","values":[[],["/w=="]]}]}]},
		"d":{"closed":-5,"groups":[{"key":["x",[]],"entries":[{"at":-3,"rule":"a"},{"at":9223372036854775807,"rule":"a"},{"at":-1,"rule":"f"}]}]}}}`))
	f.Fuzz(func(t *testing.T, state []byte) {
		g := set(&rule.Options{Early: true, Lateness: time.Minute, MaxGroups: 3, MaxEvents: 3})
		if g.Load(bytes.NewReader(state)) != nil {
			return
		}
		for i, at := range times {
			judgeAt(t, g, at, string(rune('a'+i)), "u\xff")
		}
		var b bytes.Buffer
		if err := g.Save(&b); err != nil {
			t.Fatal(err)
		}
		if err := set(nil).Load(&b); err != nil {
			t.Fatal(err)
		}
		g.Close()
		if err := g.Check(); err != nil {
			t.Fatal(err)
		}
	})
}
