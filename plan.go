package posture

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"time"
)

// Remediator plans how to put failing findings right. It only reads; the
// Executor writes.
type Remediator interface {
	// Controls are the ids of the controls whose findings it answers.
	Controls() []string
	// Place is where it looks.
	Place() Place
	// Plan answers findings on one target: eight findings on one password policy
	// are one step. It uses only Control, Resource and Sub of a finding and reads
	// the rest again. A plan without steps says that the findings no longer hold.
	// Where no plan can be made the error wraps a *Refusal.
	Plan(ctx context.Context, fs ...Finding) (Plan, error)
}

// Plan is an ordered list of steps that answers findings. It is data: it prints,
// encodes, and is approved by its ID without any client at hand.
type Plan struct {
	Place    Place     // whose credentials it must run with
	RunAs    string    // name of the role or user that must run it; "" any of the account
	Findings []Finding // what it answers
	Steps    []Step
	Risk     Risk
	Impact   Impact
	Needs    []string // preconditions for a person to check, a sentence each
	Warnings []string // who else manages the target, what is slow to show, …

	Created time.Time // envelope: not part of the ID
	Expires time.Time // envelope: not part of the ID; zero means expired
}

// planLifetime is how long after its reads a plan may be applied.
const planLifetime = 15 * time.Minute

// NewPlan makes a plan of steps that answers fs, made at now and good for 15
// minutes. Risk is RiskHigh until the caller lowers it.
func NewPlan(p Place, now time.Time, fs []Finding, steps ...Step) Plan {
	return Plan{Place: p, Findings: fs, Steps: steps, Created: now.UTC(), Expires: now.Add(planLifetime).UTC()}
}

// ID is a hash of everything in the plan that a change could come of: the
// findings' fingerprints, the steps, risk, impact, needs and place. The times
// are not in it: planning again on an unchanged target gives the same ID, so an
// approval holds; any other change gives another.
func (p Plan) ID() string {
	prints := make([]string, len(p.Findings))
	for i, f := range p.Findings {
		prints[i] = f.Fingerprint()
	}
	h, err := hashOf(struct {
		Place    Place    `json:"place"`
		RunAs    string   `json:"runAs,omitempty"`
		Findings []string `json:"findings"`
		Steps    []Step   `json:"steps"`
		Risk     Risk     `json:"risk"`
		Impact   Impact   `json:"impact"`
		Needs    []string `json:"needs"`
	}{p.Place, p.RunAs, prints, p.Steps, p.Risk, p.Impact, p.Needs})
	if err != nil {
		return "" // a step that does not encode has no ID, and Apply refuses a plan without one
	}
	return "1-" + h
}

// Bind gives the steps of a decoded plan their clients. It is strict: a kind
// that no binding has, another account's clients, and a setting or state that
// does not encode to the very JSON it was decoded from (space, escapes and the
// order of members aside) are errors, since the plan that was approved would not
// be the plan that acts. Of several bindings of a kind the one that fits is taken.
func (p Plan) Bind(bs ...Binding) (Plan, error) {
	steps := make([]Step, len(p.Steps))
	for i, s := range p.Steps {
		bound, err := bindStep(s, bs)
		if err != nil {
			return Plan{}, fmt.Errorf("posture: step %d, %s on %s: %w", i, s.Kind.Name, s.Target, err)
		}
		steps[i] = bound
	}
	id := p.ID()
	p.Steps = steps
	if p.ID() != id {
		return Plan{}, fmt.Errorf("posture: the plan's id changed from %s to %s when its steps were bound", id, p.ID())
	}
	return p, nil
}

// bindStep tries every binding of the step's kind, since each account and region
// has its own, and gives what the last of them said where none fits.
func bindStep(s Step, bs []Binding) (Step, error) {
	err := errors.New("no binding for this kind")
	for _, b := range bs {
		if b.kind != s.Kind.Name {
			continue
		}
		var bound Step
		if bound, err = b.bind(s); err != nil {
			continue
		}
		var was, is []byte
		if was, err = sorted(s); err != nil {
			continue
		}
		if is, err = sorted(bound); err != nil {
			continue
		}
		if bytes.Equal(was, is) {
			return bound, nil
		}
		err = fmt.Errorf("bound to these clients it is another step: was %s, is %s", was, is)
	}
	return Step{}, err
}

type planJSON struct {
	Version  int       `json:"version"`
	ID       string    `json:"id"`
	Place    Place     `json:"place"`
	RunAs    string    `json:"runAs,omitempty"`
	Findings []Finding `json:"findings"`
	Steps    []Step    `json:"steps"`
	Risk     *Risk     `json:"risk"`
	Impact   *Impact   `json:"impact"`
	Needs    []string  `json:"needs"`
	Warnings []string  `json:"warnings,omitempty"`
	Created  time.Time `json:"created"`
	Expires  time.Time `json:"expires"`
}

// MarshalJSON writes the public form with its version and ID.
func (p Plan) MarshalJSON() ([]byte, error) {
	return marshal(planJSON{
		formatVersion, p.ID(), p.Place, p.RunAs, listed(p.Findings), listed(p.Steps), &p.Risk, &p.Impact, listed(p.Needs), p.Warnings, p.Created, p.Expires,
	})
}

// UnmarshalJSON reads what MarshalJSON wrote, as an unbound plan. It is strict:
// another version, a member too many, or an ID that does not belong to the
// content is an error.
func (p *Plan) UnmarshalJSON(b []byte) error {
	if err := checkVersion("plan", b); err != nil {
		return err
	}
	var in planJSON
	if err := strictly(b, &in); err != nil {
		return fmt.Errorf("posture: plan: %w", err)
	}
	if in.Risk == nil || in.Impact == nil {
		return fmt.Errorf("posture: plan: has no risk or no impact; a plan made by an older library must be made again")
	}
	out := Plan{in.Place, in.RunAs, in.Findings, in.Steps, *in.Risk, *in.Impact, in.Needs, in.Warnings, in.Created, in.Expires}
	if id := out.ID(); id != in.ID {
		return fmt.Errorf("posture: plan: id %s does not belong to its content, which has %s", in.ID, id)
	}
	*p = out
	return nil
}

func hashOf(v any) (string, error) {
	b, err := canonical(v)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:]), nil
}

// TargetOf gives the one resource that findings speak of, for a Remediator's
// Plan. Findings that r does not answer, of another place, or on several
// resources are an error.
func TargetOf(r Remediator, fs []Finding) (Resource, error) {
	if len(fs) == 0 {
		return Resource{}, fmt.Errorf("posture: no finding to plan for")
	}
	place := r.Place()
	for _, f := range fs {
		switch at := f.Resource; {
		case !slices.Contains(r.Controls(), f.Control):
			return Resource{}, &Refusal{Reason: ReasonNotRemediable, Message: fmt.Sprintf("%T does not answer %s", r, f.Control)}
		case at.Partition != place.Partition || at.Account != place.Account || at.Region != place.Region:
			return Resource{}, fmt.Errorf("posture: %T looks at %s, the finding of %s is on %s", r, place, f.Control, Place{at.Partition, at.Account, at.Region})
		case at != fs[0].Resource:
			return Resource{}, fmt.Errorf("posture: the findings are on different targets: %s and %s", fs[0].Resource, at)
		}
	}
	return fs[0].Resource, nil
}
