package guardduty

import (
	"context"
	"fmt"

	"github.com/awsposture/posture"
)

// ThreatLists judges that every threat list that was uploaded is in use: one
// that is inactive or could not be read finds nothing, while whoever uploaded it
// believes that it does.
type ThreatLists struct{ Region *Region }

// ThreatListEvidence is a threat list as it was read.
type ThreatListEvidence struct {
	Name    string `json:"name"`
	Status  string `json:"status"`
	Problem string `json:"problem,omitempty"`
}

// String says it in a sentence.
func (e ThreatListEvidence) String() string {
	s := fmt.Sprintf("Threat list %s has status %s", e.Name, e.Status)
	if e.Problem != "" {
		s += ": " + e.Problem
	}
	return s + "."
}

// Control implements posture.Evaluator.
func (e ThreatLists) Control() posture.Control {
	return posture.Control{
		ID:       "guardduty.threat-list",
		Title:    "Threat lists that were uploaded are in use",
		Doc:      "A threat list adds addresses and domains of your own to what GuardDuty looks for, as long as it is active. Activate it, put its S3 object right, or delete it.",
		Severity: posture.Low, Scope: posture.Regional, Resource: "AWS::GuardDuty::ThreatIntelSet",
		Requires: actions("ListDetectors", "GetDetector", "GetAdministratorAccount", "ListThreatIntelSets", "GetThreatIntelSet", "ListThreatEntitySets", "GetThreatEntitySet"),
	}
}

// Place implements posture.Evaluator.
func (e ThreatLists) Place() posture.Place { return e.Region.Place() }

// Evaluate implements posture.Evaluator.
func (e ThreatLists) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c := e.Control()
	d, off, err := e.Region.own(ctx, c)
	if off != nil || err != nil {
		return off, err
	}
	fs, err := e.Region.eachList(ctx, c, d, []ListKind{ThreatIntelSet, ThreatEntitySet}, func(_ context.Context, here posture.Resource, l List) posture.Finding {
		judge := c.Fail
		if l.Status == "ACTIVE" || l.Status == "ACTIVATING" {
			judge = c.Pass
		}
		return judge(here, ThreatListEvidence{l.Name, l.Status, l.Problem})
	})
	return c.Judged(fs, err, e.Region.resource(d), "The region has no threat list.")
}
