package policy

import (
	"slices"
	"strconv"
	"strings"
)

// powers reports what an identity policy gives beside what it says: ways to
// more rights, credentials, and resources that can be opened to others. Only
// what the policy certainly allows, under any context and on resources that it
// does not name, is reported; every condition and Deny of it counts.
func (l *linter) powers() {
	if l.d.Kind != Identity || l.d.entries() > most {
		return
	}
	e, err := Compile(Policies{Identity: []*Document{l.d}})
	if err != nil {
		return // problems are reported
	}
	l.dependent()
	a := newAsker(l, e)
	if a.allows(fresh+":"+fresh, "") && a.allows("iam:"+fresh, "") {
		return // full-admin says it
	}
	t := powers()
	ways := found{}
	for i := range t.ways {
		w := &t.ways[i]
		if actions := a.way(w); actions != nil {
			ways.add(a.opener[actions[0]], strings.Join(actions, " and ")+": "+w.gain+" ("+w.id+")")
		}
	}
	l.report(ways, "escalation", "gives a way to more rights than it says: ", "name the resources, or ask for a permissions boundary or the service a role is passed to by a condition")
	for _, c := range []struct {
		code, message, fix string
		actions            []string
	}{
		{"credential-read", "reads credentials of anybody in the account: ", "name the resources", t.credentials},
		{"resource-policy-write", "can open any resource to others: ", "name the resources", t.resourcePolicy},
	} {
		hits := found{}
		for _, action := range c.actions {
			if a.allows(action, "") {
				hits.add(a.opener[action], action)
			}
		}
		l.report(hits, c.code, c.message, c.fix)
	}
}

// entry is one entry of Action or NotAction of a statement.
type entry struct {
	statement int
	element   string
	index     int
}

// found are texts by the entry they are about.
type found map[entry][]string

func (f found) add(e entry, text string) { f[e] = append(f[e], text) }

// report writes one finding for each entry.
func (l *linter) report(f found, code, message, fix string) {
	for e, texts := range f {
		s := &l.d.Statements[e.statement]
		vs := s.Action
		if vs == nil {
			vs = s.NotAction
		}
		at := s.Pos
		l.path = "Statement[" + strconv.Itoa(e.statement) + "]." + e.element
		if e.index < len(vs) {
			at = vs[e.index].Pos
			if len(vs) > 1 && s.Action != nil {
				l.path += "[" + strconv.Itoa(e.index) + "]"
			}
		}
		text := texts[0]
		if n := len(texts) - 1; n > 0 {
			text += ", and " + strconv.Itoa(n) + " more"
		}
		l.add(code, at, "", message+text, fix)
	}
}

// asker asks an engine what a user may do on resources nobody has named.
type asker struct {
	e       *Engine
	d       *Document
	catalog *Catalog
	user    Principal
	forms   *strings.Replacer // of the placeholders of ARNs
	known   map[string]bool   // by action and service passed to
	opener  map[string]entry  // by action
}

func newAsker(l *linter, e *Engine) *asker {
	at := arn{partition: "aws", region: "us-east-1", account: "123456789012"}
	if l.opts.Account != "" {
		at.account = l.opts.Account
	}
	// Where the policy names a region and an account, it is about them.
	for i := range l.d.Statements {
		for _, v := range l.d.Statements[i].Resource {
			a, _ := parseARN(v.Text)
			if isAccountID(a.account) && l.opts.Account == "" {
				at.account = a.account
			}
			if isRegion(a.region) {
				at.region = a.region
			}
			if has(partitions, a.partition) {
				at.partition = a.partition
			}
		}
	}
	return &asker{
		e: e, d: l.d, catalog: l.catalog,
		user:  Principal{Kind: IAMUser, ARN: "arn:" + at.partition + ":iam::" + at.account + ":user/" + fresh},
		forms: strings.NewReplacer("${Partition}", at.partition, "${Region}", at.region, "${Account}", at.account),
		known: map[string]bool{}, opener: map[string]entry{},
	}
}

