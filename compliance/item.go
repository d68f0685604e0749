package compliance

import (
	"time"

	"github.com/awsposture/posture"
)

// Item is one finding with what an assessment knows of it: what reports print.
type Item struct {
	Finding      posture.Finding `json:"finding"`
	Control      posture.Control `json:"control"`
	Owner        string          `json:"owner,omitempty"`        // who must act, as the caller's Owner function says
	Waiver       *Waiver         `json:"waiver,omitempty"`       // that covers the finding; nil: none
	Requirements []Ref           `json:"requirements,omitempty"` // that the control speaks to
}

// Ref names a requirement of a framework.
type Ref struct {
	Framework string `json:"framework"` // "cis-aws"
	Version   string `json:"version"`   // "5.0.0"
	ID        string `json:"id"`        // "1.13"
}

// String gives "cis-aws@5.0.0:1.13".
func (r Ref) String() string { return r.Framework + "@" + r.Version + ":" + r.ID }

// Waiver accepts the risk of findings until a day. Its zero value covers
// nothing: control, owner, reason and expiry must be given.
type Waiver struct {
	Control  string    `json:"control"`            // exact id
	Resource string    `json:"resource,omitempty"` // id or ARN, exact
	Sub      string    `json:"sub,omitempty"`
	Owner    string    `json:"owner"`
	Reason   string    `json:"reason"`
	Expires  time.Time `json:"expires"`
}
