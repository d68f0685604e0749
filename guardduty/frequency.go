package guardduty

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/guardduty"
	"github.com/aws/aws-sdk-go-v2/service/guardduty/types"

	"github.com/awsposture/posture"
)

// Frequency is how often GuardDuty sends on that a finding it already told of
// goes on. New findings go out at once.
type Frequency string

// The frequencies.
const (
	FifteenMinutes Frequency = "FIFTEEN_MINUTES"
	OneHour        Frequency = "ONE_HOUR"
	SixHours       Frequency = "SIX_HOURS" // AWS's default
)

// PublishingFrequency judges that updates of findings are sent on every fifteen
// minutes. An administrator's frequency holds for its members. See "Frequency of
// notifications" in the GuardDuty User Guide.
type PublishingFrequency struct{ Region *Region }

// FrequencyEvidence is the frequency as it was read.
type FrequencyEvidence struct {
	Frequency Frequency `json:"frequency"`
}

// String says it in a sentence.
func (e FrequencyEvidence) String() string {
	return "Updates of findings are sent on with frequency " + string(e.Frequency) + "."
}

// Control implements posture.Evaluator.
func (e PublishingFrequency) Control() posture.Control {
	return posture.Control{
		ID:       "guardduty.frequency",
		Title:    "Updates of findings are sent on every fifteen minutes",
		Doc:      "A finding that goes on, or grows to more resources, is told of again only at this frequency, by default every six hours. Set it to fifteen minutes in the administrator's account; it costs nothing.",
		Severity: posture.Low, Scope: posture.Regional, Resource: "AWS::GuardDuty::Detector",
		Requires: actions("ListDetectors", "GetDetector", "GetAdministratorAccount"),
	}
}

// Place implements posture.Evaluator.
func (e PublishingFrequency) Place() posture.Place { return e.Region.Place() }

// Evaluate implements posture.Evaluator.
func (e PublishingFrequency) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c := e.Control()
	d, off, err := e.Region.own(ctx, c)
	if off != nil || err != nil {
		return off, err
	}
	judge := c.Fail
	switch d.Frequency {
	case FifteenMinutes:
		judge = c.Pass
	case "":
		return nil, malformed("GetDetector", "the answer has no frequency")
	}
	f := judge(e.Region.resource(d), FrequencyEvidence{d.Frequency})
	f.Tags = d.Tags
	return []posture.Finding{f}, nil
}

// FrequencySetting is the setting of a detector's frequency. It implements
// posture.Setting[Frequency]; "" says that there is no such detector.
type FrequencySetting struct {
	Region   *Region `json:"-"`
	Writer   Writer  `json:"-"`
	Detector string  `json:"detector"`
}

// Kind implements posture.Setting.
func (s FrequencySetting) Kind() posture.Kind {
	return posture.Kind{Name: "guardduty.frequency", Reads: actions("GetDetector"), Writes: actions("UpdateDetector"), Settle: settle}
}

// Target implements posture.Setting.
func (s FrequencySetting) Target() posture.Resource {
	return s.Region.resource(Detector{ID: s.Detector})
}

// Get implements posture.Setting.
func (s FrequencySetting) Get(ctx context.Context) (Frequency, error) {
	d, err := getDetector(ctx, s.Region.api, s.Detector)
	if sameCode(err, badRequest) {
		return "", nil
	}
	return d.Frequency, err
}

// Set implements posture.Setting.
func (s FrequencySetting) Set(ctx context.Context, want Frequency) error {
	_, err := s.Writer.UpdateDetector(ctx, &guardduty.UpdateDetectorInput{DetectorId: &s.Detector, FindingPublishingFrequency: types.FindingPublishingFrequency(want)})
	return err
}

// RaiseFrequency plans to send updates of findings on every fifteen minutes.
type RaiseFrequency struct {
	Region *Region
	Writer Writer
}

// Controls implements posture.Remediator.
func (r RaiseFrequency) Controls() []string { return []string{"guardduty.frequency"} }

// Place implements posture.Remediator.
func (r RaiseFrequency) Place() posture.Place { return r.Region.Place() }

// Plan implements posture.Remediator.
func (r RaiseFrequency) Plan(ctx context.Context, fs ...posture.Finding) (posture.Plan, error) {
	target, err := posture.TargetOf(r, fs)
	if err != nil {
		return posture.Plan{}, err
	}
	d, ok, err := r.Region.toPlan(ctx, target)
	if !ok || err != nil || d.Frequency == FifteenMinutes {
		return r.Region.newPlan(fs), err
	}
	step, err := posture.Change(FrequencySetting{Region: r.Region, Writer: r.Writer, Detector: d.ID}, d.Frequency, FifteenMinutes)
	return r.Region.newPlan(fs, step), err
}
