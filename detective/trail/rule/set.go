package rule

import (
	"errors"
	"fmt"

	"github.com/awsposture/posture/detective/trail"
)

// Set is a compiled set of rules, immutable and safe for concurrent use. Each
// goroutine judges events with an [Engine] of its own.
type Set struct {
	rules []Rule
	nodes []*node // as written, to explain
	fast  []*node // to judge, without the gates
	gates []*gate // by rule; nil for most
	doors doors
	head  trail.Head // the members that decide some of the conditions
	byID  map[string]int
	feeds [][]int // the correlations that a rule's matches feed
	order []int   // the correlations, each after those that feed it
}

// Compile compiles rules. A rule that cannot be compiled is left out; the
// error joins the reason for each, and the set holds all others.
func Compile(rules []Rule) (*Set, error) {
	s := &Set{byID: map[string]int{}}
	var errs []error
	for _, r := range rules {
		fail := func(err error) { errs = append(errs, fmt.Errorf("rule %q: %w", r.ID, err)) }
		if r.ID == "" {
			fail(errors.New("it has no id"))
			continue
		}
		if _, ok := s.byID[r.ID]; ok {
			fail(errors.New("its id is taken"))
			continue
		}
		n := nodeFalse
		if r.Expr != nil {
			var err error
			if n, err = compile(r.Expr); err != nil {
				fail(err)
				continue
			}
		} else if r.Correlate == nil || len(r.Correlate.Rules) == 0 {
			fail(errors.New("it has no condition"))
			continue
		}
		if err := r.Correlate.check(r.Expr != nil); err != nil {
			fail(err)
			continue
		}
		s.byID[r.ID] = len(s.rules)
		s.rules = append(s.rules, r)
		s.nodes = append(s.nodes, n)
	}
	s.wire(&errs)
	s.memorize()
	for _, n := range s.nodes {
		s.part(n.cheapFirst())
		s.head |= s.fast[len(s.fast)-1].heads()
	}
	s.head |= trail.HeadNames
	return s, errors.Join(errs...)
}

// wire links correlations to the rules that feed them and drops those that
// name a rule which is not there or feed themselves.
func (s *Set) wire(errs *[]error) {
	bad := map[string]bool{}
	for changed := true; changed; {
		changed = false
		for i, r := range s.rules {
			if r.Correlate == nil || bad[r.ID] {
				continue
			}
			for _, id := range r.Correlate.Rules {
				if _, ok := s.byID[id]; !ok || bad[id] {
					*errs = append(*errs, fmt.Errorf("rule %q: it correlates %q, which is not loaded", r.ID, id))
				} else if s.reaches(id, r.ID, len(s.rules)) {
					*errs = append(*errs, fmt.Errorf("rule %q: it correlates itself through %q", r.ID, id))
				} else {
					continue
				}
				bad[r.ID], changed = true, true
				s.nodes[i] = nodeFalse
				break
			}
		}
	}
	s.feeds = make([][]int, len(s.rules))
	for i, r := range s.rules {
		if r.Correlate == nil || bad[r.ID] {
			continue
		}
		if len(r.Correlate.Rules) == 0 {
			s.feeds[i] = append(s.feeds[i], i)
		}
		for _, id := range r.Correlate.Rules {
			k := s.byID[id]
			s.feeds[k] = append(s.feeds[k], i)
		}
	}
	s.sort()
	for id := range bad {
		delete(s.byID, id)
	}
}

// sort fills in order.
func (s *Set) sort() {
	done := make([]bool, len(s.rules))
	var visit func(i int)
	visit = func(i int) {
		if done[i] || s.rules[i].Correlate == nil {
			return
		}
		done[i] = true
		for _, id := range s.rules[i].Correlate.Rules {
			if j, ok := s.byID[id]; ok {
				visit(j)
			}
		}
		s.order = append(s.order, i)
	}
	for i := range s.rules {
		visit(i)
	}
}

// reaches reports whether the correlation from counts, in the end, matches of
// the rule to.
func (s *Set) reaches(from, to string, depth int) bool {
	if from == to || depth == 0 {
		return true
	}
	i, ok := s.byID[from]
	if !ok || s.rules[i].Correlate == nil {
		return false
	}
	for _, id := range s.rules[i].Correlate.Rules {
		if s.reaches(id, to, depth-1) {
			return true
		}
	}
	return false
}

func (c *Correlation) check(own bool) error {
	if c == nil {
		return nil
	}
	if c.Within <= 0 {
		return errors.New("the correlation has no window")
	}
	if own && len(c.Rules) > 0 {
		return errors.New("a condition of its own and a correlation of other rules do not go together")
	}
	switch c.Kind {
	case Distinct, Sum, Avg, Median, Percentile:
		if len(c.Fields) == 0 {
			return errors.New("the correlation names no field")
		}
	case Ordered:
		if len(c.Steps) == 0 {
			return errors.New("the sequence has no steps")
		}
	case FirstSeen:
		if len(c.GroupBy) == 0 {
			return errors.New("first seen needs a group")
		}
	case Count, Temporal:
	default:
		return fmt.Errorf("unknown kind of correlation %d", c.Kind)
	}
	return nil
}

// Rules are the rules that were compiled, in their order.
func (s *Set) Rules() []Rule { return s.rules }

// Unindexed lists the rules whose condition names none of the members that the
// engine looks events up by: each of them is judged on every event.
func (s *Set) Unindexed() []string {
	var ids []string
	for i, n := range s.nodes {
		if s.rules[i].Expr != nil && n.unindexed() {
			ids = append(ids, s.rules[i].ID)
		}
	}
	return ids
}

func (n *node) unindexed() bool {
	blank := func(a *atom) (bool, bool) { return false, a.head != 0 && !a.Neg }
	return n != nodeFalse && n.reduce(blank) != nodeFalse
}
