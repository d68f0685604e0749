package shield_test

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"testing"
	"testing/synctest"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/internal/conformance"
	"github.com/awsposture/posture/shield"
)

func failing(t *testing.T, e posture.Evaluator, arn string) posture.Finding {
	t.Helper()
	for _, f := range judge(t, e)[e.Control().ID] {
		if f.Status == posture.Fail && (arn == "" || f.Resource.ARN == arn) {
			return f
		}
	}
	t.Fatalf("%s does not fail on %q", e.Control().ID, arn)
	return posture.Finding{}
}

// TestRefusals plans nothing that a person must decide, or that is another's.
func TestRefusals(t *testing.T) {
	healthy := map[string]string{balancer: check}
	for name, c := range map[string]struct {
		spoil func(*world)
		e     func(*shield.Account) posture.Evaluator
		r     func(*shield.Account, shield.Writer) posture.Remediator
		arn   string
		want  posture.RefusalReason
	}{
		"renewal is locked": {
			func(w *world) { w.Edit(func(s *state) { s.Subscription.AutoRenew = false }) },
			func(a *shield.Account) posture.Evaluator { return shield.AutoRenews{Account: a} },
			func(a *shield.Account, w shield.Writer) posture.Remediator {
				return shield.RenewSubscription{Account: a, Writer: w}
			}, "", posture.ReasonNeedsChoice,
		},
		"check is unhealthy": {
			func(w *world) {
				w.Edit(func(s *state) { s.Protections["p2"].HealthChecks = nil })
				w.facts.checks[check] = shield.HealthCheck{}
			},
			func(a *shield.Account) posture.Evaluator { return shield.HealthChecked{Account: a} },
			func(a *shield.Account, w shield.Writer) posture.Remediator {
				return shield.AssociateChecks{Account: a, Writer: w, Checks: healthy}
			}, balancer, posture.ReasonNeedsChoice,
		},
		"protection of Firewall Manager": {
			func(w *world) {
				w.Edit(func(s *state) { s.Protections["p2"].HealthChecks, s.Protections["p2"].Name = nil, "FMManagedShield-1" })
			},
			func(a *shield.Account) posture.Evaluator { return shield.HealthChecked{Account: a} },
			func(a *shield.Account, w shield.Writer) posture.Remediator {
				return shield.AssociateChecks{Account: a, Writer: w, Checks: healthy}
			}, balancer, posture.ReasonManagedElsewhere,
		},
		"contact without phone": {
			func(w *world) { w.Edit(func(s *state) { s.Contacts = nil }) },
			func(a *shield.Account) posture.Evaluator { return shield.EmergencyContacts{Account: a} },
			func(a *shield.Account, w shield.Writer) posture.Remediator {
				return shield.NameContacts{Account: a, Writer: w, Contacts: []shield.Contact{{Email: "ana@example.com"}}}
			}, "", posture.ReasonNeedsChoice,
		},
		"role that would not do": {
			func(w *world) {
				w.Edit(func(s *state) { s.Role = "" })
				w.facts.roles[role] = shield.Role{Exists: true, Policy: true, Trust: true}
			},
			func(a *shield.Account) posture.Evaluator { return shield.ResponseTeamAccess{Account: a} },
			func(a *shield.Account, w shield.Writer) posture.Remediator {
				return shield.GiveTeamRole{Account: a, Writer: w, RoleARN: role}
			}, "", posture.ReasonNeedsChoice,
		},
		"logs without role": {
			func(w *world) { w.Edit(func(s *state) { s.Role, s.Buckets = "", nil }) },
			func(a *shield.Account) posture.Evaluator { return shield.ResponseTeamLogs{Account: a} },
			func(a *shield.Account, w shield.Writer) posture.Remediator {
				return shield.ShareLogs{Account: a, Writer: w}
			}, "", posture.ReasonNeedsChoice,
		},
		"engagement is being looked into": {
			func(w *world) { w.Edit(func(s *state) { s.Subscription.Engagement = shield.EngagementPending }) },
			func(a *shield.Account) posture.Evaluator { return shield.ProactiveEngagement{Account: a} },
			func(a *shield.Account, w shield.Writer) posture.Remediator {
				return shield.EngageTeam{Account: a, Writer: w}
			}, "", posture.ReasonManagedElsewhere,
		},
		"paid rule group without a way": {
			func(w *world) {
				w.Edit(func(s *state) { s.Protections["p2"].Response = "" })
				guard(func(a *shield.WebACL) { a.AntiDDoS = "" })(&w.facts)
			},
			func(a *shield.Account) posture.Evaluator { return shield.Layer7Mitigated{Account: a} },
			func(a *shield.Account, w shield.Writer) posture.Remediator {
				return shield.MitigateLayer7{Account: a, Writer: w}
			}, site, posture.ReasonNeedsChoice,
		},
		"no capacity for automatic response": {
			func(w *world) {
				guard(func(a *shield.WebACL) { a.AntiDDoS, a.Capacity = "", 100 })(&w.facts)
			},
			func(a *shield.Account) posture.Evaluator { return shield.Layer7Mitigated{Account: a} },
			func(a *shield.Account, w shield.Writer) posture.Remediator {
				return shield.MitigateLayer7{Account: a, Writer: w}
			}, site, posture.ReasonNeedsChoice,
		},
		"an alarm without a way": {
			func(w *world) { w.facts.alarms = w.facts.alarms[1:] },
			func(a *shield.Account) posture.Evaluator { return shield.DDoSAlarm{Account: a} },
			func(a *shield.Account, _ shield.Writer) posture.Remediator { return shield.RaiseAlarms{Account: a} }, site, posture.ReasonNeedsChoice,
		},
		"a member that exists": {
			func(w *world) {
				w.Edit(func(s *state) { s.Groups["shop"].Members = append(s.Groups["shop"].Members, inner) })
			},
			func(a *shield.Account) posture.Evaluator { return shield.ProtectionGroups{Account: a} },
			func(a *shield.Account, w shield.Writer) posture.Remediator {
				return shield.GroupApplications{Account: a, Writer: w}
			}, "", posture.ReasonNeedsChoice,
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := good()
			c.spoil(w)
			a := w.facts.account(place, w.Shield)
			f := failing(t, c.e(a), c.arn)
			w.Forget()
			p, err := c.r(a, w.Shield).Plan(t.Context(), f)
			var refusal *posture.Refusal
			if !errors.As(err, &refusal) || refusal.Reason != c.want {
				t.Errorf("got %d steps, %v", len(p.Steps), err)
			}
			if len(w.Writes()) > 0 {
				t.Errorf("planning wrote %v", w.Writes())
			}
		})
	}
}

