package cover

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/awsposture/posture/detective/trail"
	"github.com/awsposture/posture/detective/trail/filter"
	"github.com/awsposture/posture/detective/trail/rule"
)

func parse(t testing.TB, text string) rule.Expr {
	t.Helper()
	p, err := filter.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return p.Expr()
}

func TestFilters(t *testing.T) {
	const (
		stop    = `{($.eventName=StopLogging) || ($.eventName=DeleteTrail)}`
		root    = `{$.userIdentity.type="Root" && $.userIdentity.invokedBy NOT EXISTS && $.eventType !="AwsServiceEvent"}`
		denied  = `{($.errorCode="*UnauthorizedOperation") || ($.errorCode="AccessDenied*")}`
		noMFA   = `{ ($.eventName = "ConsoleLogin") && ($.additionalEventData.MFAUsed != "Yes") && ($.userIdentity.type = "IAMUser") && ($.responseElements.ConsoleLogin = "Success") }`
		iam     = `{($.eventSource=iam.amazonaws.com) && (($.eventName=DeletePolicy) || ($.eventName=CreatePolicy))}`
		badPass = `{($.eventName=ConsoleLogin) && ($.errorMessage="Failed authentication")}`
	)
	for _, c := range []struct {
		name, required string
		have           []string
		gaps           string // text that each witness must hold, "" when covered
	}{
		{"the same", stop, []string{stop}, ""},
		{"reordered, quoted, spaced", stop, []string{`{ ( $.eventName = "DeleteTrail" ) || $.eventName = "StopLogging" }`}, ""},
		{"two filters together", stop, []string{`{$.eventName=StopLogging}`, `{$.eventName=DeleteTrail}`}, ""},
		{"a glob", stop, []string{`{$.eventName = "StopLog*" || $.eventName=D*Trail}`}, ""},
		{"the right source added", stop, []string{`{$.eventSource = cloudtrail.amazonaws.com && ($.eventName=StopLogging || $.eventName=DeleteTrail)}`}, ""},
		{"the wrong source added", stop, []string{`{$.eventSource = iam.amazonaws.com && ($.eventName=StopLogging || $.eventName=DeleteTrail)}`}, `"eventName":"StopLogging"`},
		{"source binds to the first name only", iam, []string{`{$.eventSource=s3.amazonaws.com && $.eventName=DeletePolicy || $.eventName=CreatePolicy}`}, `"eventName":"DeletePolicy"`},
		{"joined by &&", stop, []string{`{$.eventName=StopLogging && $.eventName=DeleteTrail}`}, `"eventName":"StopLogging"`},
		{"a name is missing", stop, []string{`{$.eventName=StopLogging}`}, `"eventName":"DeleteTrail"`},
		{"noise removed by !=", stop, []string{`{($.eventName=StopLogging || $.eventName=DeleteTrail) && $.userIdentity.invokedBy != "x"}`}, `StopLogging`},
		{"noise removed, absence kept", stop, []string{`{($.eventName=StopLogging || $.eventName=DeleteTrail) && ($.userIdentity.invokedBy != "x" || $.userIdentity.invokedBy NOT EXISTS)}`}, `"invokedBy":"x"`},
		{"root", root, []string{root}, ""},
		{"root without the service clause is wider", root, []string{`{$.userIdentity.type="Root" && $.userIdentity.invokedBy NOT EXISTS}`}, ""},
		{"root narrowed to success", root, []string{`{$.userIdentity.type="Root" && $.userIdentity.invokedBy NOT EXISTS && $.eventType !="AwsServiceEvent" && $.errorCode NOT EXISTS}`}, `"errorCode"`},
		{"denied", denied, []string{denied}, ""},
		{"denied by contains", denied, []string{`{$.errorCode = "*Unauthorized*" || $.errorCode="*Denied*"}`}, ""},
		{"denied without the wildcard", denied, []string{`{($.errorCode="Client.UnauthorizedOperation") || ($.errorCode="AccessDenied*")}`}, `UnauthorizedOperation`},
		{"no MFA", noMFA, []string{noMFA}, ""},
		{"no MFA equals No", noMFA, []string{strings.Replace(noMFA, `!= "Yes"`, `= "No"`, 1)}, `"MFAUsed"`},
		{"failed sign-in by source", badPass, []string{`{$.eventSource=signin.amazonaws.com && $.errorMessage="Failed authentication"}`}, ""},
		{"failed sign-in by type", badPass, []string{`{$.eventType=AwsConsoleSignIn && $.errorMessage="*authentication"}`}, ""},
		{"numbers", `{$.requestParameters.n >= 5}`, []string{`{$.requestParameters.n > 5}`}, `"n":"5"`},
		{"numbers cover", `{$.requestParameters.n > 5}`, []string{`{$.requestParameters.n >= 5}`}, ""},
		{"numbers in two parts", `{$.requestParameters.n > 5}`, []string{`{$.requestParameters.n > 7}`, `{$.requestParameters.n <= 7}`}, ""},
		{"everything", `{$.eventName = *}`, []string{`{$.eventName = "A*"}`, `{$.eventName != "A*"}`}, ""},
		{"two globs", `{$.eventName = "A*B*C"}`, []string{`{$.eventName = "A*C"}`}, ""},
		{"two globs reversed", `{$.eventName = "A*C"}`, []string{`{$.eventName = "A*B*C"}`, `{$.eventName = "AC"}`, `{$.eventName="AxC"}`, `{$.eventName="Aexa*"}`}, `"eventName":"A`},
		{"regular expressions", `{$.errorCode = %^Acc%}`, []string{`{$.errorCode = "Acc*"}`}, ""},
		{"regular expressions reversed", `{$.errorCode = "*A1*"}`, []string{`{$.errorCode = %A\d%}`}, ""},
		{"regular expression narrower", `{$.errorCode = "A*"}`, []string{`{$.errorCode = %^A[a-z]+$%}`, `{$.errorCode = "A"}`, `{$.errorCode="Ax*"}`}, `"errorCode":"A`},
	} {
		var have []rule.Expr
		for _, h := range c.have {
			have = append(have, parse(t, h))
		}
		res := Cover(parse(t, c.required), have, nil)
		if res.Undecided != "" {
			t.Errorf("%s: undecided: %s", c.name, res.Undecided)
			continue
		}
		if res.Covered != (c.gaps == "") {
			t.Errorf("%s: covered %v, gaps %s", c.name, res.Covered, res.Gaps)
			continue
		}
		if !res.Covered {
			all := ""
			for _, g := range res.Gaps {
				all += string(g.Witness)
			}
			if !strings.Contains(all, c.gaps) {
				t.Errorf("%s: the witnesses do not show %s: %s", c.name, c.gaps, all)
			}
		}
	}
}

