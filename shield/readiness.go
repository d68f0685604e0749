package shield

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/awsposture/posture"
)

// Capability is something that works, or does not, if an attack starts now.
type Capability string

// The capabilities. See "How AWS Shield and Shield Advanced work" and "Requesting
// a credit in AWS Shield Advanced" in the AWS WAF Developer Guide.
const (
	Detects     Capability = "detect"      // attacks on network and transport are seen
	DetectsFast Capability = "detect-fast" // … by the resource's health, early
	Stops       Capability = "stop"        // floods of requests are mitigated by themselves
	TeamActs    Capability = "team-acts"   // the response team can act when it is called
	TeamCalls   Capability = "team-calls"  // the response team calls by itself, though not for what the Anti-DDoS group finds
	Notices     Capability = "notice"      // somebody is told
	CostCredit  Capability = "cost-credit" // AWS credits what the attack costs, if asked within 15 days after the billing month
)

// baseline is the least that Shield learns before its automatic response serves.
const baseline = day

// need is a control that a capability needs. Where it does not apply to the
// resource, the capability does not either, unless it is optional.
type need struct {
	control  string
	optional bool
}

var needs = []struct {
	of  Capability
	all []need
}{
	{Detects, []need{{"shield.resource-protected", false}}},
	{DetectsFast, []need{{"shield.resource-protected", false}, {"shield.health-check", false}, {"shield.health-check-state", true}}},
	{Stops, []need{{"shield.resource-protected", false}, {"shield.web-acl", false}, {"shield.auto-response", false}, {"shield.mitigation-group", true}}},
	{TeamActs, []need{{"shield.resource-protected", false}, {"shield.srt-access", false}, {"shield.srt-log-buckets", true}}},
	{TeamCalls, []need{{"shield.resource-protected", false}, {"shield.health-check", false}, {"shield.srt-access", false}, {"shield.srt-log-buckets", true}, {"shield.contacts", false}, {"shield.proactive-engagement", false}}},
	{Notices, []need{{"shield.resource-protected", false}, {"shield.ddos-alarm", false}}},
	{CostCredit, []need{{"shield.resource-protected", false}, {"shield.web-acl", true}, {"shield.rate-rule-block", true}}},
}

// Ability is whether one capability is there. Fail has the details of what is
// missing; Unknown the causes.
type Ability struct {
	Capability Capability       `json:"capability"`
	Status     posture.Status   `json:"status"`
	Missing    []string         `json:"missing,omitempty"` // a sentence each
	Causes     []*posture.Cause `json:"causes,omitempty"`
}

// Readiness is what works for one resource.
type Readiness struct {
	Resource  posture.Resource `json:"resource"` // its protection, there or not
	Abilities []Ability        `json:"abilities"`
}

// Ability gives one of the abilities.
func (r Readiness) Ability(c Capability) Ability {
	for _, a := range r.Abilities {
		if a.Capability == c {
			return a
		}
	}
	return Ability{Capability: c}
}

// Readiness says what works if an attack starts now, for everything that is or
// should be protected, in the order of its ARN. Nothing is read that the evaluators have not read. Without a
// subscription there is nothing to be ready with, and the answer is empty; errors
// are causes of the abilities they keep from an answer, and the error of the list
// itself.
func (a *Account) Readiness(ctx context.Context) ([]Readiness, error) {
	last := map[string]posture.Result{}
	for r := range posture.Scan(ctx, Evaluators(a), nil) {
		last[r.Control.ID] = r
	}
	return readinessOf(last, a.now()), last["shield.resource-protected"].Err
}

// ReadinessAt says what worked at a time, from results that were kept: of each
// control the last that began before it counts. A credit depends on what was so before the attack,
// so give the time at which that began. The results are of one account and may be
// decoded ones.
func ReadinessAt(history []posture.Result, t time.Time) []Readiness {
	last := map[string]posture.Result{}
	for _, r := range history {
		if have, ok := last[r.Control.ID]; !r.Started.After(t) && (!ok || have.Started.Before(r.Started)) {
			last[r.Control.ID] = r
		}
	}
	return readinessOf(last, t)
}