// TestAntiDDoSFirst plans the managed rule group where nobody uses the older
// response, by the caller's way of changing web ACLs.
func TestAntiDDoSFirst(t *testing.T) {
	w := good()
	w.Edit(func(s *state) { s.Protections["p2"].Response = "" })
	a := w.facts.account(place, w.Shield)
	var given shield.Edge
	step := posture.Step{Kind: posture.Kind{Name: "waf.web-acl"}, Cost: "the managed rule group is charged"}
	p, err := shield.MitigateLayer7{Account: a, Writer: w.Shield, AntiDDoS: func(_ context.Context, x shield.Edge) ([]posture.Step, error) {
		given = x
		return []posture.Step{step}, nil
	}}.Plan(t.Context(), failing(t, shield.Layer7Mitigated{Account: a}, balancer))
	if err != nil || len(p.Steps) != 1 || p.Steps[0].Cost != step.Cost || given.Resource.ARN != balancer {
		t.Errorf("%+v, %v", p, err)
	}
}

// TestCountThenBlock makes the older response block where the caller has looked.
func TestCountThenBlock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := good()
		w.Edit(func(s *state) { s.Protections["p2"].Response = shield.ResponseCount })
		a := w.facts.account(place, w.Shield)
		f := failing(t, shield.Layer7Mitigated{Account: a}, balancer)
		var refusal *posture.Refusal
		if _, err := (shield.MitigateLayer7{Account: a, Writer: w.Shield}).Plan(t.Context(), f); !errors.As(err, &refusal) {
			t.Errorf("nobody has looked: %v", err)
		}
		p, err := shield.MitigateLayer7{Account: a, Writer: w.Shield, Block: true}.Plan(t.Context(), f)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := conformance.Executor(p).Apply(t.Context(), p); err != nil {
			t.Fatal(err)
		}
		if writes := w.Writes(); len(writes) != 1 || writes[0].Operation != "UpdateApplicationLayerAutomaticResponse" {
			t.Errorf("wrote %v", writes)
		}
	})
}

// TestPendingIsNotDone does not take a request that AWS looks into for a success.
func TestPendingIsNotDone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := good()
		w.Review = true
		w.Edit(func(s *state) { s.Subscription.Engagement = shield.EngagementDisabled })
		a := w.facts.account(place, w.Shield)
		p, err := shield.EngageTeam{Account: a, Writer: w.Shield}.Plan(t.Context(), failing(t, shield.ProactiveEngagement{Account: a}, ""))
		if err != nil {
			t.Fatal(err)
		}
		receipt, err := conformance.Executor(p).Apply(t.Context(), p)
		if err == nil || receipt.Outcome == posture.OutcomeDone {
			t.Errorf("%s, %v", receipt.Outcome, err)
		}
	})
}

// TestContactsAreMerged keeps whoever is named already, and puts the list in order.
func TestContactsAreMerged(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := good()
		w.Edit(func(s *state) { s.Contacts = []shield.Contact{{Email: "zoe@example.com"}, {Email: "Duty@example.com"}} })
		a := w.facts.account(place, w.Shield)
		p, err := shield.NameContacts{Account: a, Writer: w.Shield, Contacts: []shield.Contact{{Email: "duty@example.com", Phone: "+15555550100", Notes: "day and night"}}}.Plan(t.Context(), failing(t, shield.EmergencyContacts{Account: a}, ""))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := conformance.Executor(p).Apply(t.Context(), p); err != nil {
			t.Fatal(err)
		}
		list, err := w.facts.account(place, w.Shield).Contacts(t.Context())
		if err != nil || !slices.Equal(list, []shield.Contact{{Email: "duty@example.com", Phone: "+15555550100", Notes: "day and night"}, {Email: "zoe@example.com"}}) {
			t.Errorf("%+v, %v", list, err)
		}
	})
}

// TestWriterCannotSubscribe holds that no operation of Writer begins a subscription.
func TestWriterCannotSubscribe(t *testing.T) {
	writer := reflect.TypeFor[shield.Writer]()
	for i := range writer.NumMethod() {
		if name := writer.Method(i).Name; name == "CreateSubscription" {
			t.Error("a Writer subscribes")
		}
	}
	if writer.NumMethod() == 0 {
		t.Error("a Writer writes nothing")
	}
}
