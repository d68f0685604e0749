package guardduty_test

import (
	"context"
	"encoding/json"
	"net"
	"net/netip"
	"slices"
	"testing"
	"time"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/guardduty"
	"github.com/awsposture/posture/guardduty/guarddutytest"
	"github.com/awsposture/posture/internal/awsfake"
	"github.com/awsposture/posture/internal/conformance"
)

var (
	place = posture.Place{Partition: "aws", Account: "111122223333", Region: "eu-west-1"}
	now   = time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)
)

func hoursAgo(n int) time.Time { return now.Add(-time.Duration(n) * time.Hour) }

func clock() time.Time { return now }

func newFake(p posture.Place) *guarddutytest.GuardDuty {
	f := guarddutytest.New(p)
	f.Transition = 3
	return f
}

// facts are what a fixture's view knows from elsewhere.
type facts struct {
	inventory map[string][]posture.Resource
	buckets   []string
	rules     []guardduty.Rule
	stops     []guardduty.Stop
	objects   map[string]guardduty.ListObject
}

func (k facts) region(p posture.Place, f *guarddutytest.GuardDuty) *guardduty.Region {
	r := guardduty.NewRegion(p, f)
	r.Now = clock
	r.Inventory = func(context.Context) (map[string][]posture.Resource, error) { return k.inventory, nil }
	r.SensitiveBuckets = func(context.Context) ([]string, error) { return k.buckets, nil }
	r.Rules = func(context.Context) ([]guardduty.Rule, error) { return k.rules, nil }
	r.Stops = func(context.Context) ([]guardduty.Stop, error) { return k.stops, nil }
	r.ListObject = func(_ context.Context, location string) (guardduty.ListObject, error) {
		return k.objects[location], nil
	}
	return r
}

// world is a fake and what stands beside it.
type world struct {
	*guarddutytest.GuardDuty
	facts *facts
}

func (k facts) ground(p posture.Place, f *guarddutytest.GuardDuty, keep func(posture.Remediator) bool) conformance.Ground {
	w := &world{f, &k}
	return conformance.Ground{
		Fake: w, Faults: &f.Faults, State: f.State,
		View: func() conformance.View {
			r := w.facts.region(p, f)
			evs := guardduty.Evaluators(r)
			for i, e := range evs {
				if tags, ok := e.(guardduty.RequiredTags); ok {
					tags.Keys = []string{"team"}
					evs[i] = tags
				}
			}
			all := append(guardduty.Remediators(r, f), guardduty.ExportFindings{
				Region: r, Writer: f, BucketARN: "arn:aws:s3:::example-findings", KeyARN: "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
			}, guardduty.CloseFindings{Region: r, Writer: f, Handled: func(context.Context, guardduty.OpenFinding) (bool, error) { return true, nil }})
			return conformance.View{Evaluators: evs, Remediators: slices.DeleteFunc(all, func(r posture.Remediator) bool { return !keep(r) }), Bindings: guardduty.Bindings(r, f)}
		},
	}
}

func enabling(r posture.Remediator) bool { _, ok := r.(guardduty.EnableGuardDuty); return ok }

func changing(r posture.Remediator) bool { return !enabling(r) }

// severe is an EventBridge rule for findings of some severity and above.
func severe(least float64) guardduty.Rule {
	return guardduty.Rule{Name: "severe-findings", Enabled: true, Targets: 1, Catches: func(_ context.Context, event []byte) (bool, error) {
		var e struct {
			Source string
			Detail struct{ Severity float64 }
		}
		err := json.Unmarshal(event, &e)
		return e.Source == "aws.guardduty" && e.Detail.Severity >= least, err
	}}
}

func resources(types ...string) map[string][]posture.Resource {
	all := map[string][]posture.Resource{}
	for _, t := range []string{
		"AWS::S3::Bucket", "AWS::EKS::Cluster", "AWS::ECS::Cluster", "AWS::EC2::Instance", "AWS::Lambda::Function", "AWS::RDS::DBInstance", "AWS::RDS::DBCluster",
		"AWS::Bedrock::Agent", "AWS::Bedrock::Guardrail", "AWS::SageMaker::Endpoint", "AWS::SageMaker::NotebookInstance",
	} {
		all[t] = nil
	}
	for _, t := range types {
		all[t] = []posture.Resource{place.Resource(t, "example", "")}
	}
	return all
}

