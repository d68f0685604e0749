package rule

import (
	"time"

	"github.com/awsposture/posture/detective/trail"
)

// Verdict is what a Refine function says of an event that matched.
type Verdict uint8

// The verdicts. Undecided is for what cannot be judged, for example a policy
// that CloudTrail left out: it is reported as such, never as clean.
const (
	Clean Verdict = iota
	Yes
	Undecided
)

// Rule is one detection.
type Rule struct {
	ID, Title, Description string
	Level                  string // informational, low, medium, high, critical
	Author, License        string // public rule sets ask to be named in results
	Status                 string
	Tags                   []string // "attack.t1562.008"
	References             []string
	FalsePositives         []string
	Look                   string // what to look at when it fires

	// Expr is what matches. It may be nil only when Correlate names other
	// rules.
	Expr Expr
	// Refine narrows what Expr matched by what Expr cannot say. Raise returns
	// another level for an event, or "". Both may be nil.
	Refine func(*trail.Event) Verdict
	Raise  func(*trail.Event) string
	// Correlate makes findings of several matches in a window of event time.
	Correlate *Correlation
	// Silent rules only feed the correlations that name them.
	Silent bool
}

// Kind is what a correlation demands of the matches in a window.
type Kind uint8

// The kinds of correlation.
const (
	Count    Kind = iota // the number of matches
	Distinct             // the number of distinct values of Fields
	Temporal             // every rule of Rules (or Cond) matched
	Ordered              // the Steps matched in order; equal times are in order
	Sum                  // of the numbers at Fields
	Avg
	Median
	Percentile
	FirstSeen // the group was not seen during Within before, after a learning time
)

// Correlation joins matches that agree in the GroupBy values and lie within
// one window. Windows slide: one begins at every match, both ends count.
type Correlation struct {
	Kind    Kind
	Rules   []string // ids of the rules whose matches count; none: the rule's own Expr
	GroupBy []string // dotted paths; "session" is [trail.Event.SessionKey], "principal" the IAM principal
	// Aliases: a name in GroupBy stands for another path in each rule.
	Aliases map[string]map[string]string
	Within  time.Duration
	Fields  []string // Distinct, Sum …: dotted paths of the value
	// Together: Distinct counts combinations of what is at all Fields, as source
	// and name, not the values at any of them.
	Together bool
	Rank     float64       // Percentile: 0 to 100
	Want     []Bound       // on the number; all must hold. Empty: at least 1
	Steps    []Step        // Ordered
	Cond     Expr          // Temporal: atoms are made by Matched; nil: all rules
	Learn    time.Duration // FirstSeen: silent for this long after the first event
}

// Bound is a comparison of the number that a correlation computes.
type Bound struct {
	Op Op // OpEq, OpLt, OpLe, OpGt or OpGe
	N  float64
	Ne bool // "not equal" when Op is OpEq
}

// AtLeast is the usual bound.
func AtLeast(n float64) []Bound { return []Bound{{Op: OpGe, N: n}} }

func (b Bound) holds(x float64) bool {
	switch b.Op {
	case OpLt:
		return x < b.N
	case OpLe:
		return x <= b.N
	case OpGt:
		return x > b.N
	case OpGe:
		return x >= b.N
	}
	return (x == b.N) != b.Ne
}

// Step is one step of an ordered correlation: each rule of All matched at
// least Min times (once when zero), in any order among themselves.
type Step struct {
	All []string
	Min int
}

// Matched is the atom of a Temporal correlation's Cond: the rule matched in the
// window.
func Matched(id string) Expr { return matched(id) }

type matched string

func (matched) expr()            {}
func (m matched) String() string { return string(m) }

// EventRef names an event that a finding rests on.
type EventRef struct {
	ID      string    `json:"id"`
	Account string    `json:"account,omitempty"`
	Region  string    `json:"region,omitempty"`
	Time    time.Time `json:"time"`
	Name    string    `json:"name"`
	File    string    `json:"file,omitempty"`
	Offset  int64     `json:"offset,omitempty"`
}

func refOf(e *trail.Event) EventRef {
	return EventRef{e.ID(), e.Account(), e.Region(), e.Time(), e.Name(), e.File, e.Offset}
}

// Hit is a finding: one event that matched a rule, or a window of them.
type Hit struct {
	ID        string     `json:"id"` // the same for the same finding, whatever the order of arrival
	Rule      string     `json:"rule"`
	Title     string     `json:"title"`
	Level     string     `json:"level"`
	Author    string     `json:"author,omitempty"`
	License   string     `json:"license,omitempty"`
	Tags      []string   `json:"tags,omitempty"`
	First     time.Time  `json:"first"`
	Last      time.Time  `json:"last"`
	Principal string     `json:"principal,omitempty"`
	Session   string     `json:"session,omitempty"`
	Group     []string   `json:"group,omitempty"`
	Value     float64    `json:"value,omitempty"` // what the correlation computed
	Events    []EventRef `json:"events"`
	Why       []string   `json:"why,omitempty"` // the tests that held
	Undecided bool       `json:"undecided,omitempty"`
	Early     bool       `json:"early,omitempty"` // the window may still change; a hit without Early follows
	Late      bool       `json:"late,omitempty"`  // the event came after its windows had closed
}
