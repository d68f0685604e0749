package inspector_test

import (
	"context"
	"net"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/inspector2/types"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/inspector"
	"github.com/awsposture/posture/inspector/inspectortest"
	"github.com/awsposture/posture/internal/awsfake"
	"github.com/awsposture/posture/internal/conformance"
)

var (
	place = posture.Place{Partition: "aws", Account: "111122223333", Region: "eu-west-1"}
	now   = time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)
)

const day = 24 * time.Hour

func daysAgo(n int) time.Time { return now.Add(-time.Duration(n) * day) }

func clock() time.Time { return now }

func newFake(p posture.Place) *inspectortest.Inspector {
	f := inspectortest.New(p)
	f.Transition, f.Now = 3, clock
	return f
}

// facts are what a fixture's view knows from elsewhere.
type facts struct {
	inventory map[string][]inspector.Asset
	reach     map[string]string // by resource id; what is not here was looked at and is not reachable
}

func (k facts) region(p posture.Place, f *inspectortest.Inspector) *inspector.Region {
	r := inspector.NewRegion(p, f)
	r.Now = clock
	r.Inventory = func(context.Context) (map[string][]inspector.Asset, error) { return k.inventory, nil }
	r.Reach = func(_ context.Context, at posture.Resource) (string, bool, error) {
		how, ok := k.reach[at.ID]
		return how, ok, nil
	}
	r.Privilege = func(context.Context, string) (inspector.Privilege, error) { return inspector.PrivilegeData, nil }
	return r
}

// world is a fake and what stands beside it.
type world struct {
	*inspectortest.Inspector
	facts *facts
}

func (k facts) ground(p posture.Place, f *inspectortest.Inspector, keep func(posture.Remediator) bool) conformance.Ground {
	w := &world{f, &k}
	return conformance.Ground{
		Fake: w, Faults: &f.Faults, State: f.State,
		View: func() conformance.View {
			r := w.facts.region(p, f)
			evs := inspector.Evaluators(r)
			for i, e := range evs {
				if enabled, ok := e.(inspector.Enabled); ok {
					enabled.Optional = false
					evs[i] = enabled
				}
			}
			all := append(inspector.Remediators(r, f), inspector.ScheduleCIS{Region: r, Writer: f, Schedule: inspector.CISSchedule{Tags: map[string][]string{"env": {"production"}}}})
			return conformance.View{Evaluators: evs, Remediators: slices.DeleteFunc(all, func(r posture.Remediator) bool { return !keep(r) }), Bindings: inspector.Bindings(r, f)}
		},
	}
}

func enabling(r posture.Remediator) bool { _, ok := r.(inspector.EnableScanning); return ok }

func changing(r posture.Remediator) bool { return !enabling(r) }

var allTypes = []inspector.ScanType{inspector.EC2, inspector.ECR, inspector.Lambda, inspector.LambdaCode, inspector.CodeRepository}

const (
	image    = "arn:aws:ecr:eu-west-1:111122223333:repository/shop/sha256:aaaa"
	function = "arn:aws:lambda:eu-west-1:111122223333:function:thumbnails"
)

func asset(typ, id string) inspector.Asset {
	arn := ""
	if typ != inspector.TypeInstance {
		arn = id
	}
	return inspector.Asset{Resource: place.Resource(typ, id, arn)}
}

// nothing is an inventory that looked for everything and found nothing.
func nothing() map[string][]inspector.Asset {
	return map[string][]inspector.Asset{inspector.TypeInstance: nil, inspector.TypeImage: nil, inspector.TypeFunction: nil}
}

// instances is an inventory that looked for everything and found instances.
func instances(ids ...string) map[string][]inspector.Asset {
	all := nothing()
	for _, id := range ids {
		all[inspector.TypeInstance] = append(all[inspector.TypeInstance], asset(inspector.TypeInstance, id))
	}
	return all
}

// row is a coverage row of a scan that went well an hour ago.
func row(typ, id string, scan inspector.Scan) inspector.Row {
	r := inspector.Row{Account: place.Account, Type: typ, ID: id, Scan: scan, Active: true, Reason: "SUCCESSFUL", LastScanned: now.Add(-time.Hour)}
	if typ == inspector.TypeInstance {
		r.Mode, r.Platform = "EC2_SSM_AGENT_BASED", "LINUX"
	}
	return r
}

func with(r inspector.Row, reason string) inspector.Row {
	r.Active, r.Reason = false, reason
	return r
}

