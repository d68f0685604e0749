package report

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// forbidden are characters that no report may hold: they are not
// seen, or turn the direction of what is.
const forbidden = "\x00\x01\x1f\x7f\u0085\u009f\u202e\u202c\u2066\u2069\u200b\ufeff\u2028\u2029\ufffe\uffff"

func hostileReports(t *testing.T) map[string][]byte {
	items := generated(600)
	h := compared(hostileHeader(), items)
	all := map[string][]byte{}
	for name, f := range formats {
		b := write(t, f, h, slices.Values(items))
		if !utf8.Valid(b) {
			t.Errorf("%s is not UTF-8", name)
		}
		if i := bytes.IndexAny(b, forbidden); i >= 0 {
			t.Errorf("%s holds a hidden character: %q", name, b[max(0, i-60):min(len(b), i+20)])
		}
		all[name] = b
	}
	return all
}

func TestHostileJSON(t *testing.T) {
	for name, b := range hostileReports(t) {
		if !strings.Contains(name, "json") && name != "sarif" {
			continue
		}
		dec := json.NewDecoder(bytes.NewReader(b))
		n := 0
		for dec.More() {
			var v any
			if err := dec.Decode(&v); err != nil {
				t.Fatalf("%s: value %d: %v", name, n, err)
			}
			n++
		}
		if strings.HasSuffix(name, "l") && bytes.Count(b, []byte("\n")) != n {
			t.Errorf("%s: %d values on %d lines", name, n, bytes.Count(b, []byte("\n")))
		}
	}
}

func TestHostileCSV(t *testing.T) {
	b := hostileReports(t)["csv"]
	rows, err := csv.NewReader(bytes.NewReader(b)).ReadAll() // refuses rows of another length
	if err != nil || len(rows) != 601 {
		t.Fatalf("%d rows: %v", len(rows), err)
	}
	escaped := 0
	for _, row := range rows {
		for i, c := range row {
			if c != "" && strings.ContainsAny(c[:1], "=+-@\t\r\n") || strings.HasPrefix(c, "＝") {
				t.Errorf("column %s: a spreadsheet computes %q", columns[i], c)
			}
			if strings.HasPrefix(c, "'=") {
				escaped++
			}
		}
	}
	if escaped == 0 {
		t.Error("no cell was escaped")
	}
}

func TestHostileXML(t *testing.T) {
	b := hostileReports(t)["junit.xml"]
	var doc struct {
		Suites []struct {
			Tests    int `xml:"tests,attr"`
			Failures int `xml:"failures,attr"`
			Errors   int `xml:"errors,attr"`
			Skipped  int `xml:"skipped,attr"`
			Cases    []struct {
				Failure *string `xml:"failure"`
				Error   *string `xml:"error"`
				Skipped *string `xml:"skipped"`
			} `xml:"testcase"`
		} `xml:"testsuite"`
	}
	if err := xml.Unmarshal(b, &doc); err != nil {
		t.Fatal(err)
	}
	total := 0
	for i, s := range doc.Suites {
		failures, errs, skipped := 0, 0, 0
		for _, c := range s.Cases {
			failures += given(c.Failure)
			errs += given(c.Error)
			skipped += given(c.Skipped)
		}
		if len(s.Cases) != s.Tests || failures != s.Failures || errs != s.Errors || skipped != s.Skipped {
			t.Errorf("suite %d counts wrongly", i)
		}
		total += s.Tests
	}
	if total != 600 {
		t.Errorf("%d cases", total)
	}
}

func given(s *string) int {
	if s == nil {
		return 0
	}
	return 1
}

