package inspector

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"github.com/awsposture/posture"
)

// Tier is how urgent a finding is. T0 comes first; the zero value is no tier.
type Tier int

// The tiers, by the first condition that holds. Known exploited: on CISA's list,
// or exploitation was observed lately.
const (
	NoTier Tier = iota
	T0          // known exploited, and reachable
	T1          // known exploited
	T2          // an exploit exists, and reachable
	T3          // reachable and EPSS 0.1 or more, or an exploit exists and CVSS 9 or more
	T4          // EPSS 0.1 or more, CVSS 9 or more, or an exploit exists
	T5          // CVSS 7 or more
	T6          // the rest
)

// Tiers are the tiers in order.
func Tiers() []Tier { return []Tier{T0, T1, T2, T3, T4, T5, T6} }

// String gives "T0" to "T6".
func (t Tier) String() string {
	if t < T0 || t > T6 {
		return "no tier"
	}
	return fmt.Sprintf("T%d", int(t-T0))
}

// MarshalText encodes the tier as its word.
func (t Tier) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (t *Tier) UnmarshalText(b []byte) error {
	for _, v := range append(Tiers(), NoTier) {
		if v.String() == string(b) {
			*t = v
			return nil
		}
	}
	return fmt.Errorf("inspector: %q is no tier", b)
}

// Criticality is how much a resource matters. The zero value is medium.
type Criticality int

// The criticalities.
const (
	CriticalityMedium Criticality = iota
	CriticalityLow
	CriticalityHigh
)

// Privilege is what the role of a resource may do. The zero value is unknown.
type Privilege int

// The privileges.
const (
	PrivilegeUnknown Privilege = iota
	PrivilegeNone
	PrivilegeData  // reads or changes data
	PrivilegeAdmin // administers the account, or can come to
)

// Facts are what a finding is ranked with that is not in it.
type Facts struct {
	Exploitation *Exploitation // of its vulnerability; nil: not read
	Reach        string        // how its resource is reached: "port 443 reachable through igw-0abc"; "" not shown
	ReachLooked  bool          // somebody looked whether it can be reached
	Criticality  Criticality
	Privilege    Privilege
}

// Objectives are the times within which findings are to be closed, from when
// they were first observed. A zero is the default of DefaultObjectives; T6 has none.
type Objectives struct {
	T0T1, T2, T3T4, T5 time.Duration
}

// DefaultObjectives are 2, 7, 30 and 90 days.
func DefaultObjectives() Objectives { return Objectives{2 * day, 7 * day, 30 * day, 90 * day} }

func (o Objectives) of(t Tier) time.Duration {
	d := DefaultObjectives()
	switch t {
	case T0, T1:
		return cmp.Or(o.T0T1, d.T0T1)
	case T2:
		return cmp.Or(o.T2, d.T2)
	case T3, T4:
		return cmp.Or(o.T3T4, d.T3T4)
	case T5:
		return cmp.Or(o.T5, d.T5)
	}
	return 0
}

// Item is a finding with its rank. To merge it with what other services find,
// take Tier, Reason, Title and Resource.
type Item struct {
	Tier     Tier             `json:"tier"`
	Reason   string           `json:"reason"` // one sentence: why this tier, what is not known, what mends it
	Title    string           `json:"title"`
	Resource posture.Resource `json:"resource"`
	Due      time.Time        `json:"due,omitzero"` // the sooner of CISA's date and the objective's; zero none
	Overdue  bool             `json:"overdue,omitempty"`
	Finding  Finding          `json:"finding"`
	Facts    Facts            `json:"facts"`
}

// observedLately is how long an observed exploitation counts.
const observedLately = 90 * day

// Rank gives a finding its tier and the reason for it. It is a pure function.
func Rank(f Finding, k Facts, o Objectives, now time.Time) Item {
	i := rank(f, k, o, now)
	i.Reason = i.reason(now)
	return i
}

// rank is Rank without the sentence.
func rank(f Finding, k Facts, o Objectives, now time.Time) Item {
	i := Item{Title: f.Title, Resource: f.Resource, Finding: f, Facts: k}
	exploited, reachable, likely, score := k.exploited(f, now), k.Reach != "", f.EPSS >= 0.1, f.score()
	switch {
	case exploited && reachable:
		i.Tier = T0
	case exploited:
		i.Tier = T1
	case f.Exploit && reachable:
		i.Tier = T2
	case reachable && likely, f.Exploit && score >= 9:
		i.Tier = T3
	case likely, score >= 9, f.Exploit:
		i.Tier = T4
	case score >= 7:
		i.Tier = T5
	default:
		i.Tier = T6
	}
	if limit := o.of(i.Tier); limit > 0 && !f.First.IsZero() {
		i.Due = f.First.Add(limit)
	}
	if e := k.Exploitation; e != nil && e.Known && !e.Due.IsZero() && (i.Due.IsZero() || e.Due.Before(i.Due)) && !e.Due.Before(f.First) {
		i.Due = e.Due
	}
	i.Overdue = !i.Due.IsZero() && now.After(i.Due)
	return i
}

