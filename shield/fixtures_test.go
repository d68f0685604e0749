package shield_test

import (
	"context"
	"slices"
	"testing"
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

func clock() time.Time { return now }

func daysAgo(n int) time.Time { return now.AddDate(0, 0, -n) }

const (
	site     = "arn:aws:cloudfront::111122223333:distribution/EDFDVBD6EXAMPLE"
	balancer = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/shop/50dc6c495c0c9188"
	inner    = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/inner/60dc6c495c0c9188"
	address  = "arn:aws:ec2:eu-west-1:111122223333:eip-allocation/eipalloc-0example"
	zone     = "arn:aws:route53:::hostedzone/Z0EXAMPLE"
	check    = "7873cf98-0000-4000-8000-example00001"
	role     = "arn:aws:iam::111122223333:role/shield-response-team"
)

// facts are what a fixture's view knows from elsewhere.
type facts struct {
	edges    []shield.Edge
	existing []string
	checks   map[string]shield.HealthCheck
	alarms   []shield.Alarm
	roles    map[string]shield.Role
	buckets  []string
	team     bool
	since    map[string]time.Time
}

func give[T any](v *T) posture.Fact[T] {
	return func(context.Context) (T, error) { return *v, nil }
}

func (k *facts) account(p posture.Place, f *shieldtest.Shield) *shield.Account {
	a := shield.NewAccount(p, f)
	k.tell(a)
	return a
}

func (k *facts) tell(a *shield.Account) {
	a.Now, a.Edges, a.Existing, a.HealthChecks, a.Alarms, a.LogBuckets, a.ResponseTeam, a.CountingSince = clock, give(&k.edges), give(&k.existing), give(&k.checks), give(&k.alarms), give(&k.buckets), give(&k.team), give(&k.since)
	a.Role = func(_ context.Context, arn string) (shield.Role, error) { return k.roles[arn], nil }
}

// world is a fake and what stands beside it.
type world struct {
	*shieldtest.Shield
	facts facts
	only  func(posture.Remediator) bool // of the remediators; nil all that have a target in bad
}

func engaging(r posture.Remediator) bool { _, ok := r.(shield.EngageTeam); return ok }

// suite is the default suite, with Shield Advanced required.
func suite(a *shield.Account) []posture.Evaluator {
	evs := shield.Evaluators(a)
	for i, e := range evs {
		if s, ok := e.(shield.Subscribed); ok {
			s.Required = a == nil || a.Place().Account != optional.Account
			evs[i] = s
		}
	}
	return evs
}

// optional is an account of which nobody requires Shield Advanced.
var optional = posture.Place{Partition: "aws", Account: "444455556666"}

func (w *world) ground() conformance.Ground {
	return conformance.Ground{
		Fake: w, Faults: &w.Faults, State: w.State,
		View: func() conformance.View {
			a := w.facts.account(w.Place(), w.Shield)
			only := w.only
			if only == nil {
				only = func(r posture.Remediator) bool { return !engaging(r) }
			}
			return conformance.View{
				Evaluators: suite(a),
				Remediators: slices.DeleteFunc(append(shield.Remediators(a, w.Shield),
					shield.AssociateChecks{Account: a, Writer: w.Shield, Checks: map[string]string{balancer: check, inner: check}},
					shield.NameContacts{Account: a, Writer: w.Shield, Contacts: []shield.Contact{{Email: "duty@example.com", Phone: "+15555550100"}}},
					shield.GiveTeamRole{Account: a, Writer: w.Shield, RoleARN: role}), func(r posture.Remediator) bool { return !only(r) }),
				Bindings: shield.Bindings(a, w.Shield),
			}
		},
	}
}

func newFake(p posture.Place) *shieldtest.Shield {
	f := shieldtest.New(p)
	f.Now = clock
	return f
}

func edge(k shield.Kind, typ, id, arn, region string) shield.Edge {
	at := place
	at.Region = region
	return shield.Edge{Resource: at.Resource(typ, id, arn), Kind: k, Tags: map[string]string{"owner": "ana@example.com"}}
}

func guarded(x shield.Edge, w shield.WebACL) shield.Edge {
	x.HTTP, x.WebACL = true, &w
	return x
}

func webACL(rate, antiDDoS string, mitigation bool) shield.WebACL {
	return shield.WebACL{ARN: "arn:aws:wafv2:us-east-1:111122223333:global/webacl/site/a1b2c3d4", RateRule: rate, AntiDDoS: antiDDoS, MitigationGroup: mitigation, Capacity: 500, LastFree: true}
}

func siteEdge(w shield.WebACL) shield.Edge {
	x := guarded(edge(shield.Distribution, "AWS::CloudFront::Distribution", "distribution/EDFDVBD6EXAMPLE", site, ""), w)
	x.Application = "shop"
	return x
}

func balancerEdge(w shield.WebACL) shield.Edge {
	x := guarded(edge(shield.ApplicationBalancer, "AWS::ElasticLoadBalancingV2::LoadBalancer", "loadbalancer/app/shop/50dc6c495c0c9188", balancer, "eu-west-1"), w)
	x.Application, x.BehindAccelerator = "shop", true
	return x
}

func instanceEdge(addresses ...string) shield.Edge {
	x := edge(shield.Instance, "AWS::EC2::Instance", "i-0example", "", "eu-west-1")
	x.Addresses = addresses
	return x
}

func alarm(arn, region string) shield.Alarm {
	return shield.Alarm{Name: "attack", Region: region, ResourceARN: arn, Actions: true}
}

// good is a subscribed account on which every control passes or does not apply.
func good() *world {
	w := &world{Shield: newFake(place)}
	w.Edit(func(s *shieldtest.State) {
		s.Subscription = &shieldtest.Subscription{Start: daysAgo(100), End: daysAgo(-265), AutoRenew: true, Engagement: shield.EngagementEnabled}
		s.Protections["p1"] = &shieldtest.Protection{Name: "site", Resource: site, HealthChecks: []string{check}}
		s.Protections["p2"] = &shieldtest.Protection{Name: "shop", Resource: balancer, HealthChecks: []string{check}, Response: shield.ResponseBlock}
		s.Protections["p3"] = &shieldtest.Protection{Name: "host", Resource: address, HealthChecks: []string{check}}
		s.Protections["p4"] = &shieldtest.Protection{Name: "zone", Resource: zone}
		s.Groups["shop"] = &shieldtest.Group{Aggregation: "SUM", Pattern: "ARBITRARY", Members: []string{balancer, site}}
		s.Role, s.Buckets = role, []string{"example-logs"}
		s.Contacts = []shield.Contact{{Email: "duty@example.com", Phone: "+15555550100"}}
		s.Attacks["a1"] = &shieldtest.Attack{Resource: site, Vectors: []string{"REQUEST_FLOOD"}, Start: daysAgo(40), End: daysAgo(39)}
		s.Year = []shieldtest.Volume{{Unit: "requests/s", Count: 1, Max: 90000}}
	})
	w.facts = facts{
		edges:    []shield.Edge{siteEdge(webACL("block", "act", false)), balancerEdge(webACL("block", "", true)), instanceEdge(address)},
		existing: []string{site, balancer, inner, address, zone},
		checks:   map[string]shield.HealthCheck{check: {Healthy: true}},
		alarms:   []shield.Alarm{alarm(site, "us-east-1"), alarm(balancer, "eu-west-1"), alarm(address, "eu-west-1"), alarm(zone, "us-east-1")},
		roles:    map[string]shield.Role{role: {Exists: true, Policy: true, Trust: true, SourceAccount: true}},
		buckets:  []string{"example-logs"}, team: true, since: map[string]time.Time{site: daysAgo(90), balancer: daysAgo(90)},
	}
	return w
}

// bad is a subscribed account on which every control fails that can there.
func bad() *world {
	w := &world{Shield: newFake(place)}
	gone := "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/old"
	w.Edit(func(s *shieldtest.State) {
		s.Subscription = &shieldtest.Subscription{Start: daysAgo(345), End: daysAgo(-20), Limits: map[shield.Kind]int64{shield.ApplicationBalancer: 2}}
		s.Protections["p1"] = &shieldtest.Protection{Name: "site", Resource: site, HealthChecks: []string{"gone"}}
		s.Protections["p2"] = &shieldtest.Protection{Name: "shop", Resource: balancer}
		s.Protections["p3"] = &shieldtest.Protection{Name: "inner", Resource: inner, Response: shield.ResponseCount}
		s.Protections["p5"] = &shieldtest.Protection{Name: "old", Resource: gone, HealthChecks: []string{check}}
		s.Groups["old"] = &shieldtest.Group{Aggregation: "MEAN", Pattern: "ARBITRARY", Members: []string{site, "arn:aws:ec2:eu-west-1:111122223333:eip-allocation/eipalloc-0gone"}}
		s.Role = "arn:aws:iam::111122223333:role/old"
		s.Contacts = []shield.Contact{{Email: "ana@example.com"}}
		s.Attacks["a1"] = &shieldtest.Attack{Resource: site, Vectors: []string{"REQUEST_FLOOD", "SYN_FLOOD"}, Start: daysAgo(1)}
	})
	behind := guarded(edge(shield.ApplicationBalancer, "AWS::ElasticLoadBalancingV2::LoadBalancer", "loadbalancer/app/inner/60dc6c495c0c9188", inner, "eu-west-1"), webACL("count", "", false))
	behind.BehindDistribution = true
	open := balancerEdge(webACL("", "", false))
	open.BehindAccelerator = false
	naked := edge(shield.NetworkBalancer, "AWS::ElasticLoadBalancingV2::LoadBalancer", "net/naked", "", "eu-west-1")
	classic := siteEdge(shield.WebACL{ARN: "a1b2c3d4", Classic: true})
	w.facts = facts{
		edges: []shield.Edge{classic, open, behind, instanceEdge(address), naked}, existing: []string{site, balancer, inner, address},
		checks:  map[string]shield.HealthCheck{check: {Healthy: true}},
		alarms:  []shield.Alarm{{Name: "quiet", Region: "us-east-1", ResourceARN: site}},
		roles:   map[string]shield.Role{role: {Exists: true, Policy: true, Trust: true, SourceAccount: true}, "arn:aws:iam::111122223333:role/old": {Exists: true, Trust: true}},
		buckets: []string{"example-logs", "example-waf-logs"}, team: true, since: map[string]time.Time{balancer: daysAgo(3)},
	}
	return w
}

// unsubscribed is an account without Shield Advanced, of which it is required.
func unsubscribed() *world { return &world{Shield: newFake(place), facts: facts{edges: nil}} }

// unwanted is one of which it is not.
func unwanted() *world { return &world{Shield: newFake(optional)} }

// bare is subscribed and has nothing else.
func bare() *world {
	w := &world{Shield: newFake(place)}
	w.Edit(func(s *shieldtest.State) {
		s.Subscription = &shieldtest.Subscription{Start: daysAgo(1), End: daysAgo(-364), AutoRenew: true}
	})
	return w
}

// gov is an account of a partition without Shield Advanced.
func gov() *world {
	return &world{Shield: newFake(posture.Place{Partition: "aws-us-gov", Account: "111122223333"})}
}

func fixture(name string, make func() *world) conformance.Fixture {
	return conformance.Fixture{Name: name, Make: func() conformance.Ground { return make().ground() }}
}

func edit(change func(*shieldtest.State)) func(conformance.Ground) {
	return func(g conformance.Ground) { g.Fake.(*world).Edit(change) }
}

func spoil(name string, change func(*shieldtest.State), flips ...string) conformance.Weakening {
	return conformance.Weakening{Name: name, Edit: edit(change), Flips: flips}
}

func spoilFacts(name string, change func(*facts), flips ...string) conformance.Weakening {
	return conformance.Weakening{Name: name, Edit: func(g conformance.Ground) { change(&g.Fake.(*world).facts) }, Flips: flips}
}

func guard(change func(*shield.WebACL)) func(*facts) {
	return func(k *facts) {
		w := *k.edges[0].WebACL
		change(&w)
		k.edges = slices.Clone(k.edges)
		k.edges[0].WebACL = &w
	}
}

func TestEvaluators(t *testing.T) { conformance.Evaluators(t, domain) }

func TestRemediators(t *testing.T) { conformance.Remediators(t, domain) }

// What proactive engagement needs must be there before it is planned, which
// leaves nothing else to plan.
func TestEngagementRemediators(t *testing.T) {
	for name, is := range map[string]shield.Engagement{"never": "", "disabled": shield.EngagementDisabled} {
		t.Run(name, func(t *testing.T) {
			conformance.Remediators(t, conformance.Domain{
				Prefix: "shield", Remains: []string{"shield.engagement"},
				Fixtures: []conformance.Fixture{fixture("good", good), fixture(name, func() *world {
					w := good()
					w.only = engaging
					w.Edit(func(s *shieldtest.State) { s.Subscription.Engagement = is })
					return w
				})},
				Drifts: map[string]func(conformance.Ground){
					"shield.engagement": edit(func(s *shieldtest.State) { s.Subscription.Engagement = shield.EngagementPending }),
				},
			})
		})
	}
}

type state = shieldtest.State
