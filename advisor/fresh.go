package advisor

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/internal/param"
)

// Fresh judges that the result of each check of the wanted categories is not older
// than AWS itself lets it become: what AWS refreshes at least daily, and what is
// refreshed when somebody asks and else weekly. A result older than that is not
// looked after by anyone. See "Refresh check results" in the AWS Support User
// Guide.
type Fresh struct {
	Account    *Account
	Categories []Category    // default Security and ServiceLimits
	Auto       time.Duration // for checks that AWS refreshes; default 2 days
	Manual     time.Duration // for all others; default 8 days
}

// AgeEvidence is how old a result is.
type AgeEvidence struct {
	Check string    `json:"check"`
	Name  string    `json:"name"`
	At    time.Time `json:"at"`
	Age   int       `json:"ageHours"`
	Most  int       `json:"mostHours"`
}

// String says it in a sentence.
func (e AgeEvidence) String() string {
	return fmt.Sprintf("The result of %q is of %s, %s ago; at most %s are asked.", e.Name, stamp(e.At), plural(e.Age, "hour", "hours"), plural(e.Most, "hour", "hours"))
}

// Control implements posture.Evaluator.
func (e Fresh) Control() posture.Control {
	return posture.Control{
		ID:       "advisor.fresh",
		Title:    "The results of Trusted Advisor are fresh",
		Doc:      "A result says how things were when it was made. Ask for a refresh, best on a schedule; what AWS refreshes by itself and yet is old is a case for AWS Support.",
		Severity: posture.Low, Scope: posture.Global, Resource: typeCheck,
		Requires: e.Account.actions().Results,
		Params: []posture.Param{
			{Name: "categories", Value: join(e.categories()), Default: join(Fresh{}.categories())},
			param.Days("max-age-auto", e.Auto, 2*day, ""), param.Days("max-age-manual", e.Manual, 8*day, ""),
		},
	}
}

func (e Fresh) categories() []Category {
	if e.Categories != nil {
		return e.Categories
	}
	return []Category{Security, ServiceLimits}
}

func (e Fresh) wants(r Result) bool { return slices.Contains(e.categories(), r.Check.Category()) }

// most is the age that a check's result may have.
func (e Fresh) most(check string) time.Duration {
	if k, _ := Table().Find(check); k.Refresh == "auto" {
		return cmp.Or(e.Auto, 2*day)
	}
	return cmp.Or(e.Manual, 8*day)
}

// Place implements posture.Evaluator.
func (e Fresh) Place() posture.Place { return e.Account.Place() }

// Evaluate implements posture.Evaluator.
func (e Fresh) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c, a := e.Control(), e.Account
	results, off, err := a.entitled(ctx, c)
	if off != nil {
		return off, nil
	}
	var fs []posture.Finding
	for _, r := range results {
		if !e.wants(r) {
			continue
		}
		at := a.check(r.Check.ID)
		if r.At.IsZero() && r.Colour != NotAvailable {
			fs = append(fs, c.Unknown(at, &posture.Cause{Kind: posture.CauseMalformed, Message: fmt.Sprintf("the result of %q does not say when it was made", r.Check.Name)}))
			continue
		}
		if r.At.IsZero() {
			fs = append(fs, c.NotApplicable(at, "The check has no result yet."))
			continue
		}
		most := e.most(r.Check.ID)
		age := a.now().Sub(r.At)
		judge := c.Pass
		if age > most {
			judge = c.Fail
		}
		fs = append(fs, judge(at, AgeEvidence{r.Check.ID, r.Check.Name, r.At, int(age / time.Hour), int(most / time.Hour)}))
	}
	return c.Judged(fs, err, a.account(), "Trusted Advisor offers the account no check of these categories.")
}
