// Package organizationtest is an in-memory AWS Organizations for tests: a
// stateful organization.Reader and organization.Writer, asked from one account.
//
// It pages by 20 as AWS does, answers with AWS's error codes, also to accounts
// that administer nothing, and fails on demand through the methods of its
// embedded Faults. Its limits: policy types are enabled and disabled at once, no
// policy is validated and none has an effect, there are no quotas, no eventual
// consistency unless Faults.Stale asks for it, and beyond the question whether
// the account administers the organization it authorizes nothing.
package organizationtest

import (
	"context"
	"encoding/json"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/iam/organization"
	"github.com/awsposture/posture/internal/awsfake"
)

// Organizations is the fake. Make one with New.
type Organizations struct {
	awsfake.Faults

	place posture.Place
	mu    sync.Mutex
	state State
}

var (
	_ organization.Reader = (*Organizations)(nil)
	_ organization.Writer = (*Organizations)(nil)
)

// New makes an organization with all features, of which the account at p is the
// management account and the only one. No policy type is enabled.
func New(p posture.Place) *Organizations {
	p.Region = ""
	f := &Organizations{place: p, state: State{
		ID: "o-exampleorgid", Management: p.Account, AllFeatures: true, Root: "r-ab12",
		Types: map[organization.PolicyType]organization.TypeStatus{},
		Units: map[string]*Unit{}, Accounts: map[string]*Account{p.Account: {Name: "management", Parent: "r-ab12"}},
		Policies: map[string]*Policy{
			FullAWSAccess:    {Name: "FullAWSAccess", Type: organization.SCP, AWSManaged: true, Document: everything},
			RCPFullAWSAccess: {Name: "RCPFullAWSAccess", Type: organization.RCP, AWSManaged: true, Document: everythingToAll},
		},
		Delegated: map[string][]string{},
	}}
	return f
}

// The ids of the policies that AWS provides and attaches.
const (
	FullAWSAccess    = "p-FullAWSAccess"
	RCPFullAWSAccess = "p-RCPFullAWSAccess"
)

const (
	everything      = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`
	everythingToAll = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}]}`
)

// Edit changes the state, alone.
func (f *Organizations) Edit(change func(*State)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	change(&f.state)
}

// State gives the whole state as text, for comparing.
func (f *Organizations) State() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	b, err := json.MarshalIndent(f.state, "", "\t")
	if err != nil {
		return err.Error()
	}
	return string(b)
}

// anyone runs an operation that every account may ask for.
func anyone[I, O any](ctx context.Context, f *Organizations, name string, in I, effect func(*State) (O, error)) (O, error) {
	return call(ctx, f, name, false, in, func(s *State) (O, error) {
		if s.ID == "" {
			var none O
			return none, &types.AWSOrganizationsNotInUseException{Message: aws.String("Your account is not a member of an organization.")}
		}
		return effect(s)
	})
}

func read[I, O any](ctx context.Context, f *Organizations, name string, in I, effect func(*State) (O, error)) (O, error) {
	return anyone(ctx, f, name, in, administered(f, effect))
}

func write[I, O any](ctx context.Context, f *Organizations, name string, in I, effect func(*State) (O, error)) (O, error) {
	return call(ctx, f, name, true, in, administered(f, effect))
}

// administered refuses accounts that administer nothing as AWS does, with words
// that name no action.
func administered[O any](f *Organizations, effect func(*State) (O, error)) func(*State) (O, error) {
	return func(s *State) (O, error) {
		if f.place.Account != s.Management && len(s.Delegated[f.place.Account]) == 0 {
			var none O
			return none, &types.AccessDeniedException{Message: aws.String("You don't have permissions to access this resource.")}
		}
		return effect(s)
	}
}

func call[I, O any](ctx context.Context, f *Organizations, name string, writes bool, in I, effect func(*State) (O, error)) (O, error) {
	op := awsfake.Op{Service: "Organizations", Name: name, Prefix: "organizations", Denied: "AccessDeniedException", Account: f.place.Account, Write: writes}
	return awsfake.Do(ctx, &f.Faults, op, in, func() (O, error) {
		f.mu.Lock()
		defer f.mu.Unlock()
		return effect(&f.state)
	})
}

// largestPage is the most, and unasked, that AWS Organizations gives.
const largestPage = 20

func page[T any](f *Organizations, items []T, token *string, most *int32) ([]T, *string, error) {
	if most != nil && (*most < 1 || *most > largestPage) {
		return nil, nil, &types.InvalidInputException{Message: aws.String("MaxResults must be from 1 to 20."), Reason: types.InvalidInputExceptionReasonMaxValueExceeded}
	}
	return awsfake.Page(&f.Faults, items, token, most, largestPage)
}
