package compliance_test

import (
	"fmt"
	"iter"
	"slices"
	"testing"
	"time"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/compliance"
)

var (
	noon = time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)
	home = posture.Place{Partition: "aws", Account: "111122223333"}
	west = posture.Place{Partition: "aws", Account: "111122223333", Region: "eu-west-1"}
	east = posture.Place{Partition: "aws", Account: "111122223333", Region: "us-east-1"}
)

func clock() time.Time { return noon }

func control(id string, scope posture.Scope, params ...posture.Param) posture.Control {
	return posture.Control{ID: id, Title: "Example", Doc: "Example.", Severity: posture.High, Scope: scope, Resource: "AWS::Example::Thing", Params: params}
}

// verdicts gives a result with one finding for each status, on things that are
// numbered from 0.
func verdicts(c posture.Control, p posture.Place, all ...posture.Status) posture.Result {
	r := posture.Result{Control: c, Place: p, Started: noon.Add(-time.Minute)}
	for i, s := range all {
		thing := p.Resource(c.Resource, fmt.Sprintf("thing-%d", i), "")
		var f posture.Finding
		switch s {
		case posture.Pass:
			f = c.Pass(thing, nil)
		case posture.Fail:
			f = c.Fail(thing, nil)
		case posture.NotApplicable:
			f = c.NotApplicable(thing, "Nothing to judge.")
		default:
			f = c.Unknown(thing, &posture.Cause{Kind: posture.CauseDenied, Message: "not authorized"})
		}
		r.Findings = append(r.Findings, f)
	}
	return r
}

// example is a framework of one requirement.
func example(q compliance.Requirement) *compliance.Framework {
	q.ID = "R-1"
	return &compliance.Framework{Key: "example", Version: "1", Name: "Example", Total: 1, Requirements: []compliance.Requirement{q}}
}

var theOne = compliance.Ref{Framework: "example", Version: "1", ID: "R-1"}

func full(ids ...string) compliance.Mapping {
	return compliance.Mapping{Controls: ids, Strength: compliance.Full, Source: "own"}
}

func partial(ids ...string) compliance.Mapping {
	return compliance.Mapping{Controls: ids, Remainder: "The rest", Source: "own"}
}

func assess(t testing.TB, a compliance.Assessor, results ...posture.Result) *compliance.Assessment {
	t.Helper()
	if a.Now == nil {
		a.Now = clock
	}
	if a.Scope == nil {
		a.Scope = []posture.Place{home, west, east}
	}
	got, err := a.Assess(slices.Values(results))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range got.Frameworks {
		n := 0
		for _, k := range f.Outcomes {
			n += k
		}
		if n != f.Carried || n != len(f.Requirements) {
			t.Errorf("%s: outcomes of %d requirements, and %d are carried", f.Framework, n, f.Carried)
		}
	}
	return got
}

// one assesses a framework of one requirement and gives its result.
func one(t testing.TB, a compliance.Assessor, q compliance.Requirement, results ...posture.Result) compliance.RequirementResult {
	t.Helper()
	a.Frameworks = []*compliance.Framework{example(q)}
	return assess(t, a, results...).Frameworks[0].Requirements[0]
}

func gaps(r compliance.RequirementResult) []compliance.GapKind {
	var kinds []compliance.GapKind
	for _, g := range r.Gaps {
		kinds = append(kinds, g.Kind)
	}
	return kinds
}

func only(results ...posture.Result) iter.Seq[posture.Result] { return slices.Values(results) }
