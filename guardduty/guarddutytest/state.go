package guarddutytest

import (
	"time"

	"github.com/awsposture/posture/guardduty"
)

// State is what the fake holds. Set it up before the fake is used, or under
// GuardDuty.Edit.
type State struct {
	Detector      *Detector        // nil: GuardDuty was never enabled
	Administrator string           // the account that administers this one, "" none
	Relation      string           // with the administrator; default "Enabled"
	Plans         map[string]*Plan // malware protection plans for S3, by id

	Management     bool   // this is the organization's management account
	DelegatedAdmin string // the account that is GuardDuty's delegated administrator, as the management account is told
	Organization   *Organization
}

// Organization is what the delegated administrator's account holds; nil in
// every other account.
type Organization struct {
	AutoEnable guardduty.AutoEnable
	Features   map[guardduty.Feature]guardduty.AutoEnable
	Members    map[string]*Member // by account id
}

// Member is an account that the administrator knows of.
type Member struct {
	Status   string // of the relationship; default "Enabled"
	Features map[guardduty.Feature]bool
	NoAnswer string // why GetMemberDetectors cannot answer for the account, "" it can
}

// Detector is the region's detector.
type Detector struct {
	ID           string
	Suspended    bool
	Frequency    guardduty.Frequency
	Features     map[guardduty.Feature]bool
	Tags         map[string]string
	Filters      map[string]*Filter // by name
	Lists        map[guardduty.ListKind]map[string]*List
	Destinations map[string]*Destination // by id
	Findings     map[string]*Finding     // by id
	Coverage     []Coverage
}

// Filter is a filter of findings.
type Filter struct {
	Archive     bool
	Description string
	Rank        int
	Criteria    map[string]guardduty.Criterion
	Tags        map[string]string
}

// List is an IP list or entity list, by id.
type List struct {
	Name, Format, Location string
	Active                 bool
	Failed                 bool // could not be read
	Tags                   map[string]string

	changing int // reads that still show it on its way
}

// Destination is where findings are exported to.
type Destination struct {
	BucketARN, KeyARN string
	Broken            bool // AWS cannot write to it

	pending int // reads that still show it unverified
}

// Finding is a finding.
type Finding struct {
	Type     string
	Account  string // default the fake's own
	Severity float64
	Created  time.Time
	Updated  time.Time
	Archived bool
	Title    string
}

// Coverage is one row of runtime coverage.
type Coverage struct {
	Account  string // default the fake's own
	Kind     string // "EC2", "ECS" or "EKS"
	Resource string // instance id or cluster name
	Issue    string // "" healthy
}

// Plan is a malware protection plan for a bucket.
type Plan struct {
	Bucket string
	Status string // default "ACTIVE"
	Reason string
	Tags   map[string]string
}
