package policy

import (
	"strings"

	"pgregory.net/rapid"
)

// Random policies and requests over few words, so that they meet often.
var (
	someActions   = []string{"s3:GetObject", "s3:PutObject", "S3:getbucketpolicy", "ec2:RunInstances", "kms:Decrypt", "sts:AssumeRole", "sts:TagSession", "sqs:SendMessage"}
	actionTexts   = []string{"*", "s3:*", "s3:Get*", "S3:GETOBJECT", "s3:?et*ct", "ec2:*", "kms:*", "kms:De*", "sts:*", "sts:AssumeRole", "sqs:*", "s*:GetObject", "*:*", "s3:*Object"}
	someResources = []string{"*", "arn:aws:s3:::b", "arn:aws:s3:::b/k", "arn:aws:s3:::b/alice/k", "arn:aws:s3:::b/*", "arn:aws:s3:us-east-1:111111111111:b:k", key, appARN, "arn:aws:iam::111111111111:role/aws-service-role/x", "arn:aws-cn:s3:::b/k", "arn:aws:sqs:us-east-1:222222222222:q"}
	resourceTexts = []string{"*", "**", "arn:aws:s3:::b", "arn:aws:s3:::b/*", "arn:aws:s3:::b*", "arn:aws:s3:::?/k", "arn:aws:s3:::b/${aws:username}/*", "arn:aws:s3:::b/${aws:PrincipalTag/t, 'alice'}/k", "arn:aws:s3:*", "arn:aws:s3:*:k", "arn:aws:s3:u*1:*", "arn:aws:s*3:us-*:1*:b:?", "arn:*:*:*:*:*k", "arn:aws:kms:*:*:key/*", "arn:aws:iam::*:role/a*", "arn:aws:s3:::b/${a:k}", "arn:aws:s3:::b/${", "arn:aws:s3", "arn:aws:s3:us-east-?:111111111111:*", "arn:aws:s3:us-east-1?111111111111:*"}
	principalARNs = []string{"*", aliceARN, bobARN, appARN, sessionARN, fedARN, accountA, accountB, "arn:aws:iam::111111111111:root", "AIDAONE", "arn:aws:iam::111111111111:user/*"}
	provider      = "arn:aws:iam::111111111111:saml-provider/p"
	somePrincips  = []Principal{
		alice(), bob(), carol(), app(), fed(), root(), service("a.amazonaws.com"), anonymous(),
		{Kind: SAML, Provider: provider},
		{Kind: IAMUser, ARN: aliceARN, ID: "AIDAONE"},
		{Kind: RoleSession, ARN: appARN},
		{Kind: RoleSession, ARN: appARN, ServiceLinked: true, Account: Account{Management: true}},
		tagged(alice(), "t", "alice"), tagged(app(), "T", "x", "t", "y"), tagged(alice(), "t", ""),
	}
	operatorTexts = func() (texts []string) {
		for name := range operators {
			texts = append(texts, name)
		}
		return sorted(texts)
	}()
	someKeys   = []string{"a:k", "A:K", "a:j", "aws:PrincipalArn", "aws:username", "aws:PrincipalTag/t", "aws:PrincipalOrgID", "aws:PrincipalAccount", "aws:PrincipalIsAWSService", "aws:ResourceAccount", "aws:PrincipalType"}
	someValues = []string{"", "alice", "ALICE", "a*", "?lice", "${aws:username}", "x${a:j}*", "${a:j, 'alice'}", "${*}", "*", "1", "1.0", "-2e1", "10abc", "2020", "1600000000", "2020-09-13T12:26:40Z", "2020-01", "true", "False", "QUE=", "AA", "10.0.0.0/8", "10.1.2.3", "2001:db8::/32", "2001:db8::1", "o-ex", accountA, aliceARN, appARN, "arn:aws:iam::*:user/alice", "arn:aws:iam::*:*", "arn:aws:*:user/alice"}
)

func sorted(texts []string) []string {
	for i := range texts {
		for j := i; j > 0 && texts[j] < texts[j-1]; j-- {
			texts[j], texts[j-1] = texts[j-1], texts[j]
		}
	}
	return texts
}

func values(t *rapid.T, from []string, label string) []Value {
	return Values(rapid.SliceOfN(rapid.SampledFrom(from), 1, 3).Draw(t, label)...)
}

func randomCondition(t *rapid.T) Condition {
	op := rapid.SampledFrom(operatorTexts).Draw(t, "operator")
	op = rapid.SampledFrom([]string{"", "", "ForAllValues:", "ForAnyValue:"}).Draw(t, "set") + op
	if !strings.HasSuffix(strings.ToLower(op), "null") && rapid.Bool().Draw(t, "ifExists") {
		op += "IfExists"
	}
	c := Condition{Operator: op, Key: rapid.SampledFrom(someKeys).Draw(t, "key"), Values: values(t, someValues, "values")}
	if rapid.IntRange(0, 19).Draw(t, "empty") == 0 {
		c.Values = []Value{}
	}
	return c
}

