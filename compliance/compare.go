package compliance

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/awsposture/posture"
)

// Change says what became of a finding between two assessments. The zero value
// is NotSeen.
type Change uint8

// The changes. A finding that passed before and still does is no change.
const (
	NotSeen   Change = iota // it failed, and now nobody can tell: unknown, not reached, not run, or judged with other parameters
	New                     // it fails and was not seen to pass before, judged with the same parameters
	Open                    // it failed and fails
	Fixed                   // it failed and passes, judged with the same parameters
	Regressed               // it passed and fails, judged with the same parameters
	Gone                    // it failed, and a complete listing no longer has it, or it no longer applies
)

var changeWords = []string{"not-seen", "new", "open", "fixed", "regressed", "gone"}

// String gives the change's word as it stands in JSON.
func (c Change) String() string { return word(changeWords, int(c)) }

// MarshalText encodes the change as its word.
func (c Change) MarshalText() ([]byte, error) { return marshalWord("change", changeWords, int(c)) }

// UnmarshalText reads what MarshalText wrote.
func (c *Change) UnmarshalText(b []byte) error { return unmarshalWord("change", changeWords, b, c) }

// Changed is a failing finding, of the later assessment where it still fails
// and of the earlier one where not, and what became of it.
type Changed struct {
	Change Change `json:"change"`
	Failing
}

// Comparison is what changed between two assessments.
type Comparison struct {
	Before  time.Time      `json:"before"`
	After   time.Time      `json:"after"`
	Counts  map[Change]int `json:"counts"`
	Changes []Changed      `json:"changes"` // by change, severity, control and fingerprint
}

// Compare says what became of each finding that fails in one of two snapshots.
// A finding follows its control when that takes a new id. A nil snapshot is one
// of nothing: all that fails after it is New, all that failed before is NotSeen.
func Compare(before, after *Snapshot) Comparison {
	if before == nil {
		before = newSnapshot(time.Time{})
	}
	if after == nil {
		after = newSnapshot(time.Time{})
	}
	c := Comparison{Before: before.at, After: after.at, Counts: map[Change]int{}, Changes: []Changed{}}
	add := func(what Change, f Failing) {
		c.Counts[what]++
		c.Changes = append(c.Changes, Changed{what, f})
	}
	formerly := map[mark]mark{} // the fingerprint now → that before
	for old, now := range after.former {
		if _, known := before.verdicts[old]; known {
			formerly[now] = old
		}
	}
	for p, f := range after.failing {
		old := p
		if _, known := before.verdicts[p]; !known {
			if q, renamed := formerly[p]; renamed {
				old = q
			}
		}
		status, known := before.verdicts[old]
		switch {
		case known && status == posture.Fail:
			add(Open, f)
		case known && status == posture.Pass && before.same(after, f):
			add(Regressed, f)
		default:
			add(New, f)
		}
	}
	for p, f := range before.failing {
		now := p
		if q, renamed := after.former[p]; renamed {
			now = q
		}
		if _, still := after.failing[now]; still {
			continue
		}
		add(after.became(before, now, f), f)
	}
	slices.SortFunc(c.Changes, func(a, b Changed) int {
		return cmp.Or(cmp.Compare(a.Change, b.Change), cmp.Compare(b.Severity, a.Severity), strings.Compare(a.Control, b.Control), strings.Compare(a.Fingerprint, b.Fingerprint))
	})
	return c
}

// became says what became of f, which failed before and does not fail now.
func (s *Snapshot) became(before *Snapshot, p mark, f Failing) Change {
	status, known := s.verdicts[p]
	switch {
	case !before.same(s, f):
		return NotSeen
	case known && status == posture.Pass:
		return Fixed
	case known && status == posture.NotApplicable:
		return Gone
	case known: // unknown
		return NotSeen
	}
	if how, _ := s.runOf(f, s.renamed); how.complete {
		return Gone
	}
	return NotSeen
}

// same tells whether f's control ran at f's place in both, with the same
// parameters.
func (s *Snapshot) same(after *Snapshot, f Failing) bool {
	a, ranBefore := s.runOf(f, after.renamed)
	b, ranAfter := after.runOf(f, after.renamed)
	return ranBefore && ranAfter && a.params == b.params
}

// runOf finds how f's control ran at f's place, under the id that it has, had
// or got.
func (s *Snapshot) runOf(f Failing, renamed map[string]string) (ran, bool) {
	if how, ok := s.ran[scanned{f.Control, f.Place}]; ok {
		return how, true
	}
	for old, now := range renamed {
		other := old
		switch f.Control {
		case old:
			other = now
		case now:
		default:
			continue
		}
		if how, ok := s.ran[scanned{other, f.Place}]; ok {
			return how, true
		}
	}
	return ran{}, false
}
