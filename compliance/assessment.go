package compliance

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/awsposture/posture"
)

// Assessment is what results say of frameworks. It is evidence of what settings
// were at one time: it certifies nothing.
type Assessment struct {
	Version    int               `json:"version"` // of this form
	At         time.Time         `json:"at"`
	Scope      []posture.Place   `json:"scope"`              // as declared
	NotReached []posture.Place   `json:"notReached"`         // declared, and no result is of it
	Cut        bool              `json:"cut"`                // the results were not read to their end
	Frameworks []FrameworkResult `json:"frameworks"`         // in the order given
	Unmapped   []string          `json:"unmapped,omitempty"` // controls that ran and that no framework given maps
	Waivers    []WaiverUse       `json:"waivers,omitempty"`  // each that was given, used or not
	Tickets    []Ticket          `json:"tickets,omitempty"`  // failing findings that are not waived, by control, account and owner
	Controls   []ControlResult   `json:"controls"`           // each that ran, by id
}

// FrameworkResult is what results say of one framework: every active
// requirement is in it once.
type FrameworkResult struct {
	Framework    string              `json:"framework"`
	Version      string              `json:"version"`
	Name         string              `json:"name"`
	AsOf         string              `json:"asOf"`
	Total        int                 `json:"total"`   // ids that the publisher counts; 0: not derived
	Carried      int                 `json:"carried"` // requirements below
	Outcomes     map[Outcome]int     `json:"outcomes"`
	Members      []string            `json:"members,omitempty"` // Security Hub controls that belong to it under ids that AWS does not print
	Requirements []RequirementResult `json:"requirements"`
}

// RequirementResult is what results say of one requirement.
type RequirementResult struct {
	ID           string         `json:"id"`
	Title        string         `json:"title,omitempty"`
	Kind         Kind           `json:"kind"`
	Owner        Owner          `json:"owner"`
	AWSPart      string         `json:"awsPart,omitempty"` // what AWS's reports must show
	CustomerPart string         `json:"customerPart"`      // what is left to the customer
	Outcome      Outcome        `json:"outcome"`
	Counts       Counts         `json:"counts"`             // of the findings of its controls
	Controls     []ControlState `json:"controls,omitempty"` // that exist
	Planned      []string       `json:"planned,omitempty"`  // controls that no domain has yet
	Gaps         []Gap          `json:"gaps,omitempty"`     // what is missing for a verdict
	Open         []string       `json:"open,omitempty"`     // what controls do not show; an attestation covers all of it
	Programs     []string       `json:"programs,omitempty"` // of AWS, whose report could show AWS's part
	Reports      []string       `json:"reports,omitempty"`  // those of which the caller holds one that covers the day and the regions
	Attestation  *Attestation   `json:"attestation,omitempty"`
	Exclusion    *Exclusion     `json:"exclusion,omitempty"`
}

// ControlState is what one control says for a requirement.
type ControlState struct {
	Control string `json:"control"`
	State   State  `json:"state"`
}

// ControlResult is what one control found, over all places and parameters.
type ControlResult struct {
	Control string   `json:"control"`
	Places  int      `json:"places"`
	Counts  Counts   `json:"counts"`
	Params  []string `json:"params,omitempty"` // as it was judged with, one line for each set
	Pillar  Pillar   `json:"pillar"`
	Gaps    []Gap    `json:"gaps,omitempty"` // what kept it from being judged everywhere
}

// Gap is something that is missing for a verdict.
type Gap struct {
	Kind    GapKind         `json:"kind"`
	Control string          `json:"control,omitempty"`
	Count   int             `json:"count,omitempty"`  // of the places it is missing at
	Places  []posture.Place `json:"places,omitempty"` // those places; in a ControlResult only
}

// GapKind says what is missing: one of those below, or the kind of the cause of
// an Unknown, such as "denied".
type GapKind string

// The gaps that are no cause of a finding.
const (
	GapNotRun        GapKind = "not-run"            // the control gave no result
	GapNotReached    GapKind = "not-reached"        // a declared account or region has no result of the control
	GapNoRegion      GapKind = "no-region"          // the control is judged by region and none is declared
	GapAdministrator GapKind = "administrator"      // judged in the organization's administrator account, which did not speak
	GapWeaker        GapKind = "weaker-parameter"   // judged with less than the requirement asks
	GapStricter      GapKind = "stricter-parameter" // fails at more than the requirement asks
	GapWider         GapKind = "wider-control"      // fails, and judges more than the requirement asks
	GapInheritance   GapKind = "no-provider-report" // no report of AWS that covers the day and the regions is given
	GapPlanned       GapKind = "planned"            // no domain has its controls yet
	GapNotCovered    GapKind = "not-covered"        // no control is mapped
)

// Ticket is the work of one owner in one account for one control.
type Ticket struct {
	GroupKey
	Severity posture.Severity `json:"severity"` // the highest
	Findings int              `json:"findings"`
}

// WaiverUse is what a waiver did.
type WaiverUse struct {
	Waiver  Waiver `json:"waiver"`
	Hits    []Hit  `json:"hits,omitempty"`    // failing findings that it covers
	Expired bool   `json:"expired,omitempty"` // and then it covers nothing
	Lapsed  int    `json:"lapsed,omitempty"`  // failing findings that it would cover had it not expired
	Early   int    `json:"early,omitempty"`   // failing findings that it does not cover yet
	TooLong int    `json:"tooLong,omitempty"` // failing findings that it does not cover, since it holds for more than 365 days, or 90 where they are critical
	Problem string `json:"problem,omitempty"` // what its owner should know
}

