package detections

import (
	"encoding/json"
	"encoding/pem"
	"strings"
	"testing"

	"github.com/awsposture/posture/detective/trail"
	"github.com/awsposture/posture/detective/trail/rule"
)

func TestBarred(t *testing.T) {
	let := func(effect, principal, action, more string) string {
		return `{"Effect":"` + effect + `","Principal":` + principal + `,` + action + more + `}`
	}
	service, act := `{"Service":["example.amazonaws.com","other.amazonaws.com"]}`, `"Action":["x:Get*","X:Put"]`
	allow := let("Allow", service, act, "")
	for _, c := range []struct {
		statements string
		want       rule.Verdict
	}{
		{allow, rule.Clean},
		{"", rule.Yes},
		{let("Allow", service, `"Action":"x:PutOther"`, ""), rule.Yes},
		{let("Allow", service, `"Action":"*"`, ""), rule.Clean},
		{let("Allow", service, `"NotAction":"x:Put*"`, ""), rule.Yes},
		{let("Allow", service, `"NotAction":"x:Get*"`, ""), rule.Clean},
		{let("Allow", `{"Service":"third.amazonaws.com"}`, act, ""), rule.Yes},
		{let("Allow", `"*"`, act, ""), rule.Clean},
		{let("Allow", `{"AWS":"*"}`, act, `,"Condition":{"StringEquals":{"aws:SourceAccount":"111122223333"}}`), rule.Clean},
		{let("Allow", `{"AWS":"111122223333"}`, act, ""), rule.Yes},
		{allow + "," + let("Deny", service, act, ""), rule.Yes},
		{let("Deny", service, act, "") + "," + allow, rule.Yes},
		{allow + "," + let("Deny", service, `"Action":"x:Get"`, ""), rule.Clean},
		{allow + "," + let("Deny", service, act, `,"Condition":{"Bool":{"aws:SecureTransport":"false"}}`), rule.Undecided},
		{allow + `,{"Effect":"Deny","NotPrincipal":{"AWS":"111122223333"},"Action":"*"}`, rule.Yes},
		{allow + `,{"Effect":"Deny","NotPrincipal":{"Service":"example.amazonaws.com"},"Action":"*"}`, rule.Clean},
	} {
		if got := barred("x:put", "example.amazonaws.com")([]byte(`{"Statement":[` + c.statements + `]}`)); got != c.want {
			t.Errorf("%v, want %v: %s", got, c.want, c.statements)
		}
	}
	// One of several services suffices.
	doc := []byte(`{"Statement":` + allow + `}`)
	if got := barred("x:put", "third.amazonaws.com", "example.amazonaws.com")(doc); got != rule.Clean {
		t.Errorf("with one service of two let: %v", got)
	}
	if got := barred("x:put")([]byte("{")); got != rule.Undecided {
		t.Errorf("no policy: %v", got)
	}
}

func TestTrust(t *testing.T) {
	oidc := `{"Federated":"arn:aws:iam::111122223333:oidc-provider/accounts.example.com"}`
	saml := `{"Federated":["arn:aws:iam::111122223333:saml-provider/example"]}`
	for _, c := range []struct {
		known                []string
		principal, condition string
		want                 rule.Verdict
	}{
		{nil, saml, `{}`, rule.Clean},
		{[]string{"example"}, saml, `{}`, rule.Clean},
		{[]string{"arn:aws:iam::111122223333:saml-provider/example"}, saml, `{}`, rule.Clean},
		{[]string{"other"}, saml, `{}`, rule.Yes},
		{nil, oidc, `{}`, rule.Yes},
		{nil, oidc, `{"StringEquals":{"accounts.example.com:aud":"x"}}`, rule.Yes},
		{nil, oidc, `{"StringLike":{"accounts.example.com:sub":"repo:example/app:*"}}`, rule.Clean},
		{nil, oidc, `{"ForAnyValue:StringLike":{"accounts.example.com:SUB":["repo:example/app:*"]}}`, rule.Clean},
		{nil, oidc, `{"StringLike":{"accounts.example.com:sub":"*"}}`, rule.Yes},
		{nil, oidc, `{"StringNotEquals":{"accounts.example.com:sub":"x"}}`, rule.Yes},
		{nil, oidc, `{"StringEqualsIfExists":{"accounts.example.com:sub":"x"}}`, rule.Yes},
		{nil, oidc, `{"Null":{"accounts.example.com:sub":"false"}}`, rule.Yes},
		{[]string{"accounts.example.com"}, oidc, `{"StringEquals":{"accounts.example.com:sub":"x"}}`, rule.Clean},
		{[]string{"other"}, oidc, `{"StringEquals":{"accounts.example.com:sub":"x"}}`, rule.Yes},
		{nil, `{"Service":"ec2.amazonaws.com"}`, `{}`, rule.Clean},
	} {
		p := Params{KnownProviders: c.known}
		doc := `{"Statement":{"Effect":"Allow","Principal":` + c.principal + `,"Condition":` + c.condition + `}}`
		if got := p.trust()([]byte(doc)); got != c.want {
			t.Errorf("%v, want %v: with %q known: %s", got, c.want, c.known, doc)
		}
	}
}

