package compliancetest_test

import (
	"errors"
	"iter"
	"slices"
	"testing"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/compliance/compliancetest"
)

// TestRules holds each rule beside its contrary: what must fail, and the nearest
// thing that must not.
func TestRules(t *testing.T) {
	type rule = compliancetest.Rule
	low := roof.Fail(on(place, "r"), nil)
	unset := posture.Control{ID: "house.odd"}
	raised := open("a")
	raised.Severity = posture.Critical
	na := door.NotApplicable(on(place, ""), "The house has no doors.")
	noID := allowUnknown("aws/111122223333")
	noID.Control = ""
	closed := door.Unknown(on(place, "a"), &posture.Cause{Kind: posture.CauseClosedRegion})
	roofs := func(fs ...posture.Finding) posture.Result {
		return posture.Result{Control: roof, Place: place, Findings: fs}
	}

	for _, c := range []struct {
		name    string
		rule    rule
		results []posture.Result
		want    []string // parts of the failures; none: it passes
	}{
		{"no results", rule{}, nil, []string{"There are no results"}},
		{"a pass", rule{}, []posture.Result{doors(locked("a"))}, nil},

		{"any severity by default", rule{}, []posture.Result{roofs(low)}, []string{"house.roof: house.roof fails once"}},
		{"at the severity", rule{Severity: posture.Low}, []posture.Result{roofs(low)}, []string{"house.roof fails once"}},
		{"above the severity", rule{Severity: posture.Low}, []posture.Result{doors(open("a"))}, []string{"house.door fails once"}},
		{"below the severity", rule{Severity: posture.Medium}, []posture.Result{roofs(low)}, nil},
		{"a finding's own severity", rule{Severity: posture.Critical}, []posture.Result{doors(open("a"), raised)}, []string{"house.door fails once"}},
		{"the control's severity", rule{Severity: posture.High}, []posture.Result{doors(posture.Finding{Status: posture.Fail})}, []string{"house.door fails once"}},
		{"the control's severity, below", rule{Severity: posture.Medium}, []posture.Result{roofs(posture.Finding{Status: posture.Fail})}, nil},
		{"no severity at all", rule{Severity: posture.Critical}, []posture.Result{{Control: unset, Findings: []posture.Finding{{Status: posture.Fail}}}}, []string{"(no severity)"}},
		{"a severity that is none", rule{Severity: 9}, []posture.Result{doors(open("a"))}, []string{"Rule.Severity is 9", "house.door fails once"}},

		{"unknown", rule{}, []posture.Result{doors(unseen("a"))}, []string{"house.door is unknown once"}},
		{"unknown below the severity", rule{Severity: posture.Critical}, []posture.Result{doors(unseen("a"))}, []string{"house.door is unknown once"}},
		{"unknown of an allowed cause", rule{AllowUnknown: []posture.CauseKind{posture.CauseClosedRegion}}, []posture.Result{doors(locked("b"), closed)}, nil},
		{"unknown of another cause", rule{AllowUnknown: []posture.CauseKind{posture.CauseClosedRegion}}, []posture.Result{doors(closed, unseen("a"))}, []string{"house.door is unknown once"}},
		{"nothing but allowed unknowns", rule{AllowUnknown: []posture.CauseKind{posture.CauseClosedRegion}}, []posture.Result{doors(closed)}, []string{"house.door judged nothing"}},

		{"must run and did", rule{MustRun: []string{"house.door"}}, []posture.Result{doors(locked("a"))}, nil},
		{"must run by a former id", rule{MustRun: []string{"house.gate"}}, []posture.Result{doors(locked("a"))}, nil},
		{"must run and did not", rule{MustRun: []string{"house.roof", "house.roof"}}, []posture.Result{doors(locked("a"))}, []string{"house.roof must run and did not"}},
		{"must run and nothing ran", rule{MustRun: []string{"house.roof"}}, nil, []string{"There are no results", "house.roof must run and did not"}},

		{"judged nothing", rule{}, []posture.Result{doors(na)}, []string{"house.door judged nothing"}},
		{"may judge nothing", rule{AllowNotApplicable: []string{"house.door"}}, []posture.Result{doors(na)}, nil},
		{"may judge nothing by a former id", rule{AllowNotApplicable: []string{"house.gate"}}, []posture.Result{doors(na)}, nil},
		{"another may judge nothing", rule{AllowNotApplicable: []string{"house.roof"}}, []posture.Result{doors(na)}, []string{"house.door judged nothing"}},
		{"judged something elsewhere", rule{}, []posture.Result{doors(na), doors(locked("a"))}, nil},
		{"judged nothing and unknown", rule{}, []posture.Result{doors(na, unseen("a"))}, []string{"house.door is unknown once"}},

		{"no findings", rule{}, []posture.Result{doors()}, []string{"no-verdict: the result has no findings"}},
		{"an error without a finding", rule{}, []posture.Result{{Control: door, Findings: []posture.Finding{locked("a")}, Err: errors.New("half a page")}}, []string{"half a page"}},
		{"an error with its finding", rule{}, []posture.Result{{Control: door, Findings: []posture.Finding{unseen("a")}, Err: errors.New("denied")}}, []string{"house.door is unknown once"}},
		{"a verdict that is none", rule{}, []posture.Result{doors(posture.Finding{Status: 9})}, []string{"malformed: the verdict is invalid(9)"}},
		{"a zero finding", rule{}, []posture.Result{doors(posture.Finding{})}, []string{"no-verdict: no cause was given"}},
		{"a control without an id", rule{}, []posture.Result{{}}, []string{"control-without-id is unknown once"}},
		{"a control without an id, allowed", allowing(noID), []posture.Result{{Place: posture.Place{Partition: "aws", Account: "111122223333"}}}, []string{"no control on aws/111122223333", "control-without-id is unknown once"}},
	} {
		t.Run(c.name, func(t *testing.T) { wantFailures(t, asserted(c.rule, c.results...), c.want...) })
	}
}

