package advisor

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/awsposture/posture"
)

// Coloured judges the results of one category by one colour: that no check is red,
// or that none is yellow. A resource that a check lists in that colour fails; one
// that somebody excluded does not, and Exclusions judges that. A check without a
// result is unknown, and so is a resource whose status is none that is known; a
// check that had nothing to look at is not applicable. See "AWS Trusted Advisor
// check reference" in the AWS Support User Guide.
//
// Service limits are judged by Limits and exposed keys by ExposedKeys.
type Coloured struct {
	Account  *Account
	Category Category
	Colour   Colour // Red or Yellow
}

// CheckEvidence is what Trusted Advisor says of a check, or of one resource in it.
type CheckEvidence struct {
	Check    string              `json:"check"`
	Name     string              `json:"name"`
	Category Category            `json:"category"`
	Colour   Colour              `json:"colour"`
	At       time.Time           `json:"at,omitzero"`
	Flagged  int64               `json:"flagged,omitempty"`
	Region   string              `json:"region,omitempty"`
	Rows     []map[string]string `json:"rows,omitempty"` // what the check says of the resource, by header
	Meaning  string              `json:"meaning,omitempty"`
	Savings  Cents               `json:"monthlySavingsCents,omitempty"` // of the resource
	Total    Cents               `json:"monthlySavingsOfCheckCents,omitempty"`
	FixedBy  string              `json:"fixedBy,omitempty"` // the control whose remediator puts it right
}

// String says it in a sentence.
func (e CheckEvidence) String() string {
	s := fmt.Sprintf("Trusted Advisor marks %q %s", e.Name, e.Colour)
	if e.Meaning != "" {
		s += " (" + e.Meaning + ")"
	}
	if !e.At.IsZero() {
		s += ", as of " + stamp(e.At)
	}
	return s + "."
}

// fixedBy are the controls of this library that ask what a check asks, and whose
// remediators put it right.
var fixedBy = map[string]string{
	CheckKeyRotation: "iam.access-key-age", CheckRootMFA: "iam.root-mfa", CheckRootKey: "iam.root-access-key",
}

func evidenceOf(r Result, colour Colour) CheckEvidence {
	k, _ := Table().Find(r.Check.ID)
	e := CheckEvidence{Check: r.Check.ID, Name: r.Check.Name, Category: r.Check.Category(), Colour: colour, At: r.At, Total: r.Savings, FixedBy: fixedBy[r.Check.ID]}
	switch colour {
	case Red:
		e.Meaning = k.Red
	case Yellow:
		e.Meaning = k.Yellow
	}
	return e
}

// urgent are the categories in which a colour means a danger and not a loss.
var urgent = []Category{Security, FaultTolerance}

// Control implements posture.Evaluator.
func (e Coloured) Control() posture.Control {
	c := posture.Control{
		ID:       e.id(),
		Doc:      "Trusted Advisor sees this account from inside of AWS, and knows what no other API tells. Put right what it lists, or exclude a resource from the check with a reason.",
		Severity: posture.Low, Scope: posture.Global, Resource: typeCheck,
		Requires: slices.Concat(e.Account.actions().Results, e.Account.actions().Resources),
	}
	if e.Colour == Red || e.Colour == Yellow {
		c.Title = fmt.Sprintf("Trusted Advisor marks nothing on %s %s", e.Category, e.Colour)
	}
	if e.Colour == Red {
		c.Severity = posture.Medium
	}
	if slices.Contains(urgent, e.Category) {
		c.Severity++
	}
	return c
}

// id is "advisor.red" for security, and names the category for all others.
func (e Coloured) id() string {
	if e.Category == Security {
		return "advisor." + string(e.Colour)
	}
	return "advisor." + strings.ReplaceAll(string(e.Category), "_", "-") + "-" + string(e.Colour)
}

// isColoured tells whether a control is one of Coloured's.
func isColoured(control string) bool {
	return !strings.HasPrefix(control, "advisor.local.") && (strings.HasSuffix(control, string(Red)) || strings.HasSuffix(control, string(Yellow)))
}

