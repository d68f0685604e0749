// Package suite wires every domain together: the evaluators of one account and
// its regions from one aws.Config, each view given what the others know, and the
// IAM policy that such a scan needs. It is the one package that imports all
// domains; a domain is added by a line in Account.Evaluators.
//
// [Accounts] does so for many accounts, one after the other, through a role that
// is assumed in each; [Choice] lists an organization's. [Pace] keeps a scan from
// using up the quotas that an account needs for itself, and is on unless it is
// turned off.
package suite

import (
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/advisor"
	"github.com/awsposture/posture/advisor/trustedadvisor"
	"github.com/awsposture/posture/guardduty"
	"github.com/awsposture/posture/iam"
	"github.com/awsposture/posture/iam/organization"
	"github.com/awsposture/posture/inspector"
	"github.com/awsposture/posture/shield"
)

// Account is one account to judge, and the regions of it.
type Account struct {
	Config  aws.Config    // reads; its region does not matter
	Place   posture.Place // partition and account that Config's credentials belong to
	Regions []string      // to look at; none judges only what is global
	Pace    *Pace         // of the calls; nil is a new one, at the default rates

	// Members are the ids of the accounts of this account's organization. Only an
	// administrator's account is told of them: nil asks there, and leaves what
	// depends on them unknown elsewhere.
	Members posture.Fact[[]string]

	organized   *organization.Organization // where a view was begun already
	otherRegion error                      // why Regions are not all
}

// Evaluators is the default suite: every control of every domain, the global
// ones first. Facts that no domain here knows are left for the caller: find the
// view in the evaluators, or build the suite of its parts.
//
// The calls are paced, which takes time: at the default rates a thousand users with
// access keys take eight minutes. A larger account needs a longer
// posture.ScanOptions.Timeout than the default, or Rates of its own.
func (a Account) Evaluators() []posture.Evaluator {
	global := posture.Place{Partition: a.Place.Partition, Account: a.Place.Account}
	cfg := a.paced()
	organized := a.organized
	if organized == nil {
		organized = organization.FromConfig(cfg, global)
	}
	members := a.Members
	if members == nil {
		members = organized.Members
	}
	identities := iam.FromConfig(cfg, global)
	identities.Members, identities.Organization = members, organized.ID
	identities.SecurityContact = securityContact(cfg, global)
	identities.Analyzers = analyzers(cfg, a.Regions, a.otherRegion)

	advice := trustedadvisor.FromConfig(cfg, global)
	recompute(advice, identities)
	guarded := shield.FromConfig(cfg, global)
	guarded.Role, guarded.ResponseTeam = responseTeamRole(identities), hasResponseTeam(advice)

	evs := slices.Concat(iam.Evaluators(identities), organization.Evaluators(organized), shield.Evaluators(guarded), advisor.Evaluators(advice))
	for _, region := range a.Regions {
		place := global
		place.Region = region
		detector := guardduty.FromConfig(cfg, place)
		administered := guardduty.NewOrganization(detector)
		administered.Accounts = members
		scanner := inspector.FromConfig(cfg, place)
		enrolled := inspector.NewOrganization(scanner)
		enrolled.Accounts = members
		evs = slices.Concat(evs, guardduty.Evaluators(detector), guardduty.OrganizationEvaluators(administered), inspector.Evaluators(scanner), inspector.OrganizationEvaluators(enrolled))
	}
	return evs
}

// paced gives the configuration with its calls paced.
func (a Account) paced() aws.Config {
	p := a.Pace
	if p == nil {
		p = new(Pace)
	}
	return p.Config(a.Config)
}

// factActions are the IAM actions of the facts that Evaluators wires, beyond
// those of the controls.
func factActions() []string {
	return []string{"access-analyzer:ListAnalyzers", "account:GetAlternateContact"}
}

// Actions lists the IAM actions that the suite calls.
func (a Account) Actions() []string {
	all := append(posture.Actions(a.Evaluators()), factActions()...)
	slices.Sort(all)
	return slices.Compact(all)
}
