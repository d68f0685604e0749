package inspector

import (
	"cmp"
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/internal/param"
)

// Suppression judges that each suppression rule names closely what it hides, says
// why, and has a review date that has not passed. Inspector has no expiry of its
// own: the date is written into the reason, the description or the tag
// "review-by", as 2026-12-31; of several the last one counts. See "Suppressing
// findings" in the Inspector User Guide.
type Suppression struct {
	Region *Region
	Review time.Duration // longest time to the review date; default 365 days
}

// SuppressionEvidence is a suppression rule, and what is wrong with it.
type SuppressionEvidence struct {
	Filter  Filter    `json:"filter"`
	Review  time.Time `json:"review,omitzero"`
	Because []string  `json:"because,omitempty"`
}

// String says it in a sentence.
func (e SuppressionEvidence) String() string {
	if len(e.Because) == 0 {
		return fmt.Sprintf("Filter %s hides only what its criteria name closely, until its review on %s.", e.Filter.Name, date(e.Review))
	}
	return fmt.Sprintf("Filter %s hides what it should not: %s.", e.Filter.Name, strings.Join(e.Because, "; "))
}

func (e Suppression) review() time.Duration { return cmp.Or(e.Review, 365*day) }

// Control implements posture.Evaluator.
func (e Suppression) Control() posture.Control {
	return posture.Control{
		ID:       "inspector.suppression-broad",
		Title:    "Suppression rules are narrow, have a reason, and end",
		Doc:      "A suppressed finding is open and nobody sees it; a rule by severity alone hides tomorrow's worst vulnerability too. Name the vulnerability and the resource or package, write down why and until when, and review it then.",
		Severity: posture.Medium, Scope: posture.Regional, Resource: "AWS::InspectorV2::Filter",
		Requires: actions("BatchGetAccountStatus", "ListFilters"),
		Params:   []posture.Param{param.Days("review", e.Review, 365*day, "")},
	}
}

// Place implements posture.Evaluator.
func (e Suppression) Place() posture.Place { return e.Region.Place() }

// Evaluate implements posture.Evaluator.
func (e Suppression) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c, r := e.Control(), e.Region
	_, off, err := r.on(ctx, c)
	if off != nil || err != nil {
		return off, err
	}
	filters, err := r.Filters(ctx)
	var fs []posture.Finding
	for _, filter := range filters {
		here := r.filterResource(filter)
		f := c.NotApplicable(here, "The filter does not suppress.")
		if filter.Suppresses {
			seen := SuppressionEvidence{Filter: filter}
			seen.Review, seen.Because = e.judge(filter, r.now())
			if f = c.Pass(here, seen); seen.Because != nil {
				f = c.Fail(here, seen)
			}
		}
		f.Tags = filter.Tags
		fs = append(fs, f)
	}
	return c.Judged(fs, err, r.resource(), "The account has no filter of its own in the region; those of its Inspector administrator are judged in that account.")
}

// judge says, for each reason a clause, why a filter must not suppress.
func (e Suppression) judge(f Filter, now time.Time) (review time.Time, because []string) {
	if !narrow(f.Criteria) {
		by := sortedKeys(f.Criteria)
		why := "it names no vulnerability, package or resource"
		if len(by) > 0 {
			why += ", but selects by " + strings.Join(by, " and ")
		}
		because = append(because, why)
	}
	if strings.TrimSpace(f.Reason) == "" {
		because = append(because, "it has no reason")
	}
	review, ok := reviewDate(f)
	switch {
	case !ok:
		because = append(because, "it has no review date")
	case now.After(review.Add(day)): // the day itself is in time, everywhere
		because = append(because, "its review was due on "+date(review))
	case review.Sub(now) > e.review():
		because = append(because, "its review, on "+date(review)+", is too far off")
	}
	return review, because
}

var isoDate = regexp.MustCompile(`\b20\d\d-[01]\d-[0-3]\d\b`)

// reviewDate finds the last date in what the filter says of itself.
func reviewDate(f Filter) (last time.Time, ok bool) {
	for _, text := range isoDate.FindAllString(f.Reason+" "+f.Description+" "+f.Tags["review-by"], -1) {
		if t, err := time.Parse(time.DateOnly, text); err == nil && (!ok || t.After(last)) {
			last, ok = t, true
		}
	}
	return last, ok
}

// wide are the attributes that many findings share: to select by them alone
// hides what nobody has seen yet.
var wide = []string{
	"awsAccountId", "codeRepositoryProviderType", "componentType", "ecrImageArchitecture", "ecrImageInUseCount", "ecrImageLastInUseAt", "ecrImagePushedAt", "ecrImageRegistry",
	"epssScore", "exploitAvailable", "findingStatus", "findingType", "firstObservedAt", "fixAvailable", "inspectorScore", "lambdaFunctionLastModifiedAt", "lambdaFunctionRuntime",
	"lastObservedAt", "networkProtocol", "resourceType", "severity", "updatedAt", "vendorSeverity", "vulnerabilitySource",
}

// narrow tells whether the criteria name what findings are about. Every
// condition on an attribute must: they are alternatives.
func narrow(criteria map[string][]Condition) bool {
	for attribute, conditions := range criteria {
		if !slices.Contains(wide, attribute) && len(conditions) > 0 && !slices.ContainsFunc(conditions, func(c Condition) bool {
			return c.Comparison == "NOT_EQUALS" || c.Comparison == "UNKNOWN" || c.Value == "" || c.Value == ".." || c.Value == "0..65535" || c.Comparison == "PREFIX" && len(c.Value) < 3
		}) {
			return true
		}
	}
	return false
}
