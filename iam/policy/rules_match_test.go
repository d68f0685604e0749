package policy

import (
	"strings"
	"testing"
)

// Wildcards and ARNs: rules M1 to M11.
func TestMatching(t *testing.T) {
	covers := func(name, pattern, resource string, want bool) row {
		w := byID
		if want {
			w = allow
		}
		return row{name, Policies{Identity: identity(`{"Effect":"Allow","Action":"x:*","Resource":"` + pattern + `"}`)}, do(alice(), "x:Y", resource), w}
	}
	arnLike := func(name, pattern, value string, want bool) row {
		w := byID
		if want {
			w = allow
		}
		return row{name, Policies{Identity: ifs(`"ArnLike":{"a:k":"` + pattern + `"}`)}, get(alice()).with("a:k", value), w}
	}
	const table = "arn:aws:dynamodb:us-east-1:111111111111:table/t"
	runRows(t, []row{
		covers("M1/star", "arn:aws:s3:::b/a*c", "arn:aws:s3:::b/abbc", true),
		covers("M1/star-empty", "arn:aws:s3:::b/a*c", "arn:aws:s3:::b/ac", true),
		covers("M1/question", "arn:aws:s3:::b/a?c", "arn:aws:s3:::b/ac", false),
		covers("M1/question-is-a-character", "arn:aws:s3:::b/a?c", "arn:aws:s3:::b/aéc", true),
		covers("M1/no-classes", "arn:aws:s3:::b/[ab]", "arn:aws:s3:::b/a", false),
		covers("M1/backtrack", "arn:aws:s3:::b/*ab*abc", "arn:aws:s3:::b/xabababc", true),
		covers("M2", "arn:aws:s3:::b/"+strings.Repeat("*a", 30)+"*b", "arn:aws:s3:::b/"+strings.Repeat("a", 4000), false),
		covers("M2/mixed", "arn:aws:s3:*x:*:b/"+strings.Repeat("*a", 30)+"*b", "arn:aws:s3:x:"+accountA+":b/"+strings.Repeat("a", 2000), false),
		{"M3", Policies{Identity: identity(`{"Effect":"Allow","Action":"X:y","Resource":"*"}`)}, do(alice(), "x:Y", "*"), allow},
		covers("M4", "arn:aws:dynamodb:*:table/t", table, true),
		covers("M4/not-at-the-end", "arn:aws:dynamodb:us*1:table/t", table, false),
		covers("M4/inside", "arn:aws:dynamodb:us-*-1:111111111111:table/t", table, true),
		covers("M4/inside-question", "arn:aws:dynamodb:us-east-?:*:table/t", table, true),
		covers("M4/question-is-no-colon", "arn:aws:dynamodb:us-east-1?111111111111:table/t", table, false),
		covers("M4/mixed", "arn:aws:s*:b*c:x:y:z", "arn:aws:sZ:bX:bYc:x:y:z", true),
		covers("M5", "arn:aws:s3:::b/*/t/*", "arn:aws:s3:::b/1/2/t/x", true),
		covers("M5/empty", "arn:aws:s3:::b/*/t/*", "arn:aws:s3:::b//t/", true),
		covers("M5/too-short", "arn:aws:s3:::b/*/t/*", "arn:aws:s3:::b/t/x", false),
		covers("M5/colon", "arn:aws:logs:*:*:log-group:/a/*", "arn:aws:logs:us-east-1:111111111111:log-group:/a/f:log-stream:x", true),
		covers("M6", "arn:aws:s3:::b*", "arn:aws:s3:::b2/secret", true),
		covers("M7", "arn:aws:s3:::B/k", "arn:aws:s3:::b/k", false),
		covers("M7/after-question", "arn:aws:s3:::?/K", "arn:aws:s3:::b/k", false),
		covers("M8", "*", "*", true),
		covers("M8/double", "**", "*", true),
		covers("M8/arn", "arn:*", "*", false),
		arnLike("M9", "arn:aws:iam::*:user/*", aliceARN, true),
		arnLike("M9/parts", "arn:aws:*:user/*", aliceARN, false),
		arnLike("M9/not-an-arn", "arn:aws:s3:::*", "b", false),
		arnLike("M9/star", "*", aliceARN, true),
		arnLike("M9/star-needs-an-arn", "*", "alice", false),
		arnLike("M9/sixth-is-the-rest", "arn:aws:logs:*:*:log-group:*", "arn:aws:logs:us-east-1:1:log-group:/a:log-stream:x", true),
		arnLike("M9/question", "arn:aws:iam:?:111111111111:user/alice", aliceARN, false),
		covers("M10", "arn:*:dynamodb:*:*:table/t", table, true),
		covers("M10/service", "arn:aws:dynamo*:us-east-1:111111111111:table/t", table, true),
		covers("M11", "arn:aws:s3", "arn:aws:s3:::b", false),
		{"M11/request", Policies{Identity: identity(full)}, do(alice(), "s3:GetObject", "arn:aws:s3"), `implicit deny (request: Resource: "arn:aws:s3" is neither "*" nor a complete ARN)`},
	})
}

