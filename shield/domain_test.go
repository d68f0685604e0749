package shield_test

import (
	"github.com/awsposture/posture/internal/conformance"
	"github.com/awsposture/posture/shield"
	"github.com/awsposture/posture/shield/shieldtest"
)

var domain = conformance.Domain{
	Prefix: "shield",
	Fixtures: []conformance.Fixture{
		fixture("good", good), fixture("bad", bad), fixture("unsubscribed", unsubscribed), fixture("unwanted", unwanted), fixture("bare", bare), fixture("gov", gov),
	},
	Weakenings: []conformance.Weakening{
		spoilFacts("a balancer reached directly", func(k *facts) { k.edges[1].BehindAccelerator = false }, "shield.edge-fronted"),
		spoilFacts("no web ACL", func(k *facts) { k.edges[0].WebACL = nil }, "shield.layer7-guard", "shield.web-acl"),
		spoilFacts("a web ACL of WAF Classic", guard(func(w *shield.WebACL) { w.Classic = true }), "shield.web-acl"),
		spoilFacts("a rate rule that counts", guard(func(w *shield.WebACL) { w.RateRule = "count" }), "shield.rate-rule-block"),
		spoilFacts("no rate rule", guard(func(w *shield.WebACL) { w.RateRule = "" }), "shield.rate-rule-block"),
		spoilFacts("no Anti-DDoS group", guard(func(w *shield.WebACL) { w.AntiDDoS = "" }), "shield.auto-response"),
		spoilFacts("an Anti-DDoS group that counts for long", guard(func(w *shield.WebACL) { w.AntiDDoS = "count" }), "shield.auto-response"),
		spoil("automatic response off", func(s *shieldtest.State) { s.Protections["p2"].Response = "" }, "shield.auto-response"),
		spoil("automatic response counts for long", func(s *shieldtest.State) { s.Protections["p2"].Response = shield.ResponseCount }, "shield.auto-response"),
		spoilFacts("behind a distribution", func(k *facts) { k.edges[1].BehindDistribution = true }, "shield.auto-response-target"),
		spoilFacts("the mitigation rule is gone", func(k *facts) {
			w := webACL("block", "", false)
			k.edges[1].WebACL = &w
		}, "shield.mitigation-group"),
		spoil("no subscription", func(s *shieldtest.State) { s.Subscription = nil }, "shield.subscription"),
		spoil("not renewed", func(s *shieldtest.State) { s.Subscription.AutoRenew = false }, "shield.auto-renew"),
		spoil("no protection", func(s *shieldtest.State) { delete(s.Protections, "p3") }, "shield.resource-protected"),
		spoil("a member of a group without protection", func(s *shieldtest.State) { s.Groups["shop"].Members = append(s.Groups["shop"].Members, inner) }, "shield.protection-group"),
		spoil("no group", func(s *shieldtest.State) { delete(s.Groups, "shop") }, "shield.protection-group"),
		spoil("a group with one of two", func(s *shieldtest.State) { s.Groups["shop"].Members = s.Groups["shop"].Members[1:] }, "shield.protection-group"),
		spoilFacts("an instance without address", func(k *facts) { k.edges[2].Addresses = nil }, "shield.not-protectable"),
		spoilFacts("another address of the instance", func(k *facts) { k.edges[2].Addresses = []string{address, address + "1"} }, "shield.resource-protected"),
		spoilFacts("a resource is gone", func(k *facts) { k.existing = k.existing[:4] }, "shield.protection-orphan"),
		spoil("limits are near", func(s *shieldtest.State) {
			s.Subscription.Limits = map[shield.Kind]int64{shield.Distribution: 1}
		}, "shield.protection-quota"),
		spoil("no health check", func(s *shieldtest.State) { s.Protections["p3"].HealthChecks = nil }, "shield.health-check"),
		spoilFacts("an unhealthy check", func(k *facts) { k.checks[check] = shield.HealthCheck{} }, "shield.health-check-state"),
		spoilFacts("a disabled check", func(k *facts) { k.checks[check] = shield.HealthCheck{Healthy: true, Disabled: true} }, "shield.health-check-state"),
		spoilFacts("a check that is gone", func(k *facts) { delete(k.checks, check) }, "shield.health-check-state"),
		spoil("no role", func(s *shieldtest.State) { s.Role = "" }, "shield.srt-access"),
		spoilFacts("a role that is gone", func(k *facts) { delete(k.roles, role) }, "shield.srt-access"),
		spoilFacts("a role without the policy", func(k *facts) { k.roles[role] = shield.Role{Exists: true, Trust: true, SourceAccount: true} }, "shield.srt-access"),
		spoilFacts("a role without the trust", func(k *facts) { k.roles[role] = shield.Role{Exists: true, Policy: true} }, "shield.srt-access"),
		spoilFacts("a role for any account", func(k *facts) { k.roles[role] = shield.Role{Exists: true, Policy: true, Trust: true} }, "shield.srt-trust-condition"),
		spoil("no logs", func(s *shieldtest.State) { s.Buckets = []string{"example-other"} }, "shield.srt-log-buckets"),
		spoil("a contact without a phone", func(s *shieldtest.State) { s.Contacts[0].Phone = "" }, "shield.contacts", "shield.proactive-engagement"),
		spoil("engagement disabled", func(s *shieldtest.State) { s.Subscription.Engagement = shield.EngagementDisabled }, "shield.proactive-engagement"),
		spoil("engagement asked for", func(s *shieldtest.State) { s.Subscription.Engagement = shield.EngagementPending }, "shield.proactive-engagement"),
		spoilFacts("a support plan without the team", func(k *facts) { k.team = false }, "shield.proactive-engagement"),
		spoilFacts("no alarm", func(k *facts) { k.alarms = k.alarms[1:] }, "shield.ddos-alarm"),
		spoilFacts("an alarm without action", func(k *facts) { k.alarms[0].Actions = false }, "shield.ddos-alarm"),
		spoilFacts("an alarm elsewhere", func(k *facts) { k.alarms[0].Region = "eu-west-1" }, "shield.ddos-alarm"),
		spoilFacts("an alarm by missing data", func(k *facts) { k.alarms[1].Breaching = true }, "shield.ddos-alarm"),
		spoil("an attack", func(s *shieldtest.State) {
			s.Attacks["a2"] = &shieldtest.Attack{Resource: balancer, Vectors: []string{"SYN_FLOOD"}, Start: daysAgo(0)}
		}, "shield.attack-open"),
	},
	NeverFails: []string{"shield.attacks-seen"},
	Binary:     []string{"shield.protection", "shield.renewal", "shield.srt-log-bucket"},
	Drifts: map[string]func(conformance.Ground){
		"shield.health-check": edit(func(s *shieldtest.State) {
			s.Protections["p2"].HealthChecks, s.Protections["p3"].HealthChecks = []string{"other"}, []string{"other"}
		}),
		"shield.contacts": edit(func(s *shieldtest.State) { s.Contacts[0].Notes = "on duty" }),
		"shield.srt-role": edit(func(s *shieldtest.State) { s.Role = "arn:aws:iam::111122223333:role/other" }),
		"shield.protection-group": edit(func(s *shieldtest.State) {
			s.Groups["old"].Aggregation, s.Groups["shop"] = "MAX", &shieldtest.Group{Pattern: "ALL", Aggregation: "MAX"}
		}),
		"shield.auto-response": edit(func(s *shieldtest.State) {
			s.Protections["p3"].Response, s.Protections["p2"].Response = shield.ResponseBlock, shield.ResponseBlock
		}),
	},
}
