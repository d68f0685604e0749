package eventpattern

import (
	"fmt"
	"strings"
	"testing"

	"github.com/awsposture/posture/detective/trail"
	"github.com/awsposture/posture/detective/trail/rule"
)

func matches(t *testing.T, x rule.Expr, event string) bool {
	t.Helper()
	m, err := rule.CompileExpr(x)
	if err != nil {
		t.Fatal(err)
	}
	var e trail.Event
	if err := e.Parse([]byte(event)); err != nil {
		t.Fatal(err)
	}
	return m.Event(&e)
}

func TestOperators(t *testing.T) {
	for _, c := range []struct {
		leaf, value string
		want        bool
	}{
		{`["a"]`, `"a"`, true},
		{`["a"]`, `"A"`, false},
		{`["a"]`, `["b","a"]`, true},
		{`["a"]`, `["b"]`, false},
		{`["a"]`, `[]`, false},
		{`["1"]`, `1`, false},
		{`[1]`, `1.0`, true},
		{`[1]`, `"1"`, false},
		{`[300]`, `3e2`, true},
		{`[true]`, `true`, true},
		{`[true]`, `"true"`, false},
		{`[null]`, `null`, true},
		{`[null]`, `""`, false},
		{`[""]`, `""`, true},
		{`[""]`, `null`, false},
		{`[null]`, ``, false},
		{`[{"prefix":"ab"}]`, `"abc"`, true},
		{`[{"prefix":"ab"}]`, `"xab"`, false},
		{`[{"prefix":{"equals-ignore-case":"AB"}}]`, `"abc"`, true},
		{`[{"suffix":"bc"}]`, `"abc"`, true},
		{`[{"suffix":{"equals-ignore-case":"BC"}}]`, `"abc"`, true},
		{`[{"equals-ignore-case":"ABC"}]`, `"abc"`, true},
		{`[{"wildcard":"a*c"}]`, `"abbc"`, true},
		{`[{"wildcard":"a\\*c"}]`, `"a*c"`, true},
		{`[{"wildcard":"a\\*c"}]`, `"abc"`, false},
		{`[{"wildcard":"a?c"}]`, `"abc"`, false},
		{`[{"numeric":[">",0,"<=",5]}]`, `5`, true},
		{`[{"numeric":[">",0,"<=",5]}]`, `0`, false},
		{`[{"numeric":[">",0]}]`, `"1"`, false},
		{`[{"numeric":[">",0,"<",5]}]`, `[-1,7]`, false},
		{`[{"numeric":["=",3.018e2]}]`, `301.8`, true},
		{`[{"cidr":"10.0.0.0/8"}]`, `"10.9.8.7"`, true},
		{`[{"cidr":"10.0.0.0/8"}]`, `"11.9.8.7"`, false},
		{`[{"cidr":"2001:db8::/32"}]`, `"2001:db8::1"`, true},
		{`[{"cidr":"10.0.0.0/8"}]`, `"ec2.amazonaws.com"`, false},
		{`[{"exists":true}]`, `null`, true},
		{`[{"exists":true}]`, ``, false},
		{`[{"exists":false}]`, ``, true},
		{`[{"exists":false}]`, `null`, false},
		{`[{"exists":true}]`, `{"x":1}`, false},
		{`[{"anything-but":"a"}]`, `"b"`, true},
		{`[{"anything-but":"a"}]`, `"a"`, false},
		{`[{"anything-but":"a"}]`, ``, false},
		{`[{"anything-but":["a","b"]}]`, `["a","c"]`, true},
		{`[{"anything-but":["a","b"]}]`, `["a","b"]`, false},
		{`[{"anything-but":"a"}]`, `1`, true},
		{`[{"anything-but":""}]`, `null`, true},
		{`[{"anything-but":[1,2]}]`, `2`, false},
		{`[{"anything-but":[1,2]}]`, `3`, true},
		{`[{"anything-but":{"prefix":"a"}}]`, `"ba"`, true},
		{`[{"anything-but":{"prefix":["a","b"]}}]`, `"ba"`, false},
		{`[{"anything-but":{"suffix":"x"}}]`, `"ax"`, false},
		{`[{"anything-but":{"equals-ignore-case":["A"]}}]`, `"a"`, false},
		{`[{"anything-but":{"wildcard":"*/x/*"}}]`, `"a/x/b"`, false},
		{`[{"anything-but":{"wildcard":"*/x/*"}}]`, `"a/y/b"`, true},
		{`["x",{"prefix":"a"}]`, `"ab"`, true},
		{`[{"anything-but":[true]}]`, `false`, true},
	} {
		p, err := Parse([]byte(`{"detail":{"requestParameters":{"f":` + c.leaf + `}}}`))
		if err != nil {
			t.Errorf("%s: %v", c.leaf, err)
			continue
		}
		rp := "{}"
		if c.value != "" {
			rp = `{"f":` + c.value + `}`
		}
		x, err := p.Expr()
		if err != nil {
			t.Fatal(err)
		}
		if got := matches(t, x, `{"requestParameters":`+rp+`}`); got != c.want {
			t.Errorf("%s on %s: %v", c.leaf, c.value, got)
		}
		if got := matches(t, p.EnvelopeExpr(), `{"detail":{"requestParameters":`+rp+`}}`); got != c.want {
			t.Errorf("%s on %s in its envelope: %v", c.leaf, c.value, got)
		}
	}
}

