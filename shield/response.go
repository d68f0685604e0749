package shield

import (
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/shield"
	"github.com/aws/aws-sdk-go-v2/service/shield/types"

	"github.com/awsposture/posture"
)

// ResponseAccess is what the Shield Response Team may use: a role, and buckets of
// logs.
type ResponseAccess struct {
	RoleARN string   // "" is none
	Buckets []string // names, sorted
}

// ResponseAccess tells what the Shield Response Team may use; nothing where that
// was never set up.
func (a *Account) ResponseAccess(ctx context.Context) (ResponseAccess, error) {
	return a.access.Get(ctx, func(ctx context.Context) (ResponseAccess, error) { return readAccess(ctx, a.api) })
}

func readAccess(ctx context.Context, api Reader) (ResponseAccess, error) {
	out, err := api.DescribeDRTAccess(ctx, &shield.DescribeDRTAccessInput{})
	if sameCode(err, notFound) {
		return ResponseAccess{}, nil
	}
	if err != nil {
		return ResponseAccess{}, err
	}
	access := ResponseAccess{RoleARN: aws.ToString(out.RoleArn), Buckets: slices.Clone(out.LogBucketList)}
	slices.Sort(access.Buckets)
	return access, nil
}

// Contact is somebody whom the Shield Response Team may call.
type Contact struct {
	Email string `json:"email"`
	Phone string `json:"phone,omitempty"`
	Notes string `json:"notes,omitempty"`
}

// Contacts lists the emergency contacts, sorted by address.
func (a *Account) Contacts(ctx context.Context) ([]Contact, error) {
	return a.contacts.Get(ctx, func(ctx context.Context) ([]Contact, error) { return readContacts(ctx, a.api) })
}

func readContacts(ctx context.Context, api Reader) ([]Contact, error) {
	out, err := api.DescribeEmergencyContactSettings(ctx, &shield.DescribeEmergencyContactSettingsInput{})
	if sameCode(err, notFound) {
		return []Contact{}, nil
	}
	if err != nil {
		return nil, err
	}
	list := []Contact{}
	for _, c := range out.EmergencyContactList {
		list = append(list, Contact{Email: aws.ToString(c.EmailAddress), Phone: aws.ToString(c.PhoneNumber), Notes: aws.ToString(c.ContactNotes)})
	}
	slices.SortFunc(list, func(c, d Contact) int { return strings.Compare(c.Email, d.Email) })
	return list, nil
}

func contactsOut(list []Contact) []types.EmergencyContact {
	out := []types.EmergencyContact{}
	for _, c := range list {
		e := types.EmergencyContact{EmailAddress: aws.String(c.Email)}
		if c.Phone != "" {
			e.PhoneNumber = aws.String(c.Phone)
		}
		if c.Notes != "" {
			e.ContactNotes = aws.String(c.Notes)
		}
		out = append(out, e)
	}
	return out
}

func callable(list []Contact) bool {
	return slices.ContainsFunc(list, func(c Contact) bool { return c.Phone != "" })
}

// role asks the caller's fact about a role, once each.
func (a *Account) role(ctx context.Context, arn string) (Role, error) {
	return a.roles.Get(ctx, arn, func(ctx context.Context) (Role, error) {
		if a.Role == nil {
			return Role{}, &posture.Cause{Kind: posture.CauseNotProvided, Message: "shield.Account.Role was not provided"}
		}
		return a.Role(ctx, arn)
	})
}