var allFeatures = []guardduty.Feature{
	guardduty.S3DataEvents, guardduty.EKSAuditLogs, guardduty.EBSMalwareProtection, guardduty.RDSLoginEvents, guardduty.LambdaNetworkLogs,
	guardduty.RuntimeMonitoring, guardduty.EKSAgent, guardduty.ECSAgent, guardduty.EC2Agent, guardduty.AIProtection,
}

func list(location string) *guarddutytest.List {
	return &guarddutytest.List{Name: "offices", Format: "TXT", Location: location, Active: true, Tags: map[string]string{"team": "security"}}
}

func prefixes(texts ...string) (ps []netip.Prefix) {
	for _, t := range texts {
		ps = append(ps, netip.MustParsePrefix(t))
	}
	return ps
}

// good is a standalone account on which every control passes or does not apply.
func good() conformance.Ground {
	f := newFake(place)
	f.Edit(func(s *guarddutytest.State) {
		d := guarddutytest.NewDetector(allFeatures...)
		d.Frequency, d.Tags = guardduty.FifteenMinutes, map[string]string{"team": "security"}
		d.Destinations["export"] = &guarddutytest.Destination{BucketARN: "arn:aws:s3:::example-findings", KeyARN: "arn:aws:kms:eu-west-1:111122223333:key/1"}
		d.Filters["port-scan"] = &guarddutytest.Filter{Archive: true, Rank: 1, Tags: map[string]string{"team": "security"}, Criteria: map[string]guardduty.Criterion{
			"type": {Equals: []string{"Recon:EC2/Portscan"}}, "resource.instanceDetails.instanceId": {Equals: []string{"i-0scanner"}},
		}}
		d.Filters["view"] = &guarddutytest.Filter{Rank: 2, Tags: map[string]string{"team": "security"}}
		d.Lists[guardduty.IPSet] = map[string]*guarddutytest.List{"ip1": list("s3://example-lists/offices")}
		d.Lists[guardduty.TrustedEntitySet] = map[string]*guarddutytest.List{"te1": list("s3://example-lists/offices")}
		d.Lists[guardduty.ThreatIntelSet] = map[string]*guarddutytest.List{"ti1": list("s3://example-lists/threats")}
		d.Lists[guardduty.ThreatEntitySet] = map[string]*guarddutytest.List{"th1": list("s3://example-lists/threats")}
		d.Coverage = []guarddutytest.Coverage{{Kind: "EC2", Resource: "example"}, {Kind: "EC2", Resource: "other", Account: "444455556666", Issue: "no agent"}}
		d.Findings["f1"] = &guarddutytest.Finding{Type: "Discovery:S3/MaliciousIPCaller", Severity: 8, Created: hoursAgo(12)}
		d.Findings["f2"] = &guarddutytest.Finding{Type: "Discovery:S3/MaliciousIPCaller", Severity: 8, Created: hoursAgo(900), Archived: true}
		s.Detector = d
		s.Plans["p1"] = &guarddutytest.Plan{Bucket: "example-uploads"}
	})
	return goodFacts().ground(place, f, changing)
}

func goodFacts() facts {
	return facts{
		inventory: resources("AWS::EC2::Instance", "AWS::Bedrock::Agent"), buckets: []string{"example-uploads"}, rules: []guardduty.Rule{severe(7)},
		stops: []guardduty.Stop{{EventID: "old", Operation: "UpdateDetector", Principal: place.ARN("iam", "user/ana"), Time: hoursAgo(24 * 8)}},
		objects: map[string]guardduty.ListObject{
			"s3://example-lists/offices": {Prefixes: prefixes("192.0.2.0/24", "2001:db8:1::/48")}, "s3://example-lists/wide": {Prefixes: prefixes("192.0.2.0/23")},
		},
	}
}

