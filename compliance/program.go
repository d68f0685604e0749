package compliance

import (
	"slices"
	"strings"
	"sync"
)

// Program is a compliance program of AWS: what AWS itself is assessed against.
// It says nothing of what a customer runs there. See "AWS Compliance Programs"
// on aws.amazon.com/compliance/programs; as of 2026-09.
type Program struct {
	Key        string   `json:"key"`
	Name       string   `json:"name"`
	Kind       string   `json:"kind"`                 // certification, attestation, authorization, contract, alignment
	Report     string   `json:"report,omitempty"`     // what AWS Artifact holds of it
	Frameworks []string `json:"frameworks,omitempty"` // keys of those whose requirements on AWS its report speaks to
	Regions    []string `json:"regions,omitempty"`    // the only ones in scope; nil: as the report lists
}

var programs = sync.OnceValues(func() ([]Program, error) {
	t, err := read("programs.tsv")
	var all []Program
	for _, r := range t.rows {
		all = append(all, Program{r[0], r[1], r[2], r[3], strings.Fields(r[4]), strings.Fields(r[5])})
	}
	return all, err
})

// Programs lists the programs, by key. Which services are in scope changes from
// month to month and is published on the web only ("AWS Services in Scope by
// Compliance Program"): it is not carried, and is read from the report.
func Programs() ([]Program, error) {
	all, err := programs()
	all = slices.Clone(all)
	for i := range all {
		all[i].Frameworks, all[i].Regions = slices.Clone(all[i].Frameworks), slices.Clone(all[i].Regions)
	}
	return all, err
}

// evidences tells whether a report of the program can show AWS's part of a
// requirement of the framework: a contract promises and an alignment states,
// neither is somebody else's examination.
func (p Program) evidences(framework string, regions []string) bool {
	if !slices.Contains(p.Frameworks, framework) || p.Kind == "contract" || p.Kind == "alignment" {
		return false
	}
	for _, r := range regions {
		if r != "" && len(p.Regions) > 0 && !slices.Contains(p.Regions, r) {
			return false
		}
	}
	return true
}
