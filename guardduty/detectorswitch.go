package guardduty

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/guardduty"
	"github.com/aws/aws-sdk-go-v2/service/guardduty/types"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/internal/refusal"
)

// DetectorSwitch is the setting of whether GuardDuty works in the region. It
// implements posture.Setting[DetectorState]. It never deletes a detector, which
// would delete its findings: wanting DetectorAbsent suspends it.
type DetectorSwitch struct {
	Region *Region `json:"-"`
	Writer Writer  `json:"-"`
	// On are the features that a detector is created with, sorted; every other
	// standard feature is named as off. A detector that exists keeps its features.
	On []Feature `json:"on,omitempty"`
}

// Kind implements posture.Setting. Creating the first detector of an account
// creates the service-linked role with the caller's own permission.
func (s DetectorSwitch) Kind() posture.Kind {
	return posture.Kind{
		Name: "guardduty.detector", Reads: actions("ListDetectors", "GetDetector"),
		Writes: append(actions("CreateDetector", "UpdateDetector"), "iam:CreateServiceLinkedRole"), Settle: settle,
	}
}

// Target implements posture.Setting. A step does not know the id of the detector
// that it will make, so the target has no ARN.
func (s DetectorSwitch) Target() posture.Resource { return s.Region.resource(Detector{}) }

// Get implements posture.Setting.
func (s DetectorSwitch) Get(ctx context.Context) (DetectorState, error) {
	d, err := findDetector(ctx, s.Region.api, s.Region.place)
	return d.State, err
}

// Set implements posture.Setting.
func (s DetectorSwitch) Set(ctx context.Context, want DetectorState) error {
	if want == DetectorNotOffered {
		return fmt.Errorf("guardduty: a detector cannot be made %s", want)
	}
	d, err := findDetector(ctx, s.Region.api, s.Region.place)
	if err != nil {
		return err
	}
	on := want == DetectorEnabled
	switch {
	case d.State == DetectorNotOffered:
		return errors.New("guardduty: AWS does not offer GuardDuty in " + s.Region.place.Region)
	case d.ID != "":
		_, err = s.Writer.UpdateDetector(ctx, &guardduty.UpdateDetectorInput{DetectorId: &d.ID, Enable: &on})
	case on:
		_, err = s.Writer.CreateDetector(ctx, &guardduty.CreateDetectorInput{
			Enable: aws.Bool(true), FindingPublishingFrequency: types.FindingPublishingFrequency(FifteenMinutes), Features: detectorFeatures(s.On),
		})
	}
	return err
}

// detectorFeatures names every standard feature, those of on as on.
func detectorFeatures(on []Feature) []types.DetectorFeatureConfiguration {
	var all []types.DetectorFeatureConfiguration
	for _, f := range slices.Concat(standardFeatures, on) {
		name, agent := f.parts()
		i := slices.IndexFunc(all, func(c types.DetectorFeatureConfiguration) bool { return c.Name == types.DetectorFeature(name) })
		if i < 0 {
			i = len(all)
			all = append(all, types.DetectorFeatureConfiguration{Name: types.DetectorFeature(name), Status: status(slices.Contains(on, name))})
		}
		named := slices.ContainsFunc(all[i].AdditionalConfiguration, func(c types.DetectorAdditionalConfiguration) bool {
			return c.Name == types.FeatureAdditionalConfiguration(agent)
		})
		if agent != "" && !named {
			all[i].AdditionalConfiguration = append(all[i].AdditionalConfiguration, types.DetectorAdditionalConfiguration{
				Name: types.FeatureAdditionalConfiguration(agent), Status: status(slices.Contains(on, f)),
			})
		}
	}
	return all
}

// Cost says what GuardDuty will cost.
func (s DetectorSwitch) Cost(from, to DetectorState) string {
	if from == to || to != DetectorEnabled {
		return ""
	}
	return "GuardDuty is charged by the CloudTrail events, flow logs and DNS logs it analyzes, after 30 free days in a region where it is new; see Amazon GuardDuty pricing."
}

// EnableGuardDuty plans to make GuardDuty work: it makes a detector where there
// is none and resumes one that is suspended.
type EnableGuardDuty struct {
	Region *Region
	Writer Writer
	// On are the features that a new detector starts with. Default none: each
	// costs, and EnableProtections plans them one by one.
	On []Feature
}

// Controls implements posture.Remediator.
func (r EnableGuardDuty) Controls() []string {
	return []string{"guardduty.enabled", "guardduty.stopped"}
}

// Place implements posture.Remediator.
func (r EnableGuardDuty) Place() posture.Place { return r.Region.Place() }

// Plan implements posture.Remediator.
func (r EnableGuardDuty) Plan(ctx context.Context, fs ...posture.Finding) (posture.Plan, error) {
	target, err := posture.TargetOf(r, fs)
	if err != nil {
		return posture.Plan{}, err
	}
	for _, f := range fs {
		if f.Sub != "" {
			return posture.Plan{}, &posture.Refusal{Reason: posture.ReasonNotRemediable, Message: "that GuardDuty was stopped, by event " + f.Sub + " of the trail, is for a person to look into"}
		}
	}
	d, err := findDetector(ctx, r.Region.api, r.Region.place)
	switch {
	case err != nil:
		return posture.Plan{}, refusal.Unreadable(target, err)
	case d.State == DetectorNotOffered:
		return posture.Plan{}, &posture.Refusal{Reason: posture.ReasonNotRemediable, Message: notOffered}
	case d.State == DetectorEnabled:
		return r.Region.newPlan(fs), nil
	case d.State == DetectorSuspended:
		if err := r.Region.refuseMember(ctx, target, d); err != nil {
			return posture.Plan{}, err
		}
	}
	setting := DetectorSwitch{Region: r.Region, Writer: r.Writer, On: slices.Compact(slices.Sorted(slices.Values(r.On)))}
	step, err := posture.Change(setting, d.State, DetectorEnabled)
	p := r.Region.newPlan(fs, step)
	if d.State == DetectorAbsent {
		p.Warnings = []string{"The detector that is made stays: undo suspends it, since deleting it would delete its findings."}
	}
	return p, err
}

// Meaning is what a state comes to: without a detector GuardDuty sees as little
// as with a suspended one, so suspending is as far back as undo goes.
func (s DetectorState) Meaning() any {
	if s == DetectorAbsent {
		return DetectorSuspended
	}
	return s
}
