package shield

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/shield"
	"github.com/aws/aws-sdk-go-v2/service/shield/types"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/internal/refusal"
)

// ContactList is all contacts. Their order means nothing.
type ContactList struct {
	Contacts []Contact `json:"contacts,omitempty"`
}

// Meaning gives the contacts in order.
func (l ContactList) Meaning() any {
	return slices.SortedFunc(slices.Values(l.Contacts), func(x, y Contact) int {
		return strings.Compare(x.Email+"\x00"+x.Phone+"\x00"+x.Notes, y.Email+"\x00"+y.Phone+"\x00"+y.Notes)
	})
}

// ContactsSetting is the setting of whom the response team reaches. It implements
// posture.Setting[ContactList].
type ContactsSetting struct {
	Account *Account `json:"-"`
	Writer  Writer   `json:"-"`
}

// Kind implements posture.Setting.
func (s ContactsSetting) Kind() posture.Kind {
	return posture.Kind{Name: "shield.contacts", Reads: actions("DescribeEmergencyContactSettings"), Writes: actions("UpdateEmergencyContactSettings"), Settle: settle}
}

// Target implements posture.Setting.
func (s ContactsSetting) Target() posture.Resource { return s.Account.own(typeEngagement) }

// Get implements posture.Setting.
func (s ContactsSetting) Get(ctx context.Context) (ContactList, error) {
	all, err := getContacts(ctx, s.Account.api)
	return ContactList{all}, err
}

// Set implements posture.Setting. It replaces the whole list.
func (s ContactsSetting) Set(ctx context.Context, want ContactList) error {
	_, err := s.Writer.UpdateEmergencyContactSettings(ctx, &shield.UpdateEmergencyContactSettingsInput{EmergencyContactList: sdkContacts(want.Contacts)})
	return err
}

func sdkContacts(all []Contact) []types.EmergencyContact {
	out := make([]types.EmergencyContact, 0, len(all))
	for _, c := range all {
		x := types.EmergencyContact{EmailAddress: &c.Email}
		if c.Phone != "" {
			x.PhoneNumber = &c.Phone
		}
		if c.Notes != "" {
			x.ContactNotes = &c.Notes
		}
		out = append(out, x)
	}
	return out
}

// phone is a telephone number as Shield takes it, in the form of E.164. See
// "EmergencyContact" in the Shield Advanced API Reference.
var phone = regexp.MustCompile(`^\+[1-9]\d{1,14}$`)

// mostContacts is how many contacts there can be.
const mostContacts = 10

// AddContacts plans to add contacts of the caller's choice to those there are. A
// contact with the same address takes the place of the one before.
type AddContacts struct {
	Account  *Account
	Writer   Writer
	Contacts []Contact // at least one with a phone number
}

// Controls implements posture.Remediator.
func (r AddContacts) Controls() []string { return []string{"shield.contacts"} }

// Place implements posture.Remediator.
func (r AddContacts) Place() posture.Place { return r.Account.Place() }

// Plan implements posture.Remediator.
func (r AddContacts) Plan(ctx context.Context, fs ...posture.Finding) (posture.Plan, error) {
	a := r.Account
	target, ok, err := a.toPlan(ctx, r, fs)
	if !ok || err != nil {
		return a.planned(fs, err)
	}
	all, err := getContacts(ctx, a.api)
	switch {
	case err != nil:
		return posture.Plan{}, refusal.Unreadable(target, err)
	case contactsEvidence(all).WithPhone > 0:
		return a.newPlan(fs), nil
	case contactsEvidence(r.Contacts).WithPhone == 0:
		return posture.Plan{}, refuse(posture.ReasonNeedsChoice, "no contact with a phone number was given")
	}
	for i, c := range r.Contacts {
		if !strings.Contains(c.Email, "@") || c.Phone != "" && !phone.MatchString(c.Phone) {
			return posture.Plan{}, refuse(posture.ReasonNeedsChoice, fmt.Sprintf("contact %d needs an e-mail address, and a telephone number, if any, of + and up to 15 digits with the country's code first", i+1))
		}
	}
	merged := slices.DeleteFunc(slices.Clone(all), func(have Contact) bool {
		return slices.ContainsFunc(r.Contacts, func(c Contact) bool { return strings.EqualFold(c.Email, have.Email) })
	})
	if merged = append(merged, r.Contacts...); len(merged) > mostContacts {
		return posture.Plan{}, refuse(posture.ReasonNeedsChoice, fmt.Sprintf("there would be %d contacts, and Shield keeps %d", len(merged), mostContacts))
	}
	step, err := posture.Change(ContactsSetting{Account: a, Writer: r.Writer}, ContactList{all}, ContactList{merged})
	return a.newPlan(fs, step), err
}

