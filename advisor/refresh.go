package advisor

import (
	"context"
	"errors"
	"fmt"
	"slices"
)

// RefreshStale asks Trusted Advisor to look again at the checks that Fresh fails,
// and gives what became of each: that it was asked for, that it is under way
// already, that AWS does it by itself, or that it must wait (Refresh.Next). It
// waits for nothing and asks for nothing twice. It changes no verdict of this
// view: a look after the refresh is a new Account. See
// "RefreshTrustedAdvisorCheck" in the AWS Support API Reference.
//
// With an error it gives what came of the checks that were asked for all the same.
func RefreshStale(ctx context.Context, f Fresh, by Refresher) ([]Refresh, error) {
	results, err := f.Account.Results(ctx)
	var stale []string
	for _, r := range results {
		k, _ := Table().Find(r.Check.ID)
		if k.Refresh != "auto" && f.wants(r) && !r.At.IsZero() && f.Account.now().Sub(r.At) > f.most(r.Check.ID) {
			stale = append(stale, r.Check.ID)
		}
	}
	if err != nil || len(stale) == 0 {
		return nil, err
	}
	states, err := by.Refreshes(ctx, stale)
	if err != nil {
		return nil, err
	}
	var (
		done []Refresh
		errs []error
	)
	for _, check := range stale {
		if !slices.ContainsFunc(states, func(r Refresh) bool { return r.Check == check }) {
			errs = append(errs, fmt.Errorf("advisor: refresh of check %s: how far it is was not told", check))
		}
	}
	for _, r := range states {
		if r.ready() {
			asked, err := by.Refresh(ctx, r.Check)
			if err != nil {
				errs = append(errs, fmt.Errorf("advisor: refresh of check %s: %w", r.Check, err))
				continue
			}
			r = asked
		}
		done = append(done, r)
	}
	return done, errors.Join(errs...)
}

// ready tells whether a refresh can be asked for now.
func (r Refresh) ready() bool {
	switch r.State {
	case RefreshEnqueued, RefreshProcessing, RefreshByAWS:
		return false
	}
	return r.Next <= 0
}
