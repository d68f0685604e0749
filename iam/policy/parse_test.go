package policy

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

const bothForms = `{
  "Version": "2012-10-17",
  "Id": "x",
  "Statement": [{
    "Sid": "One",
    "Effect": "Allow",
    "Principal": {"AWS": "111111111111", "Service": ["a.amazonaws.com", "b.amazonaws.com"]},
    "Action": "s3:GetObject",
    "Resource": ["arn:aws:s3:::b/*"],
    "Condition": {"Bool": {"aws:SecureTransport": true}, "NumericLessThan": {"s3:max-keys": [10, "20"]}}
  }]
}`

func TestParse(t *testing.T) {
	d, err := Parse(Resource, "p", []byte(bothForms))
	if err != nil {
		t.Fatal(err)
	}
	want := &Document{
		Name: "p", Kind: Resource, Version: Version2012, ID: "x", Source: bothForms,
		Statements: []Statement{{
			Sid: "One", Effect: EffectAllow,
			Principal: &Principals{AWS: Values("111111111111"), Service: Values("a.amazonaws.com", "b.amazonaws.com")},
			Action:    Values("s3:GetObject"), Resource: Values("arn:aws:s3:::b/*"),
			Conditions: []Condition{
				{Operator: "Bool", Key: "aws:SecureTransport", Values: []Value{{Text: "true", Bare: true}}},
				{Operator: "NumericLessThan", Key: "s3:max-keys", Values: []Value{{Text: "10", Bare: true}, {Text: "20"}}},
			},
		}},
	}
	ignore := cmp.Options{cmpopts.IgnoreTypes(Pos{}), cmpopts.IgnoreFields(Statement{}, "End")}
	if diff := cmp.Diff(want, d, ignore); diff != "" {
		t.Error(diff)
	}
	s := &d.Statements[0]
	for what, pos := range map[string]Pos{
		`{`:                     s.Pos,
		`{"AWS"`:                s.Principal.Pos,
		`"b.amazonaws.com"`:     s.Principal.Service[1].Pos,
		`"s3:GetObject"`:        s.Action[0].Pos,
		`"arn:aws:s3:::b/*"`:    s.Resource[0].Pos,
		`"aws:SecureTransport"`: s.Conditions[0].Pos,
		`10`:                    s.Conditions[1].Values[0].Pos,
	} {
		if !strings.HasPrefix(bothForms[pos.Offset:], what) {
			t.Errorf("%s is said to be at %d", what, pos.Offset)
		}
		lines := strings.Split(bothForms[:pos.Offset], "\n")
		if pos.Line != len(lines) || pos.Column != len(lines[len(lines)-1])+1 {
			t.Errorf("%s is said to be at %s", what, pos)
		}
	}
	if bothForms[s.End-1] != '}' || !strings.HasPrefix(bothForms[s.End:], "]") {
		t.Errorf("the statement is said to end at %d", s.End)
	}
}