// Hit is a finding that a waiver covers.
type Hit struct {
	Fingerprint string           `json:"fingerprint"`
	Resource    posture.Resource `json:"resource"`
	Sub         string           `json:"sub,omitempty"`
}

// assessmentFormat rises when a reader of the old form would misread the new one.
const assessmentFormat = 1

// Assessment gives what the results that have passed through Items say.
func (r *Run) Assessment() *Assessment {
	r.judgements = map[string]judged{}
	a := &Assessment{Version: assessmentFormat, At: r.now.UTC(), Scope: r.assessor.Scope, NotReached: []posture.Place{}, Cut: r.cut}
	for _, p := range r.assessor.Scope {
		if !r.seen[p] {
			a.NotReached = append(a.NotReached, p)
		}
	}
	for _, f := range r.assessor.Frameworks {
		fr := FrameworkResult{Framework: f.Key, Version: f.Version, Name: f.Name, AsOf: f.AsOf, Total: f.Total, Members: f.Members, Outcomes: map[Outcome]int{}}
		for _, q := range f.Active() {
			res := r.requirement(f, q)
			fr.Requirements = append(fr.Requirements, res)
			fr.Outcomes[res.Outcome]++
		}
		fr.Carried = len(fr.Requirements)
		a.Frameworks = append(a.Frameworks, fr)
	}
	for _, use := range r.uses {
		ran, everywhere := r.judgedFor(use.Waiver.Control)
		use.Problem = use.problem(ran, everywhere)
		a.Waivers = append(a.Waivers, *use)
	}
	for _, t := range r.tickets {
		a.Tickets = append(a.Tickets, *t)
	}
	slices.SortFunc(a.Tickets, func(x, y Ticket) int {
		return cmp.Or(cmp.Compare(y.Severity, x.Severity), strings.Compare(x.String(), y.String()))
	})
	for id, t := range r.tallies {
		c := ControlResult{Control: id, Pillar: PillarOf(id), Gaps: r.judge(id, nil).gaps}
		places := map[posture.Place]bool{}
		for key, v := range t.variants {
			places[key.place] = true
			c.Counts.add(v.counts)
			if p := strings.TrimSpace(key.params); p != "" && !slices.Contains(c.Params, p) {
				c.Params = append(c.Params, p)
			}
		}
		slices.Sort(c.Params)
		c.Places = len(places)
		a.Controls = append(a.Controls, c)
		if len(r.refs[id]) == 0 {
			a.Unmapped = append(a.Unmapped, id)
		}
	}
	slices.SortFunc(a.Controls, func(x, y ControlResult) int { return strings.Compare(x.Control, y.Control) })
	slices.Sort(a.Unmapped)
	return a
}

// judgedFor tells whether a control gave results, under its id or a later one,
// and whether nothing is missing of them.
func (r *Run) judgedFor(id string) (ran, everywhere bool) {
	everywhere = !r.cut
	for now, t := range r.tallies {
		if now == id || slices.Contains(t.control.Replaces, id) {
			ran, everywhere = true, everywhere && len(r.judge(now, nil).gaps) == 0
		}
	}
	return ran, everywhere
}

func (u *WaiverUse) problem(ran, everywhere bool) string {
	switch {
	case u.Expired && u.Lapsed > 0:
		return fmt.Sprintf("It expired on %s, and %d failing findings count again.", u.Waiver.Expires.UTC().Format(time.DateOnly), u.Lapsed)
	case u.Expired:
		return fmt.Sprintf("It expired on %s.", u.Waiver.Expires.UTC().Format(time.DateOnly))
	case !ran:
		return "Its control gave no result, so whether it is needed is not known."
	case u.TooLong > 0:
		return fmt.Sprintf("It holds for longer than a waiver may, which is 365 days and 90 days for a critical finding, so %d failing findings that it names count.", u.TooLong)
	case u.Early > 0:
		return fmt.Sprintf("It begins on %s, and %d failing findings that it names count until then.", u.Waiver.Created.UTC().Format(time.DateOnly), u.Early)
	case len(u.Hits) == 0 && !everywhere:
		return "It matches no failing finding, but its control was not judged everywhere, so whether it is needed is not known."
	case len(u.Hits) == 0:
		return "It matches no failing finding."
	}
	return ""
}

// UnmarshalJSON reads what json.Marshal wrote. Another version is an error.
func (a *Assessment) UnmarshalJSON(b []byte) error {
	type plain Assessment
	var in plain
	if err := json.Unmarshal(b, &in); err != nil {
		return fmt.Errorf("compliance: assessment: %w", err)
	}
	if in.Version != assessmentFormat {
		return fmt.Errorf("compliance: assessment: version %d is not version %d, which this library reads", in.Version, assessmentFormat)
	}
	*a = Assessment(in)
	return nil
}

// Summary is one line: each outcome with its count and what they are of, never
// a share alone.
func (f FrameworkResult) Summary() string {
	var parts []string
	for _, o := range []Outcome{Met, Inherited, Partly, Excepted, NotMet, NotAssessed, Manual, OutOfScope} {
		if n := f.Outcomes[o]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, strings.ReplaceAll(o.String(), "-", " ")))
		}
	}
	of := fmt.Sprintf("of %d", f.Total)
	if f.Total != f.Carried {
		of = fmt.Sprintf("of the %d ids carried", f.Carried)
	}
	return fmt.Sprintf("%s %s: %s, %s", f.Framework, f.Version, strings.Join(parts, ", "), of)
}
