package organization

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/awsposture/posture"
)

// PolicyDelegation judges that the organization's resource policy lets a member
// account, and not any account, manage the organization's policies of the given
// types, so that nobody need sign in to the management account for it. See
// "Delegated administrator for AWS Organizations" in its User Guide.
type PolicyDelegation struct {
	Organization *Organization
	Types        []PolicyType // default SCP
}

// managing are the actions that managing policies takes at the least.
func managing() []string {
	return []string{"organizations:CreatePolicy", "organizations:UpdatePolicy", "organizations:AttachPolicy", "organizations:DetachPolicy"}
}

// PolicyDelegationEvidence is who may manage the organization's policies.
type PolicyDelegationEvidence struct {
	Policy   bool         `json:"resourcePolicy"` // there is one
	Types    []PolicyType `json:"types"`
	Accounts []string     `json:"accounts"` // that may manage all of the types
	Everyone bool         `json:"everyone"` // a statement for any account
}

// String says it in a sentence.
func (e PolicyDelegationEvidence) String() string {
	switch {
	case !e.Policy:
		return "The organization has no resource policy: its policies are managed from the management account."
	case e.Everyone:
		return "The organization's resource policy lets any of its accounts manage policies."
	case len(e.Accounts) == 0:
		return fmt.Sprintf("The organization's resource policy lets no member account manage %s.", join(e.Types))
	}
	return fmt.Sprintf("%s is managed from account %s.", join(e.Types), strings.Join(e.Accounts, ", "))
}

func join(types []PolicyType) string {
	words := make([]string, len(types))
	for i, t := range types {
		words[i] = string(t)
	}
	return strings.Join(words, ", ")
}

// Control implements posture.Evaluator.
func (e PolicyDelegation) Control() posture.Control {
	return posture.Control{
		ID:       "iam.organization-policy-delegation",
		Title:    "Organization policies are managed from a delegated administrator account",
		Doc:      "Whoever may sign in to the management account to write a policy may do everything there, bound by no policy. Put a resource policy on the organization that lets one member account create, update, attach and detach its policies.",
		Severity: posture.Medium, Scope: posture.Organization, Resource: "AWS::Organizations::ResourcePolicy",
		Requires: []string{"organizations:DescribeOrganization", "organizations:ListRoots", "organizations:DescribeResourcePolicy"},
		Params:   []posture.Param{{Name: "types", Value: join(e.types()), Default: string(SCP), Source: "CIS AWS Foundations 7.0, 2.1.5", AsOf: "2026-11"}},
	}
}

func (e PolicyDelegation) types() []PolicyType {
	if len(e.Types) == 0 {
		return []PolicyType{SCP}
	}
	return e.Types
}

// Place implements posture.Evaluator.
func (e PolicyDelegation) Place() posture.Place { return e.Organization.Place() }

// Evaluate implements posture.Evaluator.
func (e PolicyDelegation) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c, o := e.Control(), e.Organization
	return o.judged(ctx, c, func(ctx context.Context, id Identity) ([]posture.Finding, error) {
		doc, err := o.DelegationPolicy(ctx)
		if err != nil {
			return nil, err
		}
		here := o.place.Resource("AWS::Organizations::ResourcePolicy", id.ID, "")
		seen := PolicyDelegationEvidence{Policy: doc != "", Types: e.types()}
		if doc == "" {
			return []posture.Finding{c.Fail(here, seen)}, nil
		}
		list, err := statements("of the organization", doc)
		if err != nil {
			return nil, err
		}
		for _, account := range delegates(list) {
			if account != id.Management && delegated(list, account, e.types()) {
				seen.Accounts = append(seen.Accounts, account)
			}
		}
		seen.Everyone = slices.ContainsFunc(list, statement.opensManaging)
		judge := c.Fail
		if len(seen.Accounts) > 0 && !seen.Everyone {
			judge = c.Pass
		}
		return []posture.Finding{judge(here, seen)}, nil
	})
}

var accountPattern = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(?:arn:[a-z-]+:(?:iam|sts)::)?([0-9]{12})(?::.+)?$`)
})

// delegates are the accounts that a resource policy allows something.
func delegates(list []statement) (accounts []string) {
	for _, s := range list {
		for _, p := range s.Principals {
			if m := accountPattern().FindStringSubmatch(p); s.Allow && m != nil {
				accounts = append(accounts, m[1])
			}
		}
	}
	slices.Sort(accounts)
	return slices.Compact(accounts)
}

// delegated tells whether an account may do all that managing policies takes, for
// every type. Conditions but on the policy type narrow a grant and do not undo it.
// A Deny counts unless it has such a condition.
func delegated(list []statement, account string, types []PolicyType) bool {
	for _, t := range types {
		for _, action := range managing() {
			allowed := slices.ContainsFunc(list, func(s statement) bool { return s.Allow && s.grants(account, action, t) })
			denied := slices.ContainsFunc(list, func(s statement) bool {
				narrowed := slices.ContainsFunc(s.Conditions, func(c condition) bool { return c.Key != policyTypeKey })
				return !s.Allow && !narrowed && s.grants(account, action, t)
			})
			if !allowed || denied {
				return false
			}
		}
	}
	return true
}

const policyTypeKey = "organizations:policytype"

// grants tells whether the statement speaks of the account, the action and the
// policy type.
func (s statement) grants(account, action string, t PolicyType) bool {
	named := slices.ContainsFunc(s.Principals, func(p string) bool {
		m := accountPattern().FindStringSubmatch(p)
		return m != nil && m[1] == account || p == "*" && !s.Allow
	})
	if !named || !covers(s.Actions, action) && (len(s.NotActions) == 0 || covers(s.NotActions, action)) {
		return false
	}
	return !slices.ContainsFunc(s.Conditions, func(c condition) bool {
		if c.Key != policyTypeKey {
			return false
		}
		positive := strings.HasSuffix(strings.TrimSuffix(c.Operator, "ifexists"), "stringequals") || strings.HasSuffix(strings.TrimSuffix(c.Operator, "ifexists"), "stringlike")
		return !positive || !covers(c.Values, string(t))
	})
}

// opensManaging tells whether a statement lets any account manage policies.
func (s statement) opensManaging() bool {
	pinned := slices.ContainsFunc(s.Conditions, func(c condition) bool { return c.Key == "aws:principalaccount" || c.Key == "aws:principalarn" })
	return s.Allow && !pinned && slices.Contains(s.Principals, "*") && slices.ContainsFunc(managing(), func(action string) bool {
		return covers(s.Actions, action) || len(s.NotActions) > 0 && !covers(s.NotActions, action)
	})
}
