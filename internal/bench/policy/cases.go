package main

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"

	"github.com/awsposture/posture/iam/policy"
	"github.com/cedar-policy/cedar-go"
	minio "github.com/minio/pkg/v3/policy"
)

const requests = 1024

// benchCase is one set of rights in the three languages.
type benchCase struct {
	name                             string
	posture, explained, cedar, minio func(*testing.B)
}

// cases returns one with two statements and one with 301, of which one applies.
func cases() []benchCase {
	small := []string{
		`{"Effect":"Allow","Action":["s3:GetObject","s3:PutObject"],"Resource":"arn:aws:s3:::mybucket/home/*"}`,
		`{"Effect":"Allow","Action":"s3:ListBucket","Resource":"arn:aws:s3:::mybucket"}`,
	}
	smallCedar := `permit(principal, action in [Action::"s3:GetObject", Action::"s3:PutObject"], resource) when { resource.arn like "arn:aws:s3:::mybucket/home/*" };
permit(principal, action == Action::"s3:ListBucket", resource) when { resource.arn == "arn:aws:s3:::mybucket" };
`
	var many []string
	var manyCedar strings.Builder
	for n := range 300 {
		var arns, likes []string
		for i := range 4 {
			arn := fmt.Sprintf("arn:aws:s3:::bucket-%d-%d*/prefix/*/x", n, i)
			arns = append(arns, `"`+arn+`"`)
			likes = append(likes, `resource.arn like "`+arn+`"`)
		}
		many = append(many, `{"Effect":"Allow","Action":["s3:GetObject","s3:PutObject","s3:DeleteObject"],"Resource":[`+strings.Join(arns, ",")+`],"Condition":{"NotIpAddress":{"aws:SourceIp":["10.0.0.0/8","192.168.0.0/16"]}}}`)
		fmt.Fprintf(&manyCedar, "permit(principal, action in [Action::\"s3:GetObject\", Action::\"s3:PutObject\", Action::\"s3:DeleteObject\"], resource) when { %s } unless { context.ip.isInRange(ip(\"10.0.0.0/8\")) || context.ip.isInRange(ip(\"192.168.0.0/16\")) };\n", strings.Join(likes, " || "))
	}
	many = append(many, `{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::mybucket/*"}`)
	manyCedar.WriteString(`permit(principal, action == Action::"s3:GetObject", resource) when { resource.arn like "arn:aws:s3:::mybucket/*" };`)
	return []benchCase{
		{"small", withPosture(small, decide), withPosture(small, explain), withCedar(smallCedar), withMinio(small)},
		{"large", withPosture(many, decide), withPosture(many, explain), withCedar(manyCedar.String()), withMinio(many)},
	}
}

func document(statements []string) []byte {
	return []byte(`{"Version":"2012-10-17","Statement":[` + strings.Join(statements, ",") + `]}`)
}

func user(i int) string    { return fmt.Sprintf("alice%d", i) }
func file(i int) string    { return fmt.Sprintf("home/alice%d/file%d.txt", i, i) }
func address(i int) string { return fmt.Sprintf("8.8.%d.%d", i/256, i%256) }

func decide(e *policy.Engine, r *policy.Request) bool { return e.Decide(r).Allowed() }

func explain(e *policy.Engine, r *policy.Request) bool { return e.Explain(r).Allowed() }

func withPosture(statements []string, allowed func(*policy.Engine, *policy.Request) bool) func(*testing.B) {
	return func(b *testing.B) {
		d, err := policy.Parse(policy.Identity, "", document(statements))
		if err != nil {
			b.Fatal(err)
		}
		e, err := policy.Compile(policy.Policies{Identity: []*policy.Document{d}})
		if err != nil {
			b.Fatal(err)
		}
		rs := make([]*policy.Request, requests)
		for i := range rs {
			rs[i] = &policy.Request{
				Principal: policy.Principal{Kind: policy.IAMUser, ARN: "arn:aws:iam::123456789012:user/" + user(i)},
				Action:    "s3:GetObject",
				Resource:  "arn:aws:s3:::mybucket/" + file(i),
				Owner:     policy.Account{ID: "123456789012"},
				Context:   policy.Context{"aws:SourceIp": {address(i)}},
			}
		}
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			if !allowed(e, rs[i%requests]) {
				b.Fatal("refused")
			}
		}
	}
}

func withCedar(text string) func(*testing.B) {
	return func(b *testing.B) {
		ps, err := cedar.NewPolicySetFromBytes("bench.cedar", []byte(text))
		if err != nil {
			b.Fatal(err)
		}
		entities := cedar.EntityMap{}
		rs := make([]cedar.Request, requests)
		for i := range rs {
			object := cedar.NewEntityUID("Object", cedar.String(file(i)))
			entities[object] = cedar.Entity{UID: object, Attributes: cedar.NewRecord(cedar.RecordMap{"arn": cedar.String("arn:aws:s3:::mybucket/" + file(i))})}
			rs[i] = cedar.Request{
				Principal: cedar.NewEntityUID("User", cedar.String(user(i))),
				Action:    cedar.NewEntityUID("Action", "s3:GetObject"),
				Resource:  object,
				Context:   cedar.NewRecord(cedar.RecordMap{"ip": cedar.IPAddr(netip.MustParsePrefix(address(i) + "/32"))}),
			}
		}
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			if decision, _ := cedar.Authorize(ps, entities, rs[i%requests]); decision != cedar.Allow {
				b.Fatal("refused")
			}
		}
	}
}

func withMinio(statements []string) func(*testing.B) {
	return func(b *testing.B) {
		p, err := minio.ParseConfig(strings.NewReader(string(document(statements))))
		if err != nil {
			b.Fatal(err)
		}
		rs := make([]minio.Args, requests)
		for i := range rs {
			rs[i] = minio.Args{
				AccountName: user(i), Action: minio.GetObjectAction, BucketName: "mybucket", ObjectName: file(i),
				ConditionValues: map[string][]string{"SourceIp": {address(i)}},
			}
		}
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			if !p.IsAllowed(rs[i%requests]) {
				b.Fatal("refused")
			}
		}
	}
}
