package iam

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/iam/policy"
)

// PolicyFullAdmin judges that no customer managed and no inline policy allows
// every action on every resource. Package policy decides: several statements that
// together allow everything do, a Deny or a condition that narrows them counts. Everything but for a
// condition is Unknown, since whether the condition is a bar depends on requests. AWS
// managed policies are judged by who holds them, not here.
type PolicyFullAdmin struct{ Account *Account }

// Control implements posture.Evaluator.
func (e PolicyFullAdmin) Control() posture.Control {
	return posture.Control{
		ID:       "iam.policy-full-admin",
		Title:    "No policy of yours allows everything",
		Doc:      "A policy that allows * on * hides an administrator under another name. Write down what the work needs; where it really is administration, attach the AWS managed policy AdministratorAccess, which everybody looks for.",
		Severity: posture.High, Scope: posture.Global, Resource: "AWS::IAM::Policy",
		Requires: []string{"iam:GetAccountAuthorizationDetails"},
	}
}

// Place implements posture.Evaluator.
func (e PolicyFullAdmin) Place() posture.Place { return e.Account.Place() }

// Evaluate implements posture.Evaluator.
func (e PolicyFullAdmin) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c, a := e.Control(), e.Account
	docs, err := a.documents(ctx)
	var fs []posture.Finding
	for _, d := range docs {
		f := judgeAdmin(c, d).Part(d.part)
		f.Tags = d.tags
		fs = append(fs, f)
	}
	return c.Judged(fs, err, a.account(), "There is no customer managed and no inline policy.")
}

// CauseUndecided is the cause of a verdict that hangs on a condition whose
// outcome nobody can tell without the request.
const CauseUndecided posture.CauseKind = "undecided"

func judgeAdmin(c posture.Control, d policyDocument) posture.Finding {
	all, err := statements(d.text)
	if err != nil {
		return c.Unknown(d.holder, fmt.Errorf("%s: %w", d.name, err))
	}
	seen := PolicyEvidence{Policy: d.name}
	// Most policies need no engine: without such a statement an action that does
	// not exist yet is not allowed.
	wide := slices.DeleteFunc(slices.Clone(all), func(s statement) bool { return !s.anyService() })
	if len(wide) == 0 {
		return c.Pass(d.holder, seen)
	}
	doc, err := policy.Parse(policy.Identity, d.name, []byte(d.text))
	if err != nil {
		return c.Unknown(d.holder, &posture.Cause{Kind: posture.CauseMalformed, Message: fmt.Sprintf("%s: %v", d.name, err)})
	}
	answer, err := policy.Administrator([]*policy.Document{doc}, policy.Semantics{}, policy.EmbeddedCatalog())
	switch {
	case err != nil:
		return c.Unknown(d.holder, &posture.Cause{Kind: posture.CauseMalformed, Message: fmt.Sprintf("%s: %v", d.name, err)})
	case answer.Result == policy.No:
		return c.Pass(d.holder, seen)
	case answer.Result == policy.Unknown:
		return c.Unknown(d.holder, &posture.Cause{Kind: CauseUndecided, Message: d.name + ": " + answer.Reason})
	}
	for _, s := range wide {
		seen.Statements = append(seen.Statements, s.Label)
	}
	seen.Allows = []string{"everything"}
	return c.Fail(d.holder, seen)
}

// anyService tells whether the statement allows actions of services that it does
// not name.
func (s statement) anyService() bool {
	return s.Allow && (len(s.NotActions) > 0 || slices.ContainsFunc(s.Actions, func(a string) bool {
		service, _, _ := strings.Cut(a, ":")
		return strings.ContainsAny(service, "*?")
	}))
}