func TestNilResultsAreNoResults(t *testing.T) {
	r := &recorder{}
	compliancetest.Assert(r, nil, compliancetest.Rule{})
	wantFailures(t, r, "There are no results")
}

// TestSubtests wants one subtest a control, in the order of the results, however
// many results it has, and then those of controls that were only named.
func TestSubtests(t *testing.T) {
	r := asserted(
		compliancetest.Rule{MustRun: []string{"house.cellar", "house.door"}, Allowances: []compliancetest.Allowance{{Control: "house.attic"}, {Control: "house.cellar"}}},
		doors(locked("a")), posture.Result{Control: roof, Place: place, Findings: []posture.Finding{roof.Pass(on(place, "r"), nil)}}, doors(open("b")), doors(open("c")),
	)
	var names []string
	for _, sub := range r.subs {
		names = append(names, sub.name)
	}
	if want := []string{"house.door", "house.roof", "house.cellar", "house.attic"}; !slices.Equal(names, want) {
		t.Errorf("subtests are %q, want %q", names, want)
	}
	wantFailures(t, r, "house.door fails 2 times", "house.cellar must run", "no resource", "no resource")
}

// TestResultsStayAsTheyAre guards the caller's findings, which Assert completes
// for itself.
func TestResultsStayAsTheyAre(t *testing.T) {
	fs := []posture.Finding{{Status: 9}, {Status: posture.Fail}}
	asserted(compliancetest.Rule{}, doors(fs...))
	if fs[0].Cause != nil || fs[0].Status != 9 || fs[1].Severity != 0 {
		t.Errorf("the findings were changed: %+v", fs)
	}
}

func TestAllIsTaken(t *testing.T) {
	var taken int
	var results iter.Seq[posture.Result] = func(yield func(posture.Result) bool) {
		for range 3 {
			taken++
			if !yield(doors(open("a"))) {
				return
			}
		}
	}
	r := &recorder{}
	compliancetest.Assert(r, results, compliancetest.Rule{})
	if taken != 3 || len(r.subs) != 1 {
		t.Errorf("%d results taken, %d subtests", taken, len(r.subs))
	}
}
