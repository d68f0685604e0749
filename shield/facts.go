package shield

import (
	"context"
	"time"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/internal/gate"
)

// Exposed is something of the account that the internet reaches.
type Exposed struct {
	Resource posture.Resource // an instance, load balancer, distribution …; its ARN is how its kind is protected
	Kind     Kind
	HTTP     bool     // it answers HTTP requests
	Behind   []string // ARNs of the distributions and accelerators through which all its traffic comes; none: it is reached directly
	EIPs     []string // protectable ARNs of its elastic IP addresses, for Instance and NLB
	WebACL   *WebACL  // nil: none
	// Application is the application that it belongs to, "" none that is known.
	Application string
}

// WebACL is what Shield depends on in a web ACL.
type WebACL struct {
	ARN     string
	Classic bool // of AWS WAF Classic, which Shield does not count
	// RateRule is the strongest action of its rate-based rules that requests reach.
	// RuleActs is Block only: AWS credits nothing for the others.
	RateRule RuleAction
	// AntiDDoS is what the Anti-DDoS managed rule group does in it.
	AntiDDoS RuleAction
	// MitigationGroup is whether it holds a rule named ShieldMitigationRuleGroup….
	MitigationGroup bool
	Capacity        int // web ACL capacity units that its rules take
}

// RuleAction is what a rule does.
type RuleAction string

// What a rule does.
const (
	RuleNone  RuleAction = ""      // there is none, or no request reaches it
	RuleCount RuleAction = "count" // it counts and lets through
	RuleActs  RuleAction = "acts"  // it blocks, or challenges
)

// Health is how a Route 53 health check is.
type Health string

// How a health check can be.
const (
	Healthy       Health = "healthy"
	Unhealthy     Health = "unhealthy"
	HealthOff     Health = "disabled"
	HealthMissing Health = "missing"
)

// Role is what the response team needs of an IAM role.
type Role struct {
	Exists        bool
	Policy        bool // AWSShieldDRTAccessPolicy is attached
	Trust         bool // drt.shield.amazonaws.com may assume it
	SourceAccount bool // that trust has a condition on aws:SourceAccount
}

// Alarm is a CloudWatch alarm on a metric of AWS/DDoSProtection.
type Alarm struct {
	Name        string
	Region      string
	Metric      string
	ResourceARN string // the dimension of that name
	Actions     int    // for state ALARM, none where actions are off
	Comparison  string // GreaterThanOrEqualToThreshold, GreaterThanThreshold …, as CloudWatch names it
	Threshold   float64
	MissingData string // breaching, notBreaching, ignore, missing; "" is missing
}

// tells tells whether the alarm goes off at 1, as the metric is in an attack, and
// not at 0.
func (a Alarm) tells() bool {
	switch a.Comparison {
	case "GreaterThanOrEqualToThreshold":
		return a.Threshold > 0 && a.Threshold <= 1
	case "GreaterThanThreshold":
		return a.Threshold >= 0 && a.Threshold < 1
	}
	return false
}

func (a *Account) exposure(ctx context.Context) ([]Exposed, error) {
	return a.exposed.Get(ctx, func(ctx context.Context) ([]Exposed, error) {
		return a.Exposed.Get(ctx, "what the internet reaches of the account")
	})
}

// facing finds what is exposed by its protectable ARN.
func (a *Account) facing(ctx context.Context, arn string) (Exposed, error) {
	all, err := a.exposure(ctx)
	for _, e := range all {
		if e.Resource.ARN == arn {
			return e, nil
		}
	}
	if err == nil {
		err = notProvided("what the internet reaches, as provided, does not have %s", arn)
	}
	return Exposed{}, err
}

// asked is a fact about one thing.
func asked[T any](ctx context.Context, a *Account, fact func(context.Context, string) (T, error), key, name string) (T, error) {
	if fact == nil {
		var none T
		return none, notProvided("%s was not provided", name)
	}
	return gate.Do(ctx, &a.gate, func(ctx context.Context) (T, error) {
		return posture.Fact[T](func(ctx context.Context) (T, error) { return fact(ctx, key) }).Get(ctx, name)
	})
}

func (a *Account) healthOf(ctx context.Context, arn string) (Health, error) {
	return a.health.Get(ctx, arn, func(ctx context.Context) (Health, error) {
		return asked(ctx, a, a.Health, arn, "how health checks are")
	})
}

func (a *Account) roleOf(ctx context.Context, arn string) (Role, error) {
	return a.role.Get(ctx, arn, func(ctx context.Context) (Role, error) { return asked(ctx, a, a.Role, arn, "the response team's role") })
}

func (a *Account) mitigatedSince(ctx context.Context, arn string) (time.Time, error) {
	return asked(ctx, a, a.MitigatedSince, arn, "since when a resource is mitigated")
}

func (a *Account) planHasTeam(ctx context.Context) (bool, error) {
	return a.plan.Get(ctx, func(ctx context.Context) (bool, error) {
		return a.ResponseTeam.Get(ctx, "whether the support plan includes the response team")
	})
}
