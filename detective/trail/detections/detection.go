package detections

import (
	"slices"
	"strings"

	"github.com/awsposture/posture/detective/trail"
	"github.com/awsposture/posture/detective/trail/rule"
)

// outcome is which outcomes of a call a detection is about.
type outcome uint8

const (
	success outcome = iota
	failure
	whatever
)

// detection is one row: names and outcome narrow, When judges.
type detection struct {
	ID, Title, Level string
	Attack           string // technique ids, separated by spaces
	Source           string // event sources, separated by spaces; "" any
	Events           string // normalized event names, separated by spaces; "" any
	Outcome          outcome
	When             rule.Expr // nil: names and outcome suffice
	Refine           func(*trail.Event) rule.Verdict
	Raise            func(*trail.Event) string
	Correlate        *rule.Correlation
	Feeds            []rule.Rule // silent rules that Correlate counts
	FalsePositives   string
	Look             string
	Needs            string // what the parameters lack
}

// all lists every detection in the order of its id's theme.
func all(p *Params) []detection {
	return slices.Concat(evasionTrails(p), evasionServices(p), initialAccess(p), credentialAccess(p), persistence(p),
		escalation(p), discovery(p), lateral(p), exfiltration(p), impact(p), baseline(p))
}

func (d detection) rules() []rule.Rule {
	r := rule.Rule{
		ID: d.ID, Title: d.Title, Level: d.Level, FalsePositives: []string{d.FalsePositives}, Look: d.Look,
		Refine: d.Refine, Raise: d.Raise, Correlate: d.Correlate,
	}
	for _, t := range strings.Fields(d.Attack) {
		r.Tags = append(r.Tags, "attack."+strings.ToLower(t))
	}
	if d.Feeds == nil {
		r.Expr = d.base()
		return []rule.Rule{r}
	}
	var out []rule.Rule
	for _, f := range d.Feeds {
		f.Silent = true
		f.Expr = rule.All(d.base(), f.Expr)
		d.Correlate.Rules = append(d.Correlate.Rules, f.ID)
		out = append(out, f)
	}
	return append(out, r)
}

// base is the condition on source, name and outcome, and When.
func (d detection) base() rule.Expr {
	var x rule.And
	src, names := strings.Fields(d.Source), strings.Fields(d.Events)
	for i, s := range src {
		src[i] = s + ".amazonaws.com"
	}
	if len(src) > 0 {
		x = append(x, rule.Eq("eventSource", src...))
	}
	if len(names) > 0 {
		x = append(x, called(names...))
	}
	signin := slices.Contains(src, "signin.amazonaws.com")
	switch d.Outcome {
	case success:
		x = append(x, rule.Absent("errorCode"))
		if signin {
			x = append(x, rule.Absent("errorMessage"))
		}
	case failure:
		failed := rule.Has("errorCode")
		if signin {
			failed = rule.AnyOf(failed, rule.Has("errorMessage"))
		}
		x = append(x, failed)
	}
	if d.When != nil {
		x = append(x, d.When)
	}
	return x
}

// called is true of the event names; names that end in ~ also with the date of
// an API version behind them (UpdateFunctionCode20150331v2).
func called(names ...string) rule.Expr {
	var plain, dates []string
	for _, n := range names {
		if strings.HasSuffix(n, "~") {
			n = strings.TrimSuffix(n, "~")
			dates = append(dates, n+"20??????*")
		}
		plain = append(plain, n)
	}
	if dates == nil {
		return rule.Eq("eventName", plain...)
	}
	return rule.AnyOf(rule.Eq("eventName", plain...), rule.Like("eventName", dates...))
}
