package lint

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/awsposture/posture/detective/trail"
	"github.com/awsposture/posture/detective/trail/detections"
	"github.com/awsposture/posture/detective/trail/rule"
	"github.com/awsposture/posture/detective/trail/schema"
)

// show lints one condition and returns the problems without the rule's name.
func show(x rule.Expr) []string {
	var out []string
	for _, p := range Rules([]rule.Rule{{ID: "r", Expr: x}}) {
		out = append(out, strings.TrimPrefix(p.String(), `rule "r": `))
	}
	return out
}

const dead = "dead: no event matches the condition"

func TestNative(t *testing.T) {
	src, name := func(s ...string) rule.Expr { return rule.Eq("eventSource", s...) }, func(n ...string) rule.Expr { return rule.Eq("eventName", n...) }
	for _, c := range []struct {
		what string
		x    rule.Expr
		want []string
	}{
		{"right", rule.All(src("s3.amazonaws.com"), name("ListBuckets")), nil},
		{"an API that the table of events lacks", rule.All(src("dax.amazonaws.com"), name("DescribeClusters")), nil},
		{"with the date of an API", rule.All(src("lambda.amazonaws.com"), name("UpdateFunctionCode20150331v2")), nil},
		{"an IAM action", rule.All(src("s3.amazonaws.com"), name("ListAllMyBuckets")), []string{`never: eventName "ListAllMyBuckets": CloudTrail records it under another name; perhaps ListBuckets`, dead}},
		{"an IAM action without a source", name("ListAllMyBuckets"), []string{`never: eventName "ListAllMyBuckets": CloudTrail records it under another name; perhaps ListBuckets`, dead}},
		{"an IAM action with its prefix", name("s3:ListAllMyBuckets"), []string{`never: eventName "s3:ListAllMyBuckets": that is an IAM action; event names have no prefix; perhaps ListBuckets`, dead}},
		{"a permission that is no call", name("PassRole"), []string{`never: eventName "PassRole": it is a permission, and no event of that name is recorded`, dead}},
		{"the same name is an event elsewhere", rule.All(src("elasticfilesystem.amazonaws.com"), name("PutLifecycleConfiguration")), nil},
		{"wrong source", rule.All(src("route53.amazonaws.com"), name("TransferDomainToAnotherAwsAccount")), []string{`never: eventName "TransferDomainToAnotherAwsAccount": the event is not of route53.amazonaws.com but of route53domains.amazonaws.com; perhaps route53domains.amazonaws.com`, dead}},
		{"one of two is right", rule.All(src("s3.amazonaws.com"), name("ListAllMyBuckets", "ListBuckets")), []string{`never: eventName "ListAllMyBuckets": CloudTrail records it under another name; perhaps ListBuckets`}},
		{"each alternative has its source", rule.AnyOf(rule.All(src("iam.amazonaws.com"), name("CreateUser")), rule.All(src("kms.amazonaws.com"), name("CreateUser"))), []string{`never: eventName "CreateUser": the event is not of kms.amazonaws.com but of other sources; perhaps CreateKey`}},
		{"typing error", rule.All(src("iam.amazonaws.com"), name("CreateAccesKey")), []string{`unusual: eventName "CreateAccesKey": no known event name of iam.amazonaws.com; perhaps CreateAccessKey, UpdateAccessKey`}},
		{"wrong case", name("createuser"), []string{`never: eventName "createuser": the case is wrong; perhaps CreateUser`, dead}},
		{"case does not matter", rule.EqFold("eventName", "createuser"), nil},
		{"spaces", name("Delete Bucket Policy"), []string{`never: eventName "Delete Bucket Policy": event names have no spaces; perhaps DeleteBucketPolicy`, dead}},
		{"source without a host", src("s3"), []string{`never: eventSource "s3": an event source is a service's host name; perhaps s3.amazonaws.com`, dead}},
		{"source of EventBridge", src("aws.s3"), []string{`never: eventSource "aws.s3": that is the source of the EventBridge event, not of the record; perhaps s3.amazonaws.com`, dead}},
		{"source in capitals", src("S3.amazonaws.com"), []string{`never: eventSource "S3.amazonaws.com": event sources are in lower case; perhaps s3.amazonaws.com`, dead}},
		{"unknown source", src("cloudtrial.amazonaws.com"), []string{`unusual: eventSource "cloudtrial.amazonaws.com": no known event source; perhaps cloudtrail.amazonaws.com, cloudfront.amazonaws.com, cloud9.amazonaws.com`}},
		{"pattern", rule.All(src("s3.amazonaws.com"), rule.Like("eventName", "*Bukket*")), []string{`unusual: eventName "*Bukket*": no known event name of s3.amazonaws.com is like it`}},
		{"pattern of a source", rule.Prefix("eventSource", "s3"), nil},
		{"unknown field", rule.All(name("CreateUser"), rule.Eq("status", "success")), []string{`never: status: records have no such member`, dead}},
		{"field in the wrong case", rule.Eq("userIdentity.username", "mira"), []string{`never: userIdentity.username: records have no such member; perhaps userIdentity.userName`, dead}},
		{"field without its parent", rule.Eq("userName", "mira"), []string{`never: userName: records have no such member; perhaps userIdentity.userName`, dead}},
		{"parent misspelled", rule.Eq("requestParameter.bucketName", "b"), []string{`never: requestParameter.bucketName: records have no such member; perhaps requestParameters.bucketName`, dead}},
		{"anything below parameters", rule.Eq("requestParameters.any.thing", "b"), nil},
		{"below a text", rule.Has("errorCode.code"), []string{`never: errorCode.code: records have no such member`, dead}},
		{"absent where nothing is", rule.All(name("CreateUser"), rule.Absent("status")), []string{`never: status: records have no such member`}},
		{"no such code", rule.Eq("errorCode", "Success"), []string{`never: errorCode "Success": a call that succeeded has no error code: test that it is absent`, dead}},
		{"word in the wrong case", rule.Eq("userIdentity.type", "root"), []string{`never: userIdentity.type "root": the case is wrong; perhaps Root`, dead}},
		{"unknown word", rule.Eq("eventType", "AwsConsoleSignin2"), []string{`unusual: eventType "AwsConsoleSignin2": it is not one of the values that CloudTrail writes; perhaps AwsConsoleSignIn`}},
		{"two names at once", rule.All(name("CreateUser"), name("DeleteUser")), []string{"never: eventName: two tests of it exclude each other", dead}},
		{"two sources at once", rule.All(src("iam.amazonaws.com"), src("s3.amazonaws.com")), []string{"never: eventSource: no event is of two sources", dead}},
		{"a value that is a field", rule.Eq("userIdentity.userName", "requestParameters.userName"), []string{`unusual: userIdentity.userName "requestParameters.userName": it is compared as a text and looks like a member: a reference to a field is meant (fieldref)`}},
		{"a part that is a field", rule.Contains("userIdentity.arn", "responseElements.accessKey.userName"), []string{`unusual: userIdentity.arn "responseElements.accessKey.userName": it is compared as a text and looks like a member: a reference to a field is meant (fieldref)`}},
		{"three events at once", rule.All(rule.All(src("iam.amazonaws.com"), name("CreateRole")), rule.All(src("lambda.amazonaws.com"), name("Invoke"))), []string{
			"never: eventSource: no event is of two sources", dead,
		}},
		{"no date", rule.All(src("lambda.amazonaws.com"), name("CreateFunction")), []string{`unusual: eventName "CreateFunction": the service writes the date of its API behind most names: test how the name begins; perhaps CreateFunction*`}},
		{"with any date", rule.All(src("lambda.amazonaws.com"), rule.AnyOf(name("CreateFunction"), rule.Prefix("eventName", "CreateFunction20"))), nil},
		{"that has none", rule.All(src("lambda.amazonaws.com"), name("Invoke")), nil},
		{"an ARN and a name", rule.Same("userIdentity.arn", "requestParameters.userName"), []string{`never: userIdentity.arn "requestParameters.userName": an ARN and a bare name are never equal: test how the ARN ends`, dead}},
		{"two names", rule.Same("userIdentity.userName", "requestParameters.userName"), nil},
		{"two ARNs", rule.Same("userIdentity.arn", "requestParameters.roleArn"), nil},
		{"excluded tests cost nothing", rule.All(name("CreateUser"), rule.No(rule.Eq("userIdentity.type", "root"))), []string{`never: userIdentity.type "root": the case is wrong; perhaps Root`}},
		{"never", rule.Const(false), []string{dead}},
		{"no alternative", rule.AnyOf(), []string{dead}},
		{"account", rule.Eq("recipientAccountId", "1234"), []string{`unusual: recipientAccountId "1234": an account id is twelve digits`}},
	} {
		if got := show(c.x); !slices.Equal(got, c.want) {
			t.Errorf("%s: %s\ngot  %q\nwant %q", c.what, c.x, got, c.want)
		}
	}
}

