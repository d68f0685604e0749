package organization

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/awsposture/posture"
)

// ServiceDelegation judges that each service which may act on the organization,
// and which AWS lets a member account administer, has a delegated administrator
// other than the management account.
type ServiceDelegation struct {
	Organization *Organization
	// Services are the principals of the services that must have one. Default:
	// those that can, as far as this library knows.
	Services []string
}

// delegable are services that take a delegated administrator. See "AWS services
// that you can use with AWS Organizations" in its User Guide; services are added
// there several times a year.
func delegable() []string {
	return []string{
		"access-analyzer.amazonaws.com", "account.amazonaws.com", "auditmanager.amazonaws.com", "backup.amazonaws.com", "cloudtrail.amazonaws.com",
		"compute-optimizer.amazonaws.com", "config-multiaccountsetup.amazonaws.com", "config.amazonaws.com", "detective.amazonaws.com", "devops-guru.amazonaws.com",
		"fms.amazonaws.com", "guardduty.amazonaws.com", "health.amazonaws.com", "iam.amazonaws.com", "inspector2.amazonaws.com", "ipam.amazonaws.com",
		"license-manager.amazonaws.com", "macie.amazonaws.com", "member.org.stacksets.cloudformation.amazonaws.com", "networkmanager.amazonaws.com",
		"reporting.trustedadvisor.amazonaws.com", "resource-explorer-2.amazonaws.com", "security-ir.amazonaws.com", "securityhub.amazonaws.com",
		"securitylake.amazonaws.com", "servicecatalog.amazonaws.com", "ssm.amazonaws.com", "sso.amazonaws.com", "storage-lens.s3.amazonaws.com",
	}
}

// ServiceDelegationEvidence is who administers a service.
type ServiceDelegationEvidence struct {
	Service        string   `json:"service"`
	Administrators []string `json:"administrators"` // accounts, the management account not among them
}

// String says it in a sentence.
func (e ServiceDelegationEvidence) String() string {
	if len(e.Administrators) == 0 {
		return e.Service + " is administered from the management account: it has no delegated administrator."
	}
	return fmt.Sprintf("%s is administered from account %s.", e.Service, strings.Join(e.Administrators, ", "))
}

// Control implements posture.Evaluator.
func (e ServiceDelegation) Control() posture.Control {
	return posture.Control{
		ID:       "iam.organization-service-delegation",
		Title:    "Services of the organization have delegated administrators",
		Doc:      "A service that is administered from the management account gives its administrators an account that no policy binds. Register a member account as the service's delegated administrator, by the service's own console or API where it has one.",
		Severity: posture.Medium, Scope: posture.Organization, Resource: "AWS::Organizations::Organization",
		Requires: []string{
			"organizations:DescribeOrganization", "organizations:ListRoots", "organizations:ListAWSServiceAccessForOrganization",
			"organizations:ListDelegatedAdministrators", "organizations:ListDelegatedServicesForAccount",
		},
		Params: []posture.Param{{Name: "services", Value: strings.Join(e.services(), ","), Default: strings.Join(delegable(), ","), Source: "AWS services that you can use with AWS Organizations, AWS Organizations User Guide", AsOf: "2026-01"}},
	}
}

func (e ServiceDelegation) services() []string {
	if e.Services == nil {
		return delegable()
	}
	return e.Services
}

// Place implements posture.Evaluator.
func (e ServiceDelegation) Place() posture.Place { return e.Organization.Place() }

// Evaluate implements posture.Evaluator. A service without administrator is not
// reported where the administrators could not all be read.
func (e ServiceDelegation) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c, o := e.Control(), e.Organization
	return o.judged(ctx, c, func(ctx context.Context, id Identity) ([]posture.Finding, error) {
		trusted, err := o.TrustedServices(ctx)
		here := o.organization(id)
		var fs []posture.Finding
		for _, s := range trusted {
			if !slices.Contains(e.services(), s.Principal) {
				fs = append(fs, c.NotApplicable(here, s.Principal+" is not among the services that must have a delegated administrator.").Part(s.Principal))
				continue
			}
			admins, unread := o.DelegatedAdministrators(ctx)
			seen := ServiceDelegationEvidence{Service: s.Principal}
			for _, d := range admins {
				if !d.Management && d.has(s.Principal) {
					seen.Administrators = append(seen.Administrators, d.ID)
				}
			}
			f := c.Pass(here, seen)
			if len(seen.Administrators) == 0 {
				f = c.Fail(here, seen)
				if unread != nil {
					f = c.Unknown(here, unread)
				}
			}
			fs = append(fs, f.Part(s.Principal))
		}
		return c.Judged(fs, err, here, "No service may act on the organization.")
	})
}

func (d DelegatedAdministrator) has(principal string) bool {
	return slices.ContainsFunc(d.Services, func(s Service) bool { return s.Principal == principal })
}
