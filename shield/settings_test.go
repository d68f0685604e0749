package shield_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/shield/types"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/internal/awsfake"
	"github.com/awsposture/posture/internal/conformance"
	"github.com/awsposture/posture/shield"
	"github.com/awsposture/posture/shield/shieldtest"
)

// A state that a setting cannot make is an error, and nothing is written.
func TestSettingsRefuse(t *testing.T) {
	for name, set := range map[string]func(*shield.Account, *world) error{
		"health checks with a protection": func(a *shield.Account, w *world) error {
			return shield.ProtectionSetting{Account: a, Writer: w, ResourceARN: classicARN}.Set(t.Context(), shield.ProtectionState{Name: "a", HealthChecks: []string{"hc-good"}})
		},
		"a response with a protection": func(a *shield.Account, w *world) error {
			return shield.ProtectionSetting{Account: a, Writer: w, ResourceARN: classicARN}.Set(t.Context(), shield.ProtectionState{Name: "a", Response: shield.ResponseBlock})
		},
		"health checks of nothing": func(a *shield.Account, w *world) error {
			return shield.HealthCheckSetting{Account: a, Writer: w, ResourceARN: classicARN}.Set(t.Context(), shield.HealthCheckIDs{Protected: true, IDs: []string{"hc-good"}})
		},
		"an absent response": func(a *shield.Account, w *world) error {
			return shield.ResponseSetting{Account: a, Writer: w, ResourceARN: siteARN}.Set(t.Context(), shield.ResponseAbsent)
		},
		"a pending engagement": func(a *shield.Account, w *world) error {
			return shield.EngagementSetting{Account: a, Writer: w}.Set(t.Context(), shield.EngagementPending)
		},
	} {
		w := good().Fake.(*world)
		if err := set(w.account(place, w), w); err == nil || len(w.Writes()) > 0 {
			t.Errorf("%s: %v, wrote %v", name, err, w.Writes())
		}
	}
}

// Setting what is so changes nothing, though AWS calls it an error.
func TestSettingTwice(t *testing.T) {
	w := good().Fake.(*world)
	w.Edit(func(s *shieldtest.State) { s.Protections[siteARN].Response = "" })
	a, ctx := w.account(place, w), t.Context()
	was := w.State()
	for name, err := range map[string]error{
		"protection":    shield.ProtectionSetting{Account: a, Writer: w, ResourceARN: siteARN}.Set(ctx, shield.ProtectionState{Name: "protection a"}),
		"no protection": shield.ProtectionSetting{Account: a, Writer: w, ResourceARN: classicARN}.Set(ctx, shield.ProtectionState{}),
		"response":      shield.ResponseSetting{Account: a, Writer: w, ResourceARN: apiARN}.Set(ctx, shield.ResponseBlock),
		"response off":  shield.ResponseSetting{Account: a, Writer: w, ResourceARN: siteARN}.Set(ctx, shield.ResponseOff),
		"bucket":        shield.LogBucketSetting{Account: a, Writer: w, Bucket: "example-logs"}.Set(ctx, shield.BucketShared),
		"bucket off":    shield.LogBucketSetting{Account: a, Writer: w, Bucket: "example-other"}.Set(ctx, shield.BucketPrivate),
		"role":          shield.TeamRoleSetting{Account: a, Writer: w}.Set(ctx, shield.TeamRole{ARN: roleARN}),
		"engagement":    shield.EngagementSetting{Account: a, Writer: w}.Set(ctx, shield.EngagementEnabled),
		"no group":      shield.GroupSetting{Account: a, Writer: w, ID: "none"}.Set(ctx, shield.Group{}),
	} {
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if is := w.State(); is != was {
		t.Errorf("was %s\nis %s", was, is)
	}
}

// A role that was never there is taken away again, and so is a group that was
// changed into another pattern.
func TestRolesAndGroupsBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := good().Fake.(*world)
		w.Edit(func(s *shieldtest.State) { s.RoleARN, s.Buckets = "", nil })
		w.facts.roles[otherRole] = w.facts.roles[roleARN]
		was := w.State()
		p, err := shield.GrantResponseTeam{Account: w.account(place, w), Writer: w, RoleARN: otherRole}.Plan(t.Context(), ofAccount("shield.srt-access", "DRTAccess"))
		if err != nil {
			t.Fatal(err)
		}
		receipt := apply(t, p)
		if _, err := conformance.Executor(p).Undo(t.Context(), receipt); err != nil || w.State() != was {
			t.Errorf("undo: %v, %s", err, w.State())
		}
	})
}

