package lint

import (
	"slices"
	"strings"
	"testing"

	"github.com/awsposture/posture/detective/trail/detections"
	"github.com/awsposture/posture/detective/trail/rule"
)

func notes(rules ...rule.Rule) []string {
	var out []string
	for _, n := range Notes(rules) {
		out = append(out, strings.Join([]string{n.Rule, n.Kind.String(), strings.Join(n.Events, ","), strings.Join(n.Types, ","), n.Other, map[bool]string{true: "partly"}[n.Partly]}, "|"))
	}
	return out
}

func TestNotes(t *testing.T) {
	src, name := func(s ...string) rule.Expr { return rule.Eq("eventSource", s...) }, func(n ...string) rule.Expr { return rule.Eq("eventName", n...) }
	const s3, ddb, sts = "s3.amazonaws.com", "dynamodb.amazonaws.com", "sts.amazonaws.com"
	for _, c := range []struct {
		what string
		x    rule.Expr
		want string
	}{
		{"a write", rule.All(src("iam.amazonaws.com"), name("CreateUser")), ""},
		{"everything", rule.Const(true), "r|always true||||,r|not indexed||||"},
		{"what every record has", rule.Has("eventName"), "r|always true||||"},
		{"either way", rule.AnyOf(rule.Eq("awsRegion", "us-east-1"), rule.No(rule.Eq("awsRegion", "us-east-1"))), "r|always true||||,r|not indexed||||"},
		{"all role sessions", rule.Eq("userIdentity.type", "AssumedRole"), "r|broad||||"},
		{"all that changes", rule.EqFold("readOnly", "false"), "r|broad||||"},
		{"all that succeeds", rule.Absent("errorCode"), "r|broad||||,r|not indexed||||"},
		{"root", rule.Eq("userIdentity.type", "Root"), ""},
		{"role sessions and one event", rule.All(rule.Eq("userIdentity.type", "AssumedRole"), name("CreateUser")), ""},
		{"a data event", rule.All(src(s3), name("GetObject")), "r|needs data events|GetObject|AWS::S3::Object||"},
		{"without its source", name("GetObject"), "r|needs data events|GetObject|AWS::S3::Object||partly"},
		{"a data event and another", rule.All(src(s3), name("DeleteObject", "DeleteBucket")), "r|needs data events|DeleteObject|AWS::S3::Object||partly"},
		{"of two services", rule.AnyOf(rule.All(src(s3), name("PutObject")), rule.All(src(ddb), name("Scan"))), "r|needs data events|PutObject,Scan|AWS::DynamoDB::Table,AWS::S3::Object||"},
		{"a name of one service at another", rule.All(src("rdsdata.amazonaws.com"), name("ExecuteStatement")), "r|needs data events|ExecuteStatement|AWS::RDS::DBCluster||"},
		{"a name that is data at one source only", rule.All(src("kinesis.amazonaws.com", "example.amazonaws.com"), name("PutRecord")), "r|needs data events|PutRecord|AWS::Kinesis::Stream||partly"},
		{"a read", rule.All(src("iam.amazonaws.com"), name("ListUsers")), "r|needs read events|ListUsers|||"},
		{"a read of data is none of management", rule.All(src(s3), name("ListObjects")), "r|needs data events|ListObjects|AWS::S3::Object||"},
		{"a role", rule.All(src(sts), name("AssumeRole")), "r|needs read events|AssumeRole|||"},
		{"a session token", rule.All(src(sts), name("GetSessionToken", "GetFederationToken")), ""},
		{"sign-in", rule.All(src("signin.amazonaws.com"), name("GetSigninToken")), ""},
		{"reads by their beginning", rule.All(src("ec2.amazonaws.com"), rule.Prefix("eventName", "Describe")), "r|needs read events|Describe*|||"},
		{"a glob", rule.All(src("ec2.amazonaws.com"), rule.Like("eventName", "Describe*Attribute")), "r|needs read events|Describe*|||"},
		{"reads and writes", rule.All(src("iam.amazonaws.com"), name("ListUsers", "CreateUser")), "r|needs read events|ListUsers|||partly"},
		{"excluded", rule.All(src("iam.amazonaws.com"), rule.No(name("ListUsers"))), ""},
		{"two lists", rule.All(src(s3), name("GetObject", "PutBucketPolicy"), name("PutBucketPolicy", "CreateBucket")), ""},
		{"with the date of an API", rule.All(src("lambda.amazonaws.com"), name("ListFunctions20150331")), "r|needs read events|ListFunctions20150331|||"},
		{"without case", rule.EqFold("eventName", "getobject"), "r|needs data events|GetObject|AWS::S3::Object||partly"},
		{"not indexed", rule.ContainsFold("requestParameters.comment", "secret"), "r|not indexed||||"},
	} {
		if got := strings.Join(notes(rule.Rule{ID: "r", Expr: c.x}), ","); got != c.want {
			t.Errorf("%s: %s\ngot  %s\nwant %s", c.what, c.x, got, c.want)
		}
	}
}

