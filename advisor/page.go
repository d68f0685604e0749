package advisor

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/awsposture/posture"
)

// Page is the advice of one account on one page.
type Page struct {
	Place   posture.Place `json:"place"`
	At      time.Time     `json:"at"`
	Advice  []Advice      `json:"advice"`
	Tally   []Tally       `json:"tally"`
	Savings Cents         `json:"monthlySavingsCents"` // of all checks, each counted once
	Unknown []string      `json:"unknown,omitempty"`   // what could not be assessed, a sentence each
	Notes   []string      `json:"notes,omitempty"`
	// Most is how much advice the page shows; what is more is counted. Default 50.
	Most int `json:"-"`
}

// Tally is how much advice a category has.
type Tally struct {
	Category   Category `json:"category,omitempty"` // "" what keeps Trusted Advisor in order
	Red        int      `json:"red"`
	Yellow     int      `json:"yellow"`
	Recomputed int      `json:"recomputed"`
	Other      int      `json:"other"`
}

// PageOf makes the page of an account at a time, from what a scan of its
// evaluators found. Where the account may not ask Trusted Advisor, a note says so.
func PageOf(p posture.Place, at time.Time, fs []posture.Finding) Page {
	page := Page{Place: p, At: at.UTC(), Advice: Rank(fs)}
	for _, a := range page.Advice {
		page.count(a)
	}
	slices.SortFunc(page.Tally, func(a, b Tally) int {
		return cmp.Or(a.Category.place()-b.Category.place(), cmp.Compare(a.Category, b.Category))
	})
	page.Savings = total(fs)
	said := map[string]bool{}
	for _, f := range fs {
		switch {
		case f.Control == "advisor.entitled" && f.Status != posture.Pass && f.Status != posture.Unknown:
			page.Notes = append(page.Notes, f.Detail)
		case f.Status == posture.Unknown && strings.HasPrefix(f.Control, "advisor.") && !said[f.Detail]:
			said[f.Detail] = true
			page.Unknown = append(page.Unknown, f.Detail)
		}
	}
	return page
}

func (p *Page) count(a Advice) {
	i := slices.IndexFunc(p.Tally, func(t Tally) bool { return t.Category == a.Category })
	if i < 0 {
		i = len(p.Tally)
		p.Tally = append(p.Tally, Tally{Category: a.Category})
	}
	switch t := &p.Tally[i]; {
	case a.Recomputed:
		t.Recomputed++
	case a.Colour == Red:
		t.Red++
	case a.Colour == Yellow:
		t.Yellow++
	default:
		t.Other++
	}
}

// total is what all failing findings save: a check's own sum where it has one,
// since its resources share that, and else what its resources save.
func total(fs []posture.Finding) (sum Cents) {
	checks, rows := map[string]Cents{}, map[string]Cents{}
	for _, f := range fs {
		if e, err := posture.EvidenceAs[CheckEvidence](f); err == nil && f.Status == posture.Fail {
			checks[e.Check] = max(checks[e.Check], e.Total)
			rows[e.Check] += e.Savings
		}
	}
	for check, own := range checks {
		sum += cmp.Or(own, rows[check])
	}
	return sum
}

// shown is the advice that the page shows, and how much more there is.
func (p Page) shown() ([]Advice, int) {
	n := min(cmp.Or(p.Most, 50), len(p.Advice))
	return p.Advice[:n], len(p.Advice) - n
}

// where is a resource and its region in words.
func (a Advice) where() string {
	s := cmp.Or(a.Resource.ARN, a.Resource.ID)
	if a.Resource.Type == typeCheck || s == "" {
		s = "the account"
	}
	if a.Region != "" && !strings.Contains(s, a.Region) {
		s += " in " + a.Region
	}
	return s
}

// age is how old the judgement is.
func (p Page) age(a Advice) string {
	if a.At.IsZero() {
		return "now"
	}
	return plural(max(0, int(p.At.Sub(a.At)/time.Hour)), "hour", "hours")
}

// word is a category, or that advice has none.
func (c Category) word() string {
	if c == "" {
		return "housekeeping"
	}
	return c.String()
}
