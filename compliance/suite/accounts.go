package suite

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/iam/organization"
)

// Accounts are several accounts to judge, one after the other, from one identity:
// the base, which assumes a role in each of them. In the base's own account
// nothing is assumed: its own credentials judge it, as those of the management
// account judge that.
type Accounts struct {
	Config  aws.Config // of the base; its region is where STS is asked, us-east-1 if it has none
	Role    Role
	IDs     []string // of the accounts; Choice.Accounts lists an organization's
	Regions []string // to look at in each account; none is every region that is enabled for it
	Rates   []Rate   // at which each account is asked, before DefaultRates

	// Evaluators builds the suite of an account, from what Account.Evaluators gives
	// perhaps. Default Account.Evaluators.
	Evaluators func(Account) []posture.Evaluator
}

// Scan judges the accounts and yields a result for each evaluator, account by
// account. An account's views and results are let go before the next is entered,
// so memory does not grow with the accounts. opts are those of posture.Scan, for
// each account: Progress counts the evaluators of one. As the pace makes them
// wait, the default Timeout is an hour; as it bounds what AWS is asked, a higher
// Concurrency only lets more regions be waited for at once.
//
// An account that cannot be entered, because the role cannot be assumed there or
// GetCallerIdentity names another account, is Unknown in each of its evaluators,
// and no other account is touched by it. Where its regions, too, are not known,
// the regional ones stand at a place without a region. IDs that come twice are
// scanned once.
//
// What judges an organization runs in the organization's administrator's account
// only: in the management account, or in the first delegated administrator's that
// gives a verdict. Those accounts go first; the others keep their order. Where no
// account gives a verdict, what was said instead is yielded last, once; where none
// of IDs administers the organization, that it is unknown, in the management
// account's name.
func (a Accounts) Scan(ctx context.Context, opts *posture.ScanOptions) iter.Seq[posture.Result] {
	return func(yield func(posture.Result) bool) {
		var o posture.ScanOptions
		if opts != nil {
			o = *opts
		}
		if o.Timeout == 0 {
			o.Timeout = time.Hour
		}
		r := a.begin(ctx)
		for _, id := range r.order() {
			if !r.account(ctx, id, &o, yield) {
				return
			}
		}
		r.once.rest(ctx, yield)
	}
}

// run is one scan of accounts: what the base knows, and nothing of an account.
type run struct {
	Accounts
	cfg      aws.Config // the base's, paced
	pace     *Pace
	base     caller
	err      error    // why the base does not know who it is
	members  []string // of the base's organization; nil: not told
	admins   []string // its management account and delegated administrators; nil: not told
	identity organization.Identity
	once     once
}

func (a Accounts) begin(ctx context.Context) *run {
	r := &run{Accounts: a, pace: &Pace{Rates: a.Rates}}
	if r.Evaluators == nil {
		r.Evaluators = Account.Evaluators
	}
	r.cfg = r.pace.Config(a.Config)
	if r.base, r.err = identify(ctx, r.cfg); r.err != nil {
		r.base.Partition = "aws" // of the findings that say so
		r.err = fmt.Errorf("suite: who the base identity is: %w", r.err)
		return r
	}
	// What the base is not told about its organization, it does without.
	o := organization.FromConfig(r.cfg, r.base.Place)
	r.identity, _ = o.Identity(ctx)
	r.once.management = r.identity.Management
	if members, err := o.Members(ctx); err == nil {
		r.members = members
	}
	if admins, err := o.DelegatedAdministrators(ctx); err == nil && r.identity.ID != "" {
		r.admins = []string{r.identity.Management}
		for _, d := range admins {
			r.admins = append(r.admins, d.ID)
		}
	}
	return r
}

// order is the accounts, each once, the organization's administrators first.
func (r *run) order() []string {
	var first, then []string
	for _, id := range r.IDs {
		switch {
		case slices.Contains(first, id) || slices.Contains(then, id):
		case id == r.identity.Management || slices.Contains(r.admins, id):
			first = append(first, id)
		default:
			then = append(then, id)
		}
	}
	slices.SortStableFunc(first, func(a, b string) int { return r.rank(a) - r.rank(b) })
	return append(first, then...)
}

// rank puts the management account before the delegated administrators.
func (r *run) rank(id string) int {
	if id == r.identity.Management {
		return 0
	}
	return 1
}

// account scans one account. All that it makes, it lets go when it returns.
func (r *run) account(ctx context.Context, id string, opts *posture.ScanOptions, yield func(posture.Result) bool) bool {
	a, err := r.enter(ctx, id)
	if err != nil && len(a.Regions) == 0 {
		a.Regions = []string{""}
	}
	evs := r.Evaluators(a)
	if err != nil {
		evs = unreached(evs, err)
	} else if a.otherRegion != nil {
		evs = append(evs, unreached(r.regional(a.Place), a.otherRegion)...)
	}
	group, administers := r.standing(ctx, a, err == nil)
	for res := range posture.Scan(ctx, r.once.open(evs, group, administers), opts) {
		if !r.once.settle(res, group, yield) {
			return false
		}
	}
	return true
}

// regional are the evaluators that an account has once more for each region, at
// no region in particular.
func (r *run) regional(p posture.Place) []posture.Evaluator {
	global := map[string]bool{}
	for _, e := range r.Evaluators(Account{Place: p}) {
		c, _ := describe(e)
		global[c.ID] = true
	}
	return slices.DeleteFunc(r.Evaluators(Account{Place: p, Regions: []string{""}}), func(e posture.Evaluator) bool {
		c, _ := describe(e)
		return global[c.ID]
	})
}

// notReached is an evaluator that cannot look.
type notReached struct {
	posture.Evaluator
	err error
}

// Evaluate gives the reason.
func (e notReached) Evaluate(context.Context) ([]posture.Finding, error) { return nil, e.err }

func unreached(evs []posture.Evaluator, err error) []posture.Evaluator {
	out := make([]posture.Evaluator, len(evs))
	for i, e := range evs {
		out[i] = notReached{e, err}
	}
	return out
}
