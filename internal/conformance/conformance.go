// Package conformance is the tests that every domain passes in the same form:
// its evaluators reach each verdict, call what they say they call, and turn
// Unknown and nothing else where a call is refused; its remediators change what
// they announce, once, can take it back, and never claim a success that is not
// there. A domain gives fixtures on its fake; the rest is here.
package conformance

import (
	"bytes"
	"encoding/json"
	"slices"
	"testing"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/internal/awsfake"
)

// Domain is a domain package under test.
type Domain struct {
	// Fixtures make a ground each time they are called, always the same. The
	// first is the good one: nothing fails on it. Together they must show every control pass, fail and
	// not apply; only the second may be planned on.
	Fixtures []Fixture
	// Weakenings each spoil one thing of the good fixture.
	Weakenings []Weakening
	// NeverFails are the controls that tell of something that is nobody's fault.
	NeverFails []string
	// AlwaysApplies are the controls that have no way of not applying.
	AlwaysApplies []string
	// Drifts change, behind the back of a plan made on the second fixture, the
	// state that a setting of this kind speaks of to one that is neither the
	// plan's before nor its after.
	Drifts map[string]func(Ground)
	// Binary are the kinds of settings whose state has two values: there is
	// nothing to drift to.
	Binary []string
	// Irreversible are the kinds whose steps cannot be undone, all of them.
	Irreversible []string
	// Remains are the kinds of which undo restores what the state means and
	// leaves something behind, for instance what only AWS can delete.
	Remains []string
	// Action gives the IAM action of an operation; nil adds Prefix.
	Action func(operation string) string
	Prefix string
}

// Fixture is a named state of the fake.
type Fixture struct {
	Name string
	Make func() Ground
}

// Ground is a fake in a state, and views of it.
type Ground struct {
	Fake   any // the domain's fake, for Weakening.Edit and Drifts
	Faults *awsfake.Faults
	View   func() View   // a new view of the fake
	State  func() string // all of the fake's state that undo must restore
}

// View is what a domain offers on one view.
type View struct {
	Evaluators  []posture.Evaluator
	Remediators []posture.Remediator
	Bindings    []posture.Binding
}

// Weakening spoils one thing of the good state; exactly the named controls must
// begin to fail.
type Weakening struct {
	Name  string
	Flips []string
	Edit  func(Ground)
}

func (d Domain) action(op string) string {
	if d.Action != nil {
		return d.Action(op)
	}
	return d.Prefix + ":" + op
}

// verdict is what one evaluator said of a ground, and the actions it called.
type verdict struct {
	findings []posture.Finding
	actions  []string
	wrote    bool
}

// judge runs evaluator i on a view of its own.
func (d Domain) judge(t *testing.T, g Ground, i int) verdict {
	t.Helper()
	g.Faults.Forget()
	var v verdict
	for r := range posture.Scan(t.Context(), g.View().Evaluators[i:i+1], nil) {
		v.findings = r.Findings
	}
	for _, c := range g.Faults.Calls() {
		v.actions = append(v.actions, d.action(c.Operation))
		v.wrote = v.wrote || c.Write
	}
	slices.Sort(v.actions)
	v.actions = slices.Compact(v.actions)
	return v
}

func encoded(t *testing.T, v any) []byte {
	t.Helper()
	b, err := json.MarshalIndent(v, "", "\t")
	if err != nil {
		t.Fatalf("does not encode: %v", err)
	}
	return b
}

func has(fs []posture.Finding, s posture.Status) bool {
	return slices.ContainsFunc(fs, func(f posture.Finding) bool { return f.Status == s })
}

// roundTrip decodes what the findings encode to and encodes it again.
func roundTrip(t *testing.T, fs []posture.Finding) {
	t.Helper()
	once := encoded(t, fs)
	var back []posture.Finding
	if err := json.Unmarshal(once, &back); err != nil {
		t.Fatalf("findings do not decode: %v", err)
	}
	if twice := encoded(t, back); !bytes.Equal(once, twice) {
		t.Errorf("findings change when decoded:\n%s\n%s", once, twice)
	}
}
