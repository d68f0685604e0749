package shield_test

import (
	"slices"
	"testing"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/shield"
)

// The catalogue needs no view: its controls are well formed, each one stands
// once, and each remediator answers controls of it.
func TestCatalogue(t *testing.T) {
	evs := shield.Evaluators(nil)
	if err := posture.Validate(evs); err != nil {
		t.Error(err)
	}
	var ids []string
	for _, e := range evs {
		ids = append(ids, e.Control().ID)
	}
	all := append(shield.Remediators(nil, nil), shield.AssociateChecks{}, shield.NameContacts{}, shield.GiveTeamRole{}, shield.RaiseAlarms{})
	answered := map[string]bool{}
	for _, r := range all {
		for _, id := range r.Controls() {
			answered[id] = true
			if !slices.Contains(ids, id) {
				t.Errorf("%T answers %s, which is no control", r, id)
			}
		}
	}
	// What is left is architecture, a commitment of money, or another service's.
	byHand := []string{
		"shield.edge-fronted", "shield.layer7-guard", "shield.attacks-seen", "shield.subscription", "shield.not-protectable", "shield.protection-orphan", "shield.protection-quota",
		"shield.health-check-state", "shield.web-acl", "shield.rate-rule-block", "shield.srt-trust-condition", "shield.attack-open",
	}
	for _, id := range ids {
		if answered[id] == slices.Contains(byHand, id) {
			t.Errorf("%s is answered: %v", id, answered[id])
		}
	}
}

// TestKinds tells each kind of resource by its ARN, and what cannot be protected.
func TestKinds(t *testing.T) {
	for arn, want := range map[string]shield.Kind{
		site: shield.Distribution, zone: shield.HostedZone, address: shield.ElasticIP, balancer: shield.ApplicationBalancer,
		"arn:aws:globalaccelerator::111122223333:accelerator/1234abcd-abcd-1234-abcd-1234abcdefgh": shield.Accelerator,
		"arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/classic":                 shield.ClassicBalancer,
		"arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/net/n/1":                 shield.KindUnknown,
		"arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/gwy/g/1":                 shield.KindUnknown,
		"arn:aws:ec2:eu-west-1:111122223333:elastic-ip/eipalloc-0example":                          shield.KindUnknown,
		"arn:aws:ec2:eu-west-1:111122223333:instance/i-0example":                                   shield.KindUnknown,
		"arn:aws:ec2:eu-west-1:111122223333:natgateway/nat-0example":                               shield.KindUnknown,
		"": shield.KindUnknown, "arn:aws:route53": shield.KindUnknown,
	} {
		if got := shield.KindOf(arn); got != want {
			t.Errorf("%s is %q, not %q", arn, got, want)
		}
	}
	seen := map[shield.Kind]bool{}
	for _, arn := range []string{site, zone, address, balancer} {
		seen[shield.KindOf(arn)] = true
	}
	if len(shield.Kinds()) != 6 || len(seen) != 4 {
		t.Errorf("kinds %v", shield.Kinds())
	}
}
