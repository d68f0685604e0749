package compliance

import (
	"fmt"
	"slices"
	"strings"

	"github.com/awsposture/posture"
)

// Counts are findings by verdict. A failing finding that is waived is in Waived
// and not in Fail.
type Counts struct {
	Pass          int `json:"pass"`
	Fail          int `json:"fail"`
	Waived        int `json:"waived"`
	NotApplicable int `json:"notApplicable"`
	Unknown       int `json:"unknown"`
}

// Total is the number of findings: the population that was seen.
func (c Counts) Total() int { return c.Pass + c.Fail + c.Waived + c.NotApplicable + c.Unknown }

func (c *Counts) add(o Counts) {
	c.Pass += o.Pass
	c.Fail += o.Fail
	c.Waived += o.Waived
	c.NotApplicable += o.NotApplicable
	c.Unknown += o.Unknown
}

// tally is what the run knows of one control.
type tally struct {
	control  posture.Control
	variants map[variantKey]*variant
}

// A control may run more than once at a place, with other parameters.
type variantKey struct {
	place  posture.Place
	params string
}

type variant struct {
	params []posture.Param
	text   string // of params
	counts Counts
	causes map[posture.CauseKind]int
}

func (r *Run) variant(res posture.Result) *variant {
	t := r.tallies[res.Control.ID]
	if t == nil {
		t = &tally{control: res.Control, variants: map[variantKey]*variant{}}
		r.tallies[res.Control.ID] = t
	}
	r.seen[res.Place] = true
	key := variantKey{res.Place, paramsText(res.Control.Params)}
	if t.control.Scope == posture.Global {
		key.place.Region = "" // judged once for the account, wherever from
	}
	v := t.variants[key]
	if v == nil {
		v = &variant{params: res.Control.Params, text: key.params, causes: map[posture.CauseKind]int{}}
		t.variants[key] = v
	}
	return v
}

func paramsText(ps []posture.Param) string {
	var b strings.Builder
	for _, p := range ps {
		fmt.Fprintf(&b, "%q=%q ", p.Name, p.Value)
	}
	return b.String()
}

func (r *Run) count(v *variant, res posture.Result, item *Item) {
	f := &item.Finding
	switch f.Status {
	case posture.Pass:
		v.counts.Pass++
	case posture.NotApplicable:
		v.counts.NotApplicable++
	case posture.Fail:
		if item.Waiver != nil {
			v.counts.Waived++
			break
		}
		v.counts.Fail++
		key := item.Group()
		t := r.tickets[key]
		if t == nil {
			t = &Ticket{GroupKey: key}
			r.tickets[key] = t
		}
		t.Findings++
		t.Severity = max(t.Severity, f.Severity)
	default:
		v.counts.Unknown++
		v.causes[f.Cause.Kind]++
	}
	if r.snapshot != nil {
		r.snapshot.add(res, item, v.text)
	}
}

// judged is what a control says of a requirement, over the whole scope.
type judged struct {
	state  State
	counts Counts
	gaps   []Gap
}

// judge gives what a control says where it must have been judged with at least
// the given parameters. Most requirements ask for none, so that answer is kept.
func (r *Run) judge(control string, least []Minimum) judged {
	if slices.ContainsFunc(least, func(m Minimum) bool { return m.Control == control }) {
		return r.judgeWith(control, least)
	}
	j, done := r.judgements[control]
	if !done {
		j = r.judgeWith(control, nil)
		r.judgements[control] = j
	}
	return j
}

func (r *Run) judgeWith(control string, least []Minimum) judged {
	t := r.tallies[control]
	if t == nil {
		return judged{gaps: []Gap{{Kind: GapNotRun, Control: control}}}
	}
	var j judged
	gaps := map[GapKind][]posture.Place{}
	if missing := r.missing(t); len(missing) > 0 {
		gaps[GapNotReached] = missing
	}
	failed, unknown := false, false
	for place, v := range t.best(least) {
		j.counts.add(v.counts)
		fit := fitOf(least, control, v.params)
		for kind := range v.causes {
			gaps[GapKind(kind)] = append(gaps[GapKind(kind)], place)
		}
		switch {
		case v.counts.Fail > 0 && fit == stricter:
			// It may be met at the value that the requirement asks.
			gaps[GapStricter] = append(gaps[GapStricter], place)
		case v.counts.Fail > 0: // what fails at a weaker value fails at the one required
			failed = true
		case fit == weaker:
			gaps[GapWeaker] = append(gaps[GapWeaker], place)
		}
		unknown = unknown || v.counts.Unknown > 0
	}
	switch {
	case t.control.Scope == posture.Organization && j.counts.Total() == j.counts.NotApplicable:
		gaps[GapAdministrator] = nil // only the administrator's account can tell
	case t.control.Scope == posture.Regional && !slices.ContainsFunc(r.assessor.Scope, func(p posture.Place) bool { return p.Region != "" }):
		gaps[GapNoRegion] = nil
	}
	for kind, places := range gaps {
		slices.SortFunc(places, comparePlaces)
		j.gaps = append(j.gaps, Gap{Kind: kind, Control: control, Count: len(places), Places: places})
	}
	slices.SortFunc(j.gaps, func(a, b Gap) int { return strings.Compare(string(a.Kind), string(b.Kind)) })
	switch {
	case failed:
		j.state = ControlFail
	case len(gaps) > 0 || unknown || r.cut:
		j.state = ControlUnknown
	case j.counts.Waived > 0:
		j.state = ControlExcepted
	case j.counts.Pass > 0:
		j.state = ControlPass
	default:
		j.state = ControlNotApplicable
	}
	return j
}

// best picks, for each place, the run whose parameters come nearest to what is
// asked; of two that are as near, the one that says worse.
func (t *tally) best(least []Minimum) map[posture.Place]*variant {
	best := map[posture.Place]*variant{}
	for key, v := range t.variants {
		have := best[key.place]
		if have == nil {
			best[key.place] = v
			continue
		}
		old, now := fitOf(least, t.control.ID, have.params), fitOf(least, t.control.ID, v.params)
		if now > old || now == old && v.worse(have) {
			best[key.place] = v
		}
	}
	return best
}

func (v *variant) worse(than *variant) bool {
	return slices.Compare(
		[]int{v.counts.Fail, v.counts.Unknown, v.counts.Waived, -v.counts.Pass},
		[]int{than.counts.Fail, than.counts.Unknown, than.counts.Waived, -than.counts.Pass}) > 0
}

// missing lists the declared places that the control was not judged at.
func (r *Run) missing(t *tally) []posture.Place {
	reached := map[posture.Place]bool{}
	for key := range t.variants {
		reached[key.place] = true
	}
	var missing []posture.Place
	for _, p := range r.assessor.Scope {
		switch t.control.Scope {
		case posture.Organization:
			continue // one account speaks for all
		case posture.Global:
			p.Region = ""
		case posture.Regional:
			if p.Region == "" {
				continue
			}
		}
		if !reached[p] {
			reached[p] = true // named once
			missing = append(missing, p)
		}
	}
	return missing
}

func comparePlaces(a, b posture.Place) int { return strings.Compare(a.String(), b.String()) }