// way returns the actions of the first alternative that is allowed, nil for none.
func (a *asker) way(w *way) []string {
	services := w.services
	if services == nil {
		services = []string{""}
	}
	for _, actions := range w.alternatives {
		for _, service := range services {
			n := 0
			for n < len(actions) && a.allows(actions[n], service) {
				n++
			}
			if n == len(actions) {
				return actions
			}
		}
	}
	return nil
}

// allows reports whether the action is certainly allowed: on every type of
// resource that it needs, or on one of those among which it has the choice. The
// service is the one to pass a role to.
func (a *asker) allows(action, service string) bool {
	if action != "iam:PassRole" {
		service = ""
	}
	key := action + " " + service
	if answer, ok := a.known[key]; ok {
		return answer
	}
	answer := a.ask(action, service)
	a.known[key] = answer
	return answer
}

func (a *asker) ask(action, service string) bool {
	if !a.d.touches(action) {
		return false
	}
	prefix, name, _ := strings.Cut(action, ":")
	r := Request{Principal: a.user, Action: action, Resource: "*", Unknown: []string{"*"}}
	if service != "" {
		r.Context = Context{"iam:PassedToService": {service}}
	}
	s := a.catalog.Service(prefix)
	var known *Action
	if s != nil {
		known = s.Action(name)
	}
	if known == nil || len(known.Types) == 0 {
		return a.decide(&r)
	}
	needed, some := false, false
	for i, n := range known.Types {
		form, _, _ := strings.Cut(s.Types[n].ARN, ", ")
		r.Resource = strings.ReplaceAll(placeholders(a.forms.Replace(form)), "*", fresh)
		r.Owner = Account{ID: ownerOf(r.Resource, a.user.ARN)}
		allowed := a.decide(&r)
		if known.Required[i] && !allowed {
			return false
		}
		needed, some = needed || known.Required[i], some || allowed
	}
	return needed || some
}

// decide asks the engine, and remembers the entry that an Allow comes from.
func (a *asker) decide(r *Request) bool {
	ev := &evaluation{}
	if !ev.decide(a.e, r).Allowed() {
		return false
	}
	for i := range a.e.statements {
		s := &a.e.statements[i]
		if _, ok := a.opener[r.Action]; ok || s.deny || ev.result(s) != yes {
			continue
		}
		src := &a.d.Statements[s.index]
		e := entry{statement: int(s.index), element: "NotAction"}
		if src.Action != nil {
			e.element, e.index = "Action", matching(src.Action, r.Action)
		}
		a.opener[r.Action] = e
	}
	return true
}

// matching is the index of the first pattern that an action fits, -1 for none.
func matching(vs []Value, action string) int {
	service, name, _ := strings.Cut(strings.ToLower(action), ":")
	return slices.IndexFunc(vs, func(v Value) bool {
		p := parseAction(v.Text)
		return p.matches([]byte(service), []byte(name))
	})
}

// ownerOf is the account of a resource, or of the user where the ARN names none.
func ownerOf(resource, user string) string {
	for _, text := range []string{resource, user} {
		if a, ok := parseARN(text); ok && isAccountID(a.account) {
			return a.account
		}
	}
	return ""
}

// touches reports whether an Allow covers the action, on whatever resources.
func (d *Document) touches(action string) bool {
	return slices.ContainsFunc(d.Statements, func(s Statement) bool {
		return s.Effect == EffectAllow && (matching(s.Action, action) >= 0 || s.NotAction != nil && matching(s.NotAction, action) < 0)
	})
}

// dependent reports calls that must name a role where no role may be passed.
func (l *linter) dependent() {
	if l.d.touches("iam:PassRole") {
		return
	}
	for i := range l.d.Statements {
		s := &l.d.Statements[i]
		for n, v := range s.Action {
			for _, action := range powers().needRole {
				if s.Effect == EffectAllow && strings.EqualFold(v.Text, action) {
					l.report(found{entry{i, "Action", n}: {action}}, "dependent-action-missing", "the policy does not allow iam:PassRole, without which nobody can call ", "allow iam:PassRole on the role, with a condition on iam:PassedToService")
				}
			}
		}
	}
}
