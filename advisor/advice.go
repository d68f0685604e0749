package advisor

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/awsposture/posture"
)

// Advice is one thing to do, with the reason for its place among the others.
type Advice struct {
	Title       string           `json:"title"`
	Detail      string           `json:"detail"`
	Reason      string           `json:"reason"` // one sentence: why it stands where it stands
	Severity    posture.Severity `json:"severity"`
	Category    Category         `json:"category,omitempty"`
	Colour      Colour           `json:"colour,omitempty"`
	Check       string           `json:"check,omitempty"`
	Resource    posture.Resource `json:"resource"`
	Region      string           `json:"region,omitempty"`
	Savings     Cents            `json:"monthlySavingsCents,omitempty"`
	Shared      bool             `json:"savingsShared,omitempty"` // they are those of the whole check, not of this resource
	At          time.Time        `json:"at,omitzero"`             // of what was judged; zero: just now
	Recomputed  bool             `json:"recomputed,omitempty"`
	FixedBy     string           `json:"fixedBy,omitempty"`
	Control     string           `json:"control"`
	Fingerprint string           `json:"fingerprint"`
}

// Rank makes advice of the failing findings of this package's evaluators, worst
// first: by severity, then by what it saves, then by category and name, so that
// the order is the same each time. A resource that a check lists in both colours
// is told of once, by the worse, and what was recomputed is left out where Trusted
// Advisor speaks of the same resource in the same check. Findings may have been
// decoded from JSON.
func Rank(fs []posture.Finding) []Advice {
	var all []Advice
	for _, f := range fs {
		if f.Status == posture.Fail && strings.HasPrefix(f.Control, "advisor.") {
			all = append(all, adviceOf(f))
		}
	}
	own := map[string][]Advice{} // what Trusted Advisor says itself, by check
	for _, a := range all {
		if !a.Recomputed && a.Check != "" {
			own[a.Check] = append(own[a.Check], a)
		}
	}
	all = slices.DeleteFunc(all, func(a Advice) bool {
		return slices.ContainsFunc(own[a.Check], func(b Advice) bool {
			return (ofAccount[a.Check] || a.sameResource(b)) && (a.Recomputed || a.Severity < b.Severity)
		})
	})
	slices.SortStableFunc(all, func(a, b Advice) int {
		return cmp.Or(
			cmp.Compare(b.Severity, a.Severity), cmp.Compare(b.Savings, a.Savings), cmp.Compare(a.Category.place(), b.Category.place()),
			cmp.Compare(a.Title, b.Title), cmp.Compare(a.Resource.String(), b.Resource.String()), cmp.Compare(a.Fingerprint, b.Fingerprint),
		)
	})
	return all
}

// sameResource tells whether both are about one resource, which may be global or
// named by its ARN in one of them only.
func (a Advice) sameResource(b Advice) bool {
	return name(cmp.Or(a.Resource.ARN, a.Resource.ID)) == name(cmp.Or(b.Resource.ARN, b.Resource.ID)) && (a.Region == b.Region || a.Region == "" || b.Region == "")
}

// place is where a category stands among those of one severity: what endangers
// first, then what AWS may add, then what belongs to none.
func (c Category) place() int {
	i := slices.Index(categories, c)
	switch {
	case c == "":
		return len(categories) + 1
	case i < 0:
		return len(categories)
	}
	return i
}

func adviceOf(f posture.Finding) Advice {
	a := Advice{Title: f.Detail, Detail: f.Detail, Severity: f.Severity, Resource: f.Resource, Region: f.Resource.Region, Control: f.Control, Fingerprint: f.Fingerprint()}
	switch {
	case isColoured(f.Control), f.Control == "advisor.exposed-access-keys":
		a.fromCheck(f)
	case f.Control == "advisor.service-limits":
		if e, err := posture.EvidenceAs[LimitEvidence](f); err == nil && e.Code != "" {
			a.Title, a.Category, a.Region, a.Recomputed = "Quota "+e.Name+" of "+e.Service, ServiceLimits, e.Region, true
			if a.Colour = Yellow; e.Percent >= 100 {
				a.Colour = Red
			}
		} else {
			a.fromCheck(f)
		}
	case f.Control == "advisor.exclusions":
		if e, err := posture.EvidenceAs[ExclusionEvidence](f); err == nil {
			a.Title, a.Region = "Excluded from: "+e.Name, e.Region
		}
	case f.Control == "advisor.priority-open":
		if e, err := posture.EvidenceAs[PriorityEvidence](f); err == nil {
			a.Title, a.Colour, a.At = e.Name, e.Colour, e.Created
		}
	default:
		if e, err := posture.EvidenceAs[RecomputedEvidence](f); err == nil && e.Recomputed {
			k, _ := Table().Find(e.Check)
			a.Title, a.Check, a.Colour, a.Category, a.Recomputed, a.FixedBy = cmp.Or(e.Name, e.Check), e.Check, e.Colour, k.Category, true, e.FixedBy
		}
	}
	a.Reason = a.reason()
	return a
}

func (a *Advice) fromCheck(f posture.Finding) {
	e, err := posture.EvidenceAs[CheckEvidence](f)
	if err != nil {
		return
	}
	a.Title, a.Check, a.Colour, a.Category, a.Region, a.At, a.FixedBy = e.Name, e.Check, e.Colour, e.Category, e.Region, e.At, e.FixedBy
	if a.Savings = e.Savings; a.Savings == 0 && e.Total > 0 {
		a.Savings, a.Shared = e.Total, true
	}
}

// reason says why the advice stands where it stands.
func (a Advice) reason() string {
	var s strings.Builder
	fmt.Fprintf(&s, "Severity %s", a.Severity)
	switch {
	case a.Check == exposedKeysCheck:
		s.WriteString(", since a published key is used within minutes")
	case a.Control == "advisor.priority-open":
		s.WriteString(", since AWS's account team picked it out and it waits for an answer")
	case a.Control == "advisor.exclusions":
		s.WriteString(", since an exclusion that nobody answers for hides what the check finds")
	case a.Colour != "" && a.Category != "":
		fmt.Fprintf(&s, ", since a check on %s is %s", a.Category, a.Colour)
	}
	switch {
	case a.Shared:
		fmt.Fprintf(&s, "; its check saves %s a month in all", a.Savings)
	case a.Savings > 0:
		fmt.Fprintf(&s, "; saves %s a month", a.Savings)
	}
	if a.Recomputed {
		s.WriteString("; recomputed, not Trusted Advisor's own word")
	}
	return s.String() + "."
}