func TestMarshalIsCanonical(t *testing.T) {
	d, err := Parse(Resource, "", []byte(bothForms))
	if err != nil {
		t.Fatal(err)
	}
	first, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"Version":"2012-10-17","Id":"x","Statement":[{"Sid":"One","Effect":"Allow","Principal":{"AWS":"111111111111","Service":["a.amazonaws.com","b.amazonaws.com"]},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*","Condition":{"Bool":{"aws:SecureTransport":"true"},"NumericLessThan":{"s3:max-keys":["10","20"]}}}]}`
	if string(first) != want {
		t.Errorf("got  %s\nwant %s", first, want)
	}
	again, err := Parse(Resource, "", first)
	if err != nil {
		t.Fatal(err)
	}
	if second, _ := json.Marshal(again); string(second) != string(first) {
		t.Errorf("written again: %s", second)
	}
}

func TestParseErrors(t *testing.T) {
	statement := `{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}`
	for _, c := range []struct {
		text, want string
		read       int // statements read all the same
	}{
		{``, `p:1:1: a policy is a JSON object, found the end of the text`, 0},
		{`[]`, `p:1:1: a policy is a JSON object, found '['`, 0},
		{"\uFEFF{}", `p:1:1: the text starts with a byte-order mark`, 0},
		{"{\n \"Version\xff\": 1}", `p:2:10: the text is not valid UTF-8`, 0},
		{`{"Statement":[` + statement + `]} x`, `p:1:75: text after the end of the policy, found 'x'`, 1},
		{`{"Statement":[` + statement + `,{"Effect":}]}`, `p:1:83: Statement[1].Effect: must be a string`, 2},
		{`{"Statement":[` + statement + ` ` + statement + `]}`, `p:1:73: Statement[0]: expected ',' or ']', found '{'`, 1},
		{`{"Statement":[` + statement, `p:1:72: Statement[0]: expected ',' or ']', found the end of the text`, 1},
		{`{"Statement":` + statement + `,"Statement":` + statement + `}`, `p:1:72: Statement: the same member twice`, 2},
		{`{"Statement":{"Effect":"Allow","Action":"s3:\x","Resource":"*"}}`, `p:1:45: Statement.Action: unknown escape in a string`, 1},
		{`{"Statement":{"Effect":"Allow","Action":"\ud800x","Resource":"*"}}`, `p:1:48: Statement.Action: \u needs four hexadecimal digits and whole surrogate pairs`, 1},
		{"{\"Statement\":{\"Effect\":\"Al\nlow\"}}", `p:1:27: Statement.Effect: control character in a string must be escaped`, 1},
		{`{"Statement":{"Effect":"Allow","Action":01,"Resource":"*"}}`, `p:1:41: Statement.Action: expected a value, found '0'`, 1},
		{`{"Statement":{"Effect":"Allow","Action":null,"Resource":"*"}}`, `p:1:41: Statement.Action: must be a string`, 1},
		{`{"Statement":{"Effect":"Allow","Action":[["x"]],"Resource":"*"}}`, `p:1:42: Statement.Action[0]: must be a string or a list of strings`, 1},
		{`{"Statement":{"Effect":"Allow","Action":"a:b","Resource":"*","Condition":{"Null":"x"}}}`, `p:1:82: Statement.Condition.Null: must be an object of condition keys`, 1},
		{`{"Statement":{"Effect":"Allow","Action":"a:b","Resource":"*","Principal":7}}`, `p:1:74: Statement.Principal: must be "*" or an object`, 1},
		{`{"Statement":"x"}`, `p:1:14: Statement: a statement is an object`, 0},
		{`{"Statement":{"Effect":"Permit","Action":"a:b","Resource":"*"}}`, `p:1:14: Statement[0].Effect: must be Allow or Deny, is "Permit"`, 1},
	} {
		d, err := Parse(Identity, "p", []byte(c.text))
		var problems Problems
		if !errors.As(err, &problems) {
			t.Errorf("%s\nno problems: %v", c.text, err)
			continue
		}
		if got := problems[0].Error(); got != c.want {
			t.Errorf("%s\ngot  %s\nwant %s", c.text, got, c.want)
		}
		if len(d.Statements) != c.read {
			t.Errorf("%s\n%d statements read, want %d", c.text, len(d.Statements), c.read)
		}
		if _, err := Compile(Policies{Identity: []*Document{d}}); err == nil {
			t.Errorf("%s\nwas compiled", c.text)
		}
	}
}

// Hostile texts get an error. A reader that is quadratic in anything would need
// minutes for them.
func TestParseHostile(t *testing.T) {
	n := 400_000
	many := func(format string) string {
		var b strings.Builder
		for i := range n / 4 {
			fmt.Fprintf(&b, format, i)
		}
		return b.String()
	}
	for name, text := range map[string]string{
		"nested-arrays":    strings.Repeat("[", n),
		"nested-objects":   strings.Repeat(`{"a":`, n),
		"nested-in-action": `{"Statement":{"Action":` + strings.Repeat("[", n),
		"many-members":     `{` + many(`"m%d":0,`) + `"x":0}`,
		"many-operators":   `{"Statement":{"Condition":{` + many(`"o%d":{},`) + `"x":{}}}}`,
		"many-keys":        `{"Statement":{"Condition":{"Bool":{` + many(`"o%d":"x",`) + `"x":"x"}}}}`,
		"many-statements":  `{"Statement":[` + strings.Repeat(`{},`, n) + `{}]}`,
		"long-string":      `{"Version":"` + strings.Repeat("a", n),
		"long-escapes":     `{"Version":"` + strings.Repeat(`\u00e9`, n/6) + `"}`,
		"white-space":      strings.Repeat("\n", n),
		"nul":              "{\x00}",
		"invalid-utf-8":    strings.Repeat("\xff", n),
	} {
		d, err := ParseMax(Identity, name, []byte(text), 10<<20)
		if err == nil || d == nil {
			t.Errorf("%s: no error", name)
		}
		var problems Problems
		if errors.As(err, &problems) && len(problems) > 2*maxProblems {
			t.Errorf("%s: %d problems", name, len(problems))
		}
	}
	if d, err := Parse(Identity, "big", make([]byte, 10<<20)); err == nil || d.Source != "" {
		t.Error("ten megabytes were read")
	}
}

func TestSize(t *testing.T) {
	text := "{ \"Version\" : \"2012-10-17\",\n \"Statement\": {\"Sid\": \"a b \\\" c\"} }"
	for k, want := range map[Kind]int{Identity: 55, SCP: 63} {
		d, _ := Parse(k, "", []byte(text))
		if got := d.Size(); got != want {
			t.Errorf("%s: %d, want %d", k, got, want)
		}
	}
	if got := (&Document{Kind: Identity, Version: Version2012}).Size(); got != len(`{"Version":"2012-10-17","Statement":[]}`) {
		t.Errorf("literal: %d", got)
	}
}

func TestKindText(t *testing.T) {
	for k := Identity; k <= Endpoint; k++ {
		text, err := k.MarshalText()
		if err != nil {
			t.Fatal(err)
		}
		var back Kind
		if err := back.UnmarshalText(text); err != nil || back != k {
			t.Errorf("%s became %s: %v", k, back, err)
		}
	}
	var k Kind
	if k.String() != "unset" || k.UnmarshalText([]byte("bucket")) == nil {
		t.Error("the unset kind")
	}
}
