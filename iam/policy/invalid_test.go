package policy

import (
	"strings"
	"testing"
)

// Documents written as literals are checked like parsed ones.
func TestCheckLiterals(t *testing.T) {
	stmt := func(change func(*Statement)) Statement {
		s := Statement{Effect: EffectAllow, Action: Values("s3:GetObject"), Resource: Values("*")}
		change(&s)
		return s
	}
	for _, c := range []struct {
		code string
		k    Kind
		s    Statement
	}{
		{"kind-unset", 0, stmt(func(*Statement) {})},
		{"kind-unset", Endpoint + 1, stmt(func(*Statement) {})},
		{"conflicting-elements", Identity, stmt(func(s *Statement) { s.NotResource = Values("*") })},
		{"conflicting-elements", Identity, stmt(func(s *Statement) { s.NotAction = Values("*") })},
		{"conflicting-elements", Resource, stmt(func(s *Statement) { s.Principal, s.NotPrincipal = Everyone(), Everyone() })},
		{"rcp-principal", RCP, stmt(func(s *Statement) { s.Effect, s.NotPrincipal = EffectDeny, Everyone() })},
		{"conflicting-elements", RCP, stmt(func(s *Statement) {
			s.Effect, s.Principal, s.Action, s.NotAction = EffectDeny, Everyone(), nil, Values("s3:*")
		})},
		{"condition-operator-unknown", Identity, stmt(func(s *Statement) { s.Conditions = []Condition{{Operator: "Equals", Key: "a:k", Values: Values("x")}} })},
		{"condition-operator-unknown", Identity, stmt(func(s *Statement) {
			s.Conditions = []Condition{{Operator: "NullIfExists", Key: "a:k", Values: Values("true")}}
		})},
	} {
		d := &Document{Kind: c.k, Version: Version2012, Statements: []Statement{c.s}}
		found := false
		for _, p := range check(d) {
			found = found || p.Code == c.code
		}
		if !found {
			t.Errorf("%s of kind %s: got %v", c.code, c.k, check(d))
		}
		if _, err := Compile(Policies{Identity: []*Document{d}}); err == nil {
			t.Errorf("%s of kind %s was compiled", c.code, c.k)
		}
	}
}

// Under EvenInvalid what cannot be understood grants nothing.
func TestEvenInvalidGrantsNothing(t *testing.T) {
	odd := []Statement{
		{Effect: "allow", Action: Values("*"), Resource: Values("*")},
		{Effect: EffectAllow, Resource: Values("*")},
		{Effect: EffectAllow, Action: Values("*"), Resource: Values("*"), Conditions: []Condition{{Operator: "Equals", Key: "a:k", Values: Values("x")}}},
	}
	r := get(alice()).with("a:k", "x")
	for i, s := range odd {
		e := compile(t, Policies{EvenInvalid: true, Identity: []*Document{{Kind: Identity, Version: Version2012, Statements: []Statement{s}}}})
		if d := e.Decide(&r); d.String() != byID {
			t.Errorf("statement %d: %s", i, d)
		}
	}
	nobody := &Document{Kind: Resource, Version: Version2012, Statements: []Statement{{Effect: EffectAllow, Action: Values("*"), Resource: Values("*")}}}
	e := compile(t, Policies{EvenInvalid: true, Resource: nobody})
	if r := get(anonymous()); e.Decide(&r).Allowed() {
		t.Error("a resource policy without principal let anybody in")
	}
}

// What is not JSON is reported with its place.
func TestParseSyntax(t *testing.T) {
	for text, place := range map[string]string{
		`{"Version" "2012-10-17"}`:                        "1:12",
		`{"Version":"2012-10-17" "Id":"x"}`:               "1:25",
		`{"Version":"2012-10-17`:                          "1:23",
		"{\"Version\":\"20\n12\"}":                        "1:15",
		`{"Version":"\x"}`:                                "1:13",
		`{"Version":"\u12g4"}`:                            "1:13",
		`{"Statement":[{"Effect":"Allow"]}`:               "1:32",
		`{"Statement":{"Condition":{"Null":[]}}}`:         "1:35",
		`{"Statement":{"Condition":[]}}`:                  "1:27",
		`{"Statement":{"Condition":{"Bool":{"a:k":1.}}}}`: "1:42",
		`{"Statement":{"Condition":{"Bool":{"a:k":1e}}}}`: "1:42",
	} {
		d, err := Parse(Identity, "", []byte(text))
		if err == nil || !strings.Contains(err.Error(), place) {
			t.Errorf("%s: %v, want %s", text, err, place)
		}
		if d == nil {
			t.Errorf("%s: no document", text)
		}
	}
	if _, err := Parse(Identity, "", []byte(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"NumericLessThan":{"a:k":-1.5e+3}}}}`)); err != nil {
		t.Error(err)
	}
	twice := `{"Statement":{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"Bool":{"a:k":true},"Bool":{"a:j":true}}}}`
	if _, err := Parse(Identity, "", []byte(twice)); err == nil || !strings.Contains(err.Error(), "the same operator twice") {
		t.Error(err)
	}
}
