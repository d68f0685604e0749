package conformance

import (
	"bytes"
	"slices"
	"testing"

	"github.com/awsposture/posture"
)

// Evaluators tests the domain's evaluators.
func Evaluators(t *testing.T, d Domain) {
	suite := d.Fixtures[0].Make().View().Evaluators
	if err := posture.Validate(suite); err != nil {
		t.Error(err)
	}
	actions := posture.Actions(suite)
	for i, e := range suite {
		c := e.Control()
		t.Run(c.ID, func(t *testing.T) {
			baseline := d.baseline(t, i, c)
			for f := range d.Fixtures {
				for _, action := range actions {
					d.denied(t, i, c, d.Fixtures[f], action, baseline[f])
				}
			}
			for _, action := range c.Requires {
				d.needed(t, i, c, action)
			}
		})
	}
	t.Run("weakenings", func(t *testing.T) { d.weakenings(t, suite) })
}

// baseline judges every fixture with nothing denied: no Unknown, each verdict
// reached somewhere, and the calls are the calls announced.
func (d Domain) baseline(t *testing.T, i int, c posture.Control) []verdict {
	var (
		all     []posture.Finding
		called  []string
		results []verdict
	)
	for n, fix := range d.Fixtures {
		g := fix.Make()
		g.Faults.PageSize = 2
		v := d.judge(t, g, i)
		for _, f := range v.findings {
			if f.Status == posture.Unknown {
				t.Errorf("on %s, with nothing denied: %s is unknown: %v", fix.Name, f.Resource, f.Cause)
			}
			if f.Status == posture.Fail && n == 0 {
				t.Errorf("on %s, which is good: %s fails: %s", fix.Name, f.Resource, f.Detail)
			}
			if f.Detail == "" {
				t.Errorf("on %s: the %s finding on %s says nothing", fix.Name, f.Status, f.Resource)
			}
		}
		unique(t, fix.Name, v.findings)
		roundTrip(t, v.findings)
		if v.wrote {
			t.Errorf("on %s: evaluating wrote", fix.Name)
		}
		all, called, results = append(all, v.findings...), append(called, v.actions...), append(results, v)
	}
	for _, s := range []posture.Status{posture.Pass, posture.Fail, posture.NotApplicable} {
		exempt := s == posture.NotApplicable && slices.Contains(d.AlwaysApplies, c.ID) || s == posture.Fail && slices.Contains(d.NeverFails, c.ID)
		if !has(all, s) && !exempt {
			t.Errorf("no fixture shows it %s", s)
		}
	}
	if has(all, posture.Fail) && slices.Contains(d.NeverFails, c.ID) {
		t.Error("is listed as never failing, and fails on some fixture")
	}
	if has(all, posture.NotApplicable) && slices.Contains(d.AlwaysApplies, c.ID) {
		t.Error("is listed as always applying, and does not apply on some fixture")
	}
	slices.Sort(called)
	requires := slices.Sorted(slices.Values(c.Requires))
	if called = slices.Compact(called); !slices.Equal(requires, called) {
		t.Errorf("requires %v, calls %v", requires, called)
	}
	return results
}

func unique(t *testing.T, fixture string, fs []posture.Finding) {
	seen := map[string]bool{}
	for _, f := range fs {
		if seen[f.Fingerprint()] {
			t.Errorf("on %s: two findings on %s %q have one fingerprint", fixture, f.Resource, f.Sub)
		}
		seen[f.Fingerprint()] = true
	}
}

// denied judges a fixture with one action refused. What does not need it must
// be byte-equal; what needs it keeps its verdict or turns Unknown, denied.
func (d Domain) denied(t *testing.T, i int, c posture.Control, fix Fixture, action string, was verdict) {
	v := d.judgeDenied(t, i, fix, action)
	if !slices.Contains(was.actions, action) {
		if a, b := encoded(t, was.findings), encoded(t, v.findings); !bytes.Equal(a, b) {
			t.Errorf("on %s, denied %s, which it does not need: findings differ:\nwas %s\nis  %s", fix.Name, action, a, b)
		}
		return
	}
	before := map[string]posture.Status{}
	for _, f := range was.findings {
		before[f.Fingerprint()] = f.Status
	}
	for _, f := range v.findings {
		switch status, known := before[f.Fingerprint()]; {
		case f.Status == posture.Unknown:
			if f.Cause.Kind != posture.CauseDenied || f.Cause.Action != action {
				t.Errorf("on %s, denied %s: %s is unknown because of %v", fix.Name, action, f.Resource, f.Cause)
			}
		case !known:
			t.Errorf("on %s, denied %s: %s is newly %s", fix.Name, action, f.Resource, f.Status)
		case status != f.Status:
			t.Errorf("on %s, denied %s: %s was %s and is %s", fix.Name, action, f.Resource, status, f.Status)
		}
		delete(before, f.Fingerprint())
	}
	if len(before) > 0 && !has(v.findings, posture.Unknown) {
		t.Errorf("on %s, denied %s: %d findings went without a word", fix.Name, action, len(before))
	}
}

// needed checks that on some fixture the control is Unknown without the action.
func (d Domain) needed(t *testing.T, i int, c posture.Control, action string) {
	for _, fix := range d.Fixtures {
		if has(d.judgeDenied(t, i, fix, action).findings, posture.Unknown) {
			return
		}
	}
	t.Errorf("denied %s, which it requires, it is never unknown", action)
}

func (d Domain) judgeDenied(t *testing.T, i int, fix Fixture, action string) verdict {
	g := fix.Make()
	g.Faults.PageSize = 2
	for _, op := range d.operations(t, fix) {
		if d.action(op) == action {
			g.Faults.Deny(op)
		}
	}
	return d.judge(t, g, i)
}

// operations are the operations that the whole suite calls on a fixture.
func (d Domain) operations(t *testing.T, fix Fixture) (ops []string) {
	g := fix.Make()
	for range posture.Scan(t.Context(), g.View().Evaluators, nil) {
	}
	for _, c := range g.Faults.Calls() {
		ops = append(ops, c.Operation)
	}
	slices.Sort(ops)
	return slices.Compact(ops)
}

// weakenings spoils the good fixture, one thing at a time.
func (d Domain) weakenings(t *testing.T, suite []posture.Evaluator) {
	flipped := map[string]bool{}
	for _, w := range d.Weakenings {
		t.Run(w.Name, func(t *testing.T) {
			g := d.Fixtures[0].Make()
			w.Edit(g)
			var fails []string
			for r := range posture.Scan(t.Context(), g.View().Evaluators, nil) {
				for _, f := range r.Findings {
					if f.Status == posture.Unknown {
						t.Errorf("%s is unknown: %v", r.Control.ID, f.Cause)
					}
				}
				if has(r.Findings, posture.Fail) {
					fails = append(fails, r.Control.ID)
				}
			}
			slices.Sort(fails)
			if wanted := slices.Sorted(slices.Values(w.Flips)); !slices.Equal(wanted, fails) {
				t.Errorf("must flip %v, flips %v", wanted, fails)
			}
		})
		for _, id := range w.Flips {
			flipped[id] = true
		}
	}
	for _, e := range suite {
		if id := e.Control().ID; !flipped[id] && !slices.Contains(d.NeverFails, id) {
			t.Errorf("no weakening flips %s", id)
		}
	}
}
