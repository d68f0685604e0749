// Package shieldtest is an in-memory Shield for tests: a stateful shield.Reader
// and shield.Writer of one account.
//
// It pages by 20 as AWS does, answers with AWS's error codes, hides attacks that go
// on from who asks for a range of ends, keeps log buckets from a response team
// without a role, enables proactive engagement only where it was set up, locks the
// renewal until a subscription's last 30 days, and fails on demand through the
// methods of its embedded Faults. [Shield.WebACLs] and [Shield.Alarms] are the two
// small interfaces of package shield over the same state and faults. Its limits: it
// detects nothing; it has no health checks, roles, buckets or web ACLs, and takes every name of
// one; it has one region; of the filters of listings it knows none; it has no eventual
// consistency unless Faults.Stale asks for it; and it authorizes nothing.
package shieldtest

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/shield/types"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/internal/awsfake"
	"github.com/awsposture/posture/shield"
)

// Shield is the fake. Make one with New.
type Shield struct {
	awsfake.Faults

	// Now is the clock that locks a renewal. Default time.Now.
	Now func() time.Time

	place posture.Place
	mu    sync.Mutex
	state State
}

var (
	_ shield.Reader = (*Shield)(nil)
	_ shield.Writer = (*Shield)(nil)
)

// New makes an account at p that never subscribed to Shield Advanced.
func New(p posture.Place) *Shield {
	return &Shield{place: p, state: State{
		Protections: map[string]*Protection{}, Groups: map[string]*Group{}, Attacks: map[string]*Attack{},
		AntiDDoS: map[string]shield.RuleAction{}, Alarms: map[string]shield.AlarmState{},
	}}
}

// Place is the account that the fake is in.
func (f *Shield) Place() posture.Place { return f.place }

// Edit changes the state, alone.
func (f *Shield) Edit(change func(*State)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	change(&f.state)
}

// State gives the whole state as text, for comparing.
func (f *Shield) State() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	b, err := json.MarshalIndent(f.state, "", "\t")
	if err != nil {
		return err.Error()
	}
	return string(b)
}

func (f *Shield) now() time.Time {
	if f.Now != nil {
		return f.Now()
	}
	return time.Now()
}

// read runs a read that only an account with a subscription can make.
func read[I, O any](ctx context.Context, f *Shield, name string, in I, effect func(*State) (O, error)) (O, error) {
	return call(ctx, f, name, false, in, subscribed(effect))
}

// write runs a write, which only an account with a subscription can make.
func write[I, O any](ctx context.Context, f *Shield, name string, in I, effect func(*State) (O, error)) (O, error) {
	return call(ctx, f, name, true, in, subscribed(effect))
}

func subscribed[O any](effect func(*State) (O, error)) func(*State) (O, error) {
	return func(s *State) (O, error) {
		if s.Subscription == nil {
			var none O
			return none, notFound("The subscription does not exist.")
		}
		return effect(s)
	}
}

func call[I, O any](ctx context.Context, f *Shield, name string, writes bool, in I, effect func(*State) (O, error)) (O, error) {
	return do(ctx, f, awsfake.Op{Service: "Shield", Name: name, Prefix: "shield", Denied: "AccessDeniedException", Write: writes}, in, effect)
}

func do[I, O any](ctx context.Context, f *Shield, op awsfake.Op, in I, effect func(*State) (O, error)) (O, error) {
	return awsfake.Do(ctx, &f.Faults, op, in, func() (O, error) {
		f.mu.Lock()
		defer f.mu.Unlock()
		return effect(&f.state)
	})
}

func notFound(why string) error { return &types.ResourceNotFoundException{Message: aws.String(why)} }

func noChange(why string) error { return &types.InvalidOperationException{Message: aws.String(why)} }

func invalid(why string) error { return &types.InvalidParameterException{Message: aws.String(why)} }

// unasked is what a page holds unasked, largestPage the most that may be asked for.
const (
	unasked     = 20
	largestPage = 10000
)

func page[T any](f *Shield, items []T, token *string, most *int32) ([]T, *string, error) {
	if most != nil && (*most < 0 || *most > largestPage) {
		return nil, nil, invalid("MaxResults must be between 0 and 10000.")
	}
	return awsfake.Page(&f.Faults, items, token, most, unasked)
}

// sorted gives a map's keys in order, so that listings are the same each time.
func sorted[K ~string, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }
