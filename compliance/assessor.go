package compliance

import (
	"errors"
	"fmt"
	"iter"
	"time"

	"github.com/awsposture/posture"
)

// Assessor is what findings are assessed against. Frameworks and Scope must be
// given; the rest may be left out.
type Assessor struct {
	Frameworks   []*Framework                 // not changed, and must not be while a run goes
	Scope        []posture.Place              // declared beforehand: every account, and each of its regions
	Now          func() time.Time             // default time.Now
	Freshness    time.Duration                // a verdict reached longer ago is stale, and so not assessed; default 24 h
	Waivers      []Waiver                     // of failing findings
	OUPath       func(account string) string  // path of the unit an account is in, for waivers by OU: "o-ex/r-ab12/ou-ab12-11111111"
	Owner        func(posture.Finding) string // who must act; see Owners
	Attestations []Attestation
	Exclusions   []Exclusion
	Reports      []ProviderReport
	Keep         bool // keep every finding's verdict for Run.Snapshot; a million findings of which a tenth fail take some 190 MB
}

// Assess reads results to their end. It is Start, Items and Assessment in one.
func (a Assessor) Assess(results iter.Seq[posture.Result]) (*Assessment, error) {
	run, err := a.Start()
	if err != nil {
		return nil, err
	}
	for range run.Items(results) { // what the items are for is done while they pass
	}
	return run.Assessment(), nil
}

// Start checks what the assessor was given and begins a run.
func (a Assessor) Start() (*Run, error) {
	var errs []error
	if len(a.Scope) == 0 {
		errs = append(errs, errors.New("compliance: no scope is declared: name the accounts and regions that the assessment is of"))
	}
	for i, p := range a.Scope {
		if p.Partition == "" || p.Account == "" {
			errs = append(errs, fmt.Errorf("compliance: scope %d (%q) has no partition or no account", i, p))
		}
	}
	for i, f := range a.Frameworks {
		if f == nil {
			errs = append(errs, fmt.Errorf("compliance: framework %d is nil", i))
			continue
		}
		errs = append(errs, f.Validate())
	}
	for _, w := range a.Waivers {
		errs = append(errs, w.Validate())
	}
	planned, err := Planned()
	errs = append(errs, err)
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	if a.Now == nil {
		a.Now = time.Now
	}
	if a.Freshness == 0 {
		a.Freshness = day
	}
	r := &Run{
		assessor: a, now: a.Now(), refs: map[string][]Ref{}, tallies: map[string]*tally{}, planned: map[string]bool{},
		waivers: map[string][]*WaiverUse{}, tickets: map[GroupKey]*Ticket{}, seen: map[posture.Place]bool{},
	}
	for _, p := range planned {
		r.planned[p.ID] = true
	}
	for _, f := range a.Frameworks {
		for _, q := range f.Requirements {
			named := map[string]bool{}
			for _, m := range q.Mappings {
				for _, c := range m.Controls {
					if !named[c] {
						named[c], r.refs[c] = true, append(r.refs[c], f.Ref(q.ID))
					}
				}
			}
		}
	}
	for _, w := range a.Waivers {
		use := &WaiverUse{Waiver: w, Expired: w.Expired(r.now)}
		r.uses = append(r.uses, use)
		r.waivers[w.Control] = append(r.waivers[w.Control], use)
	}
	if a.Keep {
		r.snapshot = newSnapshot(r.now)
	}
	return r, nil
}

// Run is an assessment under way. It is for one goroutine.
type Run struct {
	assessor Assessor
	now      time.Time
	refs     map[string][]Ref // by control
	tallies  map[string]*tally
	planned  map[string]bool
	uses     []*WaiverUse
	waivers  map[string][]*WaiverUse // by control
	tickets  map[GroupKey]*Ticket
	seen     map[posture.Place]bool
	cut      bool

	judgements map[string]judged // of the assessment being made
	snapshot   *Snapshot
}

