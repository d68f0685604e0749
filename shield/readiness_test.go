package shield_test

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/internal/awsfake"
	"github.com/awsposture/posture/shield"
	"github.com/awsposture/posture/shield/shieldtest"
)

var capabilities = []shield.Capability{shield.Detects, shield.DetectsFast, shield.Stops, shield.TeamActs, shield.TeamCalls, shield.Notices, shield.CostCredit}

func readiness(t *testing.T, w *world, arn string) shield.Readiness {
	t.Helper()
	all, err := w.account(place, w).Readiness(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(all, func(r shield.Readiness) bool { return r.Resource.ID == arn })
	if i < 0 {
		t.Fatalf("nothing on %s", arn)
	}
	return all[i]
}

// not gives the capabilities that are not passed, with their status.
func not(r shield.Readiness) map[shield.Capability]posture.Status {
	out := map[shield.Capability]posture.Status{}
	for _, c := range capabilities {
		if s := r.Ability(c).Status; s != posture.Pass {
			out[c] = s
		}
	}
	return out
}

const fail, beside, unknown = posture.Fail, posture.NotApplicable, posture.Unknown

type lacking = map[shield.Capability]posture.Status

// Each row of what a capability needs, with one thing missing at a time.
func TestReadiness(t *testing.T) {
	for _, test := range []struct {
		name  string
		state func(*shieldtest.State)
		fact  func(*facts)
		arn   string
		want  lacking
	}{
		{"all there", nil, nil, siteARN, lacking{}},
		{"all there, the older way", nil, nil, apiARN, lacking{}},
		{"a hosted zone", nil, nil, zoneARN, lacking{shield.DetectsFast: beside, shield.Stops: beside, shield.TeamCalls: beside}},
		{"an address", nil, nil, eipARN, lacking{shield.Stops: beside}},
		{"behind a distribution", nil, nil, shopARN, lacking{shield.Stops: beside}},
		{"an address unprotected", func(s *shieldtest.State) { delete(s.Protections, eipARN) }, nil, eipARN, lacking{
			shield.Detects: fail, shield.DetectsFast: fail, shield.Stops: beside, shield.TeamActs: fail, shield.TeamCalls: fail, shield.Notices: fail, shield.CostCredit: fail,
		}},
		{"no health check", func(s *shieldtest.State) { s.Protections[siteARN].HealthChecks = nil }, nil, siteARN, lacking{shield.DetectsFast: fail, shield.TeamCalls: fail}},
		{"unhealthy", nil, func(k *facts) { k.health["hc-good"] = shield.Unhealthy }, siteARN, lacking{shield.DetectsFast: fail}},
		{"no web ACL", nil, func(k *facts) { k.exposed[0].WebACL = nil }, siteARN, lacking{shield.Stops: fail, shield.CostCredit: fail}},
		{"rate rule counts", nil, func(k *facts) { k.exposed[0].WebACL.RateRule = shield.RuleCount }, siteARN, lacking{shield.CostCredit: fail}},
		{"no mitigation", func(s *shieldtest.State) { clear(s.AntiDDoS) }, nil, siteARN, lacking{shield.Stops: fail}},
		{"the group counts, and the control passes", func(s *shieldtest.State) { s.AntiDDoS[siteACL] = shield.RuleCount }, func(k *facts) { delete(k.since, siteARN) }, siteARN, lacking{shield.Stops: fail}},
		{"mitigation rule dropped", nil, func(k *facts) { k.exposed[3].WebACL.MitigationGroup = false }, apiARN, lacking{shield.Stops: fail}},
		{"has not learnt", nil, func(k *facts) { k.since[apiARN] = now.Add(-23 * time.Hour) }, apiARN, lacking{shield.Stops: fail}},
		{"learnt for a day", nil, func(k *facts) { k.since[apiARN] = now.Add(-25 * time.Hour) }, apiARN, lacking{}},
		{"learnt for nobody knows how long", nil, func(k *facts) { k.since[apiARN] = time.Time{} }, apiARN, lacking{shield.Stops: unknown}},
		{"no role", func(s *shieldtest.State) { s.RoleARN = "" }, nil, siteARN, lacking{shield.TeamActs: fail, shield.TeamCalls: fail}},
		{"no log bucket shared", func(s *shieldtest.State) { s.Buckets = nil }, nil, siteARN, lacking{shield.TeamActs: fail, shield.TeamCalls: fail}},
		{"no logs", nil, func(k *facts) { k.logs = nil }, siteARN, lacking{}},
		{"no support plan", nil, func(k *facts) { k.team = false }, siteARN, lacking{shield.TeamActs: fail, shield.TeamCalls: fail}},
		{"no contact", func(s *shieldtest.State) { s.Contacts = nil }, nil, siteARN, lacking{shield.TeamCalls: fail}},
		{"engagement pending", func(s *shieldtest.State) { s.Subscription.Engagement = shield.EngagementPending }, nil, siteARN, lacking{shield.TeamCalls: fail}},
		{"no alarm", func(s *shieldtest.State) { clear(s.Alarms) }, nil, siteARN, lacking{shield.Notices: fail}},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := good().Fake.(*world)
			if test.state != nil {
				w.Edit(test.state)
			}
			if test.fact != nil {
				test.fact(w.facts)
			}
			r := readiness(t, w, test.arn)
			got := not(r)
			for _, c := range capabilities {
				a := r.Ability(c)
				if got[c] != test.want[c] {
					t.Errorf("%s is %s: missing %q, causes %v", c, a.Status, a.Missing, a.Causes)
				}
				if a.Status == posture.Fail && len(a.Missing) == 0 || a.Status == posture.Unknown && len(a.Causes) == 0 {
					t.Errorf("%s is %s and does not say why", c, a.Status)
				}
			}
		})
	}
}

