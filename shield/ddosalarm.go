package shield

import (
	"context"
	"slices"

	"github.com/awsposture/posture"
)

// DDoSAlarm judges that somebody is told when an attack on a protected resource is
// detected: an alarm with actions on the metric DDoSDetected for its ARN. Metrics of
// CloudFront and Route 53 are in us-east-1, those of Global Accelerator there or
// in us-west-2, others in the resource's region. The metric is sent once a day
// where nothing happens, so an alarm that missing data raise is a fault.
type DDoSAlarm struct{ Account *Account }

// AlarmEvidence is what alarms there are on a resource.
type AlarmEvidence struct {
	Alarms []string `json:"alarms"` // those that do
	Faults []string `json:"faults"` // why others do not
}

// String says it in a sentence.
func (e AlarmEvidence) String() string {
	switch {
	case len(e.Alarms) > 0:
		return "Alarm " + e.Alarms[0] + " tells of an attack."
	case len(e.Faults) > 0:
		return "No alarm tells of an attack: " + e.Faults[0] + "."
	}
	return "There is no alarm on DDoSDetected."
}

// Control implements posture.Evaluator.
func (e DDoSAlarm) Control() posture.Control {
	return posture.Control{
		ID:       "shield.ddos-alarm",
		Title:    "An alarm tells of attacks on protected resources",
		Doc:      "Shield mitigates and tells nobody. Make an alarm on the metric DDoSDetected of AWS/DDoSProtection above 0 for each protected resource, with an action, and treat missing data as not breaching.",
		Severity: posture.Medium, Scope: posture.Global, Resource: "AWS::Shield::Protection",
		Requires: inside("ListProtections"),
	}
}

// Place implements posture.Evaluator.
func (e DDoSAlarm) Place() posture.Place { return e.Account.Place() }

// Evaluate implements posture.Evaluator.
func (e DDoSAlarm) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c, a := e.Control(), e.Account
	return a.advanced(ctx, c, func() ([]posture.Finding, error) {
		return a.eachProtection(ctx, c, noProtection, func(p Protection) (posture.Finding, bool) {
			alarms, err := a.alarmed(ctx)
			seen := AlarmEvidence{Alarms: []string{}, Faults: []string{}}
			for _, x := range alarms {
				if x.ResourceARN != p.ResourceARN {
					continue
				}
				if fault := x.fault(p); fault != "" {
					seen.Faults = append(seen.Faults, "alarm "+x.Name+" "+fault)
				} else {
					seen.Alarms = append(seen.Alarms, x.Name)
				}
			}
			switch {
			case len(seen.Alarms) > 0:
				return c.Pass(a.protected(p), seen), true
			case err != nil:
				return c.Unknown(a.protected(p), err), true
			}
			return c.Fail(a.protected(p), seen), true
		})
	})
}

// metricRegions are where the metrics of a protection can be.
func metricRegions(p Protection) []string {
	switch p.Kind {
	case Distribution, HostedZone:
		return []string{"us-east-1"}
	case Accelerator:
		return []string{"us-east-1", "us-west-2"}
	}
	return []string{regionOf(p.ResourceARN)}
}

func (x Alarm) fault(p Protection) string {
	switch {
	case !slices.Contains(metricRegions(p), x.Region):
		return "is in " + x.Region + ", where the metric is not"
	case !x.Actions:
		return "has no action"
	case x.Breaching:
		return "takes missing data for an attack"
	}
	return ""
}
