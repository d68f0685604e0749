package compliance

import (
	"slices"
	"strings"
	"sync"
)

// Pillar is a pillar of the AWS Well-Architected Framework. The zero value is
// none: a control of which nothing is known.
type Pillar uint8

// The pillars.
const (
	_ Pillar = iota
	OperationalExcellence
	Security
	Reliability
	PerformanceEfficiency
	CostOptimization
	Sustainability
)

var pillarWords = []string{"", "operational-excellence", "security", "reliability", "performance-efficiency", "cost-optimization", "sustainability"}

// pillarIDs are the ids of framework aws-wa.
var pillarIDs = []string{"", "OPS", "SEC", "REL", "PERF", "COST", "SUS"}

// String gives the pillar's word as it stands in JSON, "" when unset.
func (p Pillar) String() string { return word(pillarWords, int(p)) }

// MarshalText encodes the pillar as its word.
func (p Pillar) MarshalText() ([]byte, error) { return marshalWord("pillar", pillarWords, int(p)) }

// UnmarshalText reads what MarshalText wrote.
func (p *Pillar) UnmarshalText(b []byte) error { return unmarshalWord("pillar", pillarWords, b, p) }

// pillars are the controls that serve another pillar than security.
var pillars = sync.OnceValues(func() (map[string]Pillar, error) {
	t, err := read("pillars.tsv")
	all := map[string]Pillar{}
	for _, r := range t.rows {
		var p Pillar
		if err := p.UnmarshalText([]byte(r[1])); err != nil {
			return nil, err
		}
		all[r[0]] = p
	}
	return all, err
})

// PillarOf gives the pillar that a control of this library serves first. Each
// has one; 0 is for a control that the library does not know.
func PillarOf(control string) Pillar {
	known, err := pillars()
	if err != nil {
		return 0
	}
	if p, ok := known[control]; ok {
		return p
	}
	return known[domainOf(control)+".*"]
}

// AdvicePillar gives the pillar of a category of AWS Trusted Advisor, as its
// API names categories: "cost_optimizing", "fault_tolerance", "service_limits".
// See "AWS Trusted Advisor check reference" in the AWS Support User Guide.
func AdvicePillar(category string) Pillar {
	switch strings.ToLower(category) {
	case "security":
		return Security
	case "fault_tolerance", "service_limits":
		return Reliability
	case "performance":
		return PerformanceEfficiency
	case "cost_optimizing":
		return CostOptimization
	case "operational_excellence":
		return OperationalExcellence
	}
	return 0
}

// ofPillar maps every control that the catalogue names to its pillar.
func (c *catalogue) ofPillar(id string) []Mapping {
	named := map[string]bool{}
	add := func(cell string) {
		for _, id := range c.controls(cell) {
			named[id] = true
		}
	}
	for _, r := range c.hub.rows {
		add(r[hubControls])
	}
	for _, r := range c.cis.rows {
		add(r[13])
	}
	for _, r := range c.mappings.rows {
		add(r[2])
	}
	for _, p := range c.planned {
		named[p.ID] = true
	}
	known, err := pillars()
	if err != nil {
		return nil
	}
	for control := range known {
		if !strings.HasSuffix(control, ".*") {
			named[control] = true
		}
	}
	var ids []string
	for control := range named {
		if p := PillarOf(control); p > 0 && pillarIDs[p] == id {
			ids = append(ids, control)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	slices.Sort(ids)
	var ms []Mapping
	for _, control := range ids {
		ms = append(ms, Mapping{Controls: []string{control}, Remainder: c.phrases["pillar"], Source: "own"})
	}
	return ms
}
