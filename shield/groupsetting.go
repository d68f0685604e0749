package shield

import (
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/shield"
	"github.com/aws/aws-sdk-go-v2/service/shield/types"

	"github.com/awsposture/posture"
)

// GroupState is the protection group of an id, or that there is none.
type GroupState struct {
	Exists      bool     `json:"exists"`
	Aggregation string   `json:"aggregation,omitempty"`
	Pattern     string   `json:"pattern,omitempty"`
	Kind        Kind     `json:"kind,omitempty"`
	Members     []string `json:"members"` // ARNs, sorted
}

// GroupSetting is the setting of a protection group. It implements
// posture.Setting[GroupState].
type GroupSetting struct {
	Account *Account `json:"-"`
	Writer  Writer   `json:"-"`
	Group   string   `json:"group"`
}

// Kind implements posture.Setting.
func (s GroupSetting) Kind() posture.Kind {
	return posture.Kind{
		Name: "shield.protection-group", Reads: actions("ListProtectionGroups"),
		Writes: actions("CreateProtectionGroup", "UpdateProtectionGroup", "DeleteProtectionGroup"), Settle: settle,
	}
}

// Target implements posture.Setting.
func (s GroupSetting) Target() posture.Resource { return s.Account.group(s.Group) }

// Get implements posture.Setting.
func (s GroupSetting) Get(ctx context.Context) (GroupState, error) {
	groups, err := NewAccount(s.Account.place, s.Account.api).Groups(ctx)
	for _, g := range groups {
		if g.ID == s.Group {
			return GroupState{true, g.Aggregation, g.Pattern, g.Kind, g.Members}, nil
		}
	}
	return GroupState{Members: []string{}}, err
}

// Set implements posture.Setting.
func (s GroupSetting) Set(ctx context.Context, want GroupState) error {
	is, err := s.Get(ctx)
	switch {
	case err != nil:
		return err
	case !want.Exists:
		if !is.Exists {
			return nil
		}
		_, err = s.Writer.DeleteProtectionGroup(ctx, &shield.DeleteProtectionGroupInput{ProtectionGroupId: &s.Group})
	case is.Exists:
		_, err = s.Writer.UpdateProtectionGroup(ctx, &shield.UpdateProtectionGroupInput{
			ProtectionGroupId: &s.Group, Aggregation: types.ProtectionGroupAggregation(want.Aggregation), Pattern: types.ProtectionGroupPattern(want.Pattern), ResourceType: types.ProtectedResourceType(want.Kind), Members: want.Members,
		})
	default:
		_, err = s.Writer.CreateProtectionGroup(ctx, &shield.CreateProtectionGroupInput{
			ProtectionGroupId: &s.Group, Aggregation: types.ProtectionGroupAggregation(want.Aggregation), Pattern: types.ProtectionGroupPattern(want.Pattern), ResourceType: types.ProtectedResourceType(want.Kind), Members: want.Members,
		})
	}
	return err
}

// GroupApplications plans one protection group for the protected resources of an
// application, and to take from a group the members that do not exist any more.
type GroupApplications struct {
	Account *Account
	Writer  Writer
	// Aggregation is how the traffic of the members makes that of the group: SUM,
	// MEAN or MAX. Default SUM. See "Protection groups" in the Developer Guide.
	Aggregation string
}

// Controls implements posture.Remediator.
func (r GroupApplications) Controls() []string { return []string{"shield.protection-group"} }

// Place implements posture.Remediator.
func (r GroupApplications) Place() posture.Place { return r.Account.Place() }

// Plan implements posture.Remediator.
func (r GroupApplications) Plan(ctx context.Context, fs ...posture.Finding) (posture.Plan, error) {
	target, err := targetOf(r, fs)
	if err != nil {
		return posture.Plan{}, err
	}
	a := r.Account
	active, err := a.toPlan(ctx, target)
	if err != nil || !active {
		return a.newPlan(fs), err
	}
	var steps []posture.Step
	for _, f := range fs {
		step, err := r.step(ctx, target, f)
		if err != nil {
			return posture.Plan{}, err
		}
		steps = append(steps, step...)
	}
	return a.newPlan(fs, steps...), nil
}

func (r GroupApplications) step(ctx context.Context, target posture.Resource, f posture.Finding) ([]posture.Step, error) {
	again := NewAccount(r.Account.place, r.Account.api)
	by, err := again.protectionsBy(ctx)
	if err != nil {
		return nil, unreadable(target, err)
	}
	if name, ok := strings.CutPrefix(f.Sub, "application "); ok {
		return r.gather(ctx, target, name, by)
	}
	existing, err := r.Account.Existing.Get(ctx, "shield.Account.Existing")
	if err != nil {
		return nil, unreadable(target, err)
	}
	setting := GroupSetting{Account: r.Account, Writer: r.Writer, Group: target.ID}
	is, err := setting.Get(ctx)
	if err != nil {
		return nil, unreadable(target, err)
	}
	want := is
	want.Members = slices.DeleteFunc(slices.Clone(is.Members), func(arn string) bool { return !slices.Contains(existing, arn) })
	for _, arn := range want.Members {
		if _, protected := by[arn]; !protected {
			return nil, choose("member " + arn + " of protection group " + target.ID + " exists and is not protected: protect it, or take it out")
		}
	}
	switch {
	case len(want.Members) == len(is.Members):
		return nil, nil
	case len(want.Members) == 0:
		return nil, choose("no member of protection group " + target.ID + " would be left")
	}
	return changed(setting, is, want)
}

// gather makes the group of an application.
func (r GroupApplications) gather(ctx context.Context, target posture.Resource, name string, by map[string]Protection) ([]posture.Step, error) {
	view := NewAccount(r.Account.place, r.Account.api)
	view.Edges = r.Account.Edges
	applications, err := view.applications(ctx, by)
	if err != nil {
		return nil, unreadable(target, err)
	}
	groups, err := view.Groups(ctx)
	if err != nil {
		return nil, unreadable(target, err)
	}
	members := applications[name]
	slices.Sort(members)
	all := func(g Group) bool {
		return !slices.ContainsFunc(members, func(arn string) bool { return !g.has(arn) })
	}
	if len(members) < 2 || slices.ContainsFunc(groups, all) {
		return nil, nil
	}
	id := groupID(name)
	if slices.ContainsFunc(groups, func(g Group) bool { return g.ID == id }) {
		return nil, choose("a protection group " + id + " exists and does not have every resource of " + name)
	}
	return changed(GroupSetting{Account: r.Account, Writer: r.Writer, Group: id}, GroupState{Members: []string{}},
		GroupState{true, orDefault(r.Aggregation, "SUM"), arbitrary, "", members})
}

// groupID makes a group's id of an application's name: letters, digits and
// hyphens, at most 36.
func groupID(name string) string {
	id := strings.Map(func(c rune) rune {
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' {
			return c
		}
		return '-'
	}, name)
	return id[:min(len(id), 36)]
}

func changed[S any](s posture.Setting[S], before, after S) ([]posture.Step, error) {
	step, err := posture.Change(s, before, after)
	return []posture.Step{step}, err
}
