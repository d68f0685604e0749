// Package iamtest is an in-memory IAM for tests: a stateful iam.Reader and
// iam.Writer of one account.
//
// It pages, keeps the credential report as stale as AWS does, answers with AWS's
// error codes, and fails on demand through the methods of its embedded Faults.
// Its limits: it holds no AWS managed policy (attaching one by ARN works), one
// version a customer managed policy, no quotas, no eventual consistency unless
// Faults.Stale asks for it, and it authorizes nothing.
package iamtest

import (
	"context"
	"encoding/json"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/iam"
	"github.com/awsposture/posture/internal/awsfake"
)

// IAM is the fake. Make one with New.
type IAM struct {
	awsfake.Faults

	// Now is the clock of what is created. Default time.Now.
	Now func() time.Time
	// ReportPolls is how many GenerateCredentialReport calls answer that the
	// report is under way before it is complete.
	ReportPolls int

	place  posture.Place
	mu     sync.Mutex
	state  State
	report *report
	polls  int
}

var (
	_ iam.Reader = (*IAM)(nil)
	_ iam.Writer = (*IAM)(nil)
)

// New makes an empty account at p: no user, no password policy, a root user
// with a password.
func New(p posture.Place) *IAM {
	p.Region = ""
	return &IAM{place: p, state: State{
		Users: map[string]*User{}, Groups: map[string]*Group{}, Roles: map[string]*Role{}, Policies: map[string]*Policy{},
		Certificates: map[string]time.Time{}, SAML: map[string]time.Time{}, OIDC: map[string][]string{},
	}}
}

// Place is the account that the fake is.
func (f *IAM) Place() posture.Place { return f.place }

// Edit changes the state, alone. What AWS would not show at once, the credential
// report, stays as it is.
func (f *IAM) Edit(change func(*State)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	change(&f.state)
}

// ExpireReport makes AWS forget the credential report, so that the next one
// shows the state as it is then.
func (f *IAM) ExpireReport() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.report, f.polls = nil, 0
}

// ARN gives the ARN of one of the account's IAM resources, "user/ana".
func (f *IAM) ARN(resource string) string { return f.place.ARN("iam", resource) }

func (f *IAM) now() time.Time {
	if f.Now != nil {
		return f.Now()
	}
	return time.Now()
}

func read[I, O any](ctx context.Context, f *IAM, name string, in I, effect func(*State) (O, error)) (O, error) {
	return call(ctx, f, name, false, in, effect)
}

func write[I, O any](ctx context.Context, f *IAM, name string, in I, effect func(*State) (O, error)) (O, error) {
	return call(ctx, f, name, true, in, effect)
}

func call[I, O any](ctx context.Context, f *IAM, name string, writes bool, in I, effect func(*State) (O, error)) (O, error) {
	op := awsfake.Op{Service: "IAM", Name: name, Prefix: "iam", Denied: "AccessDenied", Account: f.place.Account, Write: writes}
	return awsfake.Do(ctx, &f.Faults, op, in, func() (O, error) {
		f.mu.Lock()
		defer f.mu.Unlock()
		return effect(&f.state)
	})
}

// standardPage is what IAM gives when it is not asked for a page size.
const standardPage = 100

func page[T any](f *IAM, items []T, marker *string, most *int32) ([]T, bool, *string, error) {
	out, next, err := awsfake.Page(&f.Faults, items, marker, most, standardPage)
	return out, next != nil, next, err
}

func missing(what, name string) error {
	return &types.NoSuchEntityException{Message: aws.String("The " + what + " with name " + name + " cannot be found.")}
}

// find gives the named thing or IAM's error.
func find[T any](m map[string]*T, what string, name *string) (*T, error) {
	if v := m[aws.ToString(name)]; v != nil {
		return v, nil
	}
	return nil, missing(what, aws.ToString(name))
}

func ptr(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

func status(inactive bool) types.StatusType {
	if inactive {
		return types.StatusTypeInactive
	}
	return types.StatusTypeActive
}

func policyName(arn string) string { return arn[strings.LastIndexByte(arn, '/')+1:] }

// State gives the whole state as text, for comparing; without the times at
// which keys were last changed.
func (f *IAM) State() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	b, err := json.MarshalIndent(f.state, "", "\t")
	if err != nil {
		return err.Error()
	}
	return string(b)
}