func TestStructure(t *testing.T) {
	for _, c := range []struct {
		pattern, detail string
		want            bool
	}{
		{`{"detail":{"a":{"l":{"x":[1],"y":[2]}}}}`, `{"a":{"l":[{"x":1,"y":2}]}}`, true},
		{`{"detail":{"a":{"l":{"x":[1],"y":[2]}}}}`, `{"a":{"l":[{"x":1,"y":3},{"x":0,"y":2}]}}`, false},
		{`{"detail":{"a":{"l":{"x":[1]},"m":[2]}}}`, `{"a":{"l":[{"x":0},{"x":1}],"m":2}}`, true},
		{`{"detail":{"$or":[{"b":[1]},{"c":[2]}]}}`, `{"c":2}`, true},
		{`{"detail":{"d":[0],"$or":[{"b":[1]},{"c":[2]}]}}`, `{"c":2}`, false},
		{`{"detail":{"a":{"$or":[{"x":[1]},{"y":[{"exists":false}]}]}}}`, `{}`, true},
		{`{"detail":{"a":{"x":[1],"$or":[{"y":[1]},{"y":[2]}]}}}`, `{"a":[{"x":1,"y":3},{"x":2,"y":2}]}`, false},
		{`{"detail":{"a":{"x":[{"exists":false}],"y":[{"exists":false}]}}}`, `{"b":1}`, true},
		{`{"detail":{"$or":[1,2]}}`, `{"$or":1}`, true},
		{`{"detail":{"a.b":[1]}}`, `{"a":{"b":1}}`, true},
		{`{"detail":{"a":[1],"a":[2]}}`, `{"a":2}`, true},
	} {
		p, err := Parse([]byte(c.pattern))
		if err != nil {
			t.Errorf("%s: %v", c.pattern, err)
			continue
		}
		if got := matches(t, p.EnvelopeExpr(), `{"detail":`+c.detail+`}`); got != c.want {
			t.Errorf("%s on %s: %v\n%s", c.pattern, c.detail, got, p.EnvelopeExpr())
		}
	}
}

