package shield

import (
	"context"
	"slices"
	"strings"

	"github.com/awsposture/posture"
)

// DDoSAlarms judges that somebody is told when a protected resource is attacked: an
// alarm with actions on the metric DDoSDetected of the resource, in the region
// where Shield reports it. See "AWS Shield Advanced metrics" in the AWS WAF Developer Guide.
type DDoSAlarms struct{ Account *Account }

// AlarmEvidence is the alarms on attacks of a resource, and what is wrong with
// those that do not serve.
type AlarmEvidence struct {
	Serves string   `json:"serves,omitempty"` // the alarm that does
	Faults []string `json:"faults,omitempty"`
}

// String says it in a sentence.
func (e AlarmEvidence) String() string {
	switch {
	case e.Serves != "":
		return "Alarm " + e.Serves + " tells of attacks."
	case len(e.Faults) > 0:
		return "No alarm tells of attacks: " + strings.Join(e.Faults, "; ") + "."
	}
	return "There is no alarm on attacks."
}

// Control implements posture.Evaluator.
func (e DDoSAlarms) Control() posture.Control {
	return posture.Control{
		ID:       "shield.ddos-alarm",
		Title:    "An alarm tells of attacks on protected resources",
		Doc:      "Shield reports an attack as a metric and tells nobody. Put an alarm with an action on DDoSDetected, for CloudFront and Route 53 in us-east-1, for others in their own region. Without an event the metric comes once a day, so missing data must not count as breaching.",
		Severity: posture.Medium, Scope: posture.Global, Resource: typeProtection,
		Requires: actions("GetSubscriptionState", "ListProtections"),
	}
}

// Place implements posture.Evaluator.
func (e DDoSAlarms) Place() posture.Place { return e.Account.Place() }

// Evaluate implements posture.Evaluator.
func (e DDoSAlarms) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c, a := e.Control(), e.Account
	return a.eachProtection(ctx, c, noProtection, func(ctx context.Context, at posture.Resource, p Protection) []posture.Finding {
		alarms, err := a.alarms.Get(ctx, func(ctx context.Context) ([]Alarm, error) {
			return a.Alarms.Get(ctx, "the alarms on Shield's metrics")
		})
		seen := serving(alarms, p)
		switch {
		case seen.Serves != "":
			return []posture.Finding{c.Pass(at, seen)}
		case err != nil:
			return []posture.Finding{c.Unknown(at, err)}
		}
		return []posture.Finding{c.Fail(at, seen)}
	})
}

// metric is the metric that says that an attack goes on.
const metric = "DDoSDetected"

func serving(alarms []Alarm, p Protection) (e AlarmEvidence) {
	for _, x := range alarms {
		switch {
		case x.ResourceARN != p.ResourceARN || x.Metric != metric:
		case !slices.Contains(metricRegions(p), x.Region):
			e.Faults = append(e.Faults, x.Name+" is in "+x.Region+", where Shield does not report it")
		case x.Actions == 0:
			e.Faults = append(e.Faults, x.Name+" has no action")
		case !x.tells():
			e.Faults = append(e.Faults, x.Name+" does not tell an attack from none by its comparison and threshold: the metric is 1 or 0")
		case x.MissingData == "breaching":
			e.Faults = append(e.Faults, x.Name+" takes missing data for an attack")
		case e.Serves == "":
			e.Serves = x.Name
		}
	}
	return e
}

// metricRegions are the regions of which one has a resource's metrics.
func metricRegions(p Protection) []string {
	switch p.Kind {
	case Distribution, HostedZone:
		return []string{"us-east-1"}
	case Accelerator: // AWS does not say which of the two
		return []string{"us-west-2", "us-east-1"}
	}
	if parts := strings.SplitN(p.ResourceARN, ":", 6); len(parts) == 6 {
		return parts[3:4]
	}
	return nil
}
