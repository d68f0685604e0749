package advisor

import (
	"fmt"
	"io"
	"strings"
)

// Markdown writes the page as Markdown with tables. What AWS and the account say
// is escaped: no name becomes a link, markup or a column.
func (p Page) Markdown(w io.Writer) error {
	var s strings.Builder
	fmt.Fprintf(&s, "# Advice for account %s\n\nAs of %s. %s; estimated savings %s a month.\n", cell(p.Place.String()), stamp(p.At), plural(len(p.Advice), "piece of advice", "pieces of advice"), cell(p.Savings.String()))
	for _, n := range p.Notes {
		fmt.Fprintf(&s, "\n> %s\n", cell(n))
	}
	if len(p.Tally) > 0 {
		s.WriteString("\n| category | red | yellow | recomputed | other |\n|---|---:|---:|---:|---:|\n")
	}
	for _, t := range p.Tally {
		fmt.Fprintf(&s, "| %s | %d | %d | %d | %d |\n", cell(t.Category.word()), t.Red, t.Yellow, t.Recomputed, t.Other)
	}
	shown, more := p.shown()
	if len(shown) > 0 {
		s.WriteString("\n| | severity | advice | where | saves a month | age | why here |\n|---:|---|---|---|---:|---|---|\n")
	}
	for i, a := range shown {
		fmt.Fprintf(&s, "| %d | %s | %s | %s | %s | %s | %s |\n", i+1, a.Severity, cell(a.Title), cell(a.where()), cell(a.money()), p.age(a), cell(a.Reason))
	}
	if more > 0 {
		fmt.Fprintf(&s, "\nAnd %d more.\n", more)
	}
	if len(p.Unknown) > 0 {
		s.WriteString("\n## Could not be assessed\n\n")
	}
	for _, u := range p.Unknown {
		fmt.Fprintf(&s, "- %s\n", cell(u))
	}
	_, err := io.WriteString(w, s.String())
	return err
}

// money is what the advice saves, "" nothing.
func (a Advice) money() string {
	switch {
	case a.Savings == 0:
		return ""
	case a.Shared:
		return a.Savings.String() + " (check)"
	}
	return a.Savings.String()
}

// cell escapes text for a table cell of Markdown: what could be markup, a link, a
// column or a line of its own.
func cell(s string) string {
	var out strings.Builder
	for _, r := range s {
		switch {
		case r == '\n' || r == '\r' || r == '\t':
			out.WriteByte(' ')
		case r < ' ' || r == 0x7f:
		case strings.ContainsRune("\\`*_{}[]()#!|~&$", r):
			out.WriteByte('\\')
			out.WriteRune(r)
		case r == '<':
			out.WriteString("&lt;")
		case r == '>':
			out.WriteString("&gt;")
		case r == ':': // keeps an address from becoming a link by itself
			out.WriteString("&#58;")
		default:
			out.WriteRune(r)
		}
	}
	return out.String()
}
