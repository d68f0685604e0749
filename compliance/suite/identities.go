package suite

import (
	"cmp"
	"context"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/advisor"
	"github.com/awsposture/posture/iam"
	"github.com/awsposture/posture/iam/policy"
	"github.com/awsposture/posture/shield"
)

// recompute gives Trusted Advisor's view what IAM tells of the checks that can be
// judged without it.
func recompute(a *advisor.Account, from *iam.Account) {
	account := from.Place().Resource("AWS::IAM::Account", from.Place().Account, from.Place().ARN("iam", "root"))
	a.Local = map[string]posture.Fact[[]advisor.Row]{
		advisor.CheckPasswordPolicy: func(ctx context.Context) ([]advisor.Row, error) {
			p, err := from.PasswordPolicy(ctx)
			if err != nil {
				return nil, err
			}
			return advisor.PasswordPolicy(advisor.PasswordPolicyFact{Account: account, Exists: p.Exists, Upper: p.Uppercase, Lower: p.Lowercase, Numbers: p.Numbers, Symbols: p.Symbols}), nil
		},
		advisor.CheckRootMFA: func(ctx context.Context) ([]advisor.Row, error) {
			s, err := from.Summary(ctx)
			if err != nil {
				return nil, err
			}
			if from.Place().Partition == "aws-us-gov" {
				return nil, nil // its root user has no console to sign in to, and nothing to register MFA in
			}
			return advisor.RootMFA(advisor.RootFact{Account: account, Password: s.RootPassword, MFA: s.RootMFA}), nil
		},
		advisor.CheckRootKey: func(ctx context.Context) ([]advisor.Row, error) {
			s, err := from.Summary(ctx)
			if err != nil {
				return nil, err
			}
			return advisor.Switches(advisor.CheckRootKey, []advisor.SwitchFact{{Resource: account, OK: !s.RootKey}})
		},
		advisor.CheckKeyRotation: func(ctx context.Context) ([]advisor.Row, error) {
			r, err := from.Report(ctx)
			if err != nil {
				return nil, err
			}
			now := r.Generated
			if from.Now != nil {
				now = from.Now()
			}
			return advisor.KeyRotation(keys(from.Place(), r), now), nil
		},
	}
}

func keys(p posture.Place, r iam.Report) (all []advisor.KeyFact) {
	for _, row := range r.Users {
		for i, k := range row.Keys {
			if k.Exists() {
				all = append(all, advisor.KeyFact{User: p.Resource("AWS::IAM::User", row.User, row.ARN), Key: i + 1, Active: k.Active, Rotated: k.Rotated})
			}
		}
	}
	slices.SortFunc(all, func(x, y advisor.KeyFact) int {
		return cmp.Or(cmp.Compare(x.User.ID, y.User.ID), cmp.Compare(x.Key, y.Key))
	})
	return all
}

// hasResponseTeam tells whether the support plan has the Shield Response Team in
// it: the plans whose API answers about Trusted Advisor are those that have. Where
// no plan has that API, nothing is known of the plan.
func hasResponseTeam(a *advisor.Account) posture.Fact[bool] {
	return func(ctx context.Context) (bool, error) {
		is, err := a.Entitlement(ctx)
		if is == advisor.NotOffered {
			err = &posture.Cause{Kind: posture.CauseNotProvided, Message: "whether the support plan includes the response team was not provided, and the partition has no Trusted Advisor that would tell"}
		}
		return is == advisor.IsEntitled, err
	}
}

// responseTeam is the service that the Shield Response Team acts as.
const responseTeam = "drt.shield.amazonaws.com"

// responseTeamRole tells Shield what IAM knows of a role. Package policy decides
// whom the role trusts.
func responseTeamRole(from *iam.Account) func(context.Context, string) (shield.Role, error) {
	return func(ctx context.Context, arn string) (shield.Role, error) {
		roles, err := from.Roles(ctx)
		i := slices.IndexFunc(roles, func(r iam.Role) bool { return r.ARN == arn })
		if i < 0 {
			return shield.Role{}, err
		}
		r := roles[i]
		out := shield.Role{Exists: true, Policy: slices.ContainsFunc(r.Attached, func(p iam.AttachedPolicy) bool {
			return strings.HasSuffix(p.ARN, ":iam::aws:policy/service-role/AWSShieldDRTAccessPolicy")
		})}
		doc, err := policy.Parse(policy.Trust, r.Name, []byte(r.Trust))
		if err != nil {
			return out, &posture.Cause{Kind: posture.CauseMalformed, Message: "the trust policy of role " + r.Name + ": " + err.Error()}
		}
		engine, err := policy.Compile(policy.Policies{Resource: doc})
		if err != nil {
			return out, err
		}
		trusts := func(source string) bool {
			return engine.Decide(&policy.Request{
				Principal: policy.Principal{Kind: policy.AWSService, Service: responseTeam}, Action: "sts:AssumeRole", Resource: arn,
				Owner: policy.Account{ID: from.Place().Account}, Context: policy.Context{"aws:SourceAccount": {source}},
			}).Allowed()
		}
		out.Trust = trusts(from.Place().Account)
		out.SourceAccount = out.Trust && !slices.ContainsFunc(strangersTo(from.Place().Account, r.Trust), trusts)
		return out, nil
	}
}

var twelveDigits = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\b[0-9]{12}\b`) })

// strangersTo are accounts other than one for which a trust policy is tried: those
// that it names, and two that it does not, of which one differs in its last digit
// only and so shows a pattern that ends too soon.
func strangersTo(account, trust string) []string {
	near := []byte(account)
	if last := len(near) - 1; last >= 0 {
		near[last] ^= 1 // another digit
	}
	all := append(twelveDigits().FindAllString(trust, -1), string(near), "999999999999", "000000000000")
	return slices.DeleteFunc(all, func(id string) bool { return id == account })
}
