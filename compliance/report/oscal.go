package report

import (
	"cmp"
	"crypto/sha1"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/compliance"
)

// OSCALVersion is the version of the Open Security Controls Assessment Language written.
const OSCALVersion = "1.2.1"

// OSCAL writes one OSCAL assessment-results document with one result: an
// observation for each finding, and an OSCAL finding for each control, whose target
// is the control's own objective. The state is satisfied only where every
// observation passed: an Unknown is never satisfied. Which requirements of a
// framework that proves is the assessment's to say, not this file's; the
// requirements that controls speak to are the reviewed controls, in the form of
// OSCAL's ids ("cis-1.2", "ac-2.12"). A waived failure has a risk with status
// deviation-approved. Controls that applied to nothing are excluded.
//
// Identifiers are version 5 UUIDs of what they name: two runs can be compared.
// The header needs Finished, and there must be a finding. See
// https://pages.nist.gov/OSCAL/resources/concepts/layer/assessment/assessment-results/.
type OSCAL struct{}

// oscalNamespace marks our own properties.
const oscalNamespace = "https://github.com/awsposture/posture/ns/oscal"

// uuid identifies what parts name (RFC 9562, version 5).
type uuid [16]byte

func named(parts ...string) (u uuid) {
	h := sha1.New()
	_, _ = h.Write([]byte("\x4c\x6e\x1c\x0b\x1f\x8a\x4d\x53\x9a\x0e\x27\x55\x60\xb6\x35\x1d"))
	for _, p := range parts {
		fmt.Fprintf(h, "%d:%s", len(p), p)
	}
	copy(u[:], h.Sum(nil))
	u[6], u[8] = u[6]&0x0f|0x50, u[8]&0x3f|0x80
	return u
}

func (u uuid) String() string {
	return fmt.Sprintf("%x-%x-%x-%x-%x", u[:4], u[4:6], u[6:8], u[8:10], u[10:])
}

// MarshalText writes the UUID as text.
func (u uuid) MarshalText() ([]byte, error) { return []byte(u.String()), nil }

// objective is a control with what was observed of it.
type objective struct {
	control posture.Control
	token   string
	tally   Tally
	// Of all that comes, only these are held: 16 bytes for each observation,
	// and 16 more for each failure.
	observed []oscalObserved
	open     []oscalObserved       // failures that no waiver covers
	waivers  map[string]*oscalRisk // by what the waiver says
}

// Write implements Format.
func (OSCAL) Write(w io.Writer, h Header, items iter.Seq[compliance.Item]) error {
	if err := h.needTime(); err != nil {
		return err
	}
	out := newOutput(w)
	name := []string{stamp(h.Started), stamp(h.Finished), places(h.Places), h.tool(), h.Version}
	plan := named(append(name, "plan")...)
	out.put(`{"assessment-results":{"uuid":"`, named(append(name, "document")...).String(), `","metadata":`)
	meta := oscalMetadata{h.title(), stamp(h.Finished), cmp.Or(line(h.Version), "0"), OSCALVersion}
	if err := out.json(meta); err != nil {
		return err
	}
	out.put(`,"import-ap":{"href":"#`, plan.String(), `"},"results":[{"uuid":"`, named(append(name, "result")...).String(), `","observations":[`)
	objectives := map[string]*objective{}
	requirements := map[string]map[string]string{} // framework → token → id as the publisher writes it
	n := 0
	err := h.walk(items, func(r row) error {
		o := objectives[r.Control.ID]
		if o == nil {
			o = &objective{control: r.Control, token: token("", r.Control.ID), waivers: map[string]*oscalRisk{}}
			objectives[r.Control.ID] = o
			for _, q := range r.Requirements {
				ids := requirements[frameworkOf(q)]
				if ids == nil {
					ids = map[string]string{}
					requirements[frameworkOf(q)] = ids
				}
				ids[refToken(q)] = q.ID
			}
		}
		if n++; n > 1 {
			out.put(",")
		}
		seen := observe(h, r)
		o.add(r, oscalObserved{seen.UUID})
		return out.json(seen)
	})
	if err == nil && n == 0 {
		err = errors.New("report: an OSCAL result needs at least one finding")
	}
	if err != nil {
		return err
	}
	out.put("]")
	if err := h.oscalEnd(out, objectives, requirements, plan); err != nil {
		return err
	}
	return out.Flush()
}

