// Package advisortest is what an in-memory Trusted Advisor of one account holds:
// checks with their last results, and priority recommendations. Two fakes show it
// as AWS's APIs do, and share its state and its Faults: that of package
// advisor/trustedadvisor/trustedadvisortest, and that of package
// advisor/support/supporttest.
//
// Its traps are AWS's: an account whose support plan does not include the API is
// refused, by another error in each API; metadata goes by position in one API,
// with nulls and fewer values than headers; a check that AWS refreshes refuses to
// be asked, and a refresh that was asked for is refused until its time has come;
// an excluded resource is not counted as flagged; a check without a result has no
// recommendation. Its limits: it looks at nothing, so that a refresh changes the
// time of a result only; it has one language; organizations do not exist; it has
// no eventual consistency unless Faults.Stale asks for it; and it authorizes
// nothing.
package advisortest

import (
	"encoding/json"
	"slices"
	"sync"
	"time"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/advisor"
	"github.com/awsposture/posture/internal/awsfake"
)

// Advisor is the account's Trusted Advisor. Make one with New.
type Advisor struct {
	awsfake.Faults

	// Now is the clock. Default time.Now.
	Now func() time.Time

	place posture.Place
	mu    sync.Mutex
	state State
}

// State is what the fakes hold.
type State struct {
	NotEntitled bool // the support plan does not include the API
	Checks      []*Check
	Priorities  []*Priority
}

// Check is a check and its last result.
type Check struct {
	ID, Name  string
	Category  advisor.Category
	Source    string // default "ta_check"
	Headers   []string
	Colour    advisor.Colour // default NotAvailable: no result yet
	At        time.Time
	NoData    bool
	Processed int64 // default as many as there are rows
	Savings   advisor.Cents
	Rows      []*Row

	ByAWS   bool // AWS refreshes it, and refuses to be asked
	Refresh advisor.RefreshState
	Next    time.Duration // until a refresh may be asked for
}

// Row is a resource that a check lists.
type Row struct {
	ID       string // of the row
	Resource string // as the Trusted Advisor API names it; "" it does not
	Region   string
	Colour   advisor.Colour
	Excluded bool
	Values   []string // by the check's headers; Null is null
}

// Null is a value that is null.
const Null = "\x00"

// Priority is a priority recommendation.
type Priority struct {
	ID, Name string
	Category advisor.Category
	Colour   advisor.Colour
	Stage    advisor.Stage
	Created  time.Time
}

// New makes a Trusted Advisor of the account at p that offers no check.
func New(p posture.Place) *Advisor {
	p.Region = ""
	return &Advisor{place: p}
}

// Place is the account that it is in.
func (a *Advisor) Place() posture.Place { return a.place }

// Time is the time by its clock.
func (a *Advisor) Time() time.Time {
	if a.Now != nil {
		return a.Now()
	}
	return time.Now()
}

// Edit changes the state, alone.
func (a *Advisor) Edit(change func(*State)) {
	a.mu.Lock()
	defer a.mu.Unlock()
	change(&a.state)
}

// State gives the whole state as text, for comparing.
func (a *Advisor) State() string {
	a.mu.Lock()
	defer a.mu.Unlock()
	b, err := json.MarshalIndent(a.state, "", "\t")
	if err != nil {
		return err.Error()
	}
	return string(b)
}

// Find gives the check with an id, nil where there is none.
func (s *State) Find(id string) *Check {
	i := slices.IndexFunc(s.Checks, func(c *Check) bool { return c.ID == id })
	if i < 0 {
		return nil
	}
	return s.Checks[i]
}

// Count counts a check's rows by what becomes of them.
func (c *Check) Count() (processed, red, yellow, excluded int64) {
	for _, r := range c.Rows {
		switch {
		case r.Excluded:
			excluded++
		case r.Colour == advisor.Red:
			red++
		case r.Colour == advisor.Yellow:
			yellow++
		}
	}
	return max(c.Processed, int64(len(c.Rows))), red, yellow, excluded
}

// Status is a colour as both APIs have it.
func Status(c advisor.Colour) string {
	switch c {
	case advisor.Green:
		return "ok"
	case advisor.Yellow:
		return "warning"
	case advisor.Red:
		return "error"
	}
	return "not_available"
}
