package policy

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

const (
	hubARN     = "arn:aws:iam::111111111111:oidc-provider/token.actions.githubusercontent.com"
	ownARN     = "arn:aws:iam::111111111111:oidc-provider/id.example.com"
	googleARN  = "arn:aws:iam::111111111111:oidc-provider/accounts.google.com"
	cognito    = "cognito-identity.amazonaws.com"
	hub        = "token.actions.githubusercontent.com:"
	foreignSAM = "arn:aws:iam::333333333333:saml-provider/p"
)

var (
	trustOperators = append([]string{"StringEqualsIgnoreCase", "StringLikeIfExists", "StringNotLike", "ForAnyValue:StringLike", "ForAllValues:StringLike", "NumericLessThan", "NumericNotEquals", "DateGreaterThan", "BinaryEquals", "IpAddress", "NotIpAddress", "ArnNotLike"}, zoneOperators...)
	trustKeys      = []string{hub + "sub", hub + "sub", hub + "aud", hub + "repository_owner", hub + "ref", "id.example.com:sub", "accounts.google.com:aud", cognito + ":aud", cognito + ":sub", "sts:ExternalId", "sts:ExternalId", "aws:PrincipalOrgID", "aws:PrincipalAccount", "aws:PrincipalArn", "aws:SourceIp", "aws:VpcSourceIp", "aws:SourceVpc"}
	trustValues    = []string{"repo:example/app:ref:refs/heads/main", "repo:example/*", "repo:example*", "repo:*", "r*", "*", "?*", "", "example", "exampl?", "true", "false", "secret", "s*", "5", "333333333333", accountA, "us-east-1:0000", "us-east-1:*", "12*", "o-ex", "o-other", "203.0.113.0/24", "10.0.0.0/16", "0.0.0.0/1", "vpc-0123abcd", "arn:aws:iam::333333333333:user/carol", "arn:aws:iam::*:user/carol", "${aws:username}"}
	// strangerTokens are claims that holders of tokens from outside can have.
	strangerTokens = map[string][]map[string]string{
		hubARN: {
			{"sub": "repo:stranger/app:ref:refs/heads/main", "repository_owner": "stranger"},
			{"sub": "repo:example-stranger/app:environment:x", "repository_owner": "example-stranger"},
			{"sub": "repo:stranger/example:pull_request", "repository_owner": "stranger"},
			{"sub": "repo:examples/app:ref:refs/heads/main", "repository_owner": "examples"},
			{},
		},
		googleARN: {{"aud": "123-stranger.apps.googleusercontent.com", "sub": "1"}, {}},
		cognito:   {{"aud": "us-east-1:9999", "sub": "us-east-1:8888"}, {}},
	}
)

func randomTrust(t *rapid.T) *Document {
	d := &Document{Kind: Trust, Version: Version2012}
	for range rapid.IntRange(1, 3).Draw(t, "statements") {
		s := Statement{Effect: rapid.SampledFrom([]string{EffectAllow, EffectAllow, EffectDeny}).Draw(t, "effect"), Principal: &Principals{}}
		switch rapid.IntRange(0, 3).Draw(t, "who") {
		case 0:
			s.Principal = Everyone()
		case 1:
			s.Principal.AWS = values(t, []string{"*", aliceARN, bobARN, accountB, "333333333333", "arn:aws:iam::333333333333:user/carol", "AIDAONE"}, "principals")
		default:
			s.Principal.Federated = values(t, []string{hubARN, hubARN, ownARN, googleARN, cognito, provider, foreignSAM}, "providers")
		}
		s.Action = values(t, []string{"sts:AssumeRole", "sts:AssumeRole", "sts:AssumeRoleWithWebIdentity", "sts:*", "*"}, "actions")
		for range rapid.IntRange(0, 3).Draw(t, "conditions") {
			s.Conditions = append(s.Conditions, Condition{
				Operator: rapid.SampledFrom(trustOperators).Draw(t, "operator"),
				Key:      rapid.SampledFrom(trustKeys).Draw(t, "key"), Values: values(t, trustValues, "values"),
			})
		}
		d.Statements = append(d.Statements, s)
	}
	return d
}

// randomStranger is a request from outside to assume the role: with a token of a
// public issuer, an assertion of a foreign provider, or as somebody of an account.
func randomStranger(t *rapid.T, z Zone) Request {
	r := Request{Resource: appARN, Owner: Account{ID: accountA}, Context: Context{}}
	ask := func(key string, from ...string) {
		if v := rapid.SampledFrom(append([]string{""}, from...)).Draw(t, key); v != "" {
			r.Context[key] = []string{v}
		}
	}
	ask("aws:SourceIp", "8.8.8.8", "200.1.2.3")
	ask("aws:VpcSourceIp", "10.0.1.2")
	switch rapid.IntRange(0, 4).Draw(t, "stranger") {
	case 0:
		r.Principal, r.Action = Principal{Kind: SAML, Provider: foreignSAM}, "sts:AssumeRoleWithSAML"
	case 1, 2:
		p := rapid.SampledFrom([]string{hubARN, hubARN, googleARN, cognito}).Draw(t, "provider")
		r.Principal, r.Action = Principal{Kind: WebIdentity, Provider: p}, "sts:AssumeRoleWithWebIdentity"
		for claim, v := range rapid.SampledFrom(strangerTokens[p]).Draw(t, "token") {
			r.Context[issuerOf(p)+":"+claim] = []string{v}
		}
		if p == hubARN { // these are for everybody to choose
			ask(hub+"aud", trustValues...)
			ask(hub+"ref", trustValues...)
		}
	default:
		r.Principal, r.Action = rapid.SampledFrom(outsideCallers(false)).Draw(t, "caller"), "sts:AssumeRole"
		if r.Principal.Kind == Anonymous {
			r.Principal = carol()
		}
		guesses := []string{"guess", "0"}
		if !z.ExternalID {
			guesses = trustValues
		}
		ask("sts:ExternalId", guesses...)
	}
	return r
}

// A No about a trust policy holds for every holder of a token and every account
// outside that can be made up, and a Yes has a witness that gets in.
func TestOutsidersOfTrustIsSound(t *testing.T) {
	results := map[Result]int{}
	rapid.Check(t, func(t *rapid.T) {
		d := randomTrust(t)
		z := Zone{Accounts: []string{accountB}, OrgIDs: []string{"o-ex"}, ExternalID: rapid.Bool().Draw(t, "external id")}
		a, err := Outsiders(d, appARN, Account{ID: accountA}, z, Semantics{})
		if err != nil {
			t.Fatal(err)
		}
		results[a.Result]++
		e := compile(t, Policies{Identity: identity(full), Resource: d})
		switch a.Result {
		case Yes:
			w := a.Witness
			if p := w.Principal; !e.Decide(w).Allowed() || p.Kind.hasIdentity() && (slices.Contains([]string{accountA, accountB}, p.ARN[13:25]) || p.Account.OrgID == "o-ex") {
				t.Fatalf("witness %+v", w)
			}
			if sub := w.Context[hub+"sub"]; sub != nil && strings.HasPrefix(sub[0], "repo:example/") {
				t.Fatalf("the witness has a token of the tenant: %+v", w)
			}
		case No:
			for range 20 {
				r := randomStranger(t, z)
				if d := e.Decide(&r); d.Err != nil || d.Allowed() {
					t.Fatalf("%s is outside: %s, with %v", describe(&r.Principal), d, r.Context)
				}
			}
		}
	})
	for _, r := range []Result{Unknown, No, Yes} {
		if results[r] == 0 {
			t.Errorf("no policy of the run was answered %s", r)
		}
	}
	t.Log(results)
}