func TestCorrelations(t *testing.T) {
	count := func(rules ...string) *rule.Correlation { return &rule.Correlation{Kind: rule.Count, Rules: rules} }
	good, bad := rule.Rule{ID: "good", Expr: rule.Eq("eventName", "CreateUser")}, rule.Rule{ID: "bad", Expr: rule.Eq("eventName", "PassRole")}
	for _, c := range []struct {
		r    rule.Rule
		want string
	}{
		{rule.Rule{ID: "r", Correlate: count("good", "bad")}, ""},
		{rule.Rule{ID: "r", Correlate: count("bad")}, `rule "r": dead: the rule "bad" that it counts never matches`},
		{rule.Rule{ID: "r", Correlate: &rule.Correlation{Kind: rule.Temporal, Rules: []string{"good", "bad"}}}, `rule "r": dead: the rule "bad" that it counts never matches`},
		{rule.Rule{ID: "r", Correlate: &rule.Correlation{Kind: rule.Temporal, Rules: []string{"good", "bad"}, Cond: rule.Matched("good")}}, ""},
		{rule.Rule{ID: "r", Correlate: &rule.Correlation{Kind: rule.Ordered, Rules: []string{"good", "bad"}, Steps: []rule.Step{{All: []string{"good"}}, {All: []string{"bad"}}}}}, `rule "r": dead: the rule "bad" that it counts never matches`},
		{rule.Rule{ID: "r", Expr: good.Expr, Correlate: &rule.Correlation{GroupBy: []string{"session", "sourceIpAddress"}}}, `rule "r": never: sourceIpAddress: records have no such member; perhaps sourceIPAddress`},
		{rule.Rule{ID: "r", Correlate: &rule.Correlation{Rules: []string{"good"}, GroupBy: []string{"who"}, Aliases: map[string]map[string]string{"who": {"good": "userIdentity.arn"}}}}, ""},
	} {
		var got []string
		for _, p := range Rules([]rule.Rule{c.r, good, bad}) {
			if p.Rule == "r" {
				got = append(got, p.String())
			}
		}
		if strings.Join(got, "\n") != c.want {
			t.Errorf("%+v: %q, want %q", c.r.Correlate, got, c.want)
		}
	}
	// A correlation of a correlation that is dead.
	got := Rules([]rule.Rule{{ID: "top", Correlate: count("mid")}, {ID: "mid", Correlate: count("bad")}, bad})
	if len(got) != 4 || got[0].Rule != "top" || got[0].Level != Dead {
		t.Errorf("%v", got)
	}
}

