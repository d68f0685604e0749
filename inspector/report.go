package inspector

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/awsposture/posture"
)

// Report is a ranking, and a proof if there is one, for people. Of a report on
// every finding see WriteCSV and WriteSARIF, which take a stream.
type Report struct {
	Title   string // default "Vulnerabilities"
	Place   posture.Place
	Ranking Ranking
	Proof   *Proof
	Fixes   int // how many are shown; default 20
	Details int // how many findings are shown with their details; default 20
	Risks   int // how many resources are shown; default 20
}

func (r Report) title() string {
	return cmp.Or(r.Title, "Vulnerabilities") + ", " + r.Place.String()
}

// lines are the sentences at the head of a report.
func (r Report) lines() []string {
	k := r.Ranking
	var tiers []string
	for _, t := range Tiers() {
		tiers = append(tiers, fmt.Sprintf("%s %d", t, k.Tiers[t]))
	}
	all := []string{
		fmt.Sprintf("As of %s: %s, %d distinct. %s.", stamp(k.Made), plural(k.Read, "active finding", "active findings"), k.Distinct, strings.Join(tiers, ", ")),
		fmt.Sprintf("%d overdue; %d that no fix closes.", k.Overdue, k.NoFix),
	}
	if r.Proof != nil {
		all = append(all, "Coverage: "+r.Proof.String())
	} else {
		all = append(all, "Coverage was not proved: what is not listed here may not have been looked at.")
	}
	for _, u := range k.Unknown {
		all = append(all, "Not known: "+u+".")
	}
	return all
}

// tables are what a report shows, in order.
func (r Report) tables() []table {
	k := r.Ranking
	smallest := table{title: "What closes every T0 and T1", head: []string{"Fix", "Closes", "Resources", "Because"}}
	for _, f := range k.Smallest {
		smallest.add(f.Do, fmt.Sprint(f.Closes), fmt.Sprint(f.Resources), f.Worst)
	}
	fixes := table{title: "Fixes, by what they close", head: []string{"Fix", "Closes", "T0 to T2", "Resources"}, of: len(k.Fixes)}
	for _, f := range k.Fixes[:min(len(k.Fixes), cmp.Or(r.Fixes, 20))] {
		fixes.add(f.Do, fmt.Sprint(f.Closes), fmt.Sprint(f.Urgent), fmt.Sprint(f.Resources))
	}
	items := table{title: "Findings, the most urgent first", head: []string{"Tier", "Finding", "Resource", "Due", "Why"}, of: k.Distinct}
	for _, i := range k.Items {
		items.add(i.Tier.String(), i.Title, i.Resource.ID, due(i), i.Reason)
	}
	risks := table{title: "Resources, the most urgent first", head: []string{"Resource", "Account", "Findings", "Overdue", "Worst"}, of: len(k.Risks)}
	for _, v := range k.Risks[:min(len(k.Risks), cmp.Or(r.Risks, 20))] {
		risks.add(v.Resource.ID, v.Resource.Account, fmt.Sprint(v.Findings), fmt.Sprint(v.Overdue), v.Worst)
	}
	details := table{title: "Details of the most urgent", head: []string{"Finding", "Packages", "Score", "Recommendation", "References"}, of: len(k.Items)}
	for _, i := range k.Items[:min(len(k.Items), cmp.Or(r.Details, 20))] {
		f := i.Finding
		details.add(cmp.Or(f.Vulnerability, f.Title)+" on "+i.Resource.ID+". "+f.Description, packagesOf(f), scoreOf(i), f.Recommendation, strings.Join(slices.Concat([]string{f.URL}, f.References), " "))
	}
	all := []table{smallest, fixes, items, details, risks}
	if r.Proof != nil {
		gaps := table{title: "Not proven scanned", head: []string{"Resource", "Account", "Scan", "Verdict", "Why"}}
		for _, v := range r.Proof.unproven() {
			gaps.add(v.Resource.ID, v.Resource.Account, string(v.Scan), string(v.Verdict), v.Why)
		}
		all = append(all, gaps)
	}
	return all
}

// packagesOf names the packages of a finding with where they are.
func packagesOf(f Finding) string {
	var all []string
	for _, p := range f.Packages {
		s := strings.TrimSpace(p.Name + " " + p.Version)
		if p.Path != "" {
			s += " in " + p.Path
		}
		all = append(all, s+", fixed in "+cmp.Or(p.Fixed, "no version"))
	}
	return strings.Join(all, "; ")
}

// scoreOf says where the score comes from.
func scoreOf(i Item) string {
	f := i.Finding
	s := fmt.Sprintf("%.1f, vendor's rating %s", f.score(), cmp.Or(f.VendorRating, "none"))
	if len(f.Adjustments) > 0 {
		s += "; adjusted: " + strings.Join(f.Adjustments, ", ")
	}
	return s
}

type table struct {
	title string
	head  []string
	rows  [][]string
	of    int // rows there are, where not all of them are shown
}

func (t *table) add(cells ...string) { t.rows = append(t.rows, cells) }

func (t table) heading() string {
	if t.of > len(t.rows) {
		return fmt.Sprintf("%s (%d of %d)", t.title, len(t.rows), t.of)
	}
	return t.title
}

func due(i Item) string {
	switch {
	case i.Due.IsZero():
		return ""
	case i.Overdue:
		return date(i.Due) + ", overdue"
	}
	return date(i.Due)
}

// dayOf gives a date, "" for none.
func dayOf(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return date(t)
}
