package policy

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// Each way of granting has words of its own, and so has an answer that waits.
func TestExplainTerms(t *testing.T) {
	bucketFor := func(principal string) *Document {
		return doc(Resource, to(principal, "Allow", "s3:GetObject", `"Resource":"*"`))
	}
	keyFor := func(principal string) *Document {
		return doc(Resource, to(principal, "Allow", "kms:Decrypt", `"Resource":"*"`))
	}
	waits := get(alice())
	waits.Unknown = []string{"aws:SourceIp", "aws:PrincipalTag/t"}
	wait := []*Document{doc(Identity,
		`{"Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"IpAddress":{"aws:SourceIp":"203.0.113.0/24"}}}`,
		`{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/${aws:PrincipalTag/t}"}`)}
	for name, c := range map[string]struct {
		p    Policies
		r    Request
		want string
	}{
		"own":           {Policies{Identity: identity(full)}, get(alice()), "every policy of the caller allows"},
		"named":         {Policies{Resource: bucketFor(aws(aliceARN))}, get(alice()), "the resource policy names the caller directly"},
		"role":          {Policies{Resource: bucketFor(aws(appARN))}, get(app()), "the resource policy names the role or user behind the session"},
		"across":        {Policies{Resource: bucketFor(aws(accountB)), Identity: identity(full)}, get(bob()), "across accounts: "},
		"root":          {Policies{}, get(root()), "the root user has every right"},
		"grant":         {Policies{Grants: []Grant{{Grantee: appARN, Operations: []string{"Decrypt"}}}}, do(app(), "kms:Decrypt", key), "a grant of the key names the role or user behind the session"},
		"key's account": {Policies{Resource: keyFor(aws(accountA)), Identity: identity(full)}, do(alice(), "kms:Decrypt", key), "the resource policy names the account, and every policy of the caller allows"},
		"retiring":      {Policies{Identity: identity(full)}, do(alice(), "kms:RetireGrant", key), "only a grant can allow this"},
		"waits":         {Policies{Identity: wait}, waits, "may or may not"},
		"waits for":     {Policies{Identity: wait}, waits, "The answer waits for: aws:sourceip, aws:principaltag/t."},
		"condition":     {Policies{Identity: wait}, waits, "it depends on aws:SourceIp (IpAddress 203.0.113.0/24), which is not known"},
		"resource":      {Policies{Identity: wait}, waits, "depends on a value that is not known"},
	} {
		x := compile(t, c.p).Explain(&c.r)
		if !strings.Contains(x.Text(), c.want) {
			t.Errorf("%s: got\n%s", name, x.Text())
		}
	}
}

// A statement about other actions is not looked at further: it is counted, and
// listed only on demand.
func TestExplainOtherActions(t *testing.T) {
	r := get(alice())
	e := compile(t, Policies{Identity: identity(
		`{"Effect":"Allow","Action":["s3:PutObject","s3:Delete*"],"Resource":"arn:aws:s3:::c","Condition":{"Bool":{"aws:SecureTransport":"true"}}}`,
		`{"Effect":"Allow","NotAction":"s3:*","Resource":"*"}`,
		`{"Effect":"Allow","Action":"ec2:*","Resource":"*"}`,
		`{"Effect":"Allow","Action":"s3:*","NotResource":["arn:aws:s3:::b/${aws:username}","arn:aws:s3:::b/?"]}`)})
	failed := func(x Explanation) string {
		var got []string
		for _, s := range x.Layers[0].Statements {
			for _, c := range s.Failed {
				got = append(got, c.Element+" "+strings.Join(c.Want, ","))
			}
		}
		return strings.Join(got, "; ")
	}
	x := e.Explain(&r)
	if got, want := failed(x), "NotResource arn:aws:s3:::b/alice,arn:aws:s3:::b/?"; got != want || x.Layers[0].Others != 3 {
		t.Errorf("got %s, and %d others", got, x.Layers[0].Others)
	}
	all := e.ExplainAll(&r)
	want := "Action s3:PutObject,s3:Delete*; NotAction s3:*; Action ec2:*; NotResource arn:aws:s3:::b/alice,arn:aws:s3:::b/?"
	if got := failed(all); got != want || all.Layers[0].Others != 3 {
		t.Errorf("got %s, and %d others", got, all.Layers[0].Others)
	}
	if !strings.Contains(x.Text(), "    and 3 statements about other actions\n") {
		t.Errorf("got\n%s", x.Text())
	}
	put := do(alice(), "ec2:RunInstances", "*")
	if x := e.Explain(&put); !strings.Contains(x.Text(), "    and 2 statements about other actions\n") || len(x.Layers[0].Statements) != 2 {
		t.Errorf("got\n%s", x.Text())
	}
}

