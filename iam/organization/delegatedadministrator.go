package organization

import (
	"context"
	"fmt"
	"strings"

	"github.com/awsposture/posture"
)

// DelegatedAdministratorSound judges that every delegated administrator is an
// active member account: not the management account, which no control policy
// binds, and not one that is suspended or closed.
type DelegatedAdministratorSound struct{ Organization *Organization }

// DelegatedAdministratorEvidence is an account that administers services.
type DelegatedAdministratorEvidence struct {
	Account    string       `json:"account"`
	Name       string       `json:"name"`
	Management bool         `json:"management"`
	State      AccountState `json:"state"`
	Services   []string     `json:"services"`
}

// String says it in a sentence.
func (e DelegatedAdministratorEvidence) String() string {
	who := "Member account"
	if e.Management {
		who = "Management account"
	}
	return fmt.Sprintf("%s %s (%s), whose state is %s, administers %s.", who, e.Account, e.Name, e.State, strings.Join(e.Services, ", "))
}

// Control implements posture.Evaluator.
func (e DelegatedAdministratorSound) Control() posture.Control {
	return posture.Control{
		ID:       "iam.organization-delegated-administrator",
		Title:    "Delegated administrators are active member accounts",
		Doc:      "A delegated administrator that is the management account delegates nothing; one that is suspended or being closed leaves its services with nobody to administer them. Register another member account, then deregister this one.",
		Severity: posture.High, Scope: posture.Organization, Resource: "AWS::Organizations::Account",
		Requires: []string{"organizations:DescribeOrganization", "organizations:ListRoots", "organizations:ListDelegatedAdministrators", "organizations:ListDelegatedServicesForAccount"},
	}
}

// Place implements posture.Evaluator.
func (e DelegatedAdministratorSound) Place() posture.Place { return e.Organization.Place() }

// Evaluate implements posture.Evaluator.
func (e DelegatedAdministratorSound) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c, o := e.Control(), e.Organization
	return o.judged(ctx, c, func(ctx context.Context, id Identity) ([]posture.Finding, error) {
		admins, err := o.DelegatedAdministrators(ctx)
		var fs []posture.Finding
		for _, d := range admins {
			seen := DelegatedAdministratorEvidence{Account: d.ID, Name: d.Name, Management: d.Management, State: d.State}
			for _, s := range d.Services {
				seen.Services = append(seen.Services, s.Principal)
			}
			f := c.Fail(o.accountResource(d.Account), seen)
			switch {
			case d.Management:
			case !d.State.known():
				f = c.Unknown(o.accountResource(d.Account), d.unknownState("ListDelegatedAdministrators"))
			case d.State == StateActive:
				f = c.Pass(o.accountResource(d.Account), seen)
			}
			fs = append(fs, f)
		}
		return c.Judged(fs, err, o.organization(id), "No account is a delegated administrator.")
	})
}
