package inspector

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/inspector2"
	"github.com/aws/aws-sdk-go-v2/service/inspector2/types"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/internal/param"
)

// CISScan is a scan of instances against a CIS benchmark.
type CISScan struct {
	ARN, Configuration, Name string
	Level                    int       // of the benchmark: 1 or 2, which includes 1
	Status                   string    // COMPLETED, FAILED, CANCELLED, IN_PROGRESS
	Time                     time.Time // when it began
	Failed, Total            int       // checks
	Accounts                 []string  // that it is of
}

// cisPage is the most that a page of the CIS listings holds.
const cisPage = 100

// CISScans lists the CIS scans, the newest first.
func (r *Region) CISScans(ctx context.Context) ([]CISScan, error) {
	return r.scans.Get(ctx, func(ctx context.Context) ([]CISScan, error) {
		all, err := pages(ctx, func(ctx context.Context, token *string) ([]CISScan, *string, error) {
			out, err := r.api.ListCisScans(ctx, &inspector2.ListCisScansInput{MaxResults: aws.Int32(cisPage), NextToken: token})
			if err != nil {
				return nil, nil, err
			}
			var scans []CISScan
			for _, s := range out.Scans {
				v := CISScan{
					ARN: aws.ToString(s.ScanArn), Configuration: aws.ToString(s.ScanConfigurationArn), Name: aws.ToString(s.ScanName), Level: level(s.SecurityLevel),
					Status: string(s.Status), Time: aws.ToTime(s.ScanDate).UTC(), Failed: int(aws.ToInt32(s.FailedChecks)), Total: int(aws.ToInt32(s.TotalChecks)),
				}
				if s.Targets != nil {
					v.Accounts = s.Targets.AccountIds
				}
				scans = append(scans, v)
			}
			return scans, out.NextToken, nil
		})
		slices.SortStableFunc(all, func(a, b CISScan) int { return b.Time.Compare(a.Time) })
		return all, err
	})
}

func level(l types.CisSecurityLevel) int {
	if l == types.CisSecurityLevelLevel2 {
		return 2
	}
	return 1
}

// CISScanned judges that the account's instances were scanned against a CIS
// benchmark lately, and that no check failed. The newest scan is one finding, on
// the region; each instance of the inventory is another, by the newest scan that
// looked at it. See "CIS scans for EC2
// instances" in the Inspector User Guide.
type CISScanned struct {
	Region  *Region
	Within  time.Duration // how old the newest scan may be; default 30 days
	Level   int           // of the benchmark; default 1
	MayFail int           // checks that may fail on an instance; default none
}

// CISEvidence is the newest scan that counts, and how old the newest scan of
// each configuration is.
type CISEvidence struct {
	Scan      string               `json:"scan,omitempty"`
	Time      time.Time            `json:"time,omitzero"`
	Schedules map[string]time.Time `json:"schedules,omitempty"` // configuration's name to its last completed scan, zero none
}

// String says it in a sentence.
func (e CISEvidence) String() string {
	s := "No completed CIS scan of the account is known"
	if e.Scan != "" {
		s = fmt.Sprintf("The newest completed CIS scan of the account, %s, began on %s", e.Scan, date(e.Time))
	}
	if len(e.Schedules) == 0 {
		return s + ", and none is scheduled."
	}
	return s + "; " + plural(len(e.Schedules), "configuration schedules", "configurations schedule") + " scans."
}

const cisCompleted = "COMPLETED"

// Control implements posture.Evaluator.
func (e CISScanned) Control() posture.Control {
	return posture.Control{
		ID:       "inspector.cis-scan",
		Title:    "Instances are checked against the CIS benchmark, and pass",
		Doc:      "A system without known vulnerabilities is still open where it is set up openly. Schedule CIS scans of every instance that the benchmarks know, and put right what they find.",
		Severity: posture.Medium, Scope: posture.Regional, Resource: TypeInstance,
		Requires: actions("BatchGetAccountStatus", "ListCisScans", "ListCisScanConfigurations", "ListCisScanResultsAggregatedByTargetResource", "ListCoverage"),
		Params: []posture.Param{
			param.Days("within", e.Within, 30*day, ""),
			{Name: "level", Value: strconv.Itoa(e.level()), Default: "1", Source: "CIS benchmark profiles"},
			{Name: "may-fail", Value: strconv.Itoa(e.MayFail), Default: "0", Unit: "checks"},
		},
	}
}

func (e CISScanned) level() int { return cmp.Or(e.Level, 1) }

// Place implements posture.Evaluator.
func (e CISScanned) Place() posture.Place { return e.Region.Place() }

// Evaluate implements posture.Evaluator.
func (e CISScanned) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c, r := e.Control(), e.Region
	_, off, err := r.on(ctx, c, EC2)
	if off != nil || err != nil {
		return off, err
	}
	inventory, err := r.Inventory.Get(ctx, "the inventory of what there is to scan")
	if err != nil {
		return nil, err
	}
	instances, looked := inventory[TypeInstance]
	switch {
	case !looked:
		return nil, unlooked(TypeInstance)
	case len(instances) == 0:
		return []posture.Finding{c.NotApplicable(r.resource(), "The region has no instance.")}, nil
	}
	scans, err := r.CISScans(ctx)
	if err != nil {
		return nil, err
	}
	schedules, err := r.CISSchedules(ctx)
	if err != nil {
		return nil, err
	}
	newest, seen := e.newest(scans, schedules)
	if newest == nil || r.now().Sub(newest.Time) > e.within() {
		return []posture.Finding{c.Fail(r.resource(), seen)}, nil
	}
	fs, err := e.instances(ctx, c, instances, scans)
	return append([]posture.Finding{c.Pass(r.resource(), seen)}, fs...), err
}

// newest finds the newest completed scan of the account at the level, and the
// last completed scan of each configuration.
func (e CISScanned) newest(scans []CISScan, schedules []CISSchedule) (found *CISScan, seen CISEvidence) {
	seen.Schedules = map[string]time.Time{}
	for _, s := range schedules {
		seen.Schedules[s.Name] = time.Time{}
	}
	for i, s := range scans { // the newest first
		if s.Status != cisCompleted {
			continue
		}
		for _, c := range schedules {
			if c.ARN == s.Configuration && seen.Schedules[c.Name].IsZero() {
				seen.Schedules[c.Name] = s.Time
			}
		}
		if found == nil && e.counts(s) {
			found = &scans[i]
			seen.Scan, seen.Time = s.Name, s.Time
		}
	}
	return found, seen
}

// counts tells whether a scan is completed, of the account and at the level.
func (e CISScanned) counts(s CISScan) bool {
	return s.Status == cisCompleted && s.Level >= e.level() && ofAccount(s.Accounts, e.Region.place.Account)
}

func (e CISScanned) within() time.Duration { return cmp.Or(e.Within, 30*day) }

// ofAccount tells whether a scan's targets take an account in. "SELF" is how
// Inspector calls the account itself, "ALL_ACCOUNTS" every member.
func ofAccount(accounts []string, account string) bool {
	return len(accounts) == 0 || slices.Contains(accounts, account) || slices.Contains(accounts, "SELF") || slices.Contains(accounts, "ALL_ACCOUNTS")
}
