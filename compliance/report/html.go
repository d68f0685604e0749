package report

import (
	"cmp"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"html"
	"io"
	"iter"
	"strings"

	"github.com/awsposture/posture/compliance"
)

// HTML writes one page that needs nothing else: a summary with charts, each
// requirement with its outcome where the header has them, and every finding with
// its evidence and, unless it passed, what to do; filters by status, severity,
// domain, framework, owner and account, by change where there is a comparison, and
// a search. Without script it is the whole report without filters; it prints, and
// it follows the reader's choice of light or dark. Its content security policy
// lets no other script or style run and nothing load.
//
// The items are walked twice unless the header has Counts. A browser takes a few
// seconds to read twenty thousand findings, and the filters work meanwhile; for
// many more, write a page for each account.
type HTML struct{}

//go:embed html.css
var pageStyle string

//go:embed html.js
var pageScript string

func sha(s string) string {
	h := sha256.Sum256([]byte(s))
	return "'sha256-" + base64.StdEncoding.EncodeToString(h[:]) + "'"
}

// esc is text on one line for an element or a quoted attribute.
func esc(s string) string { return html.EscapeString(line(s)) }

// Write implements Format.
func (HTML) Write(w io.Writer, h Header, items iter.Seq[compliance.Item]) error {
	out, counts, seen := newOutput(w), h.counts(items), Counts{}
	out.put("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n",
		`<meta http-equiv="Content-Security-Policy" content="default-src 'none'; base-uri 'none'; form-action 'none'; style-src `, sha(pageStyle), `; script-src `, sha(pageScript), "\">\n",
		`<meta name="color-scheme" content="light dark">`, "\n<meta name=\"generator\" content=\"", esc(h.tool()), "\">\n<title>", esc(h.title()), "</title>\n<style>", pageStyle, "</style>\n</head>\n<body>\n",
		"<a class=\"skip\" href=\"#findings\">To the findings</a>\n<header>\n<h1>", esc(h.title()), "</h1>\n<p class=\"soft\">", esc(h.what()), "</p>\n")
	if len(h.Places) > 0 {
		out.put("<details class=\"soft\"><summary>", plural(len(h.Places), "place", "places"), " assessed</summary>", esc(places(h.Places)), "</details>\n")
	}
	out.put("</header>\n<main>\n")
	summary(out, h, counts)
	filters(out, h, counts)
	out.put("<div id=\"list\">\n<script>", pageScript, "</script>\n")
	err := h.walk(items, func(r row) error {
		seen.Add(r.Item, h.Finished)
		finding(out, h, r)
		return out.err()
	})
	if err == nil {
		err = counts.sameAs(seen)
	}
	if err != nil {
		return err
	}
	out.put("</div>\n</section>\n</main>\n<footer>", esc(h.what()), " This report is evidence of an assessment, not a certificate.</footer>\n</body>\n</html>\n")
	return out.Flush()
}

var stateMarks = [...]string{"✕", "?", "◐", "✓", "–"}

func finding(out output, h Header, r row) {
	f := r.Finding
	severity := cmp.Or(r.severity.String(), "unset")
	out.put(`<details class="f `, r.state.String(), `" data-s="`, r.state.String(), `" data-v="`, severity, `" data-d="`, esc(r.domain), `" data-a="`, esc(f.Resource.Account), `" data-o="`, esc(r.Owner), `" data-f="`)
	for i, q := range r.Requirements {
		if name := frameworkOf(q); !repeated(r.Requirements[:i], name) {
			if i > 0 {
				out.put("&#10;")
			}
			out.put(esc(name))
		}
	}
	if h.Comparison != nil {
		out.put(`" data-c="`, r.change)
	}
	out.put("\">\n<summary><span class=\"v\"><span aria-hidden=\"true\">", stateMarks[r.state], "</span> ", stateTitles[r.state], `</span><span class="s `, severity, `">`, severity,
		`</span><span class="t">`, esc(r.title()))
	if r.change != "" {
		out.put(` <span class="c">`, r.change, `</span>`)
	}
	out.put(`</span><span class="w">`, esc(strings.Trim(f.Resource.Account+" · "+f.Resource.Region, "· ")),
		`</span><span class="r">`, esc(r.subject()), `</span>`)
	if r.Owner != "" {
		out.put(`<span class="o">`, esc(r.Owner), `</span>`)
	}
	out.put("</summary>\n<div class=\"b\"><p>", esc(r.detail()), "</p>")
	if c := r.cause(); c != "" {
		out.put(`<p class="note">Cause: `, esc(c), "</p>")
	}
	if v := r.waiver(); v != "" {
		out.put(`<p class="note">`, esc(v), "</p>")
	}
	if r.evidence != nil {
		out.put("<h3>Evidence</h3><pre>", html.EscapeString(evidenceText(r.evidence)), "</pre>")
	}
	if r.Control.Doc != "" && r.state <= waived {
		out.put("<h3>Why it matters and how to put it right</h3><p>", esc(r.Control.Doc), "</p>")
	}
	out.put(`<p class="k">`)
	facts := [][2]string{
		{"Control", r.Control.ID},
		{"Resource", f.Resource.String()},
		{"Type", f.Resource.Type},
		{"Part", f.Sub},
		{"Requirements", refs(r.Requirements)},
		{"Tags", tagList(f.Tags)},
	}
	for _, p := range r.Control.Params {
		facts = append(facts, [2]string{"Judged with", p.Name + " = " + p.Value + " " + p.Unit})
	}
	for _, k := range append(facts, [2]string{"Fingerprint", r.id}) {
		if k[1] != "" {
			out.put(k[0], ": ", esc(k[1]), "\n")
		}
	}
	out.put("</p></div>\n</details>\n")
}
