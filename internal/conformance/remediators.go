package conformance

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/awsposture/posture"
)

// work is findings on one target, and which remediator answers them.
type work struct {
	remediator int
	findings   []posture.Finding
}

// Remediators tests the domain's remediators and settings on the second fixture.
func Remediators(t *testing.T, d Domain) {
	fix := d.Fixtures[1]
	drifted := map[string]bool{}
	todo := works(t, d, fix)
	kinds, folder := map[string]bool{}, filepath.Join("testdata", "steps", strings.ReplaceAll(t.Name(), "/", "-"))
	for _, w := range todo {
		name := fmt.Sprintf("%s on %s", w.findings[0].Control, w.findings[0].Resource.ID)
		t.Run(name, func(t *testing.T) {
			g := fix.Make()
			golden(t, folder, kinds, g, w.mustPlan(t, g))
			synctest.Test(t, func(t *testing.T) { d.cycle(t, fix, w) })
			synctest.Test(t, func(t *testing.T) { d.unplannable(t, fix, w) })
			synctest.Test(t, func(t *testing.T) { d.drift(t, fix, w, drifted) })
			synctest.Test(t, func(t *testing.T) { d.faults(t, fix, w) })
		})
	}
	for kind := range d.Drifts {
		if !drifted[kind] {
			t.Errorf("no plan of the second fixture has a step of kind %s to drift", kind)
		}
	}
	answered := map[int]bool{}
	for _, w := range todo {
		answered[w.remediator] = true
	}
	for i, r := range fix.Make().View().Remediators {
		if !answered[i] {
			t.Errorf("%T answers no finding of the second fixture", r)
		}
	}
}

// works groups the failing findings of a fixture by remediator and target. A
// remediator may say that a target is not its own.
func works(t *testing.T, d Domain, fix Fixture) (all []work) {
	t.Helper()
	v := fix.Make().View()
	var failing []posture.Finding
	for r := range posture.Scan(t.Context(), v.Evaluators, nil) {
		failing = append(failing, slices.DeleteFunc(r.Findings, func(f posture.Finding) bool { return f.Status != posture.Fail })...)
	}
	for i, r := range v.Remediators {
		at := map[posture.Resource][]posture.Finding{}
		var targets []posture.Resource
		for _, f := range failing {
			if !slices.Contains(r.Controls(), f.Control) {
				continue
			}
			if at[f.Resource] == nil {
				targets = append(targets, f.Resource)
			}
			at[f.Resource] = append(at[f.Resource], f)
		}
		for _, target := range targets {
			w := work{remediator: i, findings: at[target]}
			if _, err := w.plan(t, fix.Make()); refused(err, posture.ReasonNotRemediable) {
				continue
			}
			all = append(all, w)
		}
	}
	return all
}

func refused(err error, reason posture.RefusalReason) bool {
	r, ok := errors.AsType[*posture.Refusal](err)
	return ok && r.Reason == reason
}

func (w work) plan(t *testing.T, g Ground) (posture.Plan, error) {
	return g.View().Remediators[w.remediator].Plan(t.Context(), w.findings...)
}

func (w work) mustPlan(t *testing.T, g Ground) posture.Plan {
	t.Helper()
	p, err := w.plan(t, g)
	if err != nil {
		t.Fatalf("plan: %v", err)
	}
	if len(p.Steps) == 0 {
		t.Fatal("plan: no step for a finding that fails")
	}
	return p
}

// Executor may do everything that p asks for: two people approve it, at the time
// it was made.
func Executor(p posture.Plan) *posture.Executor {
	return &posture.Executor{
		Limits: posture.Limits{Irreversible: len(p.Steps), Cost: true, Targets: 100, Broken: len(p.Impact.Broken), Pace: 1}, Now: p.Created.Local,
		Approvals: func(_ context.Context, plan string) ([]posture.Approval, error) {
			return []posture.Approval{{Plan: plan, Approver: "ana@example.com", Time: p.Created}, {Plan: plan, Approver: "ben@example.com", Time: p.Created}}, nil
		},
	}
}

func lossy(p posture.Plan) bool {
	return slices.ContainsFunc(p.Steps, func(s posture.Step) bool { return s.Loss != "" })
}

