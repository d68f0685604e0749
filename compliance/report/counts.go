package report

import (
	"cmp"
	"iter"
	"time"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/compliance"
)

// Tally counts findings by verdict. Fail are those that no waiver covers.
type Tally struct {
	Fail          int `json:"fail"`
	Unknown       int `json:"unknown"`
	Waived        int `json:"waived"`
	Pass          int `json:"pass"`
	NotApplicable int `json:"notApplicable"`
}

// Total is the number of findings.
func (t Tally) Total() int { return t.Fail + t.Unknown + t.Waived + t.Pass + t.NotApplicable }

func (t *Tally) of(s state) *int {
	return [...]*int{&t.Fail, &t.Unknown, &t.Waived, &t.Pass, &t.NotApplicable}[s]
}

// Counts are the findings of a report counted. Its zero value is ready to use.
type Counts struct {
	All        Tally                      `json:"all"`
	Severities map[posture.Severity]Tally `json:"severities,omitempty"`
	Domains    map[string]Tally           `json:"domains,omitempty"`    // the control id's first part
	Accounts   map[string]Tally           `json:"accounts,omitempty"`   //
	Owners     map[string]Tally           `json:"owners,omitempty"`     // "" where nobody is named
	Frameworks map[string]Tally           `json:"frameworks,omitempty"` // "cis-aws@5.0.0"; a finding counts in each it speaks to
}

// Count counts items as they stand at a time: whether a waiver is in force
// depends on it.
func Count(items iter.Seq[compliance.Item], at time.Time) Counts {
	var c Counts
	if items != nil {
		for it := range items {
			c.Add(it, at)
		}
	}
	return c
}

// Add counts one more item.
func (c *Counts) Add(it compliance.Item, at time.Time) {
	if c.Domains == nil {
		c.Severities = map[posture.Severity]Tally{}
		c.Domains, c.Accounts, c.Owners, c.Frameworks = map[string]Tally{}, map[string]Tally{}, map[string]Tally{}, map[string]Tally{}
	}
	it, s := valid(it), stateOf(it, at)
	*c.All.of(s)++
	count(c.Severities, severityOf(it), s)
	count(c.Domains, domainOf(it), s)
	count(c.Accounts, it.Finding.Resource.Account, s)
	count(c.Owners, it.Owner, s)
	for i, ref := range it.Requirements {
		if name := frameworkOf(ref); !repeated(it.Requirements[:i], name) {
			count(c.Frameworks, name, s)
		}
	}
}

func count[K comparable](m map[K]Tally, k K, s state) {
	t := m[k]
	*t.of(s)++
	m[k] = t
}

func frameworkOf(r compliance.Ref) string { return r.Framework + "@" + r.Version }

func repeated(before []compliance.Ref, name string) bool {
	for _, r := range before {
		if frameworkOf(r) == name {
			return true
		}
	}
	return false
}

// state is a verdict as a reader meets it: a Fail that a waiver in force covers
// stands apart. The order is that of urgency.
type state uint8

const (
	fail state = iota
	unknown
	waived
	pass
	notApplicable
)

var (
	stateWords  = [...]string{"fail", "unknown", "waived", "pass", "not-applicable"}
	stateTitles = [...]string{"Fail", "Unknown", "Waived", "Pass", "Not applicable"}
)

func (s state) String() string { return stateWords[s] }

// stateOf gives an item's state at a time. Only a Fail can be waived; a waiver
// holds to the end of its last day in UTC.
func stateOf(it compliance.Item, at time.Time) state {
	switch it.Finding.Status {
	case posture.Pass:
		return pass
	case posture.NotApplicable:
		return notApplicable
	case posture.Fail:
		if w := it.Waiver; w != nil && !w.Expired(at) {
			return waived
		}
		return fail
	}
	return unknown
}

// Urgency orders items by what must be done first at a time, Header.Finished:
// open failures, the most severe first, then what is unknown, waived, passed and
// not applicable; within them by control, account, region and resource.
func Urgency(at time.Time) func(a, b compliance.Item) int {
	return func(a, b compliance.Item) int {
		ra, rb := a.Finding.Resource, b.Finding.Resource
		return cmp.Or(
			cmp.Compare(stateOf(a, at), stateOf(b, at)),
			cmp.Compare(severityOf(b), severityOf(a)),
			cmp.Compare(a.Finding.Control, b.Finding.Control),
			cmp.Compare(ra.Account, rb.Account),
			cmp.Compare(ra.Region, rb.Region),
			cmp.Compare(ra.String(), rb.String()),
			cmp.Compare(a.Finding.Sub, b.Finding.Sub),
		)
	}
}