// oscalEnd writes what follows the observations.
func (h Header) oscalEnd(out output, objectives map[string]*objective, requirements map[string]map[string]string, plan uuid) error {
	var sum Tally
	var risks, findings list
	for _, id := range sortedKeys(objectives) {
		for s := range stateWords {
			*sum.of(state(s)) += *objectives[id].tally.of(state(s))
		}
		for _, r := range objectives[id].risks() {
			if err := risks.add(out, "risks", r); err != nil {
				return err
			}
		}
	}
	risks.end(out)
	for _, id := range sortedKeys(objectives) {
		if f, ok := objectives[id].finding(); ok {
			if err := findings.add(out, "findings", f); err != nil {
				return err
			}
		}
	}
	findings.end(out)
	end := oscalResultEnd{
		Title: h.title(), Start: stamp(h.Finished), Reviewed: reviewed(h, objectives, requirements),
		Description: fmt.Sprintf("%s %s: %s.", h.what(), plural(sum.Total(), "observation", "observations"), sum),
		Props:       h.oscalProps(),
	}
	if h.Started.Year() >= 1900 && !h.Started.After(h.Finished) {
		end.Start, end.End = stamp(h.Started), stamp(h.Finished)
	}
	for _, g := range h.Gaps {
		end.Remarks += "Not assessed: " + line(g.Place.String()) + ": " + line(g.Reason) + "\n"
	}
	for _, n := range h.Notes {
		end.Remarks += line(n) + "\n"
	}
	end.Remarks = strings.TrimSpace(end.Remarks)
	if err := out.members(end); err != nil {
		return err
	}
	out.put(`],"back-matter":{"resources":[`)
	if err := out.json(oscalResource{plan, "Assessment plan", "Automated assessment by " + h.tool() + ": every control of the suite at each of " + cmp.Or(places(h.Places), "the places its findings name") + "."}); err != nil {
		return err
	}
	out.put("]}}}\n")
	return nil
}

// String says the numbers in words.
func (t Tally) String() string {
	return fmt.Sprintf("%d fail, %d unknown, %d waived, %d pass, %d not applicable", t.Fail, t.Unknown, t.Waived, t.Pass, t.NotApplicable)
}

func (h Header) oscalProps() (ps []oscalProp) {
	for _, p := range h.Places {
		ps = append(ps, prop("place", p.String())...)
	}
	if h.Comparison != nil {
		for _, c := range changeOrder {
			ps = append(ps, prop("change", fmt.Sprintf("%s: %d", c, h.Comparison.Counts[c]))...)
		}
	}
	for _, f := range h.Frameworks {
		ps = append(ps, prop("framework", f.heading()+": "+f.denominator())...)
		for _, o := range f.Outcomes {
			ps = append(ps, prop("requirements", fmt.Sprintf("%s: %s: %d", f.name(), line(o.Word), o.Count))...)
		}
	}
	return ps
}

func (o *objective) add(r row, observation oscalObserved) {
	*o.tally.of(r.state)++
	switch r.state {
	case notApplicable:
		return
	case fail:
		o.open = append(o.open, observation)
	case waived:
		key := r.waiver()
		k := o.waivers[key]
		if k == nil {
			k = &oscalRisk{
				UUID: named("risk", o.control.ID, key), Title: cut("Accepted: "+r.title(), 1000), Description: key, Status: "deviation-approved",
				Statement: cmp.Or(shown(o.control.Doc), r.title()), Props: slices.Concat(prop("waiver-owner", r.Waiver.Owner), prop("severity", r.severity.String())),
			}
			if y := r.Waiver.Expires.UTC().Year(); y >= 1900 && y <= 2999 {
				k.Deadline = stamp(r.Waiver.Expires)
			}
			o.waivers[key] = k
		}
		k.Observations = append(k.Observations, observation)
	}
	o.observed = append(o.observed, observation)
}

// risks are one for what is open, one for each waiver.
func (o *objective) risks() (rs []oscalRisk) {
	title := cmp.Or(line(o.control.Title), line(o.control.ID), "control without a name")
	doc := cmp.Or(shown(o.control.Doc), title)
	if len(o.open) > 0 {
		id := named("risk", o.control.ID)
		rs = append(rs, oscalRisk{
			UUID: id, Title: title, Description: "Open failures of " + cmp.Or(line(o.control.ID), "a control") + ".", Statement: doc, Status: "open",
			Props: prop("severity", o.control.Severity.String()), Observations: o.open,
			Remedies: []oscalRemedy{{named("remedy", id.String()), "recommendation", title, doc}},
		})
	}
	for _, key := range sortedKeys(o.waivers) {
		rs = append(rs, *o.waivers[key])
	}
	return rs
}

// finding is none where nothing applied.
func (o *objective) finding() (oscalFinding, bool) {
	if len(o.observed) == 0 {
		return oscalFinding{}, false
	}
	state := oscalState{"not-satisfied", "fail", o.tally.String()}
	switch t := o.tally; {
	case t.Fail+t.Waived > 0:
	case t.Unknown > 0:
		state.Reason = "other"
	default:
		state.State, state.Reason = "satisfied", "pass"
	}
	f := oscalFinding{
		UUID: named("finding", o.control.ID), Title: cmp.Or(line(o.control.Title), line(o.control.ID), "control without a name"),
		Description: cmp.Or(shown(o.control.Doc), "A control without documentation."), Target: oscalTarget{"objective-id", o.token, state},
		Props: prop("control", o.control.ID), Observations: o.observed,
	}
	for _, r := range o.risks() {
		f.Risks = append(f.Risks, oscalRiskRef{r.UUID})
	}
	return f, true
}
