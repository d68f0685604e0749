package policy

import "testing"

// How the layers combine: rules E1 to E27.
func TestRules(t *testing.T) {
	everyone := `"*"`
	pinned := `"Resource":"*","Condition":{"ArnEquals":{"aws:PrincipalArn":"` + appARN + `"}}`
	bucket := func(statements ...string) *Document { return doc(Resource, statements...) }
	readTo := func(principal string) *Document {
		return bucket(to(principal, "Allow", "s3:GetObject", `"Resource":"arn:aws:s3:::b/*"`))
	}
	trust := func(principal, action string) *Document {
		return doc(Trust, to(principal, "Allow", action, ""))
	}
	keyPolicy := func(principal string) *Document {
		return bucket(to(principal, "Allow", "kms:*", `"Resource":"*"`))
	}
	decrypt := do(app(), "kms:Decrypt", key)
	grant := Grant{Grantee: appARN, Operations: []string{"Decrypt"}}
	outsider := do(Principal{Kind: RoleSession, ARN: "arn:aws:iam::222222222222:role/x"}, "kms:Decrypt", key)
	retire := do(app(), "kms:RetireGrant", key)
	web := Principal{Kind: WebIdentity, Provider: "arn:aws:iam::111111111111:oidc-provider/token.actions.githubusercontent.com"}
	through := get(alice())
	through.ViaEndpoint = true
	gateway := get(app())
	gateway.ViaEndpoint = true

	runRows(t, []row{
		{"E1", Policies{}, get(alice()), byID},
		{"E2", Policies{Identity: identity(full), Resource: bucket(to(everyone, "Deny", "s3:GetObject", `"Resource":"*"`))}, get(alice()), denyRes},
		{"E3", Policies{
			Boundary: doc(Boundary, `{"Effect":"Deny","Action":"s3:DeleteObject","Resource":"*"}`),
			Resource: bucket(to(aws(aliceARN), "Allow", "s3:*", `"Resource":"*"`)),
		}, do(alice(), "s3:DeleteObject", object), "explicit deny (boundary)"},
		{"E3/session", Policies{
			Identity: identity(full),
			Session:  []*Document{doc(Session, full, `{"Effect":"Deny","Action":"s3:*","Resource":"*"}`)},
		}, get(app()), "explicit deny (session)"},
		{"E4", Policies{Identity: identity(full), SCPs: []Level{level(SCP, full), level(SCP, ec2)}}, get(alice()), "implicit deny (scp, level 1)"},
		{"E4/all-levels-allow", Policies{Identity: identity(full), SCPs: []Level{level(SCP, full), level(SCP, full)}}, get(alice()), allow},
		{"E5", Policies{Identity: identity(full), SCPs: []Level{level(SCP, full), level(SCP, `{"Effect":"Deny","Action":"ec2:*","Resource":"*"}`)}}, get(alice()), "implicit deny (scp, level 1)"},
		{"E5/no-policy", Policies{Identity: identity(full), SCPs: []Level{{Name: "root"}, level(SCP, full)}}, get(alice()), "implicit deny (scp, level 0)"},
		{"E6/resource", Policies{Resource: readTo(aws(aliceARN))}, get(alice()), allow},
		{"E6/identity", Policies{Identity: identity(full)}, get(alice()), allow},
		{"E7", Policies{Boundary: doc(Boundary, ec2), Resource: readTo(aws(aliceARN))}, get(alice()), allow},
		{"E8/limited", Policies{Session: []*Document{doc(Session, ec2)}, Resource: readTo(aws(appARN))}, get(app()), bySP},
		{"E8/boundary", Policies{Boundary: doc(Boundary, ec2), Resource: readTo(aws(appARN))}, get(app()), byPB},
		{"E8/unlimited", Policies{Resource: readTo(aws(appARN))}, get(app()), allow},
		{"E9", Policies{Session: []*Document{doc(Session, ec2)}, Boundary: doc(Boundary, ec2), Resource: readTo(aws(sessionARN))}, get(app()), allow},
		{"E10", Policies{Boundary: doc(Boundary, ec2), Resource: bucket(to(everyone, "Allow", "s3:GetObject", pinned))}, get(app()), allow},
		{"E10/deny", Policies{Boundary: doc(Boundary, full, `{"Effect":"Deny","Action":"s3:*","Resource":"*"}`), Resource: bucket(to(everyone, "Allow", "s3:GetObject", pinned))}, get(app()), "explicit deny (boundary)"},
		{"E11/id", Policies{Resource: readTo(aws(accountA))}, get(alice()), byID},
		{"E11/root", Policies{Resource: readTo(aws("arn:aws:iam::111111111111:root"))}, get(alice()), byID},
		{"E12/both", Policies{Identity: identity(full), Resource: readTo(aws(bobARN))}, get(bob()), allow},
		{"E12/no-identity", Policies{Resource: readTo(aws(bobARN))}, get(bob()), byID},
		{"E12/no-resource", Policies{Identity: identity(full), Resource: readTo(aws(aliceARN))}, get(bob()), byRes},
		{"E12/account", Policies{Identity: identity(full), Resource: readTo(aws(accountB))}, get(bob()), allow},
		{"E13", Policies{Identity: identity(full), Boundary: doc(Boundary, ec2), Resource: readTo(aws(bobARN))}, get(bob()), byPB},
		{"E14", Policies{Resource: readTo(everyone)}, get(bob()), byID},
		{"E14/anonymous", Policies{Resource: readTo(everyone)}, get(anonymous()), allow},
		{"E15", Policies{
			Identity: identity(`{"Effect":"Allow","Action":"s3:*","Resource":"*"}`),
			Session:  []*Document{doc(Session, `{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}`)},
		}, do(app(), "s3:PutObject", object), bySP},
		{"E15/two-session-policies", Policies{
			Identity: identity(full),
			Session:  []*Document{doc(Session, ec2), doc(Session, full)},
		}, get(app()), allow},
		{"E16", Policies{Identity: identity(full)}, get(fed()), bySP},
		{"E16/named", Policies{Identity: identity(full), Resource: readTo(aws(fedARN))}, get(fed()), allow},
		{"E16/with-session-policy", Policies{Identity: identity(full), Session: []*Document{doc(Session, full)}}, get(fed()), allow},
		{"E17", Policies{Session: []*Document{doc(Session, ec2)}, Resource: readTo(aws(aliceARN))}, get(fed()), bySP},
		{"E17/allowed", Policies{Session: []*Document{doc(Session, full)}, Resource: readTo(aws(aliceARN))}, get(fed()), allow},
		{"E18/named", Policies{Resource: trust(aws(aliceARN), "sts:AssumeRole")}, do(alice(), "sts:AssumeRole", appARN), allow},
		{"E18/account", Policies{Resource: trust(aws(accountA), "sts:AssumeRole")}, do(alice(), "sts:AssumeRole", appARN), byID},
		{"E18/account-and-identity", Policies{Identity: identity(full), Resource: trust(aws(accountA), "sts:AssumeRole")}, do(alice(), "sts:AssumeRole", appARN), allow},
		{"E18/other", Policies{Identity: identity(full), Resource: trust(aws(bobARN), "sts:AssumeRole")}, do(alice(), "sts:AssumeRole", appARN), byRes},
		{"E18/not-about-iam", Policies{Resource: doc(Trust, to(aws(aliceARN), "Allow", "*", ""))}, do(alice(), "iam:GetRole", appARN), byID},
		{"E19", Policies{Resource: trust(`{"Federated":"`+web.Provider+`"}`, "sts:AssumeRoleWithWebIdentity")}, do(web, "sts:AssumeRoleWithWebIdentity", appARN), allow},
		{"E19/no-scp", Policies{SCPs: []Level{level(SCP, ec2)}, Resource: trust(`{"Federated":"`+web.Provider+`"}`, "sts:AssumeRoleWithWebIdentity")}, do(web, "sts:AssumeRoleWithWebIdentity", appARN), allow},
		{"E19/other-issuer", Policies{Resource: trust(`{"Federated":"accounts.google.com"}`, "sts:AssumeRoleWithWebIdentity")}, do(web, "sts:AssumeRoleWithWebIdentity", appARN), byRes},
		{"E21/account", Policies{Identity: identity(full), Resource: keyPolicy(aws(accountA))}, do(alice(), "kms:Decrypt", key), allow},
		{"E21/other", Policies{Identity: identity(full), Resource: keyPolicy(aws(bobARN))}, do(alice(), "kms:Decrypt", key), byRes},
		{"E21/named", Policies{Resource: keyPolicy(aws(aliceARN))}, do(alice(), "kms:Decrypt", key), allow},
		{"E21/not-keys", Policies{Identity: identity(full)}, do(alice(), "kms:ListKeys", "*"), allow},
		{"E22", Policies{Grants: []Grant{grant}}, decrypt, allow},
		{"E22/other-operation", Policies{Grants: []Grant{grant}}, do(app(), "kms:Encrypt", key), byRes},
		{"E22/deny", Policies{Grants: []Grant{grant}, Resource: bucket(to(everyone, "Deny", "kms:*", `"Resource":"*"`))}, decrypt, denyRes},
		{"E22/scp", Policies{Grants: []Grant{grant}, SCPs: []Level{level(SCP, ec2)}}, decrypt, "implicit deny (scp, level 0)"},
		{"E22/session-policy", Policies{Grants: []Grant{grant}, Session: []*Document{doc(Session, ec2)}}, decrypt, bySP},
		{"E22/constraint", Policies{Grants: []Grant{{Grantee: appARN, Operations: grant.Operations, EncryptionContextSubset: map[string]string{"a": "1"}}}}, decrypt.with("kms:EncryptionContext:a", "1").with("kms:EncryptionContext:b", "2"), allow},
		{"E22/constraint-fails", Policies{Grants: []Grant{{Grantee: appARN, Operations: grant.Operations, EncryptionContextEquals: map[string]string{"a": "1"}}}}, decrypt.with("kms:EncryptionContext:a", "1").with("kms:EncryptionContext:b", "2"), byRes},
		{"E22/cross-account", Policies{Grants: []Grant{{Grantee: outsider.Principal.ARN, Operations: grant.Operations}}}, outsider, allow},
		{"E22/retire", Policies{Grants: []Grant{{Grantee: appARN, Operations: []string{"RetireGrant"}}}}, retire, allow},
		{"E22/retiring-principal", Policies{Grants: []Grant{{Grantee: aliceARN, Retiring: appARN}}}, retire, allow},
		{"E22/retire-by-policy", Policies{Identity: identity(full), Resource: keyPolicy(aws(appARN)), Grants: []Grant{grant}}, retire, byRes},
		{"E22/retire-by-account", Policies{Identity: identity(full), Grants: []Grant{{Grantee: aliceARN, Account: accountA}}}, retire, allow},
		{"E23", Policies{Identity: identity(full), Endpoint: doc(Endpoint, to(everyone, "Allow", "s3:GetObject", `"Resource":"arn:aws:s3:::c/*"`))}, through, byEnd},
		{"E23/not-through-it", Policies{Identity: identity(full), Endpoint: doc(Endpoint, to(everyone, "Allow", "s3:GetObject", `"Resource":"arn:aws:s3:::c/*"`))}, get(alice()), allow},
		{"E23/account", Policies{Identity: identity(full), Endpoint: doc(Endpoint, to(aws(accountA), "Allow", "*", `"Resource":"*"`))}, through, allow},
		{"E23/gateway", Policies{Identity: identity(full), Gateway: true, Endpoint: doc(Endpoint, to(aws(accountA), "Allow", "*", `"Resource":"*"`))}, gateway, byEnd},
		{"E25", Policies{Identity: []*Document{doc(Identity, ec2), doc(Identity, `{"Effect":"Allow","Action":"s3:*","Resource":"*"}`)}}, get(alice()), allow},
		{"E25/not-a-principal", Policies{Resource: readTo(aws("arn:aws:iam::111111111111:group/g"))}, get(alice()), byID},
		{"E26", Policies{Identity: identity(full), RestrictPublicBuckets: true, Resource: readTo(everyone)}, get(bob()), byBPA},
		{"E26/anonymous", Policies{RestrictPublicBuckets: true, Resource: readTo(everyone)}, get(anonymous()), byBPA},
		{"E26/own-account", Policies{RestrictPublicBuckets: true, Resource: readTo(everyone)}, get(alice()), allow},
		{"E26/service", Policies{RestrictPublicBuckets: true, Resource: bucket(to(everyone, "Allow", "s3:GetObject", `"Resource":"*"`), to(`{"Service":"logging.s3.amazonaws.com"}`, "Allow", "s3:*", `"Resource":"*"`))}, get(service("logging.s3.amazonaws.com")), allow},
		{"E26/not-public", Policies{Identity: identity(full), RestrictPublicBuckets: true, Resource: readTo(aws(bobARN))}, get(bob()), allow},
		{"E27", Policies{Identity: identity(full), Semantics: Semantics{MandatoryResourcePolicy: []string{"s3"}}}, get(alice()), byRes},
	})
}

