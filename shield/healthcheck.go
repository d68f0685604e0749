package shield

import (
	"context"
	"strings"

	"github.com/awsposture/posture"
)

// HealthChecks judges that protections know the health of what they protect,
// which hosted zones do not have. See "Health-based detection using health checks with Shield Advanced and
// Route 53" in the AWS WAF Developer Guide.
type HealthChecks struct{ Account *Account }

// HealthCheckEvidence is the health checks of a protection.
type HealthCheckEvidence struct {
	HealthChecks []string `json:"healthChecks,omitempty"`
}

// String says it in a sentence.
func (e HealthCheckEvidence) String() string {
	if len(e.HealthChecks) == 0 {
		return "The protection has no health check."
	}
	return "The protection has health check " + strings.Join(e.HealthChecks, ", ") + "."
}

// Control implements posture.Evaluator.
func (e HealthChecks) Control() posture.Control {
	return posture.Control{
		ID:       "shield.health-check",
		Title:    "Protections have a health check",
		Doc:      "With it Shield sees an attack earlier and does not take a busy day for one, and the response team calls by itself. Associate a Route 53 health check that fails when the application suffers, and only then.",
		Severity: posture.Medium, Scope: posture.Global, Resource: typeProtection,
		Requires: actions("GetSubscriptionState", "ListProtections"),
	}
}

// Place implements posture.Evaluator.
func (e HealthChecks) Place() posture.Place { return e.Account.Place() }

// Evaluate implements posture.Evaluator.
func (e HealthChecks) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c := e.Control()
	return e.Account.eachProtection(ctx, c, noProtection, func(_ context.Context, at posture.Resource, p Protection) []posture.Finding {
		if p.Kind == HostedZone {
			return []posture.Finding{c.NotApplicable(at, "Hosted zones have no health-based detection.")}
		}
		judge := c.Pass
		if len(p.HealthChecks) == 0 {
			judge = c.Fail
		}
		return []posture.Finding{judge(at, HealthCheckEvidence{p.HealthChecks})}
	})
}

// HealthCheckState judges that the health checks of protections exist, are on,
// and say that all is well: one that fails when there is no attack makes Shield see attacks.
// Its Sub is the health check's id.
type HealthCheckState struct{ Account *Account }

// HealthEvidence is how a health check is.
type HealthEvidence struct {
	HealthCheck string `json:"healthCheck"`
	Health      Health `json:"health"`
}

// String says it in a sentence.
func (e HealthEvidence) String() string {
	return "Health check " + e.HealthCheck + " is " + string(e.Health) + "."
}

// Control implements posture.Evaluator.
func (e HealthCheckState) Control() posture.Control {
	return posture.Control{
		ID:       "shield.health-check-state",
		Title:    "The health checks of protections work",
		Doc:      "A health check that is gone, off or always failing tells Shield the wrong thing: attacks are seen late, or where there are none. Put the check right, or associate another.",
		Severity: posture.Medium, Scope: posture.Global, Resource: typeProtection,
		Requires: actions("GetSubscriptionState", "ListProtections"),
	}
}

// Place implements posture.Evaluator.
func (e HealthCheckState) Place() posture.Place { return e.Account.Place() }

// Evaluate implements posture.Evaluator.
func (e HealthCheckState) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c, a := e.Control(), e.Account
	return a.eachProtection(ctx, c, noProtection, func(ctx context.Context, at posture.Resource, p Protection) (fs []posture.Finding) {
		for _, id := range p.HealthChecks {
			h, err := a.healthOf(ctx, a.healthCheckARN(id))
			f := c.Fail(at, HealthEvidence{id, h})
			switch {
			case err != nil:
				f = c.Unknown(at, err)
			case h == Healthy:
				f = c.Pass(at, HealthEvidence{id, h})
			case h == "":
				f = c.Unknown(at, notProvided("how health check %s is, as provided, is empty", id))
			}
			fs = append(fs, f.Part(id))
		}
		if len(p.HealthChecks) == 0 {
			return []posture.Finding{c.NotApplicable(at, "The protection has no health check; shield.health-check judges that.")}
		}
		return fs
	})
}

// healthCheckARN is the ARN of a health check by its id.
func (a *Account) healthCheckARN(id string) string {
	return "arn:" + a.place.Partition + ":route53:::healthcheck/" + id
}
