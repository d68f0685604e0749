package inspector

import (
	"cmp"
	"fmt"
	"iter"
	"strings"
	"time"
)

// Baseline is the findings that were there at a time, by their identities. It is
// JSON: keep it beside the code that is delivered.
type Baseline struct {
	Version  int       `json:"version"`
	Made     time.Time `json:"made"`
	Findings []string  `json:"findings"` // identities, sorted
}

// Identity names a finding in a way that outlives a build: the repository and not
// the image's digest, the function and not its version, the packages without
// their versions, the file of code and not its line.
func (v Finding) Identity() string {
	var packages []string
	for _, p := range v.Packages {
		packages = append(packages, p.Name)
	}
	what := cmp.Or(v.Vulnerability, v.Title)
	if v.Network != nil {
		what = "network " + v.Network.ports()
	}
	if v.Code != nil {
		what += " in " + v.Code.File
	}
	return strings.Join([]string{v.Resource.Account, v.Resource.Region, v.Resource.Type, v.place(), what, strings.Join(sorted(packages), ",")}, "|")
}

// place is the resource as an Identity has it.
func (v Finding) place() string {
	return cmp.Or(v.Repository, v.Function, v.Resource.ID)
}

// NewBaseline makes a baseline of a stream of findings.
func NewBaseline(now time.Time, items iter.Seq2[Item, error]) (Baseline, error) {
	b := Baseline{Version: 1, Made: now.UTC()}
	for i, err := range items {
		if err != nil {
			return Baseline{}, fmt.Errorf("inspector: no baseline of half the findings: %w", err)
		}
		b.Findings = append(b.Findings, i.Finding.Identity())
	}
	b.Findings = sorted(b.Findings)
	return b, nil
}
