package advisor

import (
	"context"
	"fmt"

	"github.com/awsposture/posture"
)

// DeprecatedUse judges that no stored configuration names a check that AWS does
// not offer any more: a call that names one fails, and an event rule on one never
// fires. The configuration is Account.Configured. See "Change log for AWS Trusted
// Advisor checks" in the AWS Support User Guide.
type DeprecatedUse struct{ Account *Account }

// DeprecatedEvidence is a check that configuration names.
type DeprecatedEvidence struct {
	Check      string `json:"check"`
	Name       string `json:"name,omitempty"`
	Deprecated bool   `json:"deprecated"`
	Until      string `json:"until,omitempty"`
	ReplacedBy string `json:"replacedBy,omitempty"`
}

// String says it in a sentence.
func (e DeprecatedEvidence) String() string {
	if !e.Deprecated {
		return "Configuration names the check " + e.Check + ", which is not known to be deprecated."
	}
	s := fmt.Sprintf("Configuration names the check %s, %q, which AWS does not offer any more", e.Check, e.Name)
	if e.ReplacedBy != "" {
		s += "; what took its place is " + e.ReplacedBy
	}
	return s + "."
}

// Control implements posture.Evaluator.
func (e DeprecatedUse) Control() posture.Control {
	return posture.Control{
		ID:       "advisor.deprecated-use",
		Title:    "Configuration names no check that is deprecated",
		Doc:      "A rule, dashboard or script on a check that is gone stays silent, which looks as if all were well. Name the check that took its place.",
		Severity: posture.Low, Scope: posture.Global, Resource: typeCheck,
		Params: []posture.Param{{Name: "table", Value: "AWS Trusted Advisor check reference", Default: "AWS Trusted Advisor check reference", AsOf: TableAsOf}},
	}
}

// Place implements posture.Evaluator.
func (e DeprecatedUse) Place() posture.Place { return e.Account.Place() }

// Evaluate implements posture.Evaluator.
func (e DeprecatedUse) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c, a := e.Control(), e.Account
	ids, err := a.Configured.Get(ctx, "the checks that stored configuration names")
	var fs []posture.Finding
	seen := map[string]bool{}
	for _, id := range ids {
		if seen[id] {
			continue
		}
		seen[id] = true
		k, _ := Table().Find(id)
		judge := c.Pass
		if k.Deprecated {
			judge = c.Fail
		}
		fs = append(fs, judge(a.check(id), DeprecatedEvidence{id, k.Name, k.Deprecated, k.Until, k.ReplacedBy}))
	}
	return c.Judged(fs, err, a.account(), "No configuration names a check.")
}
