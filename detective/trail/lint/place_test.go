package lint

import (
	"fmt"
	"strings"
	"testing"

	"github.com/awsposture/posture/detective/trail/eventpattern"
	"github.com/awsposture/posture/detective/trail/rule"
	"github.com/awsposture/posture/detective/trail/sigma"
)

const sigmaFile = `title: Buckets listed
logsource: {product: aws, service: cloudtrail}
detection:
  selection:
    eventSource: s3.amazonaws.com
    eventName:
      - ListBuckets
      - ListAllMyBuckets
  domain:
    eventSource: route53.amazonaws.com
    eventName: TransferDomainToAnotherAwsAccount
  ok:
    errorCode: null
    status: success
  parts:
    - userIdentity.username|contains: admin
    - eventName|startswith: Lisst
  condition: selection or domain or ok or parts
---
title: Many
logsource: {product: aws}
detection:
  s: {eventName: createuser}
  timeframe: 10m
  condition: s | count() by sourceIpAddress > 3
`

func TestPlacesInSigma(t *testing.T) {
	c := &sigma.Collection{}
	if err := c.Add("lists.yml", []byte(sigmaFile)); err != nil {
		t.Fatal(err)
	}
	rules, _, err := c.Rules()
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, p := range Rules(rules) {
		file, line := c.Place(p.Rule, p.Path, p.Text)
		got = append(got, fmt.Sprintf("%s:%d %s %s %v", file, line, p.Level, p.Path, p.Instead))
	}
	want := `lists.yml:8 never eventName [ListBuckets]
lists.yml:11 never eventName [route53domains.amazonaws.com]
lists.yml:14 never status []
lists.yml:16 never userIdentity.username [userIdentity.userName]
lists.yml:17 unusual eventName []
lists.yml:20 never sourceIpAddress [sourceIPAddress]`
	if s := strings.Join(got, "\n"); s != want {
		t.Errorf("got\n%s\nwant\n%s", s, want)
	}
	if file, line := c.Place("other", "eventName", "x"); file != "" || line != 0 {
		t.Errorf("a rule that is not there is at %s:%d", file, line)
	}
}

func TestPlacesInPatterns(t *testing.T) {
	for _, c := range []struct{ pattern, want string }{
		{`{"source":["aws.s3"],"detail":{"eventSource":["s3.amazonaws.com"],"eventName":["ListBuckets",{"prefix":"Lisst"}]}}`, "detail.eventName[1] unusual"},
		{`{"detail":{"eventName":["createUser"]}}`, "detail.eventName[0] never; dead"},
		{`{"detail":{"recipientAccountId":[111122223333]}}`, "detail.recipientAccountId never; dead"},
		{`{"detail":{"$or":[{"eventName":["ListBuckets"]},{"errorcode":["AccessDenied"]}]}}`, "detail.$or[1].errorcode never"},
		{`{"source":["aws.s3"],"detail":{"eventName":["CreateUser"]}}`, "detail.eventName[0] never; dead"},
		{`{"detail-type":["AWS API Call via Cloudtrail"]}`, "dead"},
		{`{"detail":{"userIdentity":{"type":["root"]}}}`, "detail.userIdentity.type[0] never; dead"},
		{`{"detail":{"readOnly":["true"]}}`, "detail.readOnly[0] unusual"},
		{`{"detail":{"requestParameters":{"a":[1],"b":[{"exists":false}]}}}`, ""},
		{`{"source":["aws.nothing"]}`, "source unusual"},
	} {
		p, err := eventpattern.Parse([]byte(c.pattern))
		if err != nil {
			t.Fatal(err)
		}
		x, err := p.Expr()
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, pr := range Rules([]rule.Rule{{ID: "r", Expr: x}}) {
			got = append(got, strings.TrimSpace(p.Place(pr.Path, pr.Text)+" "+pr.Level.String()))
		}
		if s := strings.Join(got, "; "); s != c.want {
			t.Errorf("%s: %q, want %q", c.pattern, s, c.want)
		}
	}
}

func ExampleRules() {
	for _, p := range Rules([]rule.Rule{{ID: "buckets", Expr: rule.All(rule.Eq("eventSource", "s3.amazonaws.com"), rule.Eq("eventName", "ListAllMyBuckets"))}}) {
		fmt.Println(p)
	}
	// Output:
	// rule "buckets": never: eventName "ListAllMyBuckets": CloudTrail records it under another name; perhaps ListBuckets
	// rule "buckets": dead: no event matches the condition
}
