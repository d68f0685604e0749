package organization

import (
	"strings"
	"testing"
)

func TestSpeaksOfLeaving(t *testing.T) {
	for doc, want := range map[string]bool{
		`{"Action":"*","Resource":"*"}`:                                            true,
		`{"Action":["s3:*","Organizations:Leave*"],"Resource":["x","*"]}`:          true,
		`{"Action":"organizations:LeaveOrganizatio?","Resource":"*"}`:              true,
		`{"NotAction":"iam:*","Resource":"*"}`:                                     true,
		`{"NotAction":["iam:*","organizations:*"],"Resource":"*"}`:                 false,
		`{"Action":"organizations:Describe*","Resource":"*"}`:                      false,
		`{"Action":"organizations:*","Resource":"arn:aws:organizations::*:*"}`:     false,
		`{"Action":"organizations:*","NotResource":"arn:aws:s3:::example-data/*"}`: true,
		`{"Action":"organizations:*","NotResource":"*"}`:                           false,
		`{"Action":"organizations:*"}`:                                             false,
		`{"Resource":"*"}`:                                                         false,
	} {
		list, err := statements("p", `{"Statement":`+strings.Replace(doc, "{", `{"Effect":"Deny",`, 1)+`}`)
		if err != nil {
			t.Fatal(err)
		}
		if got := list[0].speaksOf(leave); got != want {
			t.Errorf("%s: %v", doc, got)
		}
	}
}

// TestDelegated reads grants in every form that AWS takes.
func TestDelegated(t *testing.T) {
	const actions = `"Action":["organizations:CreatePolicy","organizations:UpdatePolicy","organizations:AttachPolicy","organizations:DetachPolicy"]`
	for statement, want := range map[string]bool{
		`"Effect":"Allow","Principal":{"AWS":"555566667777"},` + actions:                                                                                                          true,
		`"Effect":"Allow","Principal":{"AWS":["111122223333","arn:aws:iam::555566667777:root"]},` + actions:                                                                       true,
		`"Effect":"Allow","Principal":{"AWS":"arn:aws-cn:iam::555566667777:role/policies"},"Action":"organizations:*Policy"`:                                                      true,
		`"Effect":"Allow","Principal":{"AWS":"555566667777"},"NotAction":"organizations:Describe*"`:                                                                               true,
		`"Effect":"Allow","Principal":{"AWS":"555566667777"},` + actions + `,"Condition":{"StringLikeIfExists":{"organizations:PolicyType":["TAG_POLICY","SERVICE_CONTROL_*"]}}`:  true,
		`"Effect":"Allow","Principal":{"AWS":"555566667777"},` + actions + `,"Condition":{"StringEquals":{"aws:ResourceTag/team":"security"}}`:                                    true,
		`"Effect":"Allow","Principal":{"AWS":"555566667777"},` + actions + `,"Condition":{"StringEquals":{"Organizations:policytype":"TAG_POLICY"}}`:                              false,
		`"Effect":"Allow","Principal":{"AWS":"555566667777"},"Action":["organizations:CreatePolicy","organizations:UpdatePolicy"]`:                                                false,
		`"Effect":"Allow","Principal":{"AWS":"555566667778"},` + actions:                                                                                                          false,
		`"Effect":"Allow","Principal":{"Service":"config.amazonaws.com"},` + actions:                                                                                              false,
		`"Effect":"Deny","Principal":{"AWS":"555566667777"},` + actions:                                                                                                           false,
		`"Effect":"Allow","Principal":{"AWS":"555566667777"},` + actions + `},{"Effect":"Deny","Principal":"*","Action":"organizations:AttachPolicy"`:                             false,
		`"Effect":"Allow","Principal":{"AWS":"555566667777"},` + actions + `},{"Effect":"Deny","Principal":"*","Action":"*","Condition":{"Bool":{"aws:SecureTransport":"false"}}`: true,
	} {
		list, err := statements("p", `{"Statement":[{`+statement+`,"Resource":"*"}]}`)
		if err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
		if got := delegated(list, "555566667777", []PolicyType{SCP}); got != want {
			t.Errorf("%s: %v", statement, got)
		}
	}
}

// FuzzStatements reads any text without a panic, and judges what it reads.
func FuzzStatements(f *testing.F) {
	for _, doc := range []string{`{"Statement":{"Effect":"Deny","Action":"*","Resource":"*"}}`, `{"Statement":[{"Effect":"Allow","Principal":{"AWS":["*"]},"NotAction":[],"Condition":{"Bool":{"x":[true,1]}}}]}`, `[]`, ``} {
		f.Add(doc)
	}
	f.Fuzz(func(t *testing.T, doc string) {
		list, err := statements("p", doc)
		if (err == nil) != (len(list) > 0) {
			t.Errorf("%d statements and %v", len(list), err)
		}
		deniesLeave(list)
		delegated(list, "555566667777", []PolicyType{SCP})
	})
}
