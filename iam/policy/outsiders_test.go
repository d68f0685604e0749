package policy

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

var (
	zoneOperators = []string{"StringEquals", "StringNotEquals", "StringEqualsIfExists", "StringNotEqualsIfExists", "StringLike", "ArnLike", "ForAllValues:StringEquals", "ForAnyValue:StringEquals", "ForAnyValue:StringNotEquals", "ForAllValues:StringNotEquals", "Bool", "BoolIfExists", "Null"}
	zoneKeys      = []string{"aws:PrincipalOrgID", "aws:PrincipalAccount", "aws:PrincipalArn", "aws:SourceAccount", "aws:SourceOrgID", "aws:SourceArn", "aws:PrincipalIsAWSService", "a:k"}
	zoneValues    = []string{"o-ex", "o-other", accountA, accountB, "333333333333", "arn:aws:iam::111111111111:*", "arn:aws:iam::*:user/carol", "true", "false", "*", "o-*"}
)

// outsideCallers are callers that the zone of the test does not hold.
func outsideCallers(services bool) []Principal {
	org := carol()
	org.Account.OrgID = "o-other"
	ps := []Principal{carol(), org, anonymous(), {Kind: RoleSession, ARN: "arn:aws:iam::444455556666:role/r", Session: "arn:aws:sts::444455556666:assumed-role/r/s"}}
	if services {
		ps = append(ps, service("a.amazonaws.com"))
	}
	return ps
}

// A No holds for every outsider that can be made up, and a Yes has a witness
// from outside that is allowed.
func TestOutsidersIsSound(t *testing.T) {
	results := map[Result]int{}
	rapid.Check(t, func(t *rapid.T) {
		d := randomDoc(t, Resource)
		for i := range d.Statements {
			for range rapid.IntRange(0, 2).Draw(t, "conditions") {
				d.Statements[i].Conditions = append(d.Statements[i].Conditions, Condition{
					Operator: rapid.SampledFrom(zoneOperators).Draw(t, "operator"),
					Key:      rapid.SampledFrom(zoneKeys).Draw(t, "key"), Values: values(t, zoneValues, "values"),
				})
			}
		}
		z := Zone{Accounts: []string{accountB}, OrgIDs: []string{"o-ex"}, Services: rapid.Bool().Draw(t, "services")}
		a, err := Outsiders(d, "arn:aws:s3:::b", Account{ID: accountA}, z, Semantics{})
		if err != nil {
			t.Fatal(err)
		}
		results[a.Result]++
		e := compile(t, Policies{Identity: identity(full), Resource: d})
		switch a.Result {
		case Yes:
			p := a.Witness.Principal
			inside := p.Kind.hasIdentity() && (slices.Contains([]string{accountA, accountB}, p.ARN[13:25]) || p.Account.OrgID == "o-ex")
			if !e.Decide(a.Witness).Allowed() || inside {
				t.Fatalf("witness %+v", a.Witness)
			}
		case No:
			for range 20 {
				r := Request{
					Principal: rapid.SampledFrom(outsideCallers(z.Services)).Draw(t, "caller"),
					Action:    rapid.SampledFrom(someActions).Draw(t, "action"),
					Resource:  rapid.SampledFrom([]string{"arn:aws:s3:::b", "arn:aws:s3:::b/k", "arn:aws:s3:::b/alice/k"}).Draw(t, "resource"),
					Owner:     Account{ID: accountA}, Context: Context{},
				}
				if v := rapid.SampledFrom(append([]string{""}, someValues...)).Draw(t, "value"); v != "" {
					r.Context["a:k"] = []string{v}
				}
				if r.Principal.Kind == AWSService && rapid.Bool().Draw(t, "acting") {
					r.Context["aws:SourceAccount"] = []string{"333333333333"}
				}
				if d := e.Decide(&r); d.Allowed() {
					t.Fatalf("%s is outside and allowed: %s", describe(&r.Principal), a.Reason)
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
