package shield_test

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/internal/conformance"
	"github.com/awsposture/posture/shield"
	"github.com/awsposture/posture/shield/shieldtest"
)

// Without a subscription nothing is planned and nothing written, whatever is asked.
func TestNeverSubscribes(t *testing.T) {
	for name, make := range map[string]func() conformance.Ground{"absent": absent, "ended": ended} {
		w := make().Fake.(*world)
		a := w.account(place, w)
		for _, r := range w.remediators(a) {
			for _, id := range r.Controls() {
				p, err := r.Plan(t.Context(), failing(id, siteARN))
				if err != nil || len(p.Steps) > 0 {
					t.Errorf("%s, %T: %d steps, %v", name, r, len(p.Steps), err)
				}
			}
		}
		if writes := w.Writes(); len(writes) > 0 {
			t.Errorf("%s: wrote %v", name, writes)
		}
	}
}

// A request that AWS reviews is not done while it is pending.
func TestPendingEngagementIsNotDone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := good().Fake.(*world)
		w.Edit(func(s *shieldtest.State) { s.Subscription.Engagement, s.Subscription.Reviewed = "", true })
		p, err := shield.EnableEngagement{Account: w.account(place, w), Writer: w}.Plan(t.Context(), ofAccount("shield.proactive-engagement", "ProactiveEngagement"))
		if err != nil || len(p.Warnings) == 0 {
			t.Fatalf("%v, %v", p.Warnings, err)
		}
		receipt, err := conformance.Executor(p).Apply(t.Context(), p)
		if err == nil || receipt.Outcome == posture.OutcomeDone || receipt.Outcome == posture.OutcomeAlready {
			t.Errorf("%s, %v", receipt.Outcome, err)
		}
	})
}

// Undo does not delete a protection that got more since: its health check would
// be lost.
func TestUndoKeepsWhatCameSince(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := good().Fake.(*world)
		w.Edit(func(s *shieldtest.State) { delete(s.Protections, eipARN) })
		p, err := shield.ProtectResources{Account: w.account(place, w), Writer: w}.Plan(t.Context(), failing("shield.resource-protected", eipARN))
		if err != nil {
			t.Fatal(err)
		}
		receipt := apply(t, p)
		w.Edit(func(s *shieldtest.State) { s.Protections[eipARN].HealthChecks = []string{"hc-good"} })
		if _, err := conformance.Executor(p).Undo(t.Context(), receipt); !errors.Is(err, posture.ErrDrift) {
			t.Errorf("undo: %v", err)
		}
	})
}

// The sequence for floods of requests: count, wait, act.
func TestMitigationWaitsForItsBaseline(t *testing.T) {
	w := good().Fake.(*world)
	w.Edit(func(s *shieldtest.State) { s.AntiDDoS[siteACL] = shield.RuleCount })
	for days, steps := range map[int]int{1: 0, 29: 0, 31: 1} {
		w.facts.since = map[string]time.Time{siteARN: daysAgo(days)}
		p, err := shield.MitigateFloods{Account: w.account(place, w), Writer: w, WebACLs: w.WebACLs()}.Plan(t.Context(), failing("shield.auto-response", siteARN))
		if err != nil || len(p.Steps) != steps {
			t.Errorf("after %d days: %d steps, %v", days, len(p.Steps), err)
		}
	}
}

// What shares a web ACL is told.
func TestGroupTouchesWhatSharesTheWebACL(t *testing.T) {
	w := good().Fake.(*world)
	w.facts.exposed[0].WebACL.ARN = shopACL
	w.Edit(func(s *shieldtest.State) { s.Protections[apiARN].Response = "" })
	for i := range w.facts.exposed {
		if acl := w.facts.exposed[i].WebACL; acl != nil {
			acl.MitigationGroup = false
		}
	}
	p, err := shield.MitigateFloods{Account: w.account(place, w), Writer: w, WebACLs: w.WebACLs()}.Plan(t.Context(), failing("shield.auto-response", siteARN))
	if err != nil || len(p.Steps) != 1 || len(p.Steps[0].Touches) != 3 || p.Steps[0].Cost == "" {
		t.Errorf("%+v, %v", p.Steps, err)
	}
}

// Enabling the automatic response costs where Shield's rule group does not fit
// into what is covered; the plan says so.
func TestResponseCost(t *testing.T) {
	for capacity, costs := range map[int]bool{900: false, 1350: false, 1351: true} {
		w := good().Fake.(*world)
		w.facts.exposed[0].WebACL.Capacity = capacity
		w.Edit(func(s *shieldtest.State) { clear(s.AntiDDoS) })
		p, err := shield.MitigateFloods{Account: w.account(place, w), Writer: w}.Plan(t.Context(), failing("shield.auto-response", siteARN))
		if err != nil || len(p.Steps) != 1 || (p.Steps[0].Cost != "") != costs {
			t.Errorf("at %d units: %+v, %v", capacity, p.Steps, err)
		}
	}
}