// Both values of every option: D1 to D14.
func TestSemantics(t *testing.T) {
	boolVar := Policies{Identity: ifs(`"Bool":{"a:k":"${a:b}"}`)}
	empty := Policies{Identity: ifs(`"Null":{"a:k":"false"}`)}
	emptyVar := Policies{Identity: identity(`{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::b/${a:p}k"}`)}
	anyIf := Policies{Identity: ifs(`"ForAnyValue:StringEqualsIfExists":{"a:k":"a"}`)}
	many := Policies{Identity: ifs(`"StringEquals":{"a:k":"a"}`)}
	manyNot := Policies{Identity: ifs(`"StringNotEquals":{"a:k":"a"}`)}
	notPrincipal := Policies{Identity: identity(full), Resource: doc(Resource, `{"Effect":"Deny","NotPrincipal":`+aws(appARN)+`,"Action":"s3:*","Resource":"*"}`)}
	runOver := Policies{Identity: identity(`{"Effect":"Allow","Action":"dynamodb:*","Resource":"arn:aws:dynamodb:*:table/t"}`)}
	table := do(alice(), "dynamodb:GetItem", "arn:aws:dynamodb:us-east-1:111111111111:table/t")
	rcp := Policies{Identity: identity(full), RCPs: []Level{level(RCP, `{"Principal":"*","Effect":"Deny","Action":"s3:*","Resource":"*"}`)}}
	year := Policies{Identity: ifs(`"DateGreaterThan":{"a:k":"2020"}`)}
	starTo := Policies{Boundary: doc(Boundary, ec2), Resource: doc(Resource, to(`"*"`, "Allow", "s3:*", `"Resource":"*"`))}
	pinned := Policies{Boundary: doc(Boundary, ec2), Resource: doc(Resource, to(`"*"`, "Allow", "s3:*", `"Resource":"*","Condition":{"ArnEquals":{"aws:PrincipalArn":"`+appARN+`"}}`))}
	other := Principal{Kind: RoleSession, ARN: "arn:aws:iam::222222222222:role/x"}
	grant := Policies{Grants: []Grant{{Grantee: other.ARN, Operations: []string{"Decrypt"}}}}
	arnStar := Policies{Identity: ifs(`"ArnLike":{"a:k":"*"}`)}
	list := Policies{Identity: ifs(`"StringEquals":{"a:k":[]}`)}
	with := func(p Policies, s Semantics) Policies { p.Semantics = s; return p }
	two := get(alice()).with("a:k", "a", "b")

	runRows(t, []row{
		{"D1", boolVar, get(alice()).with("a:k", "true").with("a:b", "true"), byID},
		{"D1/on", with(boolVar, Semantics{BoolVariables: true}), get(alice()).with("a:k", "true").with("a:b", "true"), allow},
		{"D2", empty, get(alice()).with("a:k", ""), allow},
		{"D2/on", with(empty, Semantics{EmptyIsAbsent: true}), get(alice()).with("a:k", ""), byID},
		{"D2/variable", with(emptyVar, Semantics{EmptyIsAbsent: true}), get(alice()).with("a:p", ""), byID},
		{"D2/tag", with(Policies{Identity: ifs(`"Null":{"aws:PrincipalTag/t":"false"}`)}, Semantics{EmptyIsAbsent: true}), get(tagged(alice(), "t", "")), byID},
		{"D3", anyIf, get(alice()), allow},
		{"D3/on", with(anyIf, Semantics{AnyValueIgnoresIfExists: true}), get(alice()), byID},
		{"D4", many, two, byID},
		{"D4/on", with(many, Semantics{ManyMatchAny: true}), two, allow},
		{"D4/negated", with(manyNot, Semantics{ManyMatchAny: true}), two, byID},
		{"D5", notPrincipal, get(app()), denyRes},
		{"D5/on", with(notPrincipal, Semantics{NotPrincipalLenient: true}), get(app()), allow},
		{"D6", runOver, table, allow},
		{"D6/on", with(runOver, Semantics{StarStaysInSegment: true}), table, byID},
		{"D6/star-alone", with(Policies{Identity: identity(full)}, Semantics{StarStaysInSegment: true}), table, allow},
		{"D7", rcp, get(alice()), "explicit deny (rcp, level 0)"},
		{"D7/on", with(rcp, Semantics{RCPServices: []string{"sqs"}}), get(alice()), allow},
		{"D8", rcp, do(alice(), "s3:ListAllMyBuckets", "*"), "explicit deny (rcp, level 0)"},
		{"D8/on", with(rcp, Semantics{NoRCPWithoutResource: true}), do(alice(), "s3:ListAllMyBuckets", "*"), allow},
		{"D9", year, get(alice()).with("a:k", "2019-06-01"), byID},
		{"D9/on", with(year, Semantics{FourDigitsAreEpoch: true}), get(alice()).with("a:k", "2019-06-01"), allow},
		{"D10", starTo, get(app()), allow},
		{"D10/on", with(starTo, Semantics{StarIsLimited: true}), get(app()), byPB},
		{"D10/user", with(starTo, Semantics{StarIsLimited: true}), get(alice()), byPB},
		{"D10/pinned", with(pinned, Semantics{StarIsLimited: true}), get(app()), allow},
		{"D11", grant, do(other, "kms:Decrypt", key), allow},
		{"D11/on", with(grant, Semantics{GrantNeedsIdentity: true}), do(other, "kms:Decrypt", key), byID},
		{"D12", arnStar, get(alice()).with("a:k", aliceARN), allow},
		{"D12/on", with(arnStar, Semantics{ArnStarMatchesNothing: true}), get(alice()).with("a:k", aliceARN), byID},
		{"D13", list, get(alice()).with("a:k", "a"), byID},
		{"D13/on", with(list, Semantics{EmptyListIgnored: true}), get(alice()).with("a:k", "a"), allow},
		{"D14", Policies{Identity: identity(full)}, get(alice()), allow},
		{"D14/on", with(Policies{Identity: identity(full)}, Semantics{MandatoryResourcePolicy: []string{"s3"}}), get(alice()), byRes},
		{"D14/not-kms", with(Policies{Identity: identity(full)}, Semantics{MandatoryResourcePolicy: []string{}}), do(alice(), "kms:Decrypt", key), allow},
	})
}
