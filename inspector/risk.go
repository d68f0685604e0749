package inspector

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/awsposture/posture"
)

// risk is a Risk under way.
type risk struct {
	resource    posture.Resource
	tags        map[string]string
	findings    int
	tiers       [T6 + 1]int
	worst       Item
	overdue     int
	overdueTier Tier
	oldest      time.Time
	known       []string
	exploitable int
}

func (v *risk) add(r *Ranker, i Item) {
	f := i.Finding
	v.findings++
	v.tiers[i.Tier]++
	if v.worst.Tier == NoTier || i.Compare(v.worst) < 0 {
		v.worst = i
	}
	if i.Overdue {
		v.overdue++
		if v.overdueTier == NoTier || i.Tier < v.overdueTier {
			v.overdueTier = i.Tier
		}
		if v.oldest.IsZero() || f.First.Before(v.oldest) {
			v.oldest = f.First
		}
	}
	if i.Facts.Reach != "" && (f.Exploit || i.Facts.exploited(f, r.Now)) {
		v.exploitable++
	}
	if e := i.Facts.Exploitation; e != nil && e.Known {
		late := !e.Due.IsZero() && r.Now.After(e.Due.Add(day)) // the day itself is in time
		if late || r.Now.Sub(f.First) > cmp.Or(r.KnownLimit, knownLimit) {
			v.known = append(v.known, fmt.Sprintf("%s (due %s, open since %s)", f.Vulnerability, cmp.Or(dayOf(e.Due), "at once"), dayOf(f.First)))
		}
	}
}

const knownLimit = 14 * day

func (v *risk) risk(now time.Time) Risk {
	out := Risk{
		Resource: v.resource, Tags: v.tags, Findings: v.findings, Tiers: tally(v.tiers), Worst: v.worst.reason(now),
		Overdue: v.overdue, OverdueTier: v.overdueTier, Exploitable: v.exploitable, Known: sorted(v.known),
	}
	if !v.oldest.IsZero() {
		out.Oldest = date(v.oldest)
	}
	return out
}

// sorted gives the strings in order and once each.
func sorted(s []string) []string {
	s = slices.Clone(s)
	slices.Sort(s)
	return slices.Compact(s)
}
