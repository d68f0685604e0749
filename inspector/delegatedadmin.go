package inspector

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/inspector2"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/internal/refusal"
)

// DelegatedAdmin judges, in the organization's management account, that Inspector
// has a delegated administrator in the region, and the one wanted where
// Organization.Administrator tells.
type DelegatedAdmin struct{ Organization *Organization }

// DelegatedAdminEvidence is who administers Inspector.
type DelegatedAdminEvidence struct {
	Administrators []string `json:"administrators,omitempty"`
	Wanted         string   `json:"wanted,omitempty"` // "": any
}

// String says it in a sentence.
func (e DelegatedAdminEvidence) String() string {
	s := "Inspector has no delegated administrator in the region"
	if len(e.Administrators) > 0 {
		s = "Inspector is administered by account " + strings.Join(e.Administrators, ", ") + " in the region"
	}
	if e.Wanted != "" && !slices.Equal(e.Administrators, []string{e.Wanted}) {
		s += "; the account wanted is " + e.Wanted
	}
	return s + "."
}

// Control implements posture.Evaluator.
func (e DelegatedAdmin) Control() posture.Control {
	return posture.Control{
		ID:       "inspector.delegated-admin",
		Title:    "Inspector has a delegated administrator",
		Doc:      "Without an administrator every account is scanned by itself, or not at all. Delegate Inspector to a security account, the same one in every region.",
		Severity: posture.Medium, Scope: posture.Organization, Resource: accountType,
		Requires: actions("ListDelegatedAdminAccounts"),
	}
}

// Place implements posture.Evaluator.
func (e DelegatedAdmin) Place() posture.Place { return e.Organization.Place() }

// Evaluate implements posture.Evaluator.
func (e DelegatedAdmin) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c, o := e.Control(), e.Organization
	here := o.region.resource()
	d, err := o.Delegation(ctx)
	switch {
	case noEndpoint(err) && !slices.Contains(regions, here.Region):
		return []posture.Finding{c.NotApplicable(here, notOffered)}, nil
	case err != nil:
		return nil, err
	case !d.Management:
		return []posture.Finding{c.NotApplicable(here, "The account is not the management account of an organization.")}, nil
	}
	seen := DelegatedAdminEvidence{Administrators: d.Administrators}
	if seen.Wanted, err = o.wanted(ctx); err != nil {
		return nil, err
	}
	if len(d.Administrators) == 0 || seen.Wanted != "" && !slices.Equal(d.Administrators, []string{seen.Wanted}) {
		return []posture.Finding{c.Fail(here, seen)}, nil
	}
	return []posture.Finding{c.Pass(here, seen)}, nil
}

// wanted is the administrator wanted, "" where any will do.
func (o *Organization) wanted(ctx context.Context) (string, error) {
	if o.Administrator == nil {
		return "", nil
	}
	return o.Administrator(ctx)
}

// AdminAccount is the id of a delegated administrator, "" none.
type AdminAccount string

// DelegatedAdminSetting is the setting of Inspector's delegated administrator. It
// implements posture.Setting[AdminAccount]. It never changes one that there is.
type DelegatedAdminSetting struct {
	Organization *Organization `json:"-"`
	Writer       Writer        `json:"-"`
}

// Kind implements posture.Setting. AWS registers the administrator in AWS
// Organizations with the caller's own permissions; see "Designating a delegated
// administrator" in the Inspector User Guide.
func (s DelegatedAdminSetting) Kind() posture.Kind {
	return posture.Kind{
		Name: "inspector.delegated-admin", Reads: actions("ListDelegatedAdminAccounts"), Settle: settle,
		Writes: append(actions("EnableDelegatedAdminAccount", "DisableDelegatedAdminAccount"),
			"iam:CreateServiceLinkedRole", "organizations:DescribeAccount", "organizations:DescribeOrganization", "organizations:EnableAWSServiceAccess", "organizations:ListAWSServiceAccessForOrganization",
			"organizations:ListDelegatedAdministrators", "organizations:RegisterDelegatedAdministrator"),
	}
}

