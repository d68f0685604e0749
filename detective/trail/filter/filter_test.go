package filter

import (
	"errors"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/awsposture/posture/detective/trail"
	"github.com/awsposture/posture/detective/trail/rule"
	"github.com/awsposture/posture/detective/trail/trailtest"
)

func event(t *testing.T, text string) *trail.Event {
	t.Helper()
	e := &trail.Event{}
	if err := e.Parse([]byte(text)); err != nil {
		t.Fatal(err)
	}
	return e
}

func TestSemantics(t *testing.T) {
	for _, c := range []struct {
		pattern, event string
		want           Truth
	}{
		{`{$.a = "x*"}`, `{"a":"xyz"}`, True},
		{`{$.a = "x*"}`, `{"a":"Xyz"}`, False},
		{`{$.a = x*z}`, `{"a":"xyz"}`, True},
		{`{$.a = "x?"}`, `{"a":"xy"}`, False},
		{`{$.a = "4*"}`, `{"a":443}`, True},
		{`{$.a = "x"}`, `{"a":["x"]}`, False},
		{`{$.a = "x"}`, `{"a":{"x":1}}`, False},
		{`{$.a = "true"}`, `{"a":true}`, False},
		{`{$.a != "x"}`, `{}`, Unknown},
		{`{$.a != "x"}`, `{"a":null}`, False},
		{`{$.a != "x"}`, `{"a":{}}`, False},
		{`{$.a != "x"}`, `{"a":"y"}`, True},
		{`{$.a != "x"}`, `{"a":"x"}`, False},
		{`{$.a = 1000}`, `{"a":1e3}`, True},
		{`{$.a = 1e3}`, `{"a":"1000"}`, True},
		{`{$.a >= 5 && $.a < 6}`, `{"a":5.5}`, True},
		{`{$.a != 5}`, `{"a":"x"}`, False},
		{`{$.a != 5}`, `{"a":6}`, True},
		{`{$.a = %^s.*\d$%}`, `{"a":"snap-1"}`, True},
		{`{$.a != %^s%}`, `{"a":"vol-1"}`, True},
		{`{$.a != %^s%}`, `{"b":"vol-1"}`, Unknown},
		{`{$.a IS NULL}`, `{"a":null}`, True},
		{`{$.a IS NULL}`, `{}`, Unknown},
		{`{$.a IS TRUE}`, `{"a":true}`, True},
		{`{$.a IS TRUE}`, `{"a":"true"}`, False},
		{`{$.a NOT EXISTS}`, `{}`, True},
		{`{$.a NOT EXISTS}`, `{"a":null}`, False},
		{`{$.a[*].b = 1}`, `{"a":[{"b":2},{"b":1}]}`, True},
		{`{$.a[*].b != 1}`, `{"a":[{"b":2},{"b":1}]}`, True},
		{`{$.a[1].b = 1}`, `{"a":[{"b":2},{"b":1}]}`, True},
		{`{$.a.* = 1}`, `{"a":{"x":2,"y":1}}`, True},
		{`{$['a.b'] = 1}`, `{"a.b":1,"a":{"b":2}}`, True},
		{`{$.a = 1 || $.b = 1 && $.c = 1}`, `{"a":1}`, True},
		{`{($.a = 1 || $.b = 1) && $.c = 1}`, `{"a":1}`, Unknown},
		{`{($.a = 1 || $.b = 1) && $.c = 1}`, `{"a":1,"c":2}`, False},
		{`{ ($.eventName = ConsoleLogin) && ($.additionalEventData.MFAUsed != "Yes") }`, `{"eventName":"ConsoleLogin"}`, Unknown},
	} {
		p, err := Parse(c.pattern)
		if err != nil {
			t.Errorf("%s: %v", c.pattern, err)
			continue
		}
		e := event(t, c.event)
		if got := p.Eval(e); got != c.want {
			t.Errorf("%s on %s: %d, want %d", c.pattern, c.event, got, c.want)
		}
		checkSame(t, p, e)
	}
}