// TestBuiltIn: every detection can match, in both forms.
func TestBuiltIn(t *testing.T) {
	own := []string{"111122223333"}
	for name, p := range map[string]detections.Params{
		"empty":      {},
		"configured": {OwnAccounts: own, OwnBuckets: []string{"example"}, KnownProviders: []string{"accounts.example.com"}, AllowedRegions: []string{"us-east-1"}, Networks: map[string][]string{"office": {"198.51.100.0/24"}}, MeanMails: 1, MeanModelCalls: 1, SensitiveRoles: []string{"admin"}},
	} {
		for _, p := range Rules(detections.Rules(p)) {
			t.Errorf("%s: %s", name, p)
		}
	}
}

// TestSound: a rule that matches an event of the tables is never called dead,
// and each value that matched is not said to match never.
func TestSound(t *testing.T) {
	tab := load()
	if len(tab.sources) < 300 || len(tab.names) < 10_000 {
		t.Fatalf("only %d sources and %d names", len(tab.sources), len(tab.names))
	}
	r := rand.New(rand.NewPCG(5, 6))
	pick := func(xs []string) string { return xs[r.IntN(len(xs))] }
	popular := []string{"iam.amazonaws.com", "s3.amazonaws.com", "ecs.amazonaws.com", "eks.amazonaws.com"}
	namesOf := func(s string) []string { return schema.Names(s) }
	fold := func(x rule.Expr) rule.Expr {
		x.(*rule.Atom).Fold = r.IntN(2) == 0
		return x
	}
	var expr func(depth int) rule.Expr
	expr = func(depth int) rule.Expr {
		switch n := r.IntN(7); {
		case depth > 0 && n < 2:
			return rule.All(expr(depth-1), expr(depth-1))
		case depth > 0 && n < 4:
			return rule.AnyOf(expr(depth-1), expr(depth-1))
		case depth > 0 && n == 4:
			return rule.No(expr(depth - 1))
		case n == 5:
			return fold(rule.Eq("eventSource", pick(popular), pick(popular)))
		}
		return fold(rule.Eq("eventName", pick(namesOf(pick(popular))), pick(namesOf(pick(popular)))))
	}
	hits, deaths := 0, 0
	for range 3000 {
		x := expr(3)
		m, err := rule.CompileExpr(x)
		if err != nil {
			t.Fatal(err)
		}
		matched := false
		for _, s := range popular {
			for _, n := range namesOf(s) {
				var e trail.Event
				if err := e.Parse([]byte(`{"eventSource":"` + s + `","eventName":"` + n + `"}`)); err != nil {
					t.Fatal(err)
				}
				matched = matched || m.Event(&e)
			}
		}
		isDead := slices.ContainsFunc(Rules([]rule.Rule{{ID: "r", Expr: x}}), func(p Problem) bool { return p.Level == Dead })
		if matched && isDead {
			t.Fatalf("matches and is called dead: %s", x)
		}
		if matched {
			hits++
		}
		if isDead {
			deaths++
		}
	}
	if hits < 500 || deaths < 100 {
		t.Errorf("%d match and %d are dead of 3000", hits, deaths)
	}
}

func BenchmarkRules(b *testing.B) {
	rules := detections.Rules(detections.Params{})
	for b.Loop() {
		Rules(rules)
	}
	b.ReportMetric(float64(len(rules)), "rules")
}
