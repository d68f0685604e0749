package organization

import (
	"context"
	"errors"
	"fmt"
	"slices"
)

// Level is what is attached at one level above an account, or to the account.
type Level struct {
	Target   string // the id of the root, of a unit or of the account
	Policies []Policy
}

// Levels gives the policies of a type, SCP or RCP, that act on an account: a level for
// the root, for each unit down to the account, and for the account itself, also
// where nothing is attached. A type that is not enabled has no level. The
// management account has levels too, and neither SCPs nor RCPs act on it.
//
// With an error a level may lack a policy: what a listed one denies is denied, what
// none allows may be allowed.
func (o *Organization) Levels(ctx context.Context, account string, t PolicyType) ([]Level, error) {
	root, err := o.Root(ctx)
	if err != nil || !root.enabled(t) {
		return nil, err
	}
	all, err := o.Accounts(ctx)
	for _, a := range all {
		if a.ID != account {
			continue
		}
		if a.Path == "" {
			return nil, errors.Join(err, fmt.Errorf("the path of account %s is not known", account))
		}
		return o.levels(ctx, a, t)
	}
	if err != nil {
		return nil, err
	}
	return nil, fmt.Errorf("account %s is not in the organization", account)
}

// Documents gives the policy documents of levels, as a policy engine takes them.
func Documents(levels []Level) [][]string {
	out := make([][]string, len(levels))
	for i, l := range levels {
		for _, p := range l.Policies {
			out[i] = append(out[i], p.Document)
		}
	}
	return out
}

func (o *Organization) levels(ctx context.Context, a Account, t PolicyType) ([]Level, error) {
	at, err := o.byTarget(ctx, t)
	var levels []Level
	for _, node := range append(a.nodes(), a.ID) {
		levels = append(levels, Level{Target: node, Policies: slices.Concat(at[node], at[everywhere])})
	}
	return levels, err
}

// everywhere is the target of policies that are attached to every one.
const everywhere = "*"

// byTarget gives the policies of a type by what they are attached to.
func (o *Organization) byTarget(ctx context.Context, t PolicyType) (map[string][]Policy, error) {
	return o.attachments.Get(ctx, t, func(ctx context.Context) (map[string][]Policy, error) {
		all, err := o.Policies(ctx, t)
		at := map[string][]Policy{}
		for _, p := range all {
			targets := p.Targets
			if p.Everywhere {
				targets = []string{everywhere}
			}
			for _, target := range targets {
				at[target] = append(at[target], p)
			}
		}
		return at, err
	})
}
