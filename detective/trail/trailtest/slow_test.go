package trailtest

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"
	"time"

	"github.com/awsposture/posture/detective/trail"
	"github.com/awsposture/posture/detective/trail/rule"
)

// TestSlow pins the slow evaluator itself, on what the reference is not read
// off the engine.
func TestSlow(t *testing.T) {
	const record = `{"eventName":"StopLogging","readOnly":false,"n":443,"text":"443","empty":"","nothing":null,
		"sourceIPAddress":"::ffff:10.1.2.3","eventTime":"2026-03-01T10:00:00Z",
		"requestParameters":{"list":[{"a":"1","b":"x"},{"a":"2","b":"y"}],"x.y":"dotted","x":{"z":1}},"eventName":"Second"}`
	for _, c := range []struct {
		x    rule.Expr
		want bool
	}{
		{rule.Eq("eventName", "StopLogging"), true},
		{rule.Eq("eventName", "Second"), false}, // of two equal keys the first counts
		{rule.Eq("eventName", "stoplogging"), false},
		{rule.EqFold("eventName", "stoplogging"), true},
		{rule.Eq("n", "443"), true},
		{rule.More("text", 443), true},
		{rule.Less("text", 443), false},
		{rule.More("eventName", 0), false},
		{rule.Eq("empty", ""), true},
		{rule.Eq("nothing", ""), false},
		{rule.Absent("nothing"), true},
		{&rule.Atom{Path: trail.P("nothing")}, true}, // null is present
		{rule.Absent("missing"), true},
		{rule.InNetwork("sourceIPAddress", "10.0.0.0/8"), true},
		{rule.InNetwork("eventName", "0.0.0.0/0"), false},
		{rule.Like("eventName", "Stop*"), true},
		{rule.Like("eventName", `Stop\*`), false},
		{rule.Like("eventName", "S?opLogging"), true},
		{rule.Eq("requestParameters.x.y", "dotted"), true},
		{rule.All(rule.Eq("requestParameters.list.a", "1"), rule.Eq("requestParameters.list.b", "y")), true},
		{rule.Each("requestParameters.list", rule.All(rule.Eq("a", "1"), rule.Eq("b", "y"))), false},
		{rule.Each("requestParameters.list", rule.All(rule.Eq("a", "2"), rule.Eq("b", "y"))), true},
		{rule.Same("n", "text"), true},
		{rule.Same("n", "missing"), false},
		{rule.ContainsFold("requestParameters", `"A":"2"`), true},
		{&rule.Atom{Path: trail.P("eventTime"), Op: rule.OpTime, Part: "hour", Num: 10}, true},
		{rule.No(rule.Const(true)), false},
		{rule.All(), true},
		{rule.AnyOf(), false},
	} {
		got, err := Slow(c.x, []byte(record))
		if err != nil {
			t.Fatal(err)
		}
		if got != c.want {
			t.Errorf("%s: %v", c.x, got)
		}
	}
	if _, err := Slow(rule.Const(true), []byte(`{"a":`)); err == nil {
		t.Error("half a record was judged")
	}
}

func TestSlowWindows(t *testing.T) {
	var records [][]byte
	for i, minute := range []int{0, 4, 9, 30, 35, 60} {
		at := time.Date(2026, 3, 1, 10, minute, 0, 0, time.UTC).Format(time.RFC3339)
		records = append(records, fmt.Appendf(nil, `{"eventTime":%q,"eventName":"A","eventID":"e%d","awsRegion":"r%d"}`, at, i, i%2))
	}
	with := func(c rule.Correlation) []rule.Rule {
		return []rule.Rule{{ID: "a", Expr: rule.Eq("eventName", "A"), Correlate: &c}}
	}
	for name, c := range map[string]struct {
		c    rule.Correlation
		want []Found
	}{
		"three in ten minutes": {
			rule.Correlation{Within: 10 * time.Minute, Want: rule.AtLeast(3)},
			[]Found{{"a", nil, []string{"e0", "e1", "e2"}, 3}},
		},
		"two regions": {
			rule.Correlation{Kind: rule.Distinct, Fields: []string{"awsRegion"}, Within: 5 * time.Minute, Want: rule.AtLeast(2)},
			[]Found{{"a", nil, []string{"e0", "e1"}, 2}, {"a", nil, []string{"e3", "e4"}, 2}},
		},
		"seen again after twenty minutes": {
			rule.Correlation{Kind: rule.FirstSeen, GroupBy: []string{"eventName"}, Within: 20 * time.Minute, Learn: time.Minute},
			[]Found{{"a", []string{"A"}, []string{"e3"}, 1}, {"a", []string{"A"}, []string{"e5"}, 1}},
		},
	} {
		got, err := SlowWindows(with(c.c), records)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

// TestRandom makes sure that what random tests run on is worth running on.
func TestRandom(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	kinds := map[string]bool{}
	for range 2000 {
		if text := Event(r); !json.Valid(text) {
			t.Fatalf("no JSON: %s", text)
		}
		rule.Walk(Expr(r, 3), func(a *rule.Atom) { kinds[fmt.Sprint(a.Op, a.Fold, a.Neg, a.Path.IsStrict())] = true })
	}
	if len(kinds) < 60 {
		t.Errorf("only %d kinds of tests", len(kinds))
	}
}
