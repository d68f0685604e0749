package report

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"html"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/awsposture/posture"
)

// view is a link to the findings that pairs of field and value select.
func view(pairs ...string) string {
	q := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		q.Set(pairs[i], line(pairs[i+1]))
	}
	return "#?" + html.EscapeString(q.Encode())
}

// summary is what the page begins with. Bars are SVG; their labels are text
// beside them, so that they wrap on a narrow screen and are read aloud.
func summary(out output, h Header, c Counts) {
	out.put("<section aria-label=\"Summary\">\n<h2 class=\"unseen\">Summary</h2>\n")
	if len(h.Gaps) > 0 {
		out.put("<div class=\"card gaps\"><strong>Not assessed</strong><ul>")
		for _, g := range h.Gaps {
			out.put("<li>", esc(g.Place.String()), ": ", esc(g.Reason), "</li>")
		}
		out.put("</ul></div>\n")
	}
	if len(h.Notes) > 0 {
		out.put("<div class=\"card gaps\"><strong>To know</strong><ul>")
		for _, n := range h.Notes {
			out.put("<li>", esc(n), "</li>")
		}
		out.put("</ul></div>\n")
	}
	out.put("<div class=\"tiles\">\n")
	for s := range stateWords {
		out.put(`<a class="card tile `, stateWords[s], `" href="`, view("status", stateWords[s]), `"><b>`, strconv.Itoa(*c.All.of(state(s))), "</b><span>", stateTitles[s], "</span></a>\n")
	}
	out.put("</div>\n<div class=\"charts\">\n")
	ring(out, c.All)
	out.put("<figure class=\"card\"><h3>Open failures by severity</h3><ul class=\"rows\">\n")
	most := 1
	for _, t := range c.Severities {
		most = max(most, t.Fail)
	}
	for s := posture.Critical; s >= posture.Informational; s-- {
		n := c.Severities[s].Fail
		bar(out, s.String(), view("status", "fail", "severity", s.String()), strconv.Itoa(n), most, part{s.String(), n})
	}
	out.put("</ul></figure>\n")
	stacks(out, "Findings by domain", "domain", c.Domains, nil)
	stacks(out, "Findings by account", "account", c.Accounts, nil)
	stacks(out, "Findings by framework", "framework", c.Frameworks, h.frameworkTitle)
	stacks(out, "Findings by owner", "owner", c.Owners, func(s string) string { return cmp.Or(s, "nobody named") })
	for _, f := range h.Frameworks {
		outcomes(out, f)
	}
	out.put("</div>\n")
	changed(out, h)
	out.put("</section>\n")
}

// outcomeClass gives an outcome the colour of the verdict that it is most like.
var outcomeClass = map[string]string{
	"met": "pass", "inherited": "pass", "partly": "medium", "excepted": "waived", "not met": "fail", "not assessed": "unknown", "manual": "low",
}

// outcomes is how many requirements of a framework ended each way.
func outcomes(out output, f Framework) {
	if len(f.Outcomes) == 0 {
		return
	}
	most := 1
	for _, o := range f.Outcomes {
		most = max(most, o.Count)
	}
	out.put("<figure class=\"card\"><h3>Requirements of ", esc(f.heading()), "</h3><ul class=\"rows\">\n")
	for _, o := range f.Outcomes {
		bar(out, o.Word, "", strconv.Itoa(o.Count), most, part{cmp.Or(outcomeClass[o.Word], "not-applicable"), o.Count})
	}
	out.put("</ul><p class=\"soft\">", esc(f.denominator()), "</p>\n")
	if len(f.Requirements) > 0 {
		out.put("<details><summary>Each requirement</summary><table>\n<thead><tr><th scope=\"col\">Id</th><th scope=\"col\">Outcome</th><th scope=\"col\">What it asks, and what the outcome rests on</th></tr></thead>\n<tbody>\n")
		for _, q := range f.Requirements {
			out.put("<tr><th scope=\"row\">", esc(q.ID), `</th><td><span class="v `, cmp.Or(outcomeClass[q.Outcome], "not-applicable"), `">`, esc(q.Outcome), "</span></td><td>", esc(q.Title))
			for _, s := range []string{q.Basis, q.Shares} {
				if s != "" {
					out.put(` <span class="soft">`, esc(s), "</span>")
				}
			}
			out.put("</td></tr>\n")
		}
		out.put("</tbody></table></details>\n")
	}
	out.put("</figure>\n")
}

