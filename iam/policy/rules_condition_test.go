package policy

import "testing"

// Condition operators: rules C1 to C24, and the tables of every operator.
func TestConditions(t *testing.T) {
	check := func(name, conditions string, want bool, context ...string) row {
		r := get(alice())
		// Two entries of the context are one key and one value; equal keys join.
		for i := 0; i < len(context); i += 2 {
			r = r.with(context[i], append(append([]string{}, r.Context[context[i]]...), context[i+1])...)
		}
		w := byID
		if want {
			w = allow
		}
		return row{name, Policies{Identity: ifs(conditions)}, r, w}
	}
	const any1 = `"ForAllValues:StringLike":{"aws:TagKeys":["key1*"]}`
	const none1 = `"ForAllValues:StringNotLike":{"aws:TagKeys":["key1*"]}`
	const sns = "arn:aws:sns:us-east-2:999999999999:x:111111111111:fin/d"
	denyUnless := func(condition string) Policies {
		return Policies{Identity: identity(full, `{"Effect":"Deny","Action":"s3:*","Resource":"*","Condition":{`+condition+`}}`)}
	}

	runRows(t, []row{
		check("C1", `"StringEquals":{"a:k1":["a","b"],"a:k2":"c"}`, true, "a:k1", "b", "a:k2", "c"),
		check("C1/one-key-fails", `"StringEquals":{"a:k1":["a","b"],"a:k2":"c"}`, false, "a:k1", "b", "a:k2", "d"),
		check("C1/one-operator-fails", `"StringEquals":{"a:k":"a"},"StringLike":{"a:j":"b*"}`, false, "a:k", "a", "a:j", "c"),
		check("C2", `"StringNotEquals":{"a:k":["a","b"]}`, false, "a:k", "b"),
		check("C2/none", `"StringNotEquals":{"a:k":["a","b"]}`, true, "a:k", "c"),
		check("C3", `"StringEquals":{"aws:PrincipalTag/t":"x"}`, false),
		check("C3/number", `"NumericLessThan":{"a:k":"5"}`, false),
		{"C4", denyUnless(`"StringNotEquals":{"aws:SourceVpce":"vpce-1"}`), get(alice()), denyID},
		check("C4/number", `"NumericNotEquals":{"a:k":"5"}`, true),
		check("C4/ip", `"NotIpAddress":{"a:k":"10.0.0.0/8"}`, true),
		check("C4/arn", `"ArnNotLike":{"a:k":"arn:aws:s3:::*"}`, true),
		{"C5", denyUnless(`"BoolIfExists":{"aws:MultiFactorAuthPresent":"false"}`), get(alice()), denyID},
		{"C5/plain-bool", denyUnless(`"Bool":{"aws:MultiFactorAuthPresent":"false"}`), get(alice()), allow},
		check("C5/present", `"StringEqualsIfExists":{"a:k":"x"}`, false, "a:k", "y"),
		check("C5/negated", `"StringNotEqualsIfExists":{"a:k":"x"}`, false, "a:k", "x"),
		check("C6", `"Null":{"aws:TokenIssueTime":"true"}`, true),
		check("C6/present", `"Null":{"aws:TokenIssueTime":"true"}`, false, "aws:TokenIssueTime", "2026-01-01T00:00:00Z"),
		check("C6/bare", `"Null":{"aws:TokenIssueTime":false}`, true, "aws:TokenIssueTime", "2026-01-01T00:00:00Z"),
		check("C7", any1, false, "aws:TagKeys", "key1x", "aws:TagKeys", "key2"),
		check("C7/all", any1, true, "aws:TagKeys", "key1x", "aws:TagKeys", "key1y"),
		check("C7/absent", any1, true),
		check("C7/negated", none1, true, "aws:TagKeys", "key2"),
		check("C7/negated-fails", none1, false, "aws:TagKeys", "key1x"),
		check("C8", `"ForAnyValue:StringNotEquals":{"a:k":"a"}`, true, "a:k", "a", "a:k", "b"),
		check("C8/only-that", `"ForAnyValue:StringNotEquals":{"a:k":"a"}`, false, "a:k", "a"),
		check("C8/absent", `"ForAnyValue:StringNotEquals":{"a:k":"a"}`, false),
		check("C8/positive", `"ForAnyValue:StringEquals":{"a:k":"a"}`, true, "a:k", "b", "a:k", "a"),
		check("C9", `"ForAnyValue:StringEqualsIfExists":{"aws:TagKeys":"a"}`, true),
		check("C9/all", `"ForAllValues:StringEqualsIfExists":{"aws:TagKeys":"a"}`, true),
		check("C10", `"StringEquals":{"aws:TagKeys":"a"}`, true, "aws:TagKeys", "a"),
		check("C10/two", `"StringEquals":{"aws:TagKeys":"a"}`, false, "aws:TagKeys", "a", "aws:TagKeys", "b"),
		check("C10/negated", `"StringNotEquals":{"aws:TagKeys":"c"}`, false, "aws:TagKeys", "a", "aws:TagKeys", "b"),
		check("C11", `"Null":{"aws:RequestTag/x":"false"}`, true, "aws:RequestTag/x", ""),
		check("C12", `"Bool":{"aws:SecureTransport":"True"}`, true, "aws:SecureTransport", "true"),
		check("C12/other-text", `"Bool":{"aws:SecureTransport":"true"}`, false, "aws:SecureTransport", "yes"),
		check("C12/bare", `"Bool":{"aws:SecureTransport":true}`, true, "aws:SecureTransport", "TRUE"),
		check("C13", `"NumericEquals":{"a:n":"10.0"}`, true, "a:n", "10"),
		check("C13/not-a-number", `"NumericEquals":{"a:n":"10"}`, false, "a:n", "10abc"),
		check("C13/not-a-number-negated", `"NumericNotEquals":{"a:n":"10"}`, true, "a:n", "10abc"),
		check("C13/beyond-float", `"NumericEquals":{"a:n":"9007199254740993"}`, false, "a:n", "9007199254740992"),
		check("C13/exponent", `"NumericEquals":{"a:n":"1.5e3"}`, true, "a:n", "1500"),
		check("C13/less", `"NumericLessThan":{"a:n":10}`, true, "a:n", "-2"),
		check("C13/not-less", `"NumericLessThan":{"a:n":10}`, false, "a:n", "10"),
		check("C13/less-equal", `"NumericLessThanEquals":{"a:n":10}`, true, "a:n", "10"),
		check("C13/greater", `"NumericGreaterThan":{"a:n":"0.1"}`, true, "a:n", "0.11"),
		check("C13/greater-equal", `"NumericGreaterThanEquals":{"a:n":"-1"}`, false, "a:n", "-1.5"),
		check("C14", `"DateGreaterThan":{"aws:EpochTime":"2020-01-01T00:00:00Z"}`, true, "aws:EpochTime", "1767225600"),
		check("C14/epoch-in-policy", `"DateLessThan":{"aws:CurrentTime":"1700000000"}`, false, "aws:CurrentTime", "2026-01-01T00:00:00Z"),
		check("C14/offset", `"DateEquals":{"aws:CurrentTime":"2026-01-01T02:00:00+02:00"}`, true, "aws:CurrentTime", "2026-01-01T00:00:00Z"),
		check("C14/month", `"DateEquals":{"aws:CurrentTime":"2026-01"}`, true, "aws:CurrentTime", "2026-01-01"),
		check("C14/no-such-day", `"DateNotEquals":{"aws:CurrentTime":"2026-02-30"}`, true, "aws:CurrentTime", "2026-03-02"),
		check("C14/fraction", `"DateLessThanEquals":{"aws:CurrentTime":"2026-01-01T00:00:00.25Z"}`, false, "aws:CurrentTime", "2026-01-01T00:00:00.250000001Z"),
		check("C14/later-or-equal", `"DateGreaterThanEquals":{"aws:CurrentTime":"2026-01-01"}`, true, "aws:CurrentTime", "2026-01-01T00:00Z"),
		check("C15", `"IpAddress":{"aws:SourceIp":"0.0.0.0/0"}`, true, "aws:SourceIp", "8.8.8.8"),
		check("C15/ipv6", `"IpAddress":{"aws:SourceIp":"2001:DB8::/32"}`, true, "aws:SourceIp", "2001:db8:0:0:0:0:0:1"),
		check("C15/host-bits", `"IpAddress":{"aws:SourceIp":"203.0.113.9/24"}`, true, "aws:SourceIp", "203.0.113.200"),
		check("C15/no-prefix", `"IpAddress":{"aws:SourceIp":"203.0.113.9"}`, false, "aws:SourceIp", "203.0.113.10"),
		check("C15/families-apart", `"IpAddress":{"aws:SourceIp":"::/0"}`, false, "aws:SourceIp", "8.8.8.8"),
		check("C15/not", `"NotIpAddress":{"aws:SourceIp":["10.0.0.0/8","192.168.0.0/16"]}`, false, "aws:SourceIp", "192.168.3.4"),
		check("C16", `"BinaryEquals":{"a:k":"QQ=="}`, true, "a:k", "A"),
		check("C16/other", `"BinaryEquals":{"a:k":"QQ=="}`, false, "a:k", "QQ=="),
		check("C17/string", `"StringLike":{"aws:SourceArn":"arn:aws:sns:*:111111111111:fin/*"}`, true, "aws:SourceArn", sns),
		check("C17/arn", `"ArnLike":{"aws:SourceArn":"arn:aws:sns:*:111111111111:fin/*"}`, false, "aws:SourceArn", sns),
		check("C18", `"StringEquals":{"AWS:SourceVPC":"vpc-1"}`, true, "aws:SourceVpc", "vpc-1"),
		check("C18/values", `"StringEquals":{"a:k":"X"}`, false, "a:k", "x"),
		check("C18/ignore-case", `"StringEqualsIgnoreCase":{"a:k":"X"}`, true, "a:k", "x"),
		check("C18/not-ignore-case", `"StringNotEqualsIgnoreCase":{"a:k":"X"}`, false, "a:k", "x"),
		check("C19", `"StringEquals":{"aws:ResourceTag/EC2":"t1"}`, false, "aws:ResourceTag/ec2", "t1", "aws:ResourceTag/EC2", "t1"),
		check("C20", `"StringEquals":{"a:k":[]}`, false, "a:k", "x"),
		check("C20/negated", `"StringNotEquals":{"a:k":[]}`, true, "a:k", "x"),
		check("C20/all-absent", `"ForAllValues:StringEquals":{"a:k":[]}`, true),
		check("C20/all", `"ForAllValues:StringEquals":{"a:k":[]}`, false, "a:k", "x"),
		check("C20/any", `"ForAnyValue:StringEquals":{"a:k":[]}`, false, "a:k", "x"),
		check("C20/if-exists", `"StringEqualsIfExists":{"a:k":[]}`, false, "a:k", "x"),
		check("C21", `"StringEquals":{"a:k":12}`, true, "a:k", "12"),
		check("C22", `"IpAddress":{"aws:SourceIp":"10.0.0.0/33"}`, false, "aws:SourceIp", "10.0.0.1"),
		check("C22/negated", `"DateNotEquals":{"aws:CurrentTime":"yesterday"}`, true, "aws:CurrentTime", "2026-01-01"),
		check("C23/all", `"ForAllValues:Null":{"a:k":"true"}`, true, "a:k", "x"),
		check("C23/any", `"ForAnyValue:Null":{"a:k":"false"}`, false, "a:k", "x"),
		check("C24/absent", `"foranyvalue:STRINGlikeifexists":{"a:k":"x*"}`, true),
		check("C24", `"foranyvalue:STRINGlikeifexists":{"a:k":"x*"}`, true, "a:k", "xy"),
	})
}

