package suite_test

import (
	"context"
	"errors"
	"math"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	sdk "github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/middleware"
	"github.com/google/go-cmp/cmp"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/compliance/suite"
	"github.com/awsposture/posture/guardduty"
	"github.com/awsposture/posture/guardduty/guarddutytest"
	"github.com/awsposture/posture/iam"
	"github.com/awsposture/posture/iam/iamtest"
	"github.com/awsposture/posture/internal/awsfake"
)

var tooFast = &smithy.GenericAPIError{Code: "Throttling", Message: "Rate exceeded"}

// paced is a client of a fake IAM with a pace, and when its calls arrived, since
// the first.
func paced(p *suite.Pace, change func(*aws.Config), faults ...awsfake.Fault) (*sdk.Client, func() []time.Duration) {
	fake := iamtest.New(here)
	began := time.Now()
	var at []time.Duration
	fake.Inject(awsfake.Fault{Match: func(any) bool {
		at = append(at, time.Since(began))
		return false
	}})
	fake.Inject(faults...)
	cfg := awsfake.Services{"IAM": fake}.Config("us-east-1")
	if change != nil {
		change(&cfg)
	}
	return sdk.NewFromConfig(p.Config(cfg)), func() []time.Duration { return at }
}

func seconds(s ...float64) (at []time.Duration) {
	for _, x := range s {
		at = append(at, time.Duration(x*float64(time.Second)))
	}
	return at
}

// Calls are spaced by the service's rate, whoever makes them; a throttle halves
// the rate, and one more halves it again.
func TestPace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, at := paced(&suite.Pace{Rates: []suite.Rate{{Service: "IAM", PerSecond: 4}}}, nil, awsfake.Fault{Skip: 3, Times: 1, Err: tooFast}, awsfake.Fault{Skip: 4, Times: 1, Err: tooFast})
		for range 8 {
			if _, err := client.GetAccountSummary(t.Context(), nil); err != nil && posture.CauseOf(err).Kind != posture.CauseThrottled {
				t.Fatal(err)
			}
		}
		// A quarter of a second each; then half; then, for what the rate came back
		// meanwhile, almost a second.
		got := at()
		for i := range got {
			got[i] = got[i].Round(10 * time.Millisecond)
		}
		if diff := cmp.Diff(seconds(0, 0.25, 0.5, 0.75, 1.25, 1.75, 2.75, 3.74), got); diff != "" {
			t.Errorf("arrived (-want +got):\n%s", diff)
		}
	})
}

// Calls that were on their way when the rate was halved do not halve it again.
func TestPaceHalvesOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		wait := awsfake.Fault{Times: 6, Do: func() { time.Sleep(3 * time.Second) }, Err: tooFast}
		client, at := paced(&suite.Pace{Rates: []suite.Rate{{Service: "IAM", PerSecond: 2}}}, nil, wait)
		done := make(chan error)
		for range 6 { // all under way together, and all refused
			go func() { _, err := client.GetAccountSummary(t.Context(), nil); done <- err }()
		}
		for range 6 {
			if err := <-done; posture.CauseOf(err).Kind != posture.CauseThrottled {
				t.Error(err)
			}
		}
		// The first was refused when all had begun, and half a second later the next.
		for range 2 {
			if _, err := client.GetAccountSummary(t.Context(), nil); err != nil {
				t.Fatal(err)
			}
		}
		calls := at()
		if gap := (calls[7] - calls[6]).Round(10 * time.Millisecond); gap < 980*time.Millisecond || gap > time.Second {
			t.Errorf("the rate was halved to %v between two calls, want 1s", gap)
		}
	})
}

// Calls that were waiting already when the rate was halved wait at the new rate.
func TestPaceOfThoseWaiting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, at := paced(&suite.Pace{Rates: []suite.Rate{{Service: "IAM", PerSecond: 1}}}, nil, awsfake.Fault{Times: 1, Do: func() { time.Sleep(100 * time.Millisecond) }, Err: tooFast})
		done := make(chan error)
		for range 5 {
			go func() { _, err := client.GetAccountSummary(t.Context(), nil); done <- err }()
		}
		for range 5 {
			if err := <-done; err != nil && posture.CauseOf(err).Kind != posture.CauseThrottled {
				t.Error(err)
			}
		}
		calls := at()
		for i := 1; i < len(calls); i++ {
			if gap := calls[i] - calls[i-1]; gap < 1900*time.Millisecond || gap > 2200*time.Millisecond {
				t.Errorf("call %d came %v after the one before, want about 2s: %v", i, gap, calls)
			}
		}
	})
}

// The rate comes back in ten minutes, and never falls below a sixteenth.
func TestPaceRecovers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, at := paced(&suite.Pace{Rates: []suite.Rate{{PerSecond: 1}}}, nil, awsfake.Fault{Times: 12, Err: tooFast})
		for range 12 {
			if _, err := client.GetAccountSummary(t.Context(), nil); err == nil {
				t.Fatal("not refused")
			}
		}
		gap := func() time.Duration {
			for range 2 {
				if _, err := client.GetAccountSummary(t.Context(), nil); err != nil {
					t.Fatal(err)
				}
			}
			calls := at()
			return calls[len(calls)-1] - calls[len(calls)-2]
		}
		if g := gap(); g < 8*time.Second || g > 16*time.Second {
			t.Errorf("after twelve throttles a call each %v", g)
		}
		time.Sleep(5 * time.Minute)
		if g := gap(); g < 1500*time.Millisecond || g > 2500*time.Millisecond {
			t.Errorf("five minutes later a call each %v", g)
		}
		time.Sleep(5 * time.Minute)
		if g := gap(); g.Round(time.Millisecond) != time.Second {
			t.Errorf("ten minutes later a call each %v", g)
		}
	})
}

