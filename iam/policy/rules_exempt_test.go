package policy

import "testing"

// Who and what is exempt: rules X1 to X13.
func TestExemptions(t *testing.T) {
	denyAll := func(k Kind, service string) Level {
		if k == RCP {
			return level(RCP, `{"Principal":"*","Effect":"Deny","Action":"`+service+`:*","Resource":"*"}`)
		}
		return level(SCP, full, `{"Effect":"Deny","Action":"`+service+`:*","Resource":"*"}`)
	}
	orgOnly := level(RCP, `{"Principal":"*","Effect":"Deny","Action":"s3:*","Resource":"*","Condition":{"StringNotEqualsIfExists":{"aws:PrincipalOrgID":"o-ex"}}}`)
	guarded := level(RCP, `{"Principal":"*","Effect":"Deny","Action":"s3:*","Resource":"*","Condition":{"StringNotEqualsIfExists":{"aws:PrincipalOrgID":"o-ex"},"BoolIfExists":{"aws:PrincipalIsAWSService":"false"}}}`)
	readTo := func(principal string) *Document {
		return doc(Resource, to(principal, "Allow", "s3:GetObject", `"Resource":"*"`))
	}
	linked := Principal{Kind: RoleSession, ServiceLinked: true, ARN: "arn:aws:iam::111111111111:role/aws-service-role/x.amazonaws.com/AWSServiceRoleForX"}
	manager := alice()
	manager.Account.Management = true
	ownedByManagement := get(alice())
	ownedByManagement.Owner.Management = true
	managedKey := do(alice(), "kms:Decrypt", key)
	managedKey.AWSManagedKey = true
	keyAll := doc(Resource, to(aws(aliceARN), "Allow", "kms:*", `"Resource":"*"`))
	lockedOut := doc(Resource, to(`"*"`, "Deny", "s3:*", `"Resource":"*"`))
	china := do(alice(), "s3:GetObject", "arn:aws-cn:s3:::b/k")

	runRows(t, []row{
		{"X1", Policies{SCPs: []Level{denyAll(SCP, "sts")}}, do(alice(), "sts:GetCallerIdentity", "*"), allow},
		{"X1/unsigned", Policies{}, do(anonymous(), "sts:GetCallerIdentity", "*"), byRes},
		{"X2", Policies{}, get(root()), allow},
		{"X2/scp", Policies{SCPs: []Level{level(SCP, ec2)}}, get(root()), "implicit deny (scp, level 0)"},
		{"X2/boundary-cannot-be-attached", Policies{Boundary: doc(Boundary, ec2)}, get(root()), allow},
		{"X2/explicit-deny", Policies{Resource: lockedOut}, get(root()), denyRes},
		{"X3", Policies{Resource: doc(Resource, to(aws(bobARN), "Allow", "kms:*", `"Resource":"*"`))}, do(root(), "kms:DescribeKey", key), byRes},
		{"X3/account-named", Policies{Resource: doc(Resource, to(aws(accountA), "Allow", "kms:*", `"Resource":"*"`))}, do(root(), "kms:DescribeKey", key), allow},
		{"X3/cannot-assume", Policies{Resource: doc(Trust, to(`"*"`, "Allow", "sts:AssumeRole", ""))}, do(root(), "sts:AssumeRole", appARN), byRes},
		{"X3/task-policy", Policies{Session: []*Document{doc(Session, ec2)}}, get(root()), bySP},
		{"X4", Policies{Resource: lockedOut}, do(root(), "s3:DeleteBucketPolicy", "arn:aws:s3:::b"), allow},
		{"X4/only-three-actions", Policies{Resource: lockedOut}, do(root(), "s3:ListBucket", "arn:aws:s3:::b"), denyRes},
		{"X5", Policies{SCPAccount: accountA, SCPs: []Level{denyAll(SCP, "s3")}, Identity: identity(full), Resource: readTo(aws(carol().ARN))}, get(carol()), allow},
		{"X5/management-account", Policies{SCPs: []Level{denyAll(SCP, "s3")}, Identity: identity(full)}, get(manager), allow},
		{"X5/service-linked", Policies{SCPs: []Level{denyAll(SCP, "s3")}, Identity: identity(full)}, get(linked), allow},
		{"X5/service", Policies{SCPs: []Level{denyAll(SCP, "s3")}, Resource: readTo(`{"Service":"a.amazonaws.com"}`)}, get(service("a.amazonaws.com")), allow},
		{"X5/anonymous", Policies{SCPs: []Level{denyAll(SCP, "s3")}, Resource: readTo(`"*"`)}, get(anonymous()), allow},
		{"X6", Policies{SCPs: []Level{denyAll(SCP, "s3")}}, get(root()), "explicit deny (scp, level 0)"},
		{"X7", Policies{RCPs: []Level{orgOnly}, Identity: identity(full), Resource: readTo(aws(carol().ARN))}, get(carol()), "explicit deny (rcp, level 0)"},
		{"X7/member", Policies{RCPs: []Level{orgOnly}, Identity: identity(full), Resource: readTo(aws(bobARN))}, get(bob()), allow},
		{"X7/outsider", Policies{RCPs: []Level{orgOnly}, Identity: identity(full), Resource: readTo(aws(carol().ARN))}, get(carol()).with("aws:PrincipalOrgID", "o-other"), "explicit deny (rcp, level 0)"},
		{"X7/service", Policies{RCPs: []Level{denyAll(RCP, "s3")}, Resource: readTo(`{"Service":"a.amazonaws.com"}`)}, get(service("a.amazonaws.com")), "explicit deny (rcp, level 0)"},
		{"X7/service-guarded", Policies{RCPs: []Level{guarded}, Resource: readTo(`{"Service":"a.amazonaws.com"}`)}, get(service("a.amazonaws.com")), allow},
		{"X7/anonymous", Policies{RCPs: []Level{denyAll(RCP, "s3")}, Resource: readTo(`"*"`)}, get(anonymous()), "explicit deny (rcp, level 0)"},
		{"X7/root", Policies{RCPs: []Level{denyAll(RCP, "s3")}}, get(root()), "explicit deny (rcp, level 0)"},
		{"X8", Policies{RCPs: []Level{denyAll(RCP, "ec2")}, Identity: identity(full)}, do(alice(), "ec2:StartInstances", "arn:aws:ec2:us-east-1:111111111111:instance/i-1"), allow},
		{"X8/management-account", Policies{RCPs: []Level{denyAll(RCP, "s3")}, Identity: identity(full)}, ownedByManagement, allow},
		{"X8/service-linked", Policies{RCPs: []Level{denyAll(RCP, "s3")}, Identity: identity(full)}, get(linked), allow},
		{"X8/becoming-service-linked", Policies{RCPs: []Level{denyAll(RCP, "sts")}, Resource: doc(Trust, to(`{"Service":"x.amazonaws.com"}`, "Allow", "sts:AssumeRole", ""))}, do(service("x.amazonaws.com"), "sts:AssumeRole", linked.ARN), allow},
		{"X8/managed-key", Policies{RCPs: []Level{denyAll(RCP, "kms")}, Resource: keyAll}, managedKey, allow},
		{"X8/customer-key", Policies{RCPs: []Level{denyAll(RCP, "kms")}, Resource: keyAll}, do(alice(), "kms:Decrypt", key), "explicit deny (rcp, level 0)"},
		{"X8/retire-grant", Policies{RCPs: []Level{denyAll(RCP, "kms")}, Grants: []Grant{{Retiring: aliceARN}}}, do(alice(), "kms:RetireGrant", key), allow},
		{"X8/other-account", Policies{RCPAccount: accountB, RCPs: []Level{denyAll(RCP, "s3")}, Identity: identity(full)}, get(alice()), allow},
		{"X9", Policies{RCPs: []Level{denyAll(RCP, "sqs")}, Identity: identity(full)}, get(alice()), allow},
		{"X9/no-policy", Policies{RCPs: []Level{{Name: "root"}}, Identity: identity(full)}, get(alice()), allow},
		{"X10", Policies{RCPs: []Level{denyAll(RCP, "s3")}, Identity: identity(full)}, do(alice(), "s3:ListAllMyBuckets", "*"), "explicit deny (rcp, level 0)"},
		{"X11", Policies{Identity: identity(full)}, do(alice(), "iam:PutRolePolicy", linked.ARN), "implicit deny (immutable)"},
		{"X11/reading", Policies{Identity: identity(full)}, do(alice(), "iam:GetRolePolicy", linked.ARN), allow},
		{"X12", Policies{Identity: identity(full)}, Request{Principal: alice(), Action: "iam:CreatePolicyVersion", Resource: "arn:aws:iam::aws:policy/ReadOnlyAccess"}, "implicit deny (immutable)"},
		{"X12/alias", Policies{Identity: identity(full)}, do(alice(), "kms:UpdateAlias", "arn:aws:kms:us-east-1:111111111111:alias/aws/s3"), "implicit deny (immutable)"},
		{"X12/key", Policies{Identity: identity(full)}, func() Request { r := managedKey; r.Action = "kms:PutKeyPolicy"; return r }(), "implicit deny (immutable)"},
		{"X12/attaching", Policies{Identity: identity(full)}, Request{Principal: alice(), Action: "iam:GetPolicy", Resource: "arn:aws:iam::aws:policy/ReadOnlyAccess"}, allow},
		{"X13", Policies{Identity: identity(full)}, china, "implicit deny (partition)"},
	})
}

