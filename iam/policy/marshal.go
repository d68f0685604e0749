package policy

import (
	"bytes"
	"encoding/json"
)

// MarshalJSON writes the policy in canonical form: no white space, members in
// the order of the grammar, every list of one as its single value, conditions
// grouped by operator in the order they first appear. Parsing the result gives
// the same policy, positions apart, and the same bytes again. Use Source to
// keep a document exactly as it was.
func (d *Document) MarshalJSON() ([]byte, error) {
	w := writer{}
	w.open('{')
	if d.Version != "" {
		w.member("Version", d.Version)
	}
	if d.ID != "" {
		w.member("Id", d.ID)
	}
	w.name("Statement")
	w.open('[')
	for i := range d.Statements {
		w.comma()
		w.statement(&d.Statements[i])
	}
	w.close(']')
	w.close('}')
	return w.Bytes(), nil
}

// MarshalJSON writes the statement in canonical form, as in a document.
func (s *Statement) MarshalJSON() ([]byte, error) {
	w := writer{}
	w.statement(s)
	return w.Bytes(), nil
}

type writer struct {
	bytes.Buffer
	first bool // the next element is the first of its list
}

func (w *writer) open(c byte)  { w.WriteByte(c); w.first = true }
func (w *writer) close(c byte) { w.WriteByte(c); w.first = false }

func (w *writer) comma() {
	if !w.first {
		w.WriteByte(',')
	}
	w.first = false
}

func (w *writer) name(name string) {
	w.comma()
	w.text(name)
	w.WriteByte(':')
}

func (w *writer) member(name, value string) {
	w.name(name)
	w.text(value)
}

// text writes a string, leaving <, > and & as they are: policies hold them in
// ARNs and tags, and HTML escapes would change their size.
func (w *writer) text(s string) {
	enc := json.NewEncoder(&w.Buffer)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(s) // a string into a buffer cannot fail
	w.Truncate(w.Len() - 1)
}

func (w *writer) values(vs []Value) {
	if len(vs) == 1 {
		w.text(vs[0].Text)
		return
	}
	w.open('[')
	for _, v := range vs {
		w.comma()
		w.text(v.Text)
	}
	w.close(']')
}

func (w *writer) list(name string, vs []Value) {
	if vs != nil {
		w.name(name)
		w.values(vs)
	}
}

func (w *writer) statement(s *Statement) {
	w.open('{')
	if s.Sid != "" {
		w.member("Sid", s.Sid)
	}
	if s.Effect != "" {
		w.member("Effect", s.Effect)
	}
	w.principals("Principal", s.Principal)
	w.principals("NotPrincipal", s.NotPrincipal)
	w.list("Action", s.Action)
	w.list("NotAction", s.NotAction)
	w.list("Resource", s.Resource)
	w.list("NotResource", s.NotResource)
	if s.Conditions != nil {
		w.conditions(s.Conditions)
	}
	w.close('}')
}

func (w *writer) principals(name string, p *Principals) {
	if p == nil {
		return
	}
	w.name(name)
	if p.Everyone {
		w.text("*")
		return
	}
	w.open('{')
	w.list("AWS", p.AWS)
	w.list("Service", p.Service)
	w.list("Federated", p.Federated)
	w.list("CanonicalUser", p.CanonicalUser)
	w.close('}')
}

func (w *writer) conditions(cs []Condition) {
	w.name("Condition")
	w.open('{')
	byOperator := map[string][]Condition{}
	for _, c := range cs {
		byOperator[c.Operator] = append(byOperator[c.Operator], c)
	}
	for _, c := range cs {
		group := byOperator[c.Operator]
		if group == nil {
			continue
		}
		delete(byOperator, c.Operator)
		w.name(c.Operator)
		w.open('{')
		for _, g := range group {
			w.name(g.Key)
			w.values(g.Values)
		}
		w.close('}')
	}
	w.close('}')
}
