package advisor

import (
	"context"

	"github.com/awsposture/posture"
)

// Entitlement is whether an account may ask Trusted Advisor's API.
type Entitlement string

// The entitlements.
const (
	IsEntitled  Entitlement = "entitled"
	NotEntitled Entitlement = "not-entitled" // its support plan does not include the API
	NotOffered  Entitlement = "not-offered"  // the partition does not have Trusted Advisor
)

// entitlement gives the results, where the account may have them. With any other
// state it gives no error; where the state itself is not known it gives one.
func (a *Account) entitlement(ctx context.Context) ([]Result, Entitlement, error) {
	if a.place.Partition == "aws-cn" { // it answers there, and has nothing to say
		return nil, NotOffered, nil
	}
	results, err := a.Results(ctx)
	if state := a.refusal(err); state != IsEntitled {
		return nil, state, nil
	}
	return results, IsEntitled, err
}

// refusal is the state that an error of the API tells of; IsEntitled is none, and
// an error that tells of no state.
func (a *Account) refusal(err error) Entitlement {
	switch c := posture.CauseOf(err); {
	case c == nil:
	case c.Kind == posture.CauseNotEntitled:
		return NotEntitled
	case c.Kind == posture.CauseClosedRegion && a.place.Partition != "aws" && a.place.Partition != "":
		return NotOffered // the service has no endpoint in the partition
	}
	return IsEntitled
}

// Entitlement reads whether the account may ask Trusted Advisor's API. The answer
// of the API decides, not the name of a support plan.
func (a *Account) Entitlement(ctx context.Context) (Entitlement, error) {
	_, state, err := a.entitlement(ctx)
	if err != nil {
		return "", err
	}
	return state, nil
}

// unasked says why what only Trusted Advisor could tell is not applicable.
func (e Entitlement) unasked() string {
	if e == NotOffered {
		return "Trusted Advisor has no data in the partition."
	}
	return "The account's support plan does not include Trusted Advisor's API; what can be recomputed is judged by the advisor.local controls."
}

// entitled gives the results where the account may have them, with the error of
// the listing. Elsewhere it gives the one finding that an evaluator returns.
func (a *Account) entitled(ctx context.Context, c posture.Control) ([]Result, []posture.Finding, error) {
	results, state, err := a.entitlement(ctx)
	if state == IsEntitled {
		return results, nil, err
	}
	return nil, []posture.Finding{c.NotApplicable(a.account(), state.unasked())}, nil
}

// Entitled judges that the account may ask Trusted Advisor's API, where that is
// wanted. The API comes with a paid support plan, so that not having it fails only
// when Required says so. See "Compare AWS Support plans" and "AWS Trusted Advisor"
// in the AWS Support User Guide.
type Entitled struct {
	Account  *Account
	Required bool // default false
}

// EntitlementEvidence is the entitlement as the API answered.
type EntitlementEvidence struct {
	State  Entitlement `json:"state"`
	Checks int         `json:"checks,omitempty"` // how many checks the account is offered
}

// String says it in a sentence.
func (e EntitlementEvidence) String() string {
	switch e.State {
	case IsEntitled:
		return "The account may ask Trusted Advisor, which offers it " + plural(e.Checks, "check", "checks") + "."
	case NotOffered:
		return NotOffered.unasked()
	}
	return NotEntitled.unasked()
}

// Control implements posture.Evaluator.
func (e Entitled) Control() posture.Control {
	required := "false"
	if e.Required {
		required = "true"
	}
	return posture.Control{
		ID:       "advisor.entitled",
		Title:    "The account may ask Trusted Advisor",
		Doc:      "Without a support plan that includes its API, Trusted Advisor can be read in the console only, and only a few of its checks. Whether the plan is worth its price is the owner's to decide; nothing here subscribes to one.",
		Severity: posture.Informational, Scope: posture.Global, Resource: typeAccount,
		Requires: e.Account.actions().Results,
		Params:   []posture.Param{{Name: "required", Value: required, Default: "false"}},
	}
}

// Place implements posture.Evaluator.
func (e Entitled) Place() posture.Place { return e.Account.Place() }

// Evaluate implements posture.Evaluator.
func (e Entitled) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c, here := e.Control(), e.Account.account()
	results, state, err := e.Account.entitlement(ctx)
	if err != nil {
		return nil, err
	}
	seen := EntitlementEvidence{state, len(results)}
	switch {
	case state == IsEntitled:
		return []posture.Finding{c.Pass(here, seen)}, nil
	case e.Required:
		return []posture.Finding{c.Fail(here, seen)}, nil
	}
	return []posture.Finding{c.NotApplicable(here, state.unasked())}, nil
}
