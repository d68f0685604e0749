package shield_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/internal/awsfake"
	"github.com/awsposture/posture/shield"
	"github.com/awsposture/posture/shield/shieldtest"
)

func at(hour int) time.Time { return daysAgo(3).Add(time.Duration(hour) * time.Hour) }

// Attacks are read over all pages, oldest first, those that go on among them.
func TestAttacks(t *testing.T) {
	w := good().Fake.(*world)
	w.PageSize = 2
	w.Edit(func(s *shieldtest.State) {
		s.Attacks = map[string]*shieldtest.Attack{
			"a": {ResourceARN: siteARN, Start: at(5), End: at(6), Vectors: []string{"REQUEST_FLOOD"}},
			"b": {ResourceARN: siteARN, Start: at(1)},
			"c": {ResourceARN: eipARN, Start: at(3), End: at(4), Vectors: []string{"SYN_FLOOD", "UDP_REFLECTION"}},
			"d": {ResourceARN: eipARN, Start: daysAgo(366), End: daysAgo(365)},
		}
	})
	all, err := w.account(place, w).Attacks(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want := []shield.Attack{
		{ID: "b", ResourceARN: siteARN, Start: at(1)},
		{ID: "c", ResourceARN: eipARN, Start: at(3), End: at(4), Vectors: []string{"SYN_FLOOD", "UDP_REFLECTION"}},
		{ID: "a", ResourceARN: siteARN, Start: at(5), End: at(6), Vectors: []string{"REQUEST_FLOOD"}},
	}
	if diff := cmp.Diff(want, all); diff != "" {
		t.Error(diff)
	}

	w.Inject(awsfake.Fault{Operation: "ListAttacks", Skip: 1, Err: awsfake.ErrDenied})
	broken := w.account(place, w)
	all, err = broken.Attacks(t.Context())
	if len(all) != 2 || err == nil {
		t.Errorf("with a broken listing: %v, %v", all, err)
	}
	fs := scan(t, suite(broken))["shield.attack-open"]
	if !slices.ContainsFunc(fs, func(f posture.Finding) bool { return f.Status == posture.Fail && f.Sub == "b" }) ||
		!slices.ContainsFunc(fs, func(f posture.Finding) bool { return f.Status == posture.Unknown }) {
		t.Errorf("with a broken listing: %v", fs)
	}
}

func TestAttack(t *testing.T) {
	w := good().Fake.(*world)
	w.Edit(func(s *shieldtest.State) {
		s.Attacks["attack-2"] = &shieldtest.Attack{
			ResourceARN: eipARN, Start: at(1), End: at(2), Vectors: []string{"SYN_FLOOD"}, Peak: 2e6, Mitigations: []string{"SYN proxy"},
			Sources: map[string]int64{"192.0.2.1": 700, "198.51.100.7": 300}, Part: "203.0.113.9",
		}
	})
	a := w.account(place, w)
	got, err := a.Attack(t.Context(), "attack-2")
	if err != nil {
		t.Fatal(err)
	}
	want := shield.AttackDetail{
		Attack:      shield.Attack{ID: "attack-2", ResourceARN: eipARN, Start: at(1), End: at(2), Vectors: []string{"SYN_FLOOD"}},
		Counters:    []shield.Counter{{Name: "PACKETS", Unit: "PACKETS_PER_SECOND", Most: 2e6, Average: 1e6, Sum: 4e6, Of: 4}},
		Properties:  []shield.Property{{Layer: "NETWORK", Trait: "SOURCE_IP_ADDRESS", Unit: "PACKETS", Total: 1000, Contributors: []shield.Contributor{{Name: "192.0.2.1", Value: 700}, {Name: "198.51.100.7", Value: 300}}}},
		Mitigations: []string{"SYN proxy"},
		Parts:       []shield.AttackedPart{{ID: "203.0.113.9", Type: "IP", Vectors: []string{"SYN_FLOOD"}}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if _, err := a.Attack(t.Context(), "attack-2"); err != nil {
		t.Error(err)
	}
	if calls := len(w.Calls()); calls != 1 {
		t.Errorf("asked twice, %d calls", calls)
	}
	if _, err := a.Attack(t.Context(), "no such attack"); posture.CauseOf(err) == nil || posture.CauseOf(err).Kind != posture.CauseDenied {
		t.Errorf("an attack that does not exist: %v", err)
	}
}

func TestTimeline(t *testing.T) {
	for name, test := range map[string]struct {
		attacks []shield.Attack
		want    string // id, + or -, and how many go on, for each moment
	}{
		"none":               {nil, ""},
		"one goes on":        {[]shield.Attack{{ID: "a", Start: at(1)}}, "a+1 "},
		"one after another":  {[]shield.Attack{{ID: "b", Start: at(2), End: at(3)}, {ID: "a", Start: at(1), End: at(2)}}, "a+1 a-0 b+1 b-0 "},
		"one within another": {[]shield.Attack{{ID: "a", Start: at(1), End: at(4)}, {ID: "b", Start: at(2), End: at(3)}}, "a+1 b+2 b-1 a-0 "},
		"no time at all":     {[]shield.Attack{{ID: "a", Start: at(1), End: at(1)}}, "a+1 a-0 "},
		"together":           {[]shield.Attack{{ID: "a", Start: at(1)}, {ID: "b", Start: at(1), End: at(2)}}, "a+1 b+2 b-1 "},
	} {
		got := ""
		for _, m := range shield.Timeline(test.attacks) {
			sign := "-"
			if m.Began {
				sign = "+"
			}
			got += m.Attack.ID + sign + string(rune('0'+m.Ongoing)) + " "
		}
		if got != test.want {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
}

// Statistics come without a subscription too, but for the rate of requests. The
// control never fails, and does not apply where there is no Shield to ask.
func TestAttacksSeen(t *testing.T) {
	statistics := []shieldtest.Statistic{{Attacks: 3, Unit: "packets", Most: 2e6}, {Attacks: 2, Unit: "requests", Most: 5e4}, {Attacks: 0}}
	for name, test := range map[string]struct {
		w    *world
		want string
	}{
		"subscribed":     {bare().Fake.(*world), "Shield saw attacks between 2025-06-01T00:00:00Z and 2026-06-01T00:00:00Z: 3 of at most 2000000 packets a second, 2 of at most 50000 requests a second."},
		"not subscribed": {absent().Fake.(*world), "Shield saw attacks between 2025-06-01T00:00:00Z and 2026-06-01T00:00:00Z: 3 of at most 2000000 packets a second, 2 of a size not told."},
	} {
		test.w.Edit(func(s *shieldtest.State) { s.Statistics = statistics })
		e := shield.AttacksSeen{Account: test.w.account(place, test.w)}
		f := one(t, scan(t, []posture.Evaluator{e})["shield.attacks-seen"])
		if f.Status != posture.Pass || f.Detail != test.want {
			t.Errorf("%s: %s, %s", name, f.Status, f.Detail)
		}
		if seen, err := posture.EvidenceAs[shield.Statistics](f); err != nil || len(seen.Counts) != 3 {
			t.Errorf("%s: evidence %v, %v", name, seen, err)
		}
		test.w.Deny("DescribeAttackStatistics")
		e.Account = test.w.account(place, test.w)
		if f := one(t, scan(t, []posture.Evaluator{e})["shield.attacks-seen"]); f.Status != posture.Unknown || f.Cause.Action != "shield:DescribeAttackStatistics" {
			t.Errorf("%s, denied: %s, %v", name, f.Status, f.Cause)
		}
	}
	w := partition("aws-cn")().Fake.(*world)
	e := shield.AttacksSeen{Account: w.account(w.Place(), w)}
	if f := one(t, scan(t, []posture.Evaluator{e})["shield.attacks-seen"]); f.Status != posture.NotApplicable || len(w.Calls()) > 0 {
		t.Errorf("aws-cn: %s, %d calls", f.Status, len(w.Calls()))
	}
}
