package compliance

import (
	"errors"
	"fmt"
	"regexp"
)

// Framework is one version of a published set of requirements, with the
// mappings from controls to them. Load gives those that the package carries; a
// caller may fill one with requirements of their own.
type Framework struct {
	Key          string        `json:"key"`     // "cis-aws"
	Version      string        `json:"version"` // "5.0.0"
	Name         string        `json:"name"`
	Publisher    string        `json:"publisher"`
	Status       string        `json:"status"` // current, supported, legacy, retired, draft
	AsOf         string        `json:"asOf"`   // month or day that the ids and mappings are of
	Source       string        `json:"source"` // where the ids come from
	Total        int           `json:"total"`  // ids that the publisher counts; 0: not derived, so only "of the ids carried" can be said
	Basis        string        `json:"basis"`  // what Total counts
	Text         string        `json:"text"`   // text class: ids-only frameworks carry ids and our own titles
	Pattern      string        `json:"pattern,omitempty"`
	Requirements []Requirement `json:"requirements"`
	Members      []string      `json:"members,omitempty"` // Security Hub controls that belong to it under ids that AWS does not print
}

// Ref names a requirement of this framework.
func (f *Framework) Ref(id string) Ref { return Ref{f.Key, f.Version, id} }

// String gives "cis-aws@5.0.0".
func (f *Framework) String() string { return f.Key + "@" + f.Version }

// Active gives the requirements that hold: those not withdrawn.
func (f *Framework) Active() []Requirement {
	var active []Requirement
	for _, r := range f.Requirements {
		if !r.Withdrawn {
			active = append(active, r)
		}
	}
	return active
}

// Requirement is one requirement of a framework. Ids are text: "1.1" and "1.10"
// are two.
type Requirement struct {
	ID        string    `json:"id"`
	Parent    string    `json:"parent,omitempty"` // the group, or the requirement that this one enhances
	Title     string    `json:"title,omitempty"`  // our own words, or the publisher's where its text is free; "" where neither is at hand
	Kind      Kind      `json:"kind"`
	Owner     Owner     `json:"owner"`            // whose part it is under the shared responsibility model
	Labels    []string  `json:"labels,omitempty"` // the publisher's: baselines, required or addressable, automated or manual, level
	Withdrawn bool      `json:"withdrawn,omitempty"`
	Mappings  []Mapping `json:"mappings,omitempty"` // none: nothing is judged for it
}

// Kind says what a requirement is about. A requirement without mapping is
// manual unless it is Technical, and then it is not covered.
type Kind uint8

// The kinds.
const (
	Technical      Kind = iota // what settings of an account can show
	Organizational             // what people decide, write and do
	Physical                   // buildings and hardware: AWS's part for what runs in AWS
)

var kindWords = []string{"technical", "organizational", "physical"}

// String gives the kind's word as it stands in JSON.
func (k Kind) String() string { return word(kindWords, int(k)) }

// MarshalText encodes the kind as its word.
func (k Kind) MarshalText() ([]byte, error) { return marshalWord("kind", kindWords, int(k)) }

// UnmarshalText reads what MarshalText wrote.
func (k *Kind) UnmarshalText(b []byte) error { return unmarshalWord("kind", kindWords, b, k) }

// Validate reports every fault of the framework: ids that are missing, stand
// twice or do not fit the pattern, mappings without controls, partial mappings
// that do not say what remains, and minimums on controls that are not mapped.
func (f *Framework) Validate() error {
	var errs []error
	fault := func(format string, args ...any) {
		errs = append(errs, fmt.Errorf("compliance: framework %s: %s", f, fmt.Sprintf(format, args...)))
	}
	if f.Key == "" || f.Version == "" {
		fault("has no key or no version")
	}
	pattern, err := regexp.Compile(f.Pattern)
	if err != nil {
		fault("pattern: %v", err)
		pattern = regexp.MustCompile("")
	}
	seen := map[string]bool{}
	for _, r := range f.Requirements {
		switch {
		case r.ID == "":
			fault("a requirement has no id")
		case seen[r.ID]:
			fault("requirement %s stands twice", r.ID)
		case !r.Withdrawn && !pattern.MatchString(r.ID):
			fault("requirement %s does not fit %s", r.ID, f.Pattern)
		}
		seen[r.ID] = true
		if r.Withdrawn && len(r.Mappings) > 0 {
			fault("requirement %s is withdrawn and has mappings", r.ID)
		}
		for _, m := range r.Mappings {
			if err := m.validate(); err != nil {
				fault("requirement %s: %v", r.ID, err)
			}
		}
	}
	return errors.Join(errs...)
}
