package policy

import (
	"strconv"
	"strings"
)

// variables checks every ${...} of the statement.
func (l *linter) variables() {
	s := l.s
	for _, list := range []struct {
		name string
		vs   []Value
	}{{"Action", s.Action}, {"NotAction", s.NotAction}} {
		for i, v := range list.vs {
			if strings.Contains(v.Text, "${") {
				l.add("variable-in-wrong-element", v.Pos, indexed(list.name, i), "variables do not work here", "")
			}
		}
	}
	for _, p := range []*Principals{s.Principal, s.NotPrincipal} {
		if p == nil {
			continue
		}
		for name, vs := range p.byName() {
			for i, v := range vs {
				if strings.Contains(v.Text, "${") {
					l.add("variable-in-wrong-element", v.Pos, indexed("Principal."+name, i), "variables do not work here", "")
				}
			}
		}
	}
	for _, list := range []struct {
		name string
		vs   []Value
	}{{"Resource", s.Resource}, {"NotResource", s.NotResource}} {
		for i, v := range list.vs {
			path := indexed(list.name, i)
			head := arnGuard(v.Text)
			if strings.Contains(v.Text[:head], "${") {
				l.add("variable-in-wrong-element", v.Pos, path, "variables work only after the fifth colon of an ARN", "")
			}
			l.inText(path, v, v.Text[head:])
		}
	}
	for i := range s.Conditions {
		c := &s.Conditions[i]
		op, ok := parseOperator(c.Operator)
		path := "Condition." + c.Operator + "." + c.Key
		if strings.Contains(c.Key, "${") {
			l.add("variable-in-wrong-element", c.Pos, path, "variables do not work in the name of a condition key", "")
		}
		for _, v := range c.Values {
			if ok && !op.takesVariables(&Semantics{}) {
				if strings.Contains(v.Text, "${") {
					l.add("variable-in-wrong-operator", v.Pos, path, "the operator "+c.Operator+" takes no variables", "")
				}
				continue
			}
			l.inText(path, v, v.Text)
		}
	}
}

// inText checks the variables of one text.
func (l *linter) inText(path string, v Value, text string) {
	if !strings.Contains(text, "${") {
		return
	}
	if l.d.Version != Version2012 {
		l.add("variable-in-wrong-version", v.Pos, path, "without version "+Version2012+" this is plain text", "")
		return
	}
	for i := strings.Index(text, "${"); i >= 0; {
		ref, n := parseVariable(text[i:])
		if n == 0 {
			code, message := malformedVariable(text[i:])
			l.add(code, v.Pos, path, message+" in "+strconv.Quote(v.Text)+": it is plain text", "")
			n = len("${")
		}
		key := strings.ToLower(ref.key)
		if l.allows() && (strings.HasPrefix(key, "aws:requesttag/") || key == "aws:useragent" || key == "aws:referer") && strings.HasPrefix(path, "Resource") {
			l.add("variable-caller-chosen", v.Pos, path, "the caller chooses the value of "+ref.key, "")
		}
		next := strings.Index(text[i+n:], "${")
		if next < 0 {
			return
		}
		i += n + next
	}
}

func malformedVariable(text string) (code, message string) {
	inside, _, closed := strings.Cut(text[2:], "}")
	switch {
	case !closed:
		return "variable-brace", "a variable without closing brace"
	case strings.TrimSpace(inside) == "":
		return "variable-empty", "a variable without a name"
	case strings.Contains(inside, "'") || strings.Contains(inside, ","):
		return "variable-quote", `a default value is written ${key, 'value'}, which this is not`
	case strings.ContainsAny(inside, " \t"):
		return "variable-space", "a space in the name of a variable"
	}
	return "variable-symbol", "a character that the name of a variable cannot have"
}