// vulnerability is a finding on an instance, of medium urgency and a day old.
func vulnerability(arn, id, cve string) inspector.Finding {
	return inspector.Finding{
		ARN: arn, Type: inspector.PackageVulnerability, Severity: "HIGH", Title: cve + " - openssl", Resource: posture.Resource{Type: inspector.TypeInstance, ID: id}, Image: "ami-0example",
		Vulnerability: cve, Score: 7.5, EPSS: 0.02, Fix: "YES", Packages: []inspector.Package{{Name: "openssl", Version: "3.0.7", Fixed: "3.0.13", Manager: "OS"}},
		First: daysAgo(1), Last: now,
	}
}

func open(arn, id string, from, to int32) inspector.Finding {
	return inspector.Finding{
		ARN: arn, Type: inspector.NetworkReachability, Severity: "MEDIUM", Title: "Port is reachable from an Internet Gateway", Resource: posture.Resource{Type: inspector.TypeInstance, ID: id},
		Network: &inspector.Network{Protocol: "TCP", From: from, To: to, Path: []string{"igw-0example", "sg-0example", "eni-0example"}}, EPSS: -1, First: daysAgo(1), Last: now,
	}
}

const goodFilter = "arn:aws:inspector2:eu-west-1:111122223333:owner/111122223333/filter/f1"

func narrowFilter() *inspectortest.Filter {
	return &inspectortest.Filter{
		Name: "not-affected", Suppress: true, Reason: "SEC-7: the module is not loaded; review on 2026-09-01.", Tags: map[string]string{"team": "security"},
		Criteria: types.FilterCriteria{VulnerabilityId: []types.StringFilter{equal("CVE-2026-0001")}, ResourceId: []types.StringFilter{equal("i-0web")}},
	}
}

func equal(v string) types.StringFilter {
	return types.StringFilter{Comparison: types.StringComparisonEquals, Value: aws.String(v)}
}

// good is a standalone account on which every control passes or does not apply.
func good() conformance.Ground {
	f := newFake(place)
	f.Edit(func(s *inspectortest.State) {
		s.Account = *inspectortest.NewAccount(allTypes...)
		s.Mode = inspector.Hybrid
		s.Coverage = []inspector.Row{
			row(inspector.TypeInstance, "i-0web", inspector.PackageScan), row(inspector.TypeInstance, "i-0web", inspector.NetworkScan),
			row(inspector.TypeImage, image, inspector.PackageScan),
			row(inspector.TypeFunction, function+":$LATEST", inspector.PackageScan), row(inspector.TypeFunction, function+":$LATEST", inspector.CodeScan),
			{Account: "444455556666", Type: inspector.TypeInstance, ID: "i-0theirs", Scan: inspector.PackageScan, Reason: "UNMANAGED_EC2_INSTANCE"},
		}
		s.Filters[goodFilter] = narrowFilter()
		s.Filters[goodFilter+"2"] = &inspectortest.Filter{Name: "view"}
		s.Scans = []inspectortest.Scan{
			{
				CISScan: inspector.CISScan{ARN: "scan1", Configuration: "weekly", Name: "weekly", Level: 1, Status: "COMPLETED", Time: daysAgo(3), Accounts: []string{place.Account}},
				Targets: []inspector.CISTarget{{Instance: "i-0web", Status: "COMPLETED", Passed: 200}, {Account: "444455556666", Instance: "i-0theirs", Status: "COMPLETED", Failed: 9}},
			},
			{CISScan: inspector.CISScan{ARN: "scan2", Configuration: "weekly", Name: "weekly", Level: 1, Status: "FAILED", Time: daysAgo(1), Accounts: []string{place.Account}}},
		}
		s.Schedules["weekly"] = &inspectortest.Schedule{Name: "weekly", Level: types.CisSecurityLevelLevel1, Schedule: &types.ScheduleMemberDaily{Value: types.DailySchedule{}}, Accounts: []string{"SELF"}}
		known := vulnerability("f1", "i-0web", "CVE-2026-0002")
		s.Findings = []inspector.Finding{known, open("f2", "i-0web", 443, 443)}
		s.Details["CVE-2026-0002"] = inspector.Exploitation{}
	})
	return facts{inventory: map[string][]inspector.Asset{
		inspector.TypeInstance: {asset(inspector.TypeInstance, "i-0web")},
		inspector.TypeImage:    {asset(inspector.TypeImage, image)},
		inspector.TypeFunction: {asset(inspector.TypeFunction, function)},
	}}.ground(place, f, changing)
}

const badFilter = "arn:aws:inspector2:eu-west-1:111122223333:owner/111122223333/filter/f9"

