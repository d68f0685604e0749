package policy

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// togetherRow is a list of statements and what is said about which of them.
type togetherRow struct {
	name string
	k    Kind
	text string
	want string // "code statement", by number, in order
}

func together(fs []LintFinding) string {
	var said []string
	for _, f := range fs {
		switch f.Code {
		case "statement-subsumed", "statement-never-applies", "allow-always-denied":
			n, _, _ := strings.Cut(strings.TrimPrefix(f.Path, "Statement["), "]")
			i, _ := strconv.Atoi(n)
			said = append(said, strings.TrimPrefix(f.Code, "statement-")+" "+strconv.Itoa(i+1))
		}
	}
	return strings.Join(said, ", ")
}

func TestLintTogether(t *testing.T) {
	st := func(effect, action, resource string, condition ...string) string {
		s := `{"Effect":"` + effect + `",` + action + `,` + resource
		if len(condition) > 0 {
			s += `,"Condition":{` + strings.Join(condition, ",") + `}`
		}
		return s + `}`
	}
	a := func(texts ...string) string { return `"Action":["` + strings.Join(texts, `","`) + `"]` }
	na := func(texts ...string) string { return `"NotAction":["` + strings.Join(texts, `","`) + `"]` }
	r := func(texts ...string) string { return `"Resource":["` + strings.Join(texts, `","`) + `"]` }
	nr := func(texts ...string) string { return `"NotResource":["` + strings.Join(texts, `","`) + `"]` }
	on := func(condition string) string { return st("Allow", a("s3:GetObject"), r("*"), condition) }
	both := func(first, second string) string { return on(first + "," + second) }
	const b, bAll, bK = "arn:aws:s3:::b", "arn:aws:s3:::b/*", "arn:aws:s3:::b/k"
	who := func(principal, effect string) string {
		return `{"Effect":"` + effect + `","Principal":` + principal + `,"Action":"s3:GetObject","Resource":"` + bAll + `"}`
	}
	list := func(ss ...string) string { return strings.Join(ss, ",") }
	for _, row := range []togetherRow{
		{"action", Identity, list(st("Allow", a("s3:Get*"), r(bAll)), st("Allow", a("s3:GetObject"), r(bAll))), "subsumed 2"},
		{"action, not all", Identity, list(st("Allow", a("s3:Get*"), r(bAll)), st("Allow", a("s3:GetObject", "s3:PutObject"), r(bAll))), ""},
		{"action by two", Identity, list(st("Allow", a("s3:GetObject", "s3:PutObject"), r(bAll)), st("Allow", a("s3:Get*"), r(bAll)), st("Allow", a("s3:Put*"), r(bAll))), "subsumed 1"},
		{"each of two by a third, and the third by them", Identity, list(st("Allow", a("s3:GetObject", "s3:PutObject"), r(bAll)), st("Allow", a("s3:GetObject"), r(bAll)), st("Allow", a("s3:PutObject"), r(bAll))), "subsumed 2, subsumed 3"},
		{"two that say the same", Identity, list(st("Allow", a("s3:GetObject"), r(bAll)), st("Allow", a("S3:getobject"), r(bAll))), "subsumed 2"},
		{"other effect", Identity, list(st("Deny", a("s3:Get*"), r(bAll)), st("Deny", a("s3:GetObject"), r(bAll)), st("Allow", a("s3:PutObject"), r(bAll))), "subsumed 2"},
		{"NotAction by NotAction", Identity, list(st("Allow", na("iam:*"), r("*")), st("Allow", na("iam:*", "s3:*"), r("*"))), "subsumed 2"},
		{"NotAction, more left out", Identity, list(st("Allow", na("iam:Get*"), r("*")), st("Allow", na("iam:GetUser"), r("*"))), "subsumed 1"},
		{"action by NotAction", Identity, list(st("Allow", na("iam:*"), r("*")), st("Allow", a("s3:GetObject"), r("*"))), "subsumed 2"},
		{"action left out", Identity, list(st("Allow", na("s3:G*"), r("*")), st("Allow", a("s3:*t"), r("*"))), ""},
		{"NotAction by everything", Identity, list(st("Allow", na("iam:*"), r("*")), st("Allow", a("*"), r("*"))), "subsumed 1"},
		{"NotAction by a service", Identity, list(st("Allow", na("iam:*"), r("*")), st("Allow", a("s3:*"), r("*"))), "subsumed 2"},
		{"NotAction after a service", Identity, list(st("Allow", a("s3:*"), r("*")), st("Allow", na("iam:*"), r("*"))), "subsumed 1"},
		{"resource", Identity, list(st("Allow", a("s3:GetObject"), r(bK)), st("Allow", a("s3:GetObject"), r(bAll))), "subsumed 1"},
		{"resource in another part", Identity, list(st("Allow", a("sqs:SendMessage"), r("arn:aws:sqs:*:111111111111:q")), st("Allow", a("sqs:SendMessage"), r("arn:aws:sqs:us-east-1:*:q"))), ""},
		{"resource in each part", Identity, list(st("Allow", a("sqs:SendMessage"), r("arn:aws:sqs:*:*:q*")), st("Allow", a("sqs:SendMessage"), r("arn:aws:sqs:us-*:111111111111:q?"))), "subsumed 2"},
		{"star of the resource alone", Identity, list(st("Allow", a("s3:GetObject"), r("arn:aws:s3:::*")), st("Allow", a("s3:GetObject"), r("*"))), "subsumed 1"},
		{"variable, the same", Identity, list(st("Allow", a("s3:GetObject"), r("arn:aws:s3:::b/${aws:username}/*")), st("Allow", a("s3:GetObject"), r("arn:aws:s3:::b/${aws:username}/k"))), "subsumed 2"},
		{"variable under a star", Identity, list(st("Allow", a("s3:GetObject"), r(bAll)), st("Allow", a("s3:GetObject"), r("arn:aws:s3:::b/${aws:username}"))), "subsumed 2"},
		{"variable, spelled like text", Identity, list(st("Allow", a("s3:GetObject"), r("arn:aws:s3:::b/$*")), st("Allow", a("s3:GetObject"), r("arn:aws:s3:::b/${aws:username}"))), ""},
		{"variable, other default", Identity, list(st("Allow", a("s3:GetObject"), r("arn:aws:s3:::b/${aws:username, 'x'}")), st("Allow", a("s3:GetObject"), r("arn:aws:s3:::b/${aws:username, 'y'}"))), ""},
		{"NotResource by NotResource", Identity, list(st("Deny", a("s3:GetObject"), nr(bK)), st("Deny", a("s3:GetObject"), nr(bAll))), "subsumed 2"},
		{"resource by NotResource", Identity, list(st("Deny", a("s3:GetObject"), nr(bAll)), st("Deny", a("s3:GetObject"), r("arn:aws:s3:::c/*"))), "subsumed 2"},
		{"resource left out", Identity, list(st("Deny", a("s3:GetObject"), nr(bAll)), st("Deny", a("s3:GetObject"), r("arn:aws:s3:::?/k"))), ""},
		{"NotResource by a pattern", Identity, list(st("Deny", a("s3:GetObject"), r("arn:aws:s3:::*")), st("Deny", a("s3:GetObject"), nr(bAll))), ""},
		{"condition of the wider one", Identity, list(st("Allow", a("s3:*"), r(b, bAll), `"StringEquals":{"aws:PrincipalOrgID":"o-ex"}`), st("Allow", a("s3:GetObject"), r(bAll))), ""},
		{"condition of the narrower one", Identity, list(st("Allow", a("s3:*"), r(b, bAll)), st("Allow", a("s3:GetObject"), r(bAll), `"StringEquals":{"aws:PrincipalOrgID":"o-ex"}`)), "subsumed 2"},
		{"fewer values", Identity, list(on(`"StringEquals":{"aws:PrincipalOrgID":["o-ex","o-other"]}`), on(`"StringEquals":{"aws:PrincipalOrgID":"o-ex"}`)), "subsumed 2"},
		{"fewer values, negated", Identity, list(on(`"StringNotEquals":{"aws:PrincipalOrgID":["o-ex","o-other"]}`), on(`"StringNotEquals":{"aws:PrincipalOrgID":"o-ex"}`)), "subsumed 1"},
		{"a pattern of values", Identity, list(on(`"StringLike":{"aws:PrincipalOrgID":"o-*"}`), on(`"StringLike":{"aws:PrincipalOrgID":"o-e?"}`)), "subsumed 2"},
		{"a range of addresses", Identity, list(on(`"IpAddress":{"aws:SourceIp":"203.0.113.0/25"}`), on(`"IpAddress":{"aws:SourceIp":"203.0.113.0/24"}`)), "subsumed 1"},
		{"a pattern of ARNs", Identity, list(on(`"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/app"}`), on(`"ArnEquals":{"aws:PrincipalArn":"arn:aws:iam::111111111111:role/app"}`)), "subsumed 2"},
		{"case of a value", Identity, list(on(`"StringEqualsIgnoreCase":{"aws:PrincipalOrgID":"O-EX"}`), on(`"StringEqualsIgnoreCase":{"aws:PrincipalOrgID":"o-ex"}`)), "subsumed 2"},
		{"other operator", Identity, list(on(`"StringEqualsIfExists":{"aws:PrincipalOrgID":"o-ex"}`), on(`"StringEquals":{"aws:PrincipalOrgID":"o-ex"}`)), ""},
		{"everybody", Resource, list(who(`"*"`, "Allow"), who(aws(aliceARN), "Allow")), "subsumed 2"},
		{"an account does not name its users", Resource, list(who(aws(accountA), "Allow"), who(aws(aliceARN), "Allow")), ""},
		{"the same account", Resource, list(who(aws(accountA), "Allow"), who(aws("arn:aws:iam::111111111111:root"), "Allow")), "subsumed 2"},
		{"all but everybody", Resource, list(who(aws(aliceARN), "Deny"), `{"Effect":"Deny","NotPrincipal":`+aws(aliceARN)+`,"Action":"s3:GetObject","Resource":"`+bAll+`"}`), ""},

		{"denied", Identity, list(st("Allow", a("s3:GetObject"), r(bAll)), st("Deny", a("s3:*"), r("*"))), "allow-always-denied 1"},
		{"denied by two", Identity, list(st("Allow", a("s3:GetObject", "sqs:SendMessage"), r("*")), st("Deny", a("s3:*"), r("*")), st("Deny", a("sqs:*"), r("*"))), "allow-always-denied 1"},
		{"denied in part", Identity, list(st("Allow", a("s3:GetObject"), r(bAll)), st("Deny", a("s3:*"), r(bK))), ""},
		{"denied under a condition", Identity, list(st("Allow", a("s3:GetObject"), r(bAll)), st("Deny", a("s3:*"), r("*"), `"Bool":{"aws:SecureTransport":"false"}`)), ""},
		{"denied to others", Resource, list(who(aws(aliceARN), "Allow"), who(aws(bobARN), "Deny")), ""},
		{"denied to everybody", Resource, list(who(aws(aliceARN), "Allow"), who(`"*"`, "Deny")), "allow-always-denied 1"},

		{"nothing is left of the actions", Identity, st("Allow", na("s3:GetObject", "*"), r("*")), "never-applies 1"},
		{"nothing is left of the resources", Identity, st("Deny", a("s3:GetObject"), nr("*")), "never-applies 1"},
		{"absent and equal", Identity, both(`"Null":{"aws:PrincipalOrgID":"true"}`, `"StringEquals":{"aws:PrincipalOrgID":"o-ex"}`), "never-applies 1"},
		{"absent and equal if there", Identity, both(`"Null":{"aws:PrincipalOrgID":"true"}`, `"StringEqualsIfExists":{"aws:PrincipalOrgID":"o-ex"}`), ""},
		{"absent and not equal", Identity, both(`"Null":{"aws:PrincipalOrgID":"true"}`, `"StringNotEquals":{"aws:PrincipalOrgID":"o-ex"}`), ""},
		{"present and equal", Identity, both(`"Null":{"aws:PrincipalOrgID":"false"}`, `"StringEquals":{"aws:PrincipalOrgID":"o-ex"}`), ""},
		{"two values", Identity, both(`"StringEquals":{"aws:PrincipalOrgID":"o-ex"}`, `"StringLike":{"aws:PrincipalOrgID":"o-z*"}`), "never-applies 1"},
		{"two values that meet", Identity, both(`"StringEquals":{"aws:PrincipalOrgID":["o-ex","o-zz"]}`, `"StringLike":{"aws:PrincipalOrgID":"o-z*"}`), ""},
		{"equal and not", Identity, both(`"StringEquals":{"aws:PrincipalOrgID":"o-ex"}`, `"StringNotEquals":{"aws:PrincipalOrgID":["o-a","o-ex"]}`), "never-applies 1"},
		{"equal and not like", Identity, both(`"StringEquals":{"aws:PrincipalOrgID":"o-ex"}`, `"StringNotLike":{"aws:PrincipalOrgID":"o-*"}`), "never-applies 1"},
		{"like and not equal", Identity, both(`"StringLike":{"aws:PrincipalOrgID":"o-*"}`, `"StringNotEquals":{"aws:PrincipalOrgID":"o-ex"}`), ""},
		{"equal but for the case", Identity, both(`"StringEqualsIgnoreCase":{"aws:PrincipalOrgID":"O-EX"}`, `"StringEquals":{"aws:PrincipalOrgID":"o-ex"}`), ""},
		{"several values may differ", Identity, both(`"ForAnyValue:StringEquals":{"aws:TagKeys":"a"}`, `"ForAnyValue:StringLike":{"aws:TagKeys":"b*"}`), ""},
		{"one of the values must be, and all are others", Identity, both(`"StringEquals":{"aws:TagKeys":"a"}`, `"ForAllValues:StringLike":{"aws:TagKeys":"b*"}`), "never-applies 1"},
		{"numbers", Identity, both(`"NumericGreaterThan":{"aws:MultiFactorAuthAge":"10"}`, `"NumericLessThanEquals":{"aws:MultiFactorAuthAge":"1e1"}`), "never-applies 1"},
		{"numbers that meet", Identity, both(`"NumericGreaterThanEquals":{"aws:MultiFactorAuthAge":"10"}`, `"NumericLessThanEquals":{"aws:MultiFactorAuthAge":"10"}`), ""},
		{"a number too small", Identity, both(`"NumericGreaterThan":{"aws:MultiFactorAuthAge":"10"}`, `"NumericEquals":{"aws:MultiFactorAuthAge":"10"}`), "never-applies 1"},
		{"numbers, if there", Identity, both(`"NumericGreaterThan":{"aws:MultiFactorAuthAge":"10"}`, `"NumericLessThanEqualsIfExists":{"aws:MultiFactorAuthAge":"1e1"}`), "never-applies 1"},
		{"a number too small, if there", Identity, both(`"NumericGreaterThan":{"aws:MultiFactorAuthAge":"10"}`, `"NumericEqualsIfExists":{"aws:MultiFactorAuthAge":"10"}`), "never-applies 1"},
		{"dates", Identity, both(`"DateLessThan":{"aws:CurrentTime":"2026-01-01T00:00:00Z"}`, `"DateGreaterThan":{"aws:CurrentTime":"2026-02-01T00:00:00Z"}`), "never-applies 1"},
		{"dates that meet", Identity, both(`"DateLessThan":{"aws:CurrentTime":"2026-02-01T00:00:00Z"}`, `"DateGreaterThan":{"aws:CurrentTime":"2026-01-01T00:00:00Z"}`), ""},
		{"addresses", Identity, both(`"IpAddress":{"aws:SourceIp":"203.0.113.0/25"}`, `"NotIpAddress":{"aws:SourceIp":"203.0.113.0/24"}`), "never-applies 1"},
		{"addresses in part", Identity, both(`"IpAddress":{"aws:SourceIp":"203.0.113.0/24"}`, `"NotIpAddress":{"aws:SourceIp":"203.0.113.0/25"}`), ""},
		{"true and false", Identity, both(`"Bool":{"aws:SecureTransport":"true"}`, `"BoolIfExists":{"aws:SecureTransport":"false"}`), "never-applies 1"},
		{"a variable may be anything", Identity, both(`"StringEquals":{"aws:PrincipalTag/t":"${aws:username}"}`, `"StringLike":{"aws:PrincipalTag/t":"x"}`), ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			d := lintDoc(row.k, row.text)
			if err := d.Problems; len(err) > 0 {
				t.Fatal(err)
			}
			if got := together(Lint(d, nil)); got != row.want {
				t.Errorf("got %q, want %q", got, row.want)
			}
		})
	}
}