// One call can be several checks: rules E20 and E24.
func TestAuthorizeAll(t *testing.T) {
	trust := Policies{Resource: doc(Trust, to(aws(aliceARN), "Allow", "sts:AssumeRole", ""))}
	assume, tag := do(alice(), "sts:AssumeRole", appARN), do(alice(), "sts:TagSession", appARN)
	instance, image := "arn:aws:ec2:us-east-1:111111111111:instance/*", "arn:aws:ec2:us-east-1::image/ami-1"
	run := func(operator string) Policies {
		return Policies{Identity: identity(`{"Effect":"Allow","Action":"ec2:RunInstances","Resource":"*","Condition":{"` + operator + `":{"ec2:InstanceType":"t2.*"}}}`)}
	}
	onInstance := do(alice(), "ec2:RunInstances", instance).with("ec2:InstanceType", "t2.micro")
	onImage := do(alice(), "ec2:RunInstances", image)
	for _, c := range []struct {
		name string
		p    Policies
		rs   []*Request
		want string
		at   int
	}{
		{"E20", trust, []*Request{&assume, &tag}, byRes, 1},
		{"E20/no-tag", trust, []*Request{&assume}, allow, 1},
		{"E24", run("StringLike"), []*Request{&onInstance, &onImage}, byID, 1},
		{"E24/if-exists", run("StringLikeIfExists"), []*Request{&onInstance, &onImage}, allow, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			e, err := Compile(c.p)
			if err != nil {
				t.Fatal(err)
			}
			d, at := e.AuthorizeAll(c.rs...)
			if d.String() != c.want || at != c.at {
				t.Errorf("got %s at %d, want %s at %d", d, at, c.want, c.at)
			}
		})
	}
}
