package advisor

import (
	"cmp"
	"slices"
	"time"
)

// Agreement is how two judgements on one resource compare.
type Agreement string

// How a judgement that was recomputed compares with Trusted Advisor's.
const (
	Agrees        Agreement = "equal"
	LocalStricter Agreement = "local-stricter"
	LocalLaxer    Agreement = "local-laxer"
	OnlyAdvisor   Agreement = "only-advisor" // Trusted Advisor lists a resource that was not recomputed
	OnlyLocal     Agreement = "only-local"   // it was recomputed, and Trusted Advisor looked at fewer resources
	NotComparable Agreement = "not-comparable"
)

// Compared is how the two judgements on one resource compare.
type Compared struct {
	Resource string    `json:"resource"`
	Region   string    `json:"region,omitempty"`
	Advisor  Colour    `json:"advisor"`
	Local    Colour    `json:"local"`
	How      Agreement `json:"how"`
	Why      string    `json:"why,omitempty"` // of a difference that is expected, and of what cannot be compared
}

// ofAccount are the checks that judge the account as a whole.
var ofAccount = map[string]bool{CheckPasswordPolicy: true, CheckRootMFA: true, CheckRootKey: true, "c2vlfg0p86": true}

// differs tells whether the two differ in a way that nobody expects.
func (c Compared) differs() bool {
	return c.How != Agrees && c.How != NotComparable && c.Why == ""
}

// Compare sets what was recomputed of one check against what Trusted Advisor says
// of it, resource by resource. rows are the result's resources. Trusted Advisor
// lists flagged resources only: that one is not listed counts as green where the
// check looked at as many resources as were recomputed, and is OnlyLocal where it
// looked at fewer. A resource that is excluded, or of which one side knows
// nothing, is not comparable; neither is anything when the result is older than
// most, since the account has moved on.
func Compare(r Result, rows []Flagged, local []Row, now time.Time, most time.Duration) (all []Compared) {
	listed := gather(rows)
	local = worst(local)
	if ofAccount[r.Check.ID] { // its rows have no names: the account is the one resource
		listed = nil
		if len(local) == 1 && r.Colour != NotAvailable {
			listed = []Flagged{{ID: local[0].Resource.ID, Colour: r.Colour}}
		}
	}
	used := make([]bool, len(listed))
	for _, row := range local {
		c := Compared{Resource: cmp.Or(row.Resource.ARN, row.Resource.ID), Region: row.Resource.Region, Local: row.Colour, Advisor: Green, Why: row.Expected}
		i := slices.IndexFunc(listed, func(f Flagged) bool { return same(f, row) })
		if i >= 0 {
			used[i], c.Advisor = true, listed[i].Colour
		}
		switch {
		case i >= 0 && listed[i].Excluded:
			c.How, c.Why = NotComparable, "the resource is excluded from the check"
		case i < 0 && r.Processed < int64(len(local)) && row.Colour == Green:
			c.How, c.Advisor, c.Why = NotComparable, NotAvailable, "the check looked at fewer resources, maybe not at this one"
		case i < 0 && r.Processed < int64(len(local)):
			c.How, c.Advisor = OnlyLocal, NotAvailable
		default:
			c.How = compare(c.Advisor, c.Local)
		}
		all = append(all, c)
	}
	for i, f := range listed {
		if !used[i] && !f.Excluded && f.Colour != Green {
			c := Compared{Resource: f.ID, Region: f.Region, Advisor: f.Colour, Local: NotAvailable, How: OnlyAdvisor}
			if f.Colour != Yellow && f.Colour != Red {
				c.How, c.Why = NotComparable, "Trusted Advisor gives it a status that is not known"
			}
			all = append(all, c)
		}
	}
	if r.At.IsZero() || now.Sub(r.At) > most || r.Colour == NotAvailable {
		for i := range all {
			all[i].How, all[i].Why = NotComparable, "Trusted Advisor has no result that is fresh"
		}
	}
	return all
}

func compare(advisor, local Colour) Agreement {
	switch {
	case advisor == local:
		return Agrees
	case advisor == NotAvailable || local == NotAvailable:
		return NotComparable
	case local.worse(advisor):
		return LocalStricter
	}
	return LocalLaxer
}

// gather keeps one row per resource, the worst; a resource is excluded where all
// its rows are.
func gather(rows []Flagged) (kept []Flagged) {
	for _, f := range rows {
		i := slices.IndexFunc(kept, func(k Flagged) bool { return k.ID == f.ID && k.Region == f.Region })
		switch {
		case i < 0:
			kept = append(kept, f)
		case kept[i].Excluded && !f.Excluded, kept[i].Excluded == f.Excluded && f.Colour.worse(kept[i].Colour):
			kept[i] = f
		}
	}
	return kept
}

// same tells whether both speak of one resource. Trusted Advisor names some
// resources by their ARN and some by their name, and a global one once per region.
func same(f Flagged, row Row) bool {
	if f.Region != "" && row.Resource.Region != "" && f.Region != row.Resource.Region {
		return false
	}
	if row.Resource.ID == "" && row.Resource.ARN == "" { // it is about the region
		return f.Region == row.Resource.Region
	}
	n := name(f.ID)
	return n == name(row.Resource.ARN) || n == name(row.Resource.ID) || n == row.Resource.ID
}
