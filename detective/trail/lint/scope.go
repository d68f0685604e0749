package lint

import (
	"slices"
	"strings"

	"github.com/awsposture/posture/detective/trail/rule"
	"github.com/awsposture/posture/detective/trail/schema"
)

// scope is what an alternative of a condition says of an event's source and
// name. A name may end in *.
type scope struct {
	sources, names       []string
	sourcesSet, namesSet bool
}

// maxScopes bounds the alternatives; beyond it nothing is known.
const maxScopes = 300

// scopesOf are the alternatives of a condition.
func scopesOf(x rule.Expr) []scope {
	switch x := x.(type) {
	case rule.Or:
		var out []scope
		for _, y := range x {
			out = append(out, scopesOf(y)...)
		}
		if len(out) > maxScopes {
			return []scope{{}}
		}
		return out
	case rule.And:
		out := []scope{{}}
		for _, y := range x {
			more := scopesOf(y)
			if len(out)*len(more) > maxScopes {
				continue // a wider scope is right, if not as sharp
			}
			var next []scope
			for _, a := range out {
				for _, b := range more {
					if s, ok := a.and(b); ok {
						next = append(next, s)
					}
				}
			}
			out = next
		}
		return out
	case *rule.Atom:
		return []scope{atomScope(x)}
	}
	return []scope{{}}
}

func atomScope(a *rule.Atom) (s scope) {
	path := a.Path.String()
	if a.Neg || path != "eventSource" && path != "eventName" {
		return s
	}
	var texts []string
	for _, t := range a.Texts {
		switch a.Op {
		case rule.OpIn:
		case rule.OpPrefix:
			t += "*"
		case rule.OpGlob:
			i := strings.IndexAny(t, `*?\`)
			if i >= 0 {
				t = t[:i] + "*"
			}
		default:
			return s
		}
		if path == "eventSource" {
			t = strings.ToLower(t)
		} else if real := load().folded[strings.ToLower(t)]; a.Fold && real != "" {
			t = real
		}
		texts = append(texts, t)
	}
	if texts == nil || a.Op != rule.OpIn && path == "eventSource" {
		return s
	}
	if path == "eventSource" {
		return scope{sources: texts, sourcesSet: true}
	}
	return scope{names: texts, namesSet: true}
}

// and joins two scopes; ok is false when no event is in both.
func (s scope) and(t scope) (scope, bool) {
	out := scope{sourcesSet: s.sourcesSet || t.sourcesSet, namesSet: s.namesSet || t.namesSet}
	join := func(a, b []string, aSet, bSet bool) []string {
		switch {
		case !aSet:
			return b
		case !bSet:
			return a
		}
		var both []string
		for _, x := range a {
			if slices.ContainsFunc(b, func(y string) bool { return within(x, y) }) {
				both = append(both, x)
			}
		}
		for _, y := range b {
			if !slices.Contains(both, y) && slices.ContainsFunc(a, func(x string) bool { return within(y, x) }) {
				both = append(both, y)
			}
		}
		return both
	}
	out.sources = join(s.sources, t.sources, s.sourcesSet, t.sourcesSet)
	out.names = join(s.names, t.names, s.namesSet, t.namesSet)
	return out, !(out.sourcesSet && out.sources == nil || out.namesSet && out.names == nil)
}

// within reports whether what x stands for is part of what y stands for.
func within(x, y string) bool {
	if p, ok := strings.CutSuffix(y, "*"); ok {
		return strings.HasPrefix(x, p)
	}
	return x == y
}

// mayCover is false when b cannot be expected to match all that a matches: it
// names fewer events, or asks for a member that a says nothing of.
func mayCover(b, a []scope, xb, xa rule.Expr) bool {
	names := map[string]bool{"eventSource": true, "eventName": true, "eventType": true}
	rule.Walk(xa, func(at *rule.Atom) { names[at.Path.String()] = true })
	if and, ok := xb.(rule.And); ok && slices.ContainsFunc(and, func(y rule.Expr) bool {
		at, is := y.(*rule.Atom)
		return is && !names[at.Path.String()]
	}) {
		return false
	}
	return !slices.ContainsFunc(a, func(s scope) bool {
		has := func(name string) bool {
			return slices.ContainsFunc(b, func(t scope) bool {
				return (!t.namesSet || slices.ContainsFunc(t.names, func(y string) bool { return within(name, y) })) &&
					(!s.sourcesSet || !t.sourcesSet || slices.ContainsFunc(s.sources, func(x string) bool { return slices.Contains(t.sources, x) }))
			})
		}
		if !s.namesSet {
			return !has("")
		}
		return slices.ContainsFunc(s.names, func(n string) bool { return !has(n) })
	})
}

type eventKind uint8

const (
	otherEvent eventKind = iota
	dataEvent
	readEvent
)

// kindOf tells what an event is: a data event, with the resource type that
// records it, a read-only management event, or another. It is a data event
// wholly when it is one of every source that may have written it.
func kindOf(s scope, name string) (kind eventKind, typ string, wholly bool) {
	plain := schema.Normalize(strings.TrimSuffix(name, "*"))
	sources := s.sources
	if !s.sourcesSet {
		sources = load().names[plain]
	}
	wholly = true
	for _, src := range sources {
		if t := dataType(src, plain); t != "" {
			typ = t
		} else {
			wholly = false
		}
	}
	if typ != "" {
		return dataEvent, typ, wholly
	}
	return readOrOther(sources, plain), "", true
}

func readOrOther(sources []string, name string) eventKind {
	if slices.Contains(sources, "signin.amazonaws.com") || name == "GetSessionToken" || name == "GetFederationToken" {
		return otherEvent // they issue credentials, and count as changes
	}
	for _, p := range []string{"Get", "List", "Describe", "BatchGet", "BatchDescribe", "Head", "Lookup", "Search", "Simulate"} {
		if strings.HasPrefix(name, p) {
			return readEvent
		}
	}
	// They issue credentials too, but are marked as reads.
	if strings.HasPrefix(name, "AssumeRole") {
		return readEvent
	}
	return otherEvent
}
