package iam

import (
	"slices"
	"strings"

	"github.com/awsposture/posture/internal/wildcard"
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
		return slices.ContainsFunc(patterns, func(p string) bool { return wildcard.Match(strings.ToLower(p), strings.ToLower(action)) })
	}
	if len(s.NotActions) > 0 {
		return !among(s.NotActions)
	}
	return among(s.Actions)
}
