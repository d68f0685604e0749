package report

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/compliance"
)

// Format writes a report. A format of one's own is a type with this method.
// An error stops the writing; it names the item, and what stands in w stays.
type Format interface {
	Write(w io.Writer, h Header, items iter.Seq[compliance.Item]) error
}

// row is an item with what formats derive from it.
type row struct {
	compliance.Item
	n        int
	id       string // fingerprint
	state    state
	severity posture.Severity
	domain   string
	evidence []byte // JSON on one line; nil: none
	change   string // what became of it since the earlier assessment; "": nothing, or nothing was compared
	absent   bool   // no item: it is there to say that it is gone
}

// walk gives every item as a row to do, and stops at the first error.
func (h Header) walk(items iter.Seq[compliance.Item], do func(row) error) error {
	if items == nil {
		return nil
	}
	n, changes := 0, h.changes()
	for it := range items {
		r, err := h.row(it)
		r.n, r.change = n, changes[r.id]
		if err == nil {
			err = do(r)
		}
		if err != nil {
			return fmt.Errorf("report: item %d (%s on %s): %w", n, it.Finding.Control, it.Finding.Resource, err)
		}
		n++
	}
	return nil
}

func (h Header) row(it compliance.Item) (row, error) {
	if it.Finding.Control = cmp.Or(it.Finding.Control, it.Control.ID); it.Control.ID == "" {
		it.Control.ID = it.Finding.Control
	}
	it = valid(it)
	r := row{Item: it, state: stateOf(it, h.Finished), severity: severityOf(it), domain: domainOf(it)}
	if it.Finding.Status > posture.NotApplicable || r.severity > posture.Critical {
		return r, errors.New("its status or severity has no word")
	}
	if e := it.Finding.Evidence; e != nil {
		var b bytes.Buffer
		enc := json.NewEncoder(&b)
		enc.SetEscapeHTML(false)
		if err := enc.Encode(e); err != nil {
			return r, fmt.Errorf("evidence: %w", err)
		}
		r.evidence = bytes.ToValidUTF8(bytes.TrimSpace(b.Bytes()), []byte("\ufffd"))
		r.Finding.Evidence = json.RawMessage(r.evidence)
	}
	r.id = r.Finding.Fingerprint()
	return r, nil
}

func severityOf(it compliance.Item) posture.Severity {
	return cmp.Or(it.Finding.Severity, it.Control.Severity)
}

func domainOf(it compliance.Item) string {
	d, _, _ := strings.Cut(cmp.Or(it.Finding.Control, it.Control.ID), ".")
	return d
}

// title is the control's, or its id where it has none.
func (r row) title() string {
	return cmp.Or(line(r.Control.Title), line(r.Control.ID), "control without a name")
}

// detail is what was observed, in one line.
func (r row) detail() string { return cmp.Or(line(r.Finding.Detail), r.title()) }

// cause says why an Unknown is one; "" for other verdicts.
func (r row) cause() string {
	if r.state != unknown {
		return ""
	}
	c := r.Finding.Cause
	if c == nil {
		return string(posture.CauseNoVerdict)
	}
	parts := []string{cmp.Or(string(c.Kind), string(posture.CauseError))}
	for _, s := range []string{c.Operation, c.Code, c.Message} {
		if s != "" {
			parts = append(parts, s)
		}
	}
	if c.Layer != "" {
		parts = append(parts, "refused by the "+c.Layer)
	}
	return line(strings.Join(parts, ": "))
}

// causeKind is the cause's kind alone.
func (r row) causeKind() string {
	if c := r.Finding.Cause; c != nil && c.Kind != "" {
		return line(string(c.Kind))
	}
	return string(posture.CauseNoVerdict)
}

// waiver says who accepted the finding, until when and why; "" without one.
func (r row) waiver() string {
	w := r.Waiver
	if w == nil {
		return ""
	}
	word := "Waived"
	if r.state != waived {
		word = "Waiver not in force"
	}
	return fmt.Sprintf("%s by %s until %s: %s", word, cmp.Or(line(w.Owner), "nobody"), day(w.Expires), cmp.Or(line(w.Reason), "no reason given"))
}

// subject names what was judged: the resource and the part of it.
func (r row) subject() string {
	s := cmp.Or(line(r.Finding.Resource.String()), "unnamed resource")
	if r.Finding.Sub != "" {
		s += " " + line(r.Finding.Sub)
	}
	return s
}