// Policy variables: rules V1 to V14.
func TestVariables(t *testing.T) {
	bucketOf := func(resource string) Policies {
		return Policies{Identity: identity(`{"Effect":"Allow","Action":"s3:*","Resource":"` + resource + `"}`)}
	}
	named := func(k string) Request { return do(alice(), "s3:GetObject", "arn:aws:s3:::b/"+k) }
	star := Principal{Kind: IAMUser, ARN: "arn:aws:iam::111111111111:user/*"}
	as := func(p Principal, k string) Request { return do(p, "s3:GetObject", "arn:aws:s3:::b/"+k) }
	home := "arn:aws:s3:::b/${aws:username}"
	tagPath := "arn:aws:s3:::b/${aws:PrincipalTag/p}/*"

	runRows(t, []row{
		{"V1", Policies{Identity: []*Document{oldDoc(Identity, `{"Effect":"Allow","Action":"s3:*","Resource":"`+home+`"}`)}}, named("alice"), byID},
		{"V1/literal", Policies{Identity: []*Document{oldDoc(Identity, `{"Effect":"Allow","Action":"s3:*","Resource":"`+home+`"}`)}}, named("${aws:username}"), allow},
		{"V1/version", bucketOf(home), named("alice"), allow},
		{"V2", bucketOf("arn:aws:s3::${aws:PrincipalAccount}:b/k"), do(alice(), "s3:GetObject", "arn:aws:s3::111111111111:b/k"), byID},
		{"V2/fixed", bucketOf("arn:aws:s3::${*}:b/k"), do(alice(), "s3:GetObject", "arn:aws:s3::*:b/k"), byID},
		{"V3", Policies{Identity: ifs(`"StringEquals":{"a:k":"${aws:username}"}`)}, get(alice()).with("a:k", "alice"), allow},
		{"V3/arn", Policies{Identity: ifs(`"ArnLike":{"a:k":"arn:aws:iam::*:user/${aws:username}"}`)}, get(alice()).with("a:k", aliceARN), allow},
		{"V3/whole-arn", Policies{Identity: ifs(`"ArnEquals":{"a:k":"${aws:PrincipalArn}"}`)}, get(alice()).with("a:k", aliceARN), allow},
		{"V3/ignore-case", Policies{Identity: ifs(`"StringEqualsIgnoreCase":{"a:k":"x${aws:username}"}`)}, get(alice()).with("a:k", "XALICE"), allow},
		{"V3/not-numbers", Policies{Identity: ifs(`"NumericEquals":{"a:k":"${a:n}"}`)}, get(alice()).with("a:k", "1").with("a:n", "1"), byID},
		{"V4", bucketOf(tagPath), named("x/y"), byID},
		{"V4/empty", bucketOf(tagPath), named("/x"), byID},
		{"V5", Policies{Identity: identity(full, `{"Effect":"Deny","Action":"s3:*","NotResource":"`+tagPath+`"}`)}, get(alice()), denyID},
		{"V6", Policies{Identity: identity(full, `{"Effect":"Deny","Action":"s3:GetObject","Resource":"*","Condition":{"StringNotEquals":{"s3:ExistingObjectTag/Team":"${aws:PrincipalTag/Team}"}}}`)}, get(alice()).with("s3:ExistingObjectTag/Team", "x"), denyID},
		{"V7", Policies{Identity: ifs(`"StringEquals":{"a:k":["x","${missing:key}"]}`)}, get(alice()).with("a:k", "x"), allow},
		{"V7/other-variable", Policies{Identity: ifs(`"StringEquals":{"a:k":["${missing:key}","${aws:username}"]}`)}, get(alice()).with("a:k", "alice"), allow},
		{"V7/only", Policies{Identity: ifs(`"StringEquals":{"a:k":"${missing:key}"}`)}, get(alice()).with("a:k", ""), byID},
		{"V8", bucketOf("arn:aws:s3:::b/${aws:PrincipalTag/team, 'all'}/*"), named("all/x"), allow},
		{"V8/has-value", bucketOf("arn:aws:s3:::b/${aws:PrincipalTag/team, 'all'}/*"), as(tagged(alice(), "team", "red"), "red/x"), allow},
		{"V8/empty", bucketOf("arn:aws:s3:::b/${aws:PrincipalTag/team, ''}k"), named("k"), allow},
		{"V9", bucketOf(home), as(star, "zzz"), byID},
		{"V9/literal", bucketOf(home), as(star, "*"), allow},
		{"V10", Policies{Identity: ifs(`"StringLike":{"a:k":"a${*}b"}`)}, get(alice()).with("a:k", "a*b"), allow},
		{"V10/not-a-wildcard", Policies{Identity: ifs(`"StringLike":{"a:k":"a${*}b"}`)}, get(alice()).with("a:k", "axb"), byID},
		{"V10/dollar", bucketOf("arn:aws:s3:::b/${$}{x}${?}"), named("${x}?"), allow},
		{"V11", bucketOf("arn:aws:s3:::b/${aws:PrincipalTag/p}k"), as(tagged(alice(), "p", ""), "k"), allow},
		{"V12", bucketOf("arn:aws:s3:::b/${AWS:UserName}"), named("alice"), allow},
		{"V12/multivalued", bucketOf("arn:aws:s3:::b/${aws:TagKeys}"), named("a").with("aws:TagKeys", "a", "b"), byID},
		{"V13", Policies{Identity: ifs(`"StringEquals":{"a:k":"${a:j}"}`)}, get(alice()).with("a:k", "alice").with("a:j", "${aws:username}"), byID},
		{"V14/brace", bucketOf("arn:aws:s3:::b/${aws:username"), named("${aws:username"), allow},
		{"V14/space", bucketOf("arn:aws:s3:::b/${aws: username}"), named("${aws: username}"), allow},
		{"V14/quote", bucketOf("arn:aws:s3:::b/${aws:x, 'y}"), named("${aws:x, 'y}"), allow},
		{"V14/empty", bucketOf("arn:aws:s3:::b/${}"), named("${}"), allow},
	})
}
