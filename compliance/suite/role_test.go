package suite_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"weak"

	"github.com/aws/aws-sdk-go-v2/service/sts"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/compliance/suite"
	"github.com/awsposture/posture/guardduty"
	"github.com/awsposture/posture/iam"
	"github.com/awsposture/posture/iam/iamtest"
)

// A role's session gets an hour at most for what it assumes; a user gets what is
// asked. In either case nobody asks for more than AWS gives.
func TestSessionDuration(t *testing.T) {
	for _, c := range []struct {
		base  string
		asked time.Duration
		want  int32
	}{
		{baseUser, 0, 3600},
		{baseUser, 12 * time.Hour, 43200},
		{baseUser, 15 * time.Minute, 900},
		{"arn:aws:sts::" + management + ":assumed-role/ops/ana", 0, 3600},
		{"arn:aws:sts::" + management + ":assumed-role/ops/ana", 12 * time.Hour, 3600},
		{"arn:aws:sts::" + management + ":assumed-role/ops/ana", 15 * time.Minute, 900},
	} {
		e := newEstate(c.base)
		a := e.accounts(shop)
		a.Role.Duration = c.asked
		if got := causes(scanned(t, a)[shop]); got["judged"] == 0 || len(e.assumed) != 1 || *e.assumed[0].DurationSeconds != c.want {
			t.Errorf("%s asks %v: assumed %d times for %v s, causes %v", c.base, c.asked, len(e.assumed), e.assumed, got)
		}
	}
}

// manyUsers gives an account users whose keys are listed one call each.
func manyUsers(n int) state {
	return func(m *member) {
		m.iam.Edit(func(s *iamtest.State) {
			for i := range n {
				s.Users[fmt.Sprintf("user-%02d", i)] = &iamtest.User{Created: time.Now(), Keys: []*iamtest.Key{{ID: fmt.Sprintf("AKIAEXAMPLE%09d", i), Created: time.Now()}}}
			}
		})
	}
}

// longScan scans an account whose IAM answers so slowly that sessions of fifteen
// minutes end meanwhile.
func longScan(t *testing.T, e *estate) (results []posture.Result, took time.Duration) {
	e.state = func(string) state { return manyUsers(40) }
	a := e.accounts(shop)
	a.Role.Duration, a.Rates = 15*time.Minute, append([]suite.Rate{{Service: "IAM", PerSecond: 0.02}}, unpaced...)
	began := time.Now()
	for r := range a.Scan(t.Context(), &posture.ScanOptions{Timeout: -1}) {
		results = append(results, r)
	}
	return results, time.Since(began)
}

// A scan that lasts longer than a session renews it, from the base credentials
// and before it ends.
func TestSessionRenewed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := newEstate(baseUser)
		results, took := longScan(t, e)
		if took < time.Hour || e.least < 5*time.Minute {
			t.Errorf("assumed %d times in %v, and used until %v before the end", len(e.assumed), took, e.least)
		}
		for kind := range causes(results) {
			if strings.HasPrefix(kind, "credentials") || strings.HasPrefix(kind, "denied") {
				t.Errorf("unknown for %s", kind)
			}
		}
	})
}

// An evaluator that waits long for its turn has not timed out.
func TestPaceIsNoTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := newEstate(baseUser)
		e.state = func(string) state { return manyUsers(100) }
		a := e.accounts(shop)
		a.Rates = append([]suite.Rate{{Service: "IAM", PerSecond: 0.1}}, unpaced...)
		began := time.Now()
		for r := range a.Scan(t.Context(), nil) {
			if c := r.Findings[len(r.Findings)-1].Cause; c != nil && c.Kind == posture.CauseTimeout {
				t.Errorf("%s: %v", r.Control.ID, c)
			}
		}
		if took := time.Since(began); took < 15*time.Minute {
			t.Errorf("took %v only", took)
		}
	})
}

// A role that may not be assumed any more leaves what was judged, and the rest
// Unknown for that.
func TestSessionNotRenewed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := newEstate(baseUser)
		began := time.Now()
		e.trust = func(in *sts.AssumeRoleInput) error {
			if time.Since(began) > time.Minute {
				return noTrust(shop)(in)
			}
			return nil
		}
		results, _ := longScan(t, e)
		got := causes(results)
		if got["judged"] == 0 || got["denied IAM:ListAccessKeys"] == 0 {
			t.Errorf("causes %v", got)
		}
		for _, r := range results {
			for _, f := range r.Findings {
				if f.Cause != nil && f.Cause.Operation == "IAM:ListAccessKeys" && f.Cause.Action != "sts:AssumeRole" {
					t.Fatalf("%+v", f.Cause)
				}
			}
		}
	})
}

// When an account is begun, the views of all before it are gone.
func TestViewsAreLetGo(t *testing.T) {
	e := newEstate(baseUser)
	var accounts []weak.Pointer[iam.Account]
	var regions []weak.Pointer[guardduty.Region]
	alive, left := 0, 0
	held := func() (n int) {
		for _, w := range accounts {
			if w.Value() != nil {
				n++
			}
		}
		for _, w := range regions {
			if w.Value() != nil {
				n++
			}
		}
		return n
	}
	a := e.accounts(management, security, shop, outsider, "222222222222")
	a.Evaluators = func(of suite.Account) []posture.Evaluator {
		// What judged last may be about to end yet.
		for range 10 {
			runtime.GC()
			if left = held(); left == 0 {
				break
			}
			time.Sleep(time.Millisecond)
		}
		alive += left
		evs := of.Evaluators()
		for _, ev := range evs {
			switch ev := ev.(type) {
			case iam.RootMFA:
				accounts = append(accounts, weak.Make(ev.Account))
			case guardduty.Enabled:
				regions = append(regions, weak.Make(ev.Region))
			}
		}
		return evs
	}
	n := 0
	for range a.Scan(t.Context(), nil) {
		n++
	}
	if len(accounts) != len(a.IDs) || len(regions) != 2*len(a.IDs) || n == 0 {
		t.Errorf("%d accounts and %d regions were judged", len(accounts), len(regions))
	}
	if alive > 0 {
		t.Errorf("%d views outlived their account", alive)
	}
}