// EngagementSetting is the setting of whether the response team calls by itself.
// It implements posture.Setting[Engagement]. AWS reviews a request: while it is
// pending, nothing is done.
type EngagementSetting struct {
	Account *Account `json:"-"`
	Writer  Writer   `json:"-"`
}

// Kind implements posture.Setting.
func (s EngagementSetting) Kind() posture.Kind {
	return posture.Kind{
		Name: "shield.proactive-engagement", Reads: actions("DescribeSubscription", "DescribeEmergencyContactSettings"),
		Writes: actions("EnableProactiveEngagement", "DisableProactiveEngagement", "AssociateProactiveEngagementDetails"), Settle: settle,
	}
}

// Target implements posture.Setting.
func (s EngagementSetting) Target() posture.Resource { return s.Account.own(typeEngagement) }

// Get implements posture.Setting.
func (s EngagementSetting) Get(ctx context.Context) (Engagement, error) {
	t, err := getTerms(ctx, s.Account.api)
	if err == nil && !t.Found {
		return EngagementDisabled, nil
	}
	return t.Engagement, err
}

// Set implements posture.Setting. What was never set up, which AWS tells nobody,
// cannot be enabled: then it is set up with the contacts there are, which asks for
// it as well. What is enabled, or asked for, is left so.
func (s EngagementSetting) Set(ctx context.Context, want Engagement) error {
	switch want {
	case EngagementDisabled:
		_, err := s.Writer.DisableProactiveEngagement(ctx, &shield.DisableProactiveEngagementInput{})
		return changed(err)
	case EngagementEnabled:
	default:
		return fmt.Errorf("shield: proactive engagement cannot be made %q", want)
	}
	has, err := s.Get(ctx)
	if err != nil || has == want || has == EngagementPending {
		return err
	}
	_, err = s.Writer.EnableProactiveEngagement(ctx, &shield.EnableProactiveEngagementInput{})
	if !sameCode(err, codeNoChange) {
		return err
	}
	contacts, unread := getContacts(ctx, s.Account.api)
	if unread != nil {
		return unread
	}
	_, err = s.Writer.AssociateProactiveEngagementDetails(ctx, &shield.AssociateProactiveEngagementDetailsInput{EmergencyContactList: sdkContacts(contacts)})
	return err
}

// EnableEngagement plans that the response team calls by itself, where nothing
// that it needs is missing.
type EnableEngagement struct {
	Account *Account
	Writer  Writer
}

// Controls implements posture.Remediator.
func (r EnableEngagement) Controls() []string { return []string{"shield.proactive-engagement"} }

// Place implements posture.Remediator.
func (r EnableEngagement) Place() posture.Place { return r.Account.Place() }

// Plan implements posture.Remediator.
func (r EnableEngagement) Plan(ctx context.Context, fs ...posture.Finding) (posture.Plan, error) {
	a := r.Account
	target, ok, err := a.toPlan(ctx, r, fs)
	if !ok || err != nil {
		return a.planned(fs, err)
	}
	status, err := EngagementSetting{Account: a}.Get(ctx)
	if err != nil {
		return posture.Plan{}, refusal.Unreadable(target, err)
	}
	all, err := listProtections(ctx, a.api)
	if err != nil {
		return posture.Plan{}, refusal.Unreadable(target, err)
	}
	contacts, err := getContacts(ctx, a.api)
	if err != nil {
		return posture.Plan{}, refusal.Unreadable(target, err)
	}
	plan, err := a.ResponseTeam.Get(ctx, "whether the support plan includes the response team")
	if err != nil {
		return posture.Plan{}, refusal.Unreadable(target, err)
	}
	var lacks []string
	for _, x := range []struct {
		missing bool
		what    string
	}{{checked(all) == 0, lacksHealthCheck}, {contactsEvidence(contacts).WithPhone == 0, lacksPhone}, {!plan, lacksPlan}} {
		if x.missing {
			lacks = append(lacks, x.what)
		}
	}
	switch {
	case len(lacks) > 0:
		return posture.Plan{}, refuse(posture.ReasonNotRemediable, "proactive engagement would not work: there is "+strings.Join(lacks, ", "))
	case status == EngagementPending:
		return posture.Plan{}, refuse(posture.ReasonNotRemediable, "proactive engagement was asked for, and AWS has not granted it yet")
	case status == EngagementEnabled:
		return a.newPlan(fs), nil
	}
	step, err := posture.Change(EngagementSetting{Account: a, Writer: r.Writer}, status, EngagementEnabled)
	p := a.newPlan(fs, step)
	p.Warnings = []string{"AWS reviews the request; until it is granted the step is not done."}
	return p, err
}