// Items gives an item for each finding, in order, and counts it as it passes,
// so that reports can be written while a scan goes. It may be called once for
// each account. Who stops before the end has not assessed what did not pass,
// and then nothing is met. The items of one control share their list of
// requirements.
func (r *Run) Items(results iter.Seq[posture.Result]) iter.Seq[Item] {
	return func(yield func(Item) bool) {
		for res := range results {
			v := r.variant(res)
			for _, f := range whole(res) {
				item := r.item(res, f)
				r.count(v, res, &item)
				if !yield(item) {
					r.cut = true
					if r.snapshot != nil {
						r.snapshot.stopped(res)
					}
					return
				}
			}
		}
	}
}

// whole gives the findings of a result. One without findings, or whose error
// has none, did not come from Scan; what it does not say is unknown.
func whole(res posture.Result) []posture.Finding {
	unknown := false
	for _, f := range res.Findings {
		unknown = unknown || f.Status == posture.Unknown || f.Status > posture.NotApplicable
	}
	if len(res.Findings) > 0 && (res.Err == nil || unknown) {
		return res.Findings
	}
	err := res.Err
	if err == nil {
		err = &posture.Cause{Kind: posture.CauseNoVerdict, Message: "the result has no finding"}
	}
	here := res.Place.Resource(res.Control.Resource, "", "")
	return append(res.Findings[:len(res.Findings):len(res.Findings)], res.Control.Unknown(here, err))
}

func (r *Run) item(res posture.Result, f posture.Finding) Item {
	if f.Control == "" {
		f.Control = res.Control.ID
	}
	if f.Severity == 0 {
		f.Severity = res.Control.Severity
	}
	if f.Status != posture.Fail && r.stale(res) {
		f.Status = posture.Unknown
		f.Cause = &posture.Cause{Kind: posture.CauseStale, Message: fmt.Sprintf("judged at %s, which is longer ago than %s", res.Started.UTC().Format(time.RFC3339), r.assessor.Freshness)}
	}
	if f.Status > posture.NotApplicable {
		f.Status = posture.Unknown
	}
	if f.Status == posture.Unknown && f.Cause == nil {
		f.Cause = &posture.Cause{Kind: posture.CauseNoVerdict, Message: "the finding gives no cause"}
	}
	item := Item{Finding: f, Control: res.Control, Requirements: r.refs[res.Control.ID]}
	if r.assessor.Owner != nil {
		item.Owner = r.assessor.Owner(f)
	}
	if f.Status == posture.Fail {
		item.Waiver = r.waive(&item)
	}
	return item
}

// stale tells whether a verdict is too old to stand. A result that never
// started has no age that could be proved.
func (r *Run) stale(res posture.Result) bool {
	return res.Started.IsZero() || r.now.Sub(res.Started) > r.assessor.Freshness
}

// waive gives the narrowest waiver in force that covers the item, and notes the
// hit on each that does.
func (r *Run) waive(item *Item) *Waiver {
	var best *Waiver
	f := &item.Finding
	print, path := "", ""
	fingerprint := func() string {
		if print == "" {
			print = f.Fingerprint()
		}
		return print
	}
	for _, id := range append([]string{item.Control.ID}, item.Control.Replaces...) {
		for _, use := range r.waivers[id] {
			w := &use.Waiver
			if len(w.OUs) > 0 && path == "" && r.assessor.OUPath != nil {
				path = r.assessor.OUPath(f.Resource.Account)
			}
			switch {
			case !w.matches(f, fingerprint, path):
			case use.Expired:
				use.Lapsed++
			case !w.begun(r.now):
				use.Early++
			case w.tooLong(f.Severity, r.now):
				use.TooLong++
			default:
				use.Hits = append(use.Hits, Hit{fingerprint(), f.Resource, f.Sub})
				if best == nil || w.narrowness() > best.narrowness() {
					best = w
				}
			}
		}
	}
	return best
}
