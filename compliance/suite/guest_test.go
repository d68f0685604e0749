package suite_test

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/compliance/suite"
)

// quotas lets each service of each account and region be called as often as its
// quota has it, and has production use four fifths of that all the while.
type quotas struct {
	ctx  context.Context
	mu   sync.Mutex
	left map[string]*allowance

	calls, refused                     int // the scan's
	productionCalls, productionRefused int
}

// allowance is a bucket that holds a second's worth of calls, as AWS's do.
type allowance struct {
	quota, tokens float64
	at            time.Time
}

func (a *allowance) take() bool {
	now := time.Now()
	a.tokens = min(a.quota, a.tokens+a.quota*now.Sub(a.at).Seconds())
	a.at = now
	if a.tokens < 1 {
		return false
	}
	a.tokens--
	return true
}

// allow lets a call of the scan through, or not. Whatever it calls, production
// calls too.
func (q *quotas) allow(caller, service, region string) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	key := caller + service + region
	a := q.left[key]
	if a == nil {
		quota := 0.0
		for _, r := range suite.DefaultRates() {
			if r.Service == service {
				quota = r.Quota
			}
		}
		a = &allowance{quota: quota, tokens: quota, at: time.Now()}
		q.left[key] = a
		go q.produce(a)
	}
	q.calls++
	ok := a.take()
	if !ok {
		q.refused++
	}
	return ok
}

func (q *quotas) produce(a *allowance) {
	tick := time.NewTicker(time.Duration(float64(time.Second) / (0.8 * a.quota)))
	defer tick.Stop()
	for {
		select {
		case <-q.ctx.Done():
			return
		case <-tick.C:
		}
		q.mu.Lock()
		q.productionCalls++
		if !a.take() {
			q.productionRefused++
		}
		q.mu.Unlock()
	}
}

func (q *quotas) middleware(stack *middleware.Stack) error {
	return stack.Finalize.Insert(middleware.FinalizeMiddlewareFunc("quotas", func(ctx context.Context, in middleware.FinalizeInput, next middleware.FinalizeHandler) (middleware.FinalizeOutput, middleware.Metadata, error) {
		caller := in.Request.(*smithyhttp.Request).Header.Get("Authorization")[:50] // with the access key
		time.Sleep(20 * time.Millisecond)                                           // the way there and back
		if !q.allow(caller, awsmiddleware.GetServiceID(ctx), awsmiddleware.GetRegion(ctx)) {
			return middleware.FinalizeOutput{}, middleware.Metadata{}, tooFast
		}
		return next.HandleFinalize(ctx, in)
	}), "awsfake", middleware.Before)
}

// hosted scans two accounts whose production uses four fifths of every quota.
func hosted(t *testing.T, rates []suite.Rate, users int) (q *quotas, took time.Duration) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		q = &quotas{ctx: ctx, left: map[string]*allowance{}}
		e := newEstate(baseUser)
		e.state = func(id string) state {
			return func(m *member) {
				guarded(id)(m)
				manyUsers(users)(m)
			}
		}
		a := e.accounts(management, shop)
		a.Rates = rates
		a.Config.APIOptions = append(a.Config.APIOptions, q.middleware)
		began := time.Now()
		for r := range a.Scan(ctx, &posture.ScanOptions{Concurrency: 64, Timeout: -1}) {
			_ = r
		}
		took = time.Since(began)
		cancel()
		synctest.Wait()
	})
	return q, took
}

// TestPoliteGuest is the promise of the default rates: production that uses four
// fifths of its quotas is not throttled because of a scan.
func TestPoliteGuest(t *testing.T) {
	q, took := hosted(t, nil, 40)
	t.Logf("%d calls in %v beside %d of production", q.calls, took, q.productionCalls)
	if q.productionRefused > 0 || q.refused > 0 {
		t.Errorf("%d of %d calls of production were throttled, and %d of the scan's %d", q.productionRefused, q.productionCalls, q.refused, q.calls)
	}
	if q.calls < 200 || q.productionCalls < q.calls {
		t.Errorf("%d calls beside %d of production prove nothing", q.calls, q.productionCalls)
	}
	// The same scan without a pace does throttle it: the test can fail.
	if q, _ := hosted(t, unpaced, 40); q.productionRefused == 0 {
		t.Errorf("without a pace none of %d calls of production was throttled", q.productionCalls)
	}
}

// At rates that are too high for the account, the halving ends the throttling
// soon: a twentieth of the scan's calls are refused at most, where without a pace
// it is more than half.
func TestGuestBacksOff(t *testing.T) {
	var whole []suite.Rate
	for _, r := range suite.DefaultRates() {
		r.PerSecond = r.Quota
		whole = append(whole, r)
	}
	q, took := hosted(t, whole, 400)
	hasty, _ := hosted(t, unpaced, 400)
	t.Logf("%d of %d calls refused in %v, %d of production; without a pace %d of %d, %d of production", q.refused, q.calls, took, q.productionRefused, hasty.refused, hasty.calls, hasty.productionRefused)
	if q.refused == 0 || q.refused*20 > q.calls || hasty.refused*2 < hasty.calls {
		t.Errorf("%d of %d calls were refused, without a pace %d of %d", q.refused, q.calls, hasty.refused, hasty.calls)
	}
}
