package advisor

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"github.com/awsposture/posture"
)

// Row is a judgement on one resource that was recomputed, as a check of Trusted
// Advisor would give it.
type Row struct {
	Resource posture.Resource
	Colour   Colour
	Reason   string // one sentence: what was observed
	// Expected says why Trusted Advisor is known to judge this otherwise, "" where
	// it is not.
	Expected string
}

// Recomputed judges what one check asks by what was recomputed from facts of other
// services, Account.Local, whatever Trusted Advisor says. Every finding says that
// it is recomputed. Without facts it is not applicable where Trusted Advisor
// itself may be asked, and unknown where the account's support plan does not
// include that.
type Recomputed struct {
	Account *Account
	Check   string // id
}

// RecomputedEvidence is a judgement that was recomputed.
type RecomputedEvidence struct {
	Check      string `json:"check"`
	Name       string `json:"name,omitempty"`
	Colour     Colour `json:"colour"`
	Reason     string `json:"reason"`
	Recomputed bool   `json:"recomputed"` // always
	FixedBy    string `json:"fixedBy,omitempty"`
}

// String says it in a sentence.
func (e RecomputedEvidence) String() string { return "Recomputed: " + e.Reason }

// Recomputable are the checks that can be recomputed, wholly or partly, and that
// AWS still offers, in the table's order. Service limits are not among them:
// Limits judges those.
func Recomputable() (ids []string) {
	for _, k := range Table() {
		if !k.Deprecated && (k.Local == LocalYes || k.Local == LocalPartial) {
			ids = append(ids, k.ID)
		}
	}
	return ids
}

// Control implements posture.Evaluator. Its id has the check's, in small letters.
func (e Recomputed) Control() posture.Control {
	k, known := Table().Find(e.Check)
	title := "Check " + e.Check + " passes when it is recomputed"
	doc := "This version knows nothing of the check."
	if known {
		title = "Recomputed: " + k.Name
		doc = fmt.Sprintf("It asks of the account's own services what the check asks, whether or not the account may ask Trusted Advisor. Red: %s. Yellow: %s.", cmp.Or(k.Red, "never"), cmp.Or(k.Yellow, "never"))
	}
	return posture.Control{
		ID: "advisor.local." + strings.ToLower(e.Check), Title: title, Doc: doc, Severity: severityOf(Red, k.Category), Scope: posture.Global, Resource: typeCheck,
		Requires: e.Account.actions().Results, // called only where there are no facts
		Params:   []posture.Param{{Name: "criteria", Value: e.Check, Default: e.Check, Source: "AWS Trusted Advisor check reference", AsOf: TableAsOf}},
	}
}

// severityOf is the severity of a colour in a category.
func severityOf(c Colour, in Category) posture.Severity {
	return Coloured{Category: in, Colour: c}.Control().Severity
}

// Place implements posture.Evaluator.
func (e Recomputed) Place() posture.Place { return e.Account.Place() }

// Evaluate implements posture.Evaluator.
func (e Recomputed) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c, a := e.Control(), e.Account
	if a.Local[e.Check] == nil {
		return e.unfed(ctx, c)
	}
	k, _ := Table().Find(e.Check)
	rows, err := a.Recomputed(ctx, e.Check)
	var fs []posture.Finding
	for _, row := range worst(rows) {
		seen := RecomputedEvidence{e.Check, k.Name, row.Colour, row.Reason, true, fixedBy[e.Check]}
		switch row.Colour {
		case Green:
			fs = append(fs, c.Pass(row.Resource, seen))
		case Red, Yellow:
			f := c.Fail(row.Resource, seen)
			f.Severity = severityOf(row.Colour, k.Category)
			fs = append(fs, f)
		default:
			fs = append(fs, c.Unknown(row.Resource, &posture.Cause{Kind: posture.CauseNotProvided, Message: row.Reason}))
		}
	}
	return c.Judged(fs, err, a.account(), "There is nothing that the check speaks of.")
}

// unfed is the verdict without facts.
func (e Recomputed) unfed(ctx context.Context, c posture.Control) ([]posture.Finding, error) {
	here := e.Account.check(e.Check)
	_, state, err := e.Account.entitlement(ctx)
	switch {
	case err != nil:
		return nil, err
	case state == NotOffered:
		return []posture.Finding{c.NotApplicable(here, state.unasked())}, nil
	case state == IsEntitled:
		return []posture.Finding{c.NotApplicable(here, "The account may ask Trusted Advisor itself, and nothing was given to recompute the check from.")}, nil
	}
	_, err = e.Account.Recomputed(ctx, e.Check) // which says what was not provided
	return []posture.Finding{c.Unknown(here, err)}, nil
}

// worst keeps one row per resource, the worst, in the order of their first rows.
func worst(rows []Row) (kept []Row) {
	at := map[posture.Resource]int{}
	for _, row := range rows {
		i, known := at[row.Resource]
		switch {
		case !known:
			at[row.Resource] = len(kept)
			kept = append(kept, row)
		case row.Colour.worse(kept[i].Colour):
			kept[i] = row
		}
	}
	return kept
}