// Each service in each region has its own bucket; retries wait like calls; a
// configuration that is paced keeps its pace; who gives up does not wait.
func TestPaceKeeps(t *testing.T) {
	t.Run("a bucket a service and region", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			began := time.Now()
			services := awsfake.Services{"IAM": iamtest.New(here), "GuardDuty": guarddutytest.New(here)}
			cfg := (&suite.Pace{Rates: []suite.Rate{{PerSecond: 0.1}}}).Config(services.Config("us-east-1"))
			for _, region := range []string{"eu-west-1", "us-east-1"} {
				if _, err := guardduty.NewRegion(here, guardduty.Client(cfg, posture.Place{Region: region})).Detector(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			if _, err := sdk.NewFromConfig(cfg).GetAccountSummary(t.Context(), nil); err != nil {
				t.Fatal(err)
			}
			if took := time.Since(began); took != 0 {
				t.Errorf("three first calls took %v", took)
			}
		})
	})
	t.Run("retries", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			hasty := func(cfg *aws.Config) {
				cfg.Retryer = func() aws.Retryer {
					return retry.NewStandard(func(o *retry.StandardOptions) {
						o.MaxAttempts = 4
						o.Backoff = retry.BackoffDelayerFunc(func(int, error) (time.Duration, error) { return 0, nil })
					})
				}
			}
			broken := &smithy.GenericAPIError{Code: "RequestTimeout", Message: "once more", Fault: smithy.FaultServer}
			client, at := paced(&suite.Pace{Rates: []suite.Rate{{PerSecond: 1}}}, hasty, awsfake.Fault{Times: 2, Err: broken}, awsfake.Fault{Times: 1, Err: tooFast})
			if _, err := client.GetAccountSummary(t.Context(), nil); err != nil {
				t.Fatal(err)
			}
			got := at()
			if len(got) != 4 || got[1] != time.Second || got[2] != 2*time.Second || got[3] < 3900*time.Millisecond {
				t.Errorf("attempts at %v", got)
			}
		})
	})
	t.Run("the pace it has", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			slow := &suite.Pace{Rates: []suite.Rate{{PerSecond: 0.5}}}
			client, at := paced(&suite.Pace{Rates: unpaced}, func(cfg *aws.Config) { *cfg = slow.Config(*cfg) })
			for range 3 {
				if _, err := client.GetAccountSummary(t.Context(), nil); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(seconds(0, 2, 4), at()); diff != "" {
				t.Errorf("arrived (-want +got):\n%s", diff)
			}
		})
	})
	t.Run("nobody waiting", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			client, at := paced(&suite.Pace{Rates: []suite.Rate{{PerSecond: 0.01}}}, nil)
			if _, err := client.GetAccountSummary(t.Context(), nil); err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			for range 2 {
				if _, err := client.GetAccountSummary(ctx, nil); !errors.Is(err, context.DeadlineExceeded) {
					t.Errorf("gave %v", err)
				}
			}
			// Only the one that waited used up its turn.
			if _, err := client.GetAccountSummary(t.Context(), nil); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(seconds(0, 200), at()); diff != "" {
				t.Errorf("arrived (-want +got):\n%s", diff)
			}
		})
	})
}

// Every account has buckets of its own: what one of them asks does not make
// another wait.
func TestPaceOfEachAccount(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := newEstate(baseUser).accounts(management, shop, security)
		a.Rates = append([]suite.Rate{{Service: "IAM", PerSecond: 0.1}}, unpaced...)
		a.Evaluators = func(of suite.Account) (evs []posture.Evaluator) {
			for _, e := range of.Evaluators() {
				if e, ok := e.(iam.RootMFA); ok { // one call
					evs = append(evs, e)
				}
			}
			return evs
		}
		began, n := time.Now(), 0
		for range a.Scan(t.Context(), nil) {
			n++
		}
		if took := time.Since(began); n != 3 || took != 0 {
			t.Errorf("%d accounts took %v", n, took)
		}
	})
}

// The default rates leave to the account what it may be using: they take less
// than a fifth of each quota, and say where that comes from.
func TestDefaultRates(t *testing.T) {
	services := map[string]bool{}
	for _, r := range suite.DefaultRates() {
		if services[r.Service] {
			t.Errorf("%q stands twice", r.Service)
		}
		services[r.Service] = true
		if r.PerSecond <= 0 || r.PerSecond >= r.Quota/5 || math.IsInf(r.PerSecond, 0) {
			t.Errorf("%q: %v of %v a second", r.Service, r.PerSecond, r.Quota)
		}
		if _, err := time.Parse(time.DateOnly, r.AsOf); err != nil || r.Source == "" {
			t.Errorf("%q: source %q as of %q", r.Service, r.Source, r.AsOf)
		}
	}
	for _, service := range []string{"", "STS", "IAM", "GuardDuty", "Organizations", "Account", "AccessAnalyzer"} {
		if !services[service] {
			t.Errorf("%q has no rate", service)
		}
	}
}

// Without retries, as where requests are only signed, a call waits all the same.
func TestPaceWithoutRetries(t *testing.T) {
	stack := middleware.NewStack("bare", func() any { return nil })
	for _, option := range new(suite.Pace).Config(aws.Config{}).APIOptions {
		if err := option(stack); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff([]string{"posture.pace"}, stack.Finalize.List()); diff != "" {
		t.Errorf("finalize (-want +got):\n%s", diff)
	}
}
