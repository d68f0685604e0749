package suite

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations"

	"github.com/awsposture/posture/iam/organization"
)

// Choice says which accounts of an organization to scan. The zero Choice is all
// of them. An account must fit every part that is given.
type Choice struct {
	Units []string          // ids of the root or of units: the account is in one of them, or below it
	Tags  map[string]string // the account has every one of these tags, with this value
}

// Accounts lists the ids of the organization's accounts that fit, in order. Only
// the management account and delegated administrators may list them, so cfg must
// be of one.
//
// Only accounts that can be entered are listed, which are those that are active
// or are being closed; iam.organization-account-active judges the others. An
// account that could not be told to fit is left out, and the error names it: what
// else was read is given beside the error. A unit that no account is in, which
// may be a slip, is an error too.
func (c Choice) Accounts(ctx context.Context, cfg aws.Config) ([]string, error) {
	cfg = new(Pace).Config(cfg)
	here, err := Caller(ctx, cfg)
	if err != nil {
		return nil, err
	}
	all, err := organization.FromConfig(cfg, here).Accounts(ctx)
	if len(all) == 0 && err == nil {
		return nil, fmt.Errorf("suite: account %s belongs to no organization", here.Account)
	}
	broken := []error{err}
	found := map[string]bool{}
	var ids []string
	api := organization.Client(cfg, here)
	for _, a := range all {
		if a.State != organization.StateActive && a.State != organization.StatePendingClosure || !c.within(a.Path, found) {
			continue
		}
		fits, err := c.tagged(ctx, api, a.ID)
		if err != nil {
			broken = append(broken, fmt.Errorf("suite: the tags of account %s: %w", a.ID, err))
		}
		if fits {
			ids = append(ids, a.ID)
		}
	}
	for _, u := range c.Units {
		if !found[u] {
			broken = append(broken, fmt.Errorf("suite: no account to scan is in or below %q", u))
		}
	}
	slices.Sort(ids)
	return ids, errors.Join(broken...)
}

// within tells whether a path leads through one of the units, and notes which.
func (c Choice) within(path string, found map[string]bool) bool {
	fits := len(c.Units) == 0
	for node := range strings.SplitSeq(path, "/") {
		if slices.Contains(c.Units, node) {
			fits, found[node] = true, true
		}
	}
	return fits
}

// tagged tells whether an account has the tags, with one call where any is asked for.
func (c Choice) tagged(ctx context.Context, api organizations.ListTagsForResourceAPIClient, id string) (bool, error) {
	if len(c.Tags) == 0 {
		return true, nil
	}
	missing := maps.Clone(c.Tags)
	pages := organizations.NewListTagsForResourcePaginator(api, &organizations.ListTagsForResourceInput{ResourceId: &id})
	for pages.HasMorePages() && len(missing) > 0 {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return false, err
		}
		for _, t := range page.Tags {
			if value, asked := missing[aws.ToString(t.Key)]; asked && t.Value != nil && *t.Value == value {
				delete(missing, *t.Key)
			}
		}
	}
	return len(missing) == 0, nil
}
