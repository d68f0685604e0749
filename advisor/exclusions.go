package advisor

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/awsposture/posture"
)

// Accepted is an exclusion that somebody answers for.
type Accepted struct {
	Check    string    // id
	Resource string    // as Flagged.ID has it; "" every resource of the check
	Reason   string    // must be given
	Until    time.Time // the acceptance ends then; zero: never
}

// Exclusions judges that what is excluded from checks is excluded for a reason
// that somebody gave. An excluded resource vanishes from the counts of its check,
// and a check all of whose resources are excluded is green. See "Exclude
// resources" in the AWS Support User Guide.
type Exclusions struct {
	Account  *Account
	Accepted []Accepted
}

// ExclusionEvidence is an excluded resource.
type ExclusionEvidence struct {
	Check  string `json:"check"`
	Name   string `json:"name"`
	Region string `json:"region,omitempty"`
	Rows   int    `json:"rows"`
	Reason string `json:"reason,omitempty"` // with which it is accepted
}

// String says it in a sentence.
func (e ExclusionEvidence) String() string {
	if e.Reason != "" {
		return fmt.Sprintf("It is excluded from the check %q, and that is accepted: %s.", e.Name, e.Reason)
	}
	return fmt.Sprintf("It is excluded from the check %q, and nobody answers for that.", e.Name)
}

// Control implements posture.Evaluator.
func (e Exclusions) Control() posture.Control {
	return posture.Control{
		ID:       "advisor.exclusions",
		Title:    "What is excluded from Trusted Advisor's checks is excluded for a reason",
		Doc:      "Whoever may exclude a resource can make a red check green. Put the resource back, or accept its exclusion with a reason and an end.",
		Severity: posture.Medium, Scope: posture.Global, Resource: typeCheck,
		Requires: slices.Concat(e.Account.actions().Results, e.Account.actions().Resources),
	}
}

// Place implements posture.Evaluator.
func (e Exclusions) Place() posture.Place { return e.Account.Place() }

// Evaluate implements posture.Evaluator.
func (e Exclusions) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c, a := e.Control(), e.Account
	results, off, err := a.entitled(ctx, c)
	if off != nil {
		return off, nil
	}
	results = slices.DeleteFunc(slices.Clone(results), func(r Result) bool { return r.Excluded == 0 })
	fs := posture.Each(ctx, results, func(ctx context.Context, r Result) (fs []posture.Finding) {
		rows, err := a.Resources(ctx, r)
		if err != nil {
			fs = append(fs, c.Unknown(a.check(r.Check.ID), err))
		}
		found := e.judge(c, r, rows)
		if len(found) == 0 && err == nil {
			fs = append(fs, c.Unknown(a.check(r.Check.ID), &posture.Cause{Kind: posture.CauseTruncated, Message: fmt.Sprintf("the check %q counts %s and lists none", r.Check.Name, plural(int(r.Excluded), "excluded resource", "excluded resources"))}))
		}
		return append(fs, found...)
	})
	if len(fs) == 0 && err == nil && len(results) == 0 {
		return []posture.Finding{c.Pass(a.account(), nil).Detailf("No resource is excluded from a check.")}, nil
	}
	return fs, err
}

// judge gives a finding per excluded resource of one check.
func (e Exclusions) judge(c posture.Control, r Result, rows []Flagged) (fs []posture.Finding) {
	at := map[string]int{}
	for _, row := range rows {
		if !row.Excluded {
			continue
		}
		key := row.Region + "/" + row.ID
		i, known := at[key]
		if !known {
			i = len(fs)
			at[key] = i
			seen := ExclusionEvidence{Check: r.Check.ID, Name: r.Check.Name, Region: row.Region, Reason: e.reason(r.Check.ID, row)}
			judge := c.Fail
			if seen.Reason != "" {
				judge = c.Pass
			}
			fs = append(fs, judge(e.Account.flagged(row), seen).Part(part(r.Check.ID, row.Region)))
		}
		seen := fs[i].Evidence.(ExclusionEvidence)
		seen.Rows++
		fs[i].Evidence = seen
	}
	return fs
}

// reason is the reason with which an exclusion is accepted, "" where it is not.
func (e Exclusions) reason(check string, row Flagged) string {
	for _, a := range e.Accepted {
		if a.Reason != "" && a.Check == check && (a.Resource == "" || a.Resource == row.ID) && (a.Until.IsZero() || e.Account.now().Before(a.Until)) {
			return a.Reason
		}
	}
	return ""
}
