package compliance

import (
	"crypto/sha256"
	"encoding/hex"
	"time"
)

// What people say about requirements. None of it is made by this library, and
// none of it turns an Unknown or a failing finding into anything else.

// Attestation is a person's word that what no control can show is so: the
// remainder of partial mappings, or a manual requirement.
type Attestation struct {
	Requirement Ref       `json:"requirement"`
	Open        string    `json:"open"` // OpenHash of what it covers; when that text changes the attestation lapses
	Statement   string    `json:"statement"`
	By          string    `json:"by"`
	Role        string    `json:"role,omitempty"`
	On          time.Time `json:"on"`
	Expires     time.Time `json:"expires,omitzero"` // default 365 days after On
}

// holds tells whether the attestation covers the open parts at t.
func (a Attestation) holds(open []string, t time.Time) bool {
	end := a.Expires
	if end.IsZero() {
		end = a.On.Add(longestWaiver)
	}
	return a.By != "" && a.Statement != "" && !a.On.IsZero() && !t.Before(a.On) && t.Before(end) && a.Open == OpenHash(open)
}

// OpenHash is the hash of what an attestation must cover: Open of a
// requirement's result.
func OpenHash(open []string) string {
	h := sha256.New()
	for _, s := range open {
		h.Write([]byte(s))
		h.Write([]byte{0})
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// Exclusion declares a requirement out of scope: it is then not applicable,
// whatever was found.
type Exclusion struct {
	Requirement Ref       `json:"requirement"`
	Owner       string    `json:"owner"`
	Reason      string    `json:"reason"`
	On          time.Time `json:"on"`
}

func (e Exclusion) holds(t time.Time) bool {
	return e.Owner != "" && e.Reason != "" && !e.On.IsZero() && !t.Before(e.On)
}

// ProviderReport is a report of AWS that requirements are inherited by, as held
// by the owner. The report itself is under agreement and is not stored.
type ProviderReport struct {
	Program string    `json:"program"` // key of a Program: "soc-2"
	Version string    `json:"version,omitempty"`
	From    time.Time `json:"from"`
	To      time.Time `json:"to"`                // last day of the period, or of the bridge letter; covers to its end in UTC
	SHA256  string    `json:"sha256"`            // of the file as held
	Regions []string  `json:"regions,omitempty"` // that the report lists; nil: not stated, and then nothing is inherited
}

// covers tells whether the report holds at t for every region.
func (r ProviderReport) covers(t time.Time, regions []string) bool {
	if r.SHA256 == "" || r.From.IsZero() || t.Before(r.From) || !t.Before(r.To.UTC().Truncate(day).Add(day)) {
		return false
	}
	listed := map[string]bool{}
	for _, l := range r.Regions {
		listed[l] = true
	}
	for _, want := range regions {
		if want != "" && !listed[want] {
			return false
		}
	}
	return len(r.Regions) > 0
}