func TestSubsumed(t *testing.T) {
	name := func(n ...string) rule.Expr { return rule.Eq("eventName", n...) }
	wide := rule.Rule{ID: "wide", Expr: name("CreateTrail", "DeleteTrail")}
	tight := rule.Rule{ID: "tight", Expr: rule.All(name("CreateTrail"), rule.Absent("errorCode"))}
	more := rule.Rule{ID: "more", Expr: name("CreateTrail", "CreateRole")}
	again := rule.Rule{ID: "again", Expr: rule.AnyOf(name("DeleteTrail"), rule.All(name("CreateTrail"), rule.Eq("eventSource", "cloudtrail.amazonaws.com")))}
	silent, refined, counted := wide, wide, wide
	silent.Silent, refined.Refine, counted.Correlate = true, detections.Rules(detections.Params{})[0].Refine, &rule.Correlation{}
	for _, r := range detections.Rules(detections.Params{}) {
		if r.Refine != nil {
			refined.Refine = r.Refine
		}
	}
	for _, c := range []struct {
		rules []rule.Rule
		want  string
	}{
		{[]rule.Rule{wide, tight, more}, "tight|subsumed|||wide|"},
		{[]rule.Rule{tight, wide}, "tight|subsumed|||wide|"},
		{[]rule.Rule{wide, again}, "again|subsumed|||wide|"}, // the source follows from the name
		{[]rule.Rule{again, wide}, "wide|subsumed|||again|"},
		{[]rule.Rule{silent, tight}, ""},
		{[]rule.Rule{refined, tight}, ""},
		{[]rule.Rule{counted, tight}, ""},
		{[]rule.Rule{wide, more}, ""},
	} {
		if got := strings.Join(notes(c.rules...), ","); got != c.want {
			t.Errorf("%v: got %q, want %q", c.rules, got, c.want)
		}
	}
}

// TestNotesOfBuiltIn: what the detections need agrees with their table: those
// about objects need data events, and none is broad or always true.
func TestNotesOfBuiltIn(t *testing.T) {
	p := detections.Params{OwnAccounts: []string{"111122223333"}, LogBuckets: []string{"example-logs"}, ApprovedNetworks: []string{"198.51.100.0/24"}}
	data := map[string]bool{}
	for _, n := range Notes(detections.Rules(p)) {
		switch n.Kind {
		case AlwaysTrue, Broad, Subsumed:
			t.Error(n)
		case NeedsData:
			data[n.Rule] = true
		}
	}
	for _, id := range []string{"D008", "D068", "D171", "D172", "D190", "D192"} {
		if !data[id] {
			t.Errorf("%s is about data events, and no note says so", id)
		}
	}
	if data["D001"] || len(data) > 25 {
		t.Errorf("data events: %v", data)
	}
}

// TestDataTable: the names are events of their source.
func TestDataTable(t *testing.T) {
	for s, ds := range dataEvents {
		for _, d := range ds {
			for _, n := range strings.Fields(d.names) {
				if !slices.Contains(load().names[n], s) {
					t.Errorf("%s is not known to record %s", s, n)
				}
			}
		}
	}
}

func BenchmarkNotes(b *testing.B) {
	rules := detections.Rules(detections.Params{})
	for b.Loop() {
		Notes(rules)
	}
	b.ReportMetric(float64(len(rules)), "rules")
}
