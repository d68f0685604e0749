package lint

import (
	"slices"
	"strings"

	"github.com/awsposture/posture/detective/trail/rule"
	"github.com/awsposture/posture/detective/trail/schema"
)

// linter goes through one rule after the other.
type linter struct {
	rule string
	out  []Problem
}

func (l *linter) add(p Problem) {
	p.Rule = l.rule
	if !slices.ContainsFunc(l.out, func(q Problem) bool { return q.String() == p.String() }) {
		l.out = append(l.out, p)
	}
}

// context is what is known of an event where an expression stands.
type context struct {
	base    string   // the path of the object that paths begin at
	limited bool     // the source is one of sources
	sources []string // in lower case where the comparison is without case
	like    rule.Or  // patterns of names that are alternatives to it
}

// live reports whether an event may hold x, and notes what in it cannot be.
func (l *linter) live(x rule.Expr, c context) bool {
	switch x := x.(type) {
	case rule.And:
		if s, ok := l.sources(x); ok {
			c = c.with(s)
		}
		ok := l.agree(x, c)
		if c.limited && len(c.sources) == 0 {
			c.limited = false // its parts are judged each by itself
		}
		for _, y := range x {
			if !l.live(y, c) {
				ok = false
			}
		}
		return ok
	case rule.Or:
		ok := false
		for _, y := range x {
			if a, is := y.(*rule.Atom); is && a.Path.String() == "eventName" && a.Op != rule.OpIn {
				c.like = append(slices.Clip(c.like), a)
			}
		}
		for _, y := range x {
			// Each alternative may be of a source of its own.
			if l.live(y, c) {
				ok = true
			}
		}
		return ok
	case rule.Not:
		l.live(x.X, c)
		return x.X != rule.Const(true)
	case rule.Some:
		at := join(c.base, x.Path.String())
		ok := x.Path.IsStrict() || l.path(at)
		c.base = at
		// An object that is not there is judged as an empty one, which what
		// is negated inside may hold.
		return l.live(x.X, c) && ok
	case rule.Const:
		return bool(x)
	case *rule.Atom:
		return l.atom(x, c)
	}
	return true
}

func (c context) with(sources []string) context {
	if c.limited {
		sources = slices.DeleteFunc(slices.Clone(sources), func(s string) bool { return !slices.Contains(c.sources, s) })
	}
	c.limited, c.sources = true, sources
	return c
}

// sources are the event sources that an expression leaves, when it names them.
func (l *linter) sources(x rule.Expr) ([]string, bool) {
	switch x := x.(type) {
	case rule.And:
		var all []string
		some := false
		for _, y := range x {
			if s, ok := l.sources(y); ok {
				if some {
					all = slices.DeleteFunc(slices.Clone(all), func(t string) bool { return !slices.Contains(s, t) })
				} else {
					all, some = s, true
				}
			}
		}
		return all, some
	case rule.Or:
		var all []string
		for _, y := range x {
			s, ok := l.sources(y)
			if !ok {
				return nil, false
			}
			all = append(all, s...)
		}
		return all, len(x) > 0
	case *rule.Atom:
		if x.Path.String() != "eventSource" || x.Neg || x.Op != rule.OpIn {
			return nil, false
		}
		var all []string
		for _, t := range x.Texts {
			if x.Fold {
				t = strings.ToLower(t)
			}
			all = append(all, t)
		}
		return all, true
	}
	return nil, false
}

// agree reports whether the tests for whole values that are joined leave a
// value, for members that hold only one.
func (l *linter) agree(x rule.And, c context) bool {
	if c.limited && len(c.sources) == 0 {
		l.add(Problem{Level: Never, Path: "eventSource", Reason: "no event is of two sources"})
		return false
	}
	ok := true
	left := map[string][]string{}
	for _, y := range x {
		a, is := y.(*rule.Atom)
		if !is || a.Neg || a.Op != rule.OpIn || c.base != "" || !single(a.Path.String()) {
			continue
		}
		p := a.Path.String()
		var low []string
		for _, t := range a.Texts {
			low = append(low, strings.ToLower(t))
		}
		if had, seen := left[p]; seen {
			low = slices.DeleteFunc(low, func(t string) bool { return !slices.Contains(had, t) })
			if len(low) == 0 && ok {
				l.add(Problem{Level: Never, Path: p, Reason: "two tests of it exclude each other"})
				ok = false
			}
		}
		left[p] = low
	}
	return ok
}

// single reports whether a member holds one text.
func single(path string) bool {
	if path == "userIdentity.type" || path == "userIdentity.arn" || path == "userIdentity.accountId" {
		return true
	}
	return !strings.Contains(path, ".") && schema.KnownPath(path) && !schema.KnownPath(path+".x")
}

func join(base, path string) string {
	if base == "" || path == "" {
		return base + path
	}
	return base + "." + path
}
