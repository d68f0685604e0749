package report

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"iter"

	"github.com/awsposture/posture/compliance"
)

// JSONLines writes the library's own form, one JSON object a line: first the
// header, then the items. ReadJSONLines reads it back. Beside what an item has,
// "change" says what became of it where the header has a comparison.
type JSONLines struct{}

// jsonLinesVersion rises when a reader of the old form would misread the new one.
const jsonLinesVersion = 1

type itemLine struct {
	compliance.Item
	Change string `json:"change,omitempty"`
}

type headLine struct {
	Version int     `json:"version"`
	Header  *Header `json:"header"`
}

// Write implements Format.
func (JSONLines) Write(w io.Writer, h Header, items iter.Seq[compliance.Item]) error {
	out := newOutput(w)
	if err := out.json(headLine{jsonLinesVersion, &h}); err != nil {
		return fmt.Errorf("report: header: %w", err)
	}
	seen := Counts{}
	err := h.walk(items, func(r row) error {
		if h.Counts != nil {
			seen.Add(r.Item, h.Finished)
		}
		return out.json(itemLine{r.Item, r.change})
	})
	if err == nil && h.Counts != nil {
		err = h.Counts.sameAs(seen)
	}
	if err != nil {
		return err
	}
	return out.Flush()
}

// ReadJSONLines reads what JSONLines wrote: the header at once, the items as
// they are asked for, once. A line that does not decode gives an error that names
// it, and the next one follows. Where the header has Counts, items that are missing
// at the end give a last error; where it has none, a file cut at the end of a line
// cannot be told from a whole one.
func ReadJSONLines(r io.Reader) (Header, iter.Seq2[compliance.Item, error], error) {
	in := bufio.NewReaderSize(r, 1<<16)
	first, err := in.ReadBytes('\n')
	if err != nil && err != io.EOF {
		return Header{}, nil, fmt.Errorf("report: line 1: %w", err)
	}
	var head headLine
	if err := json.Unmarshal(first, &head); err != nil {
		return Header{}, nil, fmt.Errorf("report: line 1: %w", err)
	}
	if head.Version != jsonLinesVersion || head.Header == nil {
		return Header{}, nil, fmt.Errorf("report: line 1: no header of version %d, which this library reads", jsonLinesVersion)
	}
	return *head.Header, func(yield func(compliance.Item, error) bool) {
		got := 0
		for n := 2; ; n++ {
			b, err := in.ReadBytes('\n')
			if len(bytes.TrimSpace(b)) > 0 {
				got++
				var it compliance.Item
				bad := json.Unmarshal(b, &it)
				if bad != nil {
					it, bad = compliance.Item{}, fmt.Errorf("report: line %d: %w", n, bad)
				}
				if !yield(it, bad) {
					return
				}
			}
			if err != nil {
				switch c := head.Header.Counts; {
				case err != io.EOF:
					yield(compliance.Item{}, fmt.Errorf("report: line %d: %w", n, err))
				case c != nil && got != c.All.Total():
					yield(compliance.Item{}, fmt.Errorf("report: line %d: the file ends after %d of %d items", n, got, c.All.Total()))
				}
				return
			}
		}
	}, nil
}
