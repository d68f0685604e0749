package guardduty

import (
	"context"
	"errors"
	"maps"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/guardduty"
	"github.com/aws/aws-sdk-go-v2/service/guardduty/types"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/internal/refusal"
)

// OrganizationSetting is the setting of what the organization's accounts get by
// themselves. It implements posture.Setting[OrganizationConfig].
type OrganizationSetting struct {
	Organization *Organization `json:"-"`
	Writer       Writer        `json:"-"`
	Detector     string        `json:"detector"`
}

// Kind implements posture.Setting.
func (s OrganizationSetting) Kind() posture.Kind {
	return posture.Kind{Name: "guardduty.org-auto-enable", Reads: actions("DescribeOrganizationConfiguration"), Writes: actions("UpdateOrganizationConfiguration"), Settle: settle}
}

// Target implements posture.Setting.
func (s OrganizationSetting) Target() posture.Resource {
	return s.Organization.region.resource(Detector{ID: s.Detector})
}

// Get implements posture.Setting.
func (s OrganizationSetting) Get(ctx context.Context) (OrganizationConfig, error) {
	return getConfig(ctx, s.Organization.region.api, s.Detector)
}

// Set implements posture.Setting. It names only the features that change: AWS
// refuses a call that names both runtime monitorings.
func (s OrganizationSetting) Set(ctx context.Context, want OrganizationConfig) error {
	has, err := s.Get(ctx)
	switch {
	case err != nil:
		return err
	case !want.Administers || !has.Administers:
		return errors.New("guardduty: account " + s.Organization.region.place.Account + " is not the delegated administrator")
	}
	in := &guardduty.UpdateOrganizationConfigurationInput{DetectorId: &s.Detector, AutoEnableOrganizationMembers: types.AutoEnableMembers(want.Members)}
	for _, f := range slices.Sorted(maps.Keys(want.Features)) { // a feature sorts before its agents
		if want.Features[f] == has.Features[f] {
			continue
		}
		name, agent := f.parts()
		i := slices.IndexFunc(in.Features, func(c types.OrganizationFeatureConfiguration) bool { return c.Name == types.OrgFeature(name) })
		if i < 0 {
			i = len(in.Features)
			in.Features = append(in.Features, types.OrganizationFeatureConfiguration{Name: types.OrgFeature(name), AutoEnable: types.OrgFeatureStatus(want.Features[name])})
		}
		if agent != "" {
			in.Features[i].AdditionalConfiguration = append(in.Features[i].AdditionalConfiguration, types.OrganizationAdditionalConfiguration{
				Name: types.OrgFeatureAdditionalConfiguration(agent), AutoEnable: types.OrgFeatureStatus(want.Features[f]),
			})
		}
	}
	_, err = s.Writer.UpdateOrganizationConfiguration(ctx, in)
	return err
}

// Cost says what enabling more will cost.
func (s OrganizationSetting) Cost(from, to OrganizationConfig) string {
	more := to.Members != from.Members && to.Members != AutoEnableNone
	for f, v := range to.Features {
		more = more || v != from.Features[f] && v != AutoEnableNone
	}
	if !more {
		return ""
	}
	return "GuardDuty and its features are charged in every account that gets them, by what they analyze; see Amazon GuardDuty pricing."
}

// AutoEnableOrganization plans to give every account of the organization
// GuardDuty, and the features that its findings name.
type AutoEnableOrganization struct {
	Organization *Organization
	Writer       Writer
}

// Controls implements posture.Remediator.
func (r AutoEnableOrganization) Controls() []string { return []string{"guardduty.org-auto-enable"} }

// Place implements posture.Remediator.
func (r AutoEnableOrganization) Place() posture.Place { return r.Organization.Place() }

// Plan implements posture.Remediator.
func (r AutoEnableOrganization) Plan(ctx context.Context, fs ...posture.Finding) (posture.Plan, error) {
	target, err := posture.TargetOf(r, fs)
	if err != nil {
		return posture.Plan{}, err
	}
	o := r.Organization
	d, ok, err := o.region.toPlan(ctx, target)
	if !ok || err != nil {
		return o.region.newPlan(fs), err
	}
	setting := OrganizationSetting{Organization: o, Writer: r.Writer, Detector: d.ID}
	before, err := setting.Get(ctx)
	if err != nil {
		return posture.Plan{}, refusal.Unreadable(target, err)
	}
	if !before.Administers {
		return posture.Plan{}, &posture.Refusal{Reason: posture.ReasonManagedElsewhere, Message: "only the delegated administrator sets what the organization's accounts get"}
	}
	after := OrganizationConfig{Administers: true, Members: before.Members, Features: maps.Clone(before.Features)}
	for _, f := range fs {
		if f.Sub == subMembers {
			after.Members = AutoEnableAll
			continue
		}
		feature, _ := Feature(f.Sub).parts()
		after.Features[feature], after.Features[Feature(f.Sub)] = AutoEnableAll, AutoEnableAll
	}
	older := before.Features[EKSRuntimeMonitoring]
	if after.Features[RuntimeMonitoring] != before.Features[RuntimeMonitoring] && older != "" && older != AutoEnableNone {
		return posture.Plan{}, &posture.Refusal{Reason: posture.ReasonNeedsChoice, Message: "accounts get the older EKS runtime monitoring, which excludes the newer; set it to NONE first"}
	}
	if maps.Equal(before.Features, after.Features) && before.Members == after.Members {
		return o.region.newPlan(fs), nil
	}
	step, err := posture.Change(setting, before, after)
	p := o.region.newPlan(fs, step)
	p.Risk = posture.RiskMedium
	p.Warnings = []string{"AWS takes up to 24 hours to enable every account. Undo puts the setting back; what was enabled meanwhile stays enabled."}
	return p, err
}
