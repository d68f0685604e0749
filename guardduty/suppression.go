package guardduty

import (
	"context"
	_ "embed" // severe_types.tsv
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/internal/wildcard"
)

// Suppression judges that no filter archives findings that nobody may miss: one
// that names no finding type, one that takes attack sequences, and one that takes
// types that can be High without naming the resource or the caller it is about.
// What is archived goes to no EventBridge rule, joins no attack sequence, and
// starts no malware scan. See "Suppression rules in GuardDuty" in the GuardDuty
// User Guide.
type Suppression struct {
	Region *Region
	Severe []string // finding types that can be High or Critical; default SevereTypes()
}

// SuppressionEvidence is a filter that archives, and why it takes too much.
type SuppressionEvidence struct {
	Filter  Filter   `json:"filter"`
	Because []string `json:"because,omitempty"`
}

// String says it in a sentence.
func (e SuppressionEvidence) String() string {
	if len(e.Because) == 0 {
		return fmt.Sprintf("Filter %s archives only what its criteria name closely.", e.Filter.Name)
	}
	return fmt.Sprintf("Filter %s archives too much: %s.", e.Filter.Name, strings.Join(e.Because, "; "))
}

// Control implements posture.Evaluator.
func (e Suppression) Control() posture.Control {
	return posture.Control{
		ID:       "guardduty.suppression",
		Title:    "No suppression rule hides what must be seen",
		Doc:      "A suppression rule archives findings before anybody sees them; a broad one is how an intruder, or a tired operator, makes GuardDuty blind. Name the finding types and the resource or caller in every rule, and review what it hid.",
		Severity: posture.High, Scope: posture.Regional, Resource: "AWS::GuardDuty::Filter",
		Requires: actions("ListDetectors", "GetDetector", "GetAdministratorAccount", "ListFilters", "GetFilter"),
		Params: []posture.Param{{
			Name: "severe-types", Value: strconv.Itoa(len(e.severe())), Default: strconv.Itoa(len(SevereTypes())), Unit: "finding types",
			Source: "GuardDuty User Guide, finding types", AsOf: severeAsOf,
		}},
	}
}

// Place implements posture.Evaluator.
func (e Suppression) Place() posture.Place { return e.Region.Place() }

// Evaluate implements posture.Evaluator.
func (e Suppression) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c := e.Control()
	d, off, err := e.Region.own(ctx, c)
	if off != nil || err != nil {
		return off, err
	}
	names, err := e.Region.FilterNames(ctx)
	fs := posture.Each(ctx, names, func(ctx context.Context, name string) []posture.Finding {
		here := e.Region.filterResource(d, name)
		filter, err := e.Region.Filter(ctx, name)
		if err != nil {
			return []posture.Finding{c.Unknown(here, err)}
		}
		f := c.NotApplicable(here, "The filter does not archive.")
		if filter.Archive {
			judge, seen := c.Pass, SuppressionEvidence{filter, takesTooMuch(filter, e.severe())}
			if seen.Because != nil {
				judge = c.Fail
			}
			f = judge(here, seen)
		}
		f.Tags = filter.Tags
		return []posture.Finding{f}
	})
	return c.Judged(fs, err, e.Region.resource(d), "The region has no filter.")
}

func (e Suppression) severe() []string {
	if e.Severe != nil {
		return e.Severe
	}
	return SevereTypes()
}

// takesTooMuch says, for each reason a clause, why a filter must not archive.
func takesTooMuch(f Filter, severe []string) (because []string) {
	named := f.Criteria["type"]
	if len(named.Equals)+len(named.Matches) == 0 {
		why := "it names no finding type"
		for _, by := range []string{"severity", "accountId"} {
			if _, ok := f.Criteria[by]; ok {
				why += ", but selects by " + by
			}
		}
		because = append(because, why)
	}
	if below(f.Criteria["severity"], 7) {
		return because
	}
	var sequences, high []string
	for _, t := range slices.Compact(slices.Sorted(slices.Values(slices.Concat(severe, named.Equals)))) {
		sequence := strings.HasPrefix(t, "AttackSequence:")
		switch {
		case !takes(named, t):
		case sequence:
			sequences = append(sequences, t)
		case slices.Contains(severe, t):
			high = append(high, t)
		}
	}
	if sequences != nil {
		because = append(because, "it takes attack sequences")
	}
	if high != nil && !narrow(f.Criteria) {
		because = append(because, fmt.Sprintf("it takes %s that can be High, such as %s, on every resource and from every caller", plural(len(high), "type", "types"), high[0]))
	}
	return because
}

// takes tells whether a criterion on the type takes a finding type. One that
// names no type takes every type that it does not exclude.
func takes(c Criterion, t string) bool {
	like := func(pattern string) bool { return wildcard.Match(pattern, t) }
	if slices.Contains(c.NotEquals, t) || slices.ContainsFunc(c.NotMatches, like) {
		return false
	}
	return len(c.Equals)+len(c.Matches) == 0 || slices.Contains(c.Equals, t) || slices.ContainsFunc(c.Matches, like)
}

// below tells whether a criterion on the severity keeps it under a limit.
func below(c Criterion, limit int64) bool {
	if c.Less != nil && *c.Less <= limit || c.LessOrEqual != nil && *c.LessOrEqual < limit {
		return true
	}
	for _, v := range c.Equals {
		if n, err := strconv.ParseFloat(v, 64); err != nil || n >= float64(limit) {
			return false
		}
	}
	return len(c.Equals) > 0
}

// narrow tells whether the criteria name what a finding is about, beyond its
// kind, place and time.
func narrow(criteria map[string]Criterion) bool {
	for attribute, c := range criteria {
		switch attribute {
		case "type", "severity", "accountId", "region", "partition", "confidence", "createdAt", "updatedAt", "title", "description", "service.archived", "resource.resourceType", "service.resourceRole":
			continue
		}
		if len(c.Equals)+len(c.Matches) > 0 && !slices.Contains(c.Matches, "*") {
			return true
		}
	}
	return false
}

//go:embed severe_types.tsv
var severeTable string

// severeAsOf is when severe_types.tsv was taken from the GuardDuty User Guide.
const severeAsOf = "2026-11"

// SevereTypes lists the finding types, retired ones too, whose severity is or
// can be High or Critical.
func SevereTypes() []string { return slices.Clone(severeTypes()) }

var severeTypes = sync.OnceValue(func() (types []string) {
	for line := range strings.Lines(severeTable) {
		if t, _, ok := strings.Cut(line, "\t"); ok && t != "type" {
			types = append(types, t)
		}
	}
	return types
})