// cycle plans, sends the plan through JSON, applies, applies again, and undoes.
func (d Domain) cycle(t *testing.T, fix Fixture, w work) {
	g := fix.Make()
	was := g.State()
	p := w.mustPlan(t, g)
	if again := w.mustPlan(t, g); again.ID() != p.ID() {
		t.Error("planning twice gives two ids")
	}
	if writes := g.Faults.Writes(); len(writes) > 0 {
		t.Errorf("planning wrote: %v", writes)
	}
	p = d.throughJSON(t, g, p)

	g.Faults.Forget()
	receipt, err := Executor(p).Apply(t.Context(), p)
	if err != nil || receipt.Outcome != posture.OutcomeDone {
		t.Fatalf("apply: %s, %v", receipt.Outcome, err)
	}
	d.announced(t, g, p)
	var fixed []posture.Finding
	for r := range posture.Scan(t.Context(), g.View().Evaluators, nil) {
		fixed = append(fixed, r.Findings...)
	}
	for _, f := range w.findings {
		if slices.ContainsFunc(fixed, func(x posture.Finding) bool {
			return x.Fingerprint() == f.Fingerprint() && x.Status != posture.Pass && x.Status != posture.NotApplicable
		}) {
			t.Errorf("applied, and %s on %s still does not pass", f.Control, f.Resource)
		}
	}
	if again, err := w.plan(t, g); err != nil || len(again.Steps) > 0 {
		t.Errorf("applied, and there is still a plan: %d steps, %v", len(again.Steps), err)
	}

	g.Faults.Forget()
	again, err := Executor(p).Apply(t.Context(), p)
	if err != nil || again.Outcome != posture.OutcomeAlready {
		t.Errorf("apply again: %s, %v", again.Outcome, err)
	}
	if writes := g.Faults.Writes(); len(writes) > 0 {
		t.Errorf("applying again wrote: %v", writes)
	}
	if lossy(p) {
		return
	}
	undone, err := Executor(p).Undo(t.Context(), receipt)
	if err != nil || undone.Outcome != posture.OutcomeDone {
		t.Fatalf("undo: %s, %v", undone.Outcome, err)
	}
	if is := g.State(); is != was {
		t.Errorf("undo did not restore the state:\nwas %s\nis  %s", was, is)
	}
}

func (d Domain) throughJSON(t *testing.T, g Ground, p posture.Plan) posture.Plan {
	t.Helper()
	var unbound posture.Plan
	if err := json.Unmarshal(encoded(t, p), &unbound); err != nil {
		t.Fatalf("plan does not decode: %v", err)
	}
	if unbound.ID() != p.ID() {
		t.Fatal("the decoded plan has another id")
	}
	if _, err := Executor(p).Apply(t.Context(), unbound); err == nil {
		t.Error("an unbound plan was applied")
	}
	bound, err := unbound.Bind(g.View().Bindings...)
	if err != nil {
		t.Fatalf("plan does not bind: %v", err)
	}
	return bound
}

// announced checks that the writes made are among the writes the steps name,
// each of which was needed for some plan.
func (d Domain) announced(t *testing.T, g Ground, p posture.Plan) {
	t.Helper()
	var may, reads []string
	for _, s := range p.Steps {
		may = append(may, s.Kind.Writes...)
		reads = append(reads, s.Kind.Reads...)
	}
	for _, c := range g.Faults.Calls() {
		if c.Write && !slices.Contains(may, d.action(c.Operation)) {
			t.Errorf("%s was called and is not among the writes %v", c.Operation, may)
		}
		if !c.Write && !slices.Contains(reads, d.action(c.Operation)) {
			t.Errorf("%s was called and is not among the reads %v", c.Operation, reads)
		}
	}
}

// unplannable denies each read of planning: no plan, and no write.
func (d Domain) unplannable(t *testing.T, fix Fixture, w work) {
	g := fix.Make()
	w.mustPlan(t, g)
	var ops []string
	for _, c := range g.Faults.Calls() {
		ops = append(ops, c.Operation)
	}
	slices.Sort(ops)
	for _, op := range slices.Compact(ops) {
		g := fix.Make()
		g.Faults.Deny(op)
		_, err := w.plan(t, g)
		if !refused(err, posture.ReasonUnreadable) {
			t.Errorf("denied %s, planning gives %v, which is no refusal as unreadable", op, err)
		}
	}
}

// drift changes the target between plan and apply: refused, nothing written.
func (d Domain) drift(t *testing.T, fix Fixture, w work, drifted map[string]bool) {
	for _, s := range w.mustPlan(t, fix.Make()).Steps {
		change := d.Drifts[s.Kind.Name]
		if slices.Contains(d.Binary, s.Kind.Name) {
			continue
		}
		if change == nil {
			t.Errorf("no drift is given for settings of kind %s", s.Kind.Name)
			continue
		}
		drifted[s.Kind.Name] = true
		g := fix.Make()
		p := w.mustPlan(t, g)
		change(g)
		g.Faults.Forget()
		receipt, err := Executor(p).Apply(t.Context(), p)
		if !errors.Is(err, posture.ErrDrift) || receipt.Outcome == posture.OutcomeDone {
			t.Errorf("applied over drift of %s: %s, %v", s.Kind.Name, receipt.Outcome, err)
		}
		if writes := g.Faults.Writes(); len(writes) > 0 {
			t.Errorf("applying over drift wrote: %v", writes)
		}
	}
}
