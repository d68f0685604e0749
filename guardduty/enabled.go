package guardduty

import (
	"context"

	"github.com/awsposture/posture"
)

// Enabled judges that GuardDuty works in the region: that there is a detector
// and that it is not suspended. See "Suspending or disabling GuardDuty" in the
// GuardDuty User Guide.
type Enabled struct{ Region *Region }

// DetectorEvidence is the detector as it was read.
type DetectorEvidence struct {
	ID    string        `json:"id,omitempty"`
	State DetectorState `json:"state"`
}

// String says it in a sentence.
func (e DetectorEvidence) String() string {
	switch e.State {
	case DetectorEnabled:
		return "GuardDuty is enabled in the region with detector " + e.ID + "."
	case DetectorSuspended:
		return "GuardDuty is suspended in the region: detector " + e.ID + " keeps its findings and makes no new ones."
	}
	return "GuardDuty has no detector in the region."
}

// Control implements posture.Evaluator.
func (e Enabled) Control() posture.Control {
	return posture.Control{
		ID:       "guardduty.enabled",
		Title:    "GuardDuty is enabled in the region",
		Doc:      "An intruder works where nobody looks, and a region without GuardDuty is such a place even when no workload of yours is there. Enable it in every region that the account can use, best through the organization's delegated administrator.",
		Severity: posture.High, Scope: posture.Regional, Resource: "AWS::GuardDuty::Detector",
		Requires: actions("ListDetectors", "GetDetector"),
	}
}

// Place implements posture.Evaluator.
func (e Enabled) Place() posture.Place { return e.Region.Place() }

// Evaluate implements posture.Evaluator.
func (e Enabled) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	d, err := e.Region.Detector(ctx)
	if err != nil {
		return nil, err
	}
	c, here, seen := e.Control(), e.Region.resource(d), DetectorEvidence{d.ID, d.State}
	var f posture.Finding
	switch d.State {
	case DetectorNotOffered:
		f = c.NotApplicable(here, notOffered)
	case DetectorEnabled:
		f = c.Pass(here, seen)
	default:
		f = c.Fail(here, seen)
	}
	f.Tags = d.Tags
	return []posture.Finding{f}, nil
}