func TestEnvelopeMembersOfRecords(t *testing.T) {
	const record = `{"eventType":"AwsConsoleSignIn","eventSource":"signin.amazonaws.com","awsRegion":"us-east-1","recipientAccountId":"111122223333"}`
	for pattern, want := range map[string]bool{
		`{"source":["aws.signin"]}`: true, `{"source":["aws.s3"]}`: false, `{"source":[{"prefix":"aws."}]}`: true, `{"source":[{"prefix":"aws.si"}]}`: true,
		`{"detail-type":["AWS Console Sign In via CloudTrail"]}`: true, `{"detail-type":["AWS Console Signin via CloudTrail"]}`: true,
		`{"detail-type":["AWS API Call via CloudTrail"]}`: false, `{"account":["111122223333"],"region":["us-east-1"]}`: true, `{"region":["us-west-2"]}`: false,
		`{"source":["com.example"]}`: false,
	} {
		p, err := Parse([]byte(pattern))
		if err != nil {
			t.Fatal(err)
		}
		x, err := p.Expr()
		if err != nil {
			t.Errorf("%s: %v", pattern, err)
			continue
		}
		if got := matches(t, x, record); got != want {
			t.Errorf("%s: %v", pattern, got)
		}
	}
	for _, pattern := range []string{`{"id":["x"]}`, `{"source":[{"anything-but":"aws.s3"}]}`, `{"resources":{"x":[1]}}`} {
		p, err := Parse([]byte(pattern))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := p.Expr(); err == nil {
			t.Errorf("%s cannot be asked of a record", pattern)
		}
	}
}

func TestRefused(t *testing.T) {
	for pattern, reason := range map[string]string{
		``: "JSON", `[]`: "not a JSON object", `{}`: "empty object", `{"a":[]}`: "empty list", `{"a":"x"}`: "stand in a list", `{"a":{}}`: "empty object",
		`{"a":[[1]]}`: "list inside", `{"a":[{"like":"x"}]}`: "unknown operator", `{"a":[{"prefix":1}]}`: "takes a text", `{"a":[{"prefix":"a","suffix":"b"}]}`: "one key",
		`{"a":[{"wildcard":"a**"}]}`: "two wildcards", `{"a":[{"wildcard":"a\\b"}]}`: "backslash", `{"a":[{"numeric":[">"]}]}`: "pairs", `{"a":[{"numeric":["!",1]}]}`: "expected =",
		`{"a":[{"numeric":[">","1"]}]}`: "not a number", `{"a":[{"cidr":"10.0.0.0"}]}`: "CIDR", `{"a":[{"exists":"yes"}]}`: "true or false", `{"a":[{"anything-but":[1,"x"]}]}`: "one type",
		`{"a":[{"anything-but":[]}]}`: "nothing to exclude", `{"a":[{"anything-but":{"cidr":"x"}}]}`: "takes values", `{"a":[9007199254740993]}`: "exact", `{"a":[{"anything-but":null}]}`: "nothing to exclude",
	} {
		if _, err := Parse([]byte(pattern)); err == nil || !strings.Contains(err.Error(), reason) {
			t.Errorf("%s: %v, want %q", pattern, err, reason)
		}
	}
	_, err := Parse([]byte(`{"detail":{"a":["x",{"numeric":[]}],"b":"y"}}`))
	if err == nil || !strings.Contains(err.Error(), "detail.a[1].numeric") || !strings.Contains(err.Error(), "detail.b") {
		t.Errorf("both errors with their places: %v", err)
	}
	var or []string
	for i := range 32 {
		or = append(or, fmt.Sprintf(`{"x%d":[1]}`, i))
	}
	big := `[` + strings.Join(or, ",") + `]`
	if _, err := Parse([]byte(`{"detail":{"$or":` + big + `,"d":{"$or":` + big + `}}}`)); err == nil {
		t.Error("1024 alternatives were accepted")
	}
}

func FuzzPattern(f *testing.F) {
	f.Add([]byte(`{"source":["aws.s3"],"detail":{"eventName":["PutObject",{"prefix":"Get"}],"$or":[{"a":[1]},{"b":[{"anything-but":[1]}]}]}}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		p, err := Parse(text)
		if err != nil {
			return
		}
		if _, err := rule.CompileExpr(p.EnvelopeExpr()); err != nil {
			t.Fatalf("%s was accepted but does not compile: %v", text, err)
		}
		_, _ = p.Expr()
	})
}