// TestAgainstSearch: when Cover says covered, no event of a small world where
// every combination occurs may be a counterexample; when it says not, its
// witness is one (Cover replays it itself). On a world that holds all relevant
// values the two answers must agree.
func TestAgainstSearch(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	vals := map[string][]string{"a": {"", `"x"`, `"y"`, `"xy"`, `"other"`, "1", "2", "7", "true", "null", "{}"}, "b": {"", `"x"`, `"y"`, `"xy"`, `"other"`, "1", "2", "7", "true", "null", "{}"}}
	var world []string
	for _, a := range vals["a"] {
		for _, b := range vals["b"] {
			var ms []string
			if a != "" {
				ms = append(ms, `"a":`+a)
			}
			if b != "" {
				ms = append(ms, `"b":`+b)
			}
			world = append(world, `{"requestParameters":{`+strings.Join(ms, ",")+`}}`)
		}
	}
	tests := []string{"$.F = x", "$.F != x", `$.F = "x*"`, `$.F = "*y"`, `$.F != "*y"`, "$.F > 1", "$.F != 1", "$.F <= 2", "$.F IS NULL", "$.F IS TRUE", "$.F NOT EXISTS", "$.F = *"}
	var gen func(depth int) string
	gen = func(depth int) string {
		if depth == 0 || r.IntN(3) == 0 {
			return strings.Replace(tests[r.IntN(len(tests))], "F", "requestParameters."+string("ab"[r.IntN(2)]), 1)
		}
		return "(" + gen(depth-1) + []string{" && ", " || "}[r.IntN(2)] + gen(depth-1) + ")"
	}
	d := &Domain{Fields: map[string]Field{}}
	covered, open := 0, 0
	for range 3000 {
		req, have := parse(t, "{"+gen(2)+"}"), parse(t, "{"+gen(3)+"}")
		res := Cover(req, []rule.Expr{have}, d)
		if res.Undecided != "" {
			t.Fatalf("%s ⊆ %s: undecided: %s", req, have, res.Undecided)
		}
		q, _ := rule.CompileExpr(req)
		h, _ := rule.CompileExpr(have)
		counter := ""
		for _, w := range world {
			var e trail.Event
			if err := e.Parse([]byte(w)); err != nil {
				t.Fatal(err)
			}
			if q.Event(&e) && !h.Event(&e) {
				counter = w
			}
		}
		if res.Covered && counter != "" {
			t.Fatalf("%s ⊆ %s is said to hold, but not on %s", req, have, counter)
		}
		if res.Covered {
			covered++
		} else {
			open++
		}
	}
	if covered < 300 || open < 300 {
		t.Errorf("%d covered, %d not: the test says little", covered, open)
	}
}

