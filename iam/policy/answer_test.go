package policy

import (
	"reflect"
	"testing"
)

func TestAdministrator(t *testing.T) {
	allowAll := func(rest string) string { return `{"Effect":"Allow",` + rest + `}` }
	for _, c := range []struct {
		name       string
		statements []string
		want       Result
	}{
		{"star", []string{full}, Yes},
		{"star-star", []string{allowAll(`"Action":"*:*","Resource":"*"`)}, Yes},
		{"list-with-star", []string{allowAll(`"Action":["s3:Get*","*"],"Resource":["arn:aws:s3:::b","*"]`)}, Yes},
		{"two-halves", []string{allowAll(`"NotAction":"iam:*","Resource":"*"`), allowAll(`"Action":"iam:*","Resource":"*"`)}, Yes},
		{"not-nothing", []string{allowAll(`"NotAction":"nosuch:*","Resource":"*"`)}, Yes},
		{"not-resource", []string{allowAll(`"Action":"*","NotResource":"arn:aws:s3:::audit/*"`)}, Yes},
		{"one-service", []string{allowAll(`"Action":"iam:*","Resource":"*"`)}, No},
		{"power-user", []string{allowAll(`"NotAction":["iam:*","organizations:*"],"Resource":"*"`)}, No},
		{"denied-action", []string{full, `{"Effect":"Deny","Action":"iam:CreateUser","Resource":"*"}`}, No},
		{"denied-without-mfa", []string{full, `{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"BoolIfExists":{"aws:MultiFactorAuthPresent":"false"}}}`}, Unknown},
		{"with-mfa", []string{allowAll(`"Action":"*","Resource":"*","Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"}}`)}, Unknown},
		{"never", []string{allowAll(`"Action":"*","Resource":"*","Condition":{"StringEquals":{"aws:PrincipalType":"AssumedRole"}}`)}, No},
		{"always", []string{allowAll(`"Action":"*","Resource":"*","Condition":{"Null":{"a:k":["true","false"]}}`)}, Yes},
		{"some-resource", []string{allowAll(`"Action":"*","Resource":"arn:aws:s3:::b/*"`)}, No},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := Administrator(identity(c.statements...), Semantics{}, nil)
			if err != nil {
				t.Fatal(err)
			}
			if got.Result != c.want {
				t.Errorf("got %s: %s", got.Result, got.Reason)
			}
		})
	}
}

