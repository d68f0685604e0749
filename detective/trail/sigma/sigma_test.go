package sigma

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/awsposture/posture/detective/trail"
	"github.com/awsposture/posture/detective/trail/rule"
	"github.com/awsposture/posture/detective/trail/trailtest"
)

func load(t *testing.T, c *Collection, text string) []rule.Rule {
	t.Helper()
	if err := c.Add("test.yml", []byte(text)); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	rules, _, err := c.Rules()
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return rules
}

func judge(t *testing.T, x rule.Expr, event string) bool {
	t.Helper()
	m, err := rule.CompileExpr(x)
	if err != nil {
		t.Fatal(err)
	}
	var e trail.Event
	if err := e.Parse([]byte(event)); err != nil {
		t.Fatal(err)
	}
	slow, err := trailtest.Slow(x, []byte(event))
	if got := m.Event(&e); err != nil || got != slow {
		t.Fatalf("%s on %s: engine %v, slow evaluator %v %v", x, event, got, slow, err)
	}
	return slow
}

func TestConditions(t *testing.T) {
	const head = "title: t\nlogsource: {product: aws}\ndetection:\n  a: {x.p: 1}\n  b: {x.q: 1}\n  sel_c: {x.r: 1}\n  sel_d: {x.s: 1}\n  _e: {x.t: 1}\n  kw: [needle, 'hay*stack']\n  both: {'|all': [one, two]}\n  list: [{x.p: 1}, {x.q: 1, x.r: 1}]\n"
	ev := func(keys string, more string) string {
		var ms []string
		for _, k := range keys {
			ms = append(ms, fmt.Sprintf(`"%c":1`, k))
		}
		return `{"x":{` + strings.Join(ms, ",") + `}` + more + `}`
	}
	for _, x := range []struct {
		cond, event string
		want        bool
	}{
		{"a or b and sel_c", ev("p", ""), true},
		{"(a or b) and sel_c", ev("p", ""), false},
		{"not a and b", ev("q", ""), true},
		{"not (a or b)", ev("", ""), true},
		{"a AND NOT b", ev("p", ""), true},
		{"1 of sel_*", ev("s", ""), true},
		{"all of sel_*", ev("s", ""), false},
		{"any of them", ev("t", ""), false},
		{"not 1 of sel_* and a", ev("p", ""), true},
		{"2 of sel_*", ev("rs", ""), true},
		{"list", ev("qr", ""), true},
		{"list", ev("q", ""), false},
		{"kw", ev("", `,"m":{"n":"a NEEDLE b"}`), true},
		{"kw", ev("", `,"m":"haystack"`), true},
		{"both", ev("", `,"m":"one","n":"two"`), true},
		{"both", ev("", `,"m":"one"`), false},
		{"\n    - a\n    - b", ev("q", ""), true},
	} {
		rules := load(t, &Collection{}, head+"  condition: "+x.cond+"\n")
		if got := judge(t, rules[0].Expr, x.event); got != x.want {
			t.Errorf("%s on %s: %v\n%s", x.cond, x.event, got, rules[0].Expr)
		}
	}
}

func TestRefusedAndTheOthersLoad(t *testing.T) {
	for body, reason := range map[string]string{
		"detection: {s: {a: 1}}":                                                             "no condition",
		"detection: {s: {a: 1}, condition: x}":                                               `"x", which is not a selection`,
		"detection: {s: {a: 1}, condition: 1 of x*}":                                         "matches no selection",
		"detection: {s: {a: 1}, condition: s and}":                                           "ends where",
		"detection: {s: {a: 1}, condition: (s}":                                              "closing parenthesis",
		"detection: {s: {a: 1}, condition: s s}":                                             "not expected",
		"detection: {s: {a: 1}, condition: 3 of s*}":                                         "can never be",
		"detection: {s: {a|like: 1}, condition: s}":                                          `modifier "like"`,
		"detection: {s: {a|re: '(?=x)'}, condition: s}":                                      "look-around",
		"detection: {s: {a|re: '('}, condition: s}":                                          "missing closing",
		"detection: {s: {a|cidr: x}, condition: s}":                                          "not a network",
		"detection: {s: {a|gt: x}, condition: s}":                                            "not a number",
		"detection: {s: {a|exists: maybe}, condition: s}":                                    "true or false",
		"detection: {s: {a|expand: '%gone%'}, condition: s}":                                 "no values",
		"detection: {s: {a: []}, condition: s}":                                              "no values",
		"detection: {s: {a: {b: 1}}, condition: s}":                                          "plain value",
		"detection: {s: {}, condition: s}":                                                   "empty selection",
		"logsource: {product: windows}\ndetection: {s: {a: 1}, condition: s}":                "not aws",
		"detection: {s: {a: 1}, condition: s | max(a) > 3}":                                  "not supported",
		"correlation: {type: event_count, rules: [gone], timespan: 5m, condition: {gte: 3}}": `"gone" is not loaded`,
		"correlation: {type: magic, rules: [good]}":                                          "not known",
		"correlation: {type: event_count, rules: [good], timespan: 5x, condition: {gte: 3}}": "time span",
		"correlation: {type: event_count, rules: [good], timespan: 5m}":                      "no condition",
		"correlation: {type: value_count, rules: [good], timespan: 5m, condition: {gte: 3}}": "no field",
		"detection: {s: &x [*x], condition: s}":                                              "more than",
		"nothing: 1":                                                                         "no detection",
	} {
		c := &Collection{}
		err := c.Add("f.yml", []byte("title: good\nname: good\ndetection: {s: {eventName: A}, condition: s}\n---\ntitle: bad\n"+body+"\n"))
		if err != nil {
			t.Fatalf("%s: %v", body, err)
		}
		rules, _, err := c.Rules()
		var se *Error
		if !errors.As(err, &se) || !strings.Contains(err.Error(), reason) || se.Line < 5 || se.Rule != "bad" {
			t.Errorf("%s: %v, want %q at line 5 or later", body, err, reason)
		}
		if len(rules) != 1 || rules[0].ID != "good" {
			t.Errorf("%s: the good rule is not alone: %v", body, rules)
		}
	}
	c := &Collection{}
	err := c.Add("f.yml", []byte("title: good\ndetection: {s: {eventName: A}, condition: s}\n---\n- list\n---\ntitle: [\n"))
	if err == nil || !strings.Contains(err.Error(), "f.yml:4") || !strings.Contains(err.Error(), "mapping") {
		t.Errorf("%v", err)
	}
	if rules, _, err := c.Rules(); len(rules) != 1 || err != nil {
		t.Errorf("%v %v", rules, err)
	}
}

func FuzzSigma(f *testing.F) {
	f.Add(story)
	f.Add("title: t\ndetection:\n  s:\n    - a|contains|all: [x, 'y*']\n    - b|re|i: '^x$'\n  kw: [k]\n  condition: 1 of them and not s | near kw\n")
	f.Fuzz(func(t *testing.T, text string) {
		c := &Collection{}
		_ = c.Add("fuzz", []byte(text))
		rules, _, _ := c.Rules()
		if _, err := rule.Compile(rules); err != nil {
			t.Fatalf("%q was accepted but does not compile: %v", text, err)
		}
	})
}
