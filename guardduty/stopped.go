package guardduty

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/internal/param"
)

// NotStopped judges that GuardDuty was not stopped: that its detector is not
// suspended, and that the trail has no call within Within that deleted,
// suspended or detached it. Region.Stops tells what the trail has. A region that
// never had a detector is guardduty.enabled's to judge.
type NotStopped struct {
	Region *Region
	Within time.Duration // default 7 days
}

// StopEvidence is how GuardDuty was stopped.
type StopEvidence struct {
	State     DetectorState `json:"state"` // now
	Operation string        `json:"operation,omitempty"`
	Principal string        `json:"principal,omitempty"`
	Time      time.Time     `json:"time,omitzero"`
}

// String says it in a sentence.
func (e StopEvidence) String() string {
	switch {
	case e.Operation != "":
		return fmt.Sprintf("%s called %s at %s; GuardDuty is %s now.", e.Principal, e.Operation, stamp(e.Time), e.State)
	case e.State == DetectorSuspended:
		return "The detector is suspended: GuardDuty makes no findings."
	}
	return fmt.Sprintf("Nothing in the trail stopped GuardDuty, which is %s.", e.State)
}

// Control implements posture.Evaluator.
func (e NotStopped) Control() posture.Control {
	return posture.Control{
		ID:       "guardduty.stopped",
		Title:    "GuardDuty was not stopped",
		Doc:      "To switch the watchman off is among the first things that an intruder with rights does. Resume GuardDuty, find out who stopped it and why, and look for what happened meanwhile. Keep the calls that stop it to a service control policy's exceptions.",
		Severity: posture.Critical, Scope: posture.Regional, Resource: "AWS::GuardDuty::Detector",
		Requires: actions("ListDetectors", "GetDetector"),
		Params:   []posture.Param{param.Days("within", e.Within, 7*day, "")},
	}
}

// Place implements posture.Evaluator.
func (e NotStopped) Place() posture.Place { return e.Region.Place() }

// Evaluate implements posture.Evaluator.
func (e NotStopped) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c, r := e.Control(), e.Region
	d, err := r.Detector(ctx)
	if err != nil {
		return nil, err
	}
	here := r.resource(d)
	if d.State == DetectorNotOffered {
		return []posture.Finding{c.NotApplicable(here, notOffered)}, nil
	}
	var fs []posture.Finding
	if d.State == DetectorSuspended {
		fs = append(fs, c.Fail(here, StopEvidence{State: d.State}))
	}
	stops, err := r.Stops.Get(ctx, "what stopped GuardDuty lately, by the trail,")
	for _, s := range stops {
		if r.now().Sub(s.Time) <= cmp.Or(e.Within, 7*day) {
			fs = append(fs, c.Fail(here, StopEvidence{d.State, s.Operation, s.Principal, s.Time}).Part(s.EventID))
		}
	}
	switch {
	case len(fs) > 0 || err != nil:
	case d.State == DetectorAbsent:
		fs = append(fs, c.NotApplicable(here, "GuardDuty has no detector in the region, and nothing in the trail removed one."))
	default:
		fs = append(fs, c.Pass(here, StopEvidence{State: d.State}))
	}
	for i := range fs {
		fs[i].Tags = d.Tags
	}
	if len(fs) > 0 && d.State == DetectorSuspended {
		return fs, nil // it is stopped, whatever the trail would add
	}
	return fs, err
}
