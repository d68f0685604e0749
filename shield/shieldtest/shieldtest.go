// Package shieldtest is an in-memory AWS Shield for tests: a stateful
// shield.Reader and shield.Writer of one account.
//
// It pages, answers with AWS's error codes, keeps the traps of the service (not
// subscribed, the renewal that is locked until 30 days before the end, buckets that
// need a role, one health check a protection, enabling what is enabled) and fails on
// demand through the methods of its embedded Faults. Its limits: it detects no
// attack and mitigates none, has no quotas but those of State, checks no health check
// and no bucket policy, and authorizes nothing.
package shieldtest

import (
	"context"
	"encoding/json"
	"fmt"
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

	// Now is the clock. Default time.Now.
	Now func() time.Time
	// Review has AWS look into a request for proactive engagement: it stays PENDING.
	Review bool

	place posture.Place
	mu    sync.Mutex
	state State
}

var (
	_ shield.Reader = (*Shield)(nil)
	_ shield.Writer = (*Shield)(nil)
)

// New makes an account at p that is not subscribed.
func New(p posture.Place) *Shield {
	return &Shield{place: p, state: State{Protections: map[string]*Protection{}, Groups: map[string]*Group{}, Attacks: map[string]*Attack{}}}
}

// Place is the account that the fake is.
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

func read[I, O any](ctx context.Context, f *Shield, name string, in I, effect func(*State) (O, error)) (O, error) {
	return call(ctx, f, name, false, in, effect)
}

// write has its effect only in a subscribed account.
func write[I, O any](ctx context.Context, f *Shield, name string, in I, effect func(*State) (O, error)) (O, error) {
	return call(ctx, f, name, true, in, func(s *State) (out O, err error) {
		if s.Subscription == nil || s.Subscription.Expired {
			return out, missing("The subscription does not exist.")
		}
		return effect(s)
	})
}

func call[I, O any](ctx context.Context, f *Shield, name string, writes bool, in I, effect func(*State) (O, error)) (O, error) {
	op := awsfake.Op{Service: "Shield", Name: name, Prefix: "shield", Denied: "AccessDeniedException", Write: writes}
	return awsfake.Do(ctx, &f.Faults, op, in, func() (O, error) {
		f.mu.Lock()
		defer f.mu.Unlock()
		return effect(&f.state)
	})
}

// What Shield gives when it is not asked for a page size, and the most it gives.
const (
	standardPage = 20
	largestPage  = 10000
)

func page[T any](f *Shield, items []T, token *string, most *int32) ([]T, *string, error) {
	if most != nil && (*most < 0 || *most > largestPage) {
		return nil, nil, invalid("MaxResults is out of range.")
	}
	return awsfake.Page(&f.Faults, items, token, most, standardPage)
}

func missing(why string) error {
	return &types.ResourceNotFoundException{Message: aws.String(why)}
}

func invalid(why string) error {
	return &types.InvalidParameterException{Message: aws.String(why)}
}

func refused(why string) error {
	return &types.InvalidOperationException{Message: aws.String(why)}
}

func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// next makes an id that is the same in every run.
func (s *State) next() string {
	s.made++
	return fmt.Sprintf("a1b2c3d4-0000-4000-8000-%012d", s.made)
}
