package compliance

import (
	"maps"
	"slices"
	"strings"
)

// PlannedControl is a control that no domain has yet. Mappings may name it; an
// assessment passes it over and says so, until results of it arrive.
type PlannedControl struct {
	ID    string `json:"id"`
	Basis string `json:"basis"` // what it is planned from
}

// Planned lists the controls that are named before their domain has them.
func Planned() ([]PlannedControl, error) {
	c, err := catalogued()
	if err != nil {
		return nil, err
	}
	return slices.Clone(c.planned), nil
}

// HubControl is a control of AWS Security Hub and what of ours answers it, as
// of 2026-09. See "Security Hub controls reference" in its user guide.
type HubControl struct {
	ID       string   `json:"id"`
	Title    string   `json:"title"`              // our own words
	Severity string   `json:"severity,omitempty"` // AWS's; "" where AWS gives none
	Status   string   `json:"status"`             // "active", "retiring 2026-08-10", "retired 2026-06-05"
	Controls []string `json:"controls,omitempty"` // ours
	Strength Strength `json:"strength"`
	Wider    bool     `json:"wider,omitempty"`   // as in Mapping
	Differs  string   `json:"differs,omitempty"` // how ours differ
	Reason   string   `json:"reason,omitempty"`  // why no control of ours answers it
}

// The standards of AWS whose requirements are Security Hub controls, and the
// letter of each in securityhub.tsv.
var hubStandards = map[string]string{"aws-fsbp": "F", "aws-tagging": "T", "aws-ai-bp": "A"}

// The columns of securityhub.tsv.
const (
	hubStandard  = 3
	hubTitle     = 11
	hubControls  = 12
	hubStrength  = 13
	hubRemainder = 14
	hubReason    = 15
)

// HubControls lists the controls of AWS Security Hub, each mapped or with the
// reason why not.
func HubControls() ([]HubControl, error) {
	c, err := catalogued()
	if err != nil {
		return nil, err
	}
	var all []HubControl
	for _, r := range c.hub.rows {
		all = append(all, HubControl{
			ID: r[0], Title: r[hubTitle], Severity: r[1], Status: r[2], Controls: c.controls(r[hubControls]),
			Strength: strengthOf(r[hubStrength]), Wider: isWider(r[hubStrength]), Differs: c.phrases[r[hubRemainder]], Reason: c.phrases[r[hubReason]],
		})
	}
	return all, nil
}

// Coverage says how many requirements of a framework something is judged for.
type Coverage struct {
	Existing  []string `json:"existing"`  // ids with a mapping all of whose controls exist
	Begun     []string `json:"begun"`     // some of the controls exist
	Planned   []string `json:"planned"`   // none exists, all are named
	Manual    []string `json:"manual"`    // no mapping: people or AWS must show it
	Uncovered []string `json:"uncovered"` // no mapping, though settings could show it
}

// Coverage sorts the framework's active requirements by what the controls that
// exist, such as those of iam.Evaluators(nil), answer of it.
func (f *Framework) Coverage(controls []string) Coverage {
	exists := map[string]bool{}
	for _, id := range controls {
		exists[id] = true
	}
	var c Coverage
	for _, r := range f.Active() {
		whole, some := false, false
		for _, m := range r.Mappings {
			n := 0
			for _, id := range m.Controls {
				if exists[id] {
					n++
				}
			}
			whole = whole || n == len(m.Controls)
			some = some || n > 0
		}
		to := &c.Planned
		switch {
		case whole:
			to = &c.Existing
		case some:
			to = &c.Begun
		case len(r.Mappings) > 0:
		case r.Kind != Technical:
			to = &c.Manual
		default:
			to = &c.Uncovered
		}
		*to = append(*to, r.ID)
	}
	return c
}

// Controls lists, sorted and once each, the controls that the framework maps.
func (f *Framework) Controls() []string {
	all := map[string]bool{}
	for _, r := range f.Requirements {
		for _, m := range r.Mappings {
			for _, id := range m.Controls {
				all[id] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(all))
}

// domainOf is the part of a control id before its first dot.
func domainOf(id string) string {
	domain, _, _ := strings.Cut(id, ".")
	return domain
}
