package compliance_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/awsposture/posture/compliance"
)

// The model is total: each service of the Security Hub catalogue and each domain
// have one owner, and what the model does not know is the customer's.
func TestResponsibilityIsTotal(t *testing.T) {
	hub, err := compliance.HubControls()
	if err != nil {
		t.Fatal(err)
	}
	domains := compliance.Domains()
	if len(domains) != 17 {
		t.Fatalf("%d domains", len(domains))
	}
	for _, c := range hub {
		service, _, _ := strings.Cut(c.ID, ".")
		for _, d := range domains {
			if r := compliance.ResponsibilityOf(service, "", d); !r.Known || r.What == "" || r.Class == "" {
				t.Errorf("%s, %s: %+v", service, d, r)
			}
		}
	}
	for _, d := range domains {
		if r := compliance.ResponsibilityOf("Example", "", d); r.Known || r.Owner != compliance.Customer || r.Note == "" {
			t.Errorf("unknown service: %+v", r)
		}
	}
	if r := compliance.ResponsibilityOf("EC2", "", "weather"); r.Known || r.Owner != compliance.Customer {
		t.Errorf("unknown domain: %+v", r)
	}
}

func TestResponsibilityOf(t *testing.T) {
	for _, c := range []struct {
		service, mode, domain string
		want                  compliance.Owner
	}{
		{"EC2", "", "physical", compliance.AWS},
		{"EC2", "outposts", "physical", compliance.Customer},
		{"EC2", "", "guest-os", compliance.Customer},
		{"RDS", "", "guest-os", compliance.AWS},
		{"RDS", "custom", "guest-os", compliance.Shared},
		{"RDS", "", "platform", compliance.Shared},
		{"EMR", "", "guest-os", compliance.Shared},
		{"EKS", "self-managed", "guest-os", compliance.Customer},
		{"EKS", "managed-nodes", "guest-os", compliance.Shared},
		{"EKS", "auto", "guest-os", compliance.AWS},
		{"EKS", "fargate", "guest-os", compliance.AWS},
		{"ECS", "fargate", "guest-os", compliance.AWS},
		{"ECS", "ec2", "guest-os", compliance.Shared},
		{"Lambda", "zip", "platform", compliance.Shared},
		{"Lambda", "image", "platform", compliance.Customer},
		{"Lambda", "zip", "application", compliance.Customer},
		{"S3", "", "application", compliance.Nobody},
		{"S3", "", "at-rest", compliance.Shared},
		{"S3", "", "identity", compliance.Customer},
		{"S3", "outposts", "physical", compliance.Customer},
		{"OpenSearch", "serverless", "platform", compliance.AWS},
		{"EC2", "", "log-production", compliance.Nobody},
	} {
		if r := compliance.ResponsibilityOf(c.service, c.mode, c.domain); !r.Known || r.Owner != c.want {
			t.Errorf("%s %s, %s: %s, want %s (%+v)", c.service, c.mode, c.domain, r.Owner, c.want, r)
		}
	}
}

// A program names frameworks that are carried, and every framework with a part
// of AWS's has a program whose report could show it.
func TestPrograms(t *testing.T) {
	programs, err := compliance.Programs()
	if err != nil {
		t.Fatal(err)
	}
	keys, speaks := map[string]bool{}, map[string]bool{}
	carried := map[string]bool{}
	for _, f := range loadAll(t) {
		carried[f.Key] = true
	}
	for _, p := range programs {
		if keys[p.Key] || p.Name == "" || !slices.Contains([]string{"certification", "attestation", "authorization", "contract", "alignment"}, p.Kind) {
			t.Errorf("program %+v", p)
		}
		keys[p.Key] = true
		for _, f := range p.Frameworks {
			if !carried[f] {
				t.Errorf("program %s speaks to %s, which is not carried", p.Key, f)
			}
			if p.Kind != "contract" && p.Kind != "alignment" {
				speaks[f] = true
			}
		}
	}
	for _, f := range loadAll(t) {
		for _, r := range f.Requirements {
			if r.Owner != compliance.Customer && !speaks[f.Key] {
				t.Errorf("no program can show AWS's part of %s", f.Ref(r.ID))
				break
			}
		}
	}
}

var word = regexp.MustCompile(`^[a-z0-9-]+(\.[a-z0-9-]+)+$`)

// Every control has its pillar, and five of the six have one.
func TestPillars(t *testing.T) {
	counts := map[compliance.Pillar]int{}
	ids := existing()
	for id := range plannedIDs(t) {
		ids = append(ids, id)
	}
	for _, id := range ids {
		if !word.MatchString(id) {
			t.Errorf("%q is not a control id", id)
		}
		p := compliance.PillarOf(id)
		if p == 0 {
			t.Errorf("%s has no pillar", id)
		}
		counts[p]++
	}
	for p := compliance.OperationalExcellence; p <= compliance.CostOptimization; p++ {
		if counts[p] == 0 {
			t.Errorf("no control serves %s", p)
		}
	}
	t.Log(counts)
	if p := compliance.PillarOf("example.unknown"); p != 0 {
		t.Errorf("a control that nobody knows has the pillar %s", p)
	}
	for category, want := range map[string]compliance.Pillar{
		"security": compliance.Security, "fault_tolerance": compliance.Reliability, "service_limits": compliance.Reliability, "performance": compliance.PerformanceEfficiency,
		"cost_optimizing": compliance.CostOptimization, "operational_excellence": compliance.OperationalExcellence, "other": 0,
	} {
		if got := compliance.AdvicePillar(category); got != want {
			t.Errorf("%s: %s, want %s", category, got, want)
		}
	}
}
