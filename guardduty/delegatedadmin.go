package guardduty

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/guardduty"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/internal/refusal"
)

// DelegatedAdmin judges, in the organization's management account, that GuardDuty
// has a delegated administrator in the region, and the one wanted where
// Organization.Administrator tells.
type DelegatedAdmin struct{ Organization *Organization }

// DelegatedAdminEvidence is who administers GuardDuty.
type DelegatedAdminEvidence struct {
	Administrators []string `json:"administrators,omitempty"`
	Wanted         string   `json:"wanted,omitempty"` // "": any
}

// String says it in a sentence.
func (e DelegatedAdminEvidence) String() string {
	s := "GuardDuty has no delegated administrator in the region"
	if len(e.Administrators) > 0 {
		s = "GuardDuty is administered by account " + strings.Join(e.Administrators, ", ") + " in the region"
	}
	if e.Wanted != "" && !slices.Equal(e.Administrators, []string{e.Wanted}) {
		s += "; the account wanted is " + e.Wanted
	}
	return s + "."
}

// Control implements posture.Evaluator.
func (e DelegatedAdmin) Control() posture.Control {
	return posture.Control{
		ID:       "guardduty.delegated-admin",
		Title:    "GuardDuty has a delegated administrator",
		Doc:      "Without an administrator every account is watched by itself, or not at all, and can stop its own watching. Delegate GuardDuty to a security account, the same one in every region.",
		Severity: posture.Medium, Scope: posture.Organization, Resource: "AWS::GuardDuty::Detector",
		Requires: actions("ListOrganizationAdminAccounts"),
	}
}

// Place implements posture.Evaluator.
func (e DelegatedAdmin) Place() posture.Place { return e.Organization.Place() }

// Evaluate implements posture.Evaluator.
func (e DelegatedAdmin) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c, o := e.Control(), e.Organization
	here := o.region.resource(Detector{})
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

// DelegatedAdminSetting is the setting of GuardDuty's delegated administrator. It
// implements posture.Setting[AdminAccount]. It never changes one that there is.
type DelegatedAdminSetting struct {
	Organization *Organization `json:"-"`
	Writer       Writer        `json:"-"`
}

// Kind implements posture.Setting. AWS registers the administrator in AWS
// Organizations with the caller's own permissions; see "Permissions required to
// designate a delegated GuardDuty administrator account" in the User Guide.
func (s DelegatedAdminSetting) Kind() posture.Kind {
	return posture.Kind{
		Name: "guardduty.delegated-admin", Reads: actions("ListOrganizationAdminAccounts"), Settle: settle,
		Writes: append(actions("EnableOrganizationAdminAccount", "DisableOrganizationAdminAccount"),
			"organizations:DescribeAccount", "organizations:DescribeOrganization", "organizations:DescribeOrganizationalUnit", "organizations:EnableAWSServiceAccess", "organizations:ListAccounts",
			"organizations:ListAWSServiceAccessForOrganization", "organizations:ListDelegatedAdministrators", "organizations:RegisterDelegatedAdministrator"),
	}
}

// Target implements posture.Setting.
func (s DelegatedAdminSetting) Target() posture.Resource {
	return s.Organization.region.resource(Detector{})
}

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
		_, err = s.Writer.EnableOrganizationAdminAccount(ctx, &guardduty.EnableOrganizationAdminAccountInput{AdminAccountId: &id})
	case want == "":
		id = string(has)
		_, err = s.Writer.DisableOrganizationAdminAccount(ctx, &guardduty.DisableOrganizationAdminAccountInput{AdminAccountId: &id})
	default:
		return fmt.Errorf("guardduty: account %s is the delegated administrator already", has)
	}
	return err
}

// Loss says what disabling the administrator does not take back, or takes.
func (s DelegatedAdminSetting) Loss(from, to AdminAccount) string {
	if from == "" {
		return "GuardDuty, which AWS enables in account " + string(to) + ", stays enabled there when the delegation is undone."
	}
	return "The accounts that " + string(from) + " administers are detached from it."
}

// Cost says what the delegation will cost.
func (s DelegatedAdminSetting) Cost(from, to AdminAccount) string {
	if from != "" {
		return ""
	}
	return "AWS enables GuardDuty in account " + string(to) + ", which is charged by what it analyzes; see Amazon GuardDuty pricing."
}

// DelegateAdministrator plans to enable the delegated administrator that
// Organization.Administrator names, in a region that has none.
type DelegateAdministrator struct {
	Organization *Organization
	Writer       Writer
}

// Controls implements posture.Remediator.
func (r DelegateAdministrator) Controls() []string { return []string{"guardduty.delegated-admin"} }

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
		return posture.Plan{}, &posture.Refusal{Reason: posture.ReasonNeedsChoice, Message: "which account is to administer GuardDuty was not given"}
	}
	has, err := getDelegation(ctx, r.Organization.region.api)
	switch {
	case err != nil:
		return posture.Plan{}, refusal.Unreadable(target, err)
	case slices.Equal(has.Administrators, []string{wanted}):
		return r.Organization.region.newPlan(fs), nil
	case !has.Management:
		return posture.Plan{}, &posture.Refusal{Reason: posture.ReasonManagedElsewhere, Message: "only the organization's management account delegates GuardDuty"}
	case len(has.Administrators) > 0:
		return posture.Plan{}, &posture.Refusal{Reason: posture.ReasonNeedsChoice, Message: fmt.Sprintf(
			"account %s administers GuardDuty; to replace it by %s detaches every member, which a person must decide", strings.Join(has.Administrators, ", "), wanted)}
	}
	step, err := posture.Change(DelegatedAdminSetting(r), "", AdminAccount(wanted))
	p := r.Organization.region.newPlan(fs, step)
	p.Risk = posture.RiskMedium
	return p, err
}
