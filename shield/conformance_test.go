package shield_test

import (
	"testing"
	"time"

	"github.com/awsposture/posture/internal/conformance"
	"github.com/awsposture/posture/shield"
	"github.com/awsposture/posture/shield/shieldtest"
)

func edit(change func(*shieldtest.State)) func(conformance.Ground) {
	return func(g conformance.Ground) { g.Fake.(*world).Edit(change) }
}

func spoil(name string, change func(*shieldtest.State), flips ...string) conformance.Weakening {
	return conformance.Weakening{Name: name, Edit: edit(change), Flips: flips}
}

func spoilFact(name string, change func(*facts), flips ...string) conformance.Weakening {
	return conformance.Weakening{Name: name, Edit: func(g conformance.Ground) { change(g.Fake.(*world).facts) }, Flips: flips}
}

// action gives the action of an operation of one of the three services.
func action(op string) string {
	switch op {
	case "GetWebACL", "UpdateWebACL":
		return "wafv2:" + op
	case "DescribeAlarms", "PutMetricAlarm", "DeleteAlarms":
		return "cloudwatch:" + op
	}
	return "shield:" + op
}

func fixtures() []conformance.Fixture {
	return []conformance.Fixture{
		{Name: "good", Make: good},
		{Name: "bad", Make: bad},
		{Name: "absent", Make: absent},
		{Name: "ended", Make: ended},
		{Name: "bare", Make: bare},
		{Name: "aws-us-gov", Make: partition("aws-us-gov")},
		{Name: "aws-cn", Make: partition("aws-cn")},
	}
}

func TestEvaluators(t *testing.T) {
	conformance.Evaluators(t, conformance.Domain{Action: action, Fixtures: fixtures(), Weakenings: weakenings()})
}

func TestRemediators(t *testing.T) {
	conformance.Remediators(t, conformance.Domain{
		Action: action, Fixtures: fixtures(), Binary: []string{"shield.log-bucket"},
		Drifts: map[string]func(conformance.Ground){
			"shield.protection": edit(func(s *shieldtest.State) {
				for _, arn := range []string{eipARN, classicARN} {
					s.Protections[arn] = &shieldtest.Protection{ID: "p-theirs-" + arn, Name: "theirs"}
				}
			}),
			"shield.health-checks":      edit(func(s *shieldtest.State) { clear(s.Protections) }),
			"shield.automatic-response": edit(func(s *shieldtest.State) { clear(s.Protections) }),
			"shield.response-team-role": edit(func(s *shieldtest.State) { s.RoleARN = "" }),
			"shield.contacts":           edit(func(s *shieldtest.State) { s.Contacts = s.Contacts[:1] }),
			"shield.auto-renew":         edit(func(s *shieldtest.State) { s.Subscription = nil }),
			"shield.protection-group": edit(func(s *shieldtest.State) {
				s.Groups["legacy"], s.Groups["shop"] = &shieldtest.Group{Aggregation: "SUM", Pattern: "ALL"}, &shieldtest.Group{Aggregation: "SUM", Pattern: "ALL"}
			}),
			"shield.alarm": edit(func(s *shieldtest.State) {
				for _, arn := range []string{siteARN, oldSiteARN, shopARN, apiARN, goneARN} {
					for _, region := range []string{"us-east-1", "eu-west-1"} {
						s.Alarms[shieldtest.AlarmKey(region, "DDoSDetected "+arn)] = shield.AlarmState{ResourceARN: arn, MissingData: "ignore"}
					}
				}
			}),
		},
	})
}

// To be asked for, proactive engagement must be off and lack nothing.
func TestEngagementRemediator(t *testing.T) {
	for name, setUp := range map[string]bool{"set up": true, "never set up": false} {
		t.Run(name, func(t *testing.T) {
			conformance.Remediators(t, conformance.Domain{
				Action: action,
				Fixtures: []conformance.Fixture{{Name: "good", Make: good}, {Name: name, Make: func() conformance.Ground {
					return goodFacts().ground(place, engaging, func(s *shieldtest.State) {
						goodState(s)
						s.Subscription.Engagement, s.Subscription.SetUp = shield.EngagementDisabled, setUp
					})
				}}},
				Drifts: map[string]func(conformance.Ground){
					"shield.proactive-engagement": edit(func(s *shieldtest.State) { s.Subscription.Engagement = shield.EngagementPending }),
				},
			})
		})
	}
}

// Where the automatic response is in use nowhere, the Anti-DDoS group is planned:
// in Count first, and acting after it counted for long enough.
func TestAntiDDoSRemediator(t *testing.T) {
	for name, test := range map[string]struct{ have, drift shield.RuleAction }{
		"none": {shield.RuleNone, shield.RuleActs}, "counted": {shield.RuleCount, shield.RuleNone},
	} {
		t.Run(name, func(t *testing.T) {
			conformance.Remediators(t, conformance.Domain{
				Action: action,
				Fixtures: []conformance.Fixture{{Name: "good", Make: good}, {Name: name, Make: func() conformance.Ground {
					k := facts{exposed: []shield.Exposed{exposed(shield.Distribution, siteARN, http(&shield.WebACL{ARN: siteACL}))}}
					if test.have == shield.RuleCount {
						k.since = map[string]time.Time{siteARN: daysAgo(31)}
					}
					return k.ground(place, mitigating, func(s *shieldtest.State) {
						s.Subscription = &shieldtest.Subscription{Start: daysAgo(100), End: daysAgo(-265)}
						s.Protections[siteARN] = &shieldtest.Protection{ID: "p-a", Name: "site"}
						if test.have != shield.RuleNone {
							s.AntiDDoS[siteACL] = test.have
						}
					})
				}}},
				Drifts: map[string]func(conformance.Ground){
					"shield.anti-ddos-group": edit(func(s *shieldtest.State) { s.AntiDDoS[siteACL] = test.drift }),
				},
			})
		})
	}
}
