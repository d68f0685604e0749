package shield

import (
	"context"
	"regexp"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/shield"
	"github.com/aws/aws-sdk-go-v2/service/shield/types"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/internal/refusal"
)

// GroupSetting is the setting of a protection group. It implements
// posture.Setting[Group].
type GroupSetting struct {
	Account *Account `json:"-"`
	Writer  Writer   `json:"-"`
	ID      string   `json:"id"`
}

// Kind implements posture.Setting.
func (s GroupSetting) Kind() posture.Kind {
	return posture.Kind{
		Name: "shield.protection-group", Reads: actions("DescribeProtectionGroup"),
		Writes: actions("CreateProtectionGroup", "UpdateProtectionGroup", "DeleteProtectionGroup"), Settle: settle,
	}
}

// Target implements posture.Setting.
func (s GroupSetting) Target() posture.Resource { return s.Account.place.Resource(typeGroup, s.ID, "") }

// Get implements posture.Setting.
func (s GroupSetting) Get(ctx context.Context) (Group, error) {
	g, err := getGroup(ctx, s.Account.api, s.ID)
	g.ID = "" // the setting has it
	return g, err
}

// Set implements posture.Setting.
func (s GroupSetting) Set(ctx context.Context, want Group) error {
	have, err := s.Get(ctx)
	if err != nil {
		return err
	}
	aggregation, pattern, kind := types.ProtectionGroupAggregation(want.Aggregation), types.ProtectionGroupPattern(want.Pattern), types.ProtectedResourceType(want.Kind)
	switch {
	case want.Pattern == "" && have.Pattern == "":
		return nil
	case want.Pattern == "":
		_, err = s.Writer.DeleteProtectionGroup(ctx, &shield.DeleteProtectionGroupInput{ProtectionGroupId: &s.ID})
	case have.Pattern == "":
		_, err = s.Writer.CreateProtectionGroup(ctx, &shield.CreateProtectionGroupInput{
			ProtectionGroupId: &s.ID, Aggregation: aggregation, Pattern: pattern, ResourceType: kind, Members: want.Members,
		})
	default:
		_, err = s.Writer.UpdateProtectionGroup(ctx, &shield.UpdateProtectionGroupInput{
			ProtectionGroupId: &s.ID, Aggregation: aggregation, Pattern: pattern, ResourceType: kind, Members: want.Members,
		})
	}
	return err
}

// GroupProtections plans to group the protected resources of an application, and
// to take out of a group what is not protected.
type GroupProtections struct {
	Account *Account
	Writer  Writer
}

// Controls implements posture.Remediator.
func (r GroupProtections) Controls() []string { return []string{"shield.protection-group"} }

// Place implements posture.Remediator.
func (r GroupProtections) Place() posture.Place { return r.Account.Place() }

var groupID = regexp.MustCompile(`^[a-zA-Z0-9-]{1,36}$`)

// Plan implements posture.Remediator.
func (r GroupProtections) Plan(ctx context.Context, fs ...posture.Finding) (posture.Plan, error) {
	a := r.Account
	target, ok, err := a.toPlan(ctx, r, fs)
	if !ok || err != nil {
		return a.planned(fs, err)
	}
	if !groupID.MatchString(target.ID) {
		return posture.Plan{}, refuse(posture.ReasonNeedsChoice, "a group's id is 1 to 36 letters, digits and hyphens, and "+target.ID+" is not: make the group under another")
	}
	setting := GroupSetting{Account: a, Writer: r.Writer, ID: target.ID}
	before, err := setting.Get(ctx)
	if err != nil {
		return posture.Plan{}, refusal.Unreadable(target, err)
	}
	all, err := listProtections(ctx, a.api)
	if err != nil {
		return posture.Plan{}, refusal.Unreadable(target, err)
	}
	after := before
	if slices.ContainsFunc(fs, func(f posture.Finding) bool { return f.Sub != subApplication }) {
		after.Members, _ = split(all, before.Members)
	}
	if slices.ContainsFunc(fs, func(f posture.Finding) bool { return f.Sub == subApplication }) {
		members, err := r.application(ctx, target.ID, all)
		switch {
		case err != nil:
			return posture.Plan{}, refusal.Unreadable(target, err)
		case members == nil: // grouped by now, or too small to be
		case before.Pattern == "":
			after = Group{Aggregation: aggregationOf(members), Pattern: string(types.ProtectionGroupPatternArbitrary), Members: members}
		case before.Pattern != string(types.ProtectionGroupPatternArbitrary):
			return posture.Plan{}, refuse(posture.ReasonNeedsChoice, "group "+target.ID+" takes its members by pattern "+before.Pattern+", which leaves some of the application's out")
		default:
			after.Members = slices.Compact(slices.Sorted(slices.Values(slices.Concat(after.Members, members))))
		}
	}
	switch {
	case slices.Equal(before.Members, after.Members):
		return a.newPlan(fs), nil
	case len(after.Members) == 0:
		return posture.Plan{}, refuse(posture.ReasonNeedsChoice, "no member of group "+target.ID+" is protected: protect them, or delete the group")
	}
	step, err := posture.Change(setting, before, after)
	return a.newPlan(fs, step), err
}

// application reads afresh the protected resources of an application that no group
// holds; nil where one does.
func (r GroupProtections) application(ctx context.Context, name string, all []Protection) ([]string, error) {
	exposed, err := r.Account.Exposed.Get(ctx, "what the internet reaches of the account")
	if err != nil {
		return nil, err
	}
	groups, err := NewAccount(r.Account.place, r.Account.api).Groups(ctx)
	if err != nil {
		return nil, err
	}
	members := applications(all, exposed)[name]
	if groupFor(groups, members) != "" {
		return nil, nil
	}
	return members, nil
}

// aggregationOf is what AWS advises: the highest of resources that do not share
// their traffic, as distributions and what stands behind them, the sum of others.
func aggregationOf(members []string) string {
	if slices.ContainsFunc(members, func(arn string) bool { return KindOf(arn) == Distribution }) {
		return string(types.ProtectionGroupAggregationMax)
	}
	return string(types.ProtectionGroupAggregationSum)
}
