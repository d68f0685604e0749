package inspector

import (
	"cmp"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/awsposture/posture"
)

// Gate decides whether a delivery may go on: whether findings that are new since
// a baseline are above a threshold, and nobody allowed them. What cannot be read
// closes it.
type Gate struct {
	Now      time.Time // default time.Now
	Baseline Baseline  // what was there before; the zero value is nothing
	Severity string    // at and above it a new finding blocks: LOW, MEDIUM, HIGH, CRITICAL; UNTRIAGED counts as HIGH; default HIGH
	Tier     Tier      // and in this tier or a more urgent one, whatever its severity; default T3
	Allow    []Allowance
	Proof    *Proof // if set, what it does not prove scanned blocks too: no finding of it means nothing
}

// Allowance lets a finding pass for a while. Each field that is set must fit; the
// vulnerability must be set, and so must the reason and the end.
type Allowance struct {
	Vulnerability string    `json:"vulnerability"`      // CVE, or the title of a finding without one
	Package       string    `json:"package,omitempty"`  // name of any of its packages
	Resource      string    `json:"resource,omitempty"` // instance, repository or function; see Identity
	Reason        string    `json:"reason"`
	Approver      string    `json:"approver,omitempty"`
	Until         time.Time `json:"until"` // it does not hold any more from then on
}

// Decision is what a Gate decided. Its zero value does not let pass.
type Decision struct {
	Pass     bool        `json:"pass"`
	Read     int         `json:"read"`               // findings
	Known    int         `json:"known"`              // of them, in the baseline
	Below    int         `json:"below"`              // new, and below the threshold
	Blocking []Item      `json:"blocking,omitempty"` // new, above it, and not allowed; the most urgent first
	Allowed  []Item      `json:"allowed,omitempty"`
	Unproven []Record    `json:"unproven,omitempty"` // of the proof
	Expired  []Allowance `json:"expired,omitempty"`  // allowances that fitted and do not hold any more
	Unused   []Allowance `json:"unused,omitempty"`   // allowances that hold and fitted nothing
	Err      string      `json:"error,omitempty"`    // why not everything could be read
}

// String says it in a sentence.
func (d Decision) String() string {
	word := "The gate is closed"
	if d.Pass {
		word = "The gate is open"
	}
	s := fmt.Sprintf("%s: of %s %d were known, %d are new and below the threshold, %d are allowed, %d block", word, plural(d.Read, "finding", "findings"), d.Known, d.Below, len(d.Allowed), len(d.Blocking))
	if n := len(d.Unproven); n > 0 {
		s += fmt.Sprintf("; %s not proven", plural(n, "scan is", "scans are"))
	}
	if d.Err != "" {
		s += "; not everything could be read: " + d.Err
	}
	return s + "."
}

// Check reports every fault of the gate itself: a severity or version that is
// not known, an allowance without vulnerability, reason or end.
func (g Gate) Check() error {
	var errs []error
	if _, ok := severities[cmp.Or(g.Severity, "HIGH")]; !ok {
		errs = append(errs, fmt.Errorf("inspector: the gate's severity %q is none of LOW, MEDIUM, HIGH, CRITICAL", g.Severity))
	}
	if b := g.Baseline; b.Version != 1 && (b.Version != 0 || len(b.Findings) > 0) {
		errs = append(errs, fmt.Errorf("inspector: a baseline of version %d", b.Version))
	}
	for i, a := range g.Allow {
		switch {
		case a.Vulnerability == "":
			errs = append(errs, fmt.Errorf("inspector: allowance %d names no vulnerability", i+1))
		case a.Reason == "":
			errs = append(errs, fmt.Errorf("inspector: allowance %d, of %s, has no reason", i+1, a.Vulnerability))
		case a.Until.IsZero():
			errs = append(errs, fmt.Errorf("inspector: allowance %d, of %s, does not end", i+1, a.Vulnerability))
		}
	}
	return errors.Join(errs...)
}

var severities = map[string]posture.Severity{"LOW": posture.Low, "MEDIUM": posture.Medium, "HIGH": posture.High, "CRITICAL": posture.Critical}

// Judge decides on a stream of findings. A gate that is itself faulty is closed.
func (g Gate) Judge(items iter.Seq2[Item, error]) Decision {
	var d Decision
	if err := g.Check(); err != nil {
		d.Err = err.Error()
		return d
	}
	now := g.Now
	if now.IsZero() {
		now = time.Now()
	}
	var (
		known         = map[string]bool{}
		used, expired = make([]bool, len(g.Allow)), make([]bool, len(g.Allow))
	)
	for _, id := range g.Baseline.Findings {
		known[id] = true
	}
	for i, err := range items {
		if err != nil {
			d.Err = err.Error()
			break
		}
		d.Read++
		switch {
		case known[i.Finding.Identity()]:
			d.Known++
		case !g.above(i):
			d.Below++
		case g.allowed(i.Finding, now, used, expired):
			d.Allowed = append(d.Allowed, i)
		default:
			d.Blocking = append(d.Blocking, i)
		}
	}
	slices.SortFunc(d.Blocking, Item.Compare)
	slices.SortFunc(d.Allowed, Item.Compare)
	for i, a := range g.Allow {
		switch {
		case expired[i]:
			d.Expired = append(d.Expired, a)
		case !used[i] && now.Before(a.Until):
			d.Unused = append(d.Unused, a)
		}
	}
	if g.Proof != nil {
		d.Unproven = g.Proof.unproven()
		if !g.Proof.Complete && d.Err == "" {
			d.Err = "the proof is not complete: " + strings.Join(g.Proof.Failed, "; ")
		}
	}
	d.Pass = d.Err == "" && len(d.Blocking) == 0 && len(d.Unproven) == 0
	return d
}

func (g Gate) above(i Item) bool {
	return i.Finding.Rating() >= severities[cmp.Or(g.Severity, "HIGH")] || i.Tier != NoTier && i.Tier <= cmp.Or(g.Tier, T3)
}

// allowed tells whether an allowance that holds fits; those that fit and hold no
// more are noted.
func (g Gate) allowed(f Finding, now time.Time, used, expired []bool) (ok bool) {
	for i, a := range g.Allow {
		fits := a.Vulnerability == cmp.Or(f.Vulnerability, f.Title) && (a.Resource == "" || a.Resource == f.place()) &&
			(a.Package == "" || slices.ContainsFunc(f.Packages, func(p Package) bool { return p.Name == a.Package }))
		switch {
		case !fits:
		case now.Before(a.Until):
			used[i], ok = true, true
		default:
			expired[i] = true
		}
	}
	return ok
}

// unproven are the records that keep the proof from being whole.
func (p Proof) unproven() (rs []Record) {
	for _, r := range p.Records {
		switch r.Verdict {
		case Blind, Missing, Undecided:
			rs = append(rs, r)
		}
	}
	return rs
}
