package iam_test

import (
	"testing"
	"time"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/iam"
	"github.com/awsposture/posture/iam/iamtest"
	"github.com/awsposture/posture/internal/conformance"
)

var (
	place = posture.Place{Partition: "aws", Account: "111122223333"}
	now   = time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)
)

func daysAgo(n int) time.Time { return now.AddDate(0, 0, -n) }

func clock() time.Time { return now }

func newFake() *iamtest.IAM {
	f := iamtest.New(place)
	f.Now = clock
	return f
}

func newAccount(f *iamtest.IAM) *iam.Account {
	a := iam.NewAccount(place, f)
	a.Now = clock
	return a
}

func ground(f *iamtest.IAM) conformance.Ground {
	return conformance.Ground{
		Fake: f, Faults: &f.Faults, State: f.State,
		View: func() conformance.View {
			a := newAccount(f)
			return conformance.View{Evaluators: iam.Evaluators(a), Remediators: iam.Remediators(a, f), Bindings: iam.Bindings(a, f)}
		},
	}
}

// good is an account on which every control passes or does not apply.
func good() conformance.Ground {
	f := newFake()
	f.Edit(func(s *iamtest.State) {
		s.Root = iamtest.Root{MFA: true}
		s.Users["ana"] = &iamtest.User{
			Created: daysAgo(400),
			Keys:    []*iamtest.Key{{ID: "AKIAANA0000000000001", Created: daysAgo(30), Used: daysAgo(3)}},
		}
	})
	return ground(f)
}

// bad is an account on which every control fails.
func bad() conformance.Ground {
	f := newFake()
	f.Edit(func(s *iamtest.State) {
		s.Root = iamtest.Root{Key: true, PasswordUsed: daysAgo(2)}
		s.Users["bob"] = &iamtest.User{
			Created: daysAgo(800),
			Keys:    []*iamtest.Key{{ID: "AKIABOB0000000000001", Created: daysAgo(400), Changed: daysAgo(10), Used: daysAgo(300)}},
		}
	})
	return ground(f)
}

// empty is an account with nobody in it but a root user with a virtual device.
func empty() conformance.Ground {
	f := newFake()
	f.Edit(func(s *iamtest.State) { s.Root = iamtest.Root{MFA: true, VirtualMFA: true} })
	return ground(f)
}

func edit(change func(*iamtest.State)) func(conformance.Ground) {
	return func(g conformance.Ground) { g.Fake.(*iamtest.IAM).Edit(change) }
}

func spoil(name string, change func(*iamtest.State), flips ...string) conformance.Weakening {
	return conformance.Weakening{Name: name, Edit: edit(change), Flips: flips}
}

var domain = conformance.Domain{
	Prefix:        "iam",
	Fixtures:      []conformance.Fixture{{Name: "good", Make: good}, {Name: "bad", Make: bad}, {Name: "empty", Make: empty}},
	AlwaysApplies: []string{"iam.root-mfa", "iam.root-hardware-mfa", "iam.root-access-key", "iam.root-recent-use"},
	Weakenings: []conformance.Weakening{
		spoil("root without MFA", func(s *iamtest.State) { s.Root.MFA = false }, "iam.root-mfa", "iam.root-hardware-mfa"),
		spoil("root with a virtual device", func(s *iamtest.State) { s.Root.VirtualMFA = true }, "iam.root-hardware-mfa"),
		spoil("root with a key", func(s *iamtest.State) { s.Root.Key = true }, "iam.root-access-key"),
		spoil("root signed in", func(s *iamtest.State) { s.Root.PasswordUsed = daysAgo(89) }, "iam.root-recent-use"),
		spoil("an old key", func(s *iamtest.State) { s.Users["ana"].Keys[0].Created = daysAgo(91) }, "iam.access-key-age"),
	},
	Drifts: map[string]func(conformance.Ground){
		"iam.access-key-status": edit(func(s *iamtest.State) { s.Users["bob"].Keys = nil }),
	},
}

func TestEvaluators(t *testing.T) { conformance.Evaluators(t, domain) }

func TestRemediators(t *testing.T) { conformance.Remediators(t, domain) }
