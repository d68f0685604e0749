package shield

import (
	"context"
	"fmt"
	"strings"

	"github.com/awsposture/posture"
)

// HealthChecked judges that each protection has a health check, so that Shield
// sees sooner and surer that an attack has its effect. Hosted zones take none.
type HealthChecked struct{ Account *Account }

// HealthEvidence is the health checks of a protection.
type HealthEvidence struct {
	Protection string   `json:"protection"`
	Checks     []string `json:"checks"`
	Faults     []string `json:"faults,omitempty"` // what is wrong with them
}

// String says it in a sentence.
func (e HealthEvidence) String() string {
	switch {
	case len(e.Checks) == 0:
		return "Protection " + e.Protection + " has no health check."
	case len(e.Faults) > 0:
		return fmt.Sprintf("Of protection %s %s.", e.Protection, strings.Join(e.Faults, ", "))
	}
	return fmt.Sprintf("Protection %s has health check %s.", e.Protection, strings.Join(e.Checks, ", "))
}

// Control implements posture.Evaluator.
func (e HealthChecked) Control() posture.Control {
	return posture.Control{
		ID:       "shield.health-check",
		Title:    "Protections have a health check",
		Doc:      "With a Route 53 health check Shield mitigates at lower thresholds when the application suffers, and the response team can call. Make one that tells whether the application serves, and associate it.",
		Severity: posture.Medium, Scope: posture.Global, Resource: "AWS::Shield::Protection",
		Requires: inside("ListProtections"),
	}
}

// Place implements posture.Evaluator.
func (e HealthChecked) Place() posture.Place { return e.Account.Place() }

// Evaluate implements posture.Evaluator.
func (e HealthChecked) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c, a := e.Control(), e.Account
	return a.advanced(ctx, c, func() ([]posture.Finding, error) {
		return a.eachProtection(ctx, c, "There is no protection that takes a health check.", func(p Protection) (posture.Finding, bool) {
			seen := HealthEvidence{Protection: p.Name, Checks: p.HealthChecks}
			switch {
			case p.Kind == HostedZone:
				return posture.Finding{}, false
			case len(p.HealthChecks) == 0:
				return c.Fail(a.protected(p), seen), true
			}
			return c.Pass(a.protected(p), seen), true
		})
	})
}

// HealthCheckState judges that the health checks of protections exist, are on,
// and are healthy now: an unhealthy one lowers the thresholds at all times.
type HealthCheckState struct{ Account *Account }

// Control implements posture.Evaluator.
func (e HealthCheckState) Control() posture.Control {
	return posture.Control{
		ID:       "shield.health-check-state",
		Title:    "Health checks of protections are healthy",
		Doc:      "A health check that is gone, disabled or unhealthy tells Shield nothing, or raises false alarms. Mend the application or the check.",
		Severity: posture.Medium, Scope: posture.Global, Resource: "AWS::Shield::Protection",
		Requires: inside("ListProtections"),
	}
}

// Place implements posture.Evaluator.
func (e HealthCheckState) Place() posture.Place { return e.Account.Place() }

// Evaluate implements posture.Evaluator.
func (e HealthCheckState) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c, a := e.Control(), e.Account
	return a.advanced(ctx, c, func() ([]posture.Finding, error) {
		return a.eachProtection(ctx, c, "No protection has a health check.", func(p Protection) (posture.Finding, bool) {
			if len(p.HealthChecks) == 0 {
				return posture.Finding{}, false
			}
			known, err := a.healthChecks(ctx)
			if err != nil {
				return c.Unknown(a.protected(p), err), true
			}
			seen := HealthEvidence{Protection: p.Name, Checks: p.HealthChecks}
			for _, id := range p.HealthChecks {
				if fault := faultOf(known, id); fault != "" {
					seen.Faults = append(seen.Faults, "health check "+id+" is "+fault)
				}
			}
			if len(seen.Faults) > 0 {
				return c.Fail(a.protected(p), seen), true
			}
			return c.Pass(a.protected(p), seen), true
		})
	})
}

// faultOf says what is wrong with a health check, "" for nothing.
func faultOf(known map[string]HealthCheck, id string) string {
	h, exists := known[id]
	switch {
	case !exists:
		return "gone"
	case h.Disabled:
		return "disabled"
	case !h.Healthy:
		return "unhealthy"
	}
	return ""
}
