package iam

import (
	"slices"
	"strings"
)

// serviceWide gives the services of which the statement allows every action.
// Allow with NotAction gives every service but the few actions named.
func (s statement) serviceWide() (services []string) {
	if !s.Allow {
		return nil
	}
	if len(s.NotActions) > 0 {
		return []string{"every service but " + strings.Join(s.NotActions, ", ")}
	}
	for _, a := range s.Actions {
		service, name, found := strings.Cut(a, ":")
		if a == "*" || found && name == "*" {
			services = append(services, strings.ToLower(service))
		}
	}
	return services
}

// onEverything gives those of actions that the statement allows on every
// resource, without condition.
func (s statement) onEverything(actions []string) (allowed []string) {
	if !s.Allow || len(s.Conditions) > 0 || !slices.Contains(s.Resources, "*") {
		return nil
	}
	for _, a := range actions {
		if s.acts(a) {
			allowed = append(allowed, a)
		}
	}
	return allowed
}

// acts tells whether the statement's actions have action among them.
func (s statement) acts(action string) bool {
	among := func(patterns []string) bool {
		return slices.ContainsFunc(patterns, func(p string) bool { return glob(strings.ToLower(p), strings.ToLower(action)) })
	}
	if len(s.NotActions) > 0 {
		return !among(s.NotActions)
	}
	return among(s.Actions)
}

// glob tells whether text matches a pattern with * and ?, in linear space and
// without backtracking beyond the last star.
func glob(pattern, text string) bool {
	p, t, star, mark := 0, 0, -1, 0
	for t < len(text) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, mark = p, t
			p++
		case p < len(pattern) && (pattern[p] == '?' || pattern[p] == text[t]):
			p++
			t++
		case star >= 0:
			mark++
			p, t = star+1, mark
		default:
			return false
		}
	}
	for p < len(pattern) && pattern[p] == '*' {
		p++
	}
	return p == len(pattern)
}

// requires tells whether a condition lets a request pass only with one of the
// condition's values under the key: a positive operator, on a key that must be
// there. ForAllValues and …IfExists let a request without the key pass.
func (s statement) requires(key string, acceptable func(value string) bool) bool {
	return slices.ContainsFunc(s.Conditions, func(c condition) bool {
		return c.Key == strings.ToLower(key) && c.positive() && len(c.Values) > 0 && !slices.ContainsFunc(c.Values, func(v string) bool { return !acceptable(v) })
	})
}

func (c condition) positive() bool {
	operator := strings.TrimPrefix(c.Operator, "ForAnyValue:")
	if strings.HasPrefix(operator, "ForAllValues:") || strings.HasSuffix(operator, "IfExists") {
		return false
	}
	switch operator {
	case "StringEquals", "StringEqualsIgnoreCase", "StringLike", "ArnEquals", "ArnLike":
		return true
	}
	return false
}

// narrow tells whether a condition value leaves anything out.
func narrow(v string) bool { return strings.Trim(v, "*?") != "" }
