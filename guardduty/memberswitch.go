package guardduty

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/guardduty"
	"github.com/aws/aws-sdk-go-v2/service/guardduty/types"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/internal/refusal"
)

// MemberFeatureSwitch is the setting of one protection feature in a member
// account, made as its administrator. It implements posture.Setting[Switch].
type MemberFeatureSwitch struct {
	Organization *Organization `json:"-"`
	Writer       Writer        `json:"-"`
	Detector     string        `json:"detector"` // the administrator's
	Account      string        `json:"account"`
	Feature      Feature       `json:"feature"`
}

// Kind implements posture.Setting.
func (s MemberFeatureSwitch) Kind() posture.Kind {
	return posture.Kind{Name: "guardduty.member-feature", Reads: actions("GetMemberDetectors"), Writes: actions("UpdateMemberDetectors"), Settle: settle}
}

// Target implements posture.Setting.
func (s MemberFeatureSwitch) Target() posture.Resource {
	return s.Organization.memberResource(s.Account)
}

// Get implements posture.Setting.
func (s MemberFeatureSwitch) Get(ctx context.Context) (Switch, error) {
	a, err := getMemberFeatures(ctx, s.Organization.region.api, s.Detector, []string{s.Account})
	if err != nil {
		return "", err
	}
	features, answered := a.features[s.Account]
	if !answered {
		return SwitchAbsent, nil
	}
	return switched(features[s.Feature]), nil
}

// Set implements posture.Setting.
func (s MemberFeatureSwitch) Set(ctx context.Context, want Switch) error {
	if want == SwitchAbsent {
		return fmt.Errorf("guardduty: feature %s of account %s cannot be made %s", s.Feature, s.Account, want)
	}
	name, agent := s.Feature.parts()
	f := types.MemberFeaturesConfiguration{Name: types.OrgFeature(name), Status: status(want == SwitchOn)}
	if agent != "" { // as in FeatureSwitch: the feature of an agent is on
		f.Status = types.FeatureStatusEnabled
		f.AdditionalConfiguration = []types.MemberAdditionalConfiguration{{Name: types.OrgFeatureAdditionalConfiguration(agent), Status: status(want == SwitchOn)}}
	}
	out, err := s.Writer.UpdateMemberDetectors(ctx, &guardduty.UpdateMemberDetectorsInput{DetectorId: &s.Detector, AccountIds: []string{s.Account}, Features: []types.MemberFeaturesConfiguration{f}})
	if err != nil {
		return err
	}
	if len(out.UnprocessedAccounts) > 0 {
		return fmt.Errorf("guardduty: account %s was not updated: %s", s.Account, aws.ToString(out.UnprocessedAccounts[0].Result))
	}
	return nil
}

// Cost says what turning a feature on will cost.
func (s MemberFeatureSwitch) Cost(from, to Switch) string {
	return FeatureSwitch{Feature: s.Feature}.Cost(from, to)
}

// EnableMemberFeatures plans, as the administrator, to turn on in a member what
// the administrator has on.
type EnableMemberFeatures struct {
	Organization *Organization
	Writer       Writer
}

// Controls implements posture.Remediator.
func (r EnableMemberFeatures) Controls() []string { return []string{"guardduty.member-features"} }

// Place implements posture.Remediator.
func (r EnableMemberFeatures) Place() posture.Place { return r.Organization.Place() }

// Plan implements posture.Remediator.
func (r EnableMemberFeatures) Plan(ctx context.Context, fs ...posture.Finding) (posture.Plan, error) {
	target, err := posture.TargetOf(r, fs)
	if err != nil {
		return posture.Plan{}, err
	}
	o := r.Organization
	d, ok, err := o.region.toPlan(ctx, target)
	if !ok || err != nil {
		return o.region.newPlan(fs), err
	}
	a, err := getMemberFeatures(ctx, o.region.api, d.ID, []string{target.ID})
	if err != nil {
		return posture.Plan{}, refusal.Unreadable(target, err)
	}
	if why, refused := a.refused[target.ID]; refused {
		return posture.Plan{}, refusal.Unreadable(target, fmt.Errorf("GetMemberDetectors: %s", why))
	}
	t := turning{features: a.features[target.ID]}
	for _, f := range lacking(t.features, d.Features) {
		t.on(f)
	}
	steps, err := stepsOf(t, func(f Feature) posture.Setting[Switch] {
		return MemberFeatureSwitch{Organization: o, Writer: r.Writer, Detector: d.ID, Account: target.ID, Feature: f}
	})
	return t.plan(o.region, fs, steps), err
}
