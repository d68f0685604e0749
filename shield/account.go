package shield

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/shield"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/internal/gate"
	"github.com/awsposture/posture/internal/memo"
)

// Account is the view of Shield in one account: a snapshot whose every AWS call
// is made once, when first asked for, however many evaluators ask. Failures are
// remembered too; a second look is a second Account. It is safe for concurrent
// use. What its methods return is shared and must not be changed.
type Account struct {
	// Now is the clock. Default time.Now.
	Now func() time.Time

	// Exposed is what the internet reaches of the account, in every region: each
	// distribution, public hosted zone, accelerator, load balancer, and whatever
	// has an elastic IP address.
	Exposed posture.Fact[[]Exposed]
	// Inventory is the protectable ARNs of all that exists, by kind, with an entry
	// for every kind that was looked for, also where there is none of it.
	Inventory posture.Fact[map[Kind][]string]
	// Health tells how a Route 53 health check is, by its ARN.
	Health func(ctx context.Context, healthCheck string) (Health, error)
	// Role tells of an IAM role, by its ARN.
	Role func(ctx context.Context, role string) (Role, error)
	// LogBuckets are the names of the buckets that hold the logs of load balancers,
	// distributions and web ACLs.
	LogBuckets posture.Fact[[]string]
	// ResponseTeam is whether the account's support plan includes the Shield
	// Response Team.
	ResponseTeam posture.Fact[bool]
	// MitigatedSince is when the application layer mitigation of a protected
	// resource was first turned on, in whatever mode. The trail knows.
	MitigatedSince func(ctx context.Context, protected string) (time.Time, error)
	// Alarms are the CloudWatch alarms on metrics of AWS/DDoSProtection, of every region.
	Alarms posture.Fact[[]Alarm]

	place posture.Place
	api   Reader

	subscription memo.Value[Subscription]
	limits       memo.Value[Terms]
	protections  memo.Value[[]Protection]
	exposed      memo.Value[[]Exposed]
	access       memo.Value[ResponseTeamAccess]
	contacts     memo.Value[[]Contact]
	groups       memo.Value[[]Group]
	attacks      memo.Value[[]Attack]
	attack       memo.Map[string, AttackDetail]
	statistics   memo.Value[Statistics]
	health       memo.Map[string, Health]
	role         memo.Map[string, Role]
	alarms       memo.Value[[]Alarm]
	plan         memo.Value[bool]
	gate         gate.Gate
}

// NewAccount makes the view of Shield at p, read with api. Shield's data is
// global: the view's place has no region.
func NewAccount(p posture.Place, api Reader) *Account {
	p.Region = ""
	return &Account{place: p, api: api}
}

// FromConfig makes the view of Shield at p, read with a client of cfg in the
// partition's home region of the service, whatever region cfg has.
func FromConfig(cfg aws.Config, p posture.Place) *Account { return NewAccount(p, Client(cfg, p)) }

// Client makes the Shield client that FromConfig reads with. It fits Writer too.
func Client(cfg aws.Config, p posture.Place) *shield.Client {
	return shield.NewFromConfig(cfg, func(o *shield.Options) {
		if home := homeRegion(p.Partition); home != "" {
			o.Region = home
		}
	})
}

// homeRegion is where a partition's Shield is asked, "" where AWS does not offer
// its API: AWS SDK for Go v2, service/shield v1.34.25, as of November 2026.
func homeRegion(partition string) string {
	switch partition {
	case "aws", "":
		return "us-east-1"
	}
	return ""
}

// Place is the account looked at. A nil Account, which makes a catalogue, has none.
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

// The types of the resources that findings are on.
const (
	typeSubscription = "AWS::Shield::Subscription"
	typeProtection   = "AWS::Shield::Protection"
	typeGroup        = "AWS::Shield::ProtectionGroup"
	typeAccess       = "AWS::Shield::DRTAccess"
	typeEngagement   = "AWS::Shield::ProactiveEngagement"
)

// own is a resource of which the account has one.
func (a *Account) own(typ string) posture.Resource {
	return a.place.Resource(typ, a.place.Account, "")
}

// protection is the protection, there or not, of the resource with an ARN.
func (a *Account) protection(arn string) posture.Resource {
	return a.place.Resource(typeProtection, arn, arn)
}

// offered gives the one finding of a control where AWS does not offer Shield's
// API, and nil where it does.
func (a *Account) offered(c posture.Control) []posture.Finding {
	if homeRegion(a.place.Partition) != "" {
		return nil
	}
	return []posture.Finding{c.NotApplicable(a.own(typeSubscription), "AWS does not offer Shield in partition "+a.place.Partition+".")}
}

// subscribed gives the one finding of a control on what only Shield Advanced has
// where the account is not subscribed, and nil where it is.
func (a *Account) subscribed(ctx context.Context, c posture.Control) ([]posture.Finding, error) {
	if off := a.offered(c); off != nil {
		return off, nil
	}
	s, err := a.Subscription(ctx)
	if err != nil || s.Active {
		return nil, err
	}
	return []posture.Finding{c.NotApplicable(a.own(typeSubscription), "The account is not subscribed to Shield Advanced; shield.subscription judges that.")}, nil
}
