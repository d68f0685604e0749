package posture

import (
	"context"
	"slices"
	"time"
)

// Risk says how much care a plan asks for. The zero value is RiskHigh.
type Risk uint8

// The risks.
const (
	RiskHigh Risk = iota
	RiskMedium
	RiskLow
)

var riskWords = []string{"high", "medium", "low"}

// String gives the risk's word as it stands in JSON.
func (r Risk) String() string { return word(riskWords, int(r)) }

// MarshalText encodes the risk as its word.
func (r Risk) MarshalText() ([]byte, error) { return marshalWord("risk", riskWords, int(r)) }

// UnmarshalText reads what MarshalText wrote.
func (r *Risk) UnmarshalText(b []byte) error { return unmarshalWord("risk", riskWords, b, r) }

// Impact is what a plan would break: uses seen in a window that would stop
// working, and what could not be told. Nothing observed is not nothing used;
// Coverage says how much of the use was looked at.
type Impact struct {
	Broken   []Use         `json:"broken,omitempty"`
	Unknown  []string      `json:"unknown,omitempty"`          // what could not be told, a sentence each
	Window   time.Duration `json:"windowNanoseconds,omitzero"` // how far back use was looked at
	Coverage int           `json:"coveragePercent,omitzero"`   // of the use in that window
}

// Use is something that was observed and would stop working.
type Use struct {
	Principal string    `json:"principal"`
	Action    string    `json:"action"`
	Resource  string    `json:"resource,omitempty"`
	Count     int       `json:"count,omitzero"`
	First     time.Time `json:"first,omitzero"`
	Last      time.Time `json:"last,omitzero"`
	Source    string    `json:"source,omitempty"` // what it was observed in
}

// ImpactAnalyzer says what a plan would break, from what was observed: the
// calls of a trail against a policy, the flows against a rule. Domains and callers
// implement it.
type ImpactAnalyzer interface {
	Impact(ctx context.Context, p Plan) (Impact, error)
}

// Assessed gives the plan with an analyzer's answer beside what it knew. Its ID
// is another one: approvals are for the plan as it is then. An analyzer that fails
// leaves a plan that says so, since nothing known is not nothing broken.
func (p Plan) Assessed(ctx context.Context, a ImpactAnalyzer) Plan {
	found, err := a.Impact(ctx, p)
	if err != nil {
		found.Unknown = append(found.Unknown, "what would break: "+CauseOf(err).sentence())
	}
	p.Impact = Impact{
		Broken: slices.Concat(p.Impact.Broken, found.Broken), Unknown: slices.Concat(p.Impact.Unknown, found.Unknown),
		Window: max(p.Impact.Window, found.Window), Coverage: max(p.Impact.Coverage, found.Coverage),
	}
	return p
}
