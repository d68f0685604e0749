package shield_test

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/internal/conformance"
	"github.com/awsposture/posture/shield"
	"github.com/awsposture/posture/shield/shieldtest"
)

var (
	place = posture.Place{Partition: "aws", Account: "111122223333"}
	now   = time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)
)

func daysAgo(n int) time.Time { return now.AddDate(0, 0, -n) }

func clock() time.Time { return now }

const (
	siteARN    = "arn:aws:cloudfront::111122223333:distribution/E2EXAMPLE"
	oldSiteARN = "arn:aws:cloudfront::111122223333:distribution/E3EXAMPLE"
	zoneARN    = "arn:aws:route53:::hostedzone/Z2EXAMPLE"
	accARN     = "arn:aws:globalaccelerator::111122223333:accelerator/1234abcd-12ab-34cd-56ef-1234567890ab"
	eipARN     = "arn:aws:ec2:eu-west-1:111122223333:eip-allocation/eipalloc-0a1b2c3d"
	goneARN    = "arn:aws:ec2:eu-west-1:111122223333:eip-allocation/eipalloc-0deadbee"
	shopARN    = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/shop/50dc6c495c0c9188"
	apiARN     = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/api/60dc6c495c0c9188"
	classicARN = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/classic"
	nlbARN     = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/net/mail/70dc6c495c0c9188"
	siteACL    = "arn:aws:wafv2:us-east-1:111122223333:global/webacl/site/1"
	shopACL    = "arn:aws:wafv2:eu-west-1:111122223333:regional/webacl/shop/2"
	roleARN    = "arn:aws:iam::111122223333:role/shield-response"
	otherRole  = "arn:aws:iam::111122223333:role/shield-response-2"
)

// facts are what a fixture's view knows from elsewhere.
type facts struct {
	exposed   []shield.Exposed
	inventory map[shield.Kind][]string
	health    map[string]shield.Health
	roles     map[string]shield.Role
	logs      []string
	team      bool
	since     map[string]time.Time // default now
	alarms    []shield.Alarm       // beside those of the fake
}

// world is a fake and what stands beside it.
type world struct {
	*shieldtest.Shield
	facts *facts
}

func (w *world) account(p posture.Place, api shield.Reader) *shield.Account {
	a := shield.NewAccount(p, api)
	w.provide(a)
	return a
}

func (w *world) provide(a *shield.Account) {
	k := w.facts
	a.Now = clock
	a.Exposed = func(context.Context) ([]shield.Exposed, error) { return w.exposed(), nil }
	a.Inventory = func(context.Context) (map[shield.Kind][]string, error) { return k.inventory, nil }
	a.Health = func(_ context.Context, arn string) (shield.Health, error) {
		return k.health[arn[strings.LastIndex(arn, "/")+1:]], nil
	}
	a.Role = func(_ context.Context, arn string) (shield.Role, error) { return k.roles[arn], nil }
	a.LogBuckets = func(context.Context) ([]string, error) { return k.logs, nil }
	a.ResponseTeam = func(context.Context) (bool, error) { return k.team, nil }
	a.MitigatedSince = func(_ context.Context, arn string) (time.Time, error) {
		if t, ok := k.since[arn]; ok {
			return t, nil
		}
		return now, nil
	}
	a.Alarms = func(context.Context) ([]shield.Alarm, error) { return w.alarms(), nil }
}

// exposed is the facts with the Anti-DDoS group as the fake has it.
func (w *world) exposed() (all []shield.Exposed) {
	w.Edit(func(s *shieldtest.State) {
		for _, x := range w.facts.exposed {
			if x.WebACL != nil {
				acl := *x.WebACL
				acl.AntiDDoS = s.AntiDDoS[acl.ARN]
				x.WebACL = &acl
			}
			all = append(all, x)
		}
	})
	return all
}