// A distribution whose rate rule counts, mitigated the older way, without an
// action on its alarm, a role for the team, or contacts.
func TestReadinessOfTheHalfPrepared(t *testing.T) {
	w := good().Fake.(*world)
	w.facts.exposed[0].WebACL.RateRule, w.facts.exposed[0].WebACL.MitigationGroup = shield.RuleCount, true
	w.Edit(func(s *shieldtest.State) {
		clear(s.AntiDDoS)
		s.Protections[siteARN].Response = shield.ResponseBlock
		s.RoleARN, s.Contacts, s.Subscription.Engagement = "", nil, shield.EngagementDisabled
		s.Alarms[shieldtest.AlarmKey("us-east-1", "attack "+siteARN)] = shield.AlarmState{ResourceARN: siteARN}
	})
	r := readiness(t, w, siteARN)
	for c, want := range map[shield.Capability]posture.Status{
		shield.Detects: posture.Pass, shield.DetectsFast: posture.Pass, shield.Stops: posture.Pass,
		shield.TeamActs: fail, shield.TeamCalls: fail, shield.Notices: fail, shield.CostCredit: fail,
	} {
		if a := r.Ability(c); a.Status != want {
			t.Errorf("%s is %s: %q, %v", c, a.Status, a.Missing, a.Causes)
		}
	}
	for c, n := range map[shield.Capability]int{shield.TeamActs: 1, shield.TeamCalls: 3, shield.Notices: 1, shield.CostCredit: 1} {
		if a := r.Ability(c); len(a.Missing) != n {
			t.Errorf("%s misses %q, want %d", c, a.Missing, n)
		}
	}
}

// What could not be read is unknown, and only where it counts; nothing is read
// that the evaluators do not read.
func TestReadinessUnknown(t *testing.T) {
	w := good().Fake.(*world)
	w.Deny("DescribeDRTAccess")
	if got := not(readiness(t, w, siteARN)); got[shield.TeamActs] != unknown || got[shield.TeamCalls] != unknown || len(got) != 2 {
		t.Errorf("denied the team's access: %v", got)
	}
	w.Heal()
	w.Forget()
	readiness(t, w, siteARN)
	calls := len(w.Calls())
	w.Forget()
	scan(t, shield.Evaluators(w.account(place, w)))
	if scanned := len(w.Calls()); calls != scanned {
		t.Errorf("readiness makes %d calls, a scan %d", calls, scanned)
	}
	w.Inject(awsfake.Fault{Operation: "ListProtections", Err: awsfake.ErrDenied})
	all, err := w.account(place, w).Readiness(t.Context())
	if err == nil {
		t.Error("denied the protections, there is no error")
	}
	for _, r := range all {
		for _, a := range r.Abilities {
			if a.Status == posture.Pass {
				t.Errorf("denied the protections: %s of %s passes", a.Capability, r.Resource)
			}
		}
	}
	w = absent().Fake.(*world)
	if all, err := w.account(place, w).Readiness(t.Context()); len(all) > 0 || err != nil {
		t.Errorf("without a subscription: %v, %v", all, err)
	}
}

// The credit depends on what was so before the attack: results that were kept
// and decoded answer for any time.
func TestReadinessAt(t *testing.T) {
	w := good().Fake.(*world)
	var history []posture.Result
	keep := func(at time.Time) {
		for r := range posture.Scan(t.Context(), shield.Evaluators(w.account(place, w)), nil) {
			r.Started = at
			b, err := json.Marshal(r)
			if err != nil {
				t.Fatal(err)
			}
			var kept posture.Result
			if err := json.Unmarshal(b, &kept); err != nil {
				t.Fatal(err)
			}
			history = append(history, kept)
		}
	}
	w.Edit(func(s *shieldtest.State) { delete(s.Protections, eipARN) })
	keep(daysAgo(10))
	w.Edit(func(s *shieldtest.State) {
		s.Protections[eipARN] = &shieldtest.Protection{ID: "p-f", Name: "address", HealthChecks: []string{"hc-good"}}
	})
	keep(daysAgo(5))
	slices.Reverse(history) // their order does not matter
	for day, want := range map[int]posture.Status{9: fail, 4: posture.Pass} {
		all := shield.ReadinessAt(history, daysAgo(day))
		i := slices.IndexFunc(all, func(r shield.Readiness) bool { return r.Resource.ID == eipARN })
		if i < 0 || all[i].Ability(shield.CostCredit).Status != want {
			t.Errorf("%d days ago: %v", day, all)
		}
		site := slices.IndexFunc(all, func(r shield.Readiness) bool { return r.Resource.ID == siteARN })
		if got := not(all[site]); len(got) > 0 {
			t.Errorf("%d days ago the site lacks %v", day, got)
		}
	}
	if all := shield.ReadinessAt(history, daysAgo(11)); len(all) > 0 {
		t.Errorf("before the first scan: %v", all)
	}
}