func randomStatement(t *rapid.T, k Kind, effect string) Statement {
	s := Statement{Effect: effect}
	if s.Effect == "" {
		s.Effect = rapid.SampledFrom([]string{EffectAllow, EffectAllow, EffectDeny}).Draw(t, "effect")
	}
	if rapid.IntRange(0, 4).Draw(t, "notAction") == 0 && k != RCP {
		s.NotAction = values(t, actionTexts, "notActions")
	} else {
		s.Action = values(t, actionTexts, "actions")
	}
	if k != Trust {
		if rapid.IntRange(0, 4).Draw(t, "notResource") == 0 {
			s.NotResource = values(t, resourceTexts, "notResources")
		} else {
			s.Resource = values(t, resourceTexts, "resources")
		}
	}
	if k == RCP {
		s.Principal, s.Effect = Everyone(), EffectDeny
	} else if k.takesPrincipal() {
		p := &Principals{AWS: values(t, principalARNs, "principals")}
		switch rapid.IntRange(0, 5).Draw(t, "who") {
		case 0:
			p = Everyone()
		case 1:
			p.Service = Values("a.amazonaws.com")
		case 2:
			p.Federated = Values(provider)
		}
		if k != Trust && rapid.IntRange(0, 4).Draw(t, "notPrincipal") == 0 {
			s.NotPrincipal = p
		} else {
			s.Principal = p
		}
	}
	for range rapid.SampledFrom([]int{0, 0, 1, 2}).Draw(t, "conditions") {
		s.Conditions = append(s.Conditions, randomCondition(t))
	}
	return s
}

func randomDoc(t *rapid.T, k Kind) *Document {
	d := &Document{Kind: k, Version: rapid.SampledFrom([]string{Version2012, Version2012, Version2012, ""}).Draw(t, "version")}
	for range rapid.IntRange(1, 4).Draw(t, "statements") {
		d.Statements = append(d.Statements, randomStatement(t, k, ""))
	}
	return d
}

func chance(t *rapid.T, n int, label string) bool { return rapid.IntRange(1, n).Draw(t, label) == 1 }

func randomPolicies(t *rapid.T) Policies {
	p := Policies{EvenInvalid: true, Gateway: chance(t, 3, "gateway"), RestrictPublicBuckets: chance(t, 4, "block")}
	docs := func(k Kind, most int) (ds []*Document) {
		for range rapid.IntRange(0, most).Draw(t, k.String()) {
			ds = append(ds, randomDoc(t, k))
		}
		return ds
	}
	maybe := func(k Kind, n int) *Document {
		if chance(t, n, k.String()) {
			return randomDoc(t, k)
		}
		return nil
	}
	p.Identity, p.Boundary = docs(Identity, 2), maybe(Boundary, 3)
	if chance(t, 3, "sessions") {
		p.Session = docs(Session, 2)
	}
	p.Resource = maybe(rapid.SampledFrom([]Kind{Resource, Resource, Trust}).Draw(t, "kind"), 2)
	p.Endpoint = maybe(Endpoint, 4)
	for range rapid.SampledFrom([]int{0, 0, 1, 2}).Draw(t, "scps") {
		p.SCPs = append(p.SCPs, Level{Policies: docs(SCP, 2)})
	}
	for range rapid.SampledFrom([]int{0, 0, 1, 2}).Draw(t, "rcps") {
		p.RCPs = append(p.RCPs, Level{Policies: docs(RCP, 2)})
	}
	p.SCPAccount = rapid.SampledFrom([]string{"", "", accountA, accountB}).Draw(t, "scpAccount")
	p.RCPAccount = rapid.SampledFrom([]string{"", "", accountA, accountB}).Draw(t, "rcpAccount")
	flag := func(label string) bool { return chance(t, 5, label) }
	p.Semantics = Semantics{
		BoolVariables: flag("d1"), EmptyIsAbsent: flag("d2"), AnyValueIgnoresIfExists: flag("d3"), ManyMatchAny: flag("d4"),
		NotPrincipalLenient: flag("d5"), StarStaysInSegment: flag("d6"), NoRCPWithoutResource: flag("d8"), FourDigitsAreEpoch: flag("d9"),
		StarIsLimited: flag("d10"), GrantNeedsIdentity: flag("d11"), ArnStarMatchesNothing: flag("d12"), EmptyListIgnored: flag("d13"),
	}
	if flag("d7") {
		p.Semantics.RCPServices = []string{"ec2"}
	}
	if flag("d14") {
		p.Semantics.MandatoryResourcePolicy = []string{"s3"}
	}
	return p
}

// contextKeys are the keys a request may carry without contradicting its principal.
var contextKeys = []string{"a:k", "a:j", "A:k", "aws:PrincipalTag/x"}

func randomRequest(t *rapid.T) Request {
	r := Request{
		Principal: rapid.SampledFrom(somePrincips).Draw(t, "principal"),
		Action:    rapid.SampledFrom(someActions).Draw(t, "action"),
		Resource:  rapid.SampledFrom(someResources).Draw(t, "resource"),
		Context:   Context{}, ViaEndpoint: chance(t, 2, "via"), AWSManagedKey: chance(t, 4, "managed"),
	}
	if strings.HasPrefix(r.Resource, "arn:aws:s3:::") || strings.HasPrefix(r.Resource, "arn:aws-cn") {
		r.Owner = Account{ID: rapid.SampledFrom([]string{accountA, accountB}).Draw(t, "owner")}
	}
	r.Owner.Management = chance(t, 6, "management")
	for _, k := range contextKeys {
		if v := rapid.SliceOfN(rapid.SampledFrom(someValues), 0, 2).Draw(t, k); len(v) > 0 {
			if k == "aws:PrincipalTag/x" && (r.Principal.Tags != nil || !r.Principal.Kind.hasIdentity()) {
				continue
			}
			r.Context[k] = v
		}
	}
	return r
}