// readinessOf puts together what the controls said, by their ids, at a time.
func readinessOf(last map[string]posture.Result, t time.Time) []Readiness {
	said := map[string]verdicts{}
	for id, r := range last {
		said[id] = verdictsOf(r)
	}
	var all []Readiness
	for _, f := range last["shield.resource-protected"].Findings {
		if f.Resource.Type != typeProtection || f.Resource.ID == "" {
			continue // not subscribed, nothing exposed, or the listing's error
		}
		r := Readiness{Resource: f.Resource}
		for _, n := range needs {
			r.Abilities = append(r.Abilities, weigh(n.of, n.all, said, f.Resource, t))
		}
		all = append(all, r)
	}
	slices.SortFunc(all, func(x, y Readiness) int { return cmp.Compare(x.Resource.ID, y.Resource.ID) })
	return all
}

// weigh puts together the verdicts that a capability needs. What is missing goes
// before what does not apply, and that before what is unknown.
func weigh(of Capability, all []need, said map[string]verdicts, at posture.Resource, t time.Time) Ability {
	ability := Ability{Capability: of, Status: posture.Pass}
	kind := KindOf(at.ID)
	beside := of == Stops && !kind.webACLs() || (of == DetectsFast || of == TeamCalls) && kind == HostedZone
	if beside { // whether it is protected or not
		ability.Status = posture.NotApplicable
		return ability
	}
	for _, n := range all {
		fs := said[n.control].about(at)
		if len(fs) == 0 {
			ability.unknown(notProvided("there is no verdict of %s", n.control))
		}
		for _, f := range fs {
			switch f.Status {
			case posture.Fail:
				ability.Missing = append(ability.Missing, f.Detail)
			case posture.Unknown:
				ability.Causes = append(ability.Causes, f.Cause)
			case posture.NotApplicable:
				beside = beside || !n.optional
			}
			if of == Stops && f.Control == "shield.auto-response" && f.Status == posture.Pass {
				ability.acting(f, t)
			}
		}
	}
	if of == TeamActs {
		ability.plan(said["shield.proactive-engagement"].about(at))
	}
	switch {
	case len(ability.Missing) > 0:
		ability.Status = posture.Fail
	case beside:
		ability.Status = posture.NotApplicable
	case len(ability.Causes) > 0:
		ability.Status = posture.Unknown
	}
	return ability
}

func (a *Ability) unknown(err error) { a.Causes = append(a.Causes, posture.CauseOf(err)) }

// acting looks at a mitigation that passes: it must act, not count, and the older
// automatic response must have learnt the resource's traffic.
func (a *Ability) acting(f posture.Finding, t time.Time) {
	seen, err := posture.EvidenceAs[MitigationEvidence](f)
	switch {
	case err != nil:
		a.unknown(err)
	case !seen.Acts():
		a.Missing = append(a.Missing, seen.String())
	case seen.AntiDDoS == RuleActs:
	case seen.Since.IsZero():
		a.unknown(notProvided("since when the automatic response is on was not told, so whether it has learnt the traffic"))
	case t.Sub(seen.Since) < baseline:
		a.Missing = append(a.Missing, "The automatic response is on since "+stamp(seen.Since)+" and has not learnt a day's traffic.")
	}
}

// plan looks at what the verdict on proactive engagement says of the support plan.
func (a *Ability) plan(fs []posture.Finding) {
	var plan *bool
	for _, f := range fs {
		if seen, err := posture.EvidenceAs[EngagementEvidence](f); err == nil {
			plan = seen.Plan
		}
	}
	switch {
	case plan == nil:
		a.unknown(notProvided("whether the support plan includes the response team was not told"))
	case !*plan:
		a.Missing = append(a.Missing, "There is "+lacksPlan+".")
	}
}

// verdicts are the findings of one control: by protection, and on the account.
type verdicts struct {
	on      map[posture.Resource][]posture.Finding
	account []posture.Finding
}

func verdictsOf(r posture.Result) verdicts {
	v := verdicts{on: map[posture.Resource][]posture.Finding{}}
	for _, f := range r.Findings {
		if f.Resource.Type == typeProtection && f.Resource.ID != "" {
			v.on[f.Resource] = append(v.on[f.Resource], f)
		} else { // of what the account has one, or the error that ended a listing
			v.account = append(v.account, f)
		}
	}
	return v
}

// about gives the findings on a resource, or else those on the account.
func (v verdicts) about(at posture.Resource) []posture.Finding {
	if on := v.on[at]; on != nil {
		return on
	}
	return v.account
}
