package advisor

import (
	"cmp"
	"context"
	"time"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/internal/gate"
	"github.com/awsposture/posture/internal/memo"
)

// Account is the view of Trusted Advisor in one account: a snapshot whose every
// read is made once, when first asked for, however many evaluators ask. Failures
// are remembered too; a second look is a second Account. It is safe for concurrent
// use. What its methods return is shared and must not be changed.
type Account struct {
	// Now is the clock. Default time.Now.
	Now func() time.Time

	// Local is the judgements that were recomputed from facts of other services,
	// by check id: what functions such as SpecificPorts give. A check that was not
	// asked for has no entry.
	Local map[string]posture.Fact[[]Row]
	// Quotas are the account's quotas with how much of each is used, in every
	// region that counts. See package advisor/quotas.
	Quotas posture.Fact[[]Quota]
	// Configured are the ids of checks that stored configuration names: event
	// rules, dashboards, scripts.
	Configured posture.Fact[[]string]

	place  posture.Place
	source Source

	results    memo.Value[[]Result]
	resources  memo.Map[string, []Flagged] // by check id
	priorities memo.Value[[]Priority]
	quotas     memo.Value[[]Quota]
	local      memo.Map[string, []Row]
	gate       gate.Gate
}

// NewAccount makes the view of the account at p, read from source. Trusted Advisor
// has one set of data per account, whichever region is asked: the view's place has
// no region.
func NewAccount(p posture.Place, source Source) *Account {
	p.Region = ""
	return &Account{place: p, source: source}
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

// catalogue is what evaluators of no account say that they call: the actions of
// the source that package advisor/trustedadvisor has.
var catalogue = Actions{
	Results:   []string{"trustedadvisor:ListChecks", "trustedadvisor:ListRecommendations"},
	Resources: []string{"trustedadvisor:ListRecommendationResources"},
}

func (a *Account) actions() Actions {
	if a == nil || a.source == nil {
		return catalogue
	}
	return a.source.Actions()
}

// Results lists every check with its last result.
func (a *Account) Results(ctx context.Context) ([]Result, error) {
	return a.results.Get(ctx, func(ctx context.Context) ([]Result, error) { return a.source.Results(ctx) })
}

// Resources lists the resources of a result. A result that flags and excludes
// nothing has none, and is not asked for them.
func (a *Account) Resources(ctx context.Context, r Result) ([]Flagged, error) {
	if r.Flagged+r.Excluded == 0 {
		return nil, nil
	}
	return a.resources.Get(ctx, r.Check.ID, func(ctx context.Context) ([]Flagged, error) {
		return gate.Do(ctx, &a.gate, func(ctx context.Context) ([]Flagged, error) { return a.source.Resources(ctx, r) })
	})
}

// Recomputed gives the rows of a check that was recomputed.
func (a *Account) Recomputed(ctx context.Context, check string) ([]Row, error) {
	return a.local.Get(ctx, check, func(ctx context.Context) ([]Row, error) {
		return a.Local[check].Get(ctx, "what recomputing check "+check+" takes")
	})
}

func (a *Account) readQuotas(ctx context.Context) ([]Quota, error) {
	return a.quotas.Get(ctx, func(ctx context.Context) ([]Quota, error) {
		return a.Quotas.Get(ctx, "the account's quotas and their use")
	})
}

// typeCheck and typeResource name what CloudFormation has no types for; the names
// follow its form.
const (
	typeCheck    = "AWS::TrustedAdvisor::Check"
	typeResource = "AWS::TrustedAdvisor::Resource"
	typeAccount  = "AWS::TrustedAdvisor::Account"
)

// account is the resource of a control that judges the account itself.
func (a *Account) account() posture.Resource {
	return a.place.Resource(typeAccount, a.place.Account, "")
}

// check is a check as a resource.
func (a *Account) check(id string) posture.Resource {
	return a.place.Resource(typeCheck, id, "arn:"+cmp.Or(a.place.Partition, "aws")+":trustedadvisor:::check/"+id)
}

// flagged is a resource that a check lists. The finding's Sub has its region.
func (a *Account) flagged(f Flagged) posture.Resource {
	r := a.place.Resource(typeResource, f.ID, "")
	if name(f.ID) != f.ID {
		r.ARN = f.ID
	}
	return r
}
