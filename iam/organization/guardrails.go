package organization

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/awsposture/posture"
)

// Guardrails judges that every member account is under a service control policy
// that takes something away: one with a Deny, or a level at which nothing allows
// everything. FullAWSAccess alone, or a copy of it, is no guardrail. What the
// policies deny is not weighed. See "SCP evaluation" in the AWS Organizations
// User Guide.
type Guardrails struct{ Organization *Organization }

// GuardrailsEvidence is what bounds an account.
type GuardrailsEvidence struct {
	Account    string   `json:"account"`
	Name       string   `json:"name"`
	Enabled    bool     `json:"scpsEnabled"`
	Denying    []string `json:"denying"`    // names of the SCPs on it that deny something
	AllowLists []string `json:"allowLists"` // the root, units or account at which not everything is allowed
}

// String says it in a sentence.
func (e GuardrailsEvidence) String() string {
	who := fmt.Sprintf("Account %s (%s)", e.Account, e.Name)
	switch {
	case !e.Enabled:
		return who + " is under no SCP: the policy type is not enabled."
	case len(e.Denying) > 0:
		return fmt.Sprintf("%s is denied something by %s.", who, strings.Join(e.Denying, ", "))
	case len(e.AllowLists) > 0:
		return fmt.Sprintf("%s is not allowed everything at %s.", who, strings.Join(e.AllowLists, ", "))
	}
	return who + " is under no SCP that takes anything away."
}

// Control implements posture.Evaluator.
func (e Guardrails) Control() posture.Control {
	return posture.Control{
		ID:       "iam.organization-guardrails",
		Title:    "Service control policies set guardrails on every account",
		Doc:      "An account that is under FullAWSAccess alone is bounded by nothing but its own administrators' policies: who takes one of them over may switch off its logs and open its data. Attach an SCP that denies what no account may do to the root, to a unit or to the account.",
		Severity: posture.High, Scope: posture.Organization, Resource: "AWS::Organizations::Account",
		Requires: scpRequires(),
	}
}

// Place implements posture.Evaluator.
func (e Guardrails) Place() posture.Place { return e.Organization.Place() }

// Evaluate implements posture.Evaluator.
func (e Guardrails) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c, o := e.Control(), e.Organization
	return o.eachUnderSCPs(ctx, c, func(a Account, enabled bool, levels []scpLevel) (posture.Finding, bool) {
		seen := GuardrailsEvidence{Account: a.ID, Name: a.Name, Enabled: enabled}
		for _, l := range levels {
			full := false
			for _, p := range l.Policies {
				full = full || slices.ContainsFunc(p.Statements, statement.allowsAll)
				if denies(p.Statements) && !slices.Contains(seen.Denying, p.Name) {
					seen.Denying = append(seen.Denying, p.Name)
				}
			}
			if !full {
				seen.AllowLists = append(seen.AllowLists, l.Target)
			}
		}
		if len(seen.Denying)+len(seen.AllowLists) == 0 {
			return c.Fail(o.accountResource(a), seen), !enabled
		}
		return c.Pass(o.accountResource(a), seen), len(seen.Denying) > 0
	})
}

func denies(list []statement) bool {
	return slices.ContainsFunc(list, func(s statement) bool { return !s.Allow })
}