// What a statement is about: rules P1 to P12 and S1 to S6.
func TestStatements(t *testing.T) {
	deny := func(notPrincipal string) *Document {
		return doc(Resource, `{"Effect":"Deny","NotPrincipal":`+notPrincipal+`,"Action":"s3:*","Resource":"*"}`)
	}
	allowTo := func(principal string) Policies {
		return Policies{Resource: doc(Resource, to(principal, "Allow", "s3:GetObject", `"Resource":"*"`))}
	}
	only := func(statement string) Policies { return Policies{Identity: identity(statement)} }
	pathed := Principal{Kind: RoleSession, ARN: "arn:aws:iam::111111111111:role/team/app", Session: sessionARN}
	recreated := alice()
	recreated.ID = "AIDANEW"
	original := alice()
	original.ID = "AIDAOLD"
	notAllow := Policies{Resource: doc(Resource, `{"Effect":"Allow","NotPrincipal":`+aws(aliceARN)+`,"Action":"s3:*","Resource":"*"}`)}

	runRows(t, []row{
		{"P1", Policies{Identity: identity(full), Resource: doc(Resource, to(aws(accountA), "Deny", "s3:*", `"Resource":"*"`))}, get(alice()), denyRes},
		{"P1/arn", Policies{Identity: identity(full), Resource: doc(Resource, to(aws("arn:aws:iam::111111111111:root"), "Deny", "s3:*", `"Resource":"*"`))}, get(alice()), denyRes},
		{"P2", allowTo(`{"AWS":"*"}`), get(anonymous()), allow},
		{"P2/service", allowTo(`"*"`), get(service("a.amazonaws.com")), allow},
		{"P3", Policies{Resource: doc(Resource, to(`"*"`, "Allow", "s3:GetObject", `"Resource":"*","Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-ex"}}`))}, get(Principal{Kind: Anonymous, Account: Account{OrgID: "o-ex"}}), byRes},
		{"P4", Policies{EvenInvalid: true, Resource: doc(Resource, to(aws("arn:aws:iam::111111111111:role/a*"), "Allow", "s3:GetObject", `"Resource":"*"`))}, get(app()), byID},
		{"P5/role", allowTo(aws(pathed.ARN)), get(pathed), allow},
		{"P5/without-path", allowTo(aws(appARN)), get(pathed), byID},
		{"P5/other-session", allowTo(aws("arn:aws:sts::111111111111:assumed-role/app/s2")), get(app()), byID},
		{"P6", allowTo(aws("arn:aws:iam::111111111111:user/Alice")), get(alice()), byID},
		{"P7", allowTo(aws("AIDAOLD")), get(original), allow},
		{"P7/recreated", allowTo(aws("AIDAOLD")), get(recreated), byID},
		{"P8", allowTo(`{"Service":"states.amazonaws.com"}`), get(service("states.us-east-1.amazonaws.com")), byRes},
		{"P8/exact", allowTo(`{"Service":["x.amazonaws.com","states.amazonaws.com"]}`), get(service("states.amazonaws.com")), allow},
		{"P9/canonical", allowTo(`{"CanonicalUser":"79a5"}`), get(Principal{Kind: RootUser, ARN: "arn:aws:iam::222222222222:root", Account: Account{CanonicalID: "79a5"}}), allow},
		{"P9/other-canonical", allowTo(`{"CanonicalUser":"79a5"}`), get(Principal{Kind: RootUser, ARN: "arn:aws:iam::222222222222:root", Account: Account{CanonicalID: "79a6"}}), byRes},
		{"P9/list-is-or", allowTo(`{"AWS":["` + bobARN + `","` + aliceARN + `"],"Service":"x.amazonaws.com"}`), get(alice()), allow},
		{"P10", Policies{Identity: identity(full), Resource: deny(aws(appARN))}, get(app()), denyRes},
		{"P10/exempt", Policies{Identity: identity(full), Resource: deny(aws(sessionARN, appARN, accountA))}, get(app()), allow},
		{"P10/user", Policies{Identity: identity(full), Resource: deny(aws(aliceARN, accountA))}, get(alice()), allow},
		{"P10/user-without-account", Policies{Identity: identity(full), Resource: deny(aws(aliceARN))}, get(alice()), denyRes},
		{"P11", Policies{Identity: identity(full), Boundary: doc(Boundary, full), Resource: deny(aws(aliceARN, accountA))}, get(alice()), denyRes},
		{"P12", notAllow, get(anonymous()), allow},
		{"P12/listed", notAllow, get(alice()), byID},
		{"S1", only(`{"Effect":"Allow","Action":"S3:getobject","Resource":"*"}`), get(alice()), allow},
		{"S1/request-case", only(`{"Effect":"Allow","Action":"s3:Get*","Resource":"*"}`), do(alice(), "S3:GETOBJECT", object), allow},
		{"S1/partial-service", only(`{"Effect":"Allow","Action":"s*:GetObject","Resource":"*"}`), get(alice()), byID},
		{"S1/any-service", only(`{"Effect":"Allow","Action":"*:GetObject","Resource":"*"}`), get(alice()), byID},
		{"S1/star-star", only(`{"Effect":"Allow","Action":"*:*","Resource":"*"}`), get(alice()), allow},
		{"S1/glob", only(`{"Effect":"Allow","Action":"s3:G?t*ect","Resource":"*"}`), get(alice()), allow},
		{"S1/glob-fails", only(`{"Effect":"Allow","Action":"s3:G?t*ects","Resource":"*"}`), get(alice()), byID},
		{"S2", only(`{"Effect":"Allow","NotAction":"iam:*","Resource":"*"}`), do(alice(), "ec2:RunInstances", "arn:aws:ec2:us-east-1:111111111111:instance/*"), allow},
		{"S2/listed", only(`{"Effect":"Allow","NotAction":["iam:*","s3:Get*"],"Resource":"*"}`), get(alice()), byID},
		{"S2/resource", only(`{"Effect":"Allow","NotAction":"s3:DeleteBucket","Resource":"arn:aws:s3:::*"}`), do(alice(), "s3:ListAllMyBuckets", "*"), byID},
		{"S3", Policies{Identity: identity(full, `{"Effect":"Deny","Action":"s3:*","NotResource":"arn:aws:s3:::c/*"}`)}, get(alice()), denyID},
		{"S3/listed", Policies{Identity: identity(full, `{"Effect":"Deny","Action":"s3:*","NotResource":["arn:aws:s3:::c/*","arn:aws:s3:::b/*"]}`)}, get(alice()), allow},
		{"S4", only(`{"Effect":"Allow","Action":"ec2:DescribeInstances","Resource":"arn:aws:ec2:*:*:instance/*"}`), do(alice(), "ec2:DescribeInstances", "*"), byID},
		{"S4/question", only(`{"Effect":"Allow","Action":"ec2:DescribeInstances","Resource":"?"}`), do(alice(), "ec2:DescribeInstances", "*"), byID},
		{"S4/star", only(`{"Effect":"Allow","Action":"ec2:DescribeInstances","Resource":"*"}`), do(alice(), "ec2:DescribeInstances", "*"), allow},
		{"S5", Policies{Resource: doc(Resource, to(aws(aliceARN), "Allow", "s3:GetObject", ""))}, get(alice()), allow},
		{"S6", Policies{Identity: []*Document{parseText(Identity, `{"Version":"2012-10-17","Statement":{"Sid":"AllowS3","Effect":"Allow","Action":"ec2:*","Resource":"*"}}`)}}, get(alice()), byID},
	})
}