// changed counts what became of findings. What is gone may have no line below.
func changed(out output, h Header) {
	if h.Comparison == nil {
		return
	}
	out.put("<div class=\"card wide\"><h3>", h.since(), "</h3><ul class=\"changes\">\n")
	for _, c := range changeOrder {
		out.put(`<li><a href="`, view("change", c.String()), `"><b>`, strconv.Itoa(h.Comparison.Counts[c]), "</b> ", changeTitle(c.String()), "</a></li>\n")
	}
	out.put("</ul><p class=\"soft\">What is gone or was not seen may have no line below.</p></div>\n")
}

func (h Header) frameworkTitle(name string) string {
	for _, f := range h.Frameworks {
		if f.name() == name {
			return cmp.Or(line(f.Title), name)
		}
	}
	return name
}

// ring is the verdicts as a ring. The circle's length is 100, so that shares
// are lengths.
func ring(out output, t Tally) {
	out.put(`<figure class="card"><h3>All findings</h3><div class="ring"><svg viewBox="0 0 40 40" role="img" aria-label="`, strconv.Itoa(t.Total()), " findings: ", t.String(), `"><circle class="track" cx="20" cy="20" r="15.5"/>`)
	from := 0.0
	for s := range stateWords {
		if n := *t.of(state(s)); n > 0 {
			share := 100 * float64(n) / float64(t.Total())
			out.put(fmt.Sprintf(`<circle class="%s" cx="20" cy="20" r="15.5" pathLength="100" stroke-dasharray="%.3f 100" stroke-dashoffset="%.3f" transform="rotate(-90 20 20)"/>`, stateWords[s], share, -from))
			from += share
		}
	}
	out.put(`<text x="20" y="21.5"`)
	if t.Total() > 99999 {
		out.put(` textLength="21" lengthAdjust="spacingAndGlyphs"`)
	}
	out.put(`>`, strconv.Itoa(t.Total()), `</text><text class="of" x="20" y="26">findings</text></svg><ul class="rows">`, "\n")
	for s := range stateWords {
		out.put(`<li><a class="`, stateWords[s], `" href="`, view("status", stateWords[s]), `"><span class="dot"></span><span class="name">`, stateTitles[s], `</span><span class="n">`, share(*t.of(state(s)), t.Total()), "</span></a></li>\n")
	}
	out.put("</ul></div></figure>\n")
}

// share is a part in percent, never 0 % or 100 % where there is something or
// something is missing.
func share(n, total int) string {
	switch {
	case n == 0:
		return "0 %"
	case 1000*n < total*5:
		return "<1 %"
	case n < total && 1000*n >= 995*total:
		return ">99 %"
	}
	return fmt.Sprintf("%.0f %%", 100*float64(n)/float64(total))
}

// part is a length of a bar and what colours it.
type part struct {
	class string
	n     int
}

// bar is a line of a chart, which leads to href unless that is empty.
func bar(out output, name, href, number string, most int, parts ...part) {
	open, end := `<a href="`+href+`">`, "</a>"
	if href == "" {
		open, end = "<div>", "</div>"
	}
	out.put(`<li>`, open, `<span class="name">`, esc(name), `</span><svg viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true">`)
	at := 0.0
	for _, p := range parts {
		if width := 1000 * float64(p.n) / float64(most); p.n > 0 {
			out.put(fmt.Sprintf(`<rect class="%s" x="%.2f" y="0" width="%.2f" height="10"/>`, p.class, at, width))
			at += width
		}
	}
	out.put(`</svg><span class="n">`, esc(number), "</span>", end, "</li>\n")
}

const mostBars = 8

