package iam_test

import (
	"testing"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/iam"
	"github.com/awsposture/posture/iam/iamtest"
)

// TestTrust judges one trust policy with each evaluator of trust policies; one
// that is not named has nothing to judge.
func TestTrust(t *testing.T) {
	const (
		pass, fail, unknown = posture.Pass, posture.Fail, posture.Unknown
		wildcard, external  = "iam.role-wildcard-trust", "iam.role-external-trust"
		service, oidc, saml = "iam.role-service-trust", "iam.role-oidc-trust", "iam.role-saml-trust"
		cloudtrail          = `{"Service":"cloudtrail.amazonaws.com"}`
		hub                 = `{"Federated":"arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"}`
		idp                 = `{"Federated":"arn:aws:iam::111122223333:saml-provider/idp"}`
		claim               = "token.actions.githubusercontent.com:"
	)
	allow := func(principal, condition string) string {
		s := `{"Effect":"Allow","Principal":` + principal + `,"Action":["sts:AssumeRole","sts:AssumeRoleWithWebIdentity","sts:AssumeRoleWithSAML"]`
		if condition != "" {
			s += `,"Condition":` + condition
		}
		return s + "}"
	}
	deny := func(principal, condition string) string {
		return `{"Effect":"Deny","Principal":` + principal + `,"Action":"sts:*","Condition":` + condition + `}`
	}
	for name, c := range map[string]struct {
		statements string
		want       map[string]posture.Status
	}{
		"own account":                 {allow(`{"AWS":"111122223333"}`, ""), map[string]posture.Status{wildcard: pass}},
		"member":                      {allow(`{"AWS":"444455556666"}`, ""), map[string]posture.Status{wildcard: pass, external: pass}},
		"stranger's role":             {allow(`{"AWS":"arn:aws:iam::777788889999:role/x"}`, ""), map[string]posture.Status{wildcard: pass, external: fail}},
		"stranger's unique id":        {allow(`{"AWS":"AROAEXAMPLE0000000001"}`, ""), map[string]posture.Status{wildcard: pass}},
		"stranger of an organization": {allow(`{"AWS":"777788889999"}`, `{"StringEquals":{"aws:PrincipalOrgID":"o-exampleorgid"}}`), map[string]posture.Status{wildcard: pass, external: pass}},
		"stranger of another":         {allow(`{"AWS":"777788889999"}`, `{"StringEquals":{"aws:PrincipalOrgID":"o-exampleother"}}`), map[string]posture.Status{wildcard: pass, external: fail}},
		"external id by a Deny":       {allow(`{"AWS":"777788889999"}`, "") + "," + deny(`"*"`, `{"StringNotEquals":{"sts:ExternalId":"b7d1"}}`), map[string]posture.Status{wildcard: pass, external: pass}},
		"two ways, one with an id":    {allow(`{"AWS":"777788889999"}`, `{"StringEquals":{"sts:ExternalId":"b7d1"}}`) + "," + allow(`{"AWS":"777788889999"}`, ""), map[string]posture.Status{wildcard: pass, external: fail}},
		"stranger with MFA":           {allow(`{"AWS":"777788889999"}`, `{"Bool":{"aws:MultiFactorAuthPresent":"true"}}`), map[string]posture.Status{wildcard: pass, external: fail}},
		"everybody":                   {allow(`"*"`, ""), map[string]posture.Status{wildcard: fail}},
		"everybody but one":           {`{"Effect":"Allow","NotPrincipal":{"AWS":"777788889999"},"Action":"sts:AssumeRole"}`, map[string]posture.Status{wildcard: fail}},
		"everybody of a network":      {allow(`"*"`, `{"IpAddress":{"aws:SourceIp":"203.0.113.0/24"}}`), map[string]posture.Status{wildcard: pass, external: pass}},
		"everybody by a Deny":         {allow(`"*"`, "") + "," + deny(`"*"`, `{"StringNotEquals":{"aws:PrincipalOrgID":"o-exampleorgid"}}`), map[string]posture.Status{wildcard: pass, external: pass}},
		"everybody at an endpoint":    {allow(`"*"`, `{"ForAllValues:StringEquals":{"aws:PrincipalOrgID":"o-exampleorgid"}}`), map[string]posture.Status{wildcard: fail}},

		"service":                  {allow(cloudtrail, ""), map[string]posture.Status{service: fail}},
		"service of any account":   {allow(cloudtrail, `{"StringLike":{"aws:SourceAccount":"*"}}`), map[string]posture.Status{service: fail}},
		"service of one trail":     {allow(cloudtrail, `{"ArnEquals":{"aws:SourceArn":"arn:aws:cloudtrail:eu-west-1:111122223333:trail/main"}}`), map[string]posture.Status{service: pass}},
		"service by a Deny":        {allow(cloudtrail, "") + "," + deny(`"*"`, `{"StringNotEquals":{"aws:SourceAccount":"111122223333"}}`), map[string]posture.Status{service: pass}},
		"service that sends none":  {allow(`{"Service":"ec2.amazonaws.com"}`, ""), map[string]posture.Status{service: posture.NotApplicable}},
		"service of an odd source": {allow(cloudtrail, `{"StringEquals":{"aws:PrincipalTag/a":"b"}}`), map[string]posture.Status{service: unknown}},

		"any workflow":           {allow(hub, `{"StringEquals":{"`+claim+`aud":"sts.amazonaws.com"}}`), map[string]posture.Status{oidc: fail}},
		"a branch of any":        {allow(hub, `{"StringLike":{"`+claim+`sub":"repo:*:ref:refs/heads/main"}}`), map[string]posture.Status{oidc: fail}},
		"one owner's":            {allow(hub, `{"StringLike":{"`+claim+`sub":"repo:example/*"}}`), map[string]posture.Status{oidc: pass}},
		"one owner's by number":  {allow(hub, `{"StringEquals":{"`+claim+`repository_owner_id":"1"}}`), map[string]posture.Status{oidc: pass}},
		"a subject of own shape": {allow(hub, `{"StringLike":{"`+claim+`sub":"repository_owner_id:1:*"}}`), map[string]posture.Status{oidc: unknown}},
		"a pool":                 {allow(`{"Federated":"cognito-identity.amazonaws.com"}`, `{"StringEquals":{"cognito-identity.amazonaws.com:aud":"eu-west-1:0000"}}`), map[string]posture.Status{oidc: pass}},
		"any pool":               {allow(`{"Federated":"cognito-identity.amazonaws.com"}`, `{"ForAnyValue:StringLike":{"cognito-identity.amazonaws.com:amr":"authenticated"}}`), map[string]posture.Status{oidc: fail}},

		"sign-in":         {allow(idp, `{"StringEquals":{"SAML:aud":"https://signin.aws.amazon.com/saml"}}`), map[string]posture.Status{saml: pass}},
		"any audience":    {allow(idp, `{"StringLike":{"SAML:aud":"*"}}`), map[string]posture.Status{saml: fail}},
		"audience or not": {allow(idp, `{"StringEqualsIfExists":{"SAML:aud":"https://signin.aws.amazon.com/saml"}}`), map[string]posture.Status{saml: pass}},
		"another claim":   {allow(idp, `{"StringEquals":{"SAML:iss":"https://idp.example.com"}}`), map[string]posture.Status{saml: fail}},

		"no effect":   {`{"Effect":"Perhaps","Principal":"*","Action":"sts:AssumeRole"}`, map[string]posture.Status{wildcard: unknown, external: unknown, service: unknown, oidc: unknown, saml: unknown}},
		"no operator": {allow(cloudtrail, `{"StringSortOf":{"aws:SourceAccount":"111122223333"}}`), map[string]posture.Status{service: unknown}},
	} {
		t.Run(name, func(t *testing.T) {
			w := goodWorld()
			w.Edit(func(s *iamtest.State) {
				clear(s.Roles)
				s.Roles["r"] = role(`{"Version":"2012-10-17","Statement":[` + c.statements + `]}`)
			})
			a := w.account()
			for _, e := range []posture.Evaluator{
				iam.RoleWildcardTrust{Account: a}, iam.RoleExternalTrust{Account: a}, iam.RoleServiceTrust{Account: a}, iam.RoleOIDCTrust{Account: a}, iam.RoleSAMLTrust{Account: a},
			} {
				want, judged := c.want[e.Control().ID]
				worst := posture.NotApplicable
				for _, f := range judge(t, e) {
					if f.Resource.ID != "r" {
						continue
					}
					if !judged {
						t.Errorf("%s judged: %+v", e.Control().ID, f)
					}
					if f.Status == posture.Fail || worst != posture.Fail {
						worst = f.Status
					}
				}
				if judged && worst != want {
					t.Errorf("%s: %s, not %s", e.Control().ID, worst, want)
				}
			}
		})
	}
}
