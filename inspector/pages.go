package inspector

import (
	"bufio"
	"fmt"
	"html"
	"io"
	"strings"
)

// markdown keeps a text from being read as markup, in a table's cell too.
var markdown = strings.NewReplacer("\\", "\\\\", "|", "\\|", "*", "\\*", "_", "\\_", "`", "\\`", "<", "&lt;", ">", "&gt;", "[", "\\[", "]", "\\]", "#", "\\#", "&", "&amp;", "\r", " ", "\n", " ")

// WriteMarkdown writes the report as a page of Markdown.
func (r Report) WriteMarkdown(w io.Writer) error {
	b := bufio.NewWriter(w)
	fmt.Fprintf(b, "# %s\n", markdown.Replace(r.title()))
	for _, line := range r.lines() {
		fmt.Fprintf(b, "\n%s\n", markdown.Replace(line))
	}
	row := func(cells []string) {
		for _, c := range cells {
			fmt.Fprintf(b, "| %s ", markdown.Replace(c))
		}
		fmt.Fprintln(b, "|")
	}
	for _, t := range r.tables() {
		fmt.Fprintf(b, "\n## %s\n\n", markdown.Replace(t.heading()))
		if len(t.rows) == 0 {
			fmt.Fprintln(b, "None.")
			continue
		}
		row(t.head)
		fmt.Fprintln(b, strings.Repeat("|---", len(t.head))+"|")
		for _, cells := range t.rows {
			row(cells)
		}
	}
	return b.Flush()
}

const style = "body{font:15px/1.5 system-ui,sans-serif;max-width:75rem;margin:2rem auto;padding:0 1rem}table{border-collapse:collapse;width:100%}th,td{border:1px solid #bbb;padding:.3rem .5rem;text-align:left;vertical-align:top;overflow-wrap:anywhere}th{background:#eee}"

// WriteHTML writes the report as one page of HTML that loads nothing.
func (r Report) WriteHTML(w io.Writer) error {
	b := bufio.NewWriter(w)
	e := html.EscapeString
	fmt.Fprintf(b, "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>%s</title><style>%s</style></head><body>\n<h1>%[1]s</h1>\n", e(r.title()), style)
	for _, line := range r.lines() {
		fmt.Fprintf(b, "<p>%s</p>\n", e(line))
	}
	for _, t := range r.tables() {
		fmt.Fprintf(b, "<h2>%s</h2>\n", e(t.heading()))
		if len(t.rows) == 0 {
			fmt.Fprintln(b, "<p>None.</p>")
			continue
		}
		fmt.Fprint(b, "<table><thead><tr>")
		for _, h := range t.head {
			fmt.Fprintf(b, "<th scope=\"col\">%s</th>", e(h))
		}
		fmt.Fprintln(b, "</tr></thead><tbody>")
		for _, cells := range t.rows {
			fmt.Fprint(b, "<tr>")
			for _, c := range cells {
				fmt.Fprintf(b, "<td>%s</td>", e(c))
			}
			fmt.Fprintln(b, "</tr>")
		}
		fmt.Fprintln(b, "</tbody></table>")
	}
	fmt.Fprintln(b, "</body></html>")
	return b.Flush()
}
