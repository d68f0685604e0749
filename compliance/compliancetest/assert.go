// Package compliancetest asserts the posture of an AWS account from the tests of
// another project:
//
//	func TestPosture(t *testing.T) {
//		account := iam.FromConfig(cfg, posture.Place{Partition: "aws", Account: "111122223333"})
//		results := posture.Scan(t.Context(), iam.Evaluators(account), nil)
//		compliancetest.Assert(t, results, compliancetest.Rule{
//			Severity: posture.High,
//			MustRun:  []string{"iam.root-mfa"},
//			Allowances: []compliancetest.Allowance{{
//				Control: "iam.root-hardware-mfa", Resource: "111122223333",
//				Owner: "platform@example.com", Reason: "the hardware keys are ordered",
//				Expires: time.Date(2027, 1, 31, 0, 0, 0, 0, time.UTC),
//			}},
//		})
//	}
//
// A test that cannot fail is worse than none, so what is not known fails as well
// as what is bad: a verdict of Unknown, a control that did not run or found
// nothing to judge, an allowance that is expired or no longer needed.
package compliancetest

import (
	"cmp"
	"iter"
	"slices"
	"time"

	"github.com/awsposture/posture"
)

// T is what Assert needs of a test. *testing.T is a T[*testing.T], and
// *testing.B a T[*testing.B].
type T[S any] interface {
	Helper()
	Logf(format string, args ...any)
	Errorf(format string, args ...any)
	Run(name string, test func(S)) bool
}

// Rule says which results fail a test. The zero Rule is the strictest: every
// failing finding of whatever severity, every Unknown, every control that judged
// nothing, and empty results.
type Rule struct {
	// Severity is the least severity at which a failing finding fails the test;
	// what is below is logged. Zero is every severity, and a finding without a
	// severity always fails. An Unknown fails whatever its severity, since what
	// it hides may be worse than its control.
	Severity posture.Severity
	// MustRun are the ids of controls without whose results the test fails: those
	// that a suite must not lose.
	MustRun []string
	// AllowUnknown are causes that excuse an Unknown wherever it stands, such as
	// posture.CauseClosedRegion. For a single resource use an Allowance.
	AllowUnknown []posture.CauseKind
	// AllowNotApplicable are the ids of controls that may find nothing to judge.
	AllowNotApplicable []string
	// Allowances excuse single findings.
	Allowances []Allowance
	// Now is the clock by which allowances expire. Default time.Now.
	Now func() time.Time
}

// Assert fails t where results break rule, with a subtest a control named by the
// control's id: "go test -run TestPosture/iam.root-mfa" asserts that one. A
// control that MustRun or an allowance names, and that did not run, has its
// subtest too. What is allowed is logged. slices.Values makes results of a slice.
//
// Results are taken to their end before the first subtest, since a control may
// have results in several regions and accounts.
func Assert[S T[S]](t S, results iter.Seq[posture.Result], rule Rule) {
	t.Helper()
	controls := collect(results)
	if len(controls) == 0 {
		t.Errorf("There are no results: no control ran, so nothing is known of the account.")
	}
	if rule.Severity > posture.Critical {
		t.Errorf("Rule.Severity is %d, which is no severity: nothing could reach it.", rule.Severity)
		rule.Severity = 0
	}
	for _, a := range rule.Allowances {
		if a.Control == "" {
			t.Errorf("%v names no control, so it allows nothing.", a)
		}
	}
	for _, c := range slices.Concat(controls, rule.absent(controls)) {
		t.Run(c.name(), func(t S) {
			t.Helper()
			failures, notes := rule.judge(c)
			for _, s := range notes {
				t.Logf("%s", s)
			}
			for _, s := range failures {
				t.Errorf("%s", s)
			}
		})
	}
}

// outcome is all that one control said, wherever it ran.
type outcome struct {
	posture.Control
	ran      bool
	findings []posture.Finding
}

func (c outcome) name() string {
	if c.ID == "" {
		return "control-without-id" // its evaluator panicked when it was asked
	}
	return c.ID
}

// answersTo tells whether id is the control's, or was.
func (c outcome) answersTo(id string) bool { return id == c.ID || slices.Contains(c.Replaces, id) }

// collect groups the results by control, in the order in which controls first appear.
func collect(results iter.Seq[posture.Result]) (all []outcome) {
	if results == nil {
		return nil
	}
	at := map[string]int{}
	for r := range results {
		i, known := at[r.Control.ID]
		if !known {
			i = len(all)
			at[r.Control.ID] = i
			all = append(all, outcome{Control: r.Control, ran: true})
		}
		all[i].findings = append(all[i].findings, complete(r)...)
	}
	return all
}

// complete gives the findings of a result as Scan would have made them. Results
// may come from elsewhere, and a verdict that is missing must not pass.
func complete(r posture.Result) []posture.Finding {
	here := r.Place.Resource(r.Control.Resource, "", "")
	fs := slices.Clone(r.Findings)
	isUnknown := func(f posture.Finding) bool { return f.Status == posture.Unknown }
	switch {
	case r.Err != nil && !slices.ContainsFunc(fs, isUnknown):
		fs = append(fs, r.Control.Unknown(here, r.Err))
	case len(fs) == 0:
		fs = append(fs, r.Control.Unknown(here, &posture.Cause{Kind: posture.CauseNoVerdict, Message: "the result has no findings"}))
	}
	for i := range fs {
		f := &fs[i]
		if f.Severity == 0 {
			f.Severity = r.Control.Severity
		}
		if f.Resource == (posture.Resource{}) {
			f.Resource = here
		}
		if f.Status > posture.NotApplicable {
			f.Cause = &posture.Cause{Kind: posture.CauseMalformed, Message: "the verdict is " + f.Status.String()}
			f.Status = posture.Unknown
		}
		if f.Status == posture.Unknown && f.Cause == nil {
			f.Cause = &posture.Cause{Kind: posture.CauseNoVerdict, Message: cmp.Or(f.Detail, "no cause was given")}
		}
	}
	return fs
}

// absent gives the controls that the rule names and that did not run, once each.
func (r Rule) absent(ran []outcome) (out []outcome) {
	names := slices.Clone(r.MustRun)
	for _, a := range r.Allowances {
		if a.Control != "" {
			names = append(names, a.Control)
		}
	}
	for _, id := range names {
		known := func(c outcome) bool { return c.answersTo(id) }
		if !slices.ContainsFunc(ran, known) && !slices.ContainsFunc(out, known) {
			out = append(out, outcome{Control: posture.Control{ID: id}})
		}
	}
	return out
}
