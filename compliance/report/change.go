package report

import (
	"fmt"
	"iter"
	"strings"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/compliance"
)

// The words of the changes that formats ask for.
var (
	changeNew       = compliance.New.String()
	changeOpen      = compliance.Open.String()
	changeFixed     = compliance.Fixed.String()
	changeRegressed = compliance.Regressed.String()
	changeGone      = compliance.Gone.String()
)

// changeOrder is the order in which changes are printed: bad news first.
var changeOrder = [...]compliance.Change{compliance.New, compliance.Regressed, compliance.Open, compliance.NotSeen, compliance.Fixed, compliance.Gone}

// changes are the words of what became of findings, by fingerprint.
func (h Header) changes() map[string]string {
	if h.Comparison == nil {
		return nil
	}
	m := make(map[string]string, len(h.Comparison.Changes))
	for _, c := range h.Comparison.Changes {
		m[c.Fingerprint] = c.Change.String()
	}
	return m
}

// walkAndGone is walk, and then a row for each failing finding that a complete
// listing no longer has, which is no item of this assessment: it does not apply.
func (h Header) walkAndGone(items iter.Seq[compliance.Item], do func(row) error) error {
	if h.Comparison == nil {
		return h.walk(items, do)
	}
	gone := map[string]bool{}
	for _, c := range h.Comparison.Changes {
		if c.Change == compliance.Gone {
			gone[c.Fingerprint] = true
		}
	}
	n := 0
	err := h.walk(items, func(r row) error {
		delete(gone, r.id)
		n++
		return do(r)
	})
	if err != nil {
		return err
	}
	for _, c := range h.Comparison.Changes {
		if !gone[c.Fingerprint] {
			continue
		}
		delete(gone, c.Fingerprint)
		r, err := h.row(compliance.Item{
			Control: posture.Control{ID: c.Control, Severity: c.Severity}, Owner: c.Owner,
			Finding: posture.Finding{
				Control: c.Control, Severity: c.Severity, Status: posture.NotApplicable, Resource: c.Resource, Sub: c.Sub,
				Detail: "It failed before, and a complete listing no longer has it.",
			},
		})
		// The fingerprint is the one under which it was known.
		r.n, r.id, r.change, r.absent = n, utf(c.Fingerprint), changeGone, true
		if err == nil {
			err = do(r)
		}
		if err != nil {
			return fmt.Errorf("report: gone finding of %s on %s: %w", c.Control, c.Resource, err)
		}
		n++
	}
	return nil
}

// changeTitle is the word of a change for a reader.
func changeTitle(word string) string {
	if word == "" {
		return ""
	}
	return strings.ToUpper(word[:1]) + strings.ReplaceAll(word[1:], "-", " ")
}

// since says of which day's assessment the changes are.
func (h Header) since() string {
	if h.Comparison.Before.IsZero() {
		return "Changes"
	}
	return "Changes since " + day(h.Comparison.Before)
}
