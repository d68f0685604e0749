package advisor_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/advisor"
	"github.com/awsposture/posture/advisor/advisortest"
)

// findings are all findings of a world, in the suite's order.
func findings(t testing.TB, w *world) (all []posture.Finding) {
	t.Helper()
	for r := range posture.Scan(t.Context(), w.suite(w.account()), nil) {
		all = append(all, r.Findings...)
	}
	return all
}

// small is an account with one thing of each kind to say.
func small() *world {
	w := badWorld()
	w.facts.local = map[string][]advisor.Row{
		ports: {
			{Resource: place.Resource("AWS::EC2::SecurityGroup", "sg-0web", ""), Colour: advisor.Red, Reason: "It is open to 0.0.0.0/0 on tcp port 22."},
			{Resource: place.Resource("AWS::EC2::SecurityGroup", "sg-0ours", ""), Colour: advisor.Yellow, Reason: "It is open to 0.0.0.0/0 on tcp port 8080."},
		},
	}
	w.Edit(func(s *advisortest.State) {
		cost := s.Find(others[3])
		cost.Headers = append(cost.Headers, "Estimated Monthly Savings")
		cost.Rows[0].Values = append(cost.Rows[0].Values, "$1,200.50")
		s.Find(clients).Name = "Evil | [name](https://example.com) <script>"
	})
	return w
}

// judgedOnly leaves out the evaluators that nobody gave facts for.
func (w *world) judgedOnly(evs []posture.Evaluator) []posture.Evaluator {
	return slices.DeleteFunc(evs, func(e posture.Evaluator) bool {
		r, ok := e.(advisor.Recomputed)
		return ok && w.facts.local[r.Check] == nil
	})
}

func page(t testing.TB, w *world) advisor.Page {
	var fs []posture.Finding
	for r := range posture.Scan(t.Context(), w.judgedOnly(w.suite(w.account())), nil) {
		fs = append(fs, r.Findings...)
	}
	return advisor.PageOf(place, now, fs)
}