// bad is an account with GuardDuty on and everything in it wrong.
func bad() conformance.Ground {
	f := newFake(place)
	f.Edit(func(s *guarddutytest.State) {
		d := guarddutytest.NewDetector(guardduty.EKSRuntimeMonitoring)
		d.Filters["noise"] = &guarddutytest.Filter{Archive: true, Rank: 1, Description: "too many <alerts>", Criteria: map[string]guardduty.Criterion{"severity": {GreaterOrEqual: new(int64(1))}}}
		d.Lists[guardduty.IPSet] = map[string]*guarddutytest.List{"ip1": {Name: "everyone", Location: "s3://example-lists/wide", Active: true}}
		d.Lists[guardduty.TrustedEntitySet] = map[string]*guarddutytest.List{"te1": {Name: "shared", Location: "s3://example-lists/shared", Active: true}}
		d.Lists[guardduty.ThreatIntelSet] = map[string]*guarddutytest.List{"ti1": {Name: "threats", Failed: true}}
		d.Coverage = []guarddutytest.Coverage{{Kind: "EKS", Resource: "prod", Issue: "the agent does not report"}}
		d.Findings["f1"] = &guarddutytest.Finding{Type: "Discovery:S3/MaliciousIPCaller", Severity: 8, Created: hoursAgo(72)}
		d.Findings["f2"] = &guarddutytest.Finding{Type: "AttackSequence:S3/CompromisedData", Severity: 9, Created: hoursAgo(1)}
		s.Detector = d
		s.Plans["p1"] = &guarddutytest.Plan{Bucket: "example-uploads", Status: "WARNING", Reason: "the role may not read the bucket"}
	})
	return badFacts().ground(place, f, changing)
}

func badFacts() facts {
	return facts{
		inventory: resources("AWS::EKS::Cluster", "AWS::SageMaker::Endpoint"), buckets: []string{"example-uploads", "example-forms"}, rules: []guardduty.Rule{severe(8.5)},
		stops: []guardduty.Stop{{EventID: "e1", Operation: "StopMonitoringMembers", Principal: place.ARN("iam", "user/mallory"), Time: hoursAgo(30)}},
		objects: map[string]guardduty.ListObject{
			"s3://example-lists/wide": {Prefixes: prefixes("198.51.100.0/22")}, "s3://example-lists/shared": {OtherWriters: []string{"arn:aws:iam::444455556666:root"}},
		},
	}
}

// absent is an account that never enabled GuardDuty.
func absent() conformance.Ground { return absentAt(place) }

func absentAt(p posture.Place) conformance.Ground {
	return facts{inventory: resources()}.ground(p, newFake(p), enabling)
}

// suspended is an account whose GuardDuty was suspended, long ago.
func suspended() conformance.Ground { return suspendedAt(place) }

func suspendedAt(p posture.Place) conformance.Ground {
	f := newFake(p)
	f.Edit(func(s *guarddutytest.State) {
		s.Detector = guarddutytest.NewDetector()
		s.Detector.Suspended = true
	})
	return facts{inventory: resources()}.ground(p, f, enabling)
}

// bare is an account with GuardDuty on and nothing else in the region.
func bare() conformance.Ground {
	f := newFake(place)
	f.Edit(func(s *guarddutytest.State) { s.Detector = guarddutytest.NewDetector() })
	return facts{inventory: resources()}.ground(place, f, changing)
}

// member is an account whose GuardDuty another account administers.
func member() conformance.Ground {
	f := newFake(place)
	f.Edit(func(s *guarddutytest.State) {
		s.Detector = guarddutytest.NewDetector()
		s.Administrator = "444455556666"
	})
	return facts{inventory: resources()}.ground(place, f, changing)
}

// nowhere is a region that AWS made after this library, without GuardDuty.
func nowhere() conformance.Ground {
	g := absentAt(newRegion)
	g.Faults.Inject(awsfake.Fault{Err: noSuchHost})
	return g
}

// newRegion is a region that this library does not know.
var newRegion = posture.Place{Partition: "aws", Account: "111122223333", Region: "eu-nowhere-1"}

