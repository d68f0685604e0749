// Package guarddutytest is an in-memory GuardDuty for tests: a stateful
// guardduty.Reader and guardduty.Writer of one account in one region.
//
// It pages, answers with AWS's error codes, keeps a member account from what is
// its administrator's to change, and fails on demand through the methods of its
// embedded Faults. Its limits: it detects nothing, has no quotas and no history;
// fakes of two accounts do not know of each other; it lets only one of the two
// runtime monitorings be on, where AWS may have both on for a while; of the criteria of
// ListFindings it knows accountId, service.archived, severity and type, of those of
// ListCoverage the account; it has no eventual consistency unless Faults.Stale
// asks for it; and it authorizes nothing.
package guarddutytest

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/guardduty/types"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/guardduty"
	"github.com/awsposture/posture/internal/awsfake"
)

// GuardDuty is the fake. Make one with New.
type GuardDuty struct {
	awsfake.Faults

	// Transition is how many reads of a list that was activated or deactivated, or
	// of a destination that was made, show it on the way. Default none.
	Transition int

	place posture.Place
	mu    sync.Mutex
	state State
}

var (
	_ guardduty.Reader = (*GuardDuty)(nil)
	_ guardduty.Writer = (*GuardDuty)(nil)
)

// New makes an account at p that never enabled GuardDuty and belongs to no
// organization.
func New(p posture.Place) *GuardDuty {
	return &GuardDuty{place: p, state: State{Plans: map[string]*Plan{}}}
}

// NewDetector makes an enabled detector as AWS makes one: every feature is
// listed, updates go out every six hours.
func NewDetector(on ...guardduty.Feature) *Detector {
	d := &Detector{
		ID: "12abc34d567e8fa901bc2d34e56789f0", Frequency: guardduty.SixHours, Features: map[guardduty.Feature]bool{},
		Filters: map[string]*Filter{}, Lists: map[guardduty.ListKind]map[string]*List{}, Destinations: map[string]*Destination{}, Findings: map[string]*Finding{},
	}
	for _, f := range features {
		d.Features[f] = slices.Contains(on, f)
	}
	return d
}

// features are what a detector lists.
var features = []guardduty.Feature{
	guardduty.S3DataEvents, guardduty.EKSAuditLogs, guardduty.EBSMalwareProtection, guardduty.RDSLoginEvents, guardduty.LambdaNetworkLogs, guardduty.AIProtection,
	guardduty.RuntimeMonitoring, guardduty.EKSAgent, guardduty.ECSAgent, guardduty.EC2Agent, guardduty.EKSRuntimeMonitoring, guardduty.EKSRuntimeAgent,
}

// Place is the account and region that the fake is in.
func (f *GuardDuty) Place() posture.Place { return f.place }

// Edit changes the state, alone.
func (f *GuardDuty) Edit(change func(*State)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	change(&f.state)
}

// State gives the whole state as text, for comparing.
func (f *GuardDuty) State() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	b, err := json.MarshalIndent(f.state, "", "\t")
	if err != nil {
		return err.Error()
	}
	return string(b)
}

func read[I, O any](ctx context.Context, f *GuardDuty, name string, in I, effect func(*State) (O, error)) (O, error) {
	return call(ctx, f, name, false, in, effect)
}

func write[I, O any](ctx context.Context, f *GuardDuty, name string, in I, effect func(*State) (O, error)) (O, error) {
	return call(ctx, f, name, true, in, effect)
}

func call[I, O any](ctx context.Context, f *GuardDuty, name string, writes bool, in I, effect func(*State) (O, error)) (O, error) {
	op := awsfake.Op{Service: "GuardDuty", Name: name, Prefix: "guardduty", Denied: "AccessDeniedException", Account: f.place.Account, Write: writes}
	return awsfake.Do(ctx, &f.Faults, op, in, func() (O, error) {
		f.mu.Lock()
		defer f.mu.Unlock()
		return effect(&f.state)
	})
}

// largestPage is the most a GuardDuty page holds, and what it holds unasked.
const largestPage = 50

func page[T any](f *GuardDuty, items []T, token *string, most *int32) ([]T, *string, error) {
	if most != nil && (*most < 1 || *most > largestPage) {
		return nil, nil, refuse("The request is rejected because the parameter maxResults has an invalid value.")
	}
	return awsfake.Page(&f.Faults, items, token, most, largestPage)
}

func refuse(why string) error { return &types.BadRequestException{Message: aws.String(why)} }

// detector gives the detector with an id, or GuardDuty's error.
func (s *State) detector(id *string) (*Detector, error) {
	if s.Detector == nil || s.Detector.ID != aws.ToString(id) {
		return nil, refuse("The request is rejected because the input detectorId is not owned by the current account.")
	}
	return s.Detector, nil
}

// sorted gives a map's keys in order, so that listings are the same each time.
func sorted[K ~string, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }
