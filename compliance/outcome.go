package compliance

import (
	"slices"
)

// Outcome is what an assessment says of a requirement. The zero value is
// NotAssessed: what nobody showed is never met.
type Outcome uint8

// The outcomes.
const (
	NotAssessed Outcome = iota // something needed for a verdict is missing; Gaps says what
	NotMet                     // a control that shows it fails
	Manual                     // no control can show it and nobody has attested it
	Excepted                   // it fails and the failing findings are waived: not met, and accepted
	Partly                     // what controls show of it holds; Open says what they do not show
	Inherited                  // AWS's part, with a report that shows it
	OutOfScope                 // declared out of scope by a person
	Met
)

var outcomeWords = []string{"not-assessed", "not-met", "manual", "excepted", "partly", "inherited", "out-of-scope", "met"}

// String gives the outcome's word as it stands in JSON.
func (o Outcome) String() string { return word(outcomeWords, int(o)) }

// MarshalText encodes the outcome as its word.
func (o Outcome) MarshalText() ([]byte, error) { return marshalWord("outcome", outcomeWords, int(o)) }

// UnmarshalText reads what MarshalText wrote.
func (o *Outcome) UnmarshalText(b []byte) error { return unmarshalWord("outcome", outcomeWords, b, o) }

// rank orders outcomes by how good they are.
func (o Outcome) rank() int {
	return slices.Index([]Outcome{NotMet, NotAssessed, Manual, Excepted, Partly, OutOfScope, Inherited, Met}, o)
}

// Worse tells whether o is the worse of the two.
func (o Outcome) Worse(than Outcome) bool { return o.rank() < than.rank() }

// State is what a control says over the whole scope. The zero value is unknown.
type State uint8

// The states.
const (
	ControlUnknown       State = iota
	ControlFail                // a finding fails and is not waived
	ControlExcepted            // every finding that fails is waived
	ControlNotApplicable       // every population was read to its end and is empty
	ControlPass
)

var stateWords = []string{"unknown", "fail", "excepted", "not-applicable", "pass"}

// String gives the state's word as it stands in JSON.
func (s State) String() string { return word(stateWords, int(s)) }

// MarshalText encodes the state as its word.
func (s State) MarshalText() ([]byte, error) { return marshalWord("state", stateWords, int(s)) }

// UnmarshalText reads what MarshalText wrote.
func (s *State) UnmarshalText(b []byte) error { return unmarshalWord("state", stateWords, b, s) }

// worse tells whether s is the worse of the two.
func (s State) worse(than State) bool {
	order := []State{ControlFail, ControlUnknown, ControlExcepted, ControlNotApplicable, ControlPass}
	return slices.Index(order, s) < slices.Index(order, than)
}

// requirement gives the result of one requirement. The cases are tried in the
// order of badness; the first that applies holds.
func (r *Run) requirement(f *Framework, q Requirement) RequirementResult {
	res := RequirementResult{ID: q.ID, Title: q.Title, Kind: q.Kind, Owner: q.Owner}
	res.AWSPart, res.CustomerPart = q.Parts()
	for _, e := range r.assessor.Exclusions {
		if e.Requirement == f.Ref(q.ID) && e.holds(r.now) {
			res.Outcome, res.Exclusion = OutOfScope, &e
			return res
		}
	}
	if q.Owner != Customer {
		res.Programs, res.Reports = r.inheritance(f.Key)
	}
	if q.Owner != AWS {
		r.customer(f, q, &res)
	}
	if q.Owner == Customer {
		return res
	}
	provider := Inherited
	if len(res.Reports) == 0 {
		provider = NotAssessed
		res.Gaps = append(res.Gaps, Gap{Kind: GapInheritance})
	}
	if q.Owner == AWS || provider.Worse(res.Outcome) {
		res.Outcome = provider
	}
	return res
}

// customer gives the outcome of the customer's part.
func (r *Run) customer(f *Framework, q Requirement, res *RequirementResult) {
	has := map[State]bool{}
	proven, live := false, false
	for _, m := range q.Mappings {
		complete := true
		for _, id := range m.Controls {
			if r.planned[id] && r.tallies[id] == nil {
				complete = false
				if !slices.Contains(res.Planned, id) {
					res.Planned = append(res.Planned, id)
				}
				continue
			}
			live = true
			j := r.judge(id, m.Minimums)
			state := j.state
			if m.Wider && state == ControlFail {
				state = ControlUnknown // it may be what the requirement does not ask that fails
				res.missing(Gap{Kind: GapWider, Control: id})
			}
			has[state] = true
			res.says(id, state, j)
		}
		switch {
		case m.Strength == Full && complete:
			proven = true
		case m.Strength == Full:
			res.open("Controls that are planned")
		default:
			res.open(m.Remainder)
		}
	}
	switch {
	case has[ControlFail]:
		res.Outcome = NotMet
	case has[ControlUnknown]:
		res.Outcome = NotAssessed
	case has[ControlExcepted]:
		res.Outcome = Excepted
	case proven:
		res.Outcome, res.Open = Met, nil
	case live && len(res.Planned) == 0 && r.attested(f.Ref(q.ID), res):
		res.Outcome = Met
	case live:
		res.Outcome = Partly
	case len(q.Mappings) > 0:
		res.Gaps = append(res.Gaps, Gap{Kind: GapPlanned})
	case q.Kind == Technical:
		res.Gaps = append(res.Gaps, Gap{Kind: GapNotCovered})
	default:
		res.Outcome = Manual
		res.open("The whole requirement")
		if r.attested(f.Ref(q.ID), res) {
			res.Outcome = Met
		}
	}
}

// says notes what a control says. One that is mapped twice, with other minimums,
// is counted once and shown as the worse.
func (res *RequirementResult) says(control string, s State, j judged) {
	i := slices.IndexFunc(res.Controls, func(c ControlState) bool { return c.Control == control })
	switch {
	case i < 0:
		res.Counts.add(j.counts)
		res.Controls = append(res.Controls, ControlState{control, s})
	case s.worse(res.Controls[i].State):
		res.Controls[i].State = s
	}
	for _, g := range j.gaps {
		g.Places = nil // they stand once, in the control's result
		res.missing(g)
	}
}

func (res *RequirementResult) missing(g Gap) {
	if !slices.ContainsFunc(res.Gaps, func(h Gap) bool { return h.Kind == g.Kind && h.Control == g.Control }) {
		res.Gaps = append(res.Gaps, g)
	}
}

func (res *RequirementResult) open(what string) {
	if !slices.Contains(res.Open, what) {
		res.Open = append(res.Open, what)
	}
}

func (r *Run) attested(ref Ref, res *RequirementResult) bool {
	for _, a := range r.assessor.Attestations {
		if a.Requirement == ref && a.holds(res.Open, r.now) {
			res.Attestation = &a
			return true
		}
	}
	return false
}

// inheritance gives the programs of AWS that speak to a framework, and those of
// which the caller holds a report that covers the day and the regions.
func (r *Run) inheritance(framework string) (speak, held []string) {
	all, err := programs()
	if err != nil {
		return nil, nil
	}
	var regions []string
	for _, p := range r.assessor.Scope {
		regions = append(regions, p.Region)
	}
	for _, p := range all {
		if !p.evidences(framework, regions) {
			continue
		}
		speak = append(speak, p.Key)
		if slices.ContainsFunc(r.assessor.Reports, func(h ProviderReport) bool { return h.Program == p.Key && h.covers(r.now, regions) }) {
			held = append(held, p.Key)
		}
	}
	return speak, held
}
