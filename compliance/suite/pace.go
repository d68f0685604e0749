package suite

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/smithy-go/middleware"

	"github.com/awsposture/posture"
)

// Pace spaces the calls to one account, so that a scan does not use up quotas
// that the account needs for itself: a token bucket for each service and region,
// of one token, filled at the service's rate. Retries are calls too, and wait
// like the first. At the first throttle the rate is halved, at each that follows
// halved again, down to a sixteenth; it comes back over ten minutes.
//
// The zero value paces by DefaultRates. A Pace is safe for concurrent use; give
// one to everything in the process that looks at the same account.
type Pace struct {
	// Rates go before DefaultRates, service by service.
	Rates []Rate

	mu      sync.Mutex
	buckets map[serviceIn]*bucket
}

type serviceIn struct{ service, region string }

// paceID is the middleware's name.
const paceID = "posture.pace"

// Config gives cfg with every call paced; cfg itself is not changed. One that is
// paced already keeps the pace that it has. Retries stay the configuration's own.
func (p *Pace) Config(cfg aws.Config) aws.Config {
	cfg.APIOptions = append(slices.Clone(cfg.APIOptions), func(stack *middleware.Stack) error {
		if _, paced := stack.Finalize.Get(paceID); paced {
			return nil
		}
		m := middleware.FinalizeMiddlewareFunc(paceID, p.finalize)
		if _, retries := stack.Finalize.Get("Retry"); !retries {
			return stack.Finalize.Add(m, middleware.Before)
		}
		return stack.Finalize.Insert(m, "Retry", middleware.After) // once an attempt, and before it is signed
	})
	return cfg
}

func (p *Pace) finalize(ctx context.Context, in middleware.FinalizeInput, next middleware.FinalizeHandler) (out middleware.FinalizeOutput, meta middleware.Metadata, err error) {
	b := p.bucket(serviceIn{awsmiddleware.GetServiceID(ctx), awsmiddleware.GetRegion(ctx)})
	if err := b.wait(ctx); err != nil {
		return out, meta, err
	}
	began := time.Now()
	out, meta, err = next.HandleFinalize(ctx, in)
	if c := posture.CauseOf(err); c != nil && c.Kind == posture.CauseThrottled {
		b.throttled(began, time.Now())
	}
	return out, meta, err
}

func (p *Pace) bucket(of serviceIn) *bucket {
	p.mu.Lock()
	defer p.mu.Unlock()
	b := p.buckets[of]
	if b == nil {
		if p.buckets == nil {
			p.buckets = map[serviceIn]*bucket{}
		}
		b = &bucket{full: rate(p.Rates, of.service)}
		p.buckets[of] = b
	}
	return b
}

const (
	recovery = 10 * time.Minute // from nothing to the full rate
	floor    = 16               // the least part of the full rate
)

// bucket holds one token. It is kept as the time when the next one is there.
type bucket struct {
	mu   sync.Mutex
	full float64   // calls a second
	low  float64   // the rate after the last throttle
	hit  time.Time // when that was; zero: never
	next time.Time
	hits int // throttles that halved: who waited over one waits anew
}

// rate is the calls a second at a time.
func (b *bucket) rate(now time.Time) float64 {
	if b.hit.IsZero() {
		return b.full
	}
	return min(b.full, b.low+b.full*float64(now.Sub(b.hit))/float64(recovery))
}

// every is the time that a rate leaves between two calls.
func every(rate float64) time.Duration { return time.Duration(float64(time.Second) / rate) }

// reserve takes the next token, and says how long until it is there and after how
// many throttles it was taken.
func (b *bucket) reserve(now time.Time) (time.Duration, int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.next.Before(now) {
		b.next = now
	}
	at := b.next
	b.next = at.Add(every(b.rate(now)))
	return at.Sub(now), b.hits
}

func (b *bucket) valid(hits int) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.hits == hits
}

func (b *bucket) wait(ctx context.Context) error {
	for {
		delay, hits := b.reserve(time.Now())
		if delay <= 0 {
			return nil
		}
		timer := time.NewTimer(delay)
		select {
		case <-timer.C:
			if b.valid(hits) {
				return nil
			}
		case <-ctx.Done():
			timer.Stop()
			return context.Cause(ctx)
		}
	}
}

// throttled halves the rate for a call that began at one time and was refused at
// another, and takes back the tokens that calls wait for. A call that was on its
// way when the rate was last halved says nothing of the rate since.
func (b *bucket) throttled(began, now time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !began.After(b.hit) {
		return
	}
	b.low, b.hit = max(b.rate(now)/2, b.full/floor), now
	b.next = now.Add(every(b.low))
	b.hits++
}
