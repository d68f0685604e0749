package policy

import (
	"strconv"
	"strings"
)

// actions checks the entries of Action or NotAction one by one and together.
func (l *linter) actions(element string, vs []Value) {
	if vs != nil && len(vs) == 0 {
		l.add("action-empty", Pos{}, element, "an empty list", "remove the statement")
	}
	parsed := make([]actionPattern, len(vs))
	for i, v := range vs {
		parsed[i] = parseAction(v.Text)
		path := element
		if len(vs) > 1 {
			path = indexed(element, i)
		}
		l.action(path, v, &parsed[i])
	}
	for i := range parsed {
		for j := range parsed[:min(len(parsed), maxPairs)] {
			if i < maxPairs && i != j && parsed[j].covers(&parsed[i]) && (i > j || !parsed[i].covers(&parsed[j])) {
				l.add("action-redundant", vs[i].Pos, indexed(element, i), vs[i].Text+" is covered by "+vs[j].Text, "remove it")
				break
			}
		}
	}
	l.broadActions(element, vs, parsed)
}

func (l *linter) action(path string, v Value, p *actionPattern) {
	switch {
	case v.Text == "*:*":
		l.add("action-prefix-wildcard", v.Pos, path, "the service prefix takes no wildcard", `write "*"`)
		return
	case p.form == actionAll:
		return
	case p.form == actionNever:
		l.add("action-prefix-wildcard", v.Pos, path, strconv.Quote(v.Text)+` matches nothing: an action is "service:Name", with wildcards in the name only`, "")
		return
	}
	s := l.catalog.Service(p.service)
	if s == nil {
		l.add("action-service-unknown", v.Pos, path, "there is no service prefix "+strconv.Quote(p.service), suggest(nearest(p.service, l.catalog.Prefixes())))
		return
	}
	l.foreign(path, v, p)
	_, name, _ := strings.Cut(v.Text, ":")
	known := s.Match(name)
	if len(known) == 0 && p.form == actionExact {
		names := make([]string, len(s.Actions))
		for i := range s.Actions {
			names[i] = s.Actions[i].Name
		}
		fix := nearest(name, names)
		if fix != "" {
			fix = p.service + ":" + fix
		}
		l.add("action-unknown", v.Pos, path, "the service "+p.service+" has no action "+strconv.Quote(name), suggest(fix))
		return
	}
	if len(known) == 0 {
		l.add("action-pattern-matches-nothing", v.Pos, path, "no known action of "+p.service+" matches "+strconv.Quote(name), "")
		return
	}
	if !strings.HasPrefix(path, "NotAction") {
		l.actionResources(path, v, s, known)
	}
}

// ownService are the services whose resource policies are about their own
// actions only, which have the service's name for a prefix.
var ownService = []string{"dynamodb", "ecr", "kms", "lambda", "s3", "secretsmanager", "sns", "sqs"}

// foreign reports an action that the policy cannot be about.
func (l *linter) foreign(path string, v Value, p *actionPattern) {
	switch {
	case l.d.Kind == Trust && p.service != "sts":
		l.add("action-not-in-policy-type", v.Pos, path, "a trust policy is about sts actions only, not "+v.Text, "remove it")
	case l.d.Kind == Resource && has(ownService, l.opts.Service) && p.service != l.opts.Service:
		l.add("action-not-in-policy-type", v.Pos, path, "the policy of a resource of "+l.opts.Service+" is about actions of "+l.opts.Service+" only, not "+v.Text, "remove it")
	}
}

func suggest(name string) string {
	if name == "" {
		return ""
	}
	return "did you mean " + strconv.Quote(name) + "?"
}

// covers reports whether every action that q matches is matched by p.
func (p *actionPattern) covers(q *actionPattern) bool {
	switch {
	case p.form == actionNever || q.form == actionNever:
		return false
	case p.form == actionAll:
		return true
	case q.form == actionAll || p.service != q.service:
		return false
	}
	switch {
	case p.form == actionExact:
		return q.form == actionExact && p.name == q.name
	case p.form == actionPrefix:
		return strings.HasPrefix(q.name, p.name)
	case q.form == actionExact:
		return byteGlob(p.name, []byte(q.name))
	}
	return globCovers(p.name, q.glob())
}

func (p *actionPattern) glob() string {
	if p.form == actionPrefix {
		return p.name + "*"
	}
	return p.name
}

// broadActions reports statements that cover whole services and more.
func (l *linter) broadActions(element string, vs []Value, parsed []actionPattern) {
	if !l.allows() || !l.d.grants() {
		return
	}
	s := l.s
	open := len(s.Conditions) == 0
	everywhere := s.Resource == nil && s.NotResource == nil || coversAll(s.Resource)
	if element == "NotAction" && vs != nil {
		if everywhere && open {
			l.add("not-action-allow", vs0(vs), element, "allows every action of every service but those listed, also of services to come", "list what is meant under Action")
		}
		return
	}
	for i := range parsed {
		switch p := &parsed[i]; {
		case p.form == actionAll && everywhere && open && l.d.Kind == Identity:
			l.add("full-admin", vs[i].Pos, element, "allows everything", "list the actions that are needed")
		case p.form == actionPrefix && p.name == "" && everywhere && l.d.Kind == Identity:
			l.add("service-admin", vs[i].Pos, element, "allows everything "+p.service+" can do, on every resource", "")
		}
	}
}

// grants reports whether an Allow of the document gives rights by itself:
// boundaries, session policies and organization policies only limit.
func (d *Document) grants() bool {
	return d.Kind == Identity || d.Kind == Resource || d.Kind == Trust
}

func coversAll(vs []Value) bool {
	for _, v := range vs {
		if v.Text != "" && strings.Trim(v.Text, "*") == "" {
			return true
		}
	}
	return false
}

func vs0(vs []Value) Pos {
	if len(vs) == 0 {
		return Pos{}
	}
	return vs[0].Pos
}
