package shield

import (
	"context"
	"slices"
	"strings"

	"github.com/awsposture/posture"
)

// Capability is something that works, or does not, when an attack begins.
type Capability string

// The capabilities.
const (
	Detects     Capability = "detect"          // attacks on layers 3 and 4
	DetectsFast Capability = "detect-fast"     // by the application's health
	StopsFloods Capability = "stop-layer-7"    // floods of requests, by themselves
	TeamActs    Capability = "team-can-act"    // the Shield Response Team, when called
	TeamCalls   Capability = "team-calls"      // by itself
	Notices     Capability = "we-notice"       // an alarm goes off
	CostCredit  Capability = "cost-protection" // AWS credits what the attack made the resource cost
)

// needs are the controls that must pass on the resource, or on the account, for a
// capability, beside that the resource is protected. See "Capabilities and options" of AWS Shield Advanced in the
// Developer Guide, and for the credit "Requesting a credit in AWS Shield Advanced":
// it is due only where all of it held before the attack, and is asked for within 15 days
// of the end of the billing month.
var needs = []struct {
	of       Capability
	resource []string
	account  []string
}{
	{Detects, nil, nil},
	{DetectsFast, []string{"shield.health-check", "shield.health-check-state"}, nil},
	{StopsFloods, []string{"shield.web-acl", "shield.auto-response", "shield.mitigation-group"}, nil},
	{TeamActs, nil, []string{"shield.srt-access", "shield.srt-log-buckets"}},
	{TeamCalls, []string{"shield.health-check"}, []string{"shield.srt-access", "shield.srt-log-buckets", "shield.contacts", "shield.proactive-engagement"}},
	{Notices, []string{"shield.ddos-alarm"}, nil},
	{CostCredit, []string{"shield.web-acl", "shield.rate-rule-block"}, nil},
}

// Readiness is whether one capability works for one resource.
type Readiness struct {
	Resource   posture.Resource `json:"resource"`
	Capability Capability       `json:"capability"`
	Ready      posture.Status   `json:"ready"`   // Pass, Fail or Unknown
	Missing    []string         `json:"missing"` // the controls that fail, and what they saw
	Unknown    []string         `json:"unknown"` // the controls that could not be judged, and why
}

// String says it in a sentence.
func (r Readiness) String() string {
	text := string(r.Capability) + " on " + r.Resource.String() + ": "
	switch r.Ready {
	case posture.Pass:
		return text + "yes."
	case posture.Fail:
		return text + "no. " + strings.Join(r.Missing, " ")
	}
	return text + "not known. " + strings.Join(r.Unknown, " ")
}

// ReadinessOf answers, for each resource on the internet that can be protected by
// its own ARN, what works if an attack begins. It reads nothing: findings are the
// results of Evaluators of one account and one time. Given those of an
// earlier time it answers for that time, which is what a credit depends on: keep the evidence of every
// run. An account that is not subscribed is ready for nothing.
func ReadinessOf(findings []posture.Finding) (all []Readiness) {
	for _, r := range edgesIn(findings) {
		for _, n := range needs {
			one := Readiness{Resource: r, Capability: n.of, Ready: posture.Pass, Missing: []string{}, Unknown: []string{}}
			one.protected(findings)
			for _, f := range findings {
				switch own := f.Resource.ARN == r.ARN; {
				case own && slices.Contains(n.resource, f.Control), slices.Contains(n.account, f.Control):
					one.weigh(f)
				case n.of == TeamActs && f.Control == "shield.proactive-engagement":
					one.plan(f)
				}
			}
			switch {
			case len(one.Missing) > 0:
				one.Ready = posture.Fail
			case len(one.Unknown) > 0:
				one.Ready = posture.Unknown
			}
			all = append(all, one)
		}
	}
	return all
}

// protected asks whether the resource has a protection: each protection has a
// finding of shield.protection-orphan.
func (r *Readiness) protected(findings []posture.Finding) {
	for _, f := range findings {
		if f.Control != "shield.protection-orphan" {
			continue
		}
		if f.Resource.ARN == r.Resource.ARN {
			return
		}
		if f.Status == posture.Unknown && f.Resource.ARN == "" {
			r.Unknown = append(r.Unknown, f.Control+": "+f.Detail) // the list was not read to its end
		}
	}
	if len(r.Unknown) == 0 {
		r.Missing = append(r.Missing, "The resource has no protection.")
	}
}

// plan asks whether the support plan has the team in it.
func (r *Readiness) plan(f posture.Finding) {
	seen, err := posture.EvidenceAs[EngagementEvidence](f)
	switch {
	case f.Status == posture.Unknown:
		r.weigh(f)
	case err == nil && slices.Contains(seen.Lacks, lackOfPlan):
		r.Missing = append(r.Missing, "The account lacks "+lackOfPlan+".")
	}
}

func (r *Readiness) weigh(f posture.Finding) {
	switch f.Status {
	case posture.Fail:
		r.Missing = append(r.Missing, f.Control+": "+f.Detail)
	case posture.Unknown:
		r.Unknown = append(r.Unknown, f.Control+": "+f.Detail)
	}
}

// edgesIn are the resources that face the internet among the findings, in the
// order in which they come.
func edgesIn(findings []posture.Finding) (all []posture.Resource) {
	for _, f := range findings {
		if f.Resource.ARN == "" || KindOf(f.Resource.ARN) == KindUnknown {
			continue
		}
		if !slices.ContainsFunc(all, func(r posture.Resource) bool { return r.ARN == f.Resource.ARN }) {
			all = append(all, f.Resource)
		}
	}
	return all
}

// Readiness judges the account with the default suite and answers what works.
func (a *Account) Readiness(ctx context.Context) []Readiness {
	var findings []posture.Finding
	for r := range posture.Scan(ctx, Evaluators(a), nil) {
		findings = append(findings, r.Findings...)
	}
	return ReadinessOf(findings)
}