// bad is an account with Inspector on and everything in it wrong.
func bad() conformance.Ground {
	f := newFake(place)
	f.Edit(func(s *inspectortest.State) {
		s.Account = *inspectortest.NewAccount(inspector.EC2, inspector.ECR)
		s.Rescan, s.PullRescan, s.PullMode = "DAYS_30", "DAYS_14", "LAST_IN_USE_AT"
		s.Deep, s.Paths = "DEACTIVATED", []string{"/opt/shop"}
		s.Coverage = []inspector.Row{
			with(row(inspector.TypeInstance, "i-0web", inspector.PackageScan), "UNMANAGED_EC2_INSTANCE"), row(inspector.TypeInstance, "i-0web", inspector.NetworkScan),
			with(row(inspector.TypeInstance, "i-0off", inspector.PackageScan), "EC2_INSTANCE_STOPPED"), with(row(inspector.TypeInstance, "i-0off", inspector.NetworkScan), "EC2_INSTANCE_STOPPED"),
		}
		s.Filters[badFilter] = &inspectortest.Filter{Name: "noise", Suppress: true, Criteria: types.FilterCriteria{Severity: []types.StringFilter{equal("HIGH"), equal("CRITICAL")}}}
		kev := vulnerability("f1", "i-0web", "CVE-2026-1000")
		kev.First = daysAgo(20)
		exploit := vulnerability("f2", "i-0web", "CVE-2026-1001")
		exploit.Exploit = true
		hidden := vulnerability("f4", "i-0web", "CVE-2026-1002")
		hidden.Status = "SUPPRESSED"
		s.Findings = []inspector.Finding{kev, exploit, open("f3", "i-0web", 0, 1024), hidden}
		s.Details["CVE-2026-1000"] = inspector.Exploitation{Known: true, Added: daysAgo(30), Due: daysAgo(9)}
	})
	return badFacts().ground(place, f, changing)
}

func badFacts() facts { return facts{inventory: instances("i-0web", "i-0off", "i-0unseen")} }

// unchecked is an account whose instances a CIS scan found wanting.
func unchecked() conformance.Ground {
	f := newFake(place)
	f.Edit(func(s *inspectortest.State) {
		s.Account = *inspectortest.NewAccount(inspector.EC2)
		s.Coverage = []inspector.Row{with(row(inspector.TypeInstance, "i-0off", inspector.PackageScan), "EC2_INSTANCE_STOPPED")}
		s.Scans = []inspectortest.Scan{{
			CISScan: inspector.CISScan{ARN: "scan1", Name: "monthly", Level: 2, Status: "COMPLETED", Time: daysAgo(3), Accounts: []string{"ALL_ACCOUNTS"}},
			Targets: []inspector.CISTarget{{Instance: "i-0web", Status: "COMPLETED", Failed: 4, Passed: 200}, {Instance: "i-0old", Status: "CANCELLED", Why: "UNSUPPORTED_OS"}, {Instance: "i-0ok", Status: "COMPLETED", Passed: 204}},
		}}
	})
	return facts{inventory: instances("i-0web", "i-0old", "i-0ok", "i-0off")}.ground(place, f, changing)
}

// absent is an account that never enabled Inspector.
func absent() conformance.Ground { return absentAt(place) }

func absentAt(p posture.Place) conformance.Ground {
	return facts{inventory: nothing()}.ground(p, newFake(p), enabling)
}

// bare is an account with every scan type on and nothing in the region.
func bare() conformance.Ground {
	f := newFake(place)
	f.Edit(func(s *inspectortest.State) { s.Account = *inspectortest.NewAccount(allTypes...) })
	f.Edit(func(s *inspectortest.State) { s.Deep = "DEACTIVATED" })
	return facts{inventory: nothing()}.ground(place, f, changing)
}

// member is an account whose Inspector another account administers.
func member() conformance.Ground {
	f := newFake(place)
	f.Edit(func(s *inspectortest.State) {
		s.Account = *inspectortest.NewAccount(allTypes...)
		s.Administrator = "444455556666"
	})
	return facts{inventory: nothing()}.ground(place, f, changing)
}

// limited is an account in a region where Inspector offers less.
func limited() conformance.Ground {
	f := newFake(place)
	f.Edit(func(s *inspectortest.State) {
		s.Account = *inspectortest.NewAccount(inspector.EC2)
		for _, t := range []inspector.ScanType{inspector.Lambda, inspector.LambdaCode, inspector.CodeRepository} {
			delete(s.Types, t)
		}
	})
	return facts{inventory: nothing()}.ground(place, f, changing)
}

// nowhere is a region that AWS made after this library, without Inspector.
func nowhere() conformance.Ground {
	g := absentAt(newRegion)
	g.Faults.Inject(awsfake.Fault{Err: noSuchHost})
	return g
}

// newRegion is a region that this library does not know.
var newRegion = posture.Place{Partition: "aws", Account: "111122223333", Region: "eu-nowhere-1"}

var noSuchHost = &net.DNSError{Err: "no such host", Name: "inspector2.eu-nowhere-1.amazonaws.com", IsNotFound: true}
