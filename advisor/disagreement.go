package advisor

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/internal/param"
)

// Disagreement judges that what was recomputed says the same as Trusted Advisor,
// check by check, where both look at the same time. A difference means that one of
// the two does not see what the other sees: facts that are missing, a region that
// nobody looked at, a rule that AWS changed.
type Disagreement struct {
	Account *Account
	Max     time.Duration // age that a result may have to be compared; default 1 day
}

// DisagreementEvidence is how the two compare on one check.
type DisagreementEvidence struct {
	Check      string     `json:"check"`
	Name       string     `json:"name"`
	Equal      int        `json:"equal"`
	Uncompared int        `json:"notComparable,omitempty"`
	Expected   int        `json:"expected,omitempty"`
	Differs    []Compared `json:"differs,omitempty"`
}

// String says it in a sentence.
func (e DisagreementEvidence) String() string {
	if len(e.Differs) == 0 {
		return fmt.Sprintf("On %q both judge alike: %s.", e.Name, plural(e.Equal, "resource", "resources"))
	}
	first := e.Differs[0]
	return fmt.Sprintf("On %q the two differ on %s; of %s Trusted Advisor says %s, and recomputed it is %s.", e.Name, plural(len(e.Differs), "resource", "resources"), first.Resource, first.Advisor, first.Local)
}

// Control implements posture.Evaluator.
func (e Disagreement) Control() posture.Control {
	return posture.Control{
		ID:       "advisor.disagreement",
		Title:    "Trusted Advisor and what was recomputed judge alike",
		Doc:      "Two ways of looking at one thing that differ show that one of them is blind somewhere. Find out which, before either is relied on.",
		Severity: posture.Low, Scope: posture.Global, Resource: typeCheck,
		Requires: slices.Concat(e.Account.actions().Results, e.Account.actions().Resources),
		Params:   []posture.Param{param.Days("max-age", e.Max, day, "")},
	}
}

// Place implements posture.Evaluator.
func (e Disagreement) Place() posture.Place { return e.Account.Place() }

// Evaluate implements posture.Evaluator.
func (e Disagreement) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c, a := e.Control(), e.Account
	results, off, err := a.entitled(ctx, c)
	if off != nil {
		return off, nil
	}
	results = slices.DeleteFunc(slices.Clone(results), func(r Result) bool { return a.Local[r.Check.ID] == nil })
	fs := posture.Each(ctx, results, func(ctx context.Context, r Result) []posture.Finding {
		return []posture.Finding{e.judge(ctx, c, r)}
	})
	return c.Judged(fs, err, a.account(), "Nothing was recomputed that Trusted Advisor offers the account.")
}

func (e Disagreement) judge(ctx context.Context, c posture.Control, r Result) posture.Finding {
	a := e.Account
	at := a.check(r.Check.ID)
	local, err := a.Recomputed(ctx, r.Check.ID)
	if err != nil {
		return c.Unknown(at, err)
	}
	rows, err := a.Resources(ctx, r)
	if err != nil {
		return c.Unknown(at, err)
	}
	seen := DisagreementEvidence{Check: r.Check.ID, Name: r.Check.Name}
	all := Compare(r, rows, local, a.now(), cmp.Or(e.Max, day))
	for _, x := range all {
		switch {
		case x.How == NotComparable:
			seen.Uncompared++
		case x.How == Agrees:
			seen.Equal++
		case x.differs():
			seen.Differs = append(seen.Differs, x)
		default:
			seen.Expected++
		}
	}
	switch {
	case len(seen.Differs) > 0:
		return c.Fail(at, seen)
	case seen.Equal+seen.Expected == 0:
		return c.NotApplicable(at, strings.TrimSpace("There is nothing to compare. "+whyNot(all)))
	}
	return c.Pass(at, seen)
}

func whyNot(all []Compared) string {
	if len(all) == 0 || all[0].Why == "" {
		return ""
	}
	return sentence(all[0].Why)
}