// Removing all statements that change nothing changes no decision.
func TestLintTogetherIsTrue(t *testing.T) {
	seen := map[string]int{}
	actions := []string{"*", "s3:*", "s3:Get*", "s3:GetObject", "s3:?et*ct", "ec2:*", "kms:De*", "s3:*Object"}
	resources := []string{"*", "arn:aws:s3:::b/*", "arn:aws:s3:::b/k", "arn:aws:s3:*", "arn:aws:s3:*:*:*", "arn:aws:s3:::b/${aws:username}/*", "arn:aws:s3:::b/alice/*", "arn:aws:s3:::?/k", "arn:aws:s3:u*1:*:b*", "arn:aws:s3:us-east-?:1*:b:?"}
	rapid.Check(t, func(t *rapid.T) {
		k := rapid.SampledFrom([]Kind{Identity, Identity, Resource}).Draw(t, "kind")
		d := randomDoc(t, k)
		for i := range d.Statements {
			s := &d.Statements[i]
			if s.Action != nil {
				s.Action = values(t, actions, "actions")
			}
			if s.Resource != nil {
				s.Resource = values(t, resources, "resources")
			}
			if n := len(s.Conditions); n > 0 && rapid.Bool().Draw(t, "same key") {
				again := randomCondition(t)
				again.Key = s.Conditions[0].Key
				s.Conditions = append(s.Conditions, again)
			}
		}
		if rapid.Bool().Draw(t, "wider") { // a copy that covers more
			s := d.Statements[rapid.IntRange(0, len(d.Statements)-1).Draw(t, "of")]
			s.Effect = rapid.SampledFrom([]string{EffectAllow, EffectDeny}).Draw(t, "effect")
			s.Action, s.NotAction = Values("*"), nil
			d.Statements = append(d.Statements, s)
		}
		gone := map[int]bool{}
		for _, f := range Lint(d, nil) {
			switch f.Code {
			case "statement-subsumed", "statement-never-applies", "allow-always-denied", "statement-duplicate":
				n, _, _ := strings.Cut(strings.TrimPrefix(f.Path, "Statement["), "]")
				i, _ := strconv.Atoi(n)
				gone[i] = true
				seen[f.Code]++
			}
		}
		if len(gone) == 0 {
			return
		}
		less := *d
		less.Statements = nil
		for i := range d.Statements {
			if !gone[i] {
				less.Statements = append(less.Statements, d.Statements[i])
			}
		}
		p, q := Policies{Identity: []*Document{d}, EvenInvalid: true}, Policies{Identity: []*Document{&less}, EvenInvalid: true}
		if k == Resource {
			p = Policies{Resource: d, Identity: identity(ec2), EvenInvalid: true}
			q = Policies{Resource: &less, Identity: p.Identity, EvenInvalid: true}
		}
		before, after := compile(t, p), compile(t, q)
		for range 20 {
			r := randomRequest(t)
			if b, a := before.Decide(&r), after.Decide(&r); a.Verdict != b.Verdict {
				t.Fatalf("%s before, %s without %v: %+v", b, a, gone, r)
			}
		}
	})
	for _, code := range []string{"statement-subsumed", "statement-never-applies", "allow-always-denied"} {
		if seen[code] == 0 {
			t.Errorf("no policy of the run had %s", code)
		}
	}
	t.Log(seen)
}

