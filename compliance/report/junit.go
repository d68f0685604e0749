package report

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"iter"
	"strings"

	"github.com/awsposture/posture/compliance"
)

// JUnit writes findings as test results, for what shows those: a suite for
// each control and place, a case for each resource. A failure fails, an Unknown is
// an error, what is waived or not applicable is skipped. A suite begins where
// control or place changes, so items must come sorted by them for one suite each;
// one suite is held in memory. The header needs Finished.
type JUnit struct{}

type suite struct {
	control, host                    string
	tests, failures, errors, skipped int
	cases                            bytes.Buffer
}

// Write implements Format.
func (JUnit) Write(w io.Writer, h Header, items iter.Seq[compliance.Item]) error {
	if err := h.needTime(); err != nil {
		return err
	}
	out := newOutput(w)
	out.put("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n")
	var s suite
	id := 0
	flush := func() {
		if s.tests > 0 {
			s.write(out, h, id)
			id++
		}
	}
	err := h.walk(items, func(r row) error {
		p := r.Finding.Resource
		control, host := cmp.Or(line(r.Control.ID), "none"), cmp.Or(strings.Trim(line(p.Partition+"/"+p.Account+"/"+p.Region), "/"), "nowhere")
		if control != s.control || host != s.host {
			flush()
			s.cases.Reset()
			s = suite{control: control, host: host, cases: s.cases}
		}
		s.add(r)
		return out.err()
	})
	if err != nil {
		return err
	}
	flush()
	out.put("</testsuites>\n")
	return out.Flush()
}

func (s *suite) add(r row) {
	s.tests++
	b := &s.cases
	fmt.Fprintf(b, "<testcase name=\"%s\" classname=\"%s\" time=\"0\"", markXML(r.subject()), markXML(s.control))
	switch r.state {
	case pass:
		b.WriteString("/>\n")
		return
	case fail:
		s.failures++
		fmt.Fprintf(b, "><failure message=\"%s\" type=\"%s\">%s</failure>", markXML(r.detail()), cmp.Or(r.severity.String(), "unset"), markXML(r.body("Why and what to do: "+shown(r.Control.Doc))))
	case unknown:
		s.errors++
		fmt.Fprintf(b, "><error message=\"%s\" type=\"%s\">%s</error>", markXML(r.detail()), markXML(r.causeKind()), markXML(r.body(r.cause())))
	case waived:
		s.skipped++
		message := r.waiver()
		if r.Owner != "" {
			message += "; owner of the finding: " + line(r.Owner)
		}
		fmt.Fprintf(b, "><skipped message=\"%s\"/>", markXML(message))
	case notApplicable:
		s.skipped++
		fmt.Fprintf(b, "><skipped message=\"%s\"/>", markXML("Not applicable: "+r.detail()))
	}
	b.WriteString("</testcase>\n")
}

// body is what stands under a failure or an error, after its first words.
func (r row) body(s string) string {
	if r.Owner != "" {
		s += "\nOwner: " + line(r.Owner)
	}
	if v := r.waiver(); v != "" {
		s += "\n" + v
	}
	if r.change != "" {
		s += "\nChange: " + r.change
	}
	if r.evidence != nil {
		s += "\nEvidence: " + line(string(r.evidence))
	}
	return s + "\nFingerprint: " + r.id
}

func (s *suite) write(out output, h Header, id int) {
	out.put(fmt.Sprintf(`<testsuite name="%s" package="%s" id="%d" timestamp="%s" hostname="%s" tests="%d" failures="%d" errors="%d" skipped="%d" time="0">`+"\n",
		markXML(s.control), markXML(s.control), id, h.Finished.UTC().Format("2006-01-02T15:04:05"), markXML(s.host), s.tests, s.failures, s.errors, s.skipped))
	out.put(`<properties><property name="tool" value="`, markXML(h.what()), "\"/></properties>\n")
	_, _ = out.Write(s.cases.Bytes())
	out.put("<system-out></system-out><system-err></system-err>\n</testsuite>\n")
}

var xmlMarks = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "'", "&#39;")

// markXML is text in which nothing is markup, and no character is one that XML
// forbids.
func markXML(s string) string { return xmlMarks.Replace(shown(s)) }