// checkSame compares Eval, the compiled expression and the slow evaluator.
func checkSame(t *testing.T, p *Pattern, e *trail.Event) {
	t.Helper()
	m, err := rule.CompileExpr(p.Expr())
	if err != nil {
		t.Fatalf("%s: %v", p, err)
	}
	want := p.Eval(e) == True
	slow, err := trailtest.Slow(p.Expr(), e.JSON())
	if err != nil {
		t.Fatal(err)
	}
	if got := m.Event(e); got != want || slow != want {
		t.Fatalf("%s on %s: pattern %v, rule %v, slow %v", p, e.JSON(), want, got, slow)
	}
}

func TestRefused(t *testing.T) {
	for pattern, reason := range map[string]string{
		``: "braces", `[a, b]`: "braces", `ERROR`: "braces", `{}`: "begins with $", `{$.a}`: "comparison",
		`{$.a = }`: "value is missing", `{$.a = "x}`: "does not end", `{$.a = 1`: "expected && or ||",
		`{$.a = 1} x`: "after the closing", `{($.a = 1}`: "expected )", `{$.a IS 3}`: "NULL, TRUE or FALSE",
		`{$.a NOT 3}`: "EXISTS", `{$.a < "x"}`: "ordered", `{$.a = %(x)%}`: "not supported", `{$.a = %\bx%}`: "not supported",
		`{$.a = %x}`: "does not end", `{$.a[*].b[*] = 1}`: "one wildcard", `{$ = 1}`: "names no field", `{$.a[x] = 1}`: "index",
		`{$.a=%a% || $.a=%b% || $.a=%c%}`:             "two regular",
		`{$.a.*=1 || $.a.*=2 || $.a.*=3 || $.a.*=4}`:  "three wildcard",
		`{$.a = "` + strings.Repeat("x", 1100) + `"}`: "longer",
		strings.Repeat("(", 1000):                     "braces", `{` + strings.Repeat("(", 900) + `}`: "too deep",
	} {
		_, err := Parse(pattern)
		var se *SyntaxError
		if !errors.As(err, &se) || !strings.Contains(err.Error(), reason) {
			t.Errorf("%.60s: %v, want %q", pattern, err, reason)
		}
	}
}

func TestPrintParses(t *testing.T) {
	for text, want := range map[string]string{
		`{$.a=x}`:                       `{ ($.a = "x") }`,
		"{\n(($.a=1)||$.b!=\"*\\\"\")}": `{ ($.a = 1) || ($.b != "*\"") }`,
		`{$.a=1&&($.b=2||$.c=3)}`:       `{ ($.a = 1) && (($.b = 2) || ($.c = 3)) }`,
		`{$.a=1||($.b=2&&$.c=3)}`:       `{ ($.a = 1) || ($.b = 2) && ($.c = 3) }`,
		`{$.['a.b'][0][*]=%x%}`:         `{ ($['a.b'][0][*] = %x%) }`,
		`{$.a is null}`:                 `{ ($.a IS NULL) }`,
	} {
		p, err := Parse(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if p.String() != want {
			t.Errorf("%s prints as %s, want %s", text, p, want)
		}
		if q, err := Parse(p.String()); err != nil || q.String() != want {
			t.Errorf("%s does not come back: %v %v", want, q, err)
		}
	}
}

func FuzzPattern(f *testing.F) {
	for _, s := range []string{`{$.userIdentity.type="Root" && $.userIdentity.invokedBy NOT EXISTS && $.eventType !="AwsServiceEvent"}`, `{($.errorCode="*UnauthorizedOperation") || ($.errorCode="AccessDenied*")}`, `{$.requestParameters.a.* = %^a.*b$% || $.requestParameters.list[*].a < 1e3}`, `{$['x\'y'] IS TRUE}`} {
		f.Add(s, uint64(1))
	}
	f.Fuzz(func(t *testing.T, text string, seed uint64) {
		p, err := Parse(text)
		if err != nil {
			return
		}
		q, err := Parse(p.String())
		if err != nil {
			if len(p.String()) > maxLength {
				return
			}
			t.Fatalf("%q prints as %q: %v", text, p, err)
		}
		if p.String() != q.String() {
			t.Fatalf("%q: %q, then %q", text, p, q)
		}
		r := rand.New(rand.NewPCG(seed, 1))
		for range 5 {
			checkSame(t, p, event(t, string(trailtest.Event(r))))
		}
	})
}
