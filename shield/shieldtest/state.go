package shieldtest

import (
	"time"

	"github.com/awsposture/posture/shield"
)

// State is what the fake holds. Set it up before the fake is used, or under
// Shield.Edit.
type State struct {
	Subscription *Subscription          // nil: never subscribed
	Protections  map[string]*Protection // by id
	Groups       map[string]*Group      // by id
	Role         string                 // ARN of the response team's role, "" none
	Buckets      []string               // that the response team may read
	Contacts     []shield.Contact
	Attacks      map[string]*Attack // by id
	Year         []Volume           // attack statistics of the last year

	made int
}

// Subscription is the subscription to Shield Advanced.
type Subscription struct {
	Start, End time.Time
	Expired    bool // it ended: protections are still listed
	AutoRenew  bool
	Engagement shield.Engagement // "" was never set up
	Limits     map[shield.Kind]int64
}

// Protection is Shield Advanced on a resource.
type Protection struct {
	Name, Resource string // its ARN
	HealthChecks   []string
	Response       shield.AutoResponse // "" is off
}

// Group is a protection group.
type Group struct {
	Aggregation, Pattern string
	Kind                 shield.Kind
	Members              []string
}

// Attack is an attack on a resource.
type Attack struct {
	Resource    string // ARN
	Vectors     []string
	Start, End  time.Time // End zero: it goes on
	Mitigations []string
	Sources     map[string]map[string]int64 // shares by property, SOURCE_COUNTRY …, and value
}

// Volume is how many attacks there were by a unit of their volume.
type Volume struct {
	Unit  string // "bits/s", "packets/s", "requests/s", "" none
	Count int64
	Max   float64
}
