package shieldtest

import (
	"time"

	"github.com/awsposture/posture/shield"
)

// State is what the fake holds. Set it up before the fake is used, or under
// Shield.Edit.
type State struct {
	Subscription *Subscription          // nil: there never was one
	Protections  map[string]*Protection // by the ARN of what is protected
	Groups       map[string]*Group      // by id
	RoleARN      string                 // of the response team, "" none
	Buckets      []string               // that the response team may read
	Contacts     []shield.Contact
	Attacks      map[string]*Attack // by id
	Statistics   []Statistic        // of the last year

	AntiDDoS map[string]shield.RuleAction // of AWS WAF: by web ACL
	Alarms   map[string]shield.AlarmState // of CloudWatch: by region and name, as AlarmKey makes it

	made int // protections, for their ids
}

// Subscription is a subscription to Shield Advanced.
type Subscription struct {
	Start, End  time.Time
	Ended       bool // it is over, and still described
	NoAutoRenew bool
	Engagement  shield.Engagement     // default DISABLED
	Limits      map[shield.Kind]int64 // default 1,000 of each kind
	// Reviewed makes a request for proactive engagement pending.
	Reviewed bool
	// SetUp is whether proactive engagement was ever set up, which AWS tells nobody.
	SetUp bool `json:"-"`
}

// Protection is a protection.
type Protection struct {
	ID, Name     string
	HealthChecks []string        // ids
	Response     shield.Response // default off
}

// Group is a protection group.
type Group struct {
	Aggregation, Pattern string
	Kind                 shield.Kind
	Members              []string
}

// Attack is an attack.
type Attack struct {
	ResourceARN string
	Vectors     []string
	Start       time.Time
	End         time.Time // zero: it goes on
	Peak        float64   // of packets a second
	Mitigations []string
	Sources     map[string]int64 // packets by address
	Part        string           // the address that was attacked
}

// Statistic is a count of attacks.
type Statistic struct {
	Attacks int64
	Unit    string // bits, packets, requests; "" none is told
	Most    float64
}

// AlarmKey is the key of an alarm in State.Alarms.
func AlarmKey(region, name string) string { return region + "/" + name }