// Place implements posture.Evaluator.
func (e Coloured) Place() posture.Place { return e.Account.Place() }

// Evaluate implements posture.Evaluator.
func (e Coloured) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c, a := e.Control(), e.Account
	results, off, err := a.entitled(ctx, c)
	if off != nil {
		return off, nil
	}
	results = slices.DeleteFunc(slices.Clone(results), func(r Result) bool {
		return r.Check.ID == exposedKeysCheck || r.Check.Category() != e.Category
	})
	fs := posture.Each(ctx, results, func(ctx context.Context, r Result) []posture.Finding { return a.colour(ctx, c, r, e.Colour) })
	return c.Judged(fs, err, a.account(), "Trusted Advisor offers the account no check on "+e.Category.String()+".")
}

// colour judges one result by a colour.
func (a *Account) colour(ctx context.Context, c posture.Control, r Result, colour Colour) []posture.Finding {
	at := a.check(r.Check.ID)
	switch {
	case r.empty():
		return []posture.Finding{c.NotApplicable(at, fmt.Sprintf("The check %q found nothing to look at.", r.Check.Name))}
	case r.Colour != Green && r.Colour != Yellow && r.Colour != Red:
		return []posture.Finding{c.Unknown(at, &posture.Cause{Kind: posture.CauseNotReady, Message: fmt.Sprintf("Trusted Advisor has no result of the check %q", r.Check.Name)})}
	}
	var fs []posture.Finding
	rows, err := a.Resources(ctx, r)
	if err != nil {
		fs = append(fs, c.Unknown(at, err))
	}
	fs = append(fs, a.grouped(c, r, rows, colour)...)
	fs = append(fs, a.unclear(c, r, rows)...)
	if len(fs) > 0 {
		return fs
	}
	e := evidenceOf(r, r.Colour)
	if e.Flagged = r.Flagged; r.Colour == colour {
		// The check as a whole has the colour, and lists no resource that does.
		return []posture.Finding{c.Fail(at, e)}
	}
	return []posture.Finding{c.Pass(at, e)}
}

// grouped gives one failing finding per resource that has rows of the colour: a
// check may list a resource several times, once per rule or per key.
func (a *Account) grouped(c posture.Control, r Result, rows []Flagged, colour Colour) (fs []posture.Finding) {
	type key struct{ id, region string }
	at := map[key]int{}
	for _, row := range rows {
		if row.Excluded || row.Colour != colour {
			continue
		}
		k := key{row.ID, row.Region}
		i, known := at[k]
		if !known {
			i = len(fs)
			at[k] = i
			e := evidenceOf(r, colour)
			e.Region = row.Region
			fs = append(fs, c.Fail(a.flagged(row), e).Part(part(r.Check.ID, row.Region)))
		}
		e := fs[i].Evidence.(CheckEvidence)
		e.Rows, e.Savings = append(e.Rows, row.Meta), e.Savings+row.Savings
		fs[i].Evidence = e
	}
	return fs
}

// unclear gives one unknown finding per resource of which a row has a status that
// this version does not know: it may be of any colour.
func (a *Account) unclear(c posture.Control, r Result, rows []Flagged) (fs []posture.Finding) {
	for _, row := range rows {
		if row.Excluded || row.Colour == Green || row.Colour == Yellow || row.Colour == Red {
			continue
		}
		cause := &posture.Cause{Kind: posture.CauseNotReady, Message: fmt.Sprintf("the check %q gives the resource a status that is none of ok, warning and error", r.Check.Name)}
		fs = unlike(fs, []posture.Finding{c.Unknown(a.flagged(row), cause).Part(part(r.Check.ID, row.Region))})
	}
	return fs
}

// part is the Sub of a finding on a resource in a check. The region is in it since
// two regions may have a resource of one name.
func part(check, region string) string {
	if region == "" {
		return check
	}
	return check + "@" + region
}

// checkOf is the check that a Sub names.
func checkOf(sub string) string {
	check, _, _ := strings.Cut(sub, "@")
	return check
}

func join(cs []Category) string { return strings.Join(words(cs), ",") }