// Explain is ExplainAll without the statements that fail by their Action alone,
// and in everything else the same.
func TestExplainLeavesOutOtherActions(t *testing.T) {
	left := 0
	rapid.Check(t, func(t *rapid.T) {
		e := compile(t, randomPolicies(t))
		for range 4 {
			r := randomRequest(t)
			r.Unknown = rapid.SampledFrom([][]string{nil, {"a:k"}, {"*"}}).Draw(t, "unknown")
			x, all := e.Explain(&r), e.ExplainAll(&r)
			if x.Text() != all.Text() {
				t.Fatalf("got\n%s\nwith all\n%s", x.Text(), all.Text())
			}
			for i := range all.Layers {
				l := &all.Layers[i]
				n := len(l.Statements)
				l.Statements = slices.DeleteFunc(slices.Clone(l.Statements), func(s StatementReport) bool {
					return len(s.Failed) == 1 && (s.Failed[0].Element == "Action" || s.Failed[0].Element == "NotAction")
				})
				if n -= len(l.Statements); n != l.Others {
					t.Fatalf("%d statements are about other actions, not %d", n, l.Others)
				}
				left += n
			}
			agreesWithEngine(t, e, &r, &x)
			if !reflect.DeepEqual(all, x) {
				t.Fatalf("got\n%+v\nwith all\n%+v", x, all)
			}
		}
	})
	if left == 0 {
		t.Error("no statement was about another action")
	}
}

// agreesWithEngine: every statement listed came out as the engine evaluates it
// by itself.
func agreesWithEngine(t *rapid.T, e *Engine, r *Request, x *Explanation) {
	var ev evaluation
	ev.decide(e, r)
	for _, l := range x.Layers {
		for _, s := range l.Statements {
			want := map[truth]string{no: "does not apply", maybe: "undetermined", yes: "applies"}[ev.result(&e.statements[s.ref])]
			if s.Outcome != want {
				t.Fatalf("%s %s, the engine says %s", s.title(), s.Outcome, want)
			}
		}
	}
}

// Equal conditions are evaluated once. They are not equal when the operator, the
// key, a value or the version of the language differs.
func TestExplainEqualConditions(t *testing.T) {
	under := func(operator, key, value string) string {
		return `{"Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"` + operator + `":{"` + key + `":"` + value + `"}}}`
	}
	equal := under("StringEquals", "a:k", "${aws:username}")
	old := doc(Identity, equal)
	old.Version = Version2008
	r := get(alice()).with("a:k", "alice").with("a:j", "b")
	x := compile(t, Policies{Identity: []*Document{old, doc(Identity, equal, equal,
		under("StringNotEquals", "a:k", "${aws:username}"), under("StringEquals", "a:j", "${aws:username}"), under("StringEquals", "a:k", "b"))}}).Explain(&r)
	var got []string
	for _, s := range x.Layers[0].Statements {
		got = append(got, s.Outcome)
	}
	if want := []string{"does not apply", "applies", "applies", "does not apply", "does not apply", "does not apply"}; !slices.Equal(got, want) {
		t.Errorf("got %v", got)
	}
}

// Only a plain comparison of a key with several values is worth a note, and
// nobody can take away what every resource control policy level begins with.
func TestExplainNotesAndLevels(t *testing.T) {
	r := get(alice()).with("a:k", "b", "c")
	for operator, notes := range map[string]int{"StringEquals": 1, "ForAnyValue:StringEquals": 0, "Null": 0} {
		e := compile(t, Policies{RCPs: []Level{{}}, Identity: identity(full, `{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"`+operator+`":{"a:k":"true"}}}`, full)})
		x := e.Explain(&r)
		if len(x.Notes) != notes {
			t.Errorf("%s: notes %q", operator, x.Notes)
		}
		if len(x.Changes) != 1 || x.Changes[0].Layer != LayerIdentity || len(x.Changes[0].Remove) != 2 {
			t.Errorf("%s: changes %+v", operator, x.Changes)
		}
	}
}
