package shield

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/shield"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/internal/memo"
)

// Account is the view of Shield in one account: a snapshot whose every AWS call
// is made once, when first asked for, however many evaluators ask. Failures are
// remembered too; a second look is a second Account. It is safe for concurrent
// use. What its methods return is shared and must not be changed.
type Account struct {
	// Now is the clock. Default time.Now.
	Now func() time.Time

	// Edges are the resources that face the internet, of all regions.
	Edges posture.Fact[[]Edge]
	// Existing are the ARNs, as Shield writes them, of every resource of a kind that
	// can be protected, whether it faces the internet or not.
	Existing posture.Fact[[]string]
	// HealthChecks are the account's Route 53 health checks by id.
	HealthChecks posture.Fact[map[string]HealthCheck]
	// Alarms are the alarms on DDoSDetected, of us-east-1 and of every region of
	// an Edge.
	Alarms posture.Fact[[]Alarm]
	// Role reads a role by its ARN.
	Role func(ctx context.Context, arn string) (Role, error)
	// LogBuckets are the names of the buckets that hold logs of CloudFront, load
	// balancers and AWS WAF.
	LogBuckets posture.Fact[[]string]
	// ResponseTeam tells whether the account's support plan has the Shield
	// Response Team in it.
	ResponseTeam posture.Fact[bool]
	// CountingSince is since when the mitigation of layer 7 attacks on a resource
	// has been in count, by the resource's ARN; absent where that is not known.
	CountingSince posture.Fact[map[string]time.Time]

	place posture.Place
	api   Reader

	state        memo.Value[bool]
	subscription memo.Value[Subscription]
	protections  memo.Value[[]Protection]
	groups       memo.Value[[]Group]
	access       memo.Value[ResponseAccess]
	contacts     memo.Value[[]Contact]
	attacks      memo.Value[[]Attack]
	statistics   memo.Value[Statistics]
	edges        memo.Value[[]Edge]
	existing     memo.Value[[]string]
	health       memo.Value[map[string]HealthCheck]
	alarms       memo.Value[[]Alarm]
	buckets      memo.Value[[]string]
	team         memo.Value[bool]
	counts       memo.Value[map[string]time.Time]
	roles        memo.Map[string, Role]
}

// NewAccount makes the view of Shield in p's account, read with api.
func NewAccount(p posture.Place, api Reader) *Account {
	p.Region = ""
	return &Account{place: p, api: api}
}

// FromConfig makes the view of Shield in p's account, read with a client of cfg in
// Shield's home region, whatever region cfg has.
func FromConfig(cfg aws.Config, p posture.Place) *Account { return NewAccount(p, Client(cfg)) }

// Client makes the Shield client that FromConfig reads with. It fits Writer too.
// Shield has one endpoint, in us-east-1.
func Client(cfg aws.Config) *shield.Client {
	return shield.NewFromConfig(cfg, func(o *shield.Options) { o.Region = "us-east-1" })
}

// Place is the account looked at. A nil Account, which makes a catalogue, has
// none.
func (a *Account) Place() posture.Place {
	if a == nil {
		return posture.Place{}
	}
	return a.place
}

func (a *Account) now() time.Time {
	if a.Now != nil {
		return a.Now()
	}
	return time.Now()
}

// account is the resource that the controls of the whole account judge.
func (a *Account) account() posture.Resource {
	return a.place.Resource("AWS::Shield::Subscription", a.place.Account, "")
}

// notHere is why nothing of Shield applies in a partition; "" where it does.
func (a *Account) notHere() string {
	if a.place.Partition == "aws" {
		return ""
	}
	return "AWS offers no Shield Advanced in the partition " + a.place.Partition + "."
}

// standard judges what needs no subscription.
func (a *Account) standard(c posture.Control, judge func() ([]posture.Finding, error)) ([]posture.Finding, error) {
	if why := a.notHere(); why != "" {
		return []posture.Finding{c.NotApplicable(a.account(), why)}, nil
	}
	return judge()
}

// advanced judges what lives inside of the subscription.
func (a *Account) advanced(ctx context.Context, c posture.Control, judge func() ([]posture.Finding, error)) ([]posture.Finding, error) {
	return a.standard(c, func() ([]posture.Finding, error) {
		active, err := a.Subscribed(ctx)
		switch {
		case err != nil:
			return nil, err
		case !active:
			return []posture.Finding{c.NotApplicable(a.account(), "The account is not subscribed to Shield Advanced.")}, nil
		}
		return judge()
	})
}
