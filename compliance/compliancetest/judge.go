package compliancetest

import (
	"fmt"
	"slices"
	"time"

	"github.com/awsposture/posture"
)

// judge gives what of one control fails the test, and what is worth a line in
// its log.
func (r Rule) judge(c outcome) (failures, notes []string) {
	claims := r.claims(c)
	if !c.ran && slices.ContainsFunc(r.MustRun, c.answersTo) {
		failures = append(failures, fmt.Sprintf("%s must run and did not: no result is of it. Add its evaluator to the scan, or take it out of MustRun.", c.name()))
	}
	var failing, unknown []posture.Finding
	spoken := !c.ran // a verdict was reached, or its lack is reported or allowed by name
	for _, f := range c.findings {
		switch f.Status {
		case posture.Pass:
			spoken = true
		case posture.Fail:
			spoken = true
			if r.below(f) {
				notes = append(notes, fmt.Sprintf("Below the rule's severity %v: %s", r.Severity, failLine(f)))
			} else if a := take(claims, f); a != nil {
				notes = append(notes, fmt.Sprintf("%v allows: %s", a, failLine(f)))
			} else {
				failing = append(failing, f)
			}
		case posture.Unknown:
			if a := take(claims, f); a != nil {
				spoken = true
				notes = append(notes, fmt.Sprintf("%v allows: %s", a, unknownLine(f)))
			} else if slices.Contains(r.AllowUnknown, f.Cause.Kind) {
				notes = append(notes, fmt.Sprintf("The rule allows Unknown of this cause: %s", unknownLine(f)))
			} else {
				spoken = true
				unknown = append(unknown, f)
			}
		}
	}
	if len(failing) > 0 {
		failures = append(failures, failText(c, failing))
	}
	if len(unknown) > 0 {
		failures = append(failures, unknownText(c, unknown))
	}
	if !spoken && !slices.ContainsFunc(r.AllowNotApplicable, c.answersTo) {
		failures = append(failures, nothingText(c))
	}
	for _, a := range claims {
		why, certain := a.wrong(r, c)
		switch {
		case why == "":
		case certain:
			failures = append(failures, fmt.Sprintf("%v %s", a, why))
		default:
			notes = append(notes, fmt.Sprintf("%v %s", a, why))
		}
	}
	return failures, notes
}

// below tells whether a failing finding is too slight for the rule. One without
// a severity never is.
func (r Rule) below(f posture.Finding) bool { return f.Severity != 0 && f.Severity < r.Severity }

func (r Rule) now() time.Time {
	if r.Now != nil {
		return r.Now()
	}
	return time.Now()
}
