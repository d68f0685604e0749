package guardduty

import (
	"slices"
	"strings"
	"testing"
)

func TestTakesTooMuch(t *testing.T) {
	n := func(v int64) *int64 { return &v }
	on := func(pairs ...any) map[string]Criterion {
		m := map[string]Criterion{}
		for i := 0; i < len(pairs); i += 2 {
			m[pairs[i].(string)] = pairs[i+1].(Criterion)
		}
		return m
	}
	eq := func(v ...string) Criterion { return Criterion{Equals: v} }
	like := func(v ...string) Criterion { return Criterion{Matches: v} }
	for _, test := range []struct {
		name     string
		criteria map[string]Criterion
		because  []string // what each reason holds, in order
	}{
		{"nothing", nil, []string{"names no finding type", "attack sequences", "can be High"}},
		{"a Low type that can be High", on("type", eq("Recon:EC2/PortProbeEMRUnprotectedPort")), []string{"PortProbeEMRUnprotectedPort"}},
		{"a Medium type", on("type", eq("Recon:EC2/Portscan")), nil},
		{"an unknown type", on("type", eq("NewPurpose:EC2/Something")), nil},
		{"by severity", on("severity", Criterion{GreaterOrEqual: n(1)}), []string{"selects by severity", "attack sequences", "can be High"}},
		{"by low severity", on("severity", Criterion{Less: n(4)}), []string{"selects by severity"}},
		{"by account", on("accountId", eq("444455556666")), []string{"selects by accountId", "attack sequences", "can be High"}},
		{"a High type", on("type", eq("Backdoor:EC2/C&CActivity.B!DNS")), []string{"Backdoor:EC2/C&CActivity.B!DNS"}},
		{"a High type of one instance", on("type", eq("Backdoor:EC2/C&CActivity.B!DNS"), "resource.instanceDetails.instanceId", eq("i-0honeypot")), nil},
		{"a High type from one caller", on("type", eq("UnauthorizedAccess:IAMUser/InstanceCredentialExfiltration.OutsideAWS"), "service.action.awsApiCallAction.remoteIpDetails.ipAddressV4", eq("198.51.100.7")), nil},
		{"a High type in one account", on("type", eq("Backdoor:EC2/C&CActivity.B!DNS"), "accountId", eq("444455556666")), []string{"can be High"}},
		{"a High type but for one instance", on("type", eq("Backdoor:EC2/C&CActivity.B!DNS"), "resource.instanceDetails.instanceId", Criterion{NotEquals: []string{"i-1"}}), []string{"can be High"}},
		{"a High type of any instance", on("type", eq("Backdoor:EC2/C&CActivity.B!DNS"), "resource.instanceDetails.instanceId", like("*")), []string{"can be High"}},
		{"a High type when Low", on("type", eq("Backdoor:EC2/C&CActivity.B!DNS"), "severity", eq("1", "2", "3")), nil},
		{"a High type when High", on("type", eq("Backdoor:EC2/C&CActivity.B!DNS"), "severity", eq("3", "7")), []string{"can be High"}},
		{"a High type up to 7", on("type", eq("Backdoor:EC2/C&CActivity.B!DNS"), "severity", Criterion{LessOrEqual: n(7)}), []string{"can be High"}},
		{"an attack sequence", on("type", eq("AttackSequence:S3/CompromisedData"), "resource.s3BucketDetails.name", eq("example")), []string{"attack sequences"}},
		{"a new attack sequence", on("type", eq("AttackSequence:New/Thing"), "resource.s3BucketDetails.name", eq("example")), []string{"attack sequences"}},
		{"everything by a wildcard", on("type", like("*")), []string{"attack sequences", "can be High"}},
		{"everything but sequences", on("type", Criterion{Matches: []string{"*"}, NotMatches: []string{"AttackSequence:*"}}, "resource.instanceDetails.instanceId", eq("i-0")), nil},
		{"only what is left out", on("type", Criterion{NotEquals: []string{"Recon:EC2/Portscan"}}, "resource.instanceDetails.instanceId", eq("i-0")), []string{"names no finding type", "attack sequences"}},
		{"a wildcard of Medium types", on("type", like("Recon:EC2/Ports*")), nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := takesTooMuch(Filter{Archive: true, Criteria: test.criteria}, severeTypes())
			if !slices.EqualFunc(got, test.because, strings.Contains) {
				t.Errorf("got %q", got)
			}
		})
	}
}

