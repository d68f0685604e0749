// Package cover answers whether one condition matches everything that another
// matches, and shows an event that it does not when the answer is no.
//
// It compares meaning, not text: a filter with its names in another order, with
// globs for names or split in two still covers, and a filter with one further
// "!=" does not, because that also drops the events that lack the member.
package cover

import (
	"fmt"

	"github.com/awsposture/posture/detective/trail"
	"github.com/awsposture/posture/detective/trail/rule"
)

// Limits of the search. Beyond them the answer is "undecided", never "covered".
const (
	maxSteps  = 100_000
	maxStates = 10_000
)

// Gap is a part of what is required that is not covered.
type Gap struct {
	Part    string // the disjunct of the requirement
	Witness []byte // a record that the requirement matches and nothing else does
}

// Result is the answer.
type Result struct {
	Covered bool
	Gaps    []Gap
	// Undecided says why there is no answer; "" when there is one. Covered is
	// false then.
	Undecided string
}

// Cover reports whether every event of the domain that required matches is
// matched by one of have. A nil domain is [CloudTrail].
//
// Conditions that compare two fields, or link tests inside one list element,
// are outside what is decided: they count as undecided when the answer hangs
// on them.
func Cover(required rule.Expr, have []rule.Expr, d *Domain) Result {
	if d == nil {
		d = CloudTrail()
	}
	var res Result
	union := rule.Or(have)
	req, err1 := rule.CompileExpr(required)
	un, err2 := rule.CompileExpr(union)
	if err1 != nil || err2 != nil {
		return Result{Undecided: fmt.Sprintf("a condition does not compile: %v", firstErr(err1, err2))}
	}
	tests := map[*rule.Atom]*rule.Match{}
	for _, part := range disjuncts(required, 2000) {
		s := &solver{d: d, cells: map[string]*cell{}, fixed: map[string]*trail.Event{}, tests: tests, steps: maxSteps}
		var goals []goal
		for _, h := range have {
			goals = append(goals, goal{h, false})
		}
		// The last goal is taken first: what it fixes simplifies the others.
		ok := s.solve(append(goals, goal{part, true}))
		switch {
		case ok:
			// The witness must prove itself.
			var e trail.Event
			if err := e.Parse(s.witness); err != nil || !req.Event(&e) || un.Event(&e) {
				res.Undecided = "the counterexample found does not hold: " + string(s.witness)
				continue
			}
			res.Gaps = append(res.Gaps, Gap{part.String(), s.witness})
		case s.undecided != "":
			res.Undecided = s.undecided
		}
	}
	res.Covered = len(res.Gaps) == 0 && res.Undecided == ""
	return res
}

func firstErr(a, b error) error {
	if a != nil {
		return a
	}
	return b
}

// disjuncts splits a condition into alternatives, so that each missing one is
// named; beyond the limit it stays whole.
func disjuncts(x rule.Expr, limit int) []rule.Expr {
	switch x := x.(type) {
	case rule.Or:
		var out []rule.Expr
		for _, y := range x {
			out = append(out, disjuncts(y, limit)...)
		}
		if len(out) <= limit {
			return out
		}
	case rule.And:
		out := []rule.Expr{rule.And{}}
		for _, y := range x {
			ds := disjuncts(y, limit)
			if len(ds)*len(out) > limit {
				return []rule.Expr{x}
			}
			var next []rule.Expr
			for _, o := range out {
				for _, d := range ds {
					next = append(next, append(append(rule.And{}, o.(rule.And)...), d))
				}
			}
			out = next
		}
		return out
	case *rule.Atom:
		if x.Op == rule.OpIn && !x.Neg && len(x.Texts) > 1 && len(x.Texts) <= limit {
			var out []rule.Expr
			for _, t := range x.Texts {
				a := *x
				a.Texts = []string{t}
				out = append(out, &a)
			}
			return out
		}
	}
	return []rule.Expr{x}
}
