package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/compliance"
)

// Header is what a report says before its findings.
type Header struct {
	Title      string          `json:"title,omitempty"`       // default "AWS security posture"
	Tool       string          `json:"tool,omitempty"`        // that made the findings; default "posture"
	Version    string          `json:"toolVersion,omitempty"` // of the tool
	Places     []posture.Place `json:"places,omitempty"`      // assessed
	Gaps       []Gap           `json:"gaps,omitempty"`        // declared and not reached
	Notes      []string        `json:"notes,omitempty"`       // what else its reader must know, a sentence each
	Started    time.Time       `json:"started,omitzero"`
	Finished   time.Time       `json:"finished,omitzero"` // the day by which waivers count, zero: all do; OCSF, ASFF, OSCAL and JUnit need it
	Frameworks []Framework     `json:"frameworks,omitempty"`
	Counts     *Counts         `json:"counts,omitempty"` // of the items; nil: HTML and Markdown walk the items twice

	// Comparison says what became of findings since an earlier assessment, and
	// then every format says it of each. Nil: nothing was compared.
	Comparison *compliance.Comparison `json:"comparison,omitempty"`

	// FirstSeen says since when a finding is known. Nil or a zero time: since Finished.
	FirstSeen func(posture.Finding) time.Time `json:"-"`
}

// Gap is a place that was to be assessed and was not, and why.
type Gap struct {
	Place  posture.Place `json:"place"`
	Reason string        `json:"reason"`
}

// Framework is a framework the assessment speaks of, with how its requirements
// ended: outcomes in the order to print, which add up to Total.
type Framework struct {
	Key      string    `json:"framework"` // "cis-aws"
	Version  string    `json:"version"`   // "5.0.0"
	Title    string    `json:"title"`
	Total    int       `json:"total,omitempty"` // 0: not derived
	Outcomes []Outcome `json:"outcomes,omitempty"`

	// Requirements is each of them, for HTML, Markdown, JSON Lines and SARIF.
	Requirements []Requirement `json:"requirements,omitempty"`
}

// Requirement is how one requirement ended and what that rests on.
type Requirement struct {
	ID      string `json:"id"`
	Title   string `json:"title,omitempty"`
	Outcome string `json:"outcome"`         // a word of Framework.Outcomes
	Basis   string `json:"basis,omitempty"` // what each control says, and what is missing

	// Shares says what of it is AWS's part, what is left to the customer, and
	// which of AWS's programs speak to it; "" where all of it is the customer's.
	Shares string `json:"shares,omitempty"`
}

// Outcome is how many requirements ended one way: "met", "not assessed" …
type Outcome struct {
	Word  string `json:"word"`
	Count int    `json:"count"`
}

func (f Framework) name() string { return f.Key + "@" + f.Version }

func (h Header) title() string { return cmp.Or(line(h.Title), "AWS security posture") }
func (h Header) tool() string  { return cmp.Or(line(h.Tool), "posture") }

func (h Header) needTime() error {
	if y := h.Finished.UTC().Year(); y < 1900 || y > 2999 {
		return fmt.Errorf("report: the header's Finished is %s; this format needs the time of the assessment", stamp(h.Finished))
	}
	return nil
}

func (h Header) firstSeen(f posture.Finding) time.Time {
	if h.FirstSeen != nil {
		if t := h.FirstSeen(f); !t.IsZero() && t.Before(h.Finished) {
			return t
		}
	}
	return h.Finished
}

// outcomeOrder is the order in which outcomes are printed.
var outcomeOrder = [...]compliance.Outcome{
	compliance.Met, compliance.Inherited, compliance.Partly, compliance.Excepted, compliance.NotMet, compliance.NotAssessed, compliance.Manual, compliance.OutOfScope,
}

// HeaderOf is the header for the findings of an assessment: where it looked and
// did not get to, how the requirements of each framework ended, and what the
// owners of waivers should know.
func HeaderOf(a *compliance.Assessment) Header {
	h := Header{Finished: a.At}
	for _, p := range a.Scope {
		if !slices.Contains(a.NotReached, p) {
			h.Places = append(h.Places, p)
		}
	}
	for _, p := range a.NotReached {
		h.Gaps = append(h.Gaps, Gap{p, "no result came from it"})
	}
	if a.Cut {
		h.Notes = append(h.Notes, "The results were not read to their end.")
	}
	for _, w := range a.Waivers {
		if w.Problem != "" {
			h.Notes = append(h.Notes, fmt.Sprintf("Waiver %s: %s", w.Waiver, w.Problem))
		}
		if n := len(w.Hits); n > 0 && w.Waiver.Broad() {
			h.Notes = append(h.Notes, fmt.Sprintf("Waiver %s: It names no resource, and covers %s.", w.Waiver, plural(n, "failing finding", "failing findings")))
		}
	}
	for _, f := range a.Frameworks {
		g := Framework{Key: f.Framework, Version: f.Version, Title: f.Name, Total: f.Total}
		for _, o := range outcomeOrder {
			if n := f.Outcomes[o]; n > 0 {
				g.Outcomes = append(g.Outcomes, Outcome{outcomeWord(o), n})
			}
		}
		for _, q := range f.Requirements {
			g.Requirements = append(g.Requirements, Requirement{q.ID, q.Title, outcomeWord(q.Outcome), basis(q), shares(q)})
		}
		h.Frameworks = append(h.Frameworks, g)
	}
	return h
}

func outcomeWord(o compliance.Outcome) string { return strings.ReplaceAll(o.String(), "-", " ") }

// shares says who answers for what of a requirement that is not the customer's alone.
func shares(q compliance.RequirementResult) string {
	if q.Owner == compliance.Customer {
		return ""
	}
	programs := slices.Clone(q.Programs)
	for i, p := range programs {
		if slices.Contains(q.Reports, p) {
			programs[i] += " (report held)"
		}
	}
	speak := "No AWS program in the catalogue speaks to it."
	if len(programs) > 0 {
		speak = "AWS programs that speak to it: " + strings.Join(programs, ", ") + "."
	}
	return fmt.Sprintf("AWS: %s Customer: %s %s", q.AWSPart, q.CustomerPart, speak)
}

// basis says what an outcome rests on.
func basis(q compliance.RequirementResult) string {
	var parts []string
	for _, c := range q.Controls {
		parts = append(parts, c.Control+": "+c.State.String())
	}
	if q.Attestation != nil {
		parts = append(parts, "attested")
	}
	for _, r := range q.Reports {
		parts = append(parts, "report: "+r)
	}
	for _, g := range q.Gaps {
		parts = append(parts, strings.TrimSpace("missing: "+strings.ReplaceAll(string(g.Kind), "-", " ")+" "+g.Control))
	}
	slices.Sort(parts)
	return strings.Join(slices.Compact(parts), "; ")
}
