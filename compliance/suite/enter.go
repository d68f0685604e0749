package suite

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"sync"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/iam/organization"
)

var accountID = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[0-9]{12}$`) })

// enter gives an account to judge, with credentials that were seen to be its own.
// Beside an error the account has its place only, and the regions asked for.
func (r *run) enter(ctx context.Context, id string) (Account, error) {
	a := Account{Place: posture.Place{Partition: r.base.Partition, Account: id}, Regions: r.Regions}
	switch {
	case !accountID().MatchString(id):
		return a, fmt.Errorf("suite: %q is not the id of an account, which has 12 digits", id)
	case r.err != nil:
		return a, r.err
	case id == r.base.Account:
		a.Config, a.Pace = r.Config, r.pace
	case r.Role.Name == "":
		return a, fmt.Errorf("suite: no role is named to assume in account %s", id)
	default:
		a.Config, a.Pace = r.Config, &Pace{Rates: r.Rates}
		a.Config.Credentials = r.Role.assume(r.cfg, r.base.chained, a.Place)
		if err := r.verify(ctx, a); err != nil {
			return Account{Place: a.Place, Regions: a.Regions}, err
		}
	}
	a.organized = organization.FromConfig(a.paced(), a.Place)
	if slices.Contains(r.members, id) {
		a.Members = func(context.Context) ([]string, error) { return r.members, nil }
	}
	if len(a.Regions) == 0 {
		regions, err := EnabledRegions(ctx, AccountClient(a.paced(), a.Place.Partition))
		if len(regions) == 0 && err == nil {
			err = &posture.Cause{Kind: posture.CauseMalformed, Operation: "Account:ListRegions", Message: "no region is enabled, which cannot be"}
		}
		if a.Regions = regions; err != nil {
			a.otherRegion = fmt.Errorf("suite: the regions of account %s: %w", id, err)
		}
	}
	return a, nil
}

// verify assumes the role and asks AWS whose credentials it got.
func (r *run) verify(ctx context.Context, a Account) error {
	// First of all, so that a refusal is AssumeRole's and not that of the call that
	// would have come first.
	if _, err := a.Config.Credentials.Retrieve(ctx); err != nil {
		return fmt.Errorf("suite: assume %s: %w", r.Role.arn(a.Place), err)
	}
	seen, err := identify(ctx, a.paced())
	if err != nil {
		return fmt.Errorf("suite: whose credentials %s gave: %w", r.Role.arn(a.Place), err)
	}
	if seen.Place != a.Place {
		return &posture.Cause{
			Kind: posture.CauseCredentials, Operation: "STS:GetCallerIdentity",
			Message: fmt.Sprintf("the credentials of %s are of %s", r.Role.arn(a.Place), seen.Place),
		}
	}
	return nil
}

// standing is which organization an account belongs to, "" where that cannot be
// told or it belongs to none, and whether it may be one that administers it.
func (r *run) standing(ctx context.Context, a Account, entered bool) (group string, administers bool) {
	id := a.Place.Account
	var of organization.Identity
	told := false
	if entered { // every account may ask, and an evaluator does anyway
		var err error
		of, err = a.organized.Identity(ctx)
		told = err == nil
	}
	// Untold, it is taken to be in the base's, unless that is known not to have it.
	if !told && (r.members == nil || slices.Contains(r.members, id)) {
		of = r.identity
	}
	if of.ID == "" || of.ID != r.identity.ID || r.admins == nil {
		return of.ID, true
	}
	return of.ID, slices.Contains(r.admins, id)
}
