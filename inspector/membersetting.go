package inspector

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/inspector2"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/internal/refusal"
)

// MemberSetting is the setting of whether an account is a member. It implements
// posture.Setting[string], whose values are the relationship's: ENABLED, and ""
// for no member.
type MemberSetting struct {
	Organization *Organization `json:"-"`
	Writer       Writer        `json:"-"`
	Account      string        `json:"account"`
}

// Kind implements posture.Setting.
func (s MemberSetting) Kind() posture.Kind {
	return posture.Kind{Name: "inspector.member", Reads: actions("ListMembers"), Writes: actions("AssociateMember", "DisassociateMember"), Settle: settle}
}

// Target implements posture.Setting.
func (s MemberSetting) Target() posture.Resource {
	return memberResource(s.Organization.region.place, s.Account)
}

// Get implements posture.Setting.
func (s MemberSetting) Get(ctx context.Context) (string, error) {
	members, err := NewOrganization(s.Organization.region).Members(ctx) // past the memo
	for _, m := range members {
		if m.Account == s.Account {
			switch m.Status {
			case "REMOVED", "RESIGNED", "DELETED":
				return "", nil
			}
			return m.Status, nil
		}
	}
	return "", err
}

// Set implements posture.Setting.
func (s MemberSetting) Set(ctx context.Context, want string) (err error) {
	switch want {
	case memberEnabled:
		_, err = s.Writer.AssociateMember(ctx, &inspector2.AssociateMemberInput{AccountId: &s.Account})
	case "":
		_, err = s.Writer.DisassociateMember(ctx, &inspector2.DisassociateMemberInput{AccountId: &s.Account})
	default:
		err = fmt.Errorf("inspector: account %s cannot be made %s", s.Account, want)
	}
	return err
}

// Cost says what a new member will cost.
func (s MemberSetting) Cost(_, to string) string {
	if to == "" {
		return ""
	}
	return "The account is scanned for what auto-enable gives new accounts, which is charged by what is scanned; see Amazon Inspector pricing."
}

// Loss says what detaching an account does not take back. See "Disassociating
// member accounts" in the Inspector User Guide.
func (s MemberSetting) Loss(from, to string) string {
	switch {
	case from == to:
		return ""
	case to == "":
		return "Inspector stays enabled in account " + s.Account + ", which is then on its own: the administrator sees no more of it."
	}
	return "What auto-enable enables in account " + s.Account + " stays enabled, and is charged, when the account is detached again."
}

// EnrolMembers plans to associate an account with the administrator where it is
// no member, and to enable the scan types that it lacks where it is one.
type EnrolMembers struct {
	Organization *Organization
	Writer       Writer
	Types        []ScanType // default EC2, ECR, Lambda and LambdaCode
}

// Controls implements posture.Remediator.
func (r EnrolMembers) Controls() []string { return []string{"inspector.members"} }

// Place implements posture.Remediator.
func (r EnrolMembers) Place() posture.Place { return r.Organization.Place() }

// Plan implements posture.Remediator. A scan type that a policy of the
// organization sets is refused as managed elsewhere.
func (r EnrolMembers) Plan(ctx context.Context, fs ...posture.Finding) (posture.Plan, error) {
	target, err := posture.TargetOf(r, fs)
	if err != nil {
		return posture.Plan{}, err
	}
	o := r.Organization
	auto, err := getAutoEnable(ctx, o.region)
	if err != nil {
		return posture.Plan{}, refusal.Unreadable(target, err)
	}
	if !auto.Administers {
		return posture.Plan{}, &posture.Refusal{Reason: posture.ReasonManagedElsewhere, Message: "only the delegated administrator enrols accounts"}
	}
	member := MemberSetting{Organization: o, Writer: r.Writer, Account: target.ID}
	has, err := member.Get(ctx)
	if err != nil {
		return posture.Plan{}, refusal.Unreadable(target, err)
	}
	switch has {
	case memberEnabled:
	case "":
		step, err := posture.Change(member, "", memberEnabled)
		plan := o.region.newPlan(fs, step)
		plan.Warnings = []string{"The account gets what auto-enable gives new accounts: plan again for what it then lacks."}
		return plan, err
	default:
		return posture.Plan{}, &posture.Refusal{Reason: posture.ReasonNotRemediable, Message: fmt.Sprintf("account %s has status %s, which only AWS or the organization ends", target.ID, has)}
	}
	p := o.region.place
	p.Account = target.ID
	status, err := getStatus(ctx, o.region.api, p)
	if err != nil {
		return posture.Plan{}, refusal.Unreadable(target, err)
	}
	var wanted []ScanType
	for _, t := range (Members{Types: r.Types}).types() {
		if have, offered := status.Types[t]; offered && have.State != ScanEnabled {
			wanted = append(wanted, t)
		}
	}
	steps, err := enabling(status, wanted, ScanSwitch{Region: o.region, Writer: r.Writer, Account: target.ID})
	return o.region.newPlan(fs, steps...), err
}
