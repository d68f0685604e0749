package shield_test

import (
	"github.com/awsposture/posture/internal/conformance"
	"github.com/awsposture/posture/shield"
	"github.com/awsposture/posture/shield/shieldtest"
)

// weakenings each spoil one thing of the good account.
func weakenings() []conformance.Weakening {
	return []conformance.Weakening{
		spoil("ended", func(s *shieldtest.State) { s.Subscription.Ended = true }, "shield.subscription"),
		spoil("never subscribed", func(s *shieldtest.State) { s.Subscription = nil }, "shield.subscription"),
		spoil("does not renew", func(s *shieldtest.State) { s.Subscription.NoAutoRenew = true }, "shield.auto-renew"),
		spoil("unprotected address", func(s *shieldtest.State) { delete(s.Protections, eipARN) }, "shield.resource-protected"),
		spoil("full", func(s *shieldtest.State) { s.Subscription.Limits = map[shield.Kind]int64{shield.EIP: 1} }, "shield.protection-quota"),
		spoil("no health check", func(s *shieldtest.State) { s.Protections[eipARN].HealthChecks = nil }, "shield.health-check"),
		spoil("missing health check", func(s *shieldtest.State) { s.Protections[eipARN].HealthChecks = []string{"hc-gone"} }, "shield.health-check-state"),
		spoil("no mitigation", func(s *shieldtest.State) { delete(s.AntiDDoS, siteACL) }, "shield.auto-response"),
		spoil("counts for long", func(s *shieldtest.State) { s.AntiDDoS[siteACL] = shield.RuleCount }, "shield.auto-response"),
		spoil("response counts for long", func(s *shieldtest.State) { s.Protections[apiARN].Response = shield.ResponseCount }, "shield.auto-response"),
		spoil("response behind the edge", func(s *shieldtest.State) { s.Protections[shopARN].Response = shield.ResponseCount }, "shield.auto-response-target"),
		spoil("no role", func(s *shieldtest.State) { s.RoleARN = "" }, "shield.srt-access"),
		spoil("no shared bucket", func(s *shieldtest.State) { s.Buckets = []string{"example-other"} }, "shield.srt-log-buckets"),
		spoil("no contact", func(s *shieldtest.State) { s.Contacts = nil }, "shield.contacts", "shield.proactive-engagement"),
		spoil("no phone", func(s *shieldtest.State) { s.Contacts[0].Phone = "" }, "shield.contacts", "shield.proactive-engagement"),
		spoil("engagement off", func(s *shieldtest.State) { s.Subscription.Engagement = "" }, "shield.proactive-engagement"),
		spoil("engagement pending", func(s *shieldtest.State) { s.Subscription.Engagement = shield.EngagementPending }, "shield.proactive-engagement"),
		spoil("no group", func(s *shieldtest.State) { clear(s.Groups) }, "shield.protection-group"),
		spoil("group leaves one out", func(s *shieldtest.State) { s.Groups["shop"].Members = []string{siteARN} }, "shield.protection-group"),
		spoil("unprotected member", func(s *shieldtest.State) {
			s.Groups["shop"].Members = append(s.Groups["shop"].Members, goneARN)
		}, "shield.protection-group"),
		spoil("no alarm", func(s *shieldtest.State) { delete(s.Alarms, shieldtest.AlarmKey("eu-west-1", "attack "+eipARN)) }, "shield.ddos-alarm"),
		spoil("alarm without action", func(s *shieldtest.State) {
			s.Alarms[shieldtest.AlarmKey("eu-west-1", "attack "+eipARN)] = shield.AlarmState{ResourceARN: eipARN}
		}, "shield.ddos-alarm"),
		spoil("alarm in another region", func(s *shieldtest.State) {
			key := shieldtest.AlarmKey("us-east-1", "attack "+siteARN)
			s.Alarms[shieldtest.AlarmKey("eu-west-1", "attack")] = s.Alarms[key]
			delete(s.Alarms, key)
		}, "shield.ddos-alarm"),
		spoil("missing data breaches", func(s *shieldtest.State) {
			key := shieldtest.AlarmKey("us-east-1", "attack "+siteARN)
			alarm := s.Alarms[key]
			alarm.MissingData = "breaching"
			s.Alarms[key] = alarm
		}, "shield.ddos-alarm"),
		spoil("an attack", func(s *shieldtest.State) {
			s.Attacks["attack-3"] = &shieldtest.Attack{ResourceARN: eipARN, Vectors: []string{"UDP_REFLECTION"}, Start: daysAgo(200)}
		}, "shield.attack-open"),

		spoilFact("reached directly", func(k *facts) { k.exposed[3].Behind = nil }, "shield.edge-fronted"),
		spoilFact("no guard", func(k *facts) { k.exposed[3].WebACL.RateRule = shield.RuleNone }, "shield.layer7-guard", "shield.rate-rule-block"),
		spoilFact("no web ACL", func(k *facts) { k.exposed[4].WebACL = nil }, "shield.web-acl"),
		spoilFact("classic web ACL", func(k *facts) { k.exposed[4].WebACL.Classic = true }, "shield.web-acl"),
		spoilFact("rate rule counts", func(k *facts) { k.exposed[0].WebACL.RateRule = shield.RuleCount }, "shield.rate-rule-block"),
		spoilFact("mitigation rule dropped", func(k *facts) { k.exposed[3].WebACL.MitigationGroup = false }, "shield.mitigation-group"),
		spoilFact("no address", func(k *facts) { k.exposed[5].EIPs = nil }, "shield.not-protectable"),
		spoilFact("custom routing", func(k *facts) { k.exposed[2].Kind = shield.CustomAccelerator }, "shield.not-protectable"),
		spoilFact("resource gone", func(k *facts) { k.inventory[shield.EIP] = nil }, "shield.protection-orphan"),
		spoilFact("unhealthy", func(k *facts) { k.health["hc-good"] = shield.Unhealthy }, "shield.health-check-state"),
		spoilFact("health check off", func(k *facts) { k.health["hc-good"] = shield.HealthOff }, "shield.health-check-state"),
		spoilFact("role gone", func(k *facts) { clear(k.roles) }, "shield.srt-access"),
		spoilFact("role without policy", func(k *facts) { k.roles[roleARN] = shield.Role{Exists: true, Trust: true, SourceAccount: true} }, "shield.srt-access"),
		spoilFact("role for every account", func(k *facts) { k.roles[roleARN] = shield.Role{Exists: true, Policy: true, Trust: true} }, "shield.srt-trust-condition"),
		spoilFact("plan without the team", func(k *facts) { k.team = false }, "shield.proactive-engagement"),
	}
}
