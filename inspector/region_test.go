package inspector_test

import (
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/inspector2/types"

	"github.com/awsposture/posture/inspector"
	"github.com/awsposture/posture/inspector/inspectortest"
	"github.com/awsposture/posture/internal/conformance"
)

func edit(change func(*inspectortest.State)) func(conformance.Ground) {
	return func(g conformance.Ground) { g.Fake.(*world).Edit(change) }
}

func spoil(name string, change func(*inspectortest.State), flips ...string) conformance.Weakening {
	return conformance.Weakening{Name: name, Edit: edit(change), Flips: flips}
}

func turnOff(t inspector.ScanType) func(*inspectortest.State) {
	return func(s *inspectortest.State) { s.Types[t] = inspector.ScanDisabled }
}

func finding(change func(*inspector.Finding)) func(*inspectortest.State) {
	return func(s *inspectortest.State) { change(&s.Findings[0]) }
}

var region = conformance.Domain{
	Prefix: "inspector2",
	Fixtures: []conformance.Fixture{
		{Name: "good", Make: good},
		{Name: "bad", Make: bad},
		{Name: "unchecked", Make: unchecked},
		{Name: "absent", Make: absent},
		{Name: "bare", Make: bare},
		{Name: "member", Make: member},
		{Name: "limited", Make: limited},
		{Name: "nowhere", Make: nowhere},
	},
	Weakenings: []conformance.Weakening{
		spoil("EC2 off", turnOff(inspector.EC2), "inspector.ec2-enabled"),
		spoil("ECR off", turnOff(inspector.ECR), "inspector.ecr-enabled"),
		spoil("Lambda off", turnOff(inspector.Lambda), "inspector.lambda-enabled"),
		spoil("Lambda code off", turnOff(inspector.LambdaCode), "inspector.lambda-code-enabled"),
		spoil("code repositories off", turnOff(inspector.CodeRepository), "inspector.code-repository-enabled"),
		spoil("EC2 suspended", func(s *inspectortest.State) { s.Types[inspector.EC2] = inspector.ScanSuspended }, "inspector.ec2-enabled"),
		spoil("no agent, and agents only", func(s *inspectortest.State) {
			s.Mode = inspector.AgentBased
			s.Coverage[0] = with(s.Coverage[0], "UNMANAGED_EC2_INSTANCE")
		}, "inspector.scan-mode", "inspector.coverage"),
		spoil("images for a month", func(s *inspectortest.State) { s.Rescan = "DAYS_30" }, "inspector.ecr-rescan"),
		spoil("no deep inspection", func(s *inspectortest.State) { s.Deep = "DEACTIVATED" }, "inspector.deep-inspection"),
		spoil("no network row", func(s *inspectortest.State) { s.Coverage = slices.Delete(s.Coverage, 1, 2) }, "inspector.coverage"),
		spoil("an image is not scanned", func(s *inspectortest.State) { s.Coverage[2] = with(s.Coverage[2], "UNSUPPORTED_OS") }, "inspector.coverage"),
		spoil("a function's code is not scanned", func(s *inspectortest.State) { s.Coverage[4] = with(s.Coverage[4], "UNSUPPORTED_CODE_ARTIFACTS") }, "inspector.coverage"),
		spoil("scanned long ago", func(s *inspectortest.State) { s.Coverage[0].LastScanned = daysAgo(2) }, "inspector.coverage"),
		spoil("suppressed by severity", func(s *inspectortest.State) {
			s.Filters[goodFilter].Criteria = types.FilterCriteria{Severity: []types.StringFilter{equal("CRITICAL")}}
		}, "inspector.suppression-broad"),
		spoil("suppressed without reason", func(s *inspectortest.State) { s.Filters[goodFilter].Reason = "" }, "inspector.suppression-broad"),
		spoil("suppressed without date", func(s *inspectortest.State) { s.Filters[goodFilter].Reason = "SEC-7" }, "inspector.suppression-broad"),
		spoil("suppressed past its date", func(s *inspectortest.State) { s.Filters[goodFilter].Reason = "until 2026-05-30" }, "inspector.suppression-broad"),
		spoil("suppressed for ever", func(s *inspectortest.State) { s.Filters[goodFilter].Reason = "until 2036-05-30" }, "inspector.suppression-broad"),
		spoil("no CIS scan", func(s *inspectortest.State) { s.Scans = s.Scans[1:] }, "inspector.cis-scan"),
		spoil("an old CIS scan", func(s *inspectortest.State) { s.Scans[0].Time = daysAgo(31) }, "inspector.cis-scan"),
		spoil("a CIS check failed", func(s *inspectortest.State) { s.Scans[0].Targets[0].Failed = 1 }, "inspector.cis-scan"),
		spoil("known exploited", func(s *inspectortest.State) {
			s.Findings[1].Status, s.Details["CVE-2026-0002"] = "CLOSED", inspector.Exploitation{Known: true, Due: daysAgo(2)}
		}, "inspector.kev-open"),
		spoil("known exploited and reachable", func(s *inspectortest.State) {
			s.Details["CVE-2026-0002"] = inspector.Exploitation{Known: true, Due: now.Add(day)}
		}, "inspector.exploit-reachable"),
		spoil("an exploit, reachable", finding(func(f *inspector.Finding) { f.Exploit = true }), "inspector.exploit-reachable"),
		spoil("an old finding", finding(func(f *inspector.Finding) { f.First = daysAgo(91) }), "inspector.sla"),
		spoil("SSH is open", func(s *inspectortest.State) { s.Findings[1].Network.From = 22; s.Findings[1].Network.To = 22 }, "inspector.reachable-admin-port"),
	},
	Drifts: map[string]func(conformance.Ground){
		"inspector.configuration":   edit(func(s *inspectortest.State) { s.Rescan = "DAYS_14" }),
		"inspector.deep-inspection": edit(func(s *inspectortest.State) { s.Paths = nil }),
		"inspector.filter":          edit(func(s *inspectortest.State) { s.Filters[badFilter].Reason = "SEC-8" }),
		"inspector.cis-schedule": edit(func(s *inspectortest.State) {
			s.Schedules["x"] = &inspectortest.Schedule{Name: "posture", Level: types.CisSecurityLevelLevel2, Schedule: &types.ScheduleMemberOneTime{}}
		}),
	},
}

func TestRegionEvaluators(t *testing.T) { conformance.Evaluators(t, region) }

func TestRegionRemediators(t *testing.T) { conformance.Remediators(t, region) }

// To enable scanning it must be off, which leaves nothing else to plan.
func TestEnableRemediators(t *testing.T) {
	conformance.Remediators(t, conformance.Domain{
		Prefix:   "inspector2",
		Fixtures: []conformance.Fixture{{Name: "good", Make: good}, {Name: "absent", Make: absent}},
		Drifts: map[string]func(conformance.Ground){"inspector.scan-type": edit(func(s *inspectortest.State) {
			for _, t := range allTypes {
				s.Types[t] = inspector.ScanSuspended
			}
		})},
	})
}
