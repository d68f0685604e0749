package sigma

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

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

func TestFields(t *testing.T) {
	c := &Collection{Placeholders: map[string][]string{"admins": {"mira", "100%"}}}
	for _, x := range []struct {
		field, event string // both without the outer braces
		want         bool
	}{
		{`eventName: StopLogging`, `"eventName":"stoplogging"`, true},
		{`eventName|cased: StopLogging`, `"eventName":"stoplogging"`, false},
		{`eventName: [A, B]`, `"eventName":"b"`, true},
		{`eventName: Stop*ing`, `"eventName":"StopLogging"`, true},
		{`eventName: St?pLogging`, `"eventName":"StopLogging"`, true},
		{`eventName: 'a\*b'`, `"eventName":"a*b"`, true},
		{`eventName: 'a\*b'`, `"eventName":"axb"`, false},
		{`eventName: 'a\b'`, `"eventName":"a\\b"`, true},
		{`eventName: 'a\\b'`, `"eventName":"a\\b"`, true},
		{`eventName|contains: log`, `"eventName":"StopLogging"`, true},
		{`eventName|contains: l*g`, `"eventName":"StopLogging"`, true},
		{`eventName|startswith: [x, stop]`, `"eventName":"StopLogging"`, true},
		{`eventName|endswith: ing`, `"eventName":"StopLogging"`, true},
		{`eventName|contains|all: [stop, ging]`, `"eventName":"StopLogging"`, true},
		{`eventName|contains|all: [stop, x]`, `"eventName":"StopLogging"`, false},
		{`requestParameters.port: 443`, `"requestParameters":{"port":443}`, true},
		{`requestParameters.port: 443`, `"requestParameters":{"port":"443"}`, true},
		{`requestParameters.on: true`, `"requestParameters":{"on":"True"}`, true},
		{`requestParameters.on: true`, `"requestParameters":{"on":true}`, true},
		{`errorCode: null`, `"a":1`, true},
		{`errorCode: null`, `"errorCode":null`, true},
		{`errorCode: null`, `"errorCode":""`, false},
		{`errorCode: ''`, `"errorCode":""`, true},
		{`errorCode: ''`, `"a":1`, false},
		{`errorCode|exists: true`, `"errorCode":null`, true},
		{`errorCode|exists: false`, `"errorCode":null`, false},
		{`errorCode|exists: no`, `"a":1`, true},
		{`errorCode|neq: A`, `"errorCode":"B"`, true},
		{`errorCode|neq: A`, `"errorCode":"a"`, false},
		{`errorCode|neq: A`, `"a":1`, false},
		{`requestParameters.items.id: b`, `"requestParameters":{"items":[{"id":"a"},{"id":"b"}]}`, true},
		{`requestParameters|contains: '"id":"b"'`, `"requestParameters":{ "items": [{"id": "b"}]}`, true},
		{`requestParameters.tags: b`, `"requestParameters":{"tags":["a","b"]}`, true},
		{`userAgent|re: ^aws-cli/\d`, `"userAgent":"aws-cli/2"`, true},
		{`userAgent|re: ^AWS`, `"userAgent":"aws-cli/2"`, false},
		{`userAgent|re|i: ^AWS`, `"userAgent":"aws-cli/2"`, true},
		{`sourceIPAddress|cidr: 192.0.2.0/24`, `"sourceIPAddress":"192.0.2.9"`, true},
		{`sourceIPAddress|cidr: 192.0.2.0/24`, `"sourceIPAddress":"::ffff:192.0.2.9"`, true},
		{`sourceIPAddress|cidr: [192.0.2.9]`, `"sourceIPAddress":"192.0.2.9"`, true},
		{`sourceIPAddress|cidr: 192.0.2.0/24`, `"sourceIPAddress":"ec2.amazonaws.com"`, false},
		{`userIdentity.userName|fieldref: requestParameters.userName`, `"userIdentity":{"userName":"a"},"requestParameters":{"userName":"A"}`, true},
		{`userIdentity.userName|fieldref: requestParameters.userName`, `"userIdentity":{"userName":"a"}`, false},
		{`userIdentity.arn|fieldref|endswith: requestParameters.userName`, `"userIdentity":{"arn":"x/a"},"requestParameters":{"userName":"a"}`, true},
		{`userIdentity.userName|fieldref|neq: requestParameters.userName`, `"userIdentity":{"userName":"a"},"requestParameters":{"userName":"b"}`, true},
		{`requestParameters.n|gte: 10`, `"requestParameters":{"n":"10"}`, true},
		{`requestParameters.n|lt: 10`, `"requestParameters":{"n":10}`, false},
		{`userAgent|windash|contains: ' -f '`, `"userAgent":"x /f y"`, true},
		{`userAgent|windash|contains: ' -f '`, `"userAgent":"x –f y"`, true},
		{`userAgent|base64|contains: foobar`, `"userAgent":"xZm9vYmFyx"`, true},
		{`userAgent|base64offset|contains: foobar`, `"userAgent":"IGZvb2Jhcg=="`, true},
		{`userAgent|wide|base64offset|contains: ab`, `"userAgent":"YQBiAA=="`, true},
		{`userIdentity.userName|expand: '%admins%'`, `"userIdentity":{"userName":"Mira"}`, true},
		{`userIdentity.userName|expand: 'x%admins%'`, `"userIdentity":{"userName":"x100%"}`, true},
		{`eventTime|hour: 10`, `"eventTime":"2026-03-01T10:30:00Z"`, true},
		{`eventTime|month: 4`, `"eventTime":"2026-03-01T10:30:00Z"`, false},
		{`userIdentity.sessionContext.webIdFederationData.attributes.cognito-identity.amazonaws.com:aud: x`, `"userIdentity":{"sessionContext":{"webIdFederationData":{"attributes":{"cognito-identity.amazonaws.com:aud":"x"}}}}`, true},
	} {
		c.docs = nil
		rules := load(t, c, "title: t\nlogsource: {product: aws, service: cloudtrail}\ndetection:\n  s:\n    "+x.field+"\n  condition: s\n")
		if got := judge(t, rules[0].Expr, "{"+x.event+"}"); got != x.want {
			t.Errorf("%s on %s: %v\n%s", x.field, x.event, got, rules[0].Expr)
		}
	}
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

const story = `
action: global
logsource: {product: aws, service: cloudtrail}
author: Mira Example
license: DRL-1.1
level: high
---
title: Failed sign-in
name: failed
detection: {s: {eventName: ConsoleLogin, errorMessage: Failed authentication}, condition: s}
---
title: Sign-in
name: signin
detection: {s: {eventName: ConsoleLogin, errorMessage: null}, condition: s}
---
title: Guessed password
name: guessed
correlation:
  type: temporal_ordered
  rules: [many, signin]
  group-by: [who]
  aliases: {who: {many: userIdentity.userName, signin: userIdentity.userName}}
  timespan: 30m
---
title: Many failures
name: many
correlation:
  type: event_count
  rules: [failed]
  group-by: userIdentity.userName
  timespan: 10m
  condition: {gte: 3}
---
title: Spray
id: spray
detection: {s: {eventName: ConsoleLogin, errorMessage: Failed authentication}, timeframe: 10m, condition: 's | count(userIdentity.userName) by sourceIPAddress >= 2'}
---
title: Not the tester
filter:
  rules: [spray]
  selection: {sourceIPAddress: 192.0.2.99}
  condition: not selection
`

func TestCorrelationsFiltersAndGlobals(t *testing.T) {
	rules := load(t, &Collection{}, story)
	for _, r := range rules {
		if r.Author != "Mira Example" || r.License != "DRL-1.1" || r.Level != "high" {
			t.Errorf("%s lost its author, licence or level", r.ID)
		}
		if silent := r.ID != "guessed" && r.ID != "spray"; r.Silent != silent {
			t.Errorf("%s: silent %v", r.ID, r.Silent)
		}
	}
	set, err := rule.Compile(rules)
	if err != nil {
		t.Fatal(err)
	}
	sign := func(min int, user, ip, msg string, id int) string {
		at := time.Date(2026, 3, 1, 10, min, 0, 0, time.UTC).Format(time.RFC3339)
		m := ""
		if msg != "" {
			m = `,"errorMessage":"Failed authentication"`
		}
		return fmt.Sprintf(`{"eventTime":%q,"eventName":"ConsoleLogin","userIdentity":{"userName":%q},"sourceIPAddress":%q,"eventID":"%d"%s}`, at, user, ip, id, m)
	}
	log := strings.Join([]string{
		sign(9, "ann", "192.0.2.1", "", 4), sign(1, "ann", "192.0.2.1", "x", 1), sign(2, "ann", "192.0.2.1", "x", 2), sign(3, "ann", "192.0.2.1", "x", 3),
		sign(20, "bob", "192.0.2.2", "x", 5), sign(21, "eve", "192.0.2.2", "x", 6),
		sign(20, "bob", "192.0.2.99", "x", 7), sign(21, "eve", "192.0.2.99", "x", 8),
	}, "\n")
	var got []string
	for h, err := range set.Run(trail.Bytes("log", []byte(log)), nil) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, h.Rule+" "+strings.Join(h.Group, ","))
	}
	slices.Sort(got)
	if want := []string{"guessed ann", "spray 192.0.2.2"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
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
