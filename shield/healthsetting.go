package shield

import (
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/shield"

	"github.com/awsposture/posture"
)

// Checks are the ids of the health checks of a protection, sorted. Protected is
// false where the resource has no protection.
type Checks struct {
	Protected bool     `json:"protected"`
	IDs       []string `json:"ids"`
}

// ChecksSetting is the setting of a protection's health checks. It implements
// posture.Setting[Checks].
type ChecksSetting struct {
	Account  *Account `json:"-"`
	Writer   Writer   `json:"-"`
	Resource string   `json:"resource"` // ARN
}

// Kind implements posture.Setting.
func (s ChecksSetting) Kind() posture.Kind {
	return posture.Kind{
		Name: "shield.health-check", Reads: actions("DescribeProtection"),
		Writes: append(actions("AssociateHealthCheck", "DisassociateHealthCheck"), "route53:GetHealthCheck"), Settle: settle,
	}
}

// Target implements posture.Setting.
func (s ChecksSetting) Target() posture.Resource {
	return s.Account.byARN(s.Resource, KindOf(s.Resource))
}

// Get implements posture.Setting.
func (s ChecksSetting) Get(ctx context.Context) (Checks, error) {
	p, ok, err := readProtection(ctx, s.Account.api, s.Resource)
	return Checks{ok, append([]string{}, p.HealthChecks...)}, err
}

// Set implements posture.Setting. It takes away what is not wanted first, since a
// protection has one health check at most.
func (s ChecksSetting) Set(ctx context.Context, want Checks) error {
	p, ok, err := readProtection(ctx, s.Account.api, s.Resource)
	if err != nil || !ok {
		return err
	}
	for _, id := range p.HealthChecks {
		if slices.Contains(want.IDs, id) {
			continue
		}
		arn := s.arn(id)
		if _, err := s.Writer.DisassociateHealthCheck(ctx, &shield.DisassociateHealthCheckInput{ProtectionId: &p.ID, HealthCheckArn: &arn}); err != nil {
			return err
		}
	}
	for _, id := range want.IDs {
		if slices.Contains(p.HealthChecks, id) {
			continue
		}
		arn := s.arn(id)
		if _, err := s.Writer.AssociateHealthCheck(ctx, &shield.AssociateHealthCheckInput{ProtectionId: &p.ID, HealthCheckArn: &arn}); err != nil {
			return err
		}
	}
	return nil
}

// arn is a health check's ARN, which names no account.
func (s ChecksSetting) arn(id string) string {
	return "arn:" + s.Account.place.Partition + ":route53:::healthcheck/" + id
}

// AssociateChecks plans to give protections the health checks that the caller
// names. To make one is the owner's design: it must tell whether the application
// serves.
type AssociateChecks struct {
	Account *Account
	Writer  Writer
	Checks  map[string]string // ids by the ARN of the protected resource
}

// Controls implements posture.Remediator.
func (r AssociateChecks) Controls() []string { return []string{"shield.health-check"} }

// Place implements posture.Remediator.
func (r AssociateChecks) Place() posture.Place { return r.Account.Place() }

// Plan implements posture.Remediator. A health check that does not exist or is not
// healthy now is refused: Shield would take the application for attacked.
func (r AssociateChecks) Plan(ctx context.Context, fs ...posture.Finding) (posture.Plan, error) {
	target, err := targetOf(r, fs)
	if err != nil {
		return posture.Plan{}, err
	}
	a := r.Account
	active, err := a.toPlan(ctx, target)
	if err != nil || !active {
		return a.newPlan(fs), err
	}
	setting := ChecksSetting{Account: a, Writer: r.Writer, Resource: target.ARN}
	p, ok, err := readProtection(ctx, a.api, target.ARN)
	switch {
	case err != nil:
		return posture.Plan{}, unreadable(target, err)
	case !ok || len(p.HealthChecks) > 0:
		return a.newPlan(fs), nil
	}
	if err := ofFirewallManager(p, target); err != nil {
		return posture.Plan{}, err
	}
	id := r.Checks[target.ARN]
	if id == "" {
		return posture.Plan{}, choose("no health check is named for " + target.String())
	}
	known, err := a.HealthChecks.Get(ctx, "shield.Account.HealthChecks")
	if err != nil {
		return posture.Plan{}, unreadable(target, err)
	}
	if fault := faultOf(known, id); fault != "" {
		return posture.Plan{}, choose(strings.Join([]string{"health check", id, "is", fault}, " "))
	}
	step, err := posture.Change(setting, Checks{true, []string{}}, Checks{true, []string{id}})
	return a.newPlan(fs, step), err
}
