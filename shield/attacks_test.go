package shield_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/shield"
	"github.com/awsposture/posture/shield/shieldtest"
)

// TestAttacks lists those that go on too, and puts their moments in order.
func TestAttacks(t *testing.T) {
	w := good()
	w.PageSize = 1
	w.Edit(func(s *shieldtest.State) {
		s.Attacks["a0"] = &shieldtest.Attack{Resource: site, Vectors: []string{"UDP_TRAFFIC"}, Start: daysAgo(400), End: daysAgo(399)}
		s.Attacks["a2"] = &shieldtest.Attack{
			Resource: balancer, Vectors: []string{"SYN_FLOOD", "REQUEST_FLOOD"}, Start: daysAgo(40).Add(time.Hour), Mitigations: []string{"SYN Flood"},
			Sources: map[string]map[string]int64{"SOURCE_COUNTRY": {"Atlantis": 70, "Lemuria": 30}},
		}
	})
	a := w.facts.account(place, w.Shield)
	all, err := a.Attacks(t.Context())
	if err != nil || len(all) != 2 || all[0].ID != "a1" || !all[1].Open() {
		t.Fatalf("%+v, %v", all, err)
	}
	var moments []string
	for _, m := range shield.Timeline(all) {
		moments = append(moments, fmt.Sprint(m.Attack.ID, " ", m.Began))
	}
	if want := []string{"a1 true", "a2 true", "a1 false"}; !slices.Equal(moments, want) {
		t.Errorf("%v, not %v", moments, want)
	}
	d, err := a.Detail(t.Context(), "a2")
	if err != nil || !slices.Equal(d.Vectors, []string{"SYN_FLOOD", "REQUEST_FLOOD"}) || !slices.Equal(d.Mitigations, []string{"SYN Flood"}) || len(d.Sources) != 1 || d.Sources[0].Total != 100 || len(d.Sources[0].Top) != 2 {
		t.Errorf("%+v, %v", d, err)
	}
	if _, err := a.Detail(t.Context(), "another's"); posture.CauseOf(err).Kind != posture.CauseDenied {
		t.Errorf("another account's attack: %v", err)
	}
}

func TestStatistics(t *testing.T) {
	w := unsubscribed()
	w.Edit(func(s *shieldtest.State) {
		s.Year = []shieldtest.Volume{{Unit: "bits/s", Count: 3, Max: 5e9}, {Unit: "packets/s", Count: 3, Max: 1e6}, {Unit: "requests/s", Count: 1, Max: 9e4}, {}}
	})
	a := w.facts.account(place, w.Shield)
	s, err := a.Statistics(t.Context())
	if err != nil || s.Attacks() != 3 || len(s.Volumes) != 4 || s.Volumes[0].Max != 5e9 || s.Volumes[3].Unit != "" {
		t.Errorf("%+v, %v", s, err)
	}
	fs := judge(t, shield.AttacksSeen{Account: a})["shield.attacks-seen"]
	if want := "Within the last year Shield saw attacks: 3 of up to 5000000000 bits/s, 3 of up to 1000000 packets/s, 1 of up to 90000 requests/s."; fs[0].Status != posture.Pass || fs[0].Detail != want {
		t.Errorf("%s: %s", fs[0].Status, fs[0].Detail)
	}
}

// TestEndsSoon is more severe the nearer the end is.
func TestEndsSoon(t *testing.T) {
	for days, want := range map[int]posture.Severity{59: posture.High, 61: posture.Medium} {
		w := good()
		w.Edit(func(s *shieldtest.State) { s.Subscription.AutoRenew, s.Subscription.End = false, daysAgo(-days) })
		a := w.facts.account(place, w.Shield)
		f := judge(t, shield.AutoRenews{Account: a})["shield.auto-renew"][0]
		if got := max(f.Severity, shield.AutoRenews{Account: a}.Control().Severity); f.Status != posture.Fail || got != want {
			t.Errorf("%d days: %s, %s", days, f.Status, got)
		}
	}
}