// stacks is a bar for each key, the one with the most open failures first; what
// does not fit is in the filter.
func stacks(out output, title, field string, m map[string]Tally, name func(string) string) {
	if _, nobody := m[""]; len(m) == 0 || len(m) == 1 && nobody {
		return
	}
	keys := sortedKeys(m)
	slices.SortStableFunc(keys, func(a, b string) int {
		return cmp.Or(cmp.Compare(m[b].Fail, m[a].Fail), cmp.Compare(m[b].Total(), m[a].Total()))
	})
	most := 1
	for _, t := range m {
		most = max(most, t.Total())
	}
	out.put(`<figure class="card"><h3>`, title, "</h3><ul class=\"rows\">\n")
	for _, k := range keys[:min(len(keys), mostBars)] {
		t, label := m[k], k
		if name != nil {
			label = name(k)
		}
		var parts []part
		for s := range stateWords {
			parts = append(parts, part{stateWords[s], *t.of(state(s))})
		}
		bar(out, cmp.Or(label, "none"), view(field, k), fmt.Sprintf("%d of %d fail", t.Fail, t.Total()), most, parts...)
	}
	out.put("</ul>")
	if n := len(keys) - mostBars; n > 0 {
		out.put("<p class=\"soft\">", strconv.Itoa(n), " more: see the filter below.</p>")
	}
	out.put("</figure>\n")
}

// filters is shown by the script, which makes it work.
func filters(out output, h Header, c Counts) {
	out.put("<section id=\"findings\" aria-label=\"Findings\">\n<h2>Findings</h2>\n<form id=\"filters\" hidden>\n<div class=\"fields\">\n")
	field := func(name, label string, keys []string, title func(string) string, n func(string) int) {
		out.put(`<label>`, label, ` <select id="`, name, "\">\n<option value=\"\">Any</option>\n")
		for _, k := range keys {
			out.put(`<option value="`, esc(k), `">`, esc(cmp.Or(title(k), "none")), " (", strconv.Itoa(n(k)), ")</option>\n")
		}
		out.put("</select></label>\n")
	}
	self := func(s string) string { return s }
	of := func(m map[string]Tally) func(string) int { return func(k string) int { return m[k].Total() } }
	field("status", "Status", stateWords[:], func(s string) string { return stateTitles[slices.Index(stateWords[:], s)] },
		func(s string) int { return *c.All.of(state(slices.Index(stateWords[:], s))) })
	severities, words := map[string]Tally{}, []string{}
	for s := posture.Critical; ; s-- {
		if t := c.Severities[s]; t.Total() > 0 {
			word := cmp.Or(s.String(), "unset")
			severities[word], words = t, append(words, word)
		}
		if s == 0 {
			break
		}
	}
	field("severity", "Severity", words, self, of(severities))
	field("domain", "Domain", sortedKeys(c.Domains), self, of(c.Domains))
	field("framework", "Framework", sortedKeys(c.Frameworks), h.frameworkTitle, of(c.Frameworks))
	field("owner", "Owner", sortedKeys(c.Owners), func(s string) string { return cmp.Or(s, "nobody named") }, of(c.Owners))
	field("account", "Account", sortedKeys(c.Accounts), self, of(c.Accounts))
	if h.Comparison != nil {
		words := []string{}
		for _, c := range changeOrder {
			words = append(words, c.String())
		}
		field("change", "Change", words, changeTitle, func(s string) int { return h.Comparison.Counts[changeOrder[slices.Index(words, s)]] })
	}
	out.put("<label>Search <input id=\"search\" type=\"search\" autocomplete=\"off\" placeholder=\"resource, text\"></label>\n<button type=\"reset\">Show all</button>\n</div>\n",
		"<p id=\"shown\" role=\"status\"></p>\n</form>\n")
}

// evidenceText is a member on each line where evidence is an object, in the
// order it has them; otherwise the JSON as it is.
func evidenceText(evidence []byte) string {
	dec := json.NewDecoder(bytes.NewReader(evidence))
	if t, err := dec.Token(); err != nil || t != json.Delim('{') {
		return line(string(evidence))
	}
	var b strings.Builder
	for dec.More() {
		key, err := dec.Token()
		var value json.RawMessage
		if err != nil || dec.Decode(&value) != nil {
			return line(string(evidence))
		}
		text := string(value)
		var s string
		if json.Unmarshal(value, &s) == nil && text != "null" {
			text = s
		}
		if b.Len() > 0 {
			b.WriteByte('\n')
		}
		fmt.Fprintf(&b, "%s: %s", line(fmt.Sprint(key)), line(text))
	}
	return b.String()
}
