package organization

import (
	"context"
	"errors"

	"github.com/awsposture/posture"
)

// scpLevel is a Level of SCPs with their statements read.
type scpLevel struct {
	Target   string
	Policies []scp
}

type scp struct {
	Policy
	Statements []statement
}

// scpRequires are the actions that judging SCPs by account takes.
func scpRequires() []string {
	return []string{
		"organizations:DescribeOrganization", "organizations:ListRoots", "organizations:ListAccounts", "organizations:ListAccountsForParent",
		"organizations:ListOrganizationalUnitsForParent", "organizations:ListPolicies", "organizations:DescribePolicy", "organizations:ListTargetsForPolicy",
	}
}

// eachUnderSCPs judges every member account by the SCPs that act on it. judge
// says whether its verdict stands whatever further policies there are: only such
// are kept where not all could be read, and the rest is one Unknown.
func (o *Organization) eachUnderSCPs(ctx context.Context, c posture.Control, judge func(a Account, enabled bool, levels []scpLevel) (f posture.Finding, sure bool)) ([]posture.Finding, error) {
	return o.judged(ctx, c, func(ctx context.Context, id Identity) ([]posture.Finding, error) {
		root, err := o.Root(ctx)
		if err != nil {
			return nil, err
		}
		at, unread := o.scpsByTarget(ctx)
		fs, err := o.eachMember(ctx, c, id, "Service control policies do not bind the management account.", func(a Account) []posture.Finding {
			var levels []scpLevel
			if root.enabled(SCP) {
				for _, node := range append(a.nodes(), a.ID) {
					levels = append(levels, scpLevel{node, at[node]})
				}
			}
			f, sure := judge(a, root.enabled(SCP), levels)
			if !sure && (unread != nil || a.Path == "") {
				return nil
			}
			return []posture.Finding{f}
		})
		return fs, errors.Join(err, unread)
	})
}

// scpsByTarget reads the statements of every SCP, each once. One that does not
// parse is missing, and the error names it.
func (o *Organization) scpsByTarget(ctx context.Context) (map[string][]scp, error) {
	all, err := o.Policies(ctx, SCP)
	at, broken := map[string][]scp{}, []error{err}
	for _, p := range all {
		list, err := statements(p.ID, p.Document)
		if err != nil {
			broken = append(broken, err)
			continue
		}
		for _, target := range p.Targets {
			at[target] = append(at[target], scp{p, list})
		}
	}
	return at, errors.Join(broken...)
}

// eachMember judges every account but the management account, to which the
// control does not apply for the reason given, and those that are closed.
func (o *Organization) eachMember(ctx context.Context, c posture.Control, id Identity, management string, judge func(Account) []posture.Finding) ([]posture.Finding, error) {
	all, err := o.Accounts(ctx)
	var fs []posture.Finding
	for _, a := range all {
		switch {
		case a.Management:
			fs = append(fs, c.NotApplicable(o.accountResource(a), management))
		case a.State == StateClosed:
			fs = append(fs, c.NotApplicable(o.accountResource(a), "The account is closed."))
		default:
			fs = append(fs, judge(a)...)
		}
	}
	return c.Judged(fs, err, o.organization(id), "The organization has no account.")
}