// What includes says is so for every text.
func TestIncludes(t *testing.T) {
	yes := 0
	rapid.Check(t, func(t *rapid.T) {
		texts := rapid.StringOfN(rapid.RuneFrom([]rune("ab:é*?")), 0, 6, -1)
		p, q := texts.Draw(t, "p"), texts.Draw(t, "q")
		if !globCovers(p, q) {
			return
		}
		yes++
		lang := language{wildcards: true}
		for range 20 {
			s := rapid.StringOfN(rapid.RuneFrom([]rune("ab:é")), 0, 6, -1).Draw(t, "s")
			if glob(tokenize(q, lang, nil), s, 0, nil) && !glob(tokenize(p, lang, nil), s, 0, nil) {
				t.Fatalf("%q does not match %q, which %q matches", p, s, q)
			}
		}
	})
	if yes == 0 {
		t.Error("no pattern included another")
	}
	for _, pair := range [][2]string{{"*", ""}, {"a*", "a*b"}, {"*a*", "?a*"}, {"a?", "aé"}, {"a*b", "ab"}, {"**", "?"}} {
		if !globCovers(pair[0], pair[1]) {
			t.Errorf("%q includes %q", pair[0], pair[1])
		}
	}
	if slices.Contains([]bool{globCovers("??", "é"), globCovers("?", "*"), globCovers("a*", "*"), globCovers("", "*")}, true) {
		t.Error("included what is not")
	}
}