func TestOutsiders(t *testing.T) {
	const github = `"Principal":{"Federated":"arn:aws:iam::111111111111:oidc-provider/token.actions.githubusercontent.com"},"Action":"sts:AssumeRoleWithWebIdentity"`
	bucket := func(rest string) string {
		return `{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*",` + rest + `}`
	}
	trust := func(rest string) string { return `{"Effect":"Allow",` + rest + `}` }
	when := func(condition string) string { return `"Condition":{` + condition + `}` }
	denyOthers := `{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*","Condition":{"StringNotEqualsIfExists":{"aws:PrincipalOrgID":"o-ex"}}}`
	denyOtherPeople := `{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*","Condition":{"StringNotEquals":{"aws:PrincipalOrgID":"o-ex"},"BoolIfExists":{"aws:PrincipalIsAWSService":"false"}}}`
	for _, c := range []struct {
		name       string
		k          Kind
		statements []string
		z          Zone
		want       Result
	}{
		{"everyone", Resource, []string{bucket(`"Principal":"*"`)}, Zone{}, Yes},
		{"own-account", Resource, []string{bucket(`"Principal":` + aws(accountA))}, Zone{}, No},
		{"own-user", Resource, []string{bucket(`"Principal":` + aws(aliceARN))}, Zone{}, No},
		{"other-account", Resource, []string{bucket(`"Principal":` + aws(accountB))}, Zone{}, Yes},
		{"account-in-zone", Resource, []string{bucket(`"Principal":` + aws(accountB))}, Zone{Accounts: []string{accountB}}, No},
		{"pinned-organization", Resource, []string{bucket(`"Principal":"*",` + when(`"StringEquals":{"aws:PrincipalOrgID":"o-ex"}`))}, Zone{OrgIDs: []string{"o-ex"}}, No},
		{"other-organization", Resource, []string{bucket(`"Principal":"*",` + when(`"StringEquals":{"aws:PrincipalOrgID":"o-zz"}`))}, Zone{OrgIDs: []string{"o-ex"}}, Yes},
		{"if-exists", Resource, []string{bucket(`"Principal":"*",` + when(`"StringEqualsIfExists":{"aws:PrincipalOrgID":"o-ex"}`))}, Zone{OrgIDs: []string{"o-ex"}}, Yes},
		{"role-of-any-account", Resource, []string{bucket(`"Principal":"*",` + when(`"StringLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/x"}`))}, Zone{}, Yes},
		{"role-of-own-account", Resource, []string{bucket(`"Principal":"*",` + when(`"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::111111111111:role/*"}`))}, Zone{}, No},
		{"user-agent", Resource, []string{bucket(`"Principal":"*",` + when(`"StringEquals":{"aws:UserAgent":"secret"}`))}, Zone{}, Yes},
		{"office-network", Resource, []string{bucket(`"Principal":"*",` + when(`"IpAddress":{"aws:SourceIp":"203.0.113.0/24"}`))}, Zone{}, No},
		{"half-the-internet", Resource, []string{bucket(`"Principal":"*",` + when(`"IpAddress":{"aws:SourceIp":["0.0.0.0/1","128.0.0.0/1"]}`))}, Zone{}, Yes},
		{"not-one-network", Resource, []string{bucket(`"Principal":"*",` + when(`"NotIpAddress":{"aws:SourceIp":"203.0.113.0/24"}`))}, Zone{}, Yes},
		{"endpoint", Resource, []string{bucket(`"Principal":"*",` + when(`"StringEquals":{"aws:SourceVpce":"vpce-0123abcd"}`))}, Zone{}, No},
		{"deny-closes", Resource, []string{bucket(`"Principal":"*"`), denyOthers}, Zone{OrgIDs: []string{"o-ex"}}, No},
		{"deny-closes-for-people", Resource, []string{bucket(`"Principal":"*"`), denyOtherPeople}, Zone{OrgIDs: []string{"o-ex"}}, No},
		{"deny-spares-services", Resource, []string{bucket(`"Principal":{"Service":"a.amazonaws.com"}`), denyOtherPeople}, Zone{OrgIDs: []string{"o-ex"}, Services: true}, Yes},
		{"deny-spares-services-of-a-star", Resource, []string{bucket(`"Principal":{"AWS":"*"}`), denyOtherPeople}, Zone{OrgIDs: []string{"o-ex"}, Services: true}, Yes},
		{"deny-of-other-actions", Resource, []string{bucket(`"Principal":"*"`), `{"Effect":"Deny","Principal":"*","Action":"s3:PutObject","Resource":"*","Condition":{"StringNotEquals":{"aws:PrincipalOrgID":"o-ex"}}}`}, Zone{OrgIDs: []string{"o-ex"}}, Yes},
		{"not-principal", Resource, []string{bucket(`"NotPrincipal":` + aws(aliceARN))}, Zone{}, Yes},
		{"service", Resource, []string{bucket(`"Principal":{"Service":"cloudtrail.amazonaws.com"}`)}, Zone{}, No},
		{"confused-deputy", Resource, []string{bucket(`"Principal":{"Service":"cloudtrail.amazonaws.com"}`)}, Zone{Services: true}, Yes},
		{"guarded-deputy", Resource, []string{bucket(`"Principal":{"Service":"cloudtrail.amazonaws.com"},` + when(`"StringEquals":{"aws:SourceAccount":"111111111111"}`))}, Zone{Services: true}, No},
		{"deputy-of-any-account", Resource, []string{bucket(`"Principal":{"Service":"cloudtrail.amazonaws.com"},` + when(`"ArnLike":{"aws:SourceArn":"arn:aws:cloudtrail:*:*:trail/*"}`))}, Zone{Services: true}, Yes},
		{"deputy-with-any-account", Resource, []string{bucket(`"Principal":{"Service":"cloudtrail.amazonaws.com"},` + when(`"StringLike":{"aws:SourceAccount":"*"}`))}, Zone{Services: true}, Yes},
		{"numbers-and-dates", Resource, []string{bucket(`"Principal":"*",` + when(`"NumericLessThan":{"s3:max-keys":"5"},"DateGreaterThan":{"aws:CurrentTime":"2030-01-01T00:00:00Z"},"BinaryEquals":{"a:b":"QQ=="}`))}, Zone{}, Yes},
		{"gitlab-group", Trust, []string{trust(`"Principal":{"Federated":"arn:aws:iam::111111111111:oidc-provider/gitlab.com"},"Action":"sts:AssumeRoleWithWebIdentity",` + when(`"StringLike":{"gitlab.com:sub":"project_path:example/*"}`))}, Zone{}, No},
		{"gitlab-any-group", Trust, []string{trust(`"Principal":{"Federated":"arn:aws:iam::111111111111:oidc-provider/gitlab.com"},"Action":"sts:AssumeRoleWithWebIdentity",` + when(`"StringLike":{"gitlab.com:sub":"project_path:ex*/app:*"}`))}, Zone{}, Yes},
		{"cognito-pool", Trust, []string{trust(`"Principal":{"Federated":"cognito-identity.amazonaws.com"},"Action":"sts:AssumeRoleWithWebIdentity",` + when(`"StringEquals":{"cognito-identity.amazonaws.com:aud":"us-east-1:0000"},"ForAnyValue:StringLike":{"cognito-identity.amazonaws.com:amr":"authenticated"}`))}, Zone{}, No},
		{"cognito-any-pool", Trust, []string{trust(`"Principal":{"Federated":"cognito-identity.amazonaws.com"},"Action":"sts:AssumeRoleWithWebIdentity",` + when(`"ForAnyValue:StringLike":{"cognito-identity.amazonaws.com:amr":"authenticated"}`))}, Zone{}, Yes},
		{"tls-only", Resource, []string{bucket(`"Principal":"*",` + when(`"Bool":{"aws:SecureTransport":"true"}`))}, Zone{}, Yes},
		{"trust-anyone", Trust, []string{trust(`"Principal":"*","Action":"sts:AssumeRole"`)}, Zone{}, Yes},
		{"trust-external-id", Trust, []string{trust(`"Principal":` + aws(accountB) + `,"Action":"sts:AssumeRole",` + when(`"StringEquals":{"sts:ExternalId":"e"}`))}, Zone{}, Yes},
		{"trust-own", Trust, []string{trust(`"Principal":` + aws(accountA) + `,"Action":"sts:AssumeRole"`)}, Zone{}, No},
		{"trust-service", Trust, []string{trust(`"Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"`)}, Zone{}, No},
		{"github-any", Trust, []string{trust(github)}, Zone{}, Yes},
		{"github-audience-only", Trust, []string{trust(github + `,` + when(`"StringEquals":{"token.actions.githubusercontent.com:aud":"sts.amazonaws.com"}`))}, Zone{}, Yes},
		{"github-any-owner", Trust, []string{trust(github + `,` + when(`"StringLike":{"token.actions.githubusercontent.com:sub":"repo:*/app:*"}`))}, Zone{}, Yes},
		{"github-owner", Trust, []string{trust(github + `,` + when(`"StringLike":{"token.actions.githubusercontent.com:sub":"repo:example/*"}`))}, Zone{}, No},
		{"github-branch", Trust, []string{trust(github + `,` + when(`"StringEquals":{"token.actions.githubusercontent.com:sub":"repo:example/app:ref:refs/heads/main","token.actions.githubusercontent.com:aud":"sts.amazonaws.com"}`))}, Zone{}, No},
		{"trust-external-id-counts", Trust, []string{trust(`"Principal":` + aws(accountB) + `,"Action":"sts:AssumeRole",` + when(`"StringEquals":{"sts:ExternalId":"e"}`))}, Zone{ExternalID: true}, No},
		{"trust-external-id-if-exists", Trust, []string{trust(`"Principal":` + aws(accountB) + `,"Action":"sts:AssumeRole",` + when(`"StringEqualsIfExists":{"sts:ExternalId":"e"}`))}, Zone{ExternalID: true}, Yes},
		{"trust-any-external-id", Trust, []string{trust(`"Principal":` + aws(accountB) + `,"Action":"sts:AssumeRole",` + when(`"StringLike":{"sts:ExternalId":"*"}`))}, Zone{ExternalID: true}, Yes},
		{"trust-external-id-by-deny", Trust, []string{trust(`"Principal":` + aws(accountB) + `,"Action":"sts:AssumeRole"`), `{"Effect":"Deny","Principal":"*","Action":"sts:AssumeRole","Condition":{"StringNotEquals":{"sts:ExternalId":"e"}}}`}, Zone{ExternalID: true}, No},
		{"trust-external-id-or-tag", Trust, []string{trust(`"Principal":` + aws(accountB) + `,"Action":"sts:AssumeRole",` + when(`"StringEquals":{"sts:ExternalId":"e"}`)), trust(`"Principal":` + aws(accountB) + `,"Action":"sts:AssumeRole",` + when(`"StringEquals":{"aws:PrincipalTag/team":"a"}`))}, Zone{ExternalID: true}, Yes},
		{"github-any-repository", Trust, []string{trust(github + `,` + when(`"StringLike":{"token.actions.githubusercontent.com:sub":"repo*"}`))}, Zone{}, Yes},
		{"github-other-subject", Trust, []string{trust(github + `,` + when(`"StringLike":{"token.actions.githubusercontent.com:sub":"repository_owner_id:1:*"}`))}, Zone{}, Unknown},
		{"github-owner-id", Trust, []string{trust(github + `,` + when(`"StringEquals":{"token.actions.githubusercontent.com:repository_owner_id":"1"}`))}, Zone{}, No},
		// A stranger's repository can call a public reusable workflow.
		{"github-workflow", Trust, []string{trust(github + `,` + when(`"StringEquals":{"token.actions.githubusercontent.com:job_workflow_ref":"example/build/.github/workflows/b.yml@refs/heads/main"}`))}, Zone{}, Yes},
		{"github-branch-of-anybody", Trust, []string{trust(github + `,` + when(`"StringEquals":{"token.actions.githubusercontent.com:ref":"refs/heads/main"}`))}, Zone{}, Yes},
		{"github-if-exists", Trust, []string{trust(github + `,` + when(`"StringLikeIfExists":{"token.actions.githubusercontent.com:sub":"repo:example/*"}`))}, Zone{}, Yes},
		{"claim-present", Trust, []string{trust(github + `,` + when(`"Null":{"token.actions.githubusercontent.com:sub":"false"}`))}, Zone{}, Yes},
		{"claim-by-number", Trust, []string{trust(github + `,` + when(`"NumericGreaterThan":{"token.actions.githubusercontent.com:repository_owner_id":"1"}`))}, Zone{}, Unknown},
		{"github-in-other-case", Trust, []string{trust(`"Principal":{"Federated":"arn:aws:iam::111111111111:oidc-provider/Token.Actions.GithubUserContent.com"},"Action":"sts:AssumeRoleWithWebIdentity"`)}, Zone{}, Yes},
		{"cognito-pools-of-a-region", Trust, []string{trust(`"Principal":{"Federated":"cognito-identity.amazonaws.com"},"Action":"sts:AssumeRoleWithWebIdentity",` + when(`"StringLike":{"cognito-identity.amazonaws.com:aud":"us-east-1:*"}`))}, Zone{}, Yes},
		{"codefresh-account", Trust, []string{trust(`"Principal":{"Federated":"arn:aws:iam::111111111111:oidc-provider/oidc.codefresh.io"},"Action":"sts:AssumeRoleWithWebIdentity",` + when(`"StringLike":{"oidc.codefresh.io:sub":"account:1a2b:*"}`))}, Zone{}, No},
		{"codefresh-accounts", Trust, []string{trust(`"Principal":{"Federated":"arn:aws:iam::111111111111:oidc-provider/oidc.codefresh.io"},"Action":"sts:AssumeRoleWithWebIdentity",` + when(`"StringLike":{"oidc.codefresh.io:sub":"account:1*"}`))}, Zone{}, Yes},
		{"prefix-like-a-pattern", Trust, []string{trust(github + `,` + when(`"StringLike":{"token.actions.githubusercontent.com:sub":"x*"}`))}, Zone{Issuers: []Issuer{{URL: "*", Claims: []string{"sub"}, Prefix: "x*"}}}, Yes},
		{"account-by-number", Resource, []string{bucket(`"Principal":"*",` + when(`"NumericLessThanEquals":{"aws:PrincipalAccount":"111111111111"}`))}, Zone{}, Unknown},
		{"private-address", Resource, []string{bucket(`"Principal":"*",` + when(`"IpAddress":{"aws:VpcSourceIp":"10.0.0.0/16"}`))}, Zone{}, Yes},
		{"private-address-of-a-vpc", Resource, []string{bucket(`"Principal":"*",` + when(`"IpAddress":{"aws:VpcSourceIp":"10.0.0.0/16"},"StringEquals":{"aws:SourceVpc":"vpc-0123abcd"}`))}, Zone{}, No},
		{"claim-of-no-token", Trust, []string{trust(`"Principal":"*","Action":"sts:AssumeRole",` + when(`"StringEquals":{"token.actions.githubusercontent.com:sub":"repo:example/app"}`))}, Zone{}, Unknown},
		{"assertion-of-no-provider", Trust, []string{trust(`"Principal":"*","Action":"sts:AssumeRole",` + when(`"StringEquals":{"saml:aud":"x"}`))}, Zone{}, Unknown},
		{"issuer-of-the-caller's", Trust, []string{trust(`"Principal":{"Federated":"arn:aws:iam::111111111111:oidc-provider/id.example.com"},"Action":"sts:AssumeRoleWithWebIdentity"`)}, Zone{Issuers: []Issuer{{URL: "*", Claims: []string{"sub"}}}}, Yes},
		{"cluster-namespace", Trust, []string{trust(`"Principal":{"Federated":"arn:aws:iam::111111111111:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/E"},"Action":"sts:AssumeRoleWithWebIdentity",` + when(`"StringLike":{"oidc.eks.eu-west-1.amazonaws.com/id/E:sub":"system:serviceaccount:*:reader"}`))}, Zone{Issuers: []Issuer{{URL: "oidc.eks.*", Claims: []string{"sub"}, Prefix: "system:serviceaccount:", End: ":"}}}, Yes},
		{"own-issuer", Trust, []string{trust(`"Principal":{"Federated":"arn:aws:iam::111111111111:oidc-provider/id.example.com"},"Action":"sts:AssumeRoleWithWebIdentity"`)}, Zone{}, Unknown},
		{"saml-of-another-account", Trust, []string{trust(`"Principal":{"Federated":"arn:aws:iam::222222222222:saml-provider/p"},"Action":"sts:AssumeRoleWithSAML"`)}, Zone{}, Unknown},
		{"owner-by-canonical-id", Resource, []string{bucket(`"Principal":{"CanonicalUser":"c0ffee"}`)}, Zone{}, No},
		{"canonical-id", Resource, []string{bucket(`"Principal":{"CanonicalUser":"decaf"}`)}, Zone{}, Unknown},
		{"organization-path", Resource, []string{bucket(`"Principal":"*",` + when(`"ForAnyValue:StringLike":{"aws:PrincipalOrgPaths":"o-ex/r-1/*"}`))}, Zone{OrgIDs: []string{"o-ex"}}, No},
		{"any-organization-path", Resource, []string{bucket(`"Principal":"*",` + when(`"ForAnyValue:StringLike":{"aws:PrincipalOrgPaths":"o-e*/r-1/*"}`))}, Zone{OrgIDs: []string{"o-ex"}}, Unknown},
		{"deputy-for-one-bucket", Resource, []string{bucket(`"Principal":{"Service":"s3.amazonaws.com"},` + when(`"ArnLike":{"aws:SourceArn":"arn:aws:s3:::b"}`))}, Zone{Services: true}, No},
		{"deputy-for-any-bucket", Resource, []string{bucket(`"Principal":{"Service":"s3.amazonaws.com"},` + when(`"ArnLike":{"aws:SourceArn":"arn:aws:s3:::*"}`))}, Zone{Services: true}, Unknown},
		{"deputy-of-the-organization", Resource, []string{bucket(`"Principal":{"Service":"s3.amazonaws.com"},` + when(`"ForAnyValue:StringLike":{"aws:SourceOrgPaths":"o-ex/*"}`))}, Zone{Services: true, OrgIDs: []string{"o-ex"}}, No},
		{"deputy-of-any-organization", Resource, []string{bucket(`"Principal":{"Service":"s3.amazonaws.com"},` + when(`"ForAnyValue:StringLike":{"aws:SourceOrgPaths":"*"}`))}, Zone{Services: true, OrgIDs: []string{"o-ex"}}, Yes},
		{"saml", Trust, []string{trust(`"Principal":{"Federated":"arn:aws:iam::111111111111:saml-provider/p"},"Action":"sts:AssumeRoleWithSAML"`)}, Zone{}, No},
	} {
		t.Run(c.name, func(t *testing.T) {
			resource := "arn:aws:s3:::b"
			if c.k == Trust {
				resource = appARN
			}
			d := doc(c.k, c.statements...)
			owner := ownerA
			owner.CanonicalID = "c0ffee"
			got, err := Outsiders(d, resource, owner, c.z, Semantics{})
			if err != nil {
				t.Fatal(err)
			}
			if got.Result != c.want {
				t.Fatalf("got %s: %s, witness %+v", got.Result, got.Reason, got.Witness)
			}
			if got.Result == Yes {
				p := Policies{Identity: identity(full), Resource: d}
				if dec := compile(t, p).Decide(got.Witness); !dec.Allowed() {
					t.Errorf("the witness is refused: %s", dec)
				}
				crossCheck(t, p, got.Witness, Decision{Verdict: Allow})
			}
		})
	}
}

