package organization

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/internal/wildcard"
)

// statement is one statement of a policy document, its single values and lists
// in one form.
type statement struct {
	Allow                   bool
	Principals              []string // of kind AWS; "*" is everybody
	Actions, NotActions     []string
	Resources, NotResources []string
	Conditions              []condition
}

// condition is one key under one operator.
type condition struct {
	Operator, Key string // lower case
	Values        []string
}

// statements reads a policy document. A document that does not parse is an error
// of kind CauseMalformed that names the policy.
func statements(name, doc string) ([]statement, error) {
	bad := func(format string, args ...any) error {
		return &posture.Cause{Kind: posture.CauseMalformed, Message: "policy " + name + " does not parse: " + fmt.Sprintf(format, args...)}
	}
	var raw struct {
		Statement oneOrMany[struct {
			Effect                string
			Principal             json.RawMessage
			Action, NotAction     oneOrMany[string]
			Resource, NotResource oneOrMany[string]
			Condition             map[string]map[string]oneOrMany[any]
		}]
	}
	if err := json.Unmarshal([]byte(doc), &raw); err != nil {
		return nil, bad("%v", err)
	}
	if len(raw.Statement) == 0 {
		return nil, bad("it has no statement")
	}
	var out []statement
	for i, s := range raw.Statement {
		st := statement{Allow: s.Effect == "Allow", Actions: s.Action, NotActions: s.NotAction, Resources: s.Resource, NotResources: s.NotResource}
		if s.Effect != "Allow" && s.Effect != "Deny" {
			return nil, bad("statement %d has the effect %q", i+1, s.Effect)
		}
		var err error
		if st.Principals, err = awsPrincipals(s.Principal); err != nil {
			return nil, bad("the principal of statement %d: %v", i+1, err)
		}
		for operator, keys := range s.Condition {
			for key, values := range keys {
				c := condition{Operator: strings.ToLower(operator), Key: strings.ToLower(key)}
				for _, v := range values {
					c.Values = append(c.Values, fmt.Sprint(v))
				}
				st.Conditions = append(st.Conditions, c)
			}
		}
		out = append(out, st)
	}
	return out, nil
}

func awsPrincipals(raw json.RawMessage) ([]string, error) {
	if raw == nil {
		return nil, nil
	}
	var all string
	if json.Unmarshal(raw, &all) == nil {
		return []string{all}, nil
	}
	var byKind map[string]oneOrMany[string]
	err := json.Unmarshal(raw, &byKind)
	return byKind["AWS"], err
}

// speaksOf tells whether the statement is about an action that takes no resource,
// so that its resource must be *.
func (s statement) speaksOf(action string) bool {
	return (covers(s.Actions, action) || len(s.NotActions) > 0 && !covers(s.NotActions, action)) &&
		(covers(s.Resources, "*") || len(s.NotResources) > 0 && !covers(s.NotResources, "*"))
}

// allowsAll tells whether the statement takes nothing away: * on *, always.
func (s statement) allowsAll() bool {
	return s.Allow && slices.Contains(s.Actions, "*") && slices.Contains(s.Resources, "*") && len(s.Conditions) == 0
}

func covers(patterns []string, name string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool { return wildcard.Match(strings.ToLower(p), strings.ToLower(name)) })
}

// oneOrMany reads a value or a list of values.
type oneOrMany[T any] []T

// UnmarshalJSON implements json.Unmarshaler.
func (o *oneOrMany[T]) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '[' {
		var many []T
		if err := json.Unmarshal(b, &many); err != nil {
			return err
		}
		*o = many
		return nil
	}
	var one T
	if err := json.Unmarshal(b, &one); err != nil {
		return err
	}
	*o = oneOrMany[T]{one}
	return nil
}
