package trail

import (
	"fmt"
	"math/rand/v2"

	"github.com/awsposture/posture/detective/trail/detections"
	"github.com/awsposture/posture/detective/trail/rule"
	"github.com/awsposture/posture/detective/trail/schema"
)

// BuiltIn are the built-in detections, all lists given, as those of the world that the records are about.
func BuiltIn() []rule.Rule {
	deploy := []string{"arn:aws:iam::111122223333:role/deploy-*"}
	var accounts, buckets []string
	for i := range accountCount {
		accounts = append(accounts, accountID(i))
	}
	for i := range bucketCount {
		buckets = append(buckets, bucketName(i))
	}
	return detections.Rules(detections.Params{
		OwnAccounts: accounts, OwnBuckets: buckets, LogBuckets: []string{"logs"}, TrailBuckets: []string{"trail"}, TrailKeys: []string{"key"},
		LoggingGroups: []string{"group"}, SecurityAlarms: []string{"alarm"}, SecurityRules: []string{"rule"}, SecurityTopics: []string{"topic"}, SensitiveRoles: []string{"admin"},
		KnownProviders: []string{"x"}, KnownSubjects: []string{"repo:example/app:*"}, KnownCAs: []string{"00"}, KnownTargets: []string{"arn:aws:sns:us-east-1:111122223333:topic"},
		WatchedPatterns: map[string]string{"stopped": `{"source":["aws.cloudtrail"],"detail":{"eventName":["StopLogging"]}}`},
		AllowedRegions:  []string{"us-east-1", "eu-central-1", "us-west-2", "eu-west-1"}, OwnPublicIPs: []string{"198.51.100.0/24"}, ThreatNetworks: []string{"203.0.113.0/24"},
		IaC: deploy, Pipelines: deploy, Auditors: deploy, Archivers: deploy, RootTasks: deploy, KeyIssuers: deploy, ConsoleBrokers: deploy,
	})
}

// Like makes rules in the shape of public Sigma rules: nearly all name source
// and name; some test text by contains or wildcard, a few by regular
// expression, null, lists, other fields or the text of an object; every
// twelfth names neither.
func Like(n int, seed uint64) []rule.Rule {
	r := rand.New(rand.NewPCG(seed, 1))
	sources := schema.EventSources()
	var out []rule.Rule
	for i := range n {
		src := sources[r.IntN(len(sources))]
		names := schema.Names(src)
		name := names[r.IntN(len(names))]
		base := rule.All(rule.EqFold("eventSource", src), rule.EqFold("eventName", name))
		var x rule.Expr
		switch {
		case i%12 == 11 && i < 60:
			x = rule.All(rule.ContainsFold("userAgent", fmt.Sprintf("tool-%d", i)), rule.No(rule.EqFold("userIdentity.type", "AWSService")))
		case i%10 == 1:
			x = rule.All(base, rule.ContainsFold("requestParameters", "secret"))
		case i%10 == 2:
			x = rule.All(rule.EqFold("eventSource", src), rule.Like("eventName", name[:4]+"*"), rule.Has("errorCode"))
		case i%10 == 3:
			x = rule.All(base, rule.Regexp("userAgent", `^aws-cli/1\.`))
		case i%10 == 4:
			x = rule.All(base, rule.Same("userIdentity.userName", "requestParameters.userName"))
		case i%10 >= 7:
			x = rule.All(base, rule.Has("requestParameters.configuration"), rule.AnyOf(rule.EqFold("requestParameters.name", "x"), rule.Has("requestParameters.nested.value")), rule.No(rule.Contains("userIdentity.arn", "terraform")))
		default:
			x = rule.All(base, rule.Absent("errorCode"), rule.EqFold("userIdentity.type", "Root"))
		}
		out = append(out, rule.Rule{ID: fmt.Sprintf("like-%d", i), Level: "low", Expr: x})
	}
	return out
}
