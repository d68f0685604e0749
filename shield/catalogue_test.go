package shield_test

import (
	"reflect"
	"slices"
	"testing"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/shield"
)

// planned are the controls of Shield and their severity. AWS Security Hub has
// none for the service.
var planned = map[string]posture.Severity{
	"shield.edge-fronted": posture.Low, "shield.layer7-guard": posture.Medium, "shield.attacks-seen": posture.Informational,
	"shield.subscription": posture.High, "shield.auto-renew": posture.Medium, "shield.resource-protected": posture.High, "shield.not-protectable": posture.Medium,
	"shield.protection-orphan": posture.Low, "shield.protection-quota": posture.Low, "shield.health-check": posture.Medium, "shield.health-check-state": posture.Medium,
	"shield.web-acl": posture.High, "shield.rate-rule-block": posture.High, "shield.auto-response": posture.Medium, "shield.auto-response-target": posture.Low,
	"shield.mitigation-group": posture.High, "shield.srt-access": posture.Medium, "shield.srt-trust-condition": posture.Low, "shield.srt-log-buckets": posture.Low,
	"shield.contacts": posture.Medium, "shield.proactive-engagement": posture.Medium, "shield.protection-group": posture.Low, "shield.ddos-alarm": posture.Medium,
	"shield.attack-open": posture.High,
}

// The catalogue needs no view: its controls are well formed, each one stands
// once, and each remediator answers controls of it.
func TestCatalogue(t *testing.T) {
	evs := shield.Evaluators(nil)
	if err := posture.Validate(evs); err != nil {
		t.Error(err)
	}
	seen := map[string]bool{}
	for _, e := range evs {
		c := e.Control()
		seen[c.ID] = true
		if severity, ok := planned[c.ID]; !ok || c.Severity != severity {
			t.Errorf("%s is %s, planned %s", c.ID, c.Severity, severity)
		}
		if c.Scope != posture.Global {
			t.Errorf("%s is not global, and Shield is", c.ID)
		}
	}
	for id := range planned {
		if !seen[id] {
			t.Errorf("no control %s", id)
		}
	}
	for _, r := range append(shield.Remediators(nil, nil), shield.AttachHealthChecks{}, shield.GrantResponseTeam{}, shield.AddContacts{}, shield.AlarmOnAttacks{}, shield.RenewSubscription{}) {
		for _, id := range r.Controls() {
			if !seen[id] {
				t.Errorf("%T answers %s, which is no control", r, id)
			}
		}
	}
}

// A program that may write can still not subscribe.
func TestWriterDoesNotSubscribe(t *testing.T) {
	w := reflect.TypeFor[shield.Writer]()
	for _, op := range []string{"CreateSubscription", "DeleteSubscription"} {
		if _, ok := w.MethodByName(op); ok {
			t.Errorf("Writer has %s", op)
		}
	}
	for _, b := range []any{
		shield.ProtectionSetting{},
		shield.HealthCheckSetting{},
		shield.ResponseSetting{},
		shield.AntiDDoSSetting{},
		shield.TeamRoleSetting{},
		shield.LogBucketSetting{},
		shield.ContactsSetting{},
		shield.EngagementSetting{},
		shield.GroupSetting{},
		shield.AlarmSetting{},
		shield.RenewalSetting{},
	} {
		kind := b.(interface{ Kind() posture.Kind }).Kind()
		if slices.Contains(kind.Writes, "shield:CreateSubscription") {
			t.Errorf("%s asks for shield:CreateSubscription", kind.Name)
		}
	}
}

// An end that is near raises the severity.
func TestRenewalSeverity(t *testing.T) {
	for days, want := range map[int]posture.Severity{59: posture.High, 61: posture.Medium} {
		w := bad().Fake.(*world)
		w.Edit(endsIn(days))
		if f := one(t, scan(t, suite(w.account(place, w)))["shield.auto-renew"]); f.Severity != want || f.Status != posture.Fail {
			t.Errorf("%d days before the end: %s, %s", days, f.Status, f.Severity)
		}
	}
}

// Where a subscription is not required, its absence is no failure.
func TestSubscriptionNotRequired(t *testing.T) {
	for name, make := range map[string]func() *world{"absent": func() *world { return absent().Fake.(*world) }, "ended": func() *world { return ended().Fake.(*world) }} {
		w := make()
		for id, fs := range scan(t, shield.Evaluators(w.account(place, w))) {
			for _, f := range fs {
				if f.Status != posture.NotApplicable && !slices.Contains(standard, id) {
					t.Errorf("%s: %s is %s: %s", name, id, f.Status, f.Detail)
				}
			}
		}
	}
}
