package main

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/compliance"
	"github.com/awsposture/posture/compliance/report"
)

// formats are what -format may name, beside text.
var formats = map[string]report.Format{
	"asff": report.ASFF{}, "csv": report.CSV{}, "html": report.HTML{}, "jsonl": report.JSONLines{}, "junit": report.JUnit{}, "md": report.Markdown{},
	"ocsf": report.OCSFCompliance{}, "ocsf-detection": report.OCSFDetection{}, "oscal": report.OSCAL{}, "sarif": report.SARIF{},
}

// places are where the evaluators look.
func places(evs []posture.Evaluator) (all []posture.Place) {
	for _, e := range evs {
		if p := e.Place(); !slices.Contains(all, p) {
			all = append(all, p)
		}
	}
	return all
}

func header(s *summary, began time.Time) report.Header {
	h := report.HeaderOf(s.assessment)
	h.Title, h.Started, h.Finished = s.scope.name, began, began.Add(s.took)
	for _, place := range s.scope.notAssessed {
		h.Notes = append(h.Notes, "Not assessed: "+place)
	}
	return h
}

// write reports the items, what is most urgent first; JUnit's suites are the
// controls, which then must not be mixed.
func write(w io.Writer, format string, h report.Header, items []compliance.Item) error {
	if format != "junit" {
		slices.SortStableFunc(items, report.Urgency(h.Finished))
	}
	counts := report.Count(slices.Values(items), h.Finished)
	h.Counts = &counts
	return formats[format].Write(w, h, slices.Values(items))
}

// bar shows progress on a terminal, and nothing elsewhere.
type bar struct{ w io.Writer }

func newBar(w io.Writer) bar {
	if f, ok := w.(*os.File); ok {
		if info, err := f.Stat(); err == nil && info.Mode()&os.ModeCharDevice != 0 {
			return bar{w}
		}
	}
	return bar{io.Discard}
}

func (b bar) show(done, total int, last posture.Result) {
	const width = 30
	full := done * width / total
	fmt.Fprintf(b.w, "\r[%s%s] %d/%d %-40.40s", strings.Repeat("=", full), strings.Repeat(" ", width-full), done, total, last.Control.ID)
}

func (b bar) clear() { fmt.Fprintf(b.w, "\r%80s\r", "") }
