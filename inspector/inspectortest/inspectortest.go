// Package inspectortest is an in-memory Inspector for tests: a stateful
// inspector.Reader and inspector.Writer of one account in one region, which may
// be an organization's administrator.
//
// It pages, answers with AWS's error codes, denies everything but the status
// where nothing is enabled, keeps a member account from what is its
// administrator's to change, and fails on demand through the methods of its
// embedded Faults. Its limits: it scans nothing, has no quotas and no history;
// fakes of two accounts do not know of each other; filters do not change the
// findings' status; of the criteria of ListFindings it knows account, status, type
// and resource, of those of ListCoverage the account, of those of CIS results the
// account; a CIS scan configuration that is made has a completed scan at once,
// which is deleted with it; a member that is disassociated is forgotten; SBOM
// exports are written nowhere; it has no eventual consistency unless Faults.Stale
// asks for it; and it authorizes nothing.
package inspectortest

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/inspector2/types"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/inspector"
	"github.com/awsposture/posture/internal/awsfake"
)

// Inspector is the fake. Make one with New.
type Inspector struct {
	awsfake.Faults

	// Transition is how many reads show something that was changed on its way:
	// ENABLING, PENDING, IN_PROGRESS. Default none.
	Transition int
	// Now is the clock of CIS scans. Default time.Now.
	Now func() time.Time

	place posture.Place
	mu    sync.Mutex
	state State
}

var (
	_ inspector.Reader = (*Inspector)(nil)
	_ inspector.Writer = (*Inspector)(nil)
)

// New makes an account at p that never enabled Inspector and belongs to no
// organization.
func New(p posture.Place) *Inspector {
	return &Inspector{place: p, state: State{
		Account: *NewAccount(), Mode: inspector.AgentBased, Rescan: "LIFETIME", Deep: "ACTIVATED",
		Details: map[string]inspector.Exploitation{}, Filters: map[string]*Filter{}, Schedules: map[string]*Schedule{}, Exports: map[string]*Export{},
	}}
}

// NewAccount makes an account of which these scan types are enabled.
func NewAccount(on ...inspector.ScanType) *Account {
	a := &Account{Types: map[inspector.ScanType]inspector.ScanState{}, Codes: map[inspector.ScanType]string{}}
	for _, t := range []inspector.ScanType{inspector.EC2, inspector.ECR, inspector.Lambda, inspector.LambdaCode, inspector.CodeRepository} {
		a.Types[t] = inspector.ScanDisabled
		if slices.Contains(on, t) {
			a.Types[t] = inspector.ScanEnabled
		}
	}
	return a
}

// Place is the account and region that the fake is in.
func (f *Inspector) Place() posture.Place { return f.place }

// Edit changes the state, alone.
func (f *Inspector) Edit(change func(*State)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	change(&f.state)
}

// State gives the whole state as text, for comparing.
func (f *Inspector) State() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	b, err := json.MarshalIndent(f.state, "", "\t")
	if err != nil {
		return err.Error()
	}
	return string(b)
}

func read[I, O any](ctx context.Context, f *Inspector, name string, in I, effect func(*State) (O, error)) (O, error) {
	return call(ctx, f, name, false, in, effect)
}

// readOn is read for what AWS denies where Inspector is not enabled.
func readOn[I, O any](ctx context.Context, f *Inspector, name string, in I, effect func(*State) (O, error)) (O, error) {
	return read(ctx, f, name, in, func(s *State) (O, error) {
		if !s.Account.on() {
			var none O
			return none, denied("Invoking account does not have access to this resource: Inspector is not enabled.")
		}
		return effect(s)
	})
}

func write[I, O any](ctx context.Context, f *Inspector, name string, in I, effect func(*State) (O, error)) (O, error) {
	return call(ctx, f, name, true, in, effect)
}

// writeOwn is write for what a member may not change.
func writeOwn[I, O any](ctx context.Context, f *Inspector, name string, in I, effect func(*State) (O, error)) (O, error) {
	return write(ctx, f, name, in, func(s *State) (O, error) {
		var none O
		switch {
		case !s.Account.on():
			return none, denied("Invoking account does not have access to this resource: Inspector is not enabled.")
		case s.Administrator != "":
			return none, denied("Invoking account is a member: only its administrator may change this.")
		}
		return effect(s)
	})
}

func call[I, O any](ctx context.Context, f *Inspector, name string, writes bool, in I, effect func(*State) (O, error)) (O, error) {
	op := awsfake.Op{Service: "Inspector2", Name: name, Prefix: "inspector2", Denied: "AccessDeniedException", Write: writes}
	return awsfake.Do(ctx, &f.Faults, op, in, func() (O, error) {
		f.mu.Lock()
		defer f.mu.Unlock()
		return effect(&f.state)
	})
}

func page[T any](f *Inspector, items []T, token *string, most *int32, largest int) ([]T, *string, error) {
	if most != nil && (*most < 1 || int(*most) > largest) {
		return nil, nil, invalid("maxResults is out of its range")
	}
	return awsfake.Page(&f.Faults, items, token, most, largest)
}

func denied(why string) error { return &types.AccessDeniedException{Message: aws.String(why)} }

func invalid(why string) error {
	return &types.ValidationException{Message: aws.String(why), Reason: types.ValidationExceptionReasonOther}
}

func absent(what string) error {
	return &types.ResourceNotFoundException{Message: aws.String(what + " does not exist.")}
}

// sorted gives a map's keys in order, so that listings are the same each time.
func sorted[K ~string, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }

func (f *Inspector) now() time.Time {
	if f.Now != nil {
		return f.Now()
	}
	return time.Now()
}
