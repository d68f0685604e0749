package shield

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/awsposture/posture"
)

// EmergencyContacts judges that the Shield Response Team knows somebody to call.
type EmergencyContacts struct{ Account *Account }

// ContactsEvidence counts the contacts; who they are is not part of a finding.
type ContactsEvidence struct {
	Contacts int `json:"contacts"`
	Phones   int `json:"phones"` // contacts with a phone number
}

// String says it in a sentence.
func (e ContactsEvidence) String() string {
	return fmt.Sprintf("There are %d emergency contacts, %d of them with a phone number.", e.Contacts, e.Phones)
}

// Control implements posture.Evaluator.
func (e EmergencyContacts) Control() posture.Control {
	return posture.Control{
		ID:       "shield.contacts",
		Title:    "The Shield Response Team knows whom to call",
		Doc:      "The team calls only who is named in the emergency contacts, by phone. Name a duty line and at least one more.",
		Severity: posture.Medium, Scope: posture.Global, Resource: "AWS::Shield::ProactiveEngagement",
		Requires: inside("DescribeEmergencyContactSettings"),
	}
}

// Place implements posture.Evaluator.
func (e EmergencyContacts) Place() posture.Place { return e.Account.Place() }

// engagement is the resource that contacts and proactive engagement are of.
func (a *Account) engagement() posture.Resource {
	return a.place.Resource("AWS::Shield::ProactiveEngagement", a.place.Account, "")
}

// Evaluate implements posture.Evaluator.
func (e EmergencyContacts) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c, a := e.Control(), e.Account
	return a.advanced(ctx, c, func() ([]posture.Finding, error) {
		list, err := a.Contacts(ctx)
		if err != nil {
			return nil, err
		}
		seen := ContactsEvidence{Contacts: len(list)}
		for _, one := range list {
			if one.Phone != "" {
				seen.Phones++
			}
		}
		if seen.Phones == 0 {
			return []posture.Finding{c.Fail(a.engagement(), seen)}, nil
		}
		return []posture.Finding{c.Pass(a.engagement(), seen)}, nil
	})
}

// ProactiveEngagement judges that the Shield Response Team calls by itself, and
// that what it needs for that is there: contacts with a phone number, health
// checks, a support plan with the team in it.
type ProactiveEngagement struct{ Account *Account }

// EngagementEvidence is proactive engagement and what it lacks.
type EngagementEvidence struct {
	State Engagement `json:"state"`
	Lacks []string   `json:"lacks"`
}

// String says it in a sentence.
func (e EngagementEvidence) String() string {
	text := "Proactive engagement is " + strings.ToLower(string(e.State))
	if len(e.Lacks) > 0 {
		text += " and lacks " + strings.Join(e.Lacks, ", ")
	}
	return text + "."
}

// Control implements posture.Evaluator.
func (e ProactiveEngagement) Control() posture.Control {
	return posture.Control{
		ID:       "shield.proactive-engagement",
		Title:    "The Shield Response Team calls when a protected application suffers",
		Doc:      "With proactive engagement the team calls when a health check fails during an attack, instead of waiting to be called. It needs contacts with a phone number, health checks, and a support plan that has the team in it.",
		Severity: posture.Medium, Scope: posture.Global, Resource: "AWS::Shield::ProactiveEngagement",
		Requires: inside("DescribeSubscription", "DescribeEmergencyContactSettings", "ListProtections"),
	}
}

// Place implements posture.Evaluator.
func (e ProactiveEngagement) Place() posture.Place { return e.Account.Place() }

// Evaluate implements posture.Evaluator.
func (e ProactiveEngagement) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c, a := e.Control(), e.Account
	return a.advanced(ctx, c, func() ([]posture.Finding, error) {
		s, err := a.Subscription(ctx)
		if err != nil {
			return nil, err
		}
		seen := EngagementEvidence{State: s.Engagement}
		if seen.Lacks, err = a.engagementLacks(ctx); err != nil {
			return nil, err
		}
		if s.Engagement != EngagementEnabled || len(seen.Lacks) > 0 {
			return []posture.Finding{c.Fail(a.engagement(), seen)}, nil
		}
		return []posture.Finding{c.Pass(a.engagement(), seen)}, nil
	})
}

const lackOfPlan = "a support plan with the Shield Response Team"

// engagementLacks tells what proactive engagement needs and is not there.
func (a *Account) engagementLacks(ctx context.Context) ([]string, error) {
	lacks := []string{}
	contacts, err := a.Contacts(ctx)
	if err != nil {
		return nil, err
	}
	if !callable(contacts) {
		lacks = append(lacks, "a contact with a phone number")
	}
	protections, err := a.Protections(ctx)
	if err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(protections, func(p Protection) bool { return len(p.HealthChecks) > 0 }) {
		lacks = append(lacks, "a protection with a health check")
	}
	team, err := a.responseTeam(ctx)
	if err != nil {
		return nil, err
	}
	if !team {
		lacks = append(lacks, lackOfPlan)
	}
	return lacks, nil
}
