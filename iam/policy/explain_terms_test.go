package policy

import (
	"strings"
	"testing"
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

// A statement about other actions is not looked at further.
func TestExplainOtherActions(t *testing.T) {
	r := get(alice())
	e := compile(t, Policies{Identity: identity(
		`{"Effect":"Allow","Action":["s3:PutObject","s3:Delete*"],"Resource":"arn:aws:s3:::c","Condition":{"Bool":{"aws:SecureTransport":"true"}}}`,
		`{"Effect":"Allow","NotAction":"s3:*","Resource":"*"}`,
		`{"Effect":"Allow","Action":"s3:*","NotResource":["arn:aws:s3:::b/${aws:username}","arn:aws:s3:::b/?"]}`)})
	x := e.Explain(&r)
	var got []string
	for _, s := range x.Layers[0].Statements {
		for _, c := range s.Failed {
			got = append(got, c.Element+" "+strings.Join(c.Want, ","))
		}
	}
	want := "Action s3:PutObject,s3:Delete*; NotAction s3:*; NotResource arn:aws:s3:::b/alice,arn:aws:s3:::b/?"
	if text := strings.Join(got, "; "); text != want {
		t.Errorf("got %s", text)
	}
}
