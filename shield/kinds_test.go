package shield_test

import (
	"strings"
	"testing"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/shield"
	"github.com/awsposture/posture/shield/shieldtest"
)

func TestKindOf(t *testing.T) {
	for arn, want := range map[string]shield.Kind{
		siteARN: shield.Distribution, zoneARN: shield.HostedZone, accARN: shield.Accelerator, eipARN: shield.EIP, shopARN: shield.ALB, classicARN: shield.CLB,
		nlbARN: "", "": "", "arn": "", "arn:aws:ec2:eu-west-1:111122223333:elastic-ip/eipalloc-0a1b2c3d": "",
		"arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/gwy/inspect/1": "",
		"arn:aws:ec2:eu-west-1:111122223333:instance/i-0a1b2c3d":                         "", "arn:aws:ec2:eu-west-1:111122223333:natgateway/nat-1": "",
		"arn:aws:cloudfront::111122223333:distribution/": "", "arn:aws:cloudfront::111122223333:distribution": "", "urn:aws:cloudfront::111122223333:distribution/E2EXAMPLE": "",
	} {
		if got := shield.KindOf(arn); got != want {
			t.Errorf("%s is %q, want %q", arn, got, want)
		}
	}
}

// Every kind that the internet reaches, unprotected and then protected, and what
// the control on what cannot be protected says of it.
func TestEveryKind(t *testing.T) {
	for _, test := range []struct {
		kind        shield.Kind
		arn         string
		eips        []string
		protectable posture.Status // NotApplicable: there is nothing to protect it by
		beyond      posture.Status
	}{
		{shield.Distribution, siteARN, nil, posture.Fail, posture.Pass},
		{shield.HostedZone, zoneARN, nil, posture.Fail, posture.Pass},
		{shield.Accelerator, accARN, nil, posture.Fail, posture.Pass},
		{shield.EIP, eipARN, nil, posture.Fail, posture.Pass},
		{shield.ALB, shopARN, nil, posture.Fail, posture.Pass},
		{shield.CLB, classicARN, nil, posture.Fail, posture.Pass},
		{shield.NLB, nlbARN, []string{eipARN}, posture.Fail, posture.Pass},
		{shield.Instance, "arn:aws:ec2:eu-west-1:111122223333:instance/i-0a1b2c3d", []string{eipARN}, posture.Fail, posture.Pass},
		{shield.NLB, nlbARN, nil, posture.NotApplicable, posture.Fail},
		{shield.Instance, "arn:aws:ec2:eu-west-1:111122223333:instance/i-0a1b2c3d", nil, posture.NotApplicable, posture.Fail},
		{shield.CustomAccelerator, accARN, nil, posture.NotApplicable, posture.Fail},
		{shield.Gateway, "arn:aws:ec2:eu-west-1:111122223333:natgateway/nat-1", []string{eipARN}, posture.NotApplicable, posture.NotApplicable},
	} {
		t.Run(string(test.kind), func(t *testing.T) {
			w := bare().Fake.(*world)
			w.facts.exposed = []shield.Exposed{exposed(test.kind, test.arn, plain(test.eips...))}
			all := scan(t, suite(w.account(place, w)))
			f := one(t, all["shield.resource-protected"])
			if f.Status != test.protectable {
				t.Errorf("unprotected: %s, %s", f.Status, f.Detail)
			}
			if f := one(t, all["shield.not-protectable"]); f.Status != test.beyond {
				t.Errorf("not-protectable: %s, %s", f.Status, f.Detail)
			}
			if test.protectable != posture.Fail {
				return
			}
			p, err := shield.ProtectResources{Account: w.account(place, w), Writer: w}.Plan(t.Context(), f)
			if err != nil || len(p.Steps) != 1 || p.Steps[0].Cost == "" {
				t.Fatalf("plan: %v, %v", p.Steps, err)
			}
			apply(t, p)
			if f := one(t, scan(t, suite(w.account(place, w)))["shield.resource-protected"]); f.Status != posture.Pass {
				t.Errorf("protected: %s, %s", f.Status, f.Detail)
			}
		})
	}
}

// Whole ARNs are compared: a protection of another account's resource of the same
// name, or of the same address in another region, protects nothing.
func TestARNsAreComparedWhole(t *testing.T) {
	w := bare().Fake.(*world)
	w.facts.exposed = []shield.Exposed{exposed(shield.EIP, eipARN, plain())}
	w.Edit(func(s *shieldtest.State) {
		for i, arn := range []string{strings.Replace(eipARN, "111122223333", "444455556666", 1), strings.Replace(eipARN, "eu-west-1", "eu-west-2", 1), eipARN + "0"} {
			s.Protections[arn] = &shieldtest.Protection{ID: "p-" + string(rune('a'+i)), Name: "other"}
		}
	})
	if f := on(t, scan(t, suite(w.account(place, w)))["shield.resource-protected"], eipARN); f.Status != posture.Fail {
		t.Errorf("%s: %s", f.Status, f.Detail)
	}
}

// For accelerators AWS does not say which of two regions has the metric.
func TestAcceleratorAlarms(t *testing.T) {
	for region, want := range map[string]posture.Status{"us-east-1": posture.Pass, "us-west-2": posture.Pass, "eu-west-1": posture.Fail} {
		w := bare().Fake.(*world)
		w.Edit(func(s *shieldtest.State) {
			s.Protections[accARN] = &shieldtest.Protection{ID: "p-a", Name: "accelerator"}
		})
		w.facts.alarms = []shield.Alarm{{Name: "attack", Region: region, Metric: "DDoSDetected", ResourceARN: accARN, Actions: 1, Comparison: "GreaterThanThreshold"}}
		if f := one(t, scan(t, suite(w.account(place, w)))["shield.ddos-alarm"]); f.Status != want {
			t.Errorf("%s: %s, %s", region, f.Status, f.Detail)
		}
	}
	w := bare().Fake.(*world)
	w.Edit(func(s *shieldtest.State) {
		s.Protections[accARN] = &shieldtest.Protection{ID: "p-a", Name: "accelerator"}
	})
	w.facts.alarms = []shield.Alarm{{Name: "volume", Region: "us-east-1", Metric: "DDoSAttackBitsPerSecond", ResourceARN: accARN, Actions: 1}}
	if f := one(t, scan(t, suite(w.account(place, w)))["shield.ddos-alarm"]); f.Status != posture.Fail {
		t.Errorf("an alarm on another metric: %s, %s", f.Status, f.Detail)
	}
}
