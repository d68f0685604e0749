package inspector

import (
	"context"

	"github.com/awsposture/posture"
)

// Proof proves what was scanned of Organization.Inventory, at the delegated
// administrator. The status of every account is read too: one that could not be
// is named in the proof, which is then not complete. The error is of the
// coverage rows; what was read is in the proof all the same.
func (o *Organization) Proof(ctx context.Context, limits Limits) (Proof, error) {
	inventory, err := o.Inventory.Get(ctx, "the inventory of what there is to scan in the organization")
	if err != nil {
		return Proof{}, err
	}
	rows, err := o.Coverage(ctx)
	gaps := []error{err}
	_, failed := o.memberStatuses(ctx, accountsOf(inventory))
	for _, account := range sortedKeys(failed) {
		gaps = append(gaps, failed[account])
	}
	return Prove(o.region.place, o.region.now(), inventory, rows, limits, gaps...), err
}

func accountsOf(inventory map[string][]Asset) []string {
	accounts := map[string]bool{}
	for _, assets := range inventory {
		for _, a := range assets {
			accounts[a.Account] = true
		}
	}
	return sortedKeys(accounts)
}

// MemberCoverage judges, in the delegated administrator's account, that every
// resource of the organization is proven scanned: what Covered judges of one
// account, for all of them at once, so that nobody has to look in each.
type MemberCoverage struct {
	Organization *Organization
	Limits       Limits
}

// Control implements posture.Evaluator.
func (e MemberCoverage) Control() posture.Control {
	return posture.Control{
		ID:       "inspector.member-coverage",
		Title:    "Every resource of the organization is proven scanned",
		Doc:      "An account that is a member can still hold instances, images and functions that nobody scans. Hold the organization's inventory against the coverage that the administrator sees; follow the reason that each finding names.",
		Severity: posture.High, Scope: posture.Organization, Resource: TypeInstance,
		Requires: actions("BatchGetAccountStatus", "GetDelegatedAdminAccount", "DescribeOrganizationConfiguration", "ListCoverage"),
		Params:   limitParams(e.Limits),
	}
}

// Place implements posture.Evaluator.
func (e MemberCoverage) Place() posture.Place { return e.Organization.Place() }

// Evaluate implements posture.Evaluator.
func (e MemberCoverage) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c, o := e.Control(), e.Organization
	_, off, err := o.administers(ctx, c)
	if off != nil || err != nil {
		return off, err
	}
	inventory, err := o.Inventory.Get(ctx, "the inventory of what there is to scan in the organization")
	if err != nil {
		return nil, err
	}
	accounts := accountsOf(inventory)
	statuses, failed := o.memberStatuses(ctx, accounts)
	rows, err := o.Coverage(ctx)
	perAccount := map[string][]Row{}
	for _, row := range rows {
		perAccount[row.Account] = append(perAccount[row.Account], row)
	}
	var fs []posture.Finding
	scanned, parts := map[string]bool{}, split(inventory, accounts)
	for _, account := range accounts {
		if failed[account] != nil {
			fs = append(fs, c.Unknown(memberResource(o.region.place, account), failed[account]))
			continue
		}
		limits, _ := Covered{Limits: e.Limits}.enabled(statuses[account])
		for typ := range limits.Scans {
			scanned[typ] = true
		}
		p := o.region.place
		p.Account = account
		fs = append(fs, findingsOf(c, Prove(p, o.region.now(), parts[account], perAccount[account], limits, err), err)...)
	}
	fs = append(fs, o.region.unlooked(c, inventory, sortedKeys(scanned))...)
	return c.Judged(fs, err, o.region.resource(), "The organization has nothing that an enabled scan type covers; inspector.members judges the scan types.")
}

// split parts the assets by account. Each account has an entry of every type.
func split(inventory map[string][]Asset, accounts []string) map[string]map[string][]Asset {
	parts := make(map[string]map[string][]Asset, len(accounts))
	for _, account := range accounts {
		parts[account] = map[string][]Asset{}
		for typ := range inventory {
			parts[account][typ] = nil
		}
	}
	for typ, assets := range inventory {
		for _, a := range assets {
			parts[a.Account][typ] = append(parts[a.Account][typ], a)
		}
	}
	return parts
}
