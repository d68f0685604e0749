package policy

import (
	"slices"
	"strings"
)

// clauses returns every clause of a statement that does not match the request.
// Of one that is about other actions the rest is not looked at.
func (t *explainer) clauses(s *statement, src *Statement, spelled *spelling, q *quotes) []Clause {
	ev := t.ev
	var few [6]Clause
	failed := few[:0]
	if !s.coversAction(ev.service(), ev.name()) {
		element, vs := "Action", src.Action
		if s.notAction {
			element, vs = "NotAction", src.NotAction
		}
		return q.room.keep(append(failed, Clause{Element: element, Pos: posOf(vs, src.Pos), Want: spelled.action, Saw: q.action}))
	}
	if result := s.coversResource(ev); result != yes {
		element, vs := "Resource", src.Resource
		if s.notResource {
			element, vs = "NotResource", src.NotResource
		}
		want := spelled.resource
		if slices.ContainsFunc(s.resources, func(p resourcePattern) bool { return p.variables }) {
			want = make([]string, len(vs))
			for i := range vs {
				want[i] = t.spelled(vs[i].Text, s.resources[i].toks)
			}
		}
		failed = append(failed, Clause{Element: element, Pos: posOf(vs, src.Pos), Want: want, Saw: q.resource, Unknown: result == maybe})
	}
	if s.coversPrincipal(ev) == 0 {
		element, p := "Principal", src.Principal
		if p == nil {
			element, p = "NotPrincipal", src.NotPrincipal
		}
		failed = append(failed, Clause{Element: element, Pos: p.position(), Want: p.names(), Saw: []string{describe(&ev.r.Principal)}})
	}
	for i := range s.conditions {
		c := &s.conditions[i]
		if result := c.holds(ev); result != yes {
			failed = append(failed, t.condition(c, &src.Conditions[i], ev.e.documents[s.policy].Version == Version2012, result))
		}
	}
	return q.room.keep(failed)
}

// spelling are the entries of a statement as it writes them. All explanations
// of an engine share them.
type spelling struct{ action, resource []string }

// spellAll lists those of all statements.
func (e *Engine) spellAll() []spelling {
	all := make([]spelling, len(e.statements))
	for i := range e.statements {
		s := &e.statements[i]
		src := &e.documents[s.policy].Statements[s.index]
		all[i] = spelling{textsOf(src.Action), textsOf(src.Resource)}
		if s.notAction {
			all[i].action = textsOf(src.NotAction)
		}
		if s.notResource {
			all[i].resource = textsOf(src.NotResource)
		}
	}
	return all
}

// room has the many short lists of an explanation side by side.
type room struct{ list []Clause }

// keep copies a list; nil for an empty one.
func (m *room) keep(list []Clause) []Clause {
	n := len(list)
	if n == 0 {
		return nil
	}
	if cap(m.list)-len(m.list) < n {
		m.list = make([]Clause, 0, max(n, min(64, 2*cap(m.list))))
	}
	m.list = append(m.list, list...)
	return m.list[len(m.list)-n : len(m.list) : len(m.list)]
}

func (t *explainer) condition(c *condition, src *Condition, variables bool, result truth) Clause {
	clause := Clause{Element: "Condition", Key: src.Key, Op: src.Operator, Pos: src.Pos, Want: []string{}, Saw: []string{}, Unknown: result == maybe}
	lang := language{wildcards: c.op.takesWildcards(), variables: variables && c.op.takesVariables(&t.ev.e.sem)}
	for _, v := range src.Values {
		clause.Want = append(clause.Want, t.spelled(v.Text, tokenize(v.Text, lang, t.ev.e.keys.find)))
	}
	slot := t.ev.key(c.key)
	for i := range slot.len() {
		clause.Saw = append(clause.Saw, slot.at(i))
	}
	return clause
}

// spelled writes a pattern with the values of its variables in place. A
// variable without a value stays as it is.
func (t *explainer) spelled(text string, toks []token) string {
	has := false
	for i := range toks {
		has = has || toks[i].kind == variable
	}
	if !has {
		return text
	}
	var b strings.Builder
	for i := range toks {
		switch tok := &toks[i]; tok.kind {
		case star, shortStar:
			b.WriteByte('*')
		case question, shortQuestion:
			b.WriteByte('?')
		case variable:
			if v, ok := t.ev.single(tok.key); ok {
				b.WriteString(v)
			} else if tok.hasDef {
				b.WriteString(tok.text)
			} else {
				b.WriteString("${" + t.ev.e.keys.names[tok.key] + "}")
			}
		default:
			b.WriteString(tok.text)
		}
	}
	return b.String()
}

func posOf(vs []Value, otherwise Pos) Pos {
	if len(vs) > 0 && vs[0].Pos.Line > 0 {
		return vs[0].Pos
	}
	return otherwise
}

func textsOf(vs []Value) []string {
	texts := make([]string, len(vs))
	for i, v := range vs {
		texts[i] = v.Text
	}
	return texts
}

func (p *Principals) position() Pos {
	if p == nil {
		return Pos{}
	}
	return p.Pos
}

// names lists the principals as written.
func (p *Principals) names() []string {
	if p == nil {
		return nil
	}
	if p.Everyone {
		return []string{"*"}
	}
	var all []string
	for _, vs := range [][]Value{p.AWS, p.Service, p.Federated, p.CanonicalUser} {
		all = append(all, textsOf(vs)...)
	}
	return all
}
