package report

import (
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/compliance"
)

// Markdown writes a summary, a table of findings and, for each control that
// failed or could not be judged, why it matters and what to do. It is GitHub
// Flavored Markdown; what comes from AWS stands in it as text, never as markup.
type Markdown struct {
	All bool // passed and not applicable findings too, not only their number
}

// Write implements Format.
func (m Markdown) Write(w io.Writer, h Header, items iter.Seq[compliance.Item]) error {
	out, counts := newOutput(w), h.counts(items)
	m.summary(out, h, counts)
	controls := map[string]posture.Control{}
	seen := Counts{}
	out.put("\n## Findings\n\n| Verdict | Severity | Control | Resource | Account | Region | Owner | What was observed |\n|---|---|---|---|---|---|---|---|\n")
	err := h.walk(items, func(r row) error {
		seen.Add(r.Item, h.Finished)
		if r.state >= pass && !m.All {
			return nil
		}
		detail := prose(r.detail())
		if c := r.cause(); c != "" {
			detail += "<br>Cause: " + prose(c)
		}
		if v := r.waiver(); v != "" {
			detail += "<br>" + prose(v)
		}
		if r.evidence != nil {
			detail += "<br>" + code(string(r.evidence))
		}
		verdict := stateTitles[r.state]
		if r.change != "" {
			verdict += ", " + r.change
		}
		out.put("| ", verdict, " | ", r.severity.String(), " | ", code(r.Control.ID), " | ", code(r.subject()), " | ",
			prose(r.Finding.Resource.Account), " | ", prose(r.Finding.Resource.Region), " | ", prose(r.Owner), " | ", detail, " |\n")
		if r.state <= waived {
			controls[r.Control.ID] = r.Control
		}
		return out.err()
	})
	if err == nil {
		err = counts.sameAs(seen)
	}
	if err != nil {
		return err
	}
	if len(controls) > 0 {
		out.put("\n## What to do\n")
	}
	for _, id := range sortedKeys(controls) {
		c := controls[id]
		out.put("\n### ", code(id), " ", prose(c.Title), "\n\n", prose(c.Doc), "\n")
		for _, p := range c.Params {
			out.put("\n* ", prose(fmt.Sprintf("Judged with %s = %s %s (default %s)", p.Name, p.Value, p.Unit, p.Default)), "\n")
		}
	}
	return out.Flush()
}

func (m Markdown) summary(out output, h Header, c Counts) {
	out.put("# ", prose(h.title()), "\n\n", prose(h.what()), "\n")
	if len(h.Places) > 0 {
		out.put("\nAssessed: ", prose(places(h.Places)), "\n")
	}
	for _, g := range h.Gaps {
		out.put("\n* Not assessed: ", prose(g.Place.String()), ": ", prose(g.Reason), "\n")
	}
	for _, n := range h.Notes {
		out.put("\n* ", prose(n), "\n")
	}
	t := c.All
	out.put("\n## Summary\n\n| Findings | Fail | Unknown | Waived | Pass | Not applicable |\n|---|---|---|---|---|---|\n",
		fmt.Sprintf("| %d | %d | %d | %d | %d | %d |\n", t.Total(), t.Fail, t.Unknown, t.Waived, t.Pass, t.NotApplicable))
	out.put("\n| Severity | Fail | Unknown | Waived |\n|---|---|---|---|\n")
	for s := posture.Critical; s >= posture.Informational; s-- {
		t := c.Severities[s]
		out.put(fmt.Sprintf("| %s | %d | %d | %d |\n", s, t.Fail, t.Unknown, t.Waived))
	}
	if h.Comparison != nil {
		out.put("\n### ", h.since(), "\n\n| Change | Count |\n|---|---|\n")
		for _, c := range changeOrder {
			out.put("| ", changeTitle(c.String()), fmt.Sprintf(" | %d |\n", h.Comparison.Counts[c]))
		}
	}
	for _, f := range h.Frameworks {
		if len(f.Outcomes) == 0 {
			continue
		}
		out.put("\n### ", prose(f.heading()), "\n\n| Requirements | Count |\n|---|---|\n")
		for _, o := range f.Outcomes {
			out.put("| ", prose(o.Word), fmt.Sprintf(" | %d |\n", o.Count))
		}
		out.put("\n", f.denominator(), "\n")
		if len(f.Requirements) > 0 {
			out.put("\n| Requirement | Outcome | What it asks | What the outcome rests on |\n|---|---|---|---|\n")
		}
		for _, q := range f.Requirements {
			basis := prose(q.Basis)
			if q.Shares != "" {
				basis += "<br>" + prose(q.Shares)
			}
			out.put("| ", prose(q.ID), " | ", prose(q.Outcome), " | ", prose(q.Title), " | ", basis, " |\n")
		}
	}
}

// what says in a sentence what made the report and when.
func (h Header) what() string {
	s := strings.TrimSpace(h.tool() + " " + line(h.Version))
	if !h.Started.IsZero() {
		s += ", started " + stamp(h.Started)
	}
	if !h.Finished.IsZero() {
		s += ", finished " + stamp(h.Finished)
	}
	return s + "."
}

func (f Framework) heading() string {
	if f.Title == "" {
		return line(f.name())
	}
	return line(f.Title) + " (" + line(f.name()) + ")"
}

// denominator says of how many requirements the outcomes are.
func (f Framework) denominator() string {
	n := 0
	for _, o := range f.Outcomes {
		n += o.Count
	}
	if f.Total == 0 {
		return fmt.Sprintf("Of the %d ids carried; the framework's total is not derived.", n)
	}
	return fmt.Sprintf("%d of %d requirements accounted for.", n, f.Total)
}

// counts are the header's, or those of a walk through the items.
func (h Header) counts(items iter.Seq[compliance.Item]) Counts {
	if h.Counts != nil {
		return *h.Counts
	}
	return Count(items, h.Finished)
}

// sameAs is an error where the summary written does not count what was then written.
func (c Counts) sameAs(seen Counts) error {
	if c.All == seen.All {
		return nil
	}
	return fmt.Errorf("report: the summary counts %d findings (%+v) but %d came (%+v): the header's Counts are of other items or another time, or the sequence can be walked only once", c.All.Total(), c.All, seen.All.Total(), seen.All)
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

var markup = strings.NewReplacer(
	"&", "&amp;", "<", "&lt;", ">", "&gt;", "|", "&#124;", "\\", "\\\\", "`", "\\`", "*", "\\*", "_", "\\_", "[", "\\[", "]", "\\]",
	"~", "\\~", "#", "\\#", "!", "\\!", "$", "\\$", "@", "&#64;", "://", ":&#47;&#47;", "www.", "www&#46;",
)

// prose is text in which no character marks anything up.
func prose(s string) string {
	s = markup.Replace(line(s))
	// At the start of a line these would make a list.
	if s != "" && strings.ContainsRune("+-", rune(s[0])) {
		s = "\\" + s
	}
	return s
}

// code is text as it stands, in a code span; empty text is nothing. What would
// end the span, or the cell that it stands in, makes it a code element.
func code(s string) string {
	switch s = line(s); {
	case s == "":
		return ""
	case strings.ContainsAny(s, "`|"), strings.HasSuffix(s, "\\"):
		return "<code>" + prose(s) + "</code>"
	}
	return "`" + s + "`"
}
