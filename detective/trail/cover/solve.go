package cover

import (
	"github.com/awsposture/posture/detective/trail"
	"github.com/awsposture/posture/detective/trail/rule"
)

// goal is a condition that is to be true or to be false.
type goal struct {
	x   rule.Expr
	yes bool
}

type solver struct {
	d         *Domain
	cells     map[string]*cell
	fixed     map[string]*trail.Event // paths whose text is settled, as {"v": text}
	tests     map[*rule.Atom]*rule.Match
	steps     int
	undecided string
	witness   []byte
}

func (s *solver) giveUp(why string) bool {
	if s.undecided == "" {
		s.undecided = why
	}
	return false
}

// solve looks for an event that meets all goals. Cells are changed on the way
// down and restored on the way up.
func (s *solver) solve(goals []goal) bool {
	if s.steps--; s.steps < 0 {
		return s.giveUp("the search was too long")
	}
	// Everything without a choice first, then the choice with fewest branches.
	var rest []goal
	for {
		for len(goals) > 0 {
			g := goals[len(goals)-1]
			goals = goals[:len(goals)-1]
			switch x := g.x.(type) {
			case rule.Const:
				if bool(x) != g.yes {
					return false
				}
			case rule.Not:
				goals = append(goals, goal{x.X, !g.yes})
			case rule.And, rule.Or:
				kids, isAnd := kidsOf(x)
				if isAnd != g.yes {
					rest = append(rest, g)
					continue
				}
				for _, k := range kids {
					goals = append(goals, goal{k, g.yes})
				}
			case *rule.Atom:
				if x.Op == rule.OpField || !plain(x.Path) {
					return s.giveUp("two fields are compared: " + x.String())
				}
				undo, more, ok := s.add(x, g.yes)
				defer func() { // cells are restored when this branch is left
					if s.witness == nil {
						undo()
					}
				}()
				if !ok {
					return false
				}
				goals = append(goals, more...)
			default:
				return s.giveUp("tests inside one list element: " + g.x.String())
			}
		}
		// What was settled meanwhile decides some of the choices.
		var still []goal
		for _, g := range rest {
			x := s.simplify(g.x)
			kids, isAnd := []rule.Expr(nil), false
			switch x.(type) {
			case rule.And, rule.Or:
				kids, isAnd = kidsOf(x)
			}
			switch {
			case kids == nil || isAnd == g.yes:
				goals = append(goals, goal{x, g.yes})
			default:
				still = append(still, goal{x, g.yes})
			}
		}
		if rest = still; len(goals) == 0 {
			break
		}
	}
	if len(rest) == 0 {
		return s.build()
	}
	best := -1
	var branches []rule.Expr
	for i, g := range rest {
		kids, _ := kidsOf(g.x)
		live := s.live(kids, g.yes)
		if len(live) == 0 {
			return false
		}
		if best < 0 || len(live) < len(branches) {
			best, branches = i, live
		}
	}
	yes := rest[best].yes
	others := append(append([]goal{}, rest[:best]...), rest[best+1:]...)
	for _, b := range branches {
		if s.solve(append(append([]goal{}, others...), goal{b, yes})) {
			return true
		}
	}
	return false
}

// simplify judges the tests of paths whose text is settled.
func (s *solver) simplify(x rule.Expr) rule.Expr {
	switch x := x.(type) {
	case rule.Not:
		y := s.simplify(x.X)
		if c, ok := y.(rule.Const); ok {
			return !c
		}
		return rule.Not{X: y}
	case rule.And, rule.Or:
		kids, and := kidsOf(x)
		var out []rule.Expr
		for _, k := range kids {
			y := s.simplify(k)
			if c, ok := y.(rule.Const); ok {
				if bool(c) != and {
					return c
				}
				continue
			}
			out = append(out, y)
		}
		switch {
		case len(out) == 0:
			return rule.Const(and)
		case len(out) == 1:
			return out[0]
		case and:
			return rule.And(out)
		}
		return rule.Or(out)
	case *rule.Atom:
		if e := s.fixed[cellKey(x.Path)]; e != nil && x.Op != rule.OpField {
			if m, err := s.test(x); err == nil {
				return rule.Const(m.Event(e))
			}
		}
	}
	return x
}

func (s *solver) test(a *rule.Atom) (*rule.Match, error) {
	if m := s.tests[a]; m != nil {
		return m, nil
	}
	m, err := onValue(a)
	s.tests[a] = m
	return m, err
}

func kidsOf(x rule.Expr) (kids []rule.Expr, and bool) {
	if a, ok := x.(rule.And); ok {
		return a, true
	}
	return x.(rule.Or), false
}

// live leaves out the branches that conflict with a cell already.
func (s *solver) live(kids []rule.Expr, yes bool) []rule.Expr {
	out := []rule.Expr{}
	for _, k := range kids {
		x, want := k, yes
		for {
			n, ok := x.(rule.Not)
			if !ok {
				break
			}
			x, want = n.X, !want
		}
		if a, ok := x.(*rule.Atom); ok && a.Op != rule.OpField && plain(a.Path) {
			undo, _, ok := s.add(a, want)
			undo()
			if !ok {
				continue
			}
		}
		out = append(out, k)
	}
	return out
}

// plain paths have keys at the front and at most one wildcard or index.
func plain(p trail.Path) bool {
	n := 0
	for _, st := range p.Steps() {
		if st.Any != trail.NotAny || st.IsIndex {
			n++
		}
	}
	return n <= 1 && len(p.Steps()) > 0 && (n == 0 || p.Steps()[0].Key != "")
}

// add puts a test into its path's cell. more are the domain's facts that
// follow from it.
func (s *solver) add(a *rule.Atom, yes bool) (undo func(), more []goal, ok bool) {
	key := cellKey(a.Path)
	c := s.cells[key]
	if c == nil {
		c = newCell(a.Path, s.d)
		s.cells[key] = c
	}
	n, was, known, why := len(c.lits), s.fixed[key], c.known, c.why
	undo = func() {
		c.lits, c.known, c.why = c.lits[:n], known, why
		if was == nil {
			delete(s.fixed, key)
		}
	}
	m, err := s.test(a)
	if err != nil {
		s.giveUp(err.Error())
		return undo, nil, false
	}
	c.lits = append(c.lits, lit{a, yes, m})
	c.known = nil
	choices, reason := c.choices()
	if len(choices) == 0 {
		if reason != "" {
			s.giveUp(reason)
		}
		return undo, nil, false
	}
	if yes && c.kinds == rule.Strings && a.Op == rule.OpIn && !a.Neg && !a.Fold && len(a.Texts) == 1 {
		e := &trail.Event{}
		if e.Parse([]byte(`{"v":`+quote(a.Texts[0])+`}`)) == nil {
			s.fixed[key] = e
		}
	}
	if key == "eventName" && yes && a.Op == rule.OpIn && !a.Neg && !a.Fold && len(a.Texts) == 1 {
		more = s.d.facts(a.Texts[0])
	}
	return undo, more, true
}