// A protection that somebody makes between the last look and the write is refused
// by AWS as there already. What is read back decides: the same one will do,
// another is theirs.
func TestProtectedMeanwhile(t *testing.T) {
	for name, done := range map[string]bool{"eip-allocation-eipalloc-0a1b2c3d": true, "theirs": false} {
		synctest.Test(t, func(t *testing.T) {
			w := good().Fake.(*world)
			w.Edit(func(s *shieldtest.State) { delete(s.Protections, eipARN) })
			p, err := shield.ProtectResources{Account: w.account(place, w), Writer: w}.Plan(t.Context(), failing("shield.resource-protected", eipARN))
			if err != nil {
				t.Fatal(err)
			}
			w.Inject(awsfake.Fault{Operation: "CreateProtection", Do: func() {
				w.Edit(func(s *shieldtest.State) { s.Protections[eipARN] = &shieldtest.Protection{ID: "p-theirs", Name: name} })
			}})
			receipt, err := conformance.Executor(p).Apply(t.Context(), p)
			if (err == nil) != done || (receipt.Outcome == posture.OutcomeDone || receipt.Outcome == posture.OutcomeAlready) != done {
				t.Errorf("%s: %s, %v", name, receipt.Outcome, err)
			}
			setting := shield.ProtectionSetting{Account: w.account(place, w), Writer: w, ResourceARN: classicARN}
			w.Heal()
			w.Inject(awsfake.Fault{Operation: "CreateProtection", Err: &types.ResourceAlreadyExistsException{Message: aws.String("The resource is protected.")}})
			if err := setting.Set(t.Context(), shield.ProtectionState{Name: name}); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		})
	}
}

// A write that loses to another is no success; applying again is.
func TestOptimisticLock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := bad().Fake.(*world)
		p, err := shield.StopMisplacedResponse{Account: w.account(place, w), Writer: w}.Plan(t.Context(), failing("shield.auto-response-target", apiARN))
		if err != nil {
			t.Fatal(err)
		}
		w.Inject(awsfake.Fault{Operation: "DisableApplicationLayerAutomaticResponse", Err: &types.OptimisticLockException{Message: aws.String("The resource was modified.")}})
		if receipt, err := conformance.Executor(p).Apply(t.Context(), p); err == nil || receipt.Outcome == posture.OutcomeDone {
			t.Errorf("%s, %v", receipt.Outcome, err)
		}
		w.Heal()
		apply(t, p)
	})
}

// Groups of a pattern hold what the pattern says, and an application in one needs
// no other.
func TestGroupPatterns(t *testing.T) {
	for name, test := range map[string]struct {
		group shieldtest.Group
		want  posture.Status
	}{
		"all":           {shieldtest.Group{Aggregation: "SUM", Pattern: "ALL"}, posture.Pass},
		"load balancer": {shieldtest.Group{Aggregation: "SUM", Pattern: "BY_RESOURCE_TYPE", Kind: shield.ALB}, posture.Pass},
		"address":       {shieldtest.Group{Aggregation: "SUM", Pattern: "BY_RESOURCE_TYPE", Kind: shield.EIP}, posture.Fail},
		"some":          {shieldtest.Group{Aggregation: "SUM", Pattern: "ARBITRARY", Members: []string{apiARN}}, posture.Fail},
	} {
		w := good().Fake.(*world)
		w.facts.exposed[0].Application = "" // leaves the two load balancers
		w.Edit(func(s *shieldtest.State) { s.Groups = map[string]*shieldtest.Group{"shop": &test.group} })
		all := scan(t, suite(w.account(place, w)))["shield.protection-group"]
		var f posture.Finding
		for _, x := range all {
			if x.Sub == "application" {
				f = x
			}
		}
		if f.Status != test.want {
			t.Errorf("%s: %s, %s", name, f.Status, f.Detail)
		}
		if f.Status != posture.Fail {
			continue
		}
		p, err := shield.GroupProtections{Account: w.account(place, w), Writer: w}.Plan(t.Context(), f)
		switch {
		case test.group.Pattern == "ARBITRARY" && (err != nil || len(p.Steps) != 1):
			t.Errorf("%s: %v, %v", name, p.Steps, err)
		case test.group.Pattern != "ARBITRARY" && err == nil:
			t.Errorf("%s: a plan changes a pattern that somebody chose", name)
		}
	}
}