func TestAdmin(t *testing.T) {
	var p Params
	allow := func(actions, more string) string {
		return `{"Effect":"Allow","Action":` + actions + `,"Resource":"*"` + more + `}`
	}
	condition := `,"Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"}}`
	for _, c := range []struct {
		statements string
		want       rule.Verdict
	}{
		{allow(`"*"`, ""), rule.Yes},
		{allow(`"*:*"`, ""), rule.Yes},
		{allow(`"*"`, condition), rule.Undecided},
		{allow(`"IAM:Attach?olePolicy"`, ""), rule.Yes},
		{allow(`"iam:PassRole"`, ""), rule.Clean},
		{allow(`["iam:PassRole","lambda:CreateFunction"]`, ""), rule.Clean},
		{allow(`["iam:PassRole","lambda:*"]`, ""), rule.Yes},
		{allow(`"iam:PassRole"`, condition) + "," + allow(`"lambda:*"`, ""), rule.Undecided},
		{allow(`["iam:CreateVirtualMFADevice"]`, ""), rule.Clean},
		{allow(`["iam:CreateVirtualMFADevice","iam:EnableMFADevice"]`, ""), rule.Yes},
		{`{"Effect":"Deny","Action":"*","Resource":"*"}`, rule.Clean},
		{`{"Effect":"Allow","Action":"*","Resource":"arn:aws:s3:::b"}`, rule.Clean},
		{`{"Effect":"Allow","Action":"*","NotResource":"arn:aws:s3:::b"}`, rule.Yes},
		{`{"Effect":"Allow","NotAction":"s3:*","Resource":"arn:aws:s3:::b"}`, rule.Yes},
		{`{"Effect":"Allow","NotAction":"s3:*","Resource":"*"` + condition + `}`, rule.Undecided},
		{"", rule.Clean},
	} {
		if got := p.admin()([]byte(`{"Statement":[` + c.statements + `]}`)); got != c.want {
			t.Errorf("%v, want %v: %s", got, c.want, c.statements)
		}
	}
	p.PolicyAdmin = func([]byte) rule.Verdict { return rule.Undecided }
	if got := p.admin()(nil); got != rule.Undecided {
		t.Errorf("the caller's own judgement is not asked: %v", got)
	}
}

func TestStrangeCA(t *testing.T) {
	// Any bytes will do: the fingerprint is of what the block holds.
	one := string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: []byte("one")}))
	two := string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: []byte("two")}))
	p := Params{KnownCAs: []string{
		"76:92:C3:AD:35:40:BB:80:3C:02:0B:3A:EE:66:CD:88:87:12:32:34:EA:0C:6E:71:43:C0:AD:D7:3F:F4:31:ED",
	}}
	for _, c := range []struct {
		bundle string
		want   rule.Verdict
	}{
		{one, rule.Clean},
		{one + one, rule.Clean},
		{two, rule.Yes},
		{one + two, rule.Yes},
		{"", rule.Yes},
		{"HIDDEN", rule.Yes},
	} {
		request, err := json.Marshal(map[string]any{"source": map[string]any{"sourceData": map[string]any{"x509CertificateData": c.bundle}}})
		if err != nil {
			t.Fatal(err)
		}
		var e trail.Event
		if err := e.Parse([]byte(`{"eventName":"CreateTrustAnchor","requestParameters":` + string(request) + `}`)); err != nil {
			t.Fatal(err)
		}
		if got := p.strangeCA(&e); got != c.want {
			t.Errorf("%v, want %v: %s", got, c.want, c.bundle)
		}
		if got := new(Params).strangeCA(&e); got != rule.Yes {
			t.Errorf("%v without a list: %s", got, c.bundle)
		}
	}
}

// TestUnmatched: a rule's pattern as it is mostly written.
func TestUnmatched(t *testing.T) {
	whole := `{"source":["aws.cloudtrail"],"detail-type":["AWS API Call via CloudTrail"],"detail":{"eventSource":["cloudtrail.amazonaws.com"],"eventName":["StopLogging","DeleteTrail"]}}`
	judge := unmatched(map[string]string{"r": whole, "bad": `{`})
	for _, c := range []struct {
		name, pattern string
		want          rule.Verdict
	}{
		{"r", whole, rule.Clean},
		{"r", strings.Replace(whole, `"DeleteTrail"`, `"DeleteTrail","UpdateTrail"`, 1), rule.Clean},
		{"r", `{"source":["aws.cloudtrail"]}`, rule.Clean},
		{"r", strings.Replace(whole, `,"DeleteTrail"`, "", 1), rule.Yes},
		{"r", strings.Replace(whole, "aws.cloudtrail", "aws.ec2", 1), rule.Yes},
		{"r", strings.Replace(whole, `{"eventSource"`, `{"errorCode":[{"exists":true}],"eventSource"`, 1), rule.Yes},
		{"r", "{", rule.Undecided},
		{"bad", whole, rule.Undecided},
	} {
		text, err := json.Marshal(map[string]any{"name": c.name, "eventPattern": c.pattern})
		if err != nil {
			t.Fatal(err)
		}
		var e trail.Event
		if err := e.Parse([]byte(`{"eventName":"PutRule","requestParameters":` + string(text) + `}`)); err != nil {
			t.Fatal(err)
		}
		if got := judge(&e); got != c.want {
			t.Errorf("%v, want %v: %s %s", got, c.want, c.name, c.pattern)
		}
	}
}
