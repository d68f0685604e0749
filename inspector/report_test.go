package inspector_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/inspector"
)

var update = flag.Bool("update", false, "write the golden files of reports anew")

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := "testdata/reports/" + name
	if *update {
		if err := os.MkdirAll("testdata/reports", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

// hostile are the five findings and one whose texts try every format.
func hostile() (all []inspector.Item) {
	add := func(f inspector.Finding, k inspector.Facts) {
		f.Resource = posture.Resource{Partition: "aws", Account: place.Account, Region: place.Region, Type: f.Resource.Type, ID: f.Resource.ID}
		all = append(all, inspector.Rank(f, k, inspector.Objectives{}, now))
	}
	tests := five()
	for _, name := range []string{
		"a library flaw, no known exploit, on a private host", "a VPN flaw, listed as exploited, on a public host", "a proxy flaw, exploit public, behind a load balancer",
	} {
		add(tests[name].f, tests[name].k)
	}
	f := vulnerability("arn-x", "i-0lab", "CVE-2026-9")
	f.Title, f.Recommendation, f.URL, f.Severity = "=HYPERLINK(\"https://example.com\")|<script>alert(1)</script>\nsecond line", "@SUM(1)", "javascript:alert(1)", "UNTRIAGED"
	f.Packages[0].Path, f.First = "/opt/shop/a b.jar", daysAgo(200)
	add(f, inspector.Facts{})
	c := vulnerability("arn-c", function, "")
	c.Type, c.Title, c.Resource.Type, c.Packages, c.EPSS, c.Function = inspector.CodeVulnerability, "SQL injection", inspector.TypeFunction, nil, -1, "thumbnails"
	c.Code = &inspector.Code{Detector: "SQL injection", File: "src/db.py", Line: 12}
	add(c, inspector.Facts{ReachLooked: true})
	return all
}

func items(all []inspector.Item, err error) func(func(inspector.Item, error) bool) {
	return func(yield func(inspector.Item, error) bool) {
		for _, i := range all {
			if !yield(i, nil) {
				return
			}
		}
		if err != nil {
			yield(inspector.Item{}, err)
		}
	}
}

func report() inspector.Report {
	r := &inspector.Ranker{Now: now}
	for _, i := range hostile() {
		r.Add(i.Finding, i.Facts)
	}
	inventory, rows := tenInstances()
	proof := inspector.Prove(place, now, inventory, rows, packagesOnly)
	return inspector.Report{Place: place, Ranking: r.Ranking(), Proof: &proof}
}

func TestMarkdownAndHTML(t *testing.T) {
	var md, page bytes.Buffer
	if err := errors.Join(report().WriteMarkdown(&md), report().WriteHTML(&page)); err != nil {
		t.Fatal(err)
	}
	golden(t, "report.md", md.Bytes())
	golden(t, "report.html", page.Bytes())
	if strings.Contains(md.String(), "<script>") || strings.Contains(page.String(), "<script>") {
		t.Error("a finding's title became markup")
	}
	for line := range strings.Lines(md.String()) {
		if cells := strings.Count(strings.ReplaceAll(line, `\|`, ""), "|"); strings.HasPrefix(line, "|") && cells != 5 && cells != 6 {
			t.Errorf("a row of %d bars: %s", cells, line)
		}
	}
	// Every element is closed where it was opened.
	d := xml.NewDecoder(strings.NewReader(strings.Replace(page.String(), `<meta charset="utf-8">`, "", 1)))
	for {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
	}
	var empty bytes.Buffer
	if err := (inspector.Report{Place: place}).WriteMarkdown(&empty); err != nil || !strings.Contains(empty.String(), "Coverage was not proved") {
		t.Errorf("%s, %v", empty.String(), err)
	}
}

func TestCSV(t *testing.T) {
	var b bytes.Buffer
	if err := inspector.WriteCSV(&b, items(hostile(), nil)); err != nil {
		t.Fatal(err)
	}
	golden(t, "findings.csv", b.Bytes())
	lines, err := csv.NewReader(&b).ReadAll()
	if err != nil || len(lines) != 6 {
		t.Fatalf("%d lines, %v", len(lines), err)
	}
	for _, line := range lines {
		for n, cell := range line {
			if cell != "" && strings.ContainsRune("=+-@\t\r\n", rune(cell[0])) {
				t.Errorf("column %s begins a formula: %q", lines[0][n], cell)
			}
		}
	}
	denied := errors.New("denied")
	if err := inspector.WriteCSV(io.Discard, items(hostile(), denied)); !errors.Is(err, denied) {
		t.Errorf("got %v", err)
	}
	if err := inspector.WriteCSV(full{}, items(hostile(), nil)); !errors.Is(err, errFull) {
		t.Errorf("got %v", err)
	}
}

func TestSARIF(t *testing.T) {
	var b bytes.Buffer
	if err := inspector.WriteSARIF(&b, items(hostile(), nil)); err != nil {
		t.Fatal(err)
	}
	golden(t, "findings.sarif", b.Bytes())
	type log struct {
		Version string
		Runs    []struct {
			Results []struct {
				RuleID, Level string
				Locations     []any
			}
			Invocations []struct {
				ExecutionSuccessful        bool
				ToolExecutionNotifications []any
			}
			Tool struct {
				Driver struct {
					Rules []struct{ ID, HelpURI string }
				}
			}
		}
	}
	var doc log
	if err := json.Unmarshal(b.Bytes(), &doc); err != nil {
		t.Fatal(err)
	}
	run := doc.Runs[0]
	rules := map[string]bool{}
	for _, r := range run.Tool.Driver.Rules {
		rules[r.ID] = true
		if strings.HasPrefix(r.HelpURI, "javascript:") {
			t.Errorf("rule %s links to %s", r.ID, r.HelpURI)
		}
	}
	for _, r := range run.Results {
		if !rules[r.RuleID] || len(r.Locations) != 1 {
			t.Errorf("%+v", r)
		}
	}
	if doc.Version != "2.1.0" || len(run.Results) != 5 || len(rules) != 5 || !run.Invocations[0].ExecutionSuccessful {
		t.Errorf("%+v", doc)
	}

	b.Reset()
	denied := errors.New("denied")
	if err := inspector.WriteSARIF(&b, items(hostile()[:1], denied)); !errors.Is(err, denied) {
		t.Errorf("got %v", err)
	}
	doc = log{}
	if err := json.Unmarshal(b.Bytes(), &doc); err != nil || doc.Runs[0].Invocations[0].ExecutionSuccessful || len(doc.Runs[0].Invocations[0].ToolExecutionNotifications) != 1 {
		t.Errorf("%+v, %v", doc, err)
	}
	if err := inspector.WriteSARIF(full{}, items(hostile(), nil)); !errors.Is(err, errFull) {
		t.Errorf("got %v", err)
	}
}

var errFull = errors.New("the disk is full")

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errFull }
