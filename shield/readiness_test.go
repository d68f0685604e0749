package shield_test

import (
	"strings"
	"testing"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/shield"
	"github.com/awsposture/posture/shield/shieldtest"
)

func ready(all []shield.Readiness, arn string) map[shield.Capability]shield.Readiness {
	by := map[shield.Capability]shield.Readiness{}
	for _, r := range all {
		if r.Resource.ARN == arn {
			by[r.Capability] = r
		}
	}
	return by
}

func TestReadiness(t *testing.T) {
	const yes, no, unknown = posture.Pass, posture.Fail, posture.Unknown
	type table map[shield.Capability]posture.Status
	all := func(s posture.Status, but table) table {
		out := table{}
		for _, c := range []shield.Capability{shield.Detects, shield.DetectsFast, shield.StopsFloods, shield.TeamActs, shield.TeamCalls, shield.Notices, shield.CostCredit} {
			out[c] = s
			if other, ok := but[c]; ok {
				out[c] = other
			}
		}
		return out
	}
	for name, c := range map[string]struct {
		spoil func(*world)
		arn   string
		want  table
		says  string
	}{
		"all well":        {func(*world) {}, site, all(yes, nil), ""},
		"a hosted zone":   {func(*world) {}, zone, all(yes, nil), ""},
		"no protection":   {func(w *world) { w.Edit(func(s *shieldtest.State) { delete(s.Protections, "p1") }) }, site, all(no, nil), "no protection"},
		"not subscribed":  {func(w *world) { w.Edit(func(s *shieldtest.State) { s.Subscription = nil }) }, site, all(no, nil), "no protection"},
		"rate rule count": {func(w *world) { guard(func(a *shield.WebACL) { a.RateRule = "count" })(&w.facts) }, site, all(yes, table{shield.CostCredit: no}), "rate rule count"},
		"as in the guide": {func(w *world) {
			guard(func(a *shield.WebACL) { a.RateRule = "count" })(&w.facts)
			w.facts.alarms[0].Actions = false
			w.Edit(func(s *shieldtest.State) { s.Role, s.Contacts, s.Subscription.Engagement = "", nil, "" })
		}, site, all(yes, table{shield.CostCredit: no, shield.Notices: no, shield.TeamActs: no, shield.TeamCalls: no}), "has no role"},
		"no support plan":    {func(w *world) { w.facts.team = false }, site, all(yes, table{shield.TeamActs: no, shield.TeamCalls: no}), "support plan"},
		"unhealthy":          {func(w *world) { w.facts.checks[check] = shield.HealthCheck{} }, balancer, all(yes, table{shield.DetectsFast: no}), "unhealthy"},
		"access not read":    {func(w *world) { w.Deny("DescribeDRTAccess") }, site, all(yes, table{shield.TeamActs: unknown, shield.TeamCalls: unknown}), "DescribeDRTAccess"},
		"no list of any":     {func(w *world) { w.Deny("ListProtections") }, site, all(unknown, nil), "ListProtections"},
		"state not readable": {func(w *world) { w.Deny("GetSubscriptionState") }, site, all(unknown, nil), "GetSubscriptionState"},
	} {
		t.Run(name, func(t *testing.T) {
			w := good()
			c.spoil(w)
			got := ready(w.facts.account(place, w.Shield).Readiness(t.Context()), c.arn)
			says := ""
			for of, want := range c.want {
				if got[of].Ready != want {
					t.Errorf("%s, want %s", got[of], want)
				}
				if want != yes {
					says += got[of].String()
				}
			}
			if !strings.Contains(says, c.says) {
				t.Errorf("it does not say %q: %s", c.says, says)
			}
		})
	}
}
