package guardduty

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/guardduty"
	"github.com/aws/aws-sdk-go-v2/service/guardduty/types"

	"github.com/awsposture/posture"
)

// FeatureSwitch is the setting of one protection feature, or of the management
// of one agent. It implements posture.Setting[Switch].
type FeatureSwitch struct {
	Region   *Region `json:"-"`
	Writer   Writer  `json:"-"`
	Detector string  `json:"detector"`
	Feature  Feature `json:"feature"`
}

// Kind implements posture.Setting.
func (s FeatureSwitch) Kind() posture.Kind {
	return posture.Kind{Name: "guardduty.feature", Reads: actions("GetDetector"), Writes: actions("UpdateDetector"), Settle: settle}
}

// Target implements posture.Setting.
func (s FeatureSwitch) Target() posture.Resource { return s.Region.resource(Detector{ID: s.Detector}) }

// Get implements posture.Setting.
func (s FeatureSwitch) Get(ctx context.Context) (Switch, error) {
	d, err := getDetector(ctx, s.Region.api, s.Detector)
	switch {
	case sameCode(err, badRequest):
		return SwitchAbsent, nil
	case err != nil:
		return "", err
	case d.State != DetectorEnabled:
		return SwitchAbsent, nil
	}
	return switched(d.Features[s.Feature]), nil
}

// Set implements posture.Setting. It names this feature only, which leaves the
// others as they are.
func (s FeatureSwitch) Set(ctx context.Context, want Switch) error {
	if want == SwitchAbsent {
		return fmt.Errorf("guardduty: feature %s cannot be made %s", s.Feature, want)
	}
	name, agent := s.Feature.parts()
	f := types.DetectorFeatureConfiguration{Name: types.DetectorFeature(name), Status: status(want == SwitchOn)}
	if agent != "" {
		// The management of an agent is set within its feature, which is on: an
		// agent is only ever turned on after it, and off before it.
		f.Status = types.FeatureStatusEnabled
		f.AdditionalConfiguration = []types.DetectorAdditionalConfiguration{{Name: types.FeatureAdditionalConfiguration(agent), Status: status(want == SwitchOn)}}
	}
	_, err := s.Writer.UpdateDetector(ctx, &guardduty.UpdateDetectorInput{DetectorId: &s.Detector, Features: []types.DetectorFeatureConfiguration{f}})
	return err
}

// Cost says what turning a feature on will cost.
func (s FeatureSwitch) Cost(from, to Switch) string {
	if _, agent := s.Feature.parts(); from == to || to != SwitchOn || agent != "" {
		return "" // agents cost through what they report to their feature
	}
	return fmt.Sprintf("Feature %s is charged by what it analyzes, after 30 free days where it is new; see Amazon GuardDuty pricing.", s.Feature)
}

func status(on bool) types.FeatureStatus {
	if on {
		return types.FeatureStatusEnabled
	}
	return types.FeatureStatusDisabled
}

// EnableProtections plans to turn on the features that are off. A member's
// features are its administrator's to change: see EnableMemberFeatures.
type EnableProtections struct {
	Region *Region
	Writer Writer
}

// Controls implements posture.Remediator.
func (r EnableProtections) Controls() []string {
	ids := make([]string, 0, len(suiteFeatures))
	for _, f := range suiteFeatures {
		ids = append(ids, protections[f].id)
	}
	return ids
}

// Place implements posture.Remediator.
func (r EnableProtections) Place() posture.Place { return r.Region.Place() }

// Plan implements posture.Remediator.
func (r EnableProtections) Plan(ctx context.Context, fs ...posture.Finding) (posture.Plan, error) {
	target, err := posture.TargetOf(r, fs)
	if err != nil {
		return posture.Plan{}, err
	}
	d, ok, err := r.Region.toPlan(ctx, target)
	if !ok || err != nil {
		return r.Region.newPlan(fs), err
	}
	t := turning{features: d.Features}
	for _, f := range suiteFeatures {
		if asked(fs, protections[f].id) {
			t.on(f)
		}
	}
	steps, err := stepsOf(t, func(f Feature) posture.Setting[Switch] {
		return FeatureSwitch{Region: r.Region, Writer: r.Writer, Detector: d.ID, Feature: f}
	})
	return t.plan(r.Region, fs, steps), err
}

func asked(fs []posture.Finding, control string) bool {
	for _, f := range fs {
		if f.Control == control {
			return true
		}
	}
	return false
}
