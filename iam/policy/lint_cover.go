package policy

import (
	"slices"
	"strings"
)

// part is what a statement covers with one entry of its actions and one of its
// resources, a list that it leaves out with NotAction or NotResource being one.
type part struct {
	actions, notActions     []actionPattern
	resources, notResources []Value
}

// partsOf takes a statement apart; none when there are more than most.
func partsOf(s *Statement, most int) (all []part) {
	empty := s.Action != nil && len(s.Action) == 0 || s.Resource != nil && len(s.Resource) == 0
	if empty || max(1, len(s.Action))*max(1, len(s.Resource)) > most {
		return nil
	}
	var whole part
	whole.notActions, whole.notResources = patternsOf(s.NotAction), s.NotResource
	actions, resources := patternsOf(s.Action), s.Resource
	for i := range max(1, len(actions)) {
		for j := range max(1, len(resources)) {
			p := whole
			if s.Action != nil {
				p.actions = actions[i : i+1]
			}
			if s.Resource != nil {
				p.resources = resources[j : j+1]
			}
			all = append(all, p)
		}
	}
	return all
}

func patternsOf(vs []Value) []actionPattern {
	if vs == nil {
		return nil
	}
	ps := make([]actionPattern, len(vs))
	for i, v := range vs {
		ps[i] = parseAction(v.Text)
	}
	return ps
}

// covers proves that a statement applies to every request that a part of
// another one of the same document applies to, apart from callers and
// conditions. It may miss a proof, for it compares pattern with pattern.
func (l *linter) covers(s *Statement, p *part) bool {
	return coversActions(s, p) && l.coversResources(s, p)
}

func coversActions(s *Statement, p *part) bool {
	mine := patternsOf(s.Action)
	if s.Action == nil {
		mine = patternsOf(s.NotAction)
		if p.actions == nil { // leaves out less
			return coverEach(p.notActions, mine, (*actionPattern).covers)
		}
		return !slices.ContainsFunc(p.actions, func(a actionPattern) bool {
			return slices.ContainsFunc(mine, func(b actionPattern) bool { return a.meets(&b) })
		})
	}
	if p.actions == nil {
		return slices.ContainsFunc(mine, func(a actionPattern) bool { return a.form == actionAll })
	}
	return coverEach(mine, p.actions, (*actionPattern).covers)
}

// coverEach reports whether each of the second list is covered by one of the first.
func coverEach[T any](by, list []T, covers func(p, q *T) bool) bool {
	for i := range list {
		if !slices.ContainsFunc(by, func(p T) bool { return covers(&p, &list[i]) }) {
			return false
		}
	}
	return true
}

// meets reports whether some action fits both patterns; a yes may be wrong.
func (p *actionPattern) meets(q *actionPattern) bool {
	switch {
	case p.form == actionNever || q.form == actionNever:
		return false
	case p.form == actionAll || q.form == actionAll:
		return true
	}
	return p.service == q.service && globsMeet(p.glob(), q.glob())
}

func (l *linter) coversResources(s *Statement, p *part) bool {
	covers := func(a, b *Value) bool { return l.resourceCovers(a.Text, b.Text) }
	switch {
	case s.Resource == nil && s.NotResource == nil || coversAll(s.Resource):
		return true // what the policy is attached to, or everything
	case s.Resource != nil:
		return p.resources != nil && coverEach(s.Resource, p.resources, covers)
	case p.notResources != nil:
		return coverEach(p.notResources, s.NotResource, covers)
	}
	return p.resources != nil && !slices.ContainsFunc(p.resources, func(a Value) bool {
		return slices.ContainsFunc(s.NotResource, func(b Value) bool {
			return globsMeet(placeholders(a.Text), placeholders(b.Text))
		})
	})
}

// coversCallers proves the same for Principal and NotPrincipal. An Allow of a
// resource policy means more for a caller whom it names than for one of whom it
// names the account, so that only equal names count.
func coversCallers(s, t *Statement) bool {
	p, q := s.Principal, t.Principal
	switch {
	case p == nil && s.NotPrincipal == nil:
		return t.Principal == nil && t.NotPrincipal == nil
	case p == nil:
		return t.NotPrincipal != nil && namesAll(t.NotPrincipal, s.NotPrincipal) && namesAll(s.NotPrincipal, t.NotPrincipal)
	case p.Everyone || has(textsOf(p.AWS), "*"):
		return true
	}
	return q != nil && !q.Everyone && namesAll(p, q)
}

// namesAll reports whether p names everybody whom q names.
func namesAll(p, q *Principals) bool {
	same := func(a, b *Value) bool { return accountForm(a.Text) == accountForm(b.Text) }
	return (p.Everyone || !q.Everyone) && coverEach(p.AWS, q.AWS, same) && coverEach(p.Service, q.Service, same) &&
		coverEach(p.Federated, q.Federated, same) && coverEach(p.CanonicalUser, q.CanonicalUser, same)
}

// accountForm writes the two names of an account in one way.
func accountForm(name string) string {
	if a, ok := parseARN(name); ok && a.service == "iam" && a.resource == "root" {
		return a.account
	}
	return name
}

// coversConditions proves that the conditions of s hold whenever those of t do.
func (l *linter) coversConditions(s, t *Statement) bool {
	return coverEach(t.Conditions, s.Conditions, l.implies)
}

// implies proves that c holds whenever the condition by does: with fewer values, or
// with more of them under a negated operator.
func (l *linter) implies(by, c *Condition) bool {
	op, ok := parseOperator(c.Operator)
	other, ok2 := parseOperator(by.Operator)
	if !ok || !ok2 || op != other || !strings.EqualFold(c.Key, by.Key) {
		return false
	}
	covers := func(a, b *Value) bool { return a.Text == b.Text || l.valueCovers(op, a.Text, b.Text) }
	if op.negated {
		return coverEach(by.Values, c.Values, covers)
	}
	return coverEach(c.Values, by.Values, covers)
}

// valueCovers proves that every text that matches the value q matches p.
func (l *linter) valueCovers(op operator, p, q string) bool {
	variables := l.d.Version == Version2012
	switch op.compare {
	case compareGlob:
		return l.textCovers(p, q, language{wildcards: true, variables: variables})
	case compareARN:
		return l.arnCovers(p, q, variables)
	case compareFold:
		return strings.EqualFold(p, q)
	case compareIP:
		a, ok := parsePrefix(p)
		b, ok2 := parsePrefix(q)
		return ok && ok2 && a.Bits() <= b.Bits() && a.Contains(b.Addr())
	}
	return false
}
