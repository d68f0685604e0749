package organization

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/awsposture/posture"
)

const leave = "organizations:LeaveOrganization"

// LeaveDenied judges that a service control policy keeps every member account
// from leaving the organization, whoever in it asks: a Deny that has a condition
// leaves somebody out and does not count. See "Prevent member accounts from leaving the
// organization" among the SCP examples of the AWS Organizations User Guide.
type LeaveDenied struct{ Organization *Organization }

// LeaveDeniedEvidence is what the SCPs on an account say of leaving.
type LeaveDeniedEvidence struct {
	Account     string   `json:"account"`
	Name        string   `json:"name"`
	Enabled     bool     `json:"scpsEnabled"`
	Denying     []string `json:"denying"`     // names of the SCPs that deny it always
	Conditional []string `json:"conditional"` // names of those that deny it under a condition
	NotAllowed  []string `json:"notAllowed"`  // the root, units or account at which no SCP allows it
}

// String says it in a sentence.
func (e LeaveDeniedEvidence) String() string {
	who := fmt.Sprintf("Account %s (%s)", e.Account, e.Name)
	switch {
	case !e.Enabled:
		return who + " can leave the organization: SCPs are not enabled."
	case len(e.Denying) > 0:
		return fmt.Sprintf("%s is kept from leaving the organization by %s.", who, strings.Join(e.Denying, ", "))
	case len(e.NotAllowed) > 0:
		return fmt.Sprintf("%s is not allowed to leave the organization at %s.", who, strings.Join(e.NotAllowed, ", "))
	case len(e.Conditional) > 0:
		return fmt.Sprintf("%s is kept from leaving the organization under a condition only, by %s.", who, strings.Join(e.Conditional, ", "))
	}
	return who + " can leave the organization: no SCP denies it."
}

// Control implements posture.Evaluator.
func (e LeaveDenied) Control() posture.Control {
	return posture.Control{
		ID:       "iam.organization-leave-denied",
		Title:    "Member accounts cannot leave the organization",
		Doc:      "An account that leaves is at once under no control policy, no organization trail and no central watch: it is what an attacker with its root user does first. Deny " + leave + " on * by an SCP without conditions on the root.",
		Severity: posture.High, Scope: posture.Organization, Resource: "AWS::Organizations::Account",
		Requires: scpRequires(),
	}
}

// Place implements posture.Evaluator.
func (e LeaveDenied) Place() posture.Place { return e.Organization.Place() }

// Evaluate implements posture.Evaluator.
func (e LeaveDenied) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c, o := e.Control(), e.Organization
	return o.eachUnderSCPs(ctx, c, func(a Account, enabled bool, levels []scpLevel) (posture.Finding, bool) {
		seen := LeaveDeniedEvidence{Account: a.ID, Name: a.Name, Enabled: enabled}
		for _, l := range levels {
			allowed := false
			for _, p := range l.Policies {
				always, sometimes := deniesLeave(p.Statements)
				switch {
				case always:
					seen.Denying = append(seen.Denying, p.Name)
				case sometimes:
					seen.Conditional = append(seen.Conditional, p.Name)
				}
				allowed = allowed || slices.ContainsFunc(p.Statements, func(s statement) bool { return s.Allow && s.speaksOf(leave) })
			}
			if !allowed {
				seen.NotAllowed = append(seen.NotAllowed, l.Target)
			}
		}
		if len(seen.Denying)+len(seen.NotAllowed) == 0 {
			return c.Fail(o.accountResource(a), seen), !enabled
		}
		return c.Pass(o.accountResource(a), seen), len(seen.Denying) > 0
	})
}

// deniesLeave tells whether a policy denies leaving: always, or under a condition.
func deniesLeave(list []statement) (always, sometimes bool) {
	for _, s := range list {
		if s.Allow || !s.speaksOf(leave) {
			continue
		}
		if len(s.Conditions) == 0 {
			always = true
		} else {
			sometimes = true
		}
	}
	return always, sometimes
}