func TestUndecidedIsNotCovered(t *testing.T) {
	x := rule.Same("userIdentity.userName", "requestParameters.userName")
	res := Cover(rule.Eq("eventName", "A"), []rule.Expr{rule.All(rule.Eq("eventName", "A"), x)}, nil)
	if res.Covered || res.Undecided == "" {
		t.Errorf("%+v", res)
	}
}

func ExampleCover() {
	required, err := filter.Parse(`{($.eventName=StopLogging) || ($.eventName=DeleteTrail)}`)
	if err != nil {
		fmt.Println(err)
	}
	quiet, err := filter.Parse(`{($.eventName=StopLogging) || ($.eventName=DeleteTrail) && ($.userIdentity.invokedBy != "example")}`)
	if err != nil {
		fmt.Println(err)
	}
	res := Cover(required.Expr(), []rule.Expr{quiet.Expr()}, nil)
	for _, g := range res.Gaps {
		fmt.Printf("not covered: %s\n%s\n", g.Part, g.Witness)
	}
	// Output:
	// not covered: $.eventName is "DeleteTrail"
	// {"eventName":"DeleteTrail","eventSource":"cloudtrail.amazonaws.com","eventVersion":"1.11","eventTime":"2026-01-01T00:00:00Z","awsRegion":"us-east-1","eventType":"AwsApiCall","eventID":"00000000-0000-4000-8000-000000000000"}
}

// TestTextOfContainers: what is asked of an object's text cannot be decided, and
// must not pass for what never happens.
func TestTextOfContainers(t *testing.T) {
	text := rule.ContainsFold("requestParameters", `"httptokens":"optional"`)
	for _, required := range []rule.Expr{text, rule.All(rule.Eq("eventName", "Call"), text), rule.AnyOf(rule.Eq("userIdentity.type", "Root"), text)} {
		if res := Cover(required, []rule.Expr{rule.Eq("userIdentity.type", "Root")}, nil); res.Covered || res.Undecided == "" {
			t.Errorf("%s: %+v", required, res)
		}
	}
	// A text may be there too where the domain says nothing.
	if res := Cover(rule.ContainsFold("requestParameters.x", "y"), nil, nil); len(res.Gaps) != 1 {
		t.Errorf("%+v", res)
	}
}
