package iam

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/awsposture/posture"
)

// statement is one statement of a policy document, its single values and lists
// in one form. What a policy allows is asked only through the functions of this
// file and of grants.go.
type statement struct {
	Label        string // its Sid, or "statement N", counted from 1
	Allow        bool
	Principals   map[string][]string // by kind: AWS, Service, Federated, CanonicalUser; "*" is AWS "*"
	NotPrincipal bool
	Actions      []string
	NotActions   []string
	Resources    []string
	NotResources []string
	Conditions   []condition
}

// condition is one key under one operator.
type condition struct {
	Operator string // as written, "ForAnyValue:StringLike"
	Key      string // lower case
	Values   []string
}

// statements reads a policy document. A document that does not parse is an error
// of kind CauseMalformed.
func statements(doc string) ([]statement, error) {
	var raw struct {
		Statement oneOrMany[struct {
			Sid, Effect             string
			Principal, NotPrincipal json.RawMessage
			Action, NotAction       oneOrMany[string]
			Resource, NotResource   oneOrMany[string]
			Condition               map[string]map[string]oneOrMany[any]
		}]
	}
	if err := json.Unmarshal([]byte(doc), &raw); err != nil {
		return nil, &posture.Cause{Kind: posture.CauseMalformed, Message: fmt.Sprintf("the policy document does not parse: %v", err)}
	}
	if len(raw.Statement) == 0 {
		return nil, &posture.Cause{Kind: posture.CauseMalformed, Message: "the policy document has no statement"}
	}
	var out []statement
	for i, s := range raw.Statement {
		st := statement{
			Label: s.Sid, Allow: s.Effect == "Allow", NotPrincipal: s.NotPrincipal != nil,
			Actions: s.Action, NotActions: s.NotAction, Resources: s.Resource, NotResources: s.NotResource,
		}
		if st.Label == "" {
			st.Label = fmt.Sprintf("statement %d", i+1)
		}
		if s.Effect != "Allow" && s.Effect != "Deny" {
			return nil, &posture.Cause{Kind: posture.CauseMalformed, Message: fmt.Sprintf("%s of the policy document has the effect %q", st.Label, s.Effect)}
		}
		if s.Principal != nil {
			var err error
			if st.Principals, err = principals(s.Principal); err != nil {
				return nil, &posture.Cause{Kind: posture.CauseMalformed, Message: fmt.Sprintf("the principal of %s does not parse: %v", st.Label, err)}
			}
		}
		for _, operator := range sortedKeys(s.Condition) {
			for _, key := range sortedKeys(s.Condition[operator]) {
				c := condition{Operator: operator, Key: strings.ToLower(key)}
				for _, v := range s.Condition[operator][key] {
					c.Values = append(c.Values, fmt.Sprint(v))
				}
				st.Conditions = append(st.Conditions, c)
			}
		}
		out = append(out, st)
	}
	return out, nil
}

func principals(raw json.RawMessage) (map[string][]string, error) {
	var all string
	if json.Unmarshal(raw, &all) == nil {
		if all != "*" {
			return nil, fmt.Errorf("%q is neither * nor an object", all)
		}
		return map[string][]string{"AWS": {"*"}}, nil
	}
	var byKind map[string]oneOrMany[string]
	if err := json.Unmarshal(raw, &byKind); err != nil {
		return nil, err
	}
	out := map[string][]string{}
	for kind, list := range byKind {
		out[kind] = list
	}
	return out, nil
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
