package shield

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/shield"

	"github.com/awsposture/posture"
)

// EngagementSetting is the setting of proactive engagement. It implements
// posture.Setting[Engagement]. AWS looks into a request first; until then it is
// EngagementPending, which is not done. Once set up it can be disabled, not taken back.
type EngagementSetting struct {
	Account *Account `json:"-"`
	Writer  Writer   `json:"-"`
}

// Kind implements posture.Setting.
func (s EngagementSetting) Kind() posture.Kind {
	return posture.Kind{
		Name: "shield.engagement", Reads: actions("DescribeSubscription", "DescribeEmergencyContactSettings"),
		Writes: actions("AssociateProactiveEngagementDetails", "EnableProactiveEngagement", "DisableProactiveEngagement"), Settle: settle,
	}
}

// Target implements posture.Setting.
func (s EngagementSetting) Target() posture.Resource { return s.Account.engagement() }

// Get implements posture.Setting.
func (s EngagementSetting) Get(ctx context.Context) (Engagement, error) {
	sub, err := readSubscription(ctx, s.Account.api)
	return sub.Engagement, err
}

// Set implements posture.Setting. Engagement that was never set up is given the
// contacts that are there.
func (s EngagementSetting) Set(ctx context.Context, want Engagement) error {
	sub, err := readSubscription(ctx, s.Account.api)
	switch {
	case err != nil || sub.Engagement == want:
		return err
	case want != EngagementEnabled:
		_, err = s.Writer.DisableProactiveEngagement(ctx, &shield.DisableProactiveEngagementInput{})
		return err
	case sub.Asked:
		_, err = s.Writer.EnableProactiveEngagement(ctx, &shield.EnableProactiveEngagementInput{})
		return err
	}
	contacts, err := readContacts(ctx, s.Account.api)
	if err != nil {
		return err
	}
	_, err = s.Writer.AssociateProactiveEngagementDetails(ctx, &shield.AssociateProactiveEngagementDetailsInput{EmergencyContactList: contactsOut(contacts)})
	return err
}

// EngageTeam plans to have the Shield Response Team call by itself.
type EngageTeam struct {
	Account *Account
	Writer  Writer
}

// Controls implements posture.Remediator.
func (r EngageTeam) Controls() []string { return []string{"shield.proactive-engagement"} }

// Place implements posture.Remediator.
func (r EngageTeam) Place() posture.Place { return r.Account.Place() }

// Plan implements posture.Remediator. What engagement needs must be there first.
func (r EngageTeam) Plan(ctx context.Context, fs ...posture.Finding) (posture.Plan, error) {
	target, err := targetOf(r, fs)
	if err != nil {
		return posture.Plan{}, err
	}
	a := r.Account
	active, err := a.toPlan(ctx, target)
	if err != nil || !active {
		return a.newPlan(fs), err
	}
	setting := EngagementSetting{Account: a, Writer: r.Writer}
	is, err := setting.Get(ctx)
	if err != nil {
		return posture.Plan{}, unreadable(target, err)
	}
	// A second look: the view's may be from before the contacts were named.
	again := NewAccount(a.place, a.api)
	again.ResponseTeam = a.ResponseTeam
	lacks, err := again.engagementLacks(ctx)
	switch {
	case err != nil:
		return posture.Plan{}, unreadable(target, err)
	case len(lacks) > 0:
		return posture.Plan{}, choose("proactive engagement needs " + strings.Join(lacks, ", "))
	case is == EngagementEnabled:
		return a.newPlan(fs), nil
	case is == EngagementPending:
		return posture.Plan{}, &posture.Refusal{Reason: posture.ReasonManagedElsewhere, Owner: "AWS", Message: "proactive engagement was asked for and AWS is looking into it"}
	}
	step, err := posture.Change(setting, is, EngagementEnabled)
	return a.newPlan(fs, step), err
}
