package shield

import (
	"context"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/shield"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/internal/refusal"
)

// HealthCheckIDs is the health checks of a protection.
type HealthCheckIDs struct {
	Protected bool     `json:"protected"` // false: there is no protection to have any
	IDs       []string `json:"ids,omitempty"`
}

// HealthCheckSetting is the setting of a protection's health checks. It implements
// posture.Setting[HealthCheckIDs].
type HealthCheckSetting struct {
	Account     *Account `json:"-"`
	Writer      Writer   `json:"-"`
	ResourceARN string   `json:"resourceArn"`
}

// Kind implements posture.Setting.
func (s HealthCheckSetting) Kind() posture.Kind {
	return posture.Kind{
		Name: "shield.health-checks", Reads: actions("DescribeProtection"),
		Writes: actions("AssociateHealthCheck", "DisassociateHealthCheck"), Settle: settle,
	}
}

// Target implements posture.Setting.
func (s HealthCheckSetting) Target() posture.Resource { return s.Account.protection(s.ResourceARN) }

// Get implements posture.Setting.
func (s HealthCheckSetting) Get(ctx context.Context) (HealthCheckIDs, error) {
	p, err := getProtection(ctx, s.Account.api, s.ResourceARN)
	return HealthCheckIDs{p.ID != "", p.HealthChecks}, err
}

// Set implements posture.Setting.
func (s HealthCheckSetting) Set(ctx context.Context, want HealthCheckIDs) error {
	p, err := getProtection(ctx, s.Account.api, s.ResourceARN)
	if err != nil {
		return err
	}
	if p.ID == "" || !want.Protected {
		return fmt.Errorf("shield: the health checks of %s cannot be set without a protection", s.ResourceARN)
	}
	for _, id := range p.HealthChecks {
		if arn := s.Account.healthCheckARN(id); !slices.Contains(want.IDs, id) {
			if _, err := s.Writer.DisassociateHealthCheck(ctx, &shield.DisassociateHealthCheckInput{ProtectionId: &p.ID, HealthCheckArn: &arn}); err != nil {
				return err
			}
		}
	}
	for _, id := range want.IDs {
		if arn := s.Account.healthCheckARN(id); !slices.Contains(p.HealthChecks, id) {
			if _, err := s.Writer.AssociateHealthCheck(ctx, &shield.AssociateHealthCheckInput{ProtectionId: &p.ID, HealthCheckArn: &arn}); err != nil {
				return err
			}
		}
	}
	return nil
}

// AttachHealthChecks plans to give protections without one a health check of the
// caller's choice, which must be healthy: an unhealthy one makes Shield see an attack.
type AttachHealthChecks struct {
	Account *Account
	Writer  Writer
	// Choose gives the id of the health check for what is protected, "" none.
	Choose func(ctx context.Context, protected string) (string, error)
}

// Controls implements posture.Remediator.
func (r AttachHealthChecks) Controls() []string { return []string{"shield.health-check"} }

// Place implements posture.Remediator.
func (r AttachHealthChecks) Place() posture.Place { return r.Account.Place() }

// Plan implements posture.Remediator.
func (r AttachHealthChecks) Plan(ctx context.Context, fs ...posture.Finding) (posture.Plan, error) {
	a := r.Account
	target, p, ok, err := a.toPlanOn(ctx, r, fs)
	switch {
	case err != nil:
		return posture.Plan{}, err
	case !ok || p.ID == "" || len(p.HealthChecks) > 0 || p.Kind == HostedZone:
		return a.newPlan(fs), nil
	}
	id, err := asked(ctx, a, r.Choose, target.ID, "the choice of a health check")
	switch {
	case err != nil:
		return posture.Plan{}, refusal.Unreadable(target, err)
	case id == "":
		return posture.Plan{}, refuse(posture.ReasonNeedsChoice, "no health check was chosen for "+target.ID)
	}
	h, err := asked(ctx, a, a.Health, a.healthCheckARN(id), "how health checks are")
	switch {
	case err != nil:
		return posture.Plan{}, refusal.Unreadable(target, err)
	case h != Healthy:
		return posture.Plan{}, refuse(posture.ReasonNeedsChoice, fmt.Sprintf("health check %s is %s; associate one that is healthy", id, h))
	}
	setting := HealthCheckSetting{Account: a, Writer: r.Writer, ResourceARN: target.ID}
	step, err := posture.Change(setting, HealthCheckIDs{Protected: true}, HealthCheckIDs{true, []string{id}})
	return a.newPlan(fs, step), err
}
