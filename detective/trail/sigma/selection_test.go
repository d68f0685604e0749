package sigma

import (
	"testing"
)

func TestFields(t *testing.T) {
	c := &Collection{Placeholders: map[string][]string{"admins": {"mira", "100%"}}}
	for _, x := range []struct {
		field, event string // both without the outer braces
		want         bool
	}{
		{`eventName: StopLogging`, `"eventName":"stoplogging"`, true},
		{`eventName|cased: StopLogging`, `"eventName":"stoplogging"`, false},
		{`eventName: [A, B]`, `"eventName":"b"`, true},
		{`eventName: Stop*ing`, `"eventName":"StopLogging"`, true},
		{`eventName: St?pLogging`, `"eventName":"StopLogging"`, true},
		{`eventName: 'a\*b'`, `"eventName":"a*b"`, true},
		{`eventName: 'a\*b'`, `"eventName":"axb"`, false},
		{`eventName: 'a\b'`, `"eventName":"a\\b"`, true},
		{`eventName: 'a\\b'`, `"eventName":"a\\b"`, true},
		{`eventName|contains: log`, `"eventName":"StopLogging"`, true},
		{`eventName|contains: l*g`, `"eventName":"StopLogging"`, true},
		{`eventName|startswith: [x, stop]`, `"eventName":"StopLogging"`, true},
		{`eventName|endswith: ing`, `"eventName":"StopLogging"`, true},
		{`eventName|contains|all: [stop, ging]`, `"eventName":"StopLogging"`, true},
		{`eventName|contains|all: [stop, x]`, `"eventName":"StopLogging"`, false},
		{`requestParameters.port: 443`, `"requestParameters":{"port":443}`, true},
		{`requestParameters.port: 443`, `"requestParameters":{"port":"443"}`, true},
		{`requestParameters.on: true`, `"requestParameters":{"on":"True"}`, true},
		{`requestParameters.on: true`, `"requestParameters":{"on":true}`, true},
		{`errorCode: null`, `"a":1`, true},
		{`errorCode: null`, `"errorCode":null`, true},
		{`errorCode: null`, `"errorCode":""`, false},
		{`errorCode: ''`, `"errorCode":""`, true},
		{`errorCode: ''`, `"a":1`, false},
		{`errorCode|exists: true`, `"errorCode":null`, true},
		{`errorCode|exists: false`, `"errorCode":null`, false},
		{`errorCode|exists: no`, `"a":1`, true},
		{`errorCode|neq: A`, `"errorCode":"B"`, true},
		{`errorCode|neq: A`, `"errorCode":"a"`, false},
		{`errorCode|neq: A`, `"a":1`, false},
		{`requestParameters.items.id: b`, `"requestParameters":{"items":[{"id":"a"},{"id":"b"}]}`, true},
		{`requestParameters|contains: '"id":"b"'`, `"requestParameters":{ "items": [{"id": "b"}]}`, true},
		{`requestParameters.tags: b`, `"requestParameters":{"tags":["a","b"]}`, true},
		{`userAgent|re: ^aws-cli/\d`, `"userAgent":"aws-cli/2"`, true},
		{`userAgent|re: ^AWS`, `"userAgent":"aws-cli/2"`, false},
		{`userAgent|re|i: ^AWS`, `"userAgent":"aws-cli/2"`, true},
		{`sourceIPAddress|cidr: 192.0.2.0/24`, `"sourceIPAddress":"192.0.2.9"`, true},
		{`sourceIPAddress|cidr: 192.0.2.0/24`, `"sourceIPAddress":"::ffff:192.0.2.9"`, true},
		{`sourceIPAddress|cidr: [192.0.2.9]`, `"sourceIPAddress":"192.0.2.9"`, true},
		{`sourceIPAddress|cidr: 192.0.2.0/24`, `"sourceIPAddress":"ec2.amazonaws.com"`, false},
		{`userIdentity.userName|fieldref: requestParameters.userName`, `"userIdentity":{"userName":"a"},"requestParameters":{"userName":"A"}`, true},
		{`userIdentity.userName|fieldref: requestParameters.userName`, `"userIdentity":{"userName":"a"}`, false},
		{`userIdentity.arn|fieldref|endswith: requestParameters.userName`, `"userIdentity":{"arn":"x/a"},"requestParameters":{"userName":"a"}`, true},
		{`userIdentity.userName|fieldref|neq: requestParameters.userName`, `"userIdentity":{"userName":"a"},"requestParameters":{"userName":"b"}`, true},
		{`requestParameters.n|gte: 10`, `"requestParameters":{"n":"10"}`, true},
		{`requestParameters.n|lt: 10`, `"requestParameters":{"n":10}`, false},
		{`userAgent|windash|contains: ' -f '`, `"userAgent":"x /f y"`, true},
		{`userAgent|windash|contains: ' -f '`, `"userAgent":"x –f y"`, true},
		{`userAgent|base64|contains: foobar`, `"userAgent":"xZm9vYmFyx"`, true},
		{`userAgent|base64offset|contains: foobar`, `"userAgent":"IGZvb2Jhcg=="`, true},
		{`userAgent|wide|base64offset|contains: ab`, `"userAgent":"YQBiAA=="`, true},
		{`userIdentity.userName|expand: '%admins%'`, `"userIdentity":{"userName":"Mira"}`, true},
		{`userIdentity.userName|expand: 'x%admins%'`, `"userIdentity":{"userName":"x100%"}`, true},
		{`eventTime|hour: 10`, `"eventTime":"2026-03-01T10:30:00Z"`, true},
		{`eventTime|month: 4`, `"eventTime":"2026-03-01T10:30:00Z"`, false},
		{`userIdentity.sessionContext.webIdFederationData.attributes.cognito-identity.amazonaws.com:aud: x`, `"userIdentity":{"sessionContext":{"webIdFederationData":{"attributes":{"cognito-identity.amazonaws.com:aud":"x"}}}}`, true},
	} {
		c.docs = nil
		rules := load(t, c, "title: t\nlogsource: {product: aws, service: cloudtrail}\ndetection:\n  s:\n    "+x.field+"\n  condition: s\n")
		if got := judge(t, rules[0].Expr, "{"+x.event+"}"); got != x.want {
			t.Errorf("%s on %s: %v\n%s", x.field, x.event, got, rules[0].Expr)
		}
	}
}
