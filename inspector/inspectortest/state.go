package inspectortest

import (
	"github.com/aws/aws-sdk-go-v2/service/inspector2/types"

	"github.com/awsposture/posture/inspector"
)

// State is what the fake holds. Set it up before the fake is used, or under
// Inspector.Edit.
type State struct {
	Account

	Administrator string // the account that administers this one, "" none
	Relation      string // with the administrator; default "ENABLED"

	Mode                         inspector.ScanMode // of EC2
	Rescan, PullRescan, PullMode string             // of ECR
	Deep                         string             // ACTIVATED, DEACTIVATED
	Paths                        []string           // of deep inspection

	Coverage []inspector.Row
	Findings []inspector.Finding               // in the order in which they are listed
	Details  map[string]inspector.Exploitation // by vulnerability; one that is not here has no details
	Gone     []string                          // ARNs of findings that have no details any more
	Filters  map[string]*Filter                // by ARN

	Schedules map[string]*Schedule // CIS scan configurations, by ARN
	Scans     []Scan               // CIS scans

	Exports map[string]*Export // of SBOMs, by report id

	Management     bool   // this is the organization's management account
	DelegatedAdmin string // the account that is Inspector's delegated administrator, as the management account is told
	Organization   *Organization

	modePending, rescanPending, deepPending int // reads that still show it on its way
}

// Account is an account's scan types.
type Account struct {
	Types map[inspector.ScanType]inspector.ScanState // one that the region does not offer is left out
	Codes map[inspector.ScanType]string              // why AWS could not set one

	pending map[inspector.ScanType]int // reads that still show it on its way
}

func (a *Account) on() bool {
	for _, s := range a.Types {
		if s == inspector.ScanEnabled {
			return true
		}
	}
	return false
}

// Organization is what the delegated administrator's account holds; nil in
// every other account.
type Organization struct {
	AutoEnable map[inspector.ScanType]bool
	Members    map[string]*Member // by account id
	Full       bool               // there are as many members as there may be: no new account gets anything
}

// NewOrganization makes what the delegated administrator's account holds: no
// account gets anything by itself, and there is no member.
func NewOrganization() *Organization {
	return &Organization{AutoEnable: map[inspector.ScanType]bool{inspector.EC2: false, inspector.ECR: false, inspector.Lambda: false, inspector.LambdaCode: false}, Members: map[string]*Member{}}
}

// Member is an account that the administrator knows of.
type Member struct {
	Account
	Status   string // of the relationship; default "ENABLED"
	NoAnswer string // the code for which BatchGetAccountStatus cannot answer for the account, "" it can
}

// NewMember makes a member of which these scan types are enabled.
func NewMember(on ...inspector.ScanType) *Member { return &Member{Account: *NewAccount(on...)} }

// Filter is a filter of findings.
type Filter struct {
	Name, Reason, Description string
	Suppress                  bool
	Owner                     string // default the fake's own account
	Criteria                  types.FilterCriteria
	Tags                      map[string]string
}

// Schedule is a CIS scan configuration.
type Schedule struct {
	Name, Owner string
	Level       types.CisSecurityLevel
	Schedule    types.Schedule
	Accounts    []string
	Tags        map[string][]string
}

// Scan is a CIS scan and what it says of each instance.
type Scan struct {
	inspector.CISScan
	Targets []inspector.CISTarget
}

// Export is an export of SBOMs.
type Export struct {
	Format, Bucket, Prefix, Key string
	Failure                     string // the code for which it failed, "" it did not

	pending int // reads that still show it on its way
}