// A distribution takes the highest of its group, others add up.
func TestAggregation(t *testing.T) {
	for want, drop := range map[string]string{"MAX": "", "SUM": siteARN} {
		w := good().Fake.(*world)
		w.Edit(func(s *shieldtest.State) { clear(s.Groups) })
		if drop != "" {
			w.facts.exposed[0].Application = ""
		}
		a := w.account(place, w)
		f := one(t, scan(t, suite(a))["shield.protection-group"])
		p, err := shield.GroupProtections{Account: a, Writer: w}.Plan(t.Context(), f)
		if err != nil {
			t.Fatal(err)
		}
		apply(t, p)
		w.Edit(func(s *shieldtest.State) {
			if g := s.Groups["shop"]; g == nil || g.Aggregation != want {
				t.Errorf("want %s, got %+v", want, g)
			}
		})
	}
}

// What was bound without web ACLs or alarms fails where it needs them, and does
// not panic.
func TestNothingToWriteWith(t *testing.T) {
	w := good().Fake.(*world)
	a, ctx := w.account(place, w), t.Context()
	acl, alarm := shield.AntiDDoSSetting{Account: a, WebACL: siteACL}, shield.AlarmSetting{Account: a, Region: "us-east-1", Name: "attack", ResourceARN: siteARN}
	_, gotACL := acl.Get(ctx)
	_, gotAlarm := alarm.Get(ctx)
	for name, err := range map[string]error{
		"read a web ACL": gotACL, "set a web ACL": acl.Set(ctx, shield.RuleCount), "read an alarm": gotAlarm, "set an alarm": alarm.Set(ctx, shield.AlarmState{ResourceARN: siteARN}),
	} {
		if c := posture.CauseOf(err); c == nil || c.Kind != posture.CauseNotProvided {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A group that counts is not joined by the automatic response, though that is in
// use elsewhere: it is made to act, or nothing is planned.
func TestCountingGroupIsLeftAlone(t *testing.T) {
	for name, test := range map[string]struct {
		acls  bool
		days  int
		after time.Duration
		kind  string // "" refused, "-" nothing to do
	}{
		"learns": {true, 5, 0, "-"}, "learns, unseen": {false, 5, 0, "-"}, "counted": {true, 31, 0, "shield.anti-ddos-group"}, "counted, unseen": {false, 31, 0, ""},
		"counted as asked": {true, 5, 96 * time.Hour, "shield.anti-ddos-group"},
	} {
		w := good().Fake.(*world)
		w.Edit(func(s *shieldtest.State) { s.AntiDDoS[siteACL] = shield.RuleCount })
		w.facts.since[siteARN] = daysAgo(test.days)
		r := shield.MitigateFloods{Account: w.account(place, w), Writer: w, Count: test.after}
		if test.acls {
			r.WebACLs = w.WebACLs()
		}
		p, err := r.Plan(t.Context(), failing("shield.auto-response", siteARN))
		kind := "-"
		if len(p.Steps) > 0 {
			kind = p.Steps[0].Kind.Name
		}
		if (err != nil) != (test.kind == "") || err == nil && kind != test.kind {
			t.Errorf("%s: %s, %v", name, kind, err)
		}
	}
}
