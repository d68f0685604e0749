package advisor

import (
	"fmt"
	"html"
	"io"
	"strings"
)

const style = "body{font:14px system-ui,sans-serif;margin:2em;color:#222}table{border-collapse:collapse;margin:1em 0}th,td{border:1px solid #ccc;padding:.3em .6em;text-align:left;vertical-align:top}" +
	"td.n,th.n{text-align:right}tr.critical td:nth-child(2),tr.high td:nth-child(2){background:#f8d7da}tr.medium td:nth-child(2){background:#fff3cd}blockquote{border-left:4px solid #888;margin:1em 0;padding:.2em 1em}"

// HTML writes the page as one HTML document that loads nothing. Everything that
// AWS and the account say is escaped.
func (p Page) HTML(w io.Writer) error {
	var s strings.Builder
	e := html.EscapeString
	title := "Advice for account " + e(p.Place.String())
	fmt.Fprintf(&s, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>%s</title>\n<style>%s</style>\n</head>\n<body>\n<h1>%s</h1>\n", title, style, title)
	fmt.Fprintf(&s, "<p>As of %s. %s; estimated savings %s a month.</p>\n", stamp(p.At), plural(len(p.Advice), "piece of advice", "pieces of advice"), p.Savings)
	for _, n := range p.Notes {
		fmt.Fprintf(&s, "<blockquote>%s</blockquote>\n", e(n))
	}
	if len(p.Tally) > 0 {
		s.WriteString("<table>\n<thead><tr><th>category</th><th class=\"n\">red</th><th class=\"n\">yellow</th><th class=\"n\">recomputed</th><th class=\"n\">other</th></tr></thead>\n<tbody>\n")
		for _, t := range p.Tally {
			fmt.Fprintf(&s, "<tr><td>%s</td><td class=\"n\">%d</td><td class=\"n\">%d</td><td class=\"n\">%d</td><td class=\"n\">%d</td></tr>\n", e(t.Category.word()), t.Red, t.Yellow, t.Recomputed, t.Other)
		}
		s.WriteString("</tbody>\n</table>\n")
	}
	shown, more := p.shown()
	if len(shown) > 0 {
		s.WriteString("<table>\n<thead><tr><th class=\"n\"></th><th>severity</th><th>advice</th><th>where</th><th class=\"n\">saves a month</th><th>age</th><th>why here</th></tr></thead>\n<tbody>\n")
		for i, a := range shown {
			fmt.Fprintf(&s, "<tr class=\"%[2]s\"><td class=\"n\">%[1]d</td><td>%[2]s</td><td>%[3]s</td><td>%[4]s</td><td class=\"n\">%[5]s</td><td>%[6]s</td><td>%[7]s</td></tr>\n", i+1, e(a.Severity.String()), e(a.Title), e(a.where()), e(a.money()), p.age(a), e(a.Reason))
		}
		s.WriteString("</tbody>\n</table>\n")
	}
	if more > 0 {
		fmt.Fprintf(&s, "<p>And %d more.</p>\n", more)
	}
	if len(p.Unknown) > 0 {
		s.WriteString("<h2>Could not be assessed</h2>\n<ul>\n")
		for _, u := range p.Unknown {
			fmt.Fprintf(&s, "<li>%s</li>\n", e(u))
		}
		s.WriteString("</ul>\n")
	}
	s.WriteString("</body>\n</html>\n")
	_, err := io.WriteString(w, s.String())
	return err
}
