package shield

import (
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/shield"

	"github.com/awsposture/posture"
)

// ContactList is the emergency contacts, sorted by address.
type ContactList struct {
	Contacts []Contact `json:"contacts"`
}

// ContactSetting is the setting of the emergency contacts. It implements
// posture.Setting[ContactList].
type ContactSetting struct {
	Account *Account `json:"-"`
	Writer  Writer   `json:"-"`
}

// Kind implements posture.Setting.
func (s ContactSetting) Kind() posture.Kind {
	return posture.Kind{Name: "shield.contacts", Reads: actions("DescribeEmergencyContactSettings"), Writes: actions("UpdateEmergencyContactSettings"), Settle: settle}
}

// Target implements posture.Setting.
func (s ContactSetting) Target() posture.Resource { return s.Account.engagement() }

// Get implements posture.Setting.
func (s ContactSetting) Get(ctx context.Context) (ContactList, error) {
	list, err := readContacts(ctx, s.Account.api)
	return ContactList{list}, err
}

// Set implements posture.Setting: the call replaces the whole list.
func (s ContactSetting) Set(ctx context.Context, want ContactList) error {
	_, err := s.Writer.UpdateEmergencyContactSettings(ctx, &shield.UpdateEmergencyContactSettingsInput{EmergencyContactList: contactsOut(want.Contacts)})
	return err
}

// NameContacts plans to add the caller's contacts to those that are there; one of
// the same address is written over.
type NameContacts struct {
	Account  *Account
	Writer   Writer
	Contacts []Contact
}

// mostContacts is how many emergency contacts there can be.
const mostContacts = 10

// Controls implements posture.Remediator.
func (r NameContacts) Controls() []string { return []string{"shield.contacts"} }

// Place implements posture.Remediator.
func (r NameContacts) Place() posture.Place { return r.Account.Place() }

// Plan implements posture.Remediator.
func (r NameContacts) Plan(ctx context.Context, fs ...posture.Finding) (posture.Plan, error) {
	target, err := targetOf(r, fs)
	if err != nil {
		return posture.Plan{}, err
	}
	a := r.Account
	active, err := a.toPlan(ctx, target)
	if err != nil || !active {
		return a.newPlan(fs), err
	}
	setting := ContactSetting{Account: a, Writer: r.Writer}
	is, err := setting.Get(ctx)
	switch {
	case err != nil:
		return posture.Plan{}, unreadable(target, err)
	case callable(is.Contacts):
		return a.newPlan(fs), nil
	case !callable(r.Contacts):
		return posture.Plan{}, choose("no contact with a phone number is given")
	}
	want := ContactList{slices.Clone(r.Contacts)}
	for _, c := range is.Contacts {
		if !slices.ContainsFunc(want.Contacts, func(d Contact) bool { return strings.EqualFold(c.Email, d.Email) }) {
			want.Contacts = append(want.Contacts, c)
		}
	}
	slices.SortFunc(want.Contacts, func(c, d Contact) int { return strings.Compare(c.Email, d.Email) })
	if len(want.Contacts) > mostContacts {
		return posture.Plan{}, choose("there would be more than ten emergency contacts")
	}
	step, err := posture.Change(setting, is, want)
	return a.newPlan(fs, step), err
}