var noSuchHost = &net.DNSError{Err: "no such host", Name: "guardduty.eu-nowhere-1.amazonaws.com", IsNotFound: true}

func edit(change func(*guarddutytest.State)) func(conformance.Ground) {
	return func(g conformance.Ground) { g.Fake.(*world).Edit(change) }
}

func spoil(name string, change func(*guarddutytest.State), flips ...string) conformance.Weakening {
	return conformance.Weakening{Name: name, Edit: edit(change), Flips: flips}
}

func turnOff(fs ...guardduty.Feature) func(*guarddutytest.State) {
	return func(s *guarddutytest.State) {
		for _, f := range fs {
			s.Detector.Features[f] = false
		}
	}
}

var region = conformance.Domain{
	Prefix: "guardduty",
	Fixtures: []conformance.Fixture{
		{Name: "good", Make: good},
		{Name: "bad", Make: bad},
		{Name: "absent", Make: absent},
		{Name: "suspended", Make: suspended},
		{Name: "bare", Make: bare},
		{Name: "member", Make: member},
		{Name: "nowhere", Make: nowhere},
	},
	Weakenings: []conformance.Weakening{
		spoil("suspended", func(s *guarddutytest.State) { s.Detector.Suspended = true }, "guardduty.enabled", "guardduty.stopped"),
		spoil("no detector", func(s *guarddutytest.State) { s.Detector = nil }, "guardduty.enabled"),
		spoil("S3 off", turnOff(guardduty.S3DataEvents), "guardduty.s3"),
		spoil("EKS audit off", turnOff(guardduty.EKSAuditLogs), "guardduty.eks-audit"),
		spoil("Lambda off", turnOff(guardduty.LambdaNetworkLogs), "guardduty.lambda"),
		spoil("RDS off", turnOff(guardduty.RDSLoginEvents), "guardduty.rds"),
		spoil("malware off", turnOff(guardduty.EBSMalwareProtection), "guardduty.malware-ec2"),
		spoil("runtime off", turnOff(guardduty.RuntimeMonitoring), "guardduty.runtime", "guardduty.runtime-eks", "guardduty.runtime-ecs", "guardduty.runtime-ec2"),
		spoil("EKS agent off", turnOff(guardduty.EKSAgent), "guardduty.runtime-eks"),
		spoil("ECS agent off", turnOff(guardduty.ECSAgent), "guardduty.runtime-ecs"),
		spoil("EC2 agent off", turnOff(guardduty.EC2Agent), "guardduty.runtime-ec2"),
		spoil("AI off", turnOff(guardduty.AIProtection), "guardduty.ai"),
		spoil("hourly", func(s *guarddutytest.State) { s.Detector.Frequency = guardduty.OneHour }, "guardduty.frequency"),
		spoil("export without key", func(s *guarddutytest.State) { s.Detector.Destinations["export"].KeyARN = "" }, "guardduty.export"),
		spoil("export broken", func(s *guarddutytest.State) { s.Detector.Destinations["export"].Broken = true }, "guardduty.export"),
		spoil("filter on a severe type", func(s *guarddutytest.State) {
			s.Detector.Filters["port-scan"].Criteria = map[string]guardduty.Criterion{"type": {Equals: []string{"Discovery:S3/MaliciousIPCaller"}}}
		}, "guardduty.suppression"),
		spoil("list of another object", func(s *guarddutytest.State) { s.Detector.Lists[guardduty.ThreatIntelSet]["ti1"].Failed = true }, "guardduty.threat-list"),
		spoil("threat list inactive", func(s *guarddutytest.State) { s.Detector.Lists[guardduty.ThreatEntitySet]["th1"].Active = false }, "guardduty.threat-list"),
		spoil("unhealthy host", func(s *guarddutytest.State) { s.Detector.Coverage[0].Issue = "no agent" }, "guardduty.coverage"),
		spoil("unknown host", func(s *guarddutytest.State) { s.Detector.Coverage = s.Detector.Coverage[1:] }, "guardduty.coverage"),
		spoil("plan in error", func(s *guarddutytest.State) { s.Plans["p1"].Status = "ERROR" }, "guardduty.malware-plan"),
		spoil("no plan", func(s *guarddutytest.State) { delete(s.Plans, "p1") }, "guardduty.malware-plan"),
		spoil("an old finding", func(s *guarddutytest.State) { s.Detector.Findings["f1"].Created = hoursAgo(49) }, "guardduty.open-findings"),
		spoil("a sequence", func(s *guarddutytest.State) {
			s.Detector.Findings["f3"] = &guarddutytest.Finding{Type: "AttackSequence:IAM/CompromisedCredentials", Severity: 9.3, Created: hoursAgo(1)}
		}, "guardduty.sequence-open"),
		spoil("detector untagged", func(s *guarddutytest.State) { s.Detector.Tags = map[string]string{"Team": "security"} }, "guardduty.detector-tags"),
		spoil("filter untagged", func(s *guarddutytest.State) { s.Detector.Filters["view"].Tags = nil }, "guardduty.filter-tags"),
		spoil("IP set untagged", func(s *guarddutytest.State) { s.Detector.Lists[guardduty.IPSet]["ip1"].Tags = nil }, "guardduty.ip-set-tags"),
		spoil("wide list", func(s *guarddutytest.State) {
			s.Detector.Lists[guardduty.IPSet]["ip1"].Location = "s3://example-lists/wide"
		}, "guardduty.trusted-list"),
		{Name: "no rule catches", Edit: func(g conformance.Ground) { g.Fake.(*world).facts.rules[0].Targets = 0 }, Flips: []string{"guardduty.route"}},
		{Name: "stopped for a while", Edit: func(g conformance.Ground) { g.Fake.(*world).facts.stops[0].Time = hoursAgo(24) }, Flips: []string{"guardduty.stopped"}},
		{Name: "others may write the list", Edit: func(g conformance.Ground) {
			g.Fake.(*world).facts.objects["s3://example-lists/offices"] = guardduty.ListObject{OtherWriters: []string{"*"}}
		}, Flips: []string{"guardduty.trusted-list"}},
	},
	Drifts: map[string]func(conformance.Ground){
		"guardduty.feature":      edit(func(s *guarddutytest.State) { s.Detector.Suspended = true }),
		"guardduty.frequency":    edit(func(s *guarddutytest.State) { s.Detector.Frequency = guardduty.OneHour }),
		"guardduty.filter":       edit(func(s *guarddutytest.State) { s.Detector.Filters["noise"].Rank = 7 }),
		"guardduty.trusted-list": edit(func(s *guarddutytest.State) { s.Detector.Lists = nil }),
		"guardduty.finding":      edit(func(s *guarddutytest.State) { s.Detector.Findings = nil }),
		"guardduty.export": edit(func(s *guarddutytest.State) {
			s.Detector.Destinations["theirs"] = &guarddutytest.Destination{BucketARN: "arn:aws:s3:::example-other"}
		}),
	},
}

func TestRegionEvaluators(t *testing.T) { conformance.Evaluators(t, region) }

func TestRegionRemediators(t *testing.T) { conformance.Remediators(t, region) }

// To enable GuardDuty it must be off, which leaves nothing else to plan. The one
// state that is neither on nor off is that there is no GuardDuty, as in a region
// that this library does not know.
func TestEnableRemediators(t *testing.T) {
	for name, second := range map[string]func(posture.Place) conformance.Ground{"absent": absentAt, "suspended": suspendedAt} {
		t.Run(name, func(t *testing.T) {
			conformance.Remediators(t, conformance.Domain{
				Prefix:   "guardduty",
				Fixtures: []conformance.Fixture{{Name: "good", Make: good}, {Name: name, Make: func() conformance.Ground { return second(newRegion) }}},
				Drifts: map[string]func(conformance.Ground){"guardduty.detector": func(g conformance.Ground) {
					g.Faults.Inject(awsfake.Fault{Operation: "ListDetectors", Err: noSuchHost})
				}},
			})
		})
	}
}
