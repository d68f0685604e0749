package advisor

import (
	"slices"

	"github.com/awsposture/posture"
)

// colouredCategories are the categories that Coloured judges, in the suite's
// order.
var colouredCategories = []Category{Security, FaultTolerance, OperationalExcellence, Performance, CostOptimizing, Other}

// Evaluators is the default suite of an account. Evaluators(nil) is the catalogue:
// the controls can be listed, not judged. A check that can be recomputed is judged
// once more from the account's own facts, whether or not Trusted Advisor may be
// asked; one that Account.Local has and the table does not know is judged as well.
func Evaluators(a *Account) []posture.Evaluator {
	evs := []posture.Evaluator{
		Entitled{Account: a},
		Fresh{Account: a},
		ExposedKeys{Account: a},
	}
	for _, category := range colouredCategories {
		evs = append(evs, Coloured{Account: a, Category: category, Colour: Red}, Coloured{Account: a, Category: category, Colour: Yellow})
	}
	evs = append(evs,
		Limits{Account: a},
		// Nothing is accepted until the caller sets Accepted.
		Exclusions{Account: a},
		Disagreement{Account: a},
		PriorityOpen{Account: a},
		DeprecatedUse{Account: a},
	)
	for _, check := range recomputed(a) {
		evs = append(evs, Recomputed{Account: a, Check: check})
	}
	return evs
}

// recomputed are the checks that can be recomputed, and those that an account
// brings facts for all the same.
func recomputed(a *Account) []string {
	ids := Recomputable()
	if a == nil {
		return ids
	}
	known := map[string]bool{}
	for _, id := range ids {
		known[id] = true
	}
	var more []string
	for id := range a.Local {
		if !known[id] {
			more = append(more, id)
		}
	}
	slices.Sort(more)
	return append(ids, more...)
}

// Remediators are the remediators of an account that need no choice of the
// caller's. AnswerPriority needs somebody who says what the answer is. Refreshing
// is no remediator, since it changes nothing that could be put back: see
// RefreshStale. What a check finds is put right by the domain that owns the
// resource.
func Remediators(a *Account, w Writer) []posture.Remediator {
	return []posture.Remediator{
		IncludeAgain{Account: a, Writer: w},
	}
}

// Bindings let decoded steps of this package's settings act again.
func Bindings(a *Account, w Writer) []posture.Binding {
	return []posture.Binding{
		posture.Bind[Exclusion](ExclusionSetting{Account: a, Writer: w}),
		posture.Bind[Stage](StageSetting{Account: a, Writer: w}),
	}
}