func TestPage(t *testing.T) {
	p := page(t, small())
	for name, write := range map[string]func(io.Writer) error{"page.md": p.Markdown, "page.html": p.HTML} {
		var got bytes.Buffer
		if err := write(&got); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join("testdata", name)
		if flag.Lookup("golden").Value.String() == "true" {
			if err := os.WriteFile(path, got.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if diff := gocmp.Diff(string(want), got.String()); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// The order is by severity, then by money; each has its reason, and the same order
// comes of findings in any order and of findings that were stored.
func TestRank(t *testing.T) {
	fs := findings(t, small())
	all := advisor.Rank(fs)
	if len(all) < 10 || all[0].Check != keys || all[0].Severity != posture.Critical {
		t.Fatalf("the first of %d is %+v", len(all), all[0])
	}
	for i, a := range all {
		if a.Title == "" || a.Reason == "" || a.Detail == "" || a.Fingerprint == "" {
			t.Errorf("advice %d lacks something: %+v", i, a)
		}
		if i > 0 && (a.Severity > all[i-1].Severity || a.Severity == all[i-1].Severity && a.Savings > all[i-1].Savings) {
			t.Errorf("advice %d, %s of %s saving %s, stands after %s saving %s", i, a.Title, a.Severity, a.Savings, all[i-1].Severity, all[i-1].Savings)
		}
	}
	slices.Reverse(fs)
	if diff := gocmp.Diff(all, advisor.Rank(fs)); diff != "" {
		t.Errorf("in another order: %s", diff)
	}
	b, err := json.Marshal(fs)
	if err != nil {
		t.Fatal(err)
	}
	var stored []posture.Finding
	if err := json.Unmarshal(b, &stored); err != nil {
		t.Fatal(err)
	}
	if diff := gocmp.Diff(all, advisor.Rank(stored)); diff != "" {
		t.Errorf("stored: %s", diff)
	}
}

// What was recomputed stands only where Trusted Advisor does not say it already.
func TestRankTellsOnce(t *testing.T) {
	of := map[string]int{}
	for _, a := range advisor.Rank(findings(t, small())) {
		if a.Recomputed && a.Check == ports {
			of[a.Resource.ID]++
		}
	}
	if of["sg-0web"] != 0 || of["sg-0ours"] != 1 {
		t.Errorf("recomputed advice is %v", of)
	}
	w := small()
	w.Edit(func(s *advisortest.State) { s.NotEntitled = true })
	of = map[string]int{}
	for _, a := range advisor.Rank(findings(t, w)) {
		of[a.Resource.ID]++
	}
	if of["sg-0web"] != 1 || of["sg-0ours"] != 1 {
		t.Errorf("without Trusted Advisor, recomputed advice is %v", of)
	}
	note := page(t, w).Notes
	if len(note) != 1 || !strings.Contains(note[0], "support plan") {
		t.Errorf("the page notes %q", note)
	}
}

// A check's sum is counted once, though each of its resources shares it.
func TestSavings(t *testing.T) {
	if got := page(t, small()).Savings; got != 1234_50 {
		t.Errorf("savings are %s", got)
	}
	w := small()
	w.Edit(func(s *advisortest.State) { s.Find(others[3]).Savings = 0 })
	if got := page(t, w).Savings; got != 1200_50 {
		t.Errorf("savings of rows alone are %s", got)
	}
	for text, want := range map[string]advisor.Cents{"$1,200.50": 1200_50, " 12 ": 1200, "0.005": 1, "-5": 0, "much": 0, "": 0, "NaN": 0, "1e300": 0} {
		if got := advisor.SavingsIn(map[string]string{"Monthly Savings": text}); got != want {
			t.Errorf("%q is %s, want %s", text, got, want)
		}
	}
	for c, want := range map[advisor.Cents]string{0: "$0.00", 5: "$0.05", 1234_50: "$1234.50", -250: "-$2.50"} {
		if c.String() != want {
			t.Errorf("%d is %s", c, c)
		}
	}
	if advisor.CentsOf(-2.5) != -250 {
		t.Error("a negative amount is rounded the wrong way")
	}
}

// Nothing that an account or AWS says becomes markup.
func TestPageEscapes(t *testing.T) {
	evil := "x</td><script>alert(1)</script> | [a](https://example.com) `b` **c** \n# d"
	f := advisor.Coloured{Category: advisor.Security, Colour: advisor.Red}.Control().Fail(place.Resource("T::T", evil, ""), advisor.CheckEvidence{Check: "a", Name: evil, Category: advisor.Category(evil), Colour: advisor.Red})
	u := advisor.Fresh{}.Control().Unknown(place.Resource("T::T", "x", ""), errors.New(evil))
	p := advisor.PageOf(place, now, []posture.Finding{f, u})
	var md, page bytes.Buffer
	if err := errors.Join(p.Markdown(&md), p.HTML(&page)); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(md.String(), "  \\# d") {
		t.Errorf("a line break within a name is lost, or is one:\n%s", md.String())
	}
	for _, bad := range []string{"<script", "](", "https:", "**c", "\n# d", "</td><"} {
		if strings.Contains(md.String(), bad) {
			t.Errorf("the Markdown has %q:\n%s", bad, md.String())
		}
	}
	if strings.Contains(page.String(), "<script") || !strings.Contains(page.String(), "&lt;script&gt;") {
		t.Errorf("the HTML has it as it is:\n%s", page.String())
	}
	for i, line := range strings.Split(md.String(), "\n") {
		if strings.HasPrefix(line, "| 1 |") && strings.Count(strings.ReplaceAll(line, `\|`, ""), "|") != 8 {
			t.Errorf("line %d has another number of columns: %s", i, line)
		}
	}
	// All elements are closed: the page parses as XML but for its head's void
	// element and doctype.
	d := xml.NewDecoder(&page)
	d.Strict, d.AutoClose, d.Entity = false, []string{"meta"}, xml.HTMLEntity
	for {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
	}
}

// A page shows at most so much, and says how much more there is; an account of
// which nothing is to be said has an empty one.
func TestPageMost(t *testing.T) {
	p := page(t, small())
	p.Most = 2
	var md, page bytes.Buffer
	if err := errors.Join(p.Markdown(&md), p.HTML(&page)); err != nil {
		t.Fatal(err)
	}
	more := len(p.Advice) - 2
	for _, text := range []string{md.String(), page.String()} {
		if !strings.Contains(text, "And "+itoa(more)+" more.") {
			t.Errorf("it does not say that there are %d more:\n%s", more, text)
		}
	}
	var empty bytes.Buffer
	if err := advisor.PageOf(place, now, findings(t, goodWorld())).Markdown(&empty); err != nil || strings.Contains(empty.String(), "|") {
		t.Errorf("a page of nothing is %v, %s", err, empty.String())
	}
	if err := p.HTML(broken{}); err == nil {
		t.Error("a writer that fails is not told of")
	}
	if err := p.Markdown(broken{}); err == nil {
		t.Error("a writer that fails is not told of")
	}
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errors.New("disk full") }

func itoa(n int) string {
	b, err := json.Marshal(n)
	if err != nil {
		return err.Error()
	}
	return string(b)
}
