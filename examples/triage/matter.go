package main

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/advisor"
	"github.com/awsposture/posture/guardduty"
	"github.com/awsposture/posture/inspector"
)

// matter is something to deal with, whoever tells of it.
type matter struct {
	Urgency  posture.Severity `json:"urgency"`
	Source   string           `json:"source"`
	Title    string           `json:"title"`
	Resource string           `json:"resource"`
	Reason   string           `json:"reason"` // why it is as urgent as that
	Since    time.Time        `json:"since,omitzero"`
}

// sources are in the order of those of one urgency: somebody who is at work comes
// before a way in, and a way in before a habit.
var sources = []string{"GuardDuty", "Inspector", "Trusted Advisor"}

// gather reads everything, the most urgent first and the oldest of those. What was
// read before an error is kept. off is the services that look at nothing,
// whose silence does not say that there is nothing.
func gather(ctx context.Context, regions []*guardduty.Region, scanner *inspector.Region, account *advisor.Account) (all []matter, off []string, unread []error) {
	for _, r := range regions {
		found, err := r.OpenFindings(ctx)
		if err != nil {
			unread = append(unread, fmt.Errorf("GuardDuty in %s: %w", r.Place().Region, err))
		}
		if d, err := r.Detector(ctx); err == nil && d.State != guardduty.DetectorEnabled {
			off = append(off, fmt.Sprintf("GuardDuty in %s is %s", r.Place().Region, d.State))
		}
		for _, f := range found {
			all = append(all, seen(r.Place(), f))
		}
	}
	ranking, err := scanner.Ranking(ctx)
	if status, untold := scanner.Status(ctx); untold == nil && !status.On() {
		off = append(off, fmt.Sprintf("Inspector in %s scans nothing", scanner.Place().Region))
	} else if err != nil {
		unread = append(unread, fmt.Errorf("Inspector in %s: %w", scanner.Place().Region, err))
	}
	for _, i := range ranking.Items {
		all = append(all, matter{urgencyOf(i.Tier), sources[1], i.Title, i.Resource.String(), i.Reason, i.Finding.First})
	}
	var advice []posture.Finding
	for r := range posture.Scan(ctx, advisor.Evaluators(account), nil) {
		for _, f := range r.Findings {
			// What is recomputed needs facts that this program does not gather.
			if f.Control == "advisor.entitled" && f.Status == posture.NotApplicable {
				off = append(off, "Trusted Advisor: "+f.Detail)
			}
			if f.Status == posture.Unknown && f.Cause.Kind != posture.CauseNotProvided {
				unread = append(unread, fmt.Errorf("Trusted Advisor, %s: %w", f.Control, f.Cause))
			}
		}
		advice = append(advice, r.Findings...)
	}
	for _, a := range advisor.Rank(advice) {
		if a.Check != "" { // advice on the account, not on how it is advised
			all = append(all, matter{a.Severity, sources[2], a.Title, a.Resource.String(), a.Reason, time.Time{}})
		}
	}
	slices.SortStableFunc(all, func(x, y matter) int {
		return cmp.Or(cmp.Compare(y.Urgency, x.Urgency), cmp.Compare(slices.Index(sources, x.Source), slices.Index(sources, y.Source)), x.Since.Compare(y.Since))
	})
	return all, off, unread
}

// seen ranks what GuardDuty saw: it happened, so it is never less than high.
func seen(p posture.Place, f guardduty.OpenFinding) matter {
	m := matter{posture.High, sources[0], f.Title, p.String() + " " + f.ID, "", f.Created}
	if f.Severity >= 9 {
		m.Urgency = posture.Critical
	}
	m.Reason = fmt.Sprintf("GuardDuty saw it first at %s and last at %s, with severity %.1f of 10, and nobody has archived it.", f.Created.Format(time.DateOnly), f.Updated.Format(time.DateOnly), f.Severity)
	return m
}

// urgencyOf makes one scale of Inspector's tiers and the others' severities.
func urgencyOf(t inspector.Tier) posture.Severity {
	switch t {
	case inspector.T0:
		return posture.Critical
	case inspector.T1, inspector.T2:
		return posture.High
	case inspector.T3, inspector.T4:
		return posture.Medium
	case inspector.T5:
		return posture.Low
	}
	return posture.Informational
}
