package policy

import "strings"

// quotes are what the clauses of an explanation quote of the request.
type quotes struct{ action, resource, principal []string }

func newQuotes(x *Explanation) quotes {
	words := []string{x.Action, x.Resource, x.Principal}
	return quotes{action: words[:1:1], resource: words[1:2:2], principal: words[2:]}
}

// clauses adds every clause of a judged statement that does not match the request.
func (t *explainer) clauses(rest *lists, j *judged) {
	ev := t.ev
	s, src := &ev.e.statements[j.statement], &t.src.statements[j.statement]
	if j.resource != yes {
		c := src.resource.clause(rest.quotes.resource)
		c.Unknown = j.resource == maybe
		if src.variables {
			c.Want = make([]string, len(s.resources))
			for i := range s.resources {
				c.Want[i] = t.spelled(src.resource.want[i], s.resources[i].toks)
			}
		}
		rest.clauses = append(rest.clauses, c)
	}
	if !j.named {
		rest.clauses = append(rest.clauses, src.principal.clause(rest.quotes.principal))
	}
	for i := range s.conditions {
		if result := t.holds(&s.conditions[i], src.conditions[i]); result != yes {
			d := ev.e.documents[s.policy]
			rest.clauses = append(rest.clauses, t.condition(&s.conditions[i], &d.Statements[s.index].Conditions[i], d.Version == Version2012, result))
		}
	}
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
