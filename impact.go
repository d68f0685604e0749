package posture

import "time"

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