func (w *world) alarms() []shield.Alarm {
	all := slices.Clone(w.facts.alarms)
	w.Edit(func(s *shieldtest.State) {
		for key, alarm := range s.Alarms {
			region, name, _ := strings.Cut(key, "/")
			all = append(all, shield.Alarm{Name: name, Region: region, Metric: "DDoSDetected", ResourceARN: alarm.ResourceARN, Actions: len(alarm.Actions), Comparison: "GreaterThanOrEqualToThreshold", Threshold: 1, MissingData: alarm.MissingData})
		}
	})
	slices.SortFunc(all, func(x, y shield.Alarm) int { return strings.Compare(x.Name, y.Name) })
	return all
}

// remediators are all there are, with the choices that a caller makes.
func (w *world) remediators(a *shield.Account) []posture.Remediator {
	all := slices.DeleteFunc(shield.Remediators(a, w), func(r posture.Remediator) bool { _, ok := r.(shield.MitigateFloods); return ok })
	return append(
		all,
		shield.MitigateFloods{Account: a, Writer: w, WebACLs: w.WebACLs()},
		shield.AttachHealthChecks{Account: a, Writer: w, Choose: func(context.Context, string) (string, error) { return "hc-good", nil }},
		shield.GrantResponseTeam{Account: a, Writer: w, RoleARN: otherRole},
		shield.AddContacts{Account: a, Writer: w, Contacts: []shield.Contact{{Email: "oncall@example.com", Phone: "+12065550100", Notes: "day and night"}}},
		shield.AlarmOnAttacks{Account: a, Alarms: w.Alarms(), Actions: map[string][]string{
			"us-east-1": {"arn:aws:sns:us-east-1:111122223333:alarms"}, "eu-west-1": {"arn:aws:sns:eu-west-1:111122223333:alarms"},
		}},
		shield.RenewSubscription{Account: a, Writer: w},
	)
}

// suite is the evaluators with a subscription required. AttacksSeen, which never
// fails, has a test of its own.
func suite(a *shield.Account) []posture.Evaluator {
	evs := slices.DeleteFunc(shield.Evaluators(a), func(e posture.Evaluator) bool { return e.Control().ID == "shield.attacks-seen" })
	for i, e := range evs {
		if s, ok := e.(shield.Subscribed); ok {
			s.Required = true
			evs[i] = s
		}
	}
	return evs
}

func (k facts) ground(p posture.Place, keep func(posture.Remediator) bool, change func(*shieldtest.State)) conformance.Ground {
	f := shieldtest.New(p)
	f.Now = clock
	f.Edit(change)
	w := &world{f, &k}
	return conformance.Ground{
		Fake: w, Faults: &f.Faults, State: f.State,
		View: func() conformance.View {
			a := w.account(p, f)
			return conformance.View{
				Evaluators:  suite(a),
				Remediators: slices.DeleteFunc(w.remediators(a), func(r posture.Remediator) bool { return !keep(r) }),
				Bindings:    shield.Bindings(a, f, f.WebACLs(), f.Alarms()),
			}
		},
	}
}

func engaging(r posture.Remediator) bool { _, ok := r.(shield.EnableEngagement); return ok }

func mitigating(r posture.Remediator) bool { _, ok := r.(shield.MitigateFloods); return ok }

func others(r posture.Remediator) bool { return !engaging(r) }

// exposed is a resource of the region that its ARN names.
func exposed(kind shield.Kind, arn string, change func(*shield.Exposed)) shield.Exposed {
	types := map[shield.Kind]string{
		shield.Distribution: "AWS::CloudFront::Distribution", shield.HostedZone: "AWS::Route53::HostedZone", shield.Accelerator: "AWS::GlobalAccelerator::Accelerator",
		shield.CLB: "AWS::ElasticLoadBalancing::LoadBalancer", shield.Instance: "AWS::EC2::Instance",
	}
	typ := types[kind]
	if typ == "" {
		typ = "AWS::ElasticLoadBalancingV2::LoadBalancer"
	}
	p := place
	p.Region = strings.Split(arn, ":")[3]
	x := shield.Exposed{Resource: p.Resource(typ, arn[strings.LastIndex(arn, ":")+1:], arn), Kind: kind}
	change(&x)
	return x
}

func http(acl *shield.WebACL, behind ...string) func(*shield.Exposed) {
	return func(x *shield.Exposed) { x.HTTP, x.WebACL, x.Behind, x.Application = true, acl, behind, "shop" }
}

