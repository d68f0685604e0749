package shield

import (
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/shield"

	"github.com/awsposture/posture"
)

// Contact is whom the response team reaches.
type Contact struct {
	Email string `json:"email"`
	Phone string `json:"phone,omitempty"` // "+" and digits
	Notes string `json:"notes,omitempty"`
}

// Contacts reads whom the response team reaches, in AWS's order.
func (a *Account) Contacts(ctx context.Context) ([]Contact, error) {
	return a.contacts.Get(ctx, func(ctx context.Context) ([]Contact, error) { return getContacts(ctx, a.api) })
}

func getContacts(ctx context.Context, api Reader) ([]Contact, error) {
	out, err := api.DescribeEmergencyContactSettings(ctx, &shield.DescribeEmergencyContactSettingsInput{})
	switch {
	case sameCode(err, codeNotFound):
		return nil, nil
	case err != nil:
		return nil, err
	}
	var all []Contact
	for _, c := range out.EmergencyContactList {
		all = append(all, Contact{aws.ToString(c.EmailAddress), aws.ToString(c.PhoneNumber), aws.ToString(c.ContactNotes)})
	}
	return all, nil
}

// EmergencyContacts judges that the response team knows whom to reach, by phone
// too. See "Configuring proactive engagement" in the AWS WAF Developer Guide.
type EmergencyContacts struct{ Account *Account }

// ContactsEvidence counts the contacts; who they are stays where it is.
type ContactsEvidence struct {
	Contacts  int `json:"contacts"`
	WithPhone int `json:"withPhone"`
}

// String says it in a sentence.
func (e ContactsEvidence) String() string {
	return fmt.Sprintf("The response team has %d contacts, %d with a phone number.", e.Contacts, e.WithPhone)
}

func contactsEvidence(all []Contact) (e ContactsEvidence) {
	for _, c := range all {
		e.Contacts++
		if c.Phone != "" {
			e.WithPhone++
		}
	}
	return e
}

// Control implements posture.Evaluator.
func (e EmergencyContacts) Control() posture.Control {
	return posture.Control{
		ID:       "shield.contacts",
		Title:    "The Shield Response Team knows whom to call",
		Doc:      "An attack comes at night. Give contacts who know the application, with a phone number that somebody answers.",
		Severity: posture.Medium, Scope: posture.Global, Resource: typeEngagement,
		Requires: actions("GetSubscriptionState", "DescribeEmergencyContactSettings"),
	}
}

// Place implements posture.Evaluator.
func (e EmergencyContacts) Place() posture.Place { return e.Account.Place() }

// Evaluate implements posture.Evaluator.
func (e EmergencyContacts) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c, a := e.Control(), e.Account
	off, err := a.subscribed(ctx, c)
	if off != nil || err != nil {
		return off, err
	}
	all, err := a.Contacts(ctx)
	if err != nil {
		return nil, err
	}
	judge, seen := c.Fail, contactsEvidence(all)
	if seen.WithPhone > 0 {
		judge = c.Pass
	}
	return []posture.Finding{judge(a.own(typeEngagement), seen)}, nil
}

// ProactiveEngagement judges that the response team calls by itself when a
// protected resource suffers, and that nothing keeps it from doing so: health
// checks, contacts with a phone, a support plan that includes it.
type ProactiveEngagement struct{ Account *Account }

// EngagementEvidence is proactive engagement and what it lacks.
type EngagementEvidence struct {
	Status Engagement `json:"status"`
	Lacks  []string   `json:"lacks,omitempty"`
	Plan   *bool      `json:"plan,omitempty"` // whether the support plan includes the team; nil: not told
}

// String says it in a sentence.
func (e EngagementEvidence) String() string {
	s := "Proactive engagement is " + strings.ToLower(string(e.Status))
	if len(e.Lacks) > 0 {
		s += "; there is " + strings.Join(e.Lacks, ", ")
	}
	return s + "."
}

// Control implements posture.Evaluator.
func (e ProactiveEngagement) Control() posture.Control {
	return posture.Control{
		ID:       "shield.proactive-engagement",
		Title:    "The Shield Response Team calls by itself",
		Doc:      "Who is under attack is busy and asks for help late. With proactive engagement the team calls when a health check fails during an event. It needs a health check for at least one protection, contacts with a phone number, and a support plan that includes the team; AWS reviews the request. It does not call for what the Anti-DDoS managed rule group finds.",
		Severity: posture.Medium, Scope: posture.Global, Resource: typeEngagement,
		Requires: actions("GetSubscriptionState", "DescribeSubscription", "ListProtections", "DescribeEmergencyContactSettings"),
	}
}

// Place implements posture.Evaluator.
func (e ProactiveEngagement) Place() posture.Place { return e.Account.Place() }

// Evaluate implements posture.Evaluator.
func (e ProactiveEngagement) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c, a := e.Control(), e.Account
	off, err := a.subscribed(ctx, c)
	if off != nil || err != nil {
		return off, err
	}
	t, err := a.active(ctx)
	if err != nil {
		return nil, err
	}
	seen := EngagementEvidence{Status: t.Engagement}
	var broken error
	all, err := a.Protections(ctx)
	if checked(all) == 0 {
		if broken = err; err == nil {
			seen.Lacks = append(seen.Lacks, lacksHealthCheck)
		}
	}
	contacts, err := a.Contacts(ctx)
	switch {
	case err != nil:
		broken = err
	case contactsEvidence(contacts).WithPhone == 0:
		seen.Lacks = append(seen.Lacks, lacksPhone)
	}
	plan, err := a.planHasTeam(ctx)
	switch {
	case err != nil:
		broken = err
	case !plan:
		seen.Lacks = append(seen.Lacks, lacksPlan)
	}
	if err == nil {
		seen.Plan = &plan
	}
	switch here := a.own(typeEngagement); {
	case t.Engagement != EngagementEnabled || len(seen.Lacks) > 0:
		return []posture.Finding{c.Fail(here, seen)}, nil
	case broken != nil:
		return nil, broken
	default:
		return []posture.Finding{c.Pass(here, seen)}, nil
	}
}

// What proactive engagement can lack.
const (
	lacksHealthCheck = "no protection with a health check"
	lacksPhone       = "no contact with a phone number"
	lacksPlan        = "no support plan that includes the response team"
)

// checked counts the protections that have a health check.
func checked(all []Protection) (n int) {
	for _, p := range all {
		if len(p.HealthChecks) > 0 {
			n++
		}
	}
	return n
}
