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
			if !reflect.DeepEqual(all, x) {
				t.Fatalf("got\n%+v\nwith all\n%+v", x, all)
			}
		}
	})
	if left == 0 {
		t.Error("no statement was about another action")
	}
}