func TestSevereTypes(t *testing.T) {
	types := SevereTypes()
	if !slices.IsSorted(types) || len(types) != len(slices.Compact(slices.Clone(types))) || len(types) < 100 {
		t.Errorf("%d types, sorted %v", len(types), slices.IsSorted(types))
	}
	for line := range strings.Lines(severeTable) {
		if cells := strings.Split(strings.TrimSpace(line), "\t"); len(cells) != 2 || cells[0] != "type" && !slices.Contains([]string{"Low", "Medium", "High", "Critical", "Variable", "Low..High", "Medium..High"}, cells[1]) {
			t.Errorf("line %q", line)
		}
	}
	for _, want := range []string{"AttackSequence:EKS/CompromisedCluster", "Backdoor:EC2/C&CActivity.B!DNS", "UnauthorizedAccess:EC2/SSHBruteForce"} {
		if !slices.Contains(types, want) {
			t.Errorf("%s is not among them", want)
		}
	}
	types[0] = "changed"
	if SevereTypes()[0] == "changed" {
		t.Error("the table can be changed from outside")
	}
}

func TestAnswers(t *testing.T) {
	for _, test := range []struct {
		feature  Feature
		features map[Feature]bool
		by       Feature
	}{
		{S3DataEvents, map[Feature]bool{S3DataEvents: true}, S3DataEvents},
		{S3DataEvents, map[Feature]bool{S3DataEvents: false}, ""},
		{S3DataEvents, nil, ""},
		{EKSAgent, map[Feature]bool{EKSAgent: false, EKSRuntimeAgent: true}, EKSRuntimeAgent},
		{EKSAgent, map[Feature]bool{EKSRuntimeMonitoring: true, EKSRuntimeAgent: false}, ""},
		{RuntimeMonitoring, map[Feature]bool{RuntimeMonitoring: false, EKSRuntimeMonitoring: true}, ""},
		{EKSRuntimeMonitoring, map[Feature]bool{RuntimeMonitoring: true}, RuntimeMonitoring},
	} {
		if by := test.feature.answers(test.features); by != test.by {
			t.Errorf("%s in %v: %q", test.feature, test.features, by)
		}
	}
}

// Whatever a detector has on, turning a feature on leaves it on, never has both
// runtime monitorings on, and never turns an agent on before its feature.
func TestTurningKeepsItsRules(t *testing.T) {
	all := slices.Concat(suiteFeatures, []Feature{EKSRuntimeMonitoring, EKSRuntimeAgent})
	runtime := []Feature{RuntimeMonitoring, EKSAgent, EC2Agent, EKSRuntimeMonitoring, EKSRuntimeAgent}
	for start := range 1 << len(runtime) {
		features := map[Feature]bool{}
		for _, f := range all {
			features[f] = false
		}
		for i, f := range runtime {
			features[f] = start&(1<<i) != 0
		}
		if !allowed(features) {
			continue
		}
		for _, f := range all {
			is := map[Feature]bool{}
			for k, v := range features {
				is[k] = v
			}
			tr := turning{features: features}
			tr.on(f)
			for _, m := range tr.moves {
				if is[m.feature] == m.on {
					t.Errorf("from %v, to turn %s on: %s is %v already", features, f, m.feature, m.on)
				}
				if is[m.feature] = m.on; !allowed(is) {
					t.Errorf("from %v, to turn %s on: after %v it is %v", features, f, m, is)
				}
			}
			if f.answers(is) == "" {
				t.Errorf("from %v, to turn %s on: nothing serves in %v", features, f, is)
			}
			for _, kept := range all {
				if kept.answers(features) != "" && kept.answers(is) == "" {
					t.Errorf("from %v, to turn %s on: %s is lost in %v", features, f, kept, is)
				}
			}
		}
	}
}

func allowed(features map[Feature]bool) bool {
	for f, on := range features {
		if parent, agent := f.parts(); agent != "" && on && !features[parent] {
			return false
		}
	}
	return !features[RuntimeMonitoring] || !features[EKSRuntimeMonitoring]
}
