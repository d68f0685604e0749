package inspector

import (
	"bufio"
	"fmt"
	"html"
	"io"
	"strings"
	"time"

	"github.com/awsposture/posture"
)

// Report is a ranking, and a proof if there is one, for people. Of a report on
// every finding see WriteCSV and WriteSARIF, which take a stream.
type Report struct {
	Title   string // default "Vulnerabilities"
	Place   posture.Place
	Ranking Ranking
	Proof   *Proof
	Fixes   int // how many are shown; default 20
	Risks   int // how many resources are shown; default 20
}

func (r Report) title() string {
	return orDefault(r.Title, "Vulnerabilities") + ", " + r.Place.String()
}

// lines are the sentences at the head of a report.
func (r Report) lines() []string {
	k := r.Ranking
	var tiers []string
	for _, t := range Tiers() {
		tiers = append(tiers, fmt.Sprintf("%s %d", t, k.Tiers[t]))
	}
	all := []string{
		fmt.Sprintf("As of %s: %s, %d distinct. %s.", stamp(k.Made), plural(k.Read, "active finding", "active findings"), k.Distinct, strings.Join(tiers, ", ")),
		fmt.Sprintf("%d overdue; %d that no fix closes.", k.Overdue, k.NoFix),
	}
	if r.Proof != nil {
		all = append(all, "Coverage: "+r.Proof.String())
	} else {
		all = append(all, "Coverage was not proved: what is not listed here may not have been looked at.")
	}
	for _, u := range k.Unknown {
		all = append(all, "Not known: "+u+".")
	}
	return all
}

// tables are what a report shows, in order.
func (r Report) tables() []table {
	k := r.Ranking
	smallest := table{title: "What closes every T0 and T1", head: []string{"Fix", "Closes", "Resources", "Because"}}
	for _, f := range k.Smallest {
		smallest.add(f.Do, fmt.Sprint(f.Closes), fmt.Sprint(f.Resources), f.Worst)
	}
	fixes := table{title: "Fixes, by what they close", head: []string{"Fix", "Closes", "T0 to T2", "Resources"}, of: len(k.Fixes)}
	for _, f := range k.Fixes[:min(len(k.Fixes), orDefault(r.Fixes, 20))] {
		fixes.add(f.Do, fmt.Sprint(f.Closes), fmt.Sprint(f.Urgent), fmt.Sprint(f.Resources))
	}
	items := table{title: "Findings, the most urgent first", head: []string{"Tier", "Finding", "Resource", "Due", "Why"}, of: k.Distinct}
	for _, i := range k.Items {
		items.add(i.Tier.String(), i.Title, i.Resource.ID, due(i), i.Reason)
	}
	risks := table{title: "Resources, the most urgent first", head: []string{"Resource", "Account", "Findings", "Overdue", "Worst"}, of: len(k.Risks)}
	for _, v := range k.Risks[:min(len(k.Risks), orDefault(r.Risks, 20))] {
		risks.add(v.Resource.ID, v.Resource.Account, fmt.Sprint(v.Findings), fmt.Sprint(v.Overdue), v.Worst)
	}
	all := []table{smallest, fixes, items, risks}
	if r.Proof != nil {
		gaps := table{title: "Not proven scanned", head: []string{"Resource", "Account", "Scan", "Verdict", "Why"}}
		for _, v := range r.Proof.unproven() {
			gaps.add(v.Resource.ID, v.Resource.Account, string(v.Scan), string(v.Verdict), v.Why)
		}
		all = append(all, gaps)
	}
	return all
}

type table struct {
	title string
	head  []string
	rows  [][]string
	of    int // rows there are, where not all of them are shown
}

func (t *table) add(cells ...string) { t.rows = append(t.rows, cells) }

func (t table) heading() string {
	if t.of > len(t.rows) {
		return fmt.Sprintf("%s (%d of %d)", t.title, len(t.rows), t.of)
	}
	return t.title
}

func due(i Item) string {
	switch {
	case i.Due.IsZero():
		return ""
	case i.Overdue:
		return date(i.Due) + ", overdue"
	}
	return date(i.Due)
}

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

// dayOf gives a date, "" for none.
func dayOf(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return date(t)
}
