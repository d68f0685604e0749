package advisor

import (
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/awsposture/posture"
)

// Quota is a quota of a service in one region, and how much of it is used.
type Quota struct {
	Service string // as Service Quotas names it: "vpc"
	Code    string // "L-F678F1CE"
	Name    string
	Region  string // "" of a global service
	// Value is the applied quota, in thousandths, since some quotas are fractions.
	Value int64
	// Used is the use, in thousandths; nil where nobody measured it.
	Used *int64
}

// Thousandths gives a number as Quota has it; what is too large is the largest,
// and what is no amount is 0.
func Thousandths(v float64) int64 {
	switch {
	case v*1000 >= math.MaxInt64:
		return math.MaxInt64
	case v > 0:
		return int64(v*1000 + 0.5)
	}
	return 0
}

// LimitRow judges a quota as Trusted Advisor judges limits: from 80 percent on it
// is yellow, from 100 percent on red. A quota of 0 is not available, since its use
// has no share. The quota that applies counts, not the one that AWS gives unasked.
func LimitRow(q Quota) (c Colour, percent int64) {
	if q.Used == nil || q.Value <= 0 {
		return NotAvailable, 0
	}
	if percent = *q.Used * 100 / q.Value; *q.Used > math.MaxInt64/100 { // so large that the product overflows, and so large that rounding does not matter
		percent = *q.Used / max(q.Value/100, 1)
	}
	switch {
	case percent >= 100:
		return Red, percent
	case percent >= 80:
		return Yellow, percent
	}
	return Green, percent
}

// Limits judges that no service limit is used to 80 percent or more. It goes by
// Trusted Advisor's results, and by Account.Quotas as well where those are given;
// where the account may not ask Trusted Advisor, by the quotas alone. A limit that
// is used up is Medium, one that is near Low. See "Service limits" in the AWS
// Trusted Advisor check reference, and the Service Quotas User Guide.
type Limits struct{ Account *Account }

// LimitEvidence is a quota and its use.
type LimitEvidence struct {
	Service    string `json:"service"`
	Code       string `json:"code"`
	Name       string `json:"name"`
	Region     string `json:"region,omitempty"`
	Percent    int64  `json:"percent"`
	Recomputed bool   `json:"recomputed"` // always: Trusted Advisor's own say is a CheckEvidence
}

// String says it in a sentence.
func (e LimitEvidence) String() string {
	where := "globally"
	if e.Region != "" {
		where = "in " + e.Region
	}
	return fmt.Sprintf("Recomputed: %d percent of quota %q (%s) of %s is used %s.", e.Percent, e.Name, e.Code, e.Service, where)
}

// Control implements posture.Evaluator.
func (e Limits) Control() posture.Control {
	return posture.Control{
		ID:       "advisor.service-limits",
		Title:    "No service limit is nearly used up",
		Doc:      "At the limit the next resource cannot be made, which stops deployments, scaling and recovery at the worst time. Ask for an increase through Service Quotas, or remove what nobody uses.",
		Severity: posture.Medium, Scope: posture.Global, Resource: typeCheck,
		Requires: slices.Concat(e.Account.actions().Results, e.Account.actions().Resources),
		Params:   []posture.Param{{Name: "yellow", Value: "80", Default: "80", Unit: "percent", Source: "AWS Trusted Advisor check reference", AsOf: TableAsOf}, {Name: "red", Value: "100", Default: "100", Unit: "percent", Source: "AWS Trusted Advisor check reference", AsOf: TableAsOf}},
	}
}

// Place implements posture.Evaluator.
func (e Limits) Place() posture.Place { return e.Account.Place() }

// Evaluate implements posture.Evaluator.
func (e Limits) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c, a := e.Control(), e.Account
	results, off, err := a.entitled(ctx, c)
	fs := a.quotaFindings(ctx, c, off != nil)
	if off != nil {
		if len(fs) == 0 {
			return off, nil
		}
		return fs, nil
	}
	results = slices.DeleteFunc(slices.Clone(results), func(r Result) bool { return r.Check.Category() != ServiceLimits })
	fs = append(fs, posture.Each(ctx, results, func(ctx context.Context, r Result) []posture.Finding {
		red, yellow := a.colour(ctx, c, r, Red), a.colour(ctx, c, r, Yellow)
		if !fails(yellow) {
			return red
		}
		for i := range yellow {
			if yellow[i].Status == posture.Fail {
				yellow[i].Severity = posture.Low
			}
		}
		if !fails(red) {
			return yellow
		}
		return unlike(red, yellow)
	})...)
	return c.Judged(fs, err, a.account(), "Trusted Advisor offers the account no check of service limits, and no quota was measured.")
}

func fails(fs []posture.Finding) bool {
	return slices.ContainsFunc(fs, func(f posture.Finding) bool { return f.Status == posture.Fail })
}

// unlike adds to some findings those others that speak of other resources.
func unlike(fs, others []posture.Finding) []posture.Finding {
	for _, o := range others {
		if !slices.ContainsFunc(fs, func(f posture.Finding) bool { return f.Resource == o.Resource && f.Sub == o.Sub }) {
			fs = append(fs, o)
		}
	}
	return fs
}

// quotaFindings judges the quotas whose use was measured. Without Trusted Advisor
// they are all that there is, and not having them is unknown.
func (a *Account) quotaFindings(ctx context.Context, c posture.Control, alone bool) (fs []posture.Finding) {
	if a.Quotas == nil && !alone {
		return nil
	}
	quotas, err := a.readQuotas(ctx)
	if err != nil {
		fs = append(fs, c.Unknown(a.account(), err).Part("quotas"))
	}
	for _, q := range quotas {
		colour, percent := LimitRow(q)
		if colour == NotAvailable {
			continue // nobody measured it
		}
		judge := c.Pass
		if colour != Green {
			judge = c.Fail
		}
		at := a.place.Resource("AWS::ServiceQuotas::Quota", q.Service+"/"+q.Code, "")
		f := judge(at, LimitEvidence{q.Service, q.Code, q.Name, q.Region, percent, true}).Part(q.Region)
		if colour == Yellow {
			f.Severity = posture.Low
		}
		fs = append(fs, f)
	}
	if alone && len(fs) == 0 && len(quotas) > 0 {
		fs = append(fs, c.Unknown(a.account(), &posture.Cause{Kind: posture.CauseNotProvided, Message: "how much of any quota is used was not provided"}).Part("quotas"))
	}
	return fs
}