// A policy that is not understood is no basis for an answer.
func TestQuestionsRefuseInvalidPolicies(t *testing.T) {
	bad := func(k Kind) *Document {
		d, _ := Parse(k, "", []byte(`{"Statement":{"Effect":"Deny","Principal":"*","Action":"*","Resource":"*","Condition":{"NoSuch":{"a:k":"x"}}}}`))
		return d
	}
	if _, err := Administrator([]*Document{bad(Identity)}, Semantics{}, nil); err == nil {
		t.Error("Administrator answered")
	}
	if _, err := Outsiders(bad(Resource), "arn:aws:s3:::b", ownerA, Zone{}, Semantics{}); err == nil {
		t.Error("Outsiders answered")
	}
	if _, err := Disputed(Policies{Identity: []*Document{bad(Identity)}}, &Request{}); err == nil {
		t.Error("Disputed answered")
	}
}

func TestLost(t *testing.T) {
	before := compile(t, Policies{Identity: identity(full)})
	after := compile(t, Policies{Identity: identity(full), Boundary: doc(Boundary, ec2)})
	read, run := get(alice()), do(alice(), "ec2:RunInstances", "*")
	losses := Lost(before, after, &run, &read)
	if len(losses) != 1 || losses[0].Index != 1 || losses[0].After.Layer != LayerBoundary {
		t.Errorf("got %+v", losses)
	}
}