// Only the tags, attributes and the one script that the writer makes may be in the page.
func TestHostileHTML(t *testing.T) {
	page := string(hostileReports(t)["html"])
	body := strings.Replace(strings.Replace(page, pageStyle, "", 1), pageScript, "", 1)
	tag := regexp.MustCompile(`^</?(!doctype html|[a-z][a-z0-9]*( [a-zA-Z-]+(="[^"<>]*")?)*/?)>`)
	value := regexp.MustCompile(`="[^"]*"`)
	opened := map[string]int{}
	for i := strings.IndexByte(body, '<'); i >= 0; {
		m := tag.FindStringSubmatch(body[i:])
		if m == nil {
			t.Fatalf("not a tag of ours: %q", body[i:min(len(body), i+120)])
		}
		name, _, _ := strings.Cut(m[1], " ")
		for _, a := range strings.Fields(value.ReplaceAllString(m[1], ""))[1:] {
			if strings.HasPrefix(a, "on") || slices.Contains([]string{"style", "src", "srcset", "action", "data"}, a) {
				t.Errorf("attribute %s runs, styles or loads: %s", a, m[0])
			}
		}
		if strings.Contains(m[0], "href=") && !strings.Contains(m[0], `href="#`) {
			t.Errorf("a link out of the page: %s", m[0])
		}
		if body[i+1] == '/' {
			opened[name]--
		} else if !strings.HasSuffix(m[0], "/>") {
			opened[name]++
		}
		next := strings.IndexByte(body[i+1:], '<')
		if next < 0 {
			break
		}
		i += 1 + next
	}
	for name, n := range opened {
		if n != 0 && !slices.Contains([]string{"!doctype", "meta", "input"}, name) {
			t.Errorf("<%s> is opened %d times more than closed", name, n)
		}
	}
	if n := strings.Count(page, `<details class="f `); n != 600 {
		t.Errorf("%d findings", n)
	}
}

func TestHostileMarkdown(t *testing.T) {
	text := string(hostileReports(t)["md"])
	escape, spans := regexp.MustCompile(`\\[^a-z0-9 ]`), regexp.MustCompile("`[^`]*`")
	rows := 0
	for i, l := range strings.Split(text, "\n") {
		// What is left without escapes, code and our own elements must mark nothing up.
		bare := l
		for _, ours := range []string{"<br>", "<code>", "</code>"} {
			bare = strings.ReplaceAll(bare, ours, "")
		}
		// A backslash in code escapes nothing, so code goes first; an escaped
		// backtick begins none.
		bare = strings.ReplaceAll(bare, "\\\\", "")
		bare = strings.ReplaceAll(bare, "\\`", "")
		bare = escape.ReplaceAllString(spans.ReplaceAllString(bare, ""), "")
		if strings.ContainsAny(bare, "<>`[]_~") || strings.Contains(bare, "://") || strings.Contains(bare, "www.") {
			t.Errorf("line %d has markup: %q", i+1, bare)
		}
		if strings.HasPrefix(l, "| ") && strings.Count(l, "|") == 9 {
			rows++
		}
	}
	if rows != 601 {
		t.Errorf("%d rows of eight cells in the table", rows)
	}
}

func TestCutAndShown(t *testing.T) {
	for _, c := range []struct{ name, got, want string }{
		{"fits", cut("abc", 3), "abc"},
		{"cut", cut("abcd", 3), "ab…"},
		{"pairs", cut("😀😀", 4), "😀😀"},
		{"no half pair", cut("😀😀😀", 4), "😀…"},
		{"hidden", shown("a\u202eb\x00"), `a\u202eb\u0000`},
		{"line ends", shown("a\r\nb\rc\u2028d"), "a\nb\nc\nd"},
		{"one line", line(" a\r\n\tb "), "a  b"},
		{"not UTF-8", line("a\xffb"), "a\ufffdb"},
		{"formula", cell(" =1"), "'=1"},
		{"not a formula", cell("a=1"), "a=1"},
	} {
		if c.got != c.want {
			t.Errorf("%s: %q, not %q", c.name, c.got, c.want)
		}
	}
}

func FuzzText(f *testing.F) {
	for _, s := range hostile {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if l := line(s); !utf8.ValidString(l) && utf8.ValidString(s) || strings.ContainsAny(l, forbidden+"\n\r\t") || strings.TrimSpace(l) != l {
			t.Errorf("line: %q", l)
		}
		if err := xml.NewDecoder(strings.NewReader("<a b=\"" + markXML(s) + "\">" + markXML(s) + "</a>")).Decode(new(struct{})); err != nil && !errors.Is(err, io.EOF) {
			t.Errorf("XML of %q: %v", s, err)
		}
		if c := cell(s); c != "" && strings.ContainsAny(c[:1], "=+-@") {
			t.Errorf("cell: %q", c)
		}
		if tok := token("", s); !regexp.MustCompile(`^(\p{L}|_)(\p{L}|\p{N}|[.\-_])*$`).MatchString(tok) {
			t.Errorf("token: %q", tok)
		}
	})
}
