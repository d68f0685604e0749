package lint

import (
	"maps"
	"slices"
	"strings"

	"github.com/awsposture/posture/detective/trail"
	"github.com/awsposture/posture/detective/trail/rule"
	"github.com/awsposture/posture/detective/trail/schema"
)

// source judges a value of eventSource.
func (l *linter) source(t string, a *rule.Atom) bool {
	tab := load()
	never := func(reason string, instead ...string) bool {
		l.add(Problem{Level: Never, Path: "eventSource", Text: t, Reason: reason, Instead: instead})
		return false
	}
	if a.Op != rule.OpIn {
		if !likeOne("eventSource", t, a, tab.allSources) {
			l.add(Problem{Level: Unusual, Path: "eventSource", Text: t, Reason: "no known event source is like it", Instead: near(strings.Trim(t, "*"), tab.allSources)})
		}
		return true
	}
	low := strings.ToLower(t)
	if tab.sources[low] != nil {
		if low != t && !a.Fold {
			return never("event sources are in lower case", low)
		}
		return true
	}
	service := strings.TrimPrefix(strings.TrimSuffix(low, ".amazonaws.com"), "aws.")
	full := service + ".amazonaws.com"
	known := tab.sources[full] != nil
	switch {
	case known && strings.HasPrefix(low, "aws."):
		return never("that is the source of the EventBridge event, not of the record", full)
	case !strings.HasSuffix(low, ".amazonaws.com") && known:
		return never("an event source is a service's host name", full)
	case !strings.HasSuffix(low, ".amazonaws.com") && !strings.Contains(low, "."):
		return never("an event source is a service's host name", near(full, tab.allSources)...)
	}
	l.add(Problem{Level: Unusual, Path: "eventSource", Text: t, Reason: "no known event source", Instead: near(low, tab.allSources)})
	return true
}

// name judges a value of eventName, given the sources that are left.
func (l *linter) name(t string, a *rule.Atom, c context) bool {
	tab := load()
	never := func(reason string, instead ...string) bool {
		l.add(Problem{Level: Never, Path: "eventName", Text: t, Reason: reason, Instead: instead})
		return false
	}
	// The names that the sources record, when all of them are known.
	var sources, here []string
	known := c.limited && c.base == ""
	for _, s := range c.sources {
		names := tab.sources[strings.ToLower(s)]
		if names == nil {
			known = false
			break
		}
		sources = append(sources, strings.ToLower(s))
		here = slices.AppendSeq(here, maps.Keys(names))
	}
	pool := here
	if !known {
		sources, pool = nil, tab.allNames
	}
	if a.Op != rule.OpIn {
		if !likeOne("eventName", t, a, pool) {
			l.add(Problem{Level: Unusual, Path: "eventName", Text: t, Reason: "no known event name" + of(sources) + " is like it", Instead: near(strings.Trim(t, "*"), pool)})
		}
		return true
	}
	if service, action, ok := strings.Cut(t, ":"); ok {
		instead := []string{action}
		if to, not := schema.NotEvent(service+".amazonaws.com", action); not {
			instead = []string{to}
		}
		return never("that is an IAM action; event names have no prefix", instead...)
	}
	n := schema.Normalize(t)
	real := n
	if f := tab.folded[strings.ToLower(n)]; a.Fold && f != "" {
		real = f
	}
	at := tab.names[real]
	if slices.ContainsFunc(at, func(s string) bool { return !known || slices.Contains(sources, s) }) {
		if len(sources) == 1 && dated(sources[0], t) && !matches(c.like, t+"20150331") {
			l.add(Problem{Level: Unusual, Path: "eventName", Text: t, Reason: "the service writes the date of its API behind most names: test how the name begins", Instead: []string{n + "*"}})
		}
		return true
	}
	asked := sources
	if !known {
		asked = []string{""}
	}
	for _, s := range asked {
		if instead, not := schema.NotEvent(s, n); not && instead == "" {
			return never("it is a permission, and no event of that name is recorded")
		} else if not {
			return never("CloudTrail records it under another name", instead)
		}
	}
	if len(at) > 0 && len(at) <= 3 {
		return never("the event is not of "+strings.Join(sources, ", ")+" but of "+strings.Join(at, ", "), at...)
	} else if len(at) > 0 {
		return never("the event is not of "+strings.Join(sources, ", ")+" but of other sources", near(n, pool)...)
	}
	if f := tab.folded[strings.ToLower(strings.ReplaceAll(n, " ", ""))]; f != "" && f != n && !(a.Fold && strings.EqualFold(f, n)) {
		if strings.Contains(n, " ") {
			return never("event names have no spaces", f)
		}
		return never("the case is wrong", f)
	}
	l.add(Problem{Level: Unusual, Path: "eventName", Text: t, Reason: "no known event name" + of(sources), Instead: near(n, pool)})
	return true
}

// dated reports whether the name lacks the date that the source writes behind
// its names. See
// https://docs.aws.amazon.com/lambda/latest/dg/logging-using-cloudtrail.html
func dated(source, name string) bool {
	return (source == "lambda.amazonaws.com" && !strings.HasPrefix(name, "Invoke") || source == "cloudfront.amazonaws.com") && schema.Normalize(name) == name
}

func matches(x rule.Expr, name string) bool {
	m, err := rule.CompileExpr(x)
	var e trail.Event
	return err == nil && e.Parse([]byte(`{"eventName":"`+name+`"}`)) == nil && m.Event(&e)
}

func of(sources []string) string {
	if len(sources) == 0 {
		return ""
	}
	return " of " + strings.Join(sources, ", ")
}

// likeOne reports whether the text, as the pattern that the test makes of it,
// matches one of the pool.
func likeOne(path, t string, a *rule.Atom, pool []string) bool {
	one := *a
	one.Path, one.Texts, one.Kinds = trail.P(path), []string{t}, rule.Scalars
	m, err := rule.CompileExpr(&one)
	return err != nil || slices.ContainsFunc(pool, func(n string) bool { // what does not compile is not for the linter to say
		// Some services write the date of their API behind a name.
		return slices.ContainsFunc([]string{"", "20150331", "20150331v2", "2020_05_31"}, func(date string) bool {
			var e trail.Event
			return e.Parse([]byte(`{"`+path+`":"`+n+date+`"}`)) == nil && m.Event(&e)
		})
	})
}
