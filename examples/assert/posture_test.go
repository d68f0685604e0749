package assert

import (
	"testing"
	"time"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/compliance/compliancetest"
	"github.com/awsposture/posture/iam"
	"github.com/awsposture/posture/iam/iamtest"
)

const day = 24 * time.Hour

var place = posture.Place{Partition: "aws", Account: "111122223333"}

// today keeps this example the same for ever. A test of a real account leaves
// the clocks out.
func today() time.Time { return time.Date(2026, 6, 1, 9, 0, 0, 0, time.UTC) }

// account is the view under test. That of a real account is
//
//	cfg, err := config.LoadDefaultConfig(ctx)
//	view := iam.FromConfig(cfg, place)
func account() *iam.Account {
	view := iam.NewAccount(place, fakeAccount())
	view.Now = today
	return view
}

// fakeAccount is in memory: a guarded root user, a person, and a robot whose key
// is older than the project allows.
func fakeAccount() *iamtest.IAM {
	f := iamtest.New(place)
	f.Now = today
	f.Edit(func(s *iamtest.State) {
		s.Root = iamtest.Root{MFA: true, PasswordUsed: today().Add(-200 * day)}
		s.Users["mira"] = &iamtest.User{
			Created: today().Add(-300 * day),
			Keys:    []*iamtest.Key{{ID: "AKIAEXAMPLEMIRA00001", Created: today().Add(-20 * day)}},
		}
		s.Users["build-robot"] = &iamtest.User{
			Created: today().Add(-500 * day),
			Keys:    []*iamtest.Key{{ID: "AKIAEXAMPLEROBOT0001", Created: today().Add(-100 * day)}},
		}
	})
	return f
}

// TestPosture holds the account to the controls that the project chose, one of
// them with a stricter limit than the default. For all controls of the package
// scan iam.Evaluators(account).
func TestPosture(t *testing.T) {
	account := account()
	suite := []posture.Evaluator{
		iam.RootMFA{Account: account},
		iam.RootHardwareMFA{Account: account},
		iam.RootAccessKey{Account: account},
		iam.RootRecentUse{Account: account},
		iam.AccessKeyAge{Account: account, Max: 60 * day},
	}

	compliancetest.Assert(t, posture.Scan(t.Context(), suite, nil), compliancetest.Rule{
		// Low findings are logged and fail nothing.
		Severity: posture.Medium,
		// Whoever takes one of these out of the suite hears of it here.
		MustRun: []string{"iam.root-mfa", "iam.access-key-age"},
		// The test fails when the date is reached, and when the key is gone: the
		// list stays as short as it can be.
		Allowances: []compliancetest.Allowance{{
			Control:  "iam.access-key-age",
			Resource: "AKIAEXAMPLEROBOT0001",
			Owner:    "build-team@example.com",
			Reason:   "the build server moves to a role in July",
			Expires:  time.Date(2026, 8, 1, 0, 0, 0, 0, time.UTC),
		}},
		Now: today,
	})
}