func TestDisputed(t *testing.T) {
	anyIf := Policies{Identity: ifs(`"ForAnyValue:StringEqualsIfExists":{"a:k":"a"}`)}
	r := get(alice())
	ds, err := Disputed(anyIf, &r)
	if err != nil || len(ds) != 1 || ds[0].Option != "AnyValueIgnoresIfExists" || ds[0].Other.Allowed() {
		t.Errorf("got %+v, %v", ds, err)
	}
	if ds, err := Disputed(Policies{Identity: identity(full)}, &r); err != nil || len(ds) != 0 {
		t.Errorf("got %+v, %v", ds, err)
	}
	fields := reflect.TypeOf(Semantics{}).NumField()
	if n := len(alternatives); n != fields-2 {
		t.Errorf("%d alternatives for %d fields, of which two are lists", n, fields)
	}
	for _, a := range alternatives {
		var s Semantics
		a.turn(&s)
		if reflect.ValueOf(s).FieldByName(a.name).IsZero() {
			t.Errorf("%s does not turn its field", a.name)
		}
	}
}

func TestPublicBucket(t *testing.T) {
	for _, c := range []struct {
		name, principal, condition string
		want                       bool
	}{
		{"everyone", `"*"`, ``, true},
		{"account", aws(accountB), ``, false},
		{"organization", `"*"`, `"StringEquals":{"aws:PrincipalOrgID":"o-ex"}`, false},
		{"any-organization", `"*"`, `"StringLike":{"aws:PrincipalOrgID":"o-*"}`, true},
		{"variable", `"*"`, `"StringEquals":{"aws:PrincipalAccount":"${aws:SourceAccount}"}`, true},
		{"range", `"*"`, `"IpAddress":{"aws:SourceIp":"203.0.113.0/24"}`, false},
		{"wide-range", `"*"`, `"IpAddress":{"aws:SourceIp":"96.0.0.0/7"}`, true},
		{"private-range", `"*"`, `"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}`, true},
		{"agent", `"*"`, `"StringEquals":{"aws:UserAgent":"x"}`, true},
		{"access-point", `"*"`, `"ArnLike":{"s3:DataAccessPointArn":"arn:aws:s3:us-east-1:111111111111:accesspoint/*"}`, false},
		{"negated", `"*"`, `"StringNotEquals":{"aws:PrincipalOrgID":"o-ex"}`, true},
	} {
		rest := `"Resource":"*"`
		if c.condition != "" {
			rest += `,"Condition":{` + c.condition + `}`
		}
		if got := PublicBucket(doc(Resource, to(c.principal, "Allow", "s3:*", rest))); got != c.want {
			t.Errorf("%s: got %v", c.name, got)
		}
	}
}

func BenchmarkAdministrator(b *testing.B) {
	ds := identity(full)
	for b.Loop() {
		if a, err := Administrator(ds, Semantics{}, nil); err != nil || a.Result != Yes {
			b.Fatal(a, err)
		}
	}
}

func BenchmarkOutsiders(b *testing.B) {
	d := doc(Resource, to(`"*"`, "Allow", "s3:GetObject", `"Resource":"arn:aws:s3:::b/*"`))
	for b.Loop() {
		if a, err := Outsiders(d, "arn:aws:s3:::b", ownerA, Zone{}, Semantics{}); err != nil || a.Result != Yes {
			b.Fatal(a, err)
		}
	}
}