// Target implements posture.Setting.
func (s DelegatedAdminSetting) Target() posture.Resource { return s.Organization.region.resource() }

// Get implements posture.Setting.
func (s DelegatedAdminSetting) Get(ctx context.Context) (AdminAccount, error) {
	d, err := getDelegation(ctx, s.Organization.region.api)
	if err != nil {
		return "", err
	}
	return AdminAccount(strings.Join(d.Administrators, ",")), nil
}

// Set implements posture.Setting.
func (s DelegatedAdminSetting) Set(ctx context.Context, want AdminAccount) error {
	has, err := s.Get(ctx)
	id := string(want)
	switch {
	case err != nil:
		return err
	case has == want:
		return nil
	case has == "":
		_, err = s.Writer.EnableDelegatedAdminAccount(ctx, &inspector2.EnableDelegatedAdminAccountInput{DelegatedAdminAccountId: &id})
	case want == "":
		id = string(has)
		_, err = s.Writer.DisableDelegatedAdminAccount(ctx, &inspector2.DisableDelegatedAdminAccountInput{DelegatedAdminAccountId: &id})
	default:
		return fmt.Errorf("inspector: account %s is the delegated administrator already", has)
	}
	return err
}

// Loss says what disabling the administrator does not take back, or takes.
func (s DelegatedAdminSetting) Loss(from, to AdminAccount) string {
	if from == "" {
		return "Inspector, which AWS enables in account " + string(to) + ", stays enabled there when the delegation is undone."
	}
	return "The accounts that " + string(from) + " administers are detached from it."
}

// Cost says what the delegation will cost.
func (s DelegatedAdminSetting) Cost(from, to AdminAccount) string {
	if from != "" {
		return ""
	}
	return "AWS enables Inspector in account " + string(to) + ", which is charged by what it scans; see Amazon Inspector pricing."
}

// DelegateAdministrator plans to enable the delegated administrator that
// Organization.Administrator names, in a region that has none.
type DelegateAdministrator struct {
	Organization *Organization
	Writer       Writer
}

// Controls implements posture.Remediator.
func (r DelegateAdministrator) Controls() []string { return []string{"inspector.delegated-admin"} }

// Place implements posture.Remediator.
func (r DelegateAdministrator) Place() posture.Place { return r.Organization.Place() }

// Plan implements posture.Remediator.
func (r DelegateAdministrator) Plan(ctx context.Context, fs ...posture.Finding) (posture.Plan, error) {
	target, err := posture.TargetOf(r, fs)
	if err != nil {
		return posture.Plan{}, err
	}
	wanted, err := r.Organization.wanted(ctx)
	if err != nil {
		return posture.Plan{}, refusal.Unreadable(target, err)
	}
	if wanted == "" {
		return posture.Plan{}, &posture.Refusal{Reason: posture.ReasonNeedsChoice, Message: "which account is to administer Inspector was not given"}
	}
	has, err := getDelegation(ctx, r.Organization.region.api)
	switch {
	case err != nil:
		return posture.Plan{}, refusal.Unreadable(target, err)
	case slices.Equal(has.Administrators, []string{wanted}):
		return r.Organization.region.newPlan(fs), nil
	case !has.Management:
		return posture.Plan{}, &posture.Refusal{Reason: posture.ReasonManagedElsewhere, Message: "only the organization's management account delegates Inspector"}
	case len(has.Administrators) > 0:
		return posture.Plan{}, &posture.Refusal{Reason: posture.ReasonNeedsChoice, Message: fmt.Sprintf(
			"account %s administers Inspector; to replace it by %s detaches every member, which a person must decide", strings.Join(has.Administrators, ", "), wanted)}
	}
	step, err := posture.Change(DelegatedAdminSetting(r), "", AdminAccount(wanted))
	p := r.Organization.region.newPlan(fs, step)
	p.Risk = posture.RiskMedium
	return p, err
}