func plain(eips ...string) func(*shield.Exposed) { return func(x *shield.Exposed) { x.EIPs = eips } }

func goodFacts() facts {
	return facts{
		exposed: []shield.Exposed{
			exposed(shield.Distribution, siteARN, http(&shield.WebACL{ARN: siteACL, RateRule: shield.RuleActs, Capacity: 900})),
			exposed(shield.HostedZone, zoneARN, plain()),
			exposed(shield.Accelerator, accARN, plain()),
			exposed(shield.ALB, apiARN, http(&shield.WebACL{ARN: shopACL, RateRule: shield.RuleActs, MitigationGroup: true, Capacity: 900}, accARN)),
			exposed(shield.ALB, shopARN, http(&shield.WebACL{ARN: shopACL, RateRule: shield.RuleActs, MitigationGroup: true, Capacity: 900}, siteARN)),
			exposed(shield.NLB, nlbARN, plain(eipARN)),
		},
		inventory: map[shield.Kind][]string{
			shield.Distribution: {siteARN}, shield.HostedZone: {zoneARN}, shield.Accelerator: {accARN}, shield.ALB: {apiARN, shopARN}, shield.EIP: {eipARN}, shield.CLB: nil,
		},
		health: map[string]shield.Health{"hc-good": shield.Healthy, "hc-gone": shield.HealthMissing},
		roles:  map[string]shield.Role{roleARN: {Exists: true, Policy: true, Trust: true, SourceAccount: true}},
		logs:   []string{"example-logs", "example-more-logs"}, team: true, since: map[string]time.Time{apiARN: daysAgo(50), siteARN: daysAgo(50)},
	}
}

func goodState(s *shieldtest.State) {
	s.Subscription = &shieldtest.Subscription{Start: daysAgo(100), End: daysAgo(-265), Engagement: shield.EngagementEnabled, SetUp: true}
	for i, arn := range []string{siteARN, zoneARN, accARN, apiARN, shopARN, eipARN} {
		p := &shieldtest.Protection{ID: "p-" + string(rune('a'+i)), Name: "protection " + string(rune('a'+i)), HealthChecks: []string{"hc-good"}}
		if arn == zoneARN {
			p.HealthChecks = nil
		}
		s.Protections[arn] = p
		region := "us-east-1"
		if strings.Contains(arn, ":eu-west-1:") {
			region = "eu-west-1"
		}
		s.Alarms[shieldtest.AlarmKey(region, "attack "+arn)] = shield.AlarmState{ResourceARN: arn, Actions: []string{"arn:aws:sns:" + region + ":111122223333:alarms"}, MissingData: "notBreaching"}
	}
	s.Protections[apiARN].Response = shield.ResponseBlock
	s.AntiDDoS[siteACL] = shield.RuleActs
	s.Groups["shop"] = &shieldtest.Group{Aggregation: "MAX", Pattern: "ARBITRARY", Members: []string{siteARN, shopARN, apiARN}}
	s.Groups["addresses"] = &shieldtest.Group{Aggregation: "SUM", Pattern: "BY_RESOURCE_TYPE", Kind: shield.EIP}
	s.RoleARN, s.Buckets = roleARN, []string{"example-logs"}
	s.Contacts = []shield.Contact{{Email: "oncall@example.com", Phone: "+12065550100"}}
	s.Attacks["attack-1"] = &shieldtest.Attack{ResourceARN: eipARN, Vectors: []string{"SYN_FLOOD"}, Start: daysAgo(20), End: daysAgo(20).Add(time.Hour)}
	s.Statistics = []shieldtest.Statistic{{Attacks: 3, Unit: "packets", Most: 2e6}}
}

// good is an account on which every control passes or does not apply.
func good() conformance.Ground { return goodFacts().ground(place, others, goodState) }