// exploited tells whether the vulnerability is known exploited: on CISA's list,
// or seen exploited, or known to have been lately.
func (k Facts) exploited(f Finding, now time.Time) bool {
	e := k.Exploitation
	return recently(f.LastExploit, now) || e != nil && (e.Known || !e.Observed.IsZero())
}

func recently(t, now time.Time) bool { return !t.IsZero() && now.Sub(t) <= observedLately }

// epssBucket gives 0 for the most likely. That there is none stands between "at
// least 0.01" and "below".
func epssBucket(score float64) int {
	switch {
	case score >= 0.5:
		return 0
	case score >= 0.1:
		return 1
	case score >= 0.01:
		return 2
	case score < 0:
		return 3
	}
	return 4
}

// Compare orders items, the most urgent first: by tier, then by how much the
// resource matters, what its role may do, EPSS, CVSS, due date, age, and ARN.
func (i Item) Compare(j Item) int {
	return cmp.Or(
		cmp.Compare(i.Tier, j.Tier),
		cmp.Compare(j.Facts.Criticality.weight(), i.Facts.Criticality.weight()),
		cmp.Compare(j.Facts.Privilege.weight(), i.Facts.Privilege.weight()),
		cmp.Compare(epssBucket(i.Finding.EPSS), epssBucket(j.Finding.EPSS)),
		cmp.Compare(j.Finding.score(), i.Finding.score()),
		soonest(i.Due, j.Due),
		i.Finding.First.Compare(j.Finding.First),
		cmp.Compare(i.Finding.ARN, j.Finding.ARN),
	)
}

// soonest puts what has no date last.
func soonest(a, b time.Time) int {
	switch {
	case a.IsZero() && b.IsZero():
		return 0
	case a.IsZero():
		return 1
	case b.IsZero():
		return -1
	}
	return a.Compare(b)
}

func (c Criticality) weight() int {
	switch c {
	case CriticalityHigh:
		return 2
	case CriticalityLow:
		return 0
	}
	return 1
}

// weight puts unknown between data and none: it may be either.
func (p Privilege) weight() int {
	switch p {
	case PrivilegeAdmin:
		return 3
	case PrivilegeData:
		return 2
	case PrivilegeNone:
		return 0
	}
	return 1
}

// reason says why the item has its tier, what is not known, and what mends it.
func (i Item) reason(now time.Time) string {
	f, k := i.Finding, i.Facts
	var why []string
	say := func(format string, args ...any) { why = append(why, fmt.Sprintf(format, args...)) }
	switch e := k.Exploitation; {
	case e != nil && e.Known && !e.Due.IsZero():
		say("known exploited (due %s)", date(e.Due))
	case e != nil && e.Known:
		say("known exploited")
	case e != nil && !e.Observed.IsZero():
		say("exploitation observed on %s", date(e.Observed))
	case recently(f.LastExploit, now):
		say("exploitation last known on %s", date(f.LastExploit))
	case f.Exploit:
		say("an exploit exists")
	case e == nil && f.Type == PackageVulnerability:
		say("whether it is exploited is not known")
	}
	switch {
	case k.Reach != "":
		say("%s", k.Reach)
	case k.ReachLooked:
		say("not shown to be reachable")
	default:
		say("whether it can be reached is not known")
	}
	if f.EPSS >= 0 {
		say("EPSS %.3g", f.EPSS)
	}
	say("CVSS %.1f", f.score())
	switch k.Criticality {
	case CriticalityHigh:
		say("the resource matters much")
	case CriticalityLow:
		say("the resource matters little")
	}
	switch k.Privilege {
	case PrivilegeAdmin:
		say("its role can administer the account")
	case PrivilegeData:
		say("its role can reach data")
	}
	if f.Severity == "UNTRIAGED" {
		say("not rated by the vendor")
	}
	return fmt.Sprintf("%s: %s; %s.", i.Tier, strings.Join(why, ", "), remedy(f))
}
