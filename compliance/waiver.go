package compliance

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/awsposture/posture"
)

// Waiver accepts the risk of findings until a day. It changes no verdict: a
// failing finding that it covers still fails, and is counted as waived. Its zero
// value covers nothing: control, owner, reason and expiry must be given, and
// something that narrows it. Every field that is given must match. An Unknown
// is never waived.
type Waiver struct {
	ID          string            `json:"id,omitempty"` // unique among those of a file
	Control     string            `json:"control"`      // exact id
	Fingerprint string            `json:"fingerprint,omitempty"`
	Resource    string            `json:"resource,omitempty"` // id or ARN, exact
	Sub         string            `json:"sub,omitempty"`      // the part, exact; needs Resource
	Accounts    []string          `json:"accounts,omitempty"` // any of them
	Regions     []string          `json:"regions,omitempty"`  // any of them; "" is the region of a global resource
	OUs         []string          `json:"ous,omitempty"`      // path of an organizational unit, "o-ex/r-ab12/ou-ab12-11111111": it and those below
	Tags        map[string]string `json:"tags,omitempty"`     // of the resource, all of them
	Owner       string            `json:"owner"`              // who answers for the risk
	Approver    string            `json:"approver,omitempty"` // somebody else
	Reason      string            `json:"reason"`
	Kind        string            `json:"kind,omitempty"`        // false-positive, accepted-risk, compensating-control, scheduled-fix
	Compensates string            `json:"compensates,omitempty"` // with kind compensating-control: the control, or where its attestation is
	Created     time.Time         `json:"created,omitzero"`
	Expires     time.Time         `json:"expires"` // covers to the end of that day in UTC
	Ticket      string            `json:"ticket,omitempty"`
}

// How long a waiver may hold, from the day it was made.
const (
	longestWaiver   = 365 * 24 * time.Hour
	longestCritical = 90 * 24 * time.Hour
)

// String names the waiver in messages: its id, or its control and what narrows it.
func (w Waiver) String() string {
	if w.ID != "" {
		return w.ID
	}
	words := []string{w.Control}
	for _, s := range []string{w.Fingerprint, w.Resource, w.Sub, strings.Join(w.Accounts, ","), strings.Join(w.OUs, ",")} {
		if s != "" {
			words = append(words, s)
		}
	}
	return strings.Join(words, " ")
}

// Validate reports what keeps the waiver from being used. How long a waiver
// without Created holds is counted from the day on which it is used.
func (w Waiver) Validate() error {
	var errs []error
	for _, check := range []struct {
		bad  bool
		what string
	}{
		{w.Control == "", "names no control"},
		{strings.ContainsAny(w.Control+w.Resource, "*?"), "has a wildcard: control and resource are exact"},
		{w.Owner == "", "has no owner"},
		{strings.TrimSpace(w.Reason) == "", "has no reason"},
		{w.Expires.IsZero(), "has no expiry"},
		{w.Approver != "" && w.Approver == w.Owner, "has one person as owner and approver"},
		{
			w.Fingerprint == "" && w.Resource == "" && len(w.Accounts) == 0 && len(w.OUs) == 0 && len(w.Tags) == 0,
			"would waive the control everywhere: leave the control out of the suite instead",
		},
		{slices.ContainsFunc(w.OUs, wholeOrganization), "would waive the control in the whole organization: name a unit of it, such as o-ex/r-ab12/ou-ab12-11111111"},
		{w.Sub != "" && w.Resource == "" && w.Fingerprint == "", "names a part and no resource"},
		{!slices.Contains([]string{"", "false-positive", "accepted-risk", "compensating-control", "scheduled-fix"}, w.Kind), "has the kind " + w.Kind + ", which is not known"},
		{w.Kind == "compensating-control" && w.Compensates == "", "does not name the compensating control"},
		{!w.Created.IsZero() && w.Expires.Before(w.Created.Truncate(day)), "expires before it was made"},
		{!w.Created.IsZero() && w.Expires.Sub(w.Created) > longestWaiver, "holds for more than 365 days"},
	} {
		if check.bad {
			errs = append(errs, fmt.Errorf("compliance: waiver %s %s", w, check.what))
		}
	}
	return errors.Join(errs...)
}

const day = 24 * time.Hour

// Expired tells whether the waiver covers nothing any more at t.
func (w Waiver) Expired(t time.Time) bool {
	return !t.Before(w.Expires.UTC().Truncate(day).Add(day))
}

// Broad tells whether the waiver covers what it does not name: it is by
// account, organizational unit or tag only.
func (w Waiver) Broad() bool { return w.Fingerprint == "" && w.Resource == "" }

// begun tells whether the waiver was made on the day of t or before.
func (w Waiver) begun(t time.Time) bool {
	return !t.Before(w.Created.UTC().Truncate(day))
}

// tooLong tells whether the waiver holds for longer than one of such a finding may.
func (w Waiver) tooLong(s posture.Severity, now time.Time) bool {
	from, longest := w.Created, longestWaiver
	if from.IsZero() {
		from = now
	}
	if s == posture.Critical {
		longest = longestCritical
	}
	return w.Expires.UTC().Truncate(day).Sub(from.UTC().Truncate(day)) > longest
}

// matches tells whether the waiver speaks of f. Control ids are compared by the
// caller, who knows former ids; path is the OU path of the account.
func (w *Waiver) matches(f *posture.Finding, fingerprint func() string, path string) bool {
	r := f.Resource
	switch {
	case w.Fingerprint != "" && w.Fingerprint != fingerprint(),
		w.Resource != "" && w.Resource != r.ID && w.Resource != r.ARN,
		w.Sub != "" && w.Sub != f.Sub,
		len(w.Accounts) > 0 && !slices.Contains(w.Accounts, r.Account),
		len(w.Regions) > 0 && !slices.Contains(w.Regions, r.Region),
		len(w.OUs) > 0 && !slices.ContainsFunc(w.OUs, func(ou string) bool { return within(path, ou) }):
		return false
	}
	for k, v := range w.Tags {
		if have, ok := f.Tags[k]; !ok || have != v {
			return false
		}
	}
	return true
}

// within tells whether an OU path is ou or below it. It compares whole
// segments: ou-ab12-1 is not above ou-ab12-11.
func within(path, ou string) bool {
	path, ou = strings.Trim(path, "/")+"/", strings.Trim(ou, "/")+"/"
	return ou != "/" && strings.HasPrefix(path, ou)
}

// wholeOrganization tells whether an OU path ends above every unit.
func wholeOrganization(ou string) bool {
	ou = strings.Trim(ou, "/")
	return !strings.HasPrefix(ou[strings.LastIndexByte(ou, '/')+1:], "ou-")
}

// narrowness orders waivers by how exactly they say what they cover.
func (w *Waiver) narrowness() int {
	n := 0
	for i, given := range []bool{len(w.OUs) > 0, len(w.Regions) > 0, len(w.Accounts) > 0, len(w.Tags) > 0, w.Resource != "", w.Sub != "", w.Fingerprint != ""} {
		if given {
			n |= 1 << i
		}
	}
	return n
}