// bad is an account that is subscribed and has everything else wrong.
func bad() conformance.Ground {
	return facts{
		exposed: []shield.Exposed{
			exposed(shield.Distribution, siteARN, http(&shield.WebACL{ARN: siteACL, RateRule: shield.RuleCount})),
			exposed(shield.Distribution, oldSiteARN, func(x *shield.Exposed) { x.HTTP, x.WebACL = true, &shield.WebACL{ARN: "classic", Classic: true} }),
			exposed(shield.ALB, shopARN, http(&shield.WebACL{ARN: shopACL})),
			exposed(shield.ALB, apiARN, http(&shield.WebACL{ARN: shopACL}, siteARN)),
			exposed(shield.CLB, classicARN, http(nil)),
			exposed(shield.NLB, nlbARN, plain()),
			exposed(shield.Instance, "arn:aws:ec2:eu-west-1:111122223333:instance/i-0a1b2c3d", plain(eipARN)),
		},
		inventory: map[shield.Kind][]string{shield.Distribution: {siteARN, oldSiteARN}, shield.ALB: {shopARN, apiARN}, shield.EIP: {eipARN}},
		health:    map[string]shield.Health{"hc-good": shield.Healthy, "hc-bad": shield.Unhealthy},
		roles:     map[string]shield.Role{roleARN: {Exists: true, Trust: true}, otherRole: {Exists: true, Policy: true, Trust: true, SourceAccount: true}},
		logs:      []string{"example-logs", "example-more-logs"}, team: true, since: map[string]time.Time{shopARN: daysAgo(40)},
	}.ground(place, others, func(s *shieldtest.State) {
		s.Subscription = &shieldtest.Subscription{Start: daysAgo(355), End: daysAgo(-10), NoAutoRenew: true, Limits: map[shield.Kind]int64{shield.ALB: 2}}
		for id, arn := range map[string]string{"p-site": siteARN, "p-old-site": oldSiteARN, "p-shop": shopARN, "p-api": apiARN, "p-gone": goneARN} {
			s.Protections[arn] = &shieldtest.Protection{ID: id, Name: id}
		}
		s.Protections[shopARN].Response, s.Protections[apiARN].Response = shield.ResponseCount, shield.ResponseBlock
		s.Protections[shopARN].HealthChecks = []string{"hc-bad"}
		s.Groups["legacy"] = &shieldtest.Group{Aggregation: "SUM", Pattern: "ARBITRARY", Members: []string{eipARN, shopARN}}
		s.RoleARN = roleARN
		s.Contacts = []shield.Contact{{Email: "desk@example.com"}, {Email: "desk2@example.com", Notes: "in the office only"}}
		s.Alarms[shieldtest.AlarmKey("eu-west-1", "DDoSDetected "+shopARN)] = shield.AlarmState{ResourceARN: shopARN, MissingData: "breaching"}
		s.Alarms[shieldtest.AlarmKey("us-west-2", "attack on the site")] = shield.AlarmState{ResourceARN: siteARN, Actions: []string{"arn:aws:sns:us-west-2:111122223333:alarms"}}
		s.Attacks["attack-2"] = &shieldtest.Attack{ResourceARN: siteARN, Vectors: []string{"REQUEST_FLOOD"}, Start: daysAgo(1)}
	})
}

// absent is an account that never subscribed, with nothing on the internet.
func absent() conformance.Ground {
	return facts{}.ground(place, others, func(*shieldtest.State) {})
}

// ended is an account whose subscription is over, with its protections still listed.
func ended() conformance.Ground {
	return facts{exposed: goodFacts().exposed[:1]}.ground(place, others, func(s *shieldtest.State) {
		s.Subscription = &shieldtest.Subscription{Start: daysAgo(400), End: daysAgo(35), Ended: true, NoAutoRenew: true}
		s.Protections[siteARN] = &shieldtest.Protection{ID: "p-a", Name: "site"}
	})
}

// bare is an account with a subscription and nothing else.
func bare() conformance.Ground {
	return facts{team: true}.ground(place, others, func(s *shieldtest.State) {
		s.Subscription = &shieldtest.Subscription{Start: daysAgo(1), End: daysAgo(-364)}
	})
}

// partition is an account where AWS does not offer Shield's API.
func partition(name string) func() conformance.Ground {
	return func() conformance.Ground {
		return facts{}.ground(posture.Place{Partition: name, Account: "111122223333"}, others, func(*shieldtest.State) {})
	}
}
