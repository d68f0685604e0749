package iam

import (
	"cmp"
	"context"
	"fmt"
	"strconv"

	"github.com/awsposture/posture"
)

// PasswordRule judges one rule of the account's password policy for IAM users. An
// account without a policy has AWS's default one, which meets none of them but
// that users may change their password. See "Set an account password policy for IAM users" in the
// IAM User Guide.
type PasswordRule struct {
	Account *Account
	Rule    PasswordRuleName
	// Bound is the least number of characters or remembered passwords, or the most
	// days a password lives. Defaults: 14, 24, 90. Other rules have none.
	Bound int
}

// PasswordRuleName names a rule of the password policy.
type PasswordRuleName string

// The rules.
const (
	PasswordLength    PasswordRuleName = "length"
	PasswordReuse     PasswordRuleName = "reuse"
	PasswordExpiry    PasswordRuleName = "expiry"
	PasswordUppercase PasswordRuleName = "uppercase"
	PasswordLowercase PasswordRuleName = "lowercase"
	PasswordNumber    PasswordRuleName = "number"
	PasswordSymbol    PasswordRuleName = "symbol"
	PasswordChange    PasswordRuleName = "self-change"
)

// PasswordRuleEvidence is the policy that was judged.
type PasswordRuleEvidence struct {
	Policy PasswordPolicy `json:"policy"`
}

type passwordRule struct {
	title, doc, unit, source string
	severity                 posture.Severity
	standard                 int
	met                      func(p PasswordPolicy, bound int) bool
	seen                     func(p PasswordPolicy) string
}

// rule gives what sets the rules apart; a rule of no known name has no title,
// which Validate reports.
func (n PasswordRuleName) rule() passwordRule {
	set := func(b bool, what string) string {
		if b {
			return "The password policy requires " + what + "."
		}
		return "The password policy does not require " + what + "."
	}
	switch n {
	case PasswordLength:
		return passwordRule{
			"Passwords are long enough", "Length is what makes a password expensive to guess.", "characters", "CIS AWS Foundations; AWS FSBP IAM.15", posture.Medium, 14,
			func(p PasswordPolicy, bound int) bool { return p.MinLength >= bound },
			func(p PasswordPolicy) string {
				return fmt.Sprintf("The password policy asks for %d characters.", p.MinLength)
			},
		}
	case PasswordReuse:
		return passwordRule{
			"Passwords are not used again", "A password that leaked once must not come back.", "passwords", "CIS AWS Foundations; Security Hub IAM.16", posture.Low, 24,
			func(p PasswordPolicy, bound int) bool { return p.Remembered >= bound },
			func(p PasswordPolicy) string {
				return fmt.Sprintf("The password policy remembers %d passwords.", p.Remembered)
			},
		}
	case PasswordExpiry:
		return passwordRule{
			"Passwords expire", "PCI DSS asks for passwords of single-factor accounts to be changed in time.", "days", "Security Hub IAM.17", posture.Low, 90,
			func(p PasswordPolicy, bound int) bool { return p.MaxAgeDays > 0 && p.MaxAgeDays <= bound },
			func(p PasswordPolicy) string {
				if p.MaxAgeDays == 0 {
					return "Passwords do not expire."
				}
				return fmt.Sprintf("Passwords expire after %d days.", p.MaxAgeDays)
			},
		}
	case PasswordUppercase:
		return passwordRule{
			"Passwords have an uppercase letter", "More kinds of characters make guessing more expensive.", "", "Security Hub IAM.11", posture.Medium, 0,
			func(p PasswordPolicy, _ int) bool { return p.Uppercase }, func(p PasswordPolicy) string { return set(p.Uppercase, "an uppercase letter") },
		}
	case PasswordLowercase:
		return passwordRule{
			"Passwords have a lowercase letter", "More kinds of characters make guessing more expensive.", "", "Security Hub IAM.12", posture.Medium, 0,
			func(p PasswordPolicy, _ int) bool { return p.Lowercase }, func(p PasswordPolicy) string { return set(p.Lowercase, "a lowercase letter") },
		}
	case PasswordNumber:
		return passwordRule{
			"Passwords have a digit", "More kinds of characters make guessing more expensive.", "", "Security Hub IAM.14", posture.Medium, 0,
			func(p PasswordPolicy, _ int) bool { return p.Numbers }, func(p PasswordPolicy) string { return set(p.Numbers, "a digit") },
		}
	case PasswordSymbol:
		return passwordRule{
			"Passwords have a symbol", "More kinds of characters make guessing more expensive.", "", "Security Hub IAM.13", posture.Medium, 0,
			func(p PasswordPolicy, _ int) bool { return p.Symbols }, func(p PasswordPolicy) string { return set(p.Symbols, "a symbol") },
		}
	case PasswordChange:
		return passwordRule{
			"Users may change their own password", "Who suspects that a password is known must be able to change it at once, without an administrator.", "", "AWS FSBP IAM.7", posture.Low, 0,
			func(p PasswordPolicy, _ int) bool { return p.UsersChange },
			func(p PasswordPolicy) string {
				if p.UsersChange {
					return "Users may change their own password."
				}
				return "Users may not change their own password."
			},
		}
	}
	return passwordRule{met: func(PasswordPolicy, int) bool { return false }, seen: func(PasswordPolicy) string { return "There is no such rule." }}
}

// passwordRules are the rules, in the order of the suite.
func passwordRules() []PasswordRuleName {
	return []PasswordRuleName{PasswordLength, PasswordReuse, PasswordExpiry, PasswordUppercase, PasswordLowercase, PasswordNumber, PasswordSymbol, PasswordChange}
}

// Control implements posture.Evaluator.
func (e PasswordRule) Control() posture.Control {
	r := e.Rule.rule()
	c := posture.Control{
		ID: "iam.password-" + string(e.Rule), Title: r.title, Doc: r.doc + " Raise this rule of the account's password policy; the others stay as they are.",
		Severity: r.severity, Scope: posture.Global, Resource: "AWS::IAM::Account", Requires: []string{"iam:GetAccountPasswordPolicy"},
	}
	if r.standard > 0 {
		c.Params = []posture.Param{{Name: "bound", Value: strconv.Itoa(cmp.Or(e.Bound, r.standard)), Default: strconv.Itoa(r.standard), Unit: r.unit, Source: r.source}}
	}
	return c
}

// Place implements posture.Evaluator.
func (e PasswordRule) Place() posture.Place { return e.Account.Place() }

// Evaluate implements posture.Evaluator.
func (e PasswordRule) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	p, err := e.Account.PasswordPolicy(ctx)
	if err != nil {
		return nil, err
	}
	r, judge := e.Rule.rule(), e.Control().Fail
	if r.met(p.effective(), cmp.Or(e.Bound, r.standard)) {
		judge = e.Control().Pass
	}
	f := judge(e.Account.account(), PasswordRuleEvidence{p}).Detailf("%s", r.seen(p.effective()))
	if !p.Exists {
		f.Detail = "The account has no password policy, so AWS's default holds. " + f.Detail
	}
	return []posture.Finding{f}, nil
}

// effective is the policy that holds: AWS's default where the account has none.
// The default asks for three kinds of characters of four, which no single rule
// here accepts.
func (p PasswordPolicy) effective() PasswordPolicy {
	if p.Exists {
		return p
	}
	return PasswordPolicy{MinLength: 8, UsersChange: true}
}
