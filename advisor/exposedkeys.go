package advisor

import (
	"context"
	"slices"

	"github.com/awsposture/posture"
)

// exposedKeysCheck is the check "Exposed Access Keys". Only AWS can make it.
const exposedKeysCheck = "12Fnkpl8Y5"

// ExposedKeys judges that AWS found none of the account's access keys in public.
// Nothing else tells that; without Trusted Advisor's API it is not applicable,
// which says nothing of the keys. The check of a new account has no result at
// first, and a key that was dealt with stays for up to a week. That a key is
// excluded from the check does not count: it was found all the same. See "Exposed access
// keys" in the AWS Support User Guide.
type ExposedKeys struct{ Account *Account }

// Control implements posture.Evaluator.
func (e ExposedKeys) Control() posture.Control {
	return posture.Control{
		ID:       "advisor.exposed-access-keys",
		Title:    "AWS found no access key of the account in public",
		Doc:      "A key that was published is used within minutes. Deactivate it, look in the trail for what it did, and delete it; then see how it got out.",
		Severity: posture.Critical, Scope: posture.Global, Resource: typeCheck,
		Requires: slices.Concat(e.Account.actions().Results, e.Account.actions().Resources),
	}
}

// Place implements posture.Evaluator.
func (e ExposedKeys) Place() posture.Place { return e.Account.Place() }

// Evaluate implements posture.Evaluator.
func (e ExposedKeys) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c, a := e.Control(), e.Account
	results, off, err := a.entitled(ctx, c)
	if off != nil {
		return off, nil
	}
	for _, r := range results {
		if r.Check.ID != exposedKeysCheck {
			continue
		}
		if r.empty() && !r.NoData {
			return []posture.Finding{c.Pass(a.check(r.Check.ID), evidenceOf(r, r.Colour))}, nil // it lists keys that are exposed, and no others
		}
		fs := a.colour(ctx, c, r, Red)
		for _, f := range a.colour(ctx, c, r, Yellow) {
			if f.Status == posture.Fail { // suspected by irregular use
				fs = append(slices.DeleteFunc(fs, func(f posture.Finding) bool { return f.Status == posture.Pass }), f)
			}
		}
		return e.excluded(ctx, c, r, fs), nil
	}
	if err != nil {
		return nil, err
	}
	return []posture.Finding{c.NotApplicable(a.account(), "Trusted Advisor does not offer the account the check of exposed access keys.")}, nil
}

// excluded adds to the findings of a result those on keys that somebody excluded
// from the check.
func (e ExposedKeys) excluded(ctx context.Context, c posture.Control, r Result, fs []posture.Finding) []posture.Finding {
	rows, _ := e.Account.Resources(ctx, r) // what keeps them from being read is among fs
	var out []Flagged
	for _, row := range rows {
		if row.Excluded {
			row.Excluded = false
			out = append(out, row)
		}
	}
	more := e.Account.unclear(c, r, out)
	for _, colour := range []Colour{Red, Yellow} {
		for _, f := range e.Account.grouped(c, r, out, colour) {
			more = unlike(more, []posture.Finding{f.Detailf("%s It was excluded from the check, and is exposed all the same.", f.Evidence)})
		}
	}
	if len(more) > 0 {
		fs = slices.DeleteFunc(fs, func(f posture.Finding) bool { return f.Status == posture.Pass })
	}
	return unlike(fs, more)
}
