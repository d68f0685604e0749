package report

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/compliance"
)

// Format writes a report. A format of one's own is a type with this method.
// An error stops the writing; it names the item, and what stands in w stays.
type Format interface {
	Write(w io.Writer, h Header, items iter.Seq[compliance.Item]) error
}

// Header is what a report says before its findings.
type Header struct {
	Title      string          `json:"title,omitempty"`       // default "AWS security posture"
	Tool       string          `json:"tool,omitempty"`        // that made the findings; default "posture"
	Version    string          `json:"toolVersion,omitempty"` // of the tool
	Places     []posture.Place `json:"places,omitempty"`      // assessed
	Gaps       []Gap           `json:"gaps,omitempty"`        // declared and not reached
	Started    time.Time       `json:"started,omitzero"`
	Finished   time.Time       `json:"finished,omitzero"` // the day by which waivers count; OCSF, ASFF, OSCAL and JUnit need it
	Frameworks []Framework     `json:"frameworks,omitempty"`
	Counts     *Counts         `json:"counts,omitempty"` // of the items; nil: HTML and Markdown walk the items twice

	// FirstSeen says since when a finding is known. Nil or a zero time: since Finished.
	FirstSeen func(posture.Finding) time.Time `json:"-"`
}

// Gap is a place that was to be assessed and was not, and why.
type Gap struct {
	Place  posture.Place `json:"place"`
	Reason string        `json:"reason"`
}

// Framework is a framework the assessment speaks of, with how its requirements
// ended: outcomes in the order to print, which add up to Total.
type Framework struct {
	Key      string    `json:"framework"` // "cis-aws"
	Version  string    `json:"version"`   // "5.0.0"
	Title    string    `json:"title"`
	Total    int       `json:"total,omitempty"` // 0: not derived
	Outcomes []Outcome `json:"outcomes,omitempty"`
}

// Outcome is how many requirements ended one way: "met", "not assessed" …
type Outcome struct {
	Word  string `json:"word"`
	Count int    `json:"count"`
}

func (f Framework) name() string { return f.Key + "@" + f.Version }

func (h Header) title() string { return cmp.Or(line(h.Title), "AWS security posture") }
func (h Header) tool() string  { return cmp.Or(line(h.Tool), "posture") }

func (h Header) needTime() error {
	if y := h.Finished.UTC().Year(); y < 1900 || y > 2999 {
		return fmt.Errorf("report: the header's Finished is %s; this format needs the time of the assessment", stamp(h.Finished))
	}
	return nil
}

func (h Header) firstSeen(f posture.Finding) time.Time {
	if h.FirstSeen != nil {
		if t := h.FirstSeen(f); !t.IsZero() && t.Before(h.Finished) {
			return t
		}
	}
	return h.Finished
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
}

// walk gives every item as a row to do, and stops at the first error.
func (h Header) walk(items iter.Seq[compliance.Item], do func(row) error) error {
	if items == nil {
		return nil
	}
	n := 0
	for it := range items {
		r, err := h.row(it)
		r.n = n
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

// output is a writer that remembers its error, so that only its end and the
// walk look at it.
type output struct {
	*bufio.Writer
	buf *bytes.Buffer
	enc *json.Encoder // into buf
}

func newOutput(w io.Writer) output {
	buf := &bytes.Buffer{}
	enc := json.NewEncoder(buf)
	enc.SetEscapeHTML(false) // AWS documents are full of <, > and &, and no JSON of ours stands in a page
	return output{bufio.NewWriterSize(w, 1<<16), buf, enc}
}

func (o output) put(ss ...string) {
	for _, s := range ss {
		_, _ = o.WriteString(s) // the writer keeps its first error and gives it to every later call
	}
}

func (o output) err() error {
	_, err := o.Write(nil)
	return err
}

// json writes v on one line.
func (o output) json(v any) error {
	b, err := o.encode(v)
	if err == nil {
		_, err = o.Write(b)
	}
	return err
}

// encode gives the JSON of v and a line end, good until the next call. What
// cannot be seen is escaped, so that a reader of the file sees what a program
// reads, and so is U+FFFD, which the encoder escapes only where it put it.
func (o output) encode(v any) ([]byte, error) {
	o.buf.Reset()
	if err := o.enc.Encode(v); err != nil {
		return nil, err
	}
	b := o.buf.Bytes()
	if !slices.ContainsFunc(b, func(c byte) bool { return c > '~' }) {
		return b, nil
	}
	out := make([]byte, 0, len(b)+64)
	for len(b) > 0 {
		r, n := utf8.DecodeRune(b)
		switch {
		case r < ' ' || !unicode.IsControl(r) && !hides(r) && r != utf8.RuneError:
			out = append(out, b[:n]...)
		case r > 0xffff:
			hi, lo := utf16.EncodeRune(r)
			out = fmt.Appendf(out, `\u%04x\u%04x`, hi, lo)
		default:
			out = fmt.Appendf(out, `\u%04x`, r)
		}
		b = b[n:]
	}
	return out, nil
}
