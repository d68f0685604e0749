package shield_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/internal/conformance"
	"github.com/awsposture/posture/shield"
	"github.com/awsposture/posture/shield/shieldtest"
)

// failing is a finding to plan for, on the protection of an ARN.
func failing(control, arn string) posture.Finding {
	return posture.Finding{Control: control, Status: posture.Fail, Resource: place.Resource("AWS::Shield::Protection", arn, arn)}
}

// ofAccount is a finding to plan for, on what the account has one of.
func ofAccount(control, typ string) posture.Finding {
	return posture.Finding{Control: control, Status: posture.Fail, Resource: place.Resource("AWS::Shield::"+typ, place.Account, "")}
}

func apply(t *testing.T, p posture.Plan) posture.Receipt {
	t.Helper()
	receipt, err := conformance.Executor(p).Apply(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	return receipt
}

func TestRefusals(t *testing.T) {
	fms := func(s *shieldtest.State) { s.Protections[siteARN].Name = "FMManagedShieldProtection-1" }
	for name, test := range map[string]struct {
		finding posture.Finding
		state   func(*shieldtest.State)
		fact    func(*world, *shield.Account)
		with    func(*shield.Account, *world) posture.Remediator
		reason  posture.RefusalReason
		says    string
	}{
		"protect at the limit": {
			failing("shield.resource-protected", eipARN), func(s *shieldtest.State) {
				delete(s.Protections, eipARN)
				s.Subscription.Limits = map[shield.Kind]int64{shield.EIP: 0}
			}, nil, func(a *shield.Account, w *world) posture.Remediator {
				return shield.ProtectResources{Account: a, Writer: w}
			},
			posture.ReasonNotRemediable, "room for 0 protections",
		},
		"protect what is none": {
			failing("shield.resource-protected", nlbARN), nil, nil,
			func(a *shield.Account, w *world) posture.Remediator {
				return shield.ProtectResources{Account: a, Writer: w}
			},
			posture.ReasonNotRemediable, "not the ARN",
		},
		"Firewall Manager's health check": {
			failing("shield.health-check", siteARN), fms, nil,
			func(a *shield.Account, w *world) posture.Remediator {
				return shield.AttachHealthChecks{Account: a, Writer: w}
			},
			posture.ReasonManagedElsewhere, "Firewall Manager",
		},
		"Firewall Manager's response": {
			failing("shield.auto-response", siteARN), fms, nil,
			func(a *shield.Account, w *world) posture.Remediator {
				return shield.MitigateFloods{Account: a, Writer: w}
			},
			posture.ReasonManagedElsewhere, "Firewall Manager",
		},
		"no health check chosen": {
			failing("shield.health-check", eipARN), func(s *shieldtest.State) { s.Protections[eipARN].HealthChecks = nil }, nil,
			func(a *shield.Account, w *world) posture.Remediator {
				return shield.AttachHealthChecks{Account: a, Writer: w, Choose: func(context.Context, string) (string, error) { return "", nil }}
			}, posture.ReasonNeedsChoice, "no health check",
		},
		"an unhealthy health check": {
			failing("shield.health-check", eipARN), func(s *shieldtest.State) { s.Protections[eipARN].HealthChecks = nil },
			func(w *world, _ *shield.Account) { w.facts.health["hc-good"] = shield.Unhealthy },
			func(a *shield.Account, w *world) posture.Remediator {
				return shield.AttachHealthChecks{Account: a, Writer: w, Choose: func(context.Context, string) (string, error) { return "hc-good", nil }}
			}, posture.ReasonNeedsChoice, "unhealthy",
		},
		"nobody knows the health": {
			failing("shield.health-check", eipARN), func(s *shieldtest.State) { s.Protections[eipARN].HealthChecks = nil },
			func(_ *world, a *shield.Account) { a.Health = nil },
			func(a *shield.Account, w *world) posture.Remediator {
				return shield.AttachHealthChecks{Account: a, Writer: w, Choose: func(context.Context, string) (string, error) { return "hc-good", nil }}
			}, posture.ReasonUnreadable, "could not be read",
		},
		"no role given": {
			ofAccount("shield.srt-access", "DRTAccess"), nil, nil,
			func(a *shield.Account, w *world) posture.Remediator {
				return shield.GrantResponseTeam{Account: a, Writer: w}
			},
			posture.ReasonNeedsChoice, "not given",
		},
		"a role without trust": {
			ofAccount("shield.srt-access", "DRTAccess"), nil, func(w *world, _ *shield.Account) { w.facts.roles[otherRole] = shield.Role{Exists: true, Policy: true} },
			func(a *shield.Account, w *world) posture.Remediator {
				return shield.GrantResponseTeam{Account: a, Writer: w, RoleARN: otherRole}
			}, posture.ReasonNeedsChoice, "does not trust",
		},
		"buckets before the role": {
			ofAccount("shield.srt-log-buckets", "DRTAccess"), func(s *shieldtest.State) { s.RoleARN, s.Buckets = "", nil }, nil,
			func(a *shield.Account, w *world) posture.Remediator {
				return shield.ShareLogBuckets{Account: a, Writer: w}
			},
			posture.ReasonNotRemediable, "no role yet",
		},
		"ten buckets shared": {
			ofAccount("shield.srt-log-buckets", "DRTAccess"), func(s *shieldtest.State) { s.Buckets = strings.Split("0123456789", "") }, nil,
			func(a *shield.Account, w *world) posture.Remediator {
				return shield.ShareLogBuckets{Account: a, Writer: w}
			},
			posture.ReasonNeedsChoice, "10 buckets",
		},
		"contacts without phone": {
			ofAccount("shield.contacts", "ProactiveEngagement"), func(s *shieldtest.State) { s.Contacts = nil }, nil,
			func(a *shield.Account, w *world) posture.Remediator {
				return shield.AddContacts{Account: a, Writer: w, Contacts: []shield.Contact{{Email: "a@example.com"}}}
			}, posture.ReasonNeedsChoice, "phone",
		},
		"too many contacts": {
			ofAccount("shield.contacts", "ProactiveEngagement"), func(s *shieldtest.State) {
				s.Contacts = nil
				for _, c := range "abcdefghij" {
					s.Contacts = append(s.Contacts, shield.Contact{Email: string(c) + "@example.com"})
				}
			}, nil, func(a *shield.Account, w *world) posture.Remediator {
				return shield.AddContacts{Account: a, Writer: w, Contacts: []shield.Contact{{Email: "k@example.com", Phone: "+12065550100"}}}
			}, posture.ReasonNeedsChoice, "11 contacts",
		},
		"engagement without a plan": {
			ofAccount("shield.proactive-engagement", "ProactiveEngagement"), func(s *shieldtest.State) { s.Subscription.Engagement = "" },
			func(w *world, _ *shield.Account) { w.facts.team = false },
			func(a *shield.Account, w *world) posture.Remediator {
				return shield.EnableEngagement{Account: a, Writer: w}
			},
			posture.ReasonNotRemediable, "support plan",
		},
		"engagement pending": {
			ofAccount("shield.proactive-engagement", "ProactiveEngagement"), func(s *shieldtest.State) { s.Subscription.Engagement = shield.EngagementPending }, nil,
			func(a *shield.Account, w *world) posture.Remediator {
				return shield.EnableEngagement{Account: a, Writer: w}
			},
			posture.ReasonNotRemediable, "not granted",
		},
		"locked renewal": {
			ofAccount("shield.auto-renew", "Subscription"), func(s *shieldtest.State) { s.Subscription.NoAutoRenew = true }, nil,
			func(a *shield.Account, w *world) posture.Remediator {
				return shield.RenewSubscription{Account: a, Writer: w}
			},
			posture.ReasonNotRemediable, "2027-01-22",
		},
		"no action for the alarm": {
			failing("shield.ddos-alarm", siteARN), nil, nil,
			func(a *shield.Account, w *world) posture.Remediator {
				return shield.AlarmOnAttacks{Account: a, Alarms: w.Alarms(), Actions: map[string][]string{"eu-west-1": {"x"}}}
			}, posture.ReasonNeedsChoice, "us-east-1",
		},
		"no web ACL to mitigate with": {
			failing("shield.auto-response", siteARN), nil, func(w *world, _ *shield.Account) { w.facts.exposed[0].WebACL = nil },
			func(a *shield.Account, w *world) posture.Remediator {
				return shield.MitigateFloods{Account: a, Writer: w}
			},
			posture.ReasonNotRemediable, "no web ACL",
		},
		"no room in the web ACL": {
			failing("shield.auto-response", siteARN), func(s *shieldtest.State) { clear(s.AntiDDoS) },
			func(w *world, _ *shield.Account) { w.facts.exposed[0].WebACL.Capacity = 4900 },
			func(a *shield.Account, w *world) posture.Remediator {
				return shield.MitigateFloods{Account: a, Writer: w}
			},
			posture.ReasonNotRemediable, "4900 of 5000",
		},
		"nothing to put the group in with": {
			failing("shield.auto-response", siteARN), func(s *shieldtest.State) {
				clear(s.AntiDDoS)
				s.Protections[apiARN].Response = ""
			}, nil, func(a *shield.Account, w *world) posture.Remediator {
				return shield.MitigateFloods{Account: a, Writer: w}
			},
			posture.ReasonNotRemediable, "nothing was given to set",
		},
		"a group's id": {
			posture.Finding{Control: "shield.protection-group", Resource: place.Resource("AWS::Shield::ProtectionGroup", "the shop", ""), Sub: "application"},
			nil, nil,
			func(a *shield.Account, w *world) posture.Remediator {
				return shield.GroupProtections{Account: a, Writer: w}
			},
			posture.ReasonNeedsChoice, "36 letters",
		},
		"a group of nothing": {
			posture.Finding{Control: "shield.protection-group", Resource: place.Resource("AWS::Shield::ProtectionGroup", "shop", "")},
			func(s *shieldtest.State) { s.Groups["shop"].Members = []string{goneARN} }, nil,
			func(a *shield.Account, w *world) posture.Remediator {
				return shield.GroupProtections{Account: a, Writer: w}
			},
			posture.ReasonNeedsChoice, "no member",
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := good().Fake.(*world)
			if test.state != nil {
				w.Edit(test.state)
			}
			a := w.account(place, w)
			if test.fact != nil {
				test.fact(w, a)
			}
			_, err := test.with(a, w).Plan(t.Context(), test.finding)
			refusal, ok := errors.AsType[*posture.Refusal](err)
			if !ok || refusal.Reason != test.reason || !strings.Contains(err.Error(), test.says) {
				t.Errorf("got %v, want a refusal as %s that says %q", err, test.reason, test.says)
			}
			if writes := w.Writes(); len(writes) > 0 {
				t.Errorf("wrote %v", writes)
			}
		})
	}
}
